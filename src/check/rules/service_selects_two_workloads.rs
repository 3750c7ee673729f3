//! A Service leads to the Pods of one workload.
//!
//! A selector that is too wide also means the Pods of a neighbour: every second request is answered by a worker, or by the exporter
//! of the database. It is seldom seen in tests, because the right Pods are among them.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec:
//!   selector: {tier: frontend}
//!   ports: [{port: 80}]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web, tier: frontend}}
//!     spec:
//!       containers: [{name: web, image: "nginx:1.27.3"}]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: admin}
//! spec:
//!   selector: {matchLabels: {app: admin}}
//!   template:
//!     metadata: {labels: {app: admin, tier: frontend}}
//!     spec:
//!       containers: [{name: admin, image: "nginx:1.27.3"}]
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec:
//!   selector: {app: web, tier: frontend}
//!   ports: [{port: 80}]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web, tier: frontend}}
//!     spec:
//!       containers: [{name: web, image: "nginx:1.27.3"}]
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: admin}
//! spec:
//!   selector: {matchLabels: {app: admin}}
//!   template:
//!     metadata: {labels: {app: admin, tier: frontend}}
//!     spec:
//!       containers: [{name: admin, image: "nginx:1.27.3"}]
//! ```
//!
//! Add a label that only the right Pods have. A headless Service over all members of a cluster is meant so and not looked at; for a
//! canary beside the stable version write `allow = { service-selects-two-workloads = "REASON" }`.

use super::origin::is_hook;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, Field, Object};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "service-selects-two-workloads",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("service_selects_two_workloads.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Selects).filter(|edge| edge.found.len() > 1) {
        let object = &context.bundle.objects[edge.from];
        let root = At::root(&object.root);
        if object.kind_name() != "Service" || root.key("spec").key("clusterIP").is_text("None") {
            continue;
        }
        let objects = edge.found.iter().map(|found| &context.bundle.objects[*found]);
        let mut lasting: Vec<&Object> = objects.filter(|object| !is_hook(object)).collect();
        // two of one name are told elsewhere
        lasting.dedup_by_key(|object| (object.kind_name(), object.name()));
        let [first, second, ..] = lasting[..] else { continue };
        let names = format!("{} `{}` and {} `{}`", first.kind_name(), first.name(), second.kind_name(), second.name());
        let more = lasting.len() - 2;
        let names = if more > 0 { format!("{names} and of {more} more") } else { names };
        let title = format!("Service `{}` sends requests to the Pods of {names}", object.name());
        let own = own_label(first, second).map(|label| format!(", as in `{label}`")).unwrap_or_default();
        let help = format!("add a label to the selector that only the Pods have which shall answer{own}");
        let finding = findings.add_edge(Severity::Error, edge, (title, help));
        finding.related.extend(lasting.iter().filter_map(|object| {
            let labels = object.pod_template()?.follow(&["metadata", "labels"])?;
            Some((labels.cause, "these Pods are selected".to_owned()))
        }));
    }
}

/// A label of the Pods of one object that those of the other do not have.
fn own_label(one: &Object, other: &Object) -> Option<String> {
    let path = ["metadata", "labels"];
    let (own, others) = (one.pod_template()?.follow(&path)?, other.pod_template()?.follow(&path)?);
    let mut own = own.entries().iter().filter_map(|(key, value)| Some((&**key, value.as_str()?)));
    let is_shared = |key: &str, value: &str| others.get(key).and_then(Field::as_str) == Some(value);
    own.find(|(key, value)| !is_shared(key, value)).map(|(key, value)| format!("{key}: {value}"))
}
