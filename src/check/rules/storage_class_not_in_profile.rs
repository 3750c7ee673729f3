//! A StorageClass that is named is one that the cluster has.
//!
//! A claim of a class that is not there stays `Pending` for ever, and so does its Pod. `local-path` is one of k3s, `standard` one of
//! minikube and kind; a class that stands in the stack itself works on one cluster only.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [volume.uploads]
//! storage = "1Gi"
//! class = "fast-ssd"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! mounts."/files" = { volume = "uploads" }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [volume.uploads]
//! storage = "1Gi"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! mounts."/files" = { volume = "uploads" }
//! ```
//!
//! Remove `class`, so that the profile decides, or say it for one profile: `cluster.storage.class = "NAME"` below `[profile.NAME]`. A class
//! that the cluster has beside its usual one is said by `external = ["StorageClass/NAME"]` below `[lint]`. Nothing is said where the profile
//! names no class, and in YAML of others.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Field;
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "storage-class-not-in-profile",
    class: Class::Reference,
    // the owners of a cloud's cluster have often more classes than its profile knows
    levels: Levels::of(Severity::Error, Severity::Warning),
    source: include_str!("storage_class_not_in_profile.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let Some(stack) = context.stack else { return };
    let class = stack.cluster.storage.as_ref().and_then(|storage| storage.class.as_ref());
    let Some(class) = class.filter(|class| !class.value.is_empty()) else { return };
    for edge in context.graph.related(Relation::Chooses).filter(|edge| edge.is_missing()) {
        let object = &context.bundle.objects[edge.from];
        let modes = object.root.follow(&["spec", "accessModes"]).map_or(&[][..], Field::items);
        let is_shared = modes.iter().any(|mode| mode.as_str() == Some("ReadWriteMany"));
        let Some(("StorageClass", name)) = edge.named() else { continue };
        // a profile that knows no class for disks of several nodes leaves that one to the stack
        if is_shared && stack.cluster.storage.as_ref().is_none_or(|storage| storage.rwx_class.is_none()) {
            continue;
        }
        let title =
            format!("the profile `{}` has no StorageClass `{name}`: its class is `{}`", stack.profile, class.value);
        let help = match context.is_of_tables(object) {
            true => "remove `class`, and the profile's is taken".to_owned(),
            false => {
                format!("write `storageClassName: {}`, or leave it out and the cluster's default is taken", class.value)
            }
        };
        let finding = findings.add_edge(Severity::Error, edge, (title, help));
        finding.related.push((class.origin.into(), "the class of the profile".to_owned()));
    }
}
