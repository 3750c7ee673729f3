//! A picture while it is drawn: each node and each edge is there once.

use crate::bundle::{CauseId, Causes, Field, Object};
use crate::profile::Session;
use indexmap::map::Entry;
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

/// What a node is, for whoever gives it a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Everybody.
    Internet,
    /// Where requests come in: an Ingress, a Gateway, a route.
    Entrance,
    /// Something that holds rules for others: an HPA, a budget, a policy.
    Control,
    /// Something that runs all the time.
    Component,
    /// Something that runs to its end.
    Task,
    /// A database or a disk.
    Store,
    /// A ConfigMap or a Secret.
    Settings,
    /// Something that the stack does not make.
    Elsewhere,
}

impl Shape {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Internet,
        Self::Entrance,
        Self::Control,
        Self::Component,
        Self::Task,
        Self::Store,
        Self::Settings,
        Self::Elsewhere,
    ];

    /// One lower-case word: `store`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internet => "internet",
            Self::Entrance => "entrance",
            Self::Control => "control",
            Self::Component => "component",
            Self::Task => "task",
            Self::Store => "store",
            Self::Settings => "settings",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// The one of an object of this kind.
    pub fn of_kind(kind: &str) -> Self {
        match kind {
            "Ingress" | "Gateway" | "HTTPRoute" => Self::Entrance,
            "CronJob" | "Job" => Self::Task,
            "StatefulSet" | "PersistentVolumeClaim" | "PersistentVolume" => Self::Store,
            "ConfigMap" | "Secret" => Self::Settings,
            "Deployment" | "DaemonSet" | "ReplicaSet" | "Pod" | "Service" => Self::Component,
            _ => Self::Control,
        }
    }
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The name of the text, as messages say it.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
}

/// An object that a node stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The line that made it.
    pub location: Option<Location>,
}

/// Something that is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Lower-case letters, digits and `_`, beginning with a letter; no other node or group has it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its table or kind; empty where the name says it all.
    pub kind: String,
    /// What it is.
    pub shape: Shape,
    /// Index of the group that it is in.
    pub group: Option<usize>,
    /// Where the stack writes it.
    pub location: Option<Location>,
    /// The objects that it stands for.
    pub objects: Vec<Listed>,
}

/// Nodes that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Like that of a node; no node has it.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Something that leads from one node to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Index of the node where it begins.
    pub from: usize,
    /// Index of the node where it ends.
    pub to: usize,
    /// What the first is to the second: `uses`, `routes`.
    pub relation: &'static str,
    /// What more there is to say, each thing once: `libpq :5432`, `/`, a host.
    pub details: Vec<String>,
}

/// How many details a label says.
const SAID: usize = 3;
/// How long a short label with several details is.
const SHORT: usize = 28;

impl Edge {
    /// The relation and its details in one line: `uses libpq :5432`.
    pub fn label(&self) -> String {
        self.said(SAID)
    }

    /// The same where every letter takes room: no more details than fit a line of the picture, but one at least.
    pub fn short_label(&self) -> String {
        let fits = |count: &usize| self.said(*count).chars().count() <= SHORT;
        let count = (2..=SAID.min(self.details.len())).rev().find(fits).unwrap_or(1);
        self.said(count)
    }

    fn said(&self, count: usize) -> String {
        let mut label = self.relation.to_owned();
        for (index, detail) in self.details.iter().take(count).enumerate() {
            label.push_str(if index == 0 { " " } else { ", " });
            label.push_str(detail);
        }
        if self.details.len() > count {
            label.push_str(", …");
        }
        label
    }
}

/// Knows the lines that causes lead to.
#[derive(Clone, Copy)]
pub struct Places<'a> {
    pub causes: &'a Causes,
    pub session: &'a Session,
}

impl Places<'_> {
    /// The line of the most telling place that a cause leads to.
    pub fn of(&self, cause: CauseId) -> Option<Location> {
        let origin = self.session.origins.get(self.causes.origins(cause).next()?);
        let span = origin.key.unwrap_or(origin.span);
        let file = self.session.sources.file(span.file);
        let (line, _) = file.line_column(span.start as usize);
        Some(Location { file: file.name.clone(), line })
    }
}

/// What was drawn so far.
pub struct Sketch<'a> {
    places: Places<'a>,
    ids: IndexSet<String, FxBuildHasher>,
    groups: IndexMap<String, Group, FxBuildHasher>,
    /// By kind and name.
    nodes: IndexMap<(String, String), Node, FxBuildHasher>,
    edges: IndexMap<(usize, usize, &'static str), IndexSet<String, FxBuildHasher>, FxBuildHasher>,
}

impl<'a> Sketch<'a> {
    /// An empty one.
    pub fn new(places: Places<'a>) -> Self {
        Self {
            places,
            ids: IndexSet::default(),
            groups: IndexMap::default(),
            nodes: IndexMap::default(),
            edges: IndexMap::default(),
        }
    }

