//! The components of a stack, and what they are to each other.

use super::sketch::{Shape, Sketch};
use crate::bundle::{Field, Object};
use crate::component::parts::edges::Binding;
use crate::component::world::{COMPONENT_LABEL, Connection, NAME_LABEL, NamedPort};
use crate::document::OriginId;
use crate::graph::{Edge, Graph, Outcome, Provider, Relation};
use crate::stack::Stack;
use crate::value::Name;

/// Draws them in the order of the tables: what is asked first stands first.
pub fn draw(stack: &Stack, graph: &Graph, sketch: &mut Sketch) {
    declare(stack, sketch);
    let owners: Vec<Option<usize>> = graph.bundle().objects.iter().map(|object| own(object, sketch)).collect();
    for (object, owner) in graph.bundle().objects.iter().zip(&owners) {
        if let Some(owner) = *owner {
            sketch.list(owner, object);
            sketch.open(owner, object);
            accompany(owner, object, sketch);
        }
    }
    route(stack, sketch);
    lead(stack, sketch);
    for edge in graph.edges() {
        follow(edge, &owners, sketch);
    }
}

/// Every table that is drawn, whether it makes an object or not.
fn declare(stack: &Stack, sketch: &mut Sketch) {
    let tables = &stack.file.tables;
    let mut add = |table: &str, name: &str, origin: OriginId| {
        let node = sketch.node(table, name, shape(table));
        sketch.locate(node, origin.into());
    };
    tables.ingress.iter().for_each(|(name, _)| add("ingress", name.value.as_str(), name.origin));
    tables.hpa.iter().for_each(|(name, _)| add("hpa", name.value.as_str(), name.origin));
    tables.workloads().for_each(|(table, name, _)| add(table, name.value.as_str(), name.origin));
    tables.manifest.iter().for_each(|(name, _)| add("manifest", name.value.as_str(), name.origin));
    tables.db.iter().for_each(|(name, _)| add("db", name.value.as_str(), name.origin));
    tables.external.iter().for_each(|(name, _)| add("external", name.value.as_str(), name.origin));
    tables.config.iter().for_each(|(name, _)| add("config", name.value.as_str(), name.origin));
    tables.secret.iter().for_each(|(name, _)| add("secret", name.value.as_str(), name.origin));
    tables.volume.iter().for_each(|(name, _)| add("volume", name.value.as_str(), name.origin));
}

fn shape(table: &str) -> Shape {
    match table {
        "ingress" => Shape::Entrance,
        "hpa" | "manifest" => Shape::Control,
        "cronjob" | "job" => Shape::Task,
        "db" | "volume" => Shape::Store,
        "config" | "secret" => Shape::Settings,
        "external" => Shape::Elsewhere,
        _ => Shape::Component,
    }
}

/// The node that an object belongs to; none for the stack's own Namespace.
fn own(object: &Object, sketch: &mut Sketch) -> Option<usize> {
    if object.identity.is_given() {
        return Some(sketch.node("manifest", &object.identity.component, Shape::Control));
    }
    let label = |label| object.root.follow(&["metadata", "labels", label]).and_then(Field::as_str);
    let table = label(COMPONENT_LABEL)?;
    let name = label(NAME_LABEL).unwrap_or(&object.identity.component);
    match (table, object.kind_name()) {
        (_, "Namespace") => None,
        (_, kind @ ("PodDisruptionBudget" | "NetworkPolicy")) => Some(sketch.node(kind, object.name(), Shape::Control)),
        _ => Some(sketch.node(table, name, shape(table))),
    }
}

/// What is made beside a database leads to it.
fn accompany(owner: usize, object: &Object, sketch: &mut Sketch) {
    let (relation, shape) = match &*object.identity.role {
        "backup" => ("backs up", Shape::Task),
        "restore" => ("restores", Shape::Task),
        "exporter" => ("watches", Shape::Component),
        "pooler" => ("pools", Shape::Component),
        _ => return,
    };
    // its settings or its disk may have come first
    sketch.reshape(owner, shape);
    let database = sketch.node("db", &object.identity.component, Shape::Store);
    sketch.bare_edge(owner, database, relation);
}

