//! Disks are made by a driver, not by what Kubernetes had built in.
//!
//! The provisioners `kubernetes.io/…` have left Kubernetes. Some are still understood where the driver of the provider is installed, in the
//! words of the old one: it takes no parameter that the old one did not have. Claims of the others wait for ever.
//!
//! ```yaml fail
//! apiVersion: storage.k8s.io/v1
//! kind: StorageClass
//! metadata: {name: fast-ssd}
//! provisioner: kubernetes.io/aws-ebs
//! parameters: {type: gp3, iops: "3000", throughput: "125"}
//! ```
//!
//! ```yaml pass
//! apiVersion: storage.k8s.io/v1
//! kind: StorageClass
//! metadata: {name: fast-ssd}
//! provisioner: ebs.csi.aws.com
//! parameters: {type: gp3, iops: "3000", throughput: "125"}
//! ```
//!
//! Write the name of the driver. The class of an object cannot be changed in a cluster: give the new one a new name, or delete the old one.

use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "removed-provisioner",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("removed_provisioner.rs"),
    check,
};

/// A provisioner that was built in, the version without it, and the driver in its place.
/// <https://kubernetes.io/docs/concepts/storage/volumes/#csi-migration>,
/// <https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates-removed/>
struct Removed {
    name: &'static str,
    minor: u8,
    driver: &'static str,
    understood: Understood,
}

/// Whether the driver understands the name of the old provisioner, with these parameters.
#[derive(Clone, Copy)]
enum Understood {
    /// Not at all.
    Never,
    /// As far as anybody can say.
    Mostly,
    /// With the parameters that the old one had, in small letters.
    With(&'static [&'static str]),
}

const REMOVED: [Removed; 11] = [
    Removed {
        name: "aws-ebs",
        minor: 27,
        driver: "ebs.csi.aws.com",
        understood: Understood::With(&["type", "zone", "zones", "iopspergb", "fstype", "encrypted", "kmskeyid"]),
    },
    Removed {
        name: "gce-pd",
        minor: 28,
        driver: "pd.csi.storage.gke.io",
        understood: Understood::With(&["type", "zone", "zones", "fstype", "replication-type"]),
    },
    Removed {
        name: "azure-disk",
        minor: 27,
        driver: "disk.csi.azure.com",
        understood: Understood::With(&[
            "kind",
            "storageaccounttype",
            "skuname",
            "cachingmode",
            "location",
            "storageaccount",
            "fstype",
        ]),
    },
    Removed { name: "azure-file", minor: 30, driver: "file.csi.azure.com", understood: Understood::Mostly },
    Removed {
        name: "cinder",
        minor: 26,
        driver: "cinder.csi.openstack.org",
        understood: Understood::With(&["availability", "fstype", "type"]),
    },
    Removed { name: "vsphere-volume", minor: 30, driver: "csi.vsphere.vmware.com", understood: Understood::Mostly },
    Removed { name: "rbd", minor: 31, driver: "rbd.csi.ceph.com", understood: Understood::Never },
    Removed { name: "glusterfs", minor: 26, driver: "the driver of the storage", understood: Understood::Never },
    Removed { name: "storageos", minor: 25, driver: "the driver of the storage", understood: Understood::Never },
    Removed { name: "quobyte", minor: 25, driver: "csi.quobyte.com", understood: Understood::Never },
    Removed { name: "flocker", minor: 25, driver: "the driver of the storage", understood: Understood::Never },
];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "StorageClass") {
        let root = At::root(&object.root);
        let provisioner = root.key("provisioner");
        let name = provisioner.text().strip_prefix("kubernetes.io/");
        let Some(removed) = REMOVED.iter().find(|removed| Some(removed.name) == name) else { continue };
        if context.target.newest.minor < removed.minor {
            continue;
        }
        let parameters = root.key("parameters");
        let gp3 = removed.name == "aws-ebs" && parameters.key("type").is_text("gp3");
        let is_dead = gp3 || !removed.understood.takes(parameters.entries().map(|(key, _)| key));
        let title = format!(
            "`{}` left Kubernetes in 1.{}: {}",
            provisioner.text(),
            removed.minor,
            if is_dead {
                "claims of this class wait for ever"
            } else {
                "claims wait until the driver in its place is installed"
            }
        );
        let help = format!("write `{}` as the provisioner", removed.driver);
        let most = if is_dead { Severity::Error } else { Severity::Warning };
        findings.add_milder(most, index, &provisioner, (title, help));
    }
}

impl Understood {
    /// Whether a class with these parameters is served. Those of the driver itself are told apart by their prefix.
    fn takes<'k>(self, mut keys: impl Iterator<Item = &'k str>) -> bool {
        match self {
            Self::Never => false,
            Self::Mostly => true,
            Self::With(known) => {
                keys.all(|key| key.contains('/') || known.contains(&key.to_ascii_lowercase().as_str()))
            }
        }
    }
}
