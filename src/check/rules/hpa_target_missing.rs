//! The workload that a HorizontalPodAutoscaler scales exists and can be scaled.
//!
//! An autoscaler without a target does nothing; `kubectl describe` shows `FailedGetScale`, nothing else does. A DaemonSet, a Job and
//! a single Pod have no number of replicas to set.
//!
//! ```yaml fail
//! apiVersion: autoscaling/v2
//! kind: HorizontalPodAutoscaler
//! metadata: {name: web}
//! spec:
//!   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: wbe}
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
//! Write kind and name of a Deployment or StatefulSet of the same namespace.

use super::absent::absent;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "hpa-target-missing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("hpa_target_missing.rs"),
    check,
};

/// Workloads that have as many Pods as there are nodes, or as one run needs.
const UNSCALABLE: [&str; 4] = ["DaemonSet", "Job", "CronJob", "Pod"];

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Scales) {
        // what cannot be the name of anything the server refuses
        let is_refused = |(kind, name): (&str, &str)| [kind, name].iter().any(|word| word.contains(['/', '%']));
        if edge.named().is_some_and(is_refused) {
            continue;
        }
        if edge.is_missing() {
            let words =
                absent(context, edge, "write kind and name of a Deployment or StatefulSet of the same namespace");
            findings.missing_at(Severity::Warning, edge, words);
        } else if let Some((kind, name)) = edge.named().filter(|(kind, _)| UNSCALABLE.contains(kind)) {
            let title = format!("{kind} `{name}` has no number of replicas that an autoscaler could set");
            let help = "scale a Deployment or a StatefulSet, or remove the HorizontalPodAutoscaler".to_owned();
            findings.add_edge(Severity::Error, edge, (title, help));
        }
    }
}
