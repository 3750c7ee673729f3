//! Looks up what references name.

use super::edge::{Edge, Need, Outcome, Part, Place, Relation, Target};
use super::names::{CLUSTER, Names};
use super::pods::AllPods;
use super::providers::Providers;
use super::selector::Selector;
use crate::bundle::{At, Bundle, Field, FieldValue};

/// The label that the API server gives each Namespace.
const NAMESPACE_LABEL: &str = "kubernetes.io/metadata.name";

/// Everything that references lead to.
pub struct Scene<'a> {
    pub bundle: &'a Bundle,
    pub names: Names<'a>,
    pub pods: AllPods<'a>,
    pub providers: Providers<'a>,
}

/// An object that is named.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    pub kind: &'a str,
    pub namespace: &'a str,
    pub name: &'a str,
    pub part: Part<'a>,
    pub need: Need,
}

impl<'a> Named<'a> {
    /// The whole of an object, which must be there.
    pub fn whole(kind: &'a str, namespace: &'a str, name: &'a str) -> Self {
        Self { kind, namespace, name, part: Part::Whole, need: Need::Required }
    }

    /// This part of it.
    pub fn part(self, part: Part<'a>) -> Self {
        Self { part, ..self }
    }

    /// As far as `optional: true` beside the reference asks.
    pub fn unless(self, optional: &At) -> Self {
        Self { need: if optional.is_true() { Need::Optional } else { Need::Required }, ..self }
    }
}

/// Collects the edges of one object after the other.
pub struct Collector<'s, 'a> {
    pub scene: &'s Scene<'a>,
    /// The object that is looked at.
    pub from: usize,
    /// Its namespace.
    pub namespace: &'a str,
    pub edges: Vec<Edge<'a>>,
}

impl<'a> Collector<'_, 'a> {
    /// A reference to an object by its name; nothing where the name is empty.
    pub fn name(&mut self, relation: Relation, at: &At<'_, 'a>, named: Named<'a>) {
        if named.name.is_empty() {
            return;
        }
        let place = Place { field: at.to_string(), cause: at.cause() };
        let edge = self.scene.edge(relation, self.from, place, named);
        self.edges.push(edge);
    }

    /// The same, where the part is written at a place of its own: that is the mistake where the object lacks the part.
    pub fn name_with_part(&mut self, relation: Relation, (name, part): (&At<'_, 'a>, &At<'_, 'a>), named: Named<'a>) {
        let before = self.edges.len();
        self.name(relation, name, named);
        for edge in self.edges[before..].iter_mut().filter(|edge| edge.outcome == Outcome::WithoutPart && part.is_set())
        {
            edge.place = Place { field: part.to_string(), cause: part.cause() };
        }
    }

    /// A reference to Pods of one namespace by their labels.
    pub fn select(&mut self, relation: Relation, at: &At<'_, 'a>, namespace: &'a str, selector: Selector<'a>) {
        let scene = self.scene;
        let found: Vec<usize> = scene.pods.selected(namespace, &selector).map(|pods| pods.object).collect();
        let outcome = scene.outcome_of_pods(&found, &selector);
        let target = Target::Pods { namespace: Some(namespace), selector, part: Part::Whole };
        self.push(relation, at, target, found, outcome);
    }

    /// An edge whose end is known.
    pub fn push(
        &mut self,
        relation: Relation,
        at: &At<'_, 'a>,
        target: Target<'a>,
        found: Vec<usize>,
        outcome: Outcome,
    ) {
        let place = Place { field: at.to_string(), cause: at.cause() };
        let (from, need) = (self.from, Need::Required);
        self.edges.push(Edge { relation, from, place, target, need, found, outcome });
    }
}

