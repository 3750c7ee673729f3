//! The objects of a stack, and their references.

use super::sketch::{Shape, Sketch};
use crate::graph::{Edge, Graph, Outcome, Part, Provider, Relation, Target};

/// Draws them in the order in which they are applied, grouped by component.
pub fn draw(graph: &Graph, sketch: &mut Sketch) {
    let mut drawn = Vec::new();
    for object in &graph.bundle().objects {
        let kind = object.kind_name();
        // where a stack writes into a namespace that is not its own, two objects may have one name
        let first = graph.find(kind, None, object.name()).map_or(object, |(_, first)| first);
        let (own, usual) = (graph.namespace(object), graph.namespace(first));
        let name = if own == usual { object.name().to_owned() } else { format!("{own}/{}", object.name()) };
        let node = sketch.node(kind, &name, Shape::of_kind(kind));
        sketch.locate(node, object.root.cause);
        sketch.list(node, object);
        if !object.identity.component.is_empty() {
            sketch.gather(node, &object.identity.component);
        }
        drawn.push(node);
    }
    for (object, node) in graph.bundle().objects.iter().zip(&drawn) {
        sketch.open(*node, object);
    }
    for edge in graph.edges() {
        follow(edge, &drawn, sketch);
    }
}

fn follow(edge: &Edge, drawn: &[usize], sketch: &mut Sketch) {
    // a Service forwards to the Pods that it selects
    if edge.relation == Relation::Forwards {
        return;
    }
    let from = drawn[edge.from];
    let detail = wording(edge);
    for found in &edge.found {
        sketch.edge(from, drawn[*found], edge.relation.as_str(), &detail);
    }
    if !edge.found.is_empty() {
        return;
    }
    let to = match (edge.outcome, &edge.target) {
        (Outcome::Provided(Provider::Object(maker)), _) => drawn[maker],
        (_, Target::Object { kind, name, .. }) => sketch.node(kind, name, Shape::Elsewhere),
        (_, Target::Outside { host, .. }) => sketch.node("external", host, Shape::Elsewhere),
        (_, Target::Pods { .. }) => return,
    };
    sketch.edge(from, to, edge.relation.as_str(), &detail);
}

/// The key or port that is meant.
fn wording(edge: &Edge) -> String {
    match (edge.part(), &edge.target) {
        (_, Target::Outside { port: Some(port), .. }) => format!(":{port}"),
        (Part::Key(text) | Part::PortName(text) | Part::Listener(Some(text), _), _) => text.to_owned(),
        (Part::PortNumber(number) | Part::Listener(None, Some(number)), _) => format!(":{number}"),
        (Part::Whole | Part::Listener(None, None), _) => String::new(),
    }
}
