//! A PodDisruptionBudget protects Pods that are there, and each Pod has one budget.
//!
//! A budget whose selector matches no Pod protects nothing, and says so nowhere. Two budgets for one Pod are worse: the eviction of
//! such a Pod is always refused, so its node cannot be drained.
//!
//! ```yaml fail
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: {name: web}
//! spec:
//!   maxUnavailable: 1
//!   selector: {matchLabels: {app: wbe}}
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   replicas: 2
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers: [{name: web, image: "nginx:1.27.3"}]
//! ```
//!
//! ```yaml pass
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: {name: web}
//! spec:
//!   maxUnavailable: 1
//!   selector: {matchLabels: {app: web}}
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   replicas: 2
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers: [{name: web, image: "nginx:1.27.3"}]
//! ```
//!
//! Write the labels of the Pod template into the selector; of two budgets remove one.

use super::selected::say_nothing_selected;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "pdb-selects-nothing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("pdb_selects_nothing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let mut guarded: IndexMap<usize, usize, FxBuildHasher> = IndexMap::default();
    for edge in context.graph.related(Relation::Guards) {
        let object = &context.bundle.objects[edge.from];
        if object.kind_name() != "PodDisruptionBudget" {
            continue;
        }
        if edge.is_missing() {
            say_nothing_selected(context, Severity::Warning, edge, "so this budget protects nothing", findings);
        }
        for found in &edge.found {
            let first = *guarded.entry(*found).or_insert(edge.from);
            if first == edge.from {
                continue;
            }
            let (workload, first) = (&context.bundle.objects[*found], &context.bundle.objects[first]);
            let title = format!(
                "the Pods of {} `{}` have the budget `{}` already: with two of them none can be evicted",
                workload.kind_name(),
                workload.name(),
                first.name()
            );
            let help = match context.is_of_tables(first) {
                true => "remove this one, or write `pdb = false` on the component",
                false => "remove one of the two, or give it a selector of its own",
            };
            let finding = findings.add_edge(Severity::Error, edge, (title, help.to_owned()));
            let selector = first.root.follow(&["spec", "selector"]).map_or(first.root.cause, |selector| selector.cause);
            finding.related.push((selector, "the first budget".to_owned()));
        }
    }
}
