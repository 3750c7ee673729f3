//! The port that an HTTPRoute or GRPCRoute sends requests to is one of the Service, which lets the route in.
//!
//! Without such a port the route answers 500. A Service of another namespace needs a ReferenceGrant there that names the namespace
//! of the route; without it the answer is 500 too.
//!
//! ```yaml fail
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata: {name: web}
//! spec:
//!   rules:
//!   - backendRefs: [{name: web, port: 3000}]
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec: {ports: [{port: 80, targetPort: 3000}]}
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
//! spec: {ports: [{port: 80, targetPort: 3000}]}
//! ```
//!
//! Write the `port` of an entry of the Service's `ports`; for a Service elsewhere add a ReferenceGrant to its namespace.

use super::routed_port::absent_port;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, Object};
use crate::diagnostic::{Class, Severity};
use crate::graph::{Edge, Relation};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "httproute-backend-port",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("httproute_backend_port.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let is_route = |edge: &&Edge| matches!(context.bundle.objects[edge.from].kind_name(), "HTTPRoute" | "GRPCRoute");
    for edge in context.graph.related(Relation::Routes).filter(is_route) {
        if edge.is_without_part()
            && let Some((title, help, ports)) = absent_port(context, edge)
        {
            let finding = findings.add_edge(Severity::Error, edge, (title, help));
            finding.related.push((ports, "the Service has these ports".to_owned()));
        }
        if let Some(service) = edge.found.first() {
            check_grant(context, edge, &context.bundle.objects[*service], findings);
        }
    }
}

/// A Service of another namespace must let the route in.
fn check_grant<'a>(context: &Context<'a>, edge: &Edge, service: &'a Object, findings: &mut Findings) {
    let route = &context.bundle.objects[edge.from];
    let (own, other) = (context.graph.namespace(route), context.graph.namespace(service));
    let grants = context.objects().filter(|(_, object)| object.kind_name() == "ReferenceGrant");
    let mut there = grants.filter(|(_, object)| context.graph.namespace(object) == other);
    if own == other || there.any(|(_, grant)| is_granted(grant, route.kind_name(), own, service.name())) {
        return;
    }
    let title =
        format!("Service `{}` is in namespace `{other}`, which has no ReferenceGrant for this route", service.name());
    let help = format!(
        "add a ReferenceGrant to `{other}` whose `from` names {} and namespace `{own}`, and whose `to` names Service",
        route.kind_name()
    );
    let place = (edge.place.field.clone(), edge.place.cause);
    findings.missing(edge.from, place, title, help);
}

fn is_granted(grant: &Object, kind: &str, namespace: &str, service: &str) -> bool {
    let root = At::root(&grant.root);
    let spec = root.key("spec");
    let is_from = |from: At| from.key("kind").is_text(kind) && from.key("namespace").is_text(namespace);
    let is_to = |to: At| {
        let name = to.key("name");
        to.key("kind").is_text("Service") && (name.is_empty() || name.is_text(service))
    };
    spec.key("from").items().any(is_from) && spec.key("to").items().any(is_to)
}
