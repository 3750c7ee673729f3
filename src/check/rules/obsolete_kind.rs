//! Replicated Pods are made by a Deployment, not by a ReplicationController.
//!
//! A ReplicationController is what there was before Deployments: it keeps a number of Pods, and knows neither rollouts nor a way back.
//! A new image in its template reaches no Pod that runs.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: ReplicationController
//! metadata: {name: web}
//! spec:
//!   replicas: 3
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers:
//!       - {name: web, image: "nginx:1.27.3"}
//! ```
//!
//! ```yaml pass
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   replicas: 3
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers:
//!       - {name: web, image: "nginx:1.27.3"}
//! ```
//!
//! The template can stay as it is; a Deployment also wants its `selector` as `matchLabels`. In a stack it is an `[api.NAME]` or a
//! `[worker.NAME]`.

use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "obsolete-kind",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("obsolete_kind.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "ReplicationController") {
        let root = At::root(&object.root);
        let title = format!("ReplicationController `{}` knows no rollouts: Deployments took its place", object.name());
        let help = "write `apiVersion: apps/v1` and `kind: Deployment`, and the labels of its Pods as `spec.selector.matchLabels`";
        findings.add(index, &root.key("kind"), title, help);
    }
}
