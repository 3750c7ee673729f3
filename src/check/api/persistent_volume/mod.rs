//! PersistentVolume.

pub mod source;

use super::metadata::metadata;
use super::node_selector::node_selector;
use super::persistent_volume_claim::{access_modes, volume_mode};
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker, Reason, api_rules};
use source::sources;

api_rules! {
    /// A volume has access modes that Kubernetes knows; `ReadWriteOncePod` stands alone.
    PV_001 = "PV-001";
    /// The capacity of a volume is its `storage`, and nothing else.
    PV_002 = "PV-002";
    /// The capacity is more than zero.
    PV_003 = "PV-003";
    /// A volume is reclaimed by `Delete`, `Recycle` or `Retain`; that of the root of a node is not recycled.
    PV_005 = "PV-005";
    /// The affinity of a volume to nodes says which are required.
    PV_008 = "PV-008";
    /// The name of the storage class is a DNS subdomain; the mode of the volume is `Filesystem` or `Block`.
    PV_011 = "PV-011";
    /// The class of volume attributes is a DNS subdomain, and that of a `csi` volume; before 1.34 it is dropped.
    PV_012 = "PV-012";
}

/// A PersistentVolume.
pub fn persistent_volume(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    access_modes(&spec.key("accessModes"), [&PV_001; 3], checker);
    capacity(&spec.key("capacity"), checker);
    reclaim_policy(&spec, checker);
    let affinity = spec.key("nodeAffinity");
    let required = affinity.key("required");
    if required.is_set() {
        node_selector(&required, checker);
    } else if affinity.is_set() {
        let title = "the affinity of the volume requires nothing";
        let help = "write `required` with `nodeSelectorTerms`, or remove `nodeAffinity`";
        checker.refuse(&required, &PV_008, Reason::Required, title, help);
    }
    sources(object, &spec, checker);
    checker.follow(&spec.key("storageClassName"), &PV_011, &DNS_SUBDOMAIN);
    volume_mode(&spec.key("volumeMode"), &PV_011, checker);
    if checker.since(34) {
        attributes(&spec, checker);
    }
}

fn capacity(at: &At, checker: &mut Checker) {
    if !at.has("storage") || at.len() > 1 {
        let title = "the capacity of a volume is its `storage`, and nothing else";
        checker.refuse(at, &PV_002, Reason::NotSupported, title, "write `storage` alone, such as `storage: 10Gi`");
    }
    for (resource, amount) in at.entries() {
        if amount.thousandths().is_some_and(|thousandths| thousandths <= 0) {
            let title = format!("the amount of `{resource}` is {}", amount.value());
            checker.refuse(&amount, &PV_003, Reason::Invalid, title, "write an amount above zero, such as `10Gi`");
        }
    }
}

fn reclaim_policy(spec: &At, checker: &mut Checker) {
    let policy = spec.key("persistentVolumeReclaimPolicy");
    checker.choose(&policy, &PV_005, &["Delete", "Recycle", "Retain"]);
    let directory = spec.key("hostPath");
    let path = directory.key("path");
    if policy.is_text("Recycle") && is_root(path.text()) {
        let title = "a volume of the root of a node may not be recycled: all of its files would be removed";
        let help = "write `Retain`, or another path";
        let finding = checker.refuse(&policy, &PV_005, Reason::Forbidden, title, help);
        finding.related.push((path.cause(), "the path".to_owned()));
    }
}

/// Whether a path is the root, however it is spelled.
fn is_root(path: &str) -> bool {
    let mut depth = 0_usize;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => depth = depth.saturating_sub(1),
            _ => depth += 1,
        }
    }
    path.starts_with('/') && depth == 0
}

fn attributes(spec: &At, checker: &mut Checker) {
    let (class, csi) = (spec.key("volumeAttributesClassName"), spec.key("csi"));
    if !class.is_set() {
        return;
    }
    if checker.require(&class, &PV_012, "the name of a class") {
        checker.follow(&class, &PV_012, &DNS_SUBDOMAIN);
    }
    if !csi.is_set() {
        let title = "only `csi` volumes have a class of attributes";
        let help = "remove `volumeAttributesClassName`, or write the volume as `csi`";
        let finding = checker.refuse(&csi, &PV_012, Reason::Required, title, help);
        finding.related.push((class.cause(), "the class".to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::is_root;

    #[test]
    fn the_root_has_many_spellings() {
        for path in ["/", "//", "/.", "/a/..", "/../"] {
            assert!(is_root(path), "{path}");
        }
        for path in ["", "a", "/a", "/a/../b", ".", ".."] {
            assert!(!is_root(path), "{path}");
        }
    }
}
