//! The port that an Ingress sends requests to is one of the Service.
//!
//! What is meant is the port of the Service, not that of the container. A controller that finds no such port answers 503, or leaves
//! the path out.
//!
//! ```yaml fail
//! apiVersion: networking.k8s.io/v1
//! kind: Ingress
//! metadata: {name: web}
//! spec:
//!   defaultBackend: {service: {name: web, port: {number: 3000}}}
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec: {ports: [{port: 80, targetPort: 3000}]}
//! ```
//!
//! ```yaml pass
//! apiVersion: networking.k8s.io/v1
//! kind: Ingress
//! metadata: {name: web}
//! spec:
//!   defaultBackend: {service: {name: web, port: {number: 80}}}
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec: {ports: [{port: 80, targetPort: 3000}]}
//! ```
//!
//! Write the `port` or the `name` of an entry of the Service's `ports`.

use super::routed_port::absent_port;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "ingress-port-missing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("ingress_port_missing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Routes).filter(|edge| edge.is_without_part()) {
        if context.bundle.objects[edge.from].kind_name() == "Ingress"
            && let Some((title, help, ports)) = absent_port(context, edge)
        {
            let finding = findings.add_edge(Severity::Error, edge, (title, help));
            finding.related.push((ports, "the Service has these ports".to_owned()));
        }
    }
}
