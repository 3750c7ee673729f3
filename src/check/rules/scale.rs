//! How many Pods workloads have, with what scales them.

use super::Context;
use crate::bundle::{At, Field};
use crate::graph::Relation;

/// How many Pods a workload has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// At least.
    pub least: i64,
    /// At most.
    pub most: i64,
    /// The HorizontalPodAutoscaler that decides, as an index into the bundle.
    pub scaler: Option<usize>,
}

impl Scale {
    /// That of an object; none where it is not a number of like Pods that somebody chose.
    pub fn of(object: usize, context: &Context) -> Option<Self> {
        const SCALED: [&str; 4] = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];
        let described = &context.bundle.objects[object];
        if !SCALED.contains(&described.kind_name()) {
            return None;
        }
        let scaling = context.graph.edges_to(object).find(|edge| edge.relation == Relation::Scales);
        let number =
            |object: usize, key| context.bundle.objects[object].root.follow(&["spec", key]).and_then(Field::as_integer);
        Some(match scaling.map(|edge| edge.from) {
            Some(scaler) => {
                let least = number(scaler, "minReplicas").unwrap_or(1);
                Self { least, most: number(scaler, "maxReplicas").unwrap_or(least), scaler: Some(scaler) }
            }
            None => {
                let replicas = number(object, "replicas").unwrap_or(1);
                Self { least: replicas, most: replicas, scaler: None }
            }
        })
    }
}

/// An amount of Pods, of which a percentage is rounded up, as disruption budgets do; none where it is neither.
pub fn amount(at: &At, pods: i64) -> Option<i64> {
    let percent: Option<i64> = at.text().strip_suffix('%').and_then(|text| text.parse().ok());
    at.integer().or(percent.map(|percent| percent.saturating_mul(pods).saturating_add(99) / 100))
}
