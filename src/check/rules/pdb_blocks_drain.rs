//! A PodDisruptionBudget lets one Pod go.
//!
//! A budget that keeps as many Pods as there are, or lets none be unavailable, stops every drain: a node cannot be updated or
//! removed before somebody deletes the budget by hand. For a single Pod any budget does so.
//!
//! ```yaml fail
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: {name: cache}
//! spec:
//!   minAvailable: 1
//!   selector: {matchLabels: {app: cache}}
//! ---
//! apiVersion: apps/v1
//! kind: StatefulSet
//! metadata: {name: cache}
//! spec:
//!   replicas: 1
//!   selector: {matchLabels: {app: cache}}
//!   template:
//!     metadata: {labels: {app: cache}}
//!     spec:
//!       containers: [{name: cache, image: "redis:7.4"}]
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
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   replicas: 2
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers: [{name: web, image: "nginx:1.27.3"}]
//! ```
//!
//! Write `pdb = { unavailable = 1 }`, in YAML `maxUnavailable: 1`, or remove the budget. Nothing is said on local clusters, which
//! nobody drains.

use super::origin::help;
use super::scale::{Scale, amount};
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "pdb-blocks-drain",
    class: Class::Reference,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("pdb_blocks_drain.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Guards) {
        let object = &context.bundle.objects[edge.from];
        let scales: Option<Vec<Scale>> = edge.found.iter().map(|found| Scale::of(*found, context)).collect();
        // of Pods that nobody counts, nothing is known
        let Some(scales) = scales.filter(|_| object.kind_name() == "PodDisruptionBudget") else { continue };
        let most: i64 = scales.iter().map(|scale| scale.most).sum();
        if most == 0 {
            continue;
        }
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let (kept, away) = (spec.key("minAvailable"), spec.key("maxUnavailable"));
        let (at, blocks) = match amount(&away, most) {
            Some(away_pods) => (&away, away_pods <= 0),
            None => (&kept, amount(&kept, most).is_some_and(|kept| kept >= most)),
        };
        if blocks {
            let pods = if most == 1 { "the only Pod".to_owned() } else { format!("none of {most} Pods") };
            let title = match most {
                1 => format!("this budget never lets {pods} go, so its node cannot be drained"),
                _ => format!("this budget lets {pods} go, so their nodes cannot be drained"),
            };
            let help = match most {
                1 => help(context, object, "replicas = 2", "remove the budget, or write at least two replicas"),
                _ => help(context, object, "pdb = { unavailable = 1 }", "write `maxUnavailable: 1`"),
            };
            findings.add(edge.from, at, title, help);
        }
    }
}