    /// The node of this kind and name, drawn now where it is not there yet.
    pub fn node(&mut self, kind: &str, name: &str, shape: Shape) -> usize {
        let next = self.nodes.len();
        match self.nodes.entry((kind.to_owned(), name.to_owned())) {
            Entry::Occupied(known) => known.index(),
            Entry::Vacant(free) => {
                let id = unused(&format!("{kind} {name}"), &mut self.ids);
                free.insert(Node {
                    id,
                    name: name.to_owned(),
                    kind: kind.to_owned(),
                    shape,
                    group: None,
                    location: None,
                    objects: Vec::new(),
                });
                next
            }
        }
    }

    /// Says where a node is written, unless that is known.
    pub fn locate(&mut self, node: usize, cause: CauseId) {
        let location = self.places.of(cause);
        let known = &mut self.nodes[node].location;
        *known = known.take().or(location);
    }

    /// Says better what a node is.
    pub fn reshape(&mut self, node: usize, shape: Shape) {
        self.nodes[node].shape = shape;
    }

    /// Counts an object to a node.
    pub fn list(&mut self, node: usize, object: &Object) {
        let location = self.places.of(object.root.cause);
        self.nodes[node].objects.push(Listed {
            kind: object.kind_name().to_owned(),
            name: object.name().to_owned(),
            location,
        });
    }

    /// Puts a node into the group of this name.
    pub fn gather(&mut self, node: usize, name: &str) {
        let next = self.groups.len();
        let index = self.groups.get_index_of(name).unwrap_or(next);
        if index == next {
            let group = Group { id: unused(&format!("group {name}"), &mut self.ids), name: name.to_owned() };
            self.groups.insert(name.to_owned(), group);
        }
        self.nodes[node].group = Some(index);
    }

    /// Draws an edge, or adds to what it says; none from a node to itself.
    pub fn edge(&mut self, from: usize, to: usize, relation: &'static str, detail: &str) {
        if from == to {
            return;
        }
        let details = self.edges.entry((from, to, relation)).or_default();
        if !detail.is_empty() {
            details.insert(detail.to_owned());
        }
    }

    /// Draws an edge unless it is there already.
    pub fn bare_edge(&mut self, from: usize, to: usize, relation: &'static str) {
        self.edge(from, to, relation, "");
    }

    /// Leads from the Internet to a node whose object listens to hosts, or has a port outside the cluster.
    pub fn open(&mut self, node: usize, object: &Object) {
        for detail in doors(object) {
            let internet = self.node("", "Internet", Shape::Internet);
            self.edge(internet, node, "asks", &detail);
        }
    }

    /// Everything that was drawn: groups, nodes, edges.
    pub fn finish(self) -> (Vec<Group>, Vec<Node>, Vec<Edge>) {
        let edges = self.edges.into_iter().map(|((from, to, relation), details)| Edge {
            from,
            to,
            relation,
            details: details.into_iter().collect(),
        });
        (self.groups.into_values().collect(), self.nodes.into_values().collect(), edges.collect())
    }
}

/// By what an object is reached from outside the cluster, and how.
fn doors(object: &Object) -> Vec<String> {
    let items = |key| object.root.follow(&["spec", key]).map_or(&[][..], Field::items);
    match object.kind_name() {
        "Ingress" => items("rules").iter().map(|rule| host(rule.get("host"))).collect(),
        "HTTPRoute" => items("hostnames").iter().map(|name| host(Some(name))).collect(),
        "Service" => {
            let (word, key) = match object.root.follow(&["spec", "type"]).and_then(Field::as_str) {
                Some("LoadBalancer") => ("load balancer", "port"),
                Some("NodePort") => ("node port", "nodePort"),
                _ => return Vec::new(),
            };
            let number = |port: &Field| port.get(key).and_then(Field::as_integer);
            let door = |port| number(port).map_or_else(|| word.to_owned(), |port| format!("{word} {port}"));
            items("ports").iter().map(door).collect()
        }
        _ => Vec::new(),
    }
}

/// A rule without a host is for all of them.
fn host(field: Option<&Field>) -> String {
    field.and_then(Field::as_str).filter(|host| !host.is_empty()).unwrap_or("*").to_owned()
}

/// An id that reads like a text and that nothing has yet; it is taken then.
fn unused(text: &str, ids: &mut IndexSet<String, FxBuildHasher>) -> String {
    let word = |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' };
    let id: String = text.trim().chars().map(word).collect();
    // ids of Mermaid and of pages begin with a letter
    let id = if id.starts_with(|first: char| first.is_ascii_lowercase()) { id } else { format!("n_{id}") };
    let mut count = 1;
    let mut free = id.clone();
    while !ids.insert(free.clone()) {
        count += 1;
        free = format!("{id}_{count}");
    }
    free
}
