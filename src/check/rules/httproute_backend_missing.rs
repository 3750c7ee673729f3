//! The Service that an HTTPRoute or GRPCRoute sends requests to exists.
//!
//! A route to a Service that is not there answers 500 for what it matches; only a condition in the status of the route says so.
//!
//! ```yaml fail
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata: {name: web}
//! spec:
//!   rules:
//!   - backendRefs: [{name: wbe, port: 80}]
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec: {ports: [{port: 80}]}
//! ```
//!
//! ```yaml pass
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata: {name: web}
//! spec:
//!   rules:
//!   - backendRefs: [{name: web, port: 80}]
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec: {ports: [{port: 80}]}
//! ```
//!
//! Write the name of a Service, and its namespace where that is another one. One that exists without this stack is said by
//! `external = ["Service/NAME"]` below `[lint]`.

use super::absent::absent;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "httproute-backend-missing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("httproute_backend_missing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Routes).filter(|edge| edge.is_missing()) {
        if matches!(context.bundle.objects[edge.from].kind_name(), "HTTPRoute" | "GRPCRoute") {
            let words = absent(context, edge, "write the name of a Service, or add the Service");
            findings.missing_at(Severity::Warning, edge, words);
        }
    }
}
