//! Volumes of storage systems that Kubernetes knew before there was CSI.

use super::super::Owner;
use crate::check::format::DNS_LABEL;
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// A volume of a storage system has what this system needs: its name, disk, server, path or Secret, as its kind asks for.
    VOL_029 = "VOL-029";
}

/// `gcePersistentDisk`.
pub fn gce_persistent_disk(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("pdName", "the name of a disk")], checker);
    checker.bound(&at.key("partition"), &VOL_029, 0..=255);
}

/// `awsElasticBlockStore`.
pub fn aws_elastic_block_store(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("volumeID", "the id of a volume")], checker);
    checker.bound(&at.key("partition"), &VOL_029, 0..=255);
}

/// `glusterfs`.
pub fn glusterfs(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("endpoints", "the name of the endpoints"), ("path", "the name of a volume")], checker);
}

/// `rbd`.
pub fn rbd(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("monitors", "a list of monitors"), ("image", "the name of an image")], checker);
}

/// `cephfs`.
pub fn cephfs(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("monitors", "a list of monitors")], checker);
}

/// `cinder`.
pub fn cinder(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("volumeID", "the id of a volume")], checker);
    secret_of(at, checker);
}

/// `azureFile`.
pub fn azure_file(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("secretName", "the name of a Secret"), ("shareName", "the name of a share")], checker);
}

/// `vsphereVolume`.
pub fn vsphere(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("volumePath", "the path of a volume")], checker);
}

/// `photonPersistentDisk`.
pub fn photon_persistent_disk(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("pdID", "the id of a disk")], checker);
}

/// `portworxVolume`.
pub fn portworx(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("volumeID", "the id of a volume")], checker);
}

/// `scaleIO`.
pub fn scale_io(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    let volume = ("volumeName", "the name of a volume");
    need(at, &[("gateway", "the address of the gateway"), ("system", "the name of the system"), volume], checker);
}

/// `storageos`.
pub fn storage_os(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("volumeName", "the name of a volume")], checker);
    checker.follow(&at.key("volumeName"), &VOL_029, &DNS_LABEL);
    checker.follow(&at.key("volumeNamespace"), &VOL_029, &DNS_LABEL);
    secret_of(at, checker);
}

/// Asks for texts and lists, each a key and what it is.
fn need(at: &At, keys: &[(&str, &str)], checker: &mut Checker) {
    for (key, what) in keys {
        checker.require(&at.key(key), &VOL_029, what);
    }
}

/// Asks for the name of the Secret, where there is a reference to one.
fn secret_of(at: &At, checker: &mut Checker) {
    let secret = at.key("secretRef");
    if secret.is_set() {
        checker.require(&secret.key("name"), &VOL_029, "the name of a Secret");
    }
}

/// `flocker`.
pub fn flocker(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    let (name, uuid) = (at.key("datasetName"), at.key("datasetUUID"));
    if name.is_empty() && uuid.is_empty() {
        let title = "the volume has no dataset";
        checker.refuse(at, &VOL_029, Reason::Required, title, "write `datasetUUID`");
    } else if !name.is_empty() && !uuid.is_empty() {
        let title = "`datasetName` and `datasetUUID` exclude each other";
        checker.refuse(at, &VOL_029, Reason::Invalid, title, "keep `datasetUUID`");
    }
    if name.text().contains('/') {
        let title = format!("the dataset {} has a `/` in its name", name.value());
        checker.refuse(&name, &VOL_029, Reason::Invalid, title, "write the name without it");
    }
}

/// `fc`.
pub fn fibre_channel(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    let (targets, wwids, lun) = (at.key("targetWWNs"), at.key("wwids"), at.key("lun"));
    match (targets.is_empty(), wwids.is_empty()) {
        (true, true) => {
            checker.require(&targets, &VOL_029, "a list of targets");
        }
        (false, false) => {
            let title = "`targetWWNs` and `wwids` exclude each other";
            checker.refuse(&targets, &VOL_029, Reason::Invalid, title, "keep one of the two");
        }
        _ => {}
    }
    if !targets.is_empty() {
        checker.require(&lun, &VOL_029, "the number of a logical unit");
        checker.bound(&lun, &VOL_029, 0..=255);
    }
}

/// `flexVolume`.
pub fn flex_volume(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("driver", "the name of a driver")], checker);
    let options = at.key("options");
    for (key, option) in options.entries() {
        let domain = key.split_once('/').map_or(key, |(domain, _)| domain).to_ascii_lowercase();
        let is_below =
            |parent: &str| domain.strip_suffix(parent).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        if is_below("kubernetes.io") || is_below("k8s.io") {
            let title = format!("the option `{key}` is one of Kubernetes itself");
            checker.refuse(&option, &VOL_029, Reason::Invalid, title, "remove it, or give it a domain of your own");
        }
    }
}

/// `quobyte`.
pub fn quobyte(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    let (registry, tenant) = (at.key("registry"), at.key("tenant"));
    if checker.require(&registry, &VOL_029, "the host and port of the registry") {
        if tenant.text().len() >= 65 {
            let title = "the tenant has more than 64 characters";
            checker.refuse(&tenant, &VOL_029, Reason::Required, title, "write a UUID");
        } else if !registry.text().split(',').all(is_host_and_port) {
            let title = format!("{} is no list of hosts with ports", registry.value());
            checker.refuse(&registry, &VOL_029, Reason::Invalid, title, "write `HOST:PORT`, several joined by commas");
        }
    }
    need(at, &[("volume", "the name of a volume")], checker);
}

