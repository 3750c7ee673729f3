//! The `targetPort` of a Service is a port that its Pods declare.
//!
//! A name that no container has makes the Service drop this port without a word: connections are refused. A number that no
//! container declares may still be listened on, but is mostly a slip: where the Pods declare ports at all, this is a warning.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec:
//!   selector: {app: web}
//!   ports: [{port: 80, targetPort: htpp}]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers:
//!       - {name: web, image: "nginx:1.27.3", ports: [{name: http, containerPort: 80}]}
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec:
//!   selector: {app: web}
//!   ports: [{port: 80, targetPort: http}]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers:
//!       - {name: web, image: "nginx:1.27.3", ports: [{name: http, containerPort: 80}]}
//! ```
//!
//! Write the name or number of a port of the container, or declare the port there.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Field;
use crate::diagnostic::{Class, Severity};
use crate::graph::{Edge, Outcome, Part, Pods, Relation};
use crate::value::nearest;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "service-targetport-unresolved",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("service_targetport_unresolved.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Forwards).filter(|edge| edge.outcome == Outcome::WithoutPart) {
        let selecting = context.graph.edges_from(edge.from).iter().find(|edge| edge.relation == Relation::Selects);
        let objects = selecting.map(|edge| &edge.found[..]).unwrap_or_default();
        let pods: Vec<&Pods> = objects.iter().filter_map(|object| context.graph.pods_of(*object)).collect();
        say(edge, &pods, findings);
    }
}

fn say(edge: &Edge, pods: &[&Pods], findings: &mut Findings) {
    let Some(first) = pods.first() else { return };
    let whose = format!("{} `{}`", first.kind, first.name);
    let ports: Vec<&Field> = pods.iter().flat_map(|pods| pods.ports()).collect();
    let names = || ports.iter().filter_map(|port| port.get("name")?.as_str());
    let declared = declared(&ports);
    let (severity, title, near) = match edge.part() {
        Part::PortName(name) => {
            let title = format!("no container of {whose} has a port named `{name}`");
            (Severity::Error, title, nearest(name, names()))
        }
        // a number need not be declared to be listened on
        Part::PortNumber(number) if !ports.is_empty() => {
            (Severity::Warning, format!("no container of {whose} declares the port {number}"), None)
        }
        _ => return,
    };
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if ports.is_empty() => {
            "write the number of the port, or name it below `ports` of the container".to_owned()
        }
        None => format!("write one of its ports, {declared}, or declare this one"),
    };
    let finding = findings.add_edge(severity, edge, (title, help));
    let cause = ports.first().map_or(first.template.cause, |port| port.cause);
    finding.related.push((cause, "these are the Pods' ports".to_owned()));
}

/// `` `http` (80), 9090 ``
fn declared(ports: &[&Field]) -> String {
    let spell = |port: &&Field| {
        let number = port.get("containerPort")?.spelled()?;
        Some(match port.get("name").and_then(Field::as_str) {
            Some(name) => format!("`{name}` ({number})"),
            None => number.into_owned(),
        })
    };
    ports.iter().filter_map(spell).collect::<Vec<_>>().join(", ")
}
