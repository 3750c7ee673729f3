//! A HorizontalPodAutoscaler sets how many Pods a workload has.

use crate::bundle::At;
use crate::graph::edge::Relation;
use crate::graph::scene::{Collector, Named};

/// The workload that an object scales.
pub fn collect<'a>(kind: &str, root: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    if kind == "HorizontalPodAutoscaler" {
        let spec = root.key("spec");
        let target = spec.key("scaleTargetRef");
        let (kind, name) = (target.key("kind"), target.key("name"));
        collector.name(Relation::Scales, &name, Named::whole(kind.text(), collector.namespace, name.text()));
    }
}
