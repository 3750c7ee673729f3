//! Whether NetworkPolicies let Pods talk to each other.

use super::Context;
use crate::bundle::{At, Field};
use crate::graph::{Edge, Part, Pods, Relation, Selector};

/// A way from Pods to a port of other Pods.
#[derive(Debug, Clone, Copy)]
pub struct Traffic<'a> {
    /// The object whose Pods connect.
    pub from: usize,
    /// The object whose Pods are connected to.
    pub to: usize,
    /// The port of the latter.
    pub port: Part<'a>,
}

/// Which end of a way a policy restricts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Where it arrives.
    In,
    /// Where it begins.
    Out,
}

/// Why a policy refuses.
pub fn reason(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "does not let it in",
        Direction::Out => "does not let it out",
    }
}

/// What DNS is asked at.
const NAMES: i64 = 53;

impl<'a> Traffic<'a> {
    /// The same with a number for the port, where the Pods have one of that name.
    #[must_use]
    pub fn resolved(self, context: &Context<'a>) -> Self {
        let Part::PortName(name) = self.port else { return self };
        let pods = context.graph.pods_of(self.to);
        let mut named = pods.into_iter().flat_map(Pods::ports).filter(|port| text(port, "name") == Some(name));
        let number = named.next().and_then(|port| port.get("containerPort")?.as_integer());
        Self { port: number.map_or(self.port, Part::PortNumber), ..self }
    }

    /// The policy that refuses, with the port, where policies restrict this end and none lets it through.
    pub fn refused(&self, direction: Direction, context: &Context) -> Option<(usize, i64)> {
        let Part::PortNumber(number) = self.port else { return None };
        let (own, other) = match direction {
            Direction::In => (self.to, self.from),
            Direction::Out => (self.from, self.to),
        };
        let policies = policies(own, direction, context);
        let first = policies.first().copied()?;
        let (target, pods) = (context.graph.pods_of(self.to)?, context.graph.pods_of(other)?);
        // most are let in by their labels, and a policy may have an entry for each of many
        let mut admitting = context.graph.edges_to(other).filter(|edge| edge.relation == Relation::Admits);
        if admitting.any(|edge| policies.contains(&edge.from) && opens(edge, direction, number, target, context)) {
            return None;
        }
        let lets_through = |policy: &usize| {
            let root = At::root(&context.bundle.objects[*policy].root);
            let namespace = context.graph.namespace(&context.bundle.objects[*policy]);
            entries(&root, direction, &mut |peers, ports| {
                is_open(ports, number, Some(target)) && is_peer(peers, pods, namespace, context)
            })
        };
        (!policies.iter().any(lets_through)).then_some((first, number))
    }

    /// The policy that keeps Pods from asking DNS, where one does.
    pub fn names_refused(from: usize, context: &Context) -> Option<usize> {
        let policies = policies(from, Direction::Out, context);
        let lets_through = |policy: &usize| {
            let root = At::root(&context.bundle.objects[*policy].root);
            entries(&root, Direction::Out, &mut |_, ports| is_open(ports, NAMES, None))
        };
        let first = policies.first().copied()?;
        (!policies.iter().any(lets_through)).then_some(first)
    }
}

/// Whether the entry of a policy that lets Pods through by their labels opens a port.
fn opens(edge: &Edge, direction: Direction, number: i64, target: &Pods, context: &Context) -> bool {
    let list = if direction == Direction::In { "ingress" } else { "egress" };
    let rest = edge.place.field.strip_prefix("spec.").and_then(|field| field.strip_prefix(list)?.strip_prefix('['));
    let Some(index) = rest.and_then(|rest| rest.split(']').next()?.parse().ok()) else { return false };
    let root = At::root(&context.bundle.objects[edge.from].root);
    let spec = root.key("spec");
    let entries = spec.key(list);
    is_open(&entries.item(index).key("ports"), number, Some(target))
}

/// The policies that restrict the Pods of an object in this direction.
fn policies(object: usize, direction: Direction, context: &Context) -> Vec<usize> {
    let guarding = context.graph.edges_to(object).filter(|edge| edge.relation == Relation::Guards);
    guarding.filter(|edge| restricts(edge, direction, context)).map(|edge| edge.from).collect()
}

fn restricts(edge: &Edge, direction: Direction, context: &Context) -> bool {
    let object = &context.bundle.objects[edge.from];
    let root = At::root(&object.root);
    let spec = root.key("spec");
    let types = spec.key("policyTypes");
    let word = if direction == Direction::In { "Ingress" } else { "Egress" };
    let by_default = direction == Direction::In || spec.key("egress").is_set();
    object.kind_name() == "NetworkPolicy"
        && if types.is_empty() { by_default } else { types.items().any(|kind| kind.is_text(word)) }
}

/// Whether one of the entries of a policy for this direction is as asked; peers and ports are given.
fn entries(root: &At, direction: Direction, ask: &mut dyn FnMut(&At, &At) -> bool) -> bool {
    let (list, peers) = if direction == Direction::In { ("ingress", "from") } else { ("egress", "to") };
    let spec = root.key("spec");
    spec.key(list).items().any(|entry| ask(&entry.key(peers), &entry.key("ports")))
}

/// Whether ports are open to TCP at this number; none said means all.
fn is_open(ports: &At, number: i64, target: Option<&Pods>) -> bool {
    let is_named = |name: &str| {
        let mut ports = target.into_iter().flat_map(Pods::ports);
        ports.any(|port| {
            text(port, "name") == Some(name) && port.get("containerPort").and_then(Field::as_integer) == Some(number)
        })
    };
    ports.is_empty()
        || ports.items().any(|entry| {
            let port = entry.key("port");
            match (port.integer(), entry.key("endPort").integer()) {
                (Some(first), Some(last)) => (first..=last).contains(&number),
                (Some(only), None) => only == number,
                (None, _) => !port.is_set() || is_named(port.text()),
            }
        })
}

/// Whether Pods are among the peers; none said means everybody. A range of addresses may hold those of Pods.
fn is_peer(peers: &At, pods: &Pods, namespace: &str, context: &Context) -> bool {
    peers.is_empty()
        || peers.items().any(|peer| {
            let (by_labels, by_namespace) = (peer.key("podSelector"), peer.key("namespaceSelector"));
            let is_in = match by_namespace.is_set() {
                true => context.graph.is_namespace_selected(pods.namespace, &Selector::of(&by_namespace)),
                false => pods.namespace == namespace,
            };
            peer.key("ipBlock").is_set()
                || is_in && (!by_labels.is_set() || pods.are_selected(&Selector::of(&by_labels)))
        })
}

fn text<'f>(port: &'f Field, key: &str) -> Option<&'f str> {
    port.get(key).and_then(Field::as_str)
}
