//! The selector of a workload means its own Pods alone.
//!
//! A controller adopts every Pod without an owner that its selector means, and counts it: a ReplicaSet ends a Pod that somebody made by
//! hand, or never starts its own. Two controllers with one selector read each other's Pods: autoscalers measure the wrong ones, budgets
//! count them. Stacks select by the names of the component and the stack, so that this cannot be.
//!
//! ```yaml fail
//! apiVersion: apps/v1
//! kind: ReplicaSet
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {type: front-end}}
//!   template:
//!     metadata: {labels: {app: web, type: front-end}}
//!     spec:
//!       containers: [{name: web, image: "nginx:1.27.3"}]
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: mine, labels: {app: mine, type: front-end}}
//! spec:
//!   containers: [{name: web, image: "nginx:1.27.3"}]
//! ```
//!
//! ```yaml pass
//! apiVersion: apps/v1
//! kind: ReplicaSet
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web, type: front-end}}
//!   template:
//!     metadata: {labels: {app: web, type: front-end}}
//!     spec:
//!       containers: [{name: web, image: "nginx:1.27.3"}]
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: mine, labels: {app: mine, type: front-end}}
//! spec:
//!   containers: [{name: web, image: "nginx:1.27.3"}]
//! ```
//!
//! Add a label to selector and template that nothing else has, such as the name of the workload. The selector of a Deployment cannot be
//! changed later: delete it with `--cascade=orphan` and apply it again.

use super::origin::is_hook;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Object;
use crate::diagnostic::{Class, Severity};
use crate::graph::{Edge, Relation};
use std::collections::BTreeSet;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "selector-overlap",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("selector_overlap.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for edge in context.graph.related(Relation::Selects).filter(|edge| edge.found.len() > 1) {
        let object = &context.bundle.objects[edge.from];
        if object.kind_name() == "Service" || is_hook(object) {
            continue;
        }
        // each of the two may select the other; two of one name are told elsewhere
        let others = edge.found.iter().copied().filter(|found| {
            let other = &context.bundle.objects[*found];
            let is_same = (other.kind_name(), other.name()) == (object.kind_name(), object.name());
            !is_same && !is_hook(other) && told.insert((edge.from.min(*found), edge.from.max(*found)))
        });
        let others: Vec<&Object> = others.map(|found| &context.bundle.objects[found]).collect();
        if let Some(first) = others.first() {
            say(edge, object, first, &others, findings);
        }
    }
}

fn say(edge: &Edge, object: &Object, first: &Object, others: &[&Object], findings: &mut Findings) {
    let more = match others.len() - 1 {
        0 => String::new(),
        more => format!(" and of {more} more"),
    };
    let title = format!(
        "the selector of {} `{}` also selects {}{} `{}`{more}",
        object.kind_name(),
        object.name(),
        if first.kind_name() == "Pod" { "" } else { "the Pods of " },
        first.kind_name(),
        first.name()
    );
    let help = "add a label to this selector and its template that nothing else has".to_owned();
    // the Pods of a run have an owner, and go by themselves
    let is_run = others.iter().all(|other| matches!(other.kind_name(), "Job" | "CronJob"));
    let most = if is_run { Severity::Warning } else { Severity::Error };
    let finding = findings.add_edge(most, edge, (title, help));
    let labels = others.iter().filter_map(|other| other.pod_template()?.follow(&["metadata", "labels"]));
    finding.related.extend(labels.map(|labels| (labels.cause, "selected too".to_owned())));
}
