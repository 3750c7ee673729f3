//! The selector of a Service means Pods that are there.
//!
//! Pods, Deployment and Service all look healthy, and nothing answers: a Service whose selector matches no Pod has no endpoints.
//! Every label of the selector must stand on the Pod template, in the same namespace.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Service
//! metadata: {name: hello}
//! spec:
//!   selector: {app: hello-serve}
//!   ports: [{port: 80}]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: hello}
//! spec:
//!   selector: {matchLabels: {app: hello-server}}
//!   template:
//!     metadata: {labels: {app: hello-server}}
//!     spec:
//!       containers: [{name: hello, image: "nginx:1.27.3"}]
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: Service
//! metadata: {name: hello}
//! spec:
//!   selector: {app: hello-server}
//!   ports: [{port: 80}]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: hello}
//! spec:
//!   selector: {matchLabels: {app: hello-server}}
//!   template:
//!     metadata: {labels: {app: hello-server}}
//!     spec:
//!       containers: [{name: hello, image: "nginx:1.27.3"}]
//! ```
//!
//! Write the labels of the template into the selector. Nothing is said of a Service without a selector, of Pods that an object of
//! an unknown kind may make, and of YAML in which there are no Pods at all.

use super::selected::near_value;
use super::{Completeness, Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::diagnostic::{Class, Severity};
use crate::graph::{Edge, Relation, Selector};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "service-selector-matches-nothing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("service_selector_matches_nothing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Selects).filter(|edge| edge.is_missing()) {
        let object = &context.bundle.objects[edge.from];
        let Some(selector) = edge.selector().filter(|_| object.kind_name() == "Service") else { continue };
        let namespace = context.graph.namespace(object);
        let has_pods = context.graph.pods().iter().any(|pods| pods.namespace == namespace);
        if has_pods || context.completeness == Completeness::Closed {
            say(context, edge, selector, namespace, findings);
        }
    }
}

fn say(context: &Context, edge: &Edge, selector: &Selector, namespace: &str, findings: &mut Findings) {
    let root = At::root(&context.bundle.objects[edge.from].root);
    let (spec, graph) = (root.key("spec"), context.graph);
    let at = spec.key("selector");
    let wrong = selector.labels.iter().find(|(key, value)| !graph.label_values(namespace, key).contains(value));
    let Some((key, value)) = wrong else {
        let title = format!("no Pod has all of the labels `{selector}`: each is on another one");
        findings.missing(edge.from, (at.to_string(), at.cause()), title, "write the labels of one Pod template");
        return;
    };
    let values = graph.label_values(namespace, key);
    let only = values.first().copied().filter(|_| values.len() == 1);
    let near = near_value(context, namespace, key, value).or(only);
    let help = match near {
        Some(near) => format!("did you mean `{key}: {near}`?"),
        None => format!("write labels that a Pod template of the same namespace has, or give one `{key}: {value}`"),
    };
    let place = (edge.place.field.clone(), at.entry(key).cause());
    let title = format!("no Pod has the label `{key}: {value}`, so this Service leads nowhere");
    let Some(finding) = findings.missing(edge.from, place, title, help) else { return };
    let near = near.and_then(|near| graph.pods().iter().find(|pods| pods.label(key) == Some(near)));
    let label = near.and_then(|pods| pods.template.follow(&["metadata", "labels", key]));
    finding.related.extend(label.map(|label| (label.cause, "this label is on Pods".to_owned())));
}
