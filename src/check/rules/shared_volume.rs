//! Pods on several nodes do not share a disk that only one node can mount.
//!
//! A claim with `ReadWriteOnce` is mounted by one node at a time, with `ReadWriteOncePod` by one Pod. Further replicas on other nodes stay
//! in `ContainerCreating` with `Multi-Attach error`; on one node they all write to the same files. An update that starts the new Pod before
//! the old one has ended waits for ever in the same way. On a cluster of one node (`cluster.nodes = 1`, as k3d has) all of that works
//! with `ReadWriteOnce`, and nothing is said.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [volume.uploads]
//! storage = "1Gi"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 2
//! mounts."/files" = { volume = "uploads" }
//! ```
//!
//! ```toml pass k3d
//! [stack]
//! name = "shop"
//!
//! [volume.uploads]
//! storage = "1Gi"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 2
//! mounts."/files" = { volume = "uploads" }
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [volume.uploads]
//! storage = "1Gi"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! strategy = "recreate"
//! mounts."/files" = { volume = "uploads" }
//! ```
//!
//! Give each replica a disk of its own (`kind = "StatefulSet"` and `{ storage = "1Gi" }`), take a class that several nodes can mount
//! (`access = "ReadWriteMany"`), or run one replica with `strategy = "recreate"`.

use super::origin::help;
use super::scale::Scale;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, Object};
use crate::diagnostic::{Class, Severity};
use crate::graph::{Edge, Relation};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "shared-volume",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("shared_volume.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Mounts) {
        let claim = edge.found.first().map(|found| &context.bundle.objects[*found]);
        let Some(claim) = claim.filter(|claim| claim.kind_name() == "PersistentVolumeClaim") else { continue };
        let (Some(mode), Some(scale)) = (only_mode(claim), Scale::of(edge.from, context)) else { continue };
        let workload = &context.bundle.objects[edge.from];
        let root = At::root(&workload.root);
        if mode == "ReadWriteOnce" && has_one_node(context) {
            continue;
        }
        if scale.most > 1 {
            say_replicas(context, edge, claim, (mode, scale.most), findings);
        } else if !context.is_local() && scale.most == 1 && starts_first(&root, workload) {
            say_update(context, edge, claim, mode, findings);
        }
    }
}

fn has_one_node(context: &Context) -> bool {
    context.stack.and_then(|stack| stack.cluster.nodes).is_some_and(|nodes| nodes.value.get() == 1)
}

/// The access mode of a claim that only one node or Pod may mount.
fn only_mode(claim: &Object) -> Option<&str> {
    let modes = claim.root.follow(&["spec", "accessModes"])?;
    let [only] = modes.items() else { return None };
    only.as_str().filter(|mode| matches!(*mode, "ReadWriteOnce" | "ReadWriteOncePod"))
}

/// Whether an update of a Deployment starts the new Pod before it ends the old one.
fn starts_first(root: &At, workload: &Object) -> bool {
    let spec = root.key("spec");
    let strategy = spec.key("strategy");
    let surge = strategy.key("rollingUpdate");
    let surge = surge.key("maxSurge");
    let is_without_surge = surge.integer() == Some(0) || surge.is_text("0%");
    workload.kind_name() == "Deployment" && !strategy.key("type").is_text("Recreate") && !is_without_surge
}

fn say_replicas(context: &Context, edge: &Edge, claim: &Object, (mode, pods): (&str, i64), findings: &mut Findings) {
    let who = if mode == "ReadWriteOncePod" { "one Pod" } else { "one node" };
    let title = format!("up to {pods} Pods mount the claim `{}`, which {who} alone can mount ({mode})", claim.name());
    let stack = context.stack.filter(|_| context.is_of_tables(&context.bundle.objects[edge.from]));
    let help = match stack {
        Some(stack) => format!(
            "write `access = \"ReadWriteMany\"` below `[profile.{}.volume.{}]` where its class can do that; for a disk each write `kind = \"StatefulSet\"`, and mount `{{ storage = \"1Gi\" }}` in place of the volume",
            stack.profile,
            claim.name()
        ),
        None => "write `replicas: 1`, or `accessModes: [ReadWriteMany]` where the class can do that".to_owned(),
    };
    push(edge, claim, (title, help), findings);
}

fn say_update(context: &Context, edge: &Edge, claim: &Object, mode: &str, findings: &mut Findings) {
    let title = format!(
        "an update starts the new Pod before the old one lets go of the claim `{}`, which one node alone can mount ({mode})",
        claim.name()
    );
    let workload = &context.bundle.objects[edge.from];
    let help = help(context, workload, "strategy = \"recreate\"", "write `strategy: {type: Recreate}`");
    push(edge, claim, (title, help), findings);
}

fn push(edge: &Edge, claim: &Object, words: (String, String), findings: &mut Findings) {
    let finding = findings.add_edge(Severity::Error, edge, words);
    let modes = claim.root.follow(&["spec", "accessModes"]).map_or(claim.root.cause, |modes| modes.cause);
    finding.related.push((modes, "the claim".to_owned()));
}
