//! A PersistentVolumeClaim is mounted by somebody.
//!
//! A claim that no Pod mounts waits for ever, or is a disk that is paid for and holds nothing. Mostly it is a rest from before there was a
//! StatefulSet, whose claims come from its own template; then the wrong disk is looked at when something is lost.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [volume.uploads]
//! storage = "1Gi"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
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
//! strategy = "recreate"
//! ```
//!
//! Mount it, or remove it.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "orphan-claim",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("orphan_claim.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let claims = context.objects().filter(|(_, object)| object.kind_name() == "PersistentVolumeClaim");
    for (index, object) in claims {
        let is_mounted = context.graph.edges_to(index).any(|edge| edge.relation == Relation::Mounts);
        let is_first = context
            .graph
            .find(object.kind_name(), object.namespace(), object.name())
            .is_some_and(|(first, _)| first == index);
        // what stands there for the second time is told elsewhere
        if is_mounted || !is_first || context.graph.is_mentioned(object.name()) {
            continue;
        }
        let root = At::root(&object.root);
        let metadata = root.key("metadata");
        let name = metadata.key("name");
        let title = format!("no Pod mounts the claim `{}`", object.name());
        let help = match context.is_of_tables(object) {
            true => format!(
                "write `mounts.\"/data\" = {{ volume = \"{}\" }}` below the component that needs it, or remove `[volume.{}]`",
                object.name(),
                object.name()
            ),
            false => "mount it in a Pod, or remove it".to_owned(),
        };
        findings.missing(index, (name.to_string(), name.cause()), title, help);
    }
}
