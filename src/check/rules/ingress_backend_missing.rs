//! The Service that an Ingress sends requests to exists.
//!
//! An Ingress to a Service that is not there answers 503 or 404, or makes some controllers refuse the whole Ingress. The Service
//! must be in the namespace of the Ingress.
//!
//! ```yaml fail
//! apiVersion: networking.k8s.io/v1
//! kind: Ingress
//! metadata: {name: web}
//! spec:
//!   rules:
//!   - host: shop.example.com
//!     http:
//!       paths:
//!       - {path: /, pathType: Prefix, backend: {service: {name: wbe, port: {number: 80}}}}
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec: {ports: [{port: 80}]}
//! ```
//!
//! ```yaml pass
//! apiVersion: networking.k8s.io/v1
//! kind: Ingress
//! metadata: {name: web}
//! spec:
//!   rules:
//!   - host: shop.example.com
//!     http:
//!       paths:
//!       - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec: {ports: [{port: 80}]}
//! ```
//!
//! Write the name of a Service. One that exists without this stack is said by `external = ["Service/NAME"]` below `[lint]`.

use super::absent::absent;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "ingress-backend-missing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("ingress_backend_missing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Routes).filter(|edge| edge.is_missing()) {
        if context.bundle.objects[edge.from].kind_name() == "Ingress" {
            let words = absent(context, edge, "write the name of a Service of the same namespace, or add the Service");
            findings.missing_at(Severity::Warning, edge, words);
        }
    }
}
