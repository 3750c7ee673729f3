//! ReplicaSets are made by a Deployment.
//!
//! A ReplicaSet keeps a number of Pods. A new template reaches none that runs: they stay as they are until somebody deletes them, one
//! by one. A Deployment makes a new ReplicaSet for each template, and goes from one to the other.
//!
//! ```yaml fail
//! apiVersion: apps/v1
//! kind: ReplicaSet
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
//! Nothing but the kind has to change. In a stack it is an `[api.NAME]` or a `[worker.NAME]`.

use super::origin::is_owned;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "direct-replicaset",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("direct_replicaset.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let sets = context.objects().filter(|(_, object)| object.kind_name() == "ReplicaSet" && !is_owned(object));
    for (index, object) in sets {
        let root = At::root(&object.root);
        let title = format!("ReplicaSet `{}` replaces no Pod when its template changes", object.name());
        findings.add(index, &root.key("kind"), title, "write `kind: Deployment`; the rest can stay as it is");
    }
}
