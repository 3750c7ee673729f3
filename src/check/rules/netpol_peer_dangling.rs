//! The Pods that a NetworkPolicy lets in or out are there.
//!
//! A rule for Pods that nobody has opens nothing: whoever was meant is refused, and times out.
//!
//! ```yaml fail
//! apiVersion: networking.k8s.io/v1
//! kind: NetworkPolicy
//! metadata: {name: cache}
//! spec:
//!   podSelector: {matchLabels: {app: cache}}
//!   ingress: [{from: [{podSelector: {matchLabels: {app: wbe}}}]}]
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: cache, labels: {app: cache}}
//! spec:
//!   containers: [{name: cache, image: "redis:7.4"}]
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web, labels: {app: web}}
//! spec:
//!   containers: [{name: web, image: "nginx:1.27.3"}]
//! ```
//!
//! ```yaml pass
//! apiVersion: networking.k8s.io/v1
//! kind: NetworkPolicy
//! metadata: {name: cache}
//! spec:
//!   podSelector: {matchLabels: {app: cache}}
//!   ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: cache, labels: {app: cache}}
//! spec:
//!   containers: [{name: cache, image: "redis:7.4"}]
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web, labels: {app: web}}
//! spec:
//!   containers: [{name: web, image: "nginx:1.27.3"}]
//! ```
//!
//! Write labels that a Pod template of the same namespace has. A label such as `postgres-client: "true"`, which is there for clients
//! yet to come, is meant: `allow = { netpol-peer-dangling = "REASON" }`. Peers of other namespaces are not looked at.

use super::selected::say_nothing_selected;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "netpol-peer-dangling",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("netpol_peer_dangling.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Admits).filter(|edge| edge.is_missing()) {
        let is_mark = edge.selector().is_some_and(|selector| selector.labels.iter().any(|(_, value)| *value == "true"));
        // charts let in whoever puts a mark on his Pods
        if !(is_mark && context.is_foreign()) {
            say_nothing_selected(context, Severity::Info, edge, "so this rule opens nothing", findings);
        }
    }
}