/// Whether a text is a host, an IPv6 address in brackets, and a `:` before what may be a port.
fn is_host_and_port(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    match host.strip_prefix('[') {
        Some(rest) => {
            rest.strip_suffix(']').is_some_and(|address| !address.contains(['[', ']'])) && !port.contains(['[', ']'])
        }
        None => !text.contains(['[', ']']) && !host.contains(':'),
    }
}

/// `azureDisk`, whose kind is `Shared` where it is not written.
pub fn azure_disk(at: &At, _: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("diskName", "the name of a disk"), ("diskURI", "the address of a disk")], checker);
    let (caching, kind, address) = (at.key("cachingMode"), at.key("kind"), at.key("diskURI"));
    if caching.is_set() {
        checker.choose_text(&caching, caching.text(), &VOL_029, &["None", "ReadOnly", "ReadWrite"]);
    }
    if kind.is_set() {
        checker.choose_text(&kind, kind.text(), &VOL_029, &["Shared", "Dedicated", "Managed"]);
    }
    let beginning = if kind.text() == "Managed" { "/subscriptions/" } else { "https://" };
    if !address.is_empty() && !address.text().starts_with(beginning) {
        let title = format!("the address {} does not begin with `{beginning}`", address.value());
        let help = "write the address of a disk of this `kind`; `kind: Managed` is that of most disks";
        checker.refuse(&address, &VOL_029, Reason::NotSupported, title, help);
    }
}

/// `iscsi`.
pub fn iscsi(at: &At, volume: &At, _: Owner, checker: &mut Checker) {
    need(at, &[("targetPortal", "the address of a target"), ("iqn", "the name of a target")], checker);
    let (name, portal) = (at.key("iqn"), at.key("targetPortal"));
    if !name.is_empty() {
        qualified_name(&name, name.text(), checker);
    }
    checker.bound(&at.key("lun"), &VOL_029, 0..=255);
    let asks = at.key("chapAuthDiscovery").is_true() || at.key("chapAuthSession").is_true();
    if asks && !at.key("secretRef").is_set() {
        let title = "a target that asks for a password needs a `secretRef`";
        checker.refuse(&at.key("secretRef"), &VOL_029, Reason::Required, title, "write `secretRef` with `name`");
    }
    let initiator = at.key("initiatorName");
    if initiator.is_set() {
        qualified_name(&at.key("initiatorname").with_cause_of(&initiator), initiator.text(), checker);
        let volume_name = volume.key("name");
        if volume_name.text().len() + 1 + portal.text().len() > 64 {
            let title = "the name of the volume and `targetPortal` together have more than 63 characters";
            checker.refuse(&volume_name, &VOL_029, Reason::Invalid, title, "shorten the name of the volume");
        }
    }
}

/// The name of an iSCSI node: RFC 3720, as the server reads it.
fn qualified_name(at: &At, text: &str, checker: &mut Checker) {
    if !is_qualified_name(text) {
        let title = format!("{} is no name of an iSCSI node", crate::value::quote(text));
        let help = "write it as `iqn.2001-04.com.example:storage`, or as `eui.` or `naa.` with its digits";
        checker.refuse(at, &VOL_029, Reason::Invalid, title, help);
    }
}

fn is_qualified_name(text: &str) -> bool {
    let digits = |rest: &str, count| {
        let mut characters = rest.chars();
        let separator = characters.next().is_some_and(|character| character != '\n');
        let rest = characters.as_str();
        separator && rest.len() == count && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if let Some(rest) = text.strip_prefix("eui") {
        return digits(rest, 16);
    }
    if let Some(rest) = text.strip_prefix("naa") {
        return digits(rest, 32);
    }
    // The server looks for the form anywhere behind the first letters.
    text.starts_with("iqn") && text.match_indices("iqn.").any(|(at, found)| is_dated(&text[at + found.len()..]))
}

/// A year and month, a domain, and a name of one's own behind `:`.
fn is_dated(text: &str) -> bool {
    let Some((domain, own)) = text.split_once(':') else { return false };
    let date = domain.as_bytes();
    let is_digit = |at: usize| date.get(at).is_some_and(u8::is_ascii_digit);
    let dated = [0, 1, 2, 3, 5, 6].into_iter().all(is_digit) && date[4] == b'-' && date.get(7) == Some(&b'.');
    dated
        && date.len() > 8
        && date[8..].iter().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(byte))
        && !own.is_empty()
        && !own.contains([',', ';', '*', '&', '$', '|', '\t', '\n', '\x0c', '\r', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_iscsi_nodes() {
        for accepted in [
            "iqn.2001-04.com.example:storage",
            "iqnx.iqn.2001-04.a:b:c",
            "eui.0123456789abcdef",
            "naa.0123456789abcdef0123456789abcdef",
            "euiX0123456789abcdef",
        ] {
            assert!(is_qualified_name(accepted), "{accepted}");
        }
        for refused in [
            "",
            "iqn",
            "iqn.2001-04.com.example",
            "iqn.2001-4.a:b",
            "iqn.2001-04.:b",
            "iqn.2001-04.a:b c",
            "eui.0",
            "x",
        ] {
            assert!(!is_qualified_name(refused), "{refused}");
        }
    }

    #[test]
    fn hosts_with_ports() {
        for accepted in ["a:1", ":", "[::1]:80", "a:"] {
            assert!(is_host_and_port(accepted), "{accepted}");
        }
        for refused in ["a", "a:b:c", "[::1]", "[::1", "::1:80]", "[a]b:1", ""] {
            assert!(!is_host_and_port(refused), "{refused}");
        }
    }
}
