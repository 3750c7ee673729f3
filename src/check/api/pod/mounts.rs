//! What a container mounts: directories and block devices of the volumes of its Pod.

use super::Pod;
use super::volumes::Source;
use crate::bundle::CauseId;
use crate::check::format::{DESCENDING_PATH, FORWARD_PATH};
use crate::check::{At, Checker, Reason, api_rules, repeated};
use std::collections::BTreeMap;

api_rules! {
    /// What is mounted is a volume of the Pod.
    MNT_001 = "MNT-001";
    /// A mount has a path in the container.
    MNT_002 = "MNT-002";
    /// The paths of the mounts of a container differ.
    MNT_003 = "MNT-003";
    /// `subPath` and `subPathExpr` stay below the volume: relative, without `..`.
    MNT_004 = "MNT-004";
    /// `subPath` and `subPathExpr` exclude each other.
    MNT_005 = "MNT-005";
    /// `mountPropagation` is `None`, `HostToContainer` or `Bidirectional`.
    MNT_006 = "MNT-006";
    /// Only a privileged container propagates its mounts to the node.
    MNT_007 = "MNT-007";
    /// `recursiveReadOnly` is `Disabled`, `IfPossible` or `Enabled`; the last two need `readOnly` and no propagation.
    MNT_008 = "MNT-008";
    /// A block device is a claim of the Pod at a path of its own, and is not mounted besides.
    MNT_009 = "MNT-009";
}

/// The mounts and the block devices of a container.
pub fn mounts(container: &At, pod: &Pod, checker: &mut Checker) {
    let (list, devices) = (container.key("volumeMounts"), container.key("volumeDevices"));
    let kept = list.items().filter(|mount| !pod.volumes.drops(mount.key("name").text()));
    let kept = kept.enumerate().map(|(index, mount)| mount.numbered(index));
    for mount in kept.clone() {
        volume_name(&mount.key("name"), pod, checker);
        checker.require(&mount.key("mountPath"), &MNT_002, "a path in the container");
        sub_paths(&mount, &list, checker);
        propagation(&mount, &list, container, checker);
        recursive_read_only(&mount, &list, checker);
    }
    for (mount, first) in repeated(kept, |mount| text(mount, "mountPath")) {
        let path = mount.key("mountPath");
        let title = format!("two volumes are mounted at {}", path.value());
        let finding = checker.refuse(&path, &MNT_003, Reason::Invalid, title, "mount one of them elsewhere");
        finding.related.push((first.key("mountPath").cause(), "the first one".to_owned()));
    }
    if !devices.is_empty() {
        block_devices(&devices, &list, pod, checker);
    }
}

/// The name of a volume that is mounted or used as a device. Says whether the Pod has it.
fn volume_name(name: &At, pod: &Pod, checker: &mut Checker) -> Option<Source> {
    if !checker.require(name, &MNT_001, "the name of a volume") {
        return None;
    }
    let volume = pod.volumes.find(name.text());
    if volume.is_none() {
        let title = format!("no volume of the Pod is named {}", name.value());
        checker.refuse(name, &MNT_001, Reason::NotFound, title, pod.volumes.suggest(name.text()));
    }
    volume.map(|volume| volume.source())
}

/// Where the server names the list of mounts and a key, without the number of the mount.
fn uncounted<'q, 'f>(list: &'q At<'_, 'f>, mount: &At<'_, 'f>, key: &'q str) -> At<'q, 'f> {
    list.key(key).with_cause_of(&mount.key(key))
}

fn sub_paths(mount: &At, list: &At, checker: &mut Checker) {
    for key in ["subPath", "subPathExpr"] {
        let path = mount.key(key);
        if !path.is_empty() {
            checker.follow_text(&uncounted(list, mount, key), path.text(), &MNT_004, &DESCENDING_PATH);
        }
    }
    let (plain, expression) = (mount.key("subPath"), mount.key("subPathExpr"));
    if !plain.is_empty() && !expression.is_empty() {
        let title = "`subPath` and `subPathExpr` exclude each other";
        let finding = checker.refuse(&expression, &MNT_005, Reason::Invalid, title, "keep one of the two");
        finding.related.push((plain.cause(), "the other one".to_owned()));
    }
}

