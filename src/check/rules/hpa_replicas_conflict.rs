//! What a HorizontalPodAutoscaler scales says no number of replicas itself.
//!
//! Each `kubectl apply` sets the number that is written, and the autoscaler sets its own a moment later: Pods are ended and started
//! again at every deployment, under load too. Stacks leave `replicas` out by themselves where there is an `[hpa]`.
//!
//! ```yaml fail
//! apiVersion: autoscaling/v2
//! kind: HorizontalPodAutoscaler
//! metadata: {name: web}
//! spec:
//!   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
//!   maxReplicas: 5
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   replicas: 2
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers: [{name: web, image: "nginx:1.27.3", resources: {requests: {cpu: 100m}}}]
//! ```
//!
//! ```yaml pass
//! apiVersion: autoscaling/v2
//! kind: HorizontalPodAutoscaler
//! metadata: {name: web}
//! spec:
//!   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
//!   minReplicas: 2
//!   maxReplicas: 5
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers: [{name: web, image: "nginx:1.27.3", resources: {requests: {cpu: 100m}}}]
//! ```
//!
//! Remove `replicas` from the workload, and write `minReplicas` in the autoscaler.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "hpa-replicas-conflict",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("hpa_replicas_conflict.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Scales) {
        let Some(target) = edge.found.first().copied() else { continue };
        let object = &context.bundle.objects[target];
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let replicas = spec.key("replicas");
        // zero switches the autoscaler off
        let Some(count) = replicas.integer().filter(|count| *count > 0) else { continue };
        let scaler = context.bundle.objects[edge.from].name();
        let title = format!(
            "each apply sets `replicas: {count}`, and the autoscaler `{scaler}` sets another number a moment later"
        );
        let help = "remove `replicas` here, and write the least number as `minReplicas` of the autoscaler";
        let finding = findings.add(target, &replicas, title, help);
        finding.related.push((edge.place.cause, "the autoscaler scales it".to_owned()));
    }
}