/// The paths of each ingress.
fn route(stack: &Stack, sketch: &mut Sketch) {
    for (name, ingress) in stack.file.tables.ingress.iter() {
        let from = sketch.node("ingress", name.value.as_str(), Shape::Entrance);
        for (path, route) in ingress.routes.0.iter() {
            let to = sketch.node("api", route.to.value.name.as_str(), Shape::Component);
            sketch.edge(from, to, Relation::Routes.as_str(), path.value.as_str());
        }
    }
}

/// What `uses` and `wait` say.
fn lead(stack: &Stack, sketch: &mut Sketch) {
    for (table, name, workload) in stack.file.tables.workloads() {
        let from = sketch.node(table, name.value.as_str(), shape(table));
        for container in workload.containers(name.as_ref().map(Name::as_str)) {
            for (target, binding) in container.uses.0.iter() {
                let Some(connection) = stack.connections.get(target.value.as_str()) else { continue };
                let to = sketch.node(connection.table, target.value.as_str(), shape(connection.table));
                sketch.edge(from, to, Relation::Uses.as_str(), &wording(binding, connection));
            }
        }
        for target in &workload.wait {
            let Some(connection) = stack.connections.get(target.value.as_str()) else { continue };
            let to = sketch.node(connection.table, target.value.as_str(), shape(connection.table));
            sketch.bare_edge(from, to, "waits for");
        }
    }
}

/// The set of variables and the ports that an edge means: `libpq :5432`.
fn wording(binding: &Binding, connection: &Connection) -> String {
    let word = match binding {
        Binding::Word(word) if word.value.as_str() != "default" => Some(word.value),
        Binding::Word(_) => connection.default,
        Binding::Variables(_) => None,
    };
    let wanted = binding.ports(connection);
    let is_wanted = |port: &&NamedPort| match (&wanted, &port.name) {
        (Some(wanted), Some(name)) => wanted.contains(name),
        _ => true,
    };
    let ports = connection.ports.iter().filter(is_wanted).map(|port| format!(":{}", port.number.value));
    word.map(|word| word.as_str().to_owned()).into_iter().chain(ports).collect::<Vec<_>>().join(" ")
}

/// A reference of an object, as one of its component.
fn follow(edge: &Edge, owners: &[Option<usize>], sketch: &mut Sketch) {
    // what is used is known with its binding; that Services forward and policies admit follows from the rest
    if matches!(edge.relation, Relation::Uses | Relation::Forwards | Relation::Admits) {
        return;
    }
    let Some(from) = owners[edge.from] else { return };
    let found = edge.found.iter().filter_map(|found| owners[*found]);
    for to in found {
        sketch.bare_edge(from, to, edge.relation.as_str());
    }
    let elsewhere = match (edge.outcome, edge.named()) {
        (Outcome::Provided(Provider::Object(maker)), _) => owners[maker],
        (Outcome::Provided(Provider::Stack), Some((kind, name))) => promised(kind, name, sketch),
        (Outcome::Missing, Some((kind, name))) if edge.is_missing() => promised(kind, name, sketch),
        _ => None,
    };
    if let Some(to) = elsewhere {
        sketch.bare_edge(from, to, edge.relation.as_str());
    }
}

/// What the stack does not make: the table that promises it, or the object itself.
fn promised(kind: &str, name: &str, sketch: &mut Sketch) -> Option<usize> {
    match kind {
        "Secret" => Some(sketch.node("secret", name, Shape::Settings)),
        "ConfigMap" | "PersistentVolumeClaim" => Some(sketch.node(kind, name, Shape::Elsewhere)),
        // classes and accounts are the cluster's own affair
        _ => None,
    }
}
