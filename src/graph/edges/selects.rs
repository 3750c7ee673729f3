//! Services and workloads mean Pods by their labels; ports of a Service lead to ports of these Pods.

use crate::bundle::{At, Field, FieldValue};
use crate::graph::edge::{Outcome, Part, Relation, Target};
use crate::graph::pods::Pods;
use crate::graph::scene::{Collector, port};
use crate::graph::selector::Selector;

/// Kinds with `spec.selector.matchLabels`.
const WORKLOADS: [&str; 5] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"];

/// The Pods that an object means.
pub fn collect<'a>(kind: &str, root: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let spec = root.key("spec");
    let at = spec.key("selector");
    match kind {
        "Service" => of_service(&spec, &at, collector),
        "ReplicationController" if !at.is_empty() => {
            collector.select(Relation::Selects, &at, collector.namespace, Selector::of_labels(&at));
        }
        kind if WORKLOADS.contains(&kind) && !at.is_empty() => {
            collector.select(Relation::Selects, &at, collector.namespace, Selector::of(&at));
        }
        _ => {}
    }
}

fn of_service<'a>(spec: &At<'_, 'a>, at: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    // without a selector, somebody else says where it leads
    if at.is_empty() || spec.key("type").is_text("ExternalName") {
        return;
    }
    let selector = Selector::of_labels(at);
    let (scene, namespace) = (collector.scene, collector.namespace);
    let selected: Vec<&Pods> = scene.pods.selected(namespace, &selector).collect();
    let objects: Vec<usize> = selected.iter().map(|pods| pods.object).collect();
    let outcome = scene.outcome_of_pods(&objects, &selector);
    let pods = |selector, part| Target::Pods { namespace: Some(namespace), selector, part };
    collector.push(Relation::Selects, at, pods(selector.clone(), Part::Whole), objects.clone(), outcome);
    for entry in spec.key("ports").items() {
        let target = entry.key("targetPort");
        let (place, part) =
            if target.is_set() { (target, port(&target)) } else { (entry.key("port"), port(&entry.key("port"))) };
        let protocol = entry.key("protocol");
        let protocol = if protocol.is_empty() { "TCP" } else { protocol.text() };
        let open = selected.iter().filter(|pods| pods.ports().any(|port| is_meant(port, part, protocol)));
        let open: Vec<usize> = open.map(|pods| pods.object).collect();
        let (found, outcome) = match outcome {
            Outcome::Found if open.is_empty() => (objects.clone(), Outcome::WithoutPart),
            other => (open, other),
        };
        collector.push(Relation::Forwards, &place, pods(selector.clone(), part), found, outcome);
    }
}

/// Whether a port of a container is the one that a Service leads to.
fn is_meant(port: &Field, wanted: Part, protocol: &str) -> bool {
    let own = port.get("protocol").and_then(Field::as_str).unwrap_or("TCP");
    own == protocol
        && match wanted {
            Part::PortName(name) => port.get("name").and_then(Field::as_str) == Some(name),
            Part::PortNumber(number) => {
                matches!(port.get("containerPort").map(|field| &field.value), Some(FieldValue::Integer(own)) if *own == number)
            }
            _ => true,
        }
}