impl<'a> Scene<'a> {
    /// The edge to an object that is named.
    pub fn edge(&self, relation: Relation, from: usize, place: Place, named: Named<'a>) -> Edge<'a> {
        let Named { kind, namespace, name, part, need } = named;
        let found = self.names.find(kind, namespace, name);
        let outcome = match found {
            Some(index) if self.has_part(index, part) => Outcome::Found,
            Some(_) => Outcome::WithoutPart,
            None => self.providers.of_object(kind, namespace, name).map_or(Outcome::Missing, |provider| {
                let keys = self.providers.keys(kind, namespace, name);
                let is_lacking = matches!(part, Part::Key(key) if keys.is_some_and(|keys| !keys.contains(&key)));
                if is_lacking { Outcome::WithoutPart } else { Outcome::Provided(provider) }
            }),
        };
        let target = Target::Object { kind, namespace, name, part };
        Edge { relation, from, place, target, need, found: found.into_iter().collect(), outcome }
    }

    /// Whether nobody provides an object that is named.
    pub fn is_missing(&self, named: Named<'a>) -> bool {
        let Named { kind, namespace, name, .. } = named;
        self.names.find(kind, namespace, name).is_none() && self.providers.of_object(kind, namespace, name).is_none()
    }

    /// Whether a selector means a namespace, as far as its labels are known.
    pub fn is_namespace_selected(&self, namespace: &str, selector: &Selector) -> bool {
        let object = self.names.find("Namespace", CLUSTER, namespace).map(|index| &self.bundle.objects[index].root);
        selector.accepts(|key, value| {
            let own = object.and_then(|root| root.follow(&["metadata", "labels", key])?.as_str());
            let own = own.or_else(|| (key == NAMESPACE_LABEL).then_some(namespace));
            own.is_some_and(|own| value.is_none_or(|value| value == own))
        })
    }

    /// Whether there are Pods that a selector means.
    pub fn outcome_of_pods(&self, found: &[usize], selector: &Selector<'a>) -> Outcome {
        match found {
            [] => self.providers.of_pods(selector).map_or(Outcome::Missing, Outcome::Provided),
            _ => Outcome::Found,
        }
    }

    /// Whether an object has a part; true where that cannot be known.
    fn has_part(&self, object: usize, part: Part) -> bool {
        let root = &self.bundle.objects[object].root;
        match part {
            Part::Whole => true,
            Part::Key(key) => has_key(root, key),
            Part::PortName(_) | Part::PortNumber(_) => has_port(root, part),
            Part::Listener(name, port) => has_listener(root, name, port),
        }
    }
}

/// Whether a ConfigMap or Secret has a key. One that holds nothing at all is filled by somebody else, as is the Secret of an
/// account's token.
fn has_key(root: &Field, key: &str) -> bool {
    let maps = ["data", "binaryData", "stringData"].into_iter().filter_map(|map| root.get(map));
    let is_token = root.get("type").and_then(Field::as_str) == Some("kubernetes.io/service-account-token");
    is_token || maps.clone().next().is_none() || maps.into_iter().any(|map| map.get(key).is_some())
}

/// Whether a Service has a port. What an ExternalName leads to is not known.
fn has_port(root: &Field, wanted: Part) -> bool {
    let is_elsewhere = root.follow(&["spec", "type"]).and_then(Field::as_str) == Some("ExternalName");
    let ports = root.follow(&["spec", "ports"]).map_or(&[][..], Field::items);
    is_elsewhere
        || ports.iter().any(|port| match wanted {
            Part::PortName(name) => port.get("name").and_then(Field::as_str) == Some(name),
            Part::PortNumber(number) => port.get("port").and_then(Field::as_integer) == Some(number),
            _ => true,
        })
}

/// Whether a Gateway has a listener.
fn has_listener(root: &Field, name: Option<&str>, port: Option<i64>) -> bool {
    let listeners = root.follow(&["spec", "listeners"]).map_or(&[][..], Field::items);
    listeners.iter().any(|listener| {
        name.is_none_or(|name| listener.get("name").and_then(Field::as_str) == Some(name))
            && port.is_none_or(|port| listener.get("port").and_then(Field::as_integer) == Some(port))
    })
}

/// A port by name or number, where one is written.
pub fn port<'a>(at: &At<'_, 'a>) -> Part<'a> {
    match at.field().map(|field| &field.value) {
        Some(FieldValue::String(name)) => Part::PortName(name),
        Some(FieldValue::Integer(number)) => Part::PortNumber(*number),
        _ => Part::Whole,
    }
}
