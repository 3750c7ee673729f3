//! A PodDisruptionBudget keeps fewer Pods than the HorizontalPodAutoscaler may leave.
//!
//! When there is little to do the autoscaler goes down to its minimum. A budget that keeps so many, or more, lets no Pod go then: nodes
//! are drained in the night, and these drains never end.
//!
//! ```yaml fail
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: {name: web}
//! spec:
//!   minAvailable: 3
//!   selector: {matchLabels: {app: web}}
//! ---
//! apiVersion: autoscaling/v2
//! kind: HorizontalPodAutoscaler
//! metadata: {name: web}
//! spec:
//!   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
//!   minReplicas: 2
//!   maxReplicas: 10
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
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: {name: web}
//! spec:
//!   maxUnavailable: 1
//!   selector: {matchLabels: {app: web}}
//! ---
//! apiVersion: autoscaling/v2
//! kind: HorizontalPodAutoscaler
//! metadata: {name: web}
//! spec:
//!   scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
//!   minReplicas: 2
//!   maxReplicas: 10
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
//! Write `maxUnavailable: 1`, which holds for any number of Pods. Nothing is said on local clusters, which nobody drains.

use super::origin::help;
use super::scale::{Scale, amount};
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "pdb-vs-hpa",
    class: Class::Reference,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("pdb_vs_hpa.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Guards) {
        let object = &context.bundle.objects[edge.from];
        let [workload] = edge.found[..] else { continue };
        let Some(Scale { least, most, scaler: Some(scaler) }) = Scale::of(workload, context) else { continue };
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let kept = spec.key("minAvailable");
        let blocks = |pods: i64| amount(&kept, pods).is_some_and(|kept| kept >= pods);
        // what blocks at any number of Pods is said by `pdb-blocks-drain`
        if object.kind_name() != "PodDisruptionBudget" || least < 1 || blocks(most) || !blocks(least) {
            continue;
        }
        let scaler = &context.bundle.objects[scaler];
        let title = format!(
            "this budget keeps {} Pods, and the autoscaler `{}` may leave no more than {least}: no node can be drained then",
            kept.value().trim_matches(['"', '`']),
            scaler.name()
        );
        let yaml = "write `maxUnavailable: 1` in place of `minAvailable`";
        let help = help(context, object, "pdb = { unavailable = 1 }", yaml);
        let finding = findings.add(edge.from, &kept, title, help);
        let root = At::root(&scaler.root);
        finding.related.push((root.key("spec").key("minReplicas").cause(), "the autoscaler's least number".to_owned()));
    }
}