fn propagation(mount: &At, list: &At, container: &At, checker: &mut Checker) {
    let propagation = mount.key("mountPropagation");
    if !propagation.is_set() {
        return;
    }
    let place = uncounted(list, mount, "mountPropagation");
    checker.choose_text(&place, propagation.text(), &MNT_006, &["None", "HostToContainer", "Bidirectional"]);
    if propagation.text() == "Bidirectional" && !container.key("securityContext").key("privileged").is_true() {
        let title = "only a privileged container propagates its mounts to the node";
        let help = "write `HostToContainer`, or `privileged: true` in the `securityContext` of the container";
        checker.refuse(&place, &MNT_007, Reason::Forbidden, title, help);
    }
}

fn recursive_read_only(mount: &At, list: &At, checker: &mut Checker) {
    let recursive = mount.key("recursiveReadOnly");
    // Older servers drop it.
    if !recursive.is_set() || !checker.since(31) {
        return;
    }
    let place = uncounted(list, mount, "recursiveReadOnly");
    let known = ["Disabled", "IfPossible", "Enabled"];
    if !checker.choose_text(&place, recursive.text(), &MNT_008, &known) || recursive.text() == "Disabled" {
        return;
    }
    if !mount.key("readOnly").is_true() {
        let title = format!("`recursiveReadOnly` is {}, and the mount is not read-only", recursive.value());
        checker.refuse(&place, &MNT_008, Reason::Forbidden, title, "write `readOnly: true` beside it");
    }
    let propagation = mount.key("mountPropagation");
    if propagation.is_set() && propagation.text() != "None" {
        let title = format!("`recursiveReadOnly` is {}, and the mount propagates", recursive.value());
        let finding = checker.refuse(&place, &MNT_008, Reason::Forbidden, title, "write `mountPropagation: None`");
        finding.related.push((propagation.cause(), "the propagation".to_owned()));
    }
}

/// The block devices of a container. That one overlaps with a mount is said at the device.
fn block_devices(list: &At, mounts: &At, pod: &Pod, checker: &mut Checker) {
    for device in list.items() {
        let (name, path) = (device.key("name"), device.key("devicePath"));
        if volume_name(&name, pod, checker).is_some_and(|source| source != Source::Claim) {
            let title = format!("the volume {} is no claim: only a claim can be a block device", name.value());
            let help = "mount it by `volumeMounts`, or make it a `persistentVolumeClaim`";
            checker.refuse(&name, &MNT_009, Reason::Invalid, title, help);
        }
        if checker.require(&path, &MNT_009, "the path of the device") {
            checker.follow(&path, &MNT_009, &FORWARD_PATH);
        }
    }
    for (key, what) in [("name", "the volume"), ("devicePath", "the path")] {
        for (device, first) in repeated(list.items(), |device| text(device, key)) {
            let at = device.key(key);
            let title = format!("{what} {} is that of two devices", at.value());
            let help = "give each device a volume and a path of its own";
            let finding = checker.refuse(&at, &MNT_009, Reason::Invalid, title, help);
            finding.related.push((first.key(key).cause(), "the first one".to_owned()));
        }
    }
    overlaps(list, "name", mounts, "name", checker);
    overlaps(list, "devicePath", mounts, "mountPath", checker);
}

/// Devices and mounts that have a name or a path in common.
fn overlaps(devices: &At, key: &str, mounts: &At, mounted: &str, checker: &mut Checker) {
    let texts = mounts.items().filter_map(|mount| Some((text(&mount, mounted)?, mount.key(mounted).cause())));
    let texts: BTreeMap<&str, CauseId> = texts.collect();
    for device in devices.items() {
        let at = device.key(key);
        if let Some(mount) = texts.get(at.text()) {
            let title = match key {
                "name" => format!("the volume {} is both mounted and a block device", at.value()),
                _ => format!("at {} there is both a mount and a block device", at.value()),
            };
            let help = match key {
                "name" => "remove it from `volumeMounts` or from `volumeDevices`",
                _ => "give one of the two another path",
            };
            let finding = checker.refuse(&at, &MNT_009, Reason::Invalid, title, help);
            finding.related.push((*mount, "the mount".to_owned()));
        }
    }
}

/// The text of a key, where it is not empty.
fn text<'f>(at: &At<'_, 'f>, key: &str) -> Option<&'f str> {
    Some(at.key(key).text()).filter(|text| !text.is_empty())
}
