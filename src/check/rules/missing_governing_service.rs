//! The Service that a StatefulSet names exists, is headless, and leads to its Pods.
//!
//! Pods of a StatefulSet are known by names such as `postgres-0.postgres-headless`, which the headless Service makes. Without it the Pods
//! start and their names do not resolve, so the members of a cluster never find each other. Stacks make this Service by themselves.
//!
//! ```yaml fail
//! apiVersion: apps/v1
//! kind: StatefulSet
//! metadata: {name: cache-ha}
//! spec:
//!   serviceName: cache-ha-headless
//!   selector: {matchLabels: {app: cache-ha}}
//!   template:
//!     metadata: {labels: {app: cache-ha}}
//!     spec:
//!       containers: [{name: cache, image: "example/cache-ha:16"}]
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: Service
//! metadata: {name: cache-ha-headless}
//! spec:
//!   clusterIP: None
//!   selector: {app: cache-ha}
//!   ports: [{port: 6379}]
//! ---
//! apiVersion: apps/v1
//! kind: StatefulSet
//! metadata: {name: cache-ha}
//! spec:
//!   serviceName: cache-ha-headless
//!   selector: {matchLabels: {app: cache-ha}}
//!   template:
//!     metadata: {labels: {app: cache-ha}}
//!     spec:
//!       containers: [{name: cache, image: "example/cache-ha:16"}]
//! ```
//!
//! Add a Service with `clusterIP: None` and the labels of the Pods as its selector. With a Service that has an address the names of the
//! Pods do not resolve either; this is a warning, because not every program needs them.

use super::absent::absent;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::diagnostic::{Class, Severity};
use crate::graph::{Edge, Relation};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "missing-governing-service",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("missing_governing_service.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Joins) {
        if context.bundle.objects[edge.from].kind_name() != "StatefulSet" {
            continue;
        }
        if edge.is_missing() {
            let otherwise =
                "add a Service of this name with `clusterIP: None` and the labels of the Pods as its selector";
            findings.missing_at(Severity::Warning, edge, absent(context, edge, otherwise));
        } else if let Some(service) = edge.found.first() {
            check_service(context, edge, *service, findings);
        }
    }
}

fn check_service(context: &Context, edge: &Edge, service: usize, findings: &mut Findings) {
    let object = &context.bundle.objects[service];
    let root = At::root(&object.root);
    let spec = root.key("spec");
    let (address, selector) = (spec.key("clusterIP"), spec.key("selector"));
    if !address.is_text("None") {
        let title =
            format!("Service `{}` is not headless, so the Pods of this StatefulSet have no names", object.name());
        let help = "name a Service with `clusterIP: None`".to_owned();
        let finding = findings.add_edge(Severity::Warning, edge, (title, help));
        finding.related.push((address.cause(), "this Service has an address".to_owned()));
        return;
    }
    let mut selecting = context.graph.services_of(edge.from);
    if !selector.is_empty() && !selecting.any(|selecting| selecting == service) {
        let title = format!("Service `{}` does not lead to the Pods of this StatefulSet", object.name());
        let help = "write the labels of the Pod template into the selector of the Service".to_owned();
        let finding = findings.add_edge(Severity::Error, edge, (title, help));
        finding.related.push((selector.cause(), "it leads elsewhere".to_owned()));
    }
}
