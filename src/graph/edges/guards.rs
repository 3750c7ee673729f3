//! PodDisruptionBudgets and NetworkPolicies protect Pods; policies let other Pods connect.

use crate::bundle::At;
use crate::graph::edge::{Outcome, Part, Relation, Target};
use crate::graph::scene::Collector;
use crate::graph::selector::Selector;

/// The Pods that an object protects, and those that it lets in and out.
pub fn collect<'a>(kind: &str, root: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let spec = root.key("spec");
    match kind {
        "PodDisruptionBudget" => {
            let at = spec.key("selector");
            // a missing selector means no Pods, an empty one all
            if at.is_set() {
                collector.select(Relation::Guards, &at, collector.namespace, Selector::of(&at));
            }
        }
        "NetworkPolicy" => {
            let at = spec.key("podSelector");
            collector.select(Relation::Guards, &at, collector.namespace, Selector::of(&at));
            for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
                for rule in spec.key(direction).items() {
                    for peer in rule.key(peers).items() {
                        admit(&peer, collector);
                    }
                }
            }
        }
        _ => {}
    }
}

fn admit<'a>(peer: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let (pods, namespaces) = (peer.key("podSelector"), peer.key("namespaceSelector"));
    if !pods.is_set() {
        return;
    }
    let selector = Selector::of(&pods);
    if !namespaces.is_set() {
        collector.select(Relation::Admits, &pods, collector.namespace, selector);
        return;
    }
    let scene = collector.scene;
    let wanted = Selector::of(&namespaces);
    let meant = scene.pods.namespaces().filter(|name| scene.is_namespace_selected(name, &wanted));
    let found: Vec<usize> =
        meant.flat_map(|name| scene.pods.selected(name, &selector)).map(|pods| pods.object).collect();
    // other namespaces are not to be seen, so nothing is missing there
    let target = Target::Pods { namespace: None, selector, part: Part::Whole };
    collector.push(Relation::Admits, &pods, target, found, Outcome::Found);
}
