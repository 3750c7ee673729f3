//! A NetworkPolicy protects Pods that are there.
//!
//! A policy whose `podSelector` matches no Pod protects nothing, and everybody believes that it does.
//!
//! ```yaml fail
//! apiVersion: networking.k8s.io/v1
//! kind: NetworkPolicy
//! metadata: {name: cache}
//! spec:
//!   podSelector: {matchLabels: {app: cahce}}
//!   ingress: []
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: cache, labels: {app: cache}}
//! spec:
//!   containers: [{name: cache, image: "redis:7.4"}]
//! ```
//!
//! ```yaml pass
//! apiVersion: networking.k8s.io/v1
//! kind: NetworkPolicy
//! metadata: {name: cache}
//! spec:
//!   podSelector: {matchLabels: {app: cache}}
//!   ingress: []
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: cache, labels: {app: cache}}
//! spec:
//!   containers: [{name: cache, image: "redis:7.4"}]
//! ```
//!
//! Write labels that a Pod template of the same namespace has. An empty selector means every Pod, and is right with none too.

use super::selected::say_nothing_selected;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "netpol-selects-nothing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("netpol_selects_nothing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Guards).filter(|edge| edge.is_missing()) {
        if context.bundle.objects[edge.from].kind_name() == "NetworkPolicy" {
            say_nothing_selected(context, Severity::Warning, edge, "so this policy protects nothing", findings);
        }
    }
}
