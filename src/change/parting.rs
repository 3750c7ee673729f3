//! Where the trees of two bundles part: values of the stack and its profiles that one has and the other has not, or otherwise.

use crate::bundle::Object;
use crate::document::{Act, Node, OriginId, Table, Value};
use crate::profile::Resolved;

/// A path at which two trees part.
pub struct Parting {
    /// The path.
    pub path: Vec<Box<str>>,
    /// Where the first tree has its value from, or lost it.
    pub before: Option<(OriginId, Act)>,
    /// Where the second tree has its value from, or lost it.
    pub after: Option<(OriginId, Act)>,
    /// Where everything stands that one tree has and the other lost.
    pub lost: Vec<OriginId>,
    /// The component that an entry of `hpa` or `ingress` is about, where it is not called like it.
    pub about: Option<Box<str>>,
}

/// All paths at which two trees part, in the order of the second tree.
pub fn partings(before: &Resolved, after: &Resolved) -> Vec<Parting> {
    let mut parting = Walk { trees: (before, after), path: Vec::new(), found: Vec::new() };
    parting.compare(&before.root, &after.root);
    parting.found
}

struct Walk<'r> {
    trees: (&'r Resolved, &'r Resolved),
    path: Vec<Box<str>>,
    found: Vec<Parting>,
}

impl Walk<'_> {
    fn compare(&mut self, before: &Node, after: &Node) {
        match (before.as_table(), after.as_table()) {
            (Some(old), Some(new)) => self.tables(old, new),
            _ if is_same(before, after) => {}
            _ => self.note(Some(before), Some(after)),
        }
    }

    fn tables(&mut self, before: &Table, after: &Table) {
        for (key, new) in after {
            self.path.push(key.clone());
            match before.get(key) {
                Some(old) => self.compare(old, new),
                None => self.note(None, Some(new)),
            }
            self.path.pop();
        }
        for (key, old) in before.iter().filter(|(key, _)| !after.contains_key(key)) {
            self.path.push(key.clone());
            self.note(Some(old), None);
            self.path.pop();
        }
    }

    fn note(&mut self, before: Option<&Node>, after: Option<&Node>) {
        let written = |node: &Node| (node.origin, Act::Set);
        let origin = |node: Option<&Node>, tree: &Resolved| node.map(written).or_else(|| self.removal(tree));
        let about = after.or(before).and_then(|node| node.get("target")).and_then(Node::as_str);
        let about = about.filter(|_| self.path.len() == 2).map(Box::from);
        let (old, new) = (origin(before, self.trees.0), origin(after, self.trees.1));
        let mut lost = Vec::new();
        if old.is_some() && new.is_some() && before.is_some() != after.is_some() {
            before.or(after).into_iter().for_each(|node| collect(node, &mut lost));
        }
        self.found.push(Parting { path: self.path.clone(), before: old, after: new, lost, about });
    }

    /// Where a tree lost what stood at this path.
    fn removal(&self, tree: &Resolved) -> Option<(OriginId, Act)> {
        let covers = |path: &[Box<str>]| self.path.starts_with(path);
        let unset = tree.removed.iter().rev().find(|removed| covers(removed.path.segments()));
        unset.map(|removed| (removed.by, Act::Unset))
    }
}

/// Where a value and all in it stand.
fn collect(node: &Node, origins: &mut Vec<OriginId>) {
    origins.push(node.origin);
    match &node.value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, origins)),
        Value::Table(table) => table.values().for_each(|child| collect(child, origins)),
        _ => {}
    }
}

fn is_same(before: &Node, after: &Node) -> bool {
    match (&before.value, &after.value) {
        (Value::Table(old), Value::Table(new)) => {
            old.len() == new.len() && old.iter().all(|(key, old)| new.get(key).is_some_and(|new| is_same(old, new)))
        }
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_same(old, new))
        }
        (Value::Boolean(old), Value::Boolean(new)) => old == new,
        (Value::Integer(_, old), Value::Integer(_, new)) => old == new,
        (Value::Float(old) | Value::Date(old), Value::Float(new) | Value::Date(new)) => old == new,
        (Value::String(old) | Value::Untyped(old), Value::String(new) | Value::Untyped(new)) => old == new,
        (Value::Invalid, Value::Invalid) => true,
        _ => false,
    }
}

impl Parting {
    /// Whether one tree alone has a whole component there.
    pub fn is_of_whole(&self) -> bool {
        self.path.len() == 2 && &*self.path[0] != "cluster"
    }

    /// Whether it is about the component that an object belongs to.
    pub fn is_about(&self, object: &Object) -> bool {
        let component = &object.identity.component;
        self.path.get(1) == Some(component) && &*self.path[0] != "cluster" || self.about.as_ref() == Some(component)
    }

    /// Whether the text of an expression names it, or the component that it is about.
    pub fn is_named_in(&self, text: &str) -> bool {
        let whole = self.path.join(".");
        let component = self.path.get(..2).filter(|path| &*path[0] != "cluster").map(|path| path.join("."));
        let is_named = |name: &str| !name.is_empty() && text.contains(name);
        is_named(&whole) || component.is_some_and(|component| is_named(&component))
    }

    /// Whether it stands at these keys or below them.
    pub fn is_below(&self, keys: &[&str]) -> bool {
        self.path.len() >= keys.len() && self.path.iter().zip(keys).all(|(known, key)| **known == **key)
    }
}

/// Facts of a cluster that decide over objects which no layer writes: kinds and the facts.
#[rustfmt::skip]
pub const FACTS: &[(&str, &[&[&str]])] = &[
    ("Secret", &[&["cluster", "secrets"]]),
    ("ExternalSecret", &[&["cluster", "secrets"]]),
    ("Gateway", &[&["cluster", "expose", "api"], &["cluster", "expose"], &["cluster", "tls"], &["cluster", "domain"]]),
    ("HTTPRoute", &[&["cluster", "expose", "api"], &["cluster", "expose"], &["cluster", "tls"], &["cluster", "domain"]]),
    ("Ingress", &[&["cluster", "expose", "api"], &["cluster", "expose"], &["cluster", "tls"], &["cluster", "domain"]]),
    ("NetworkPolicy", &[&["cluster", "network-policy"], &["cluster", "expose"]]),
    ("PodDisruptionBudget", &[&["cluster", "nodes"]]),
];

/// Facts of a cluster that decide over what is in objects of a kind which both sides have.
#[rustfmt::skip]
pub const FIELD_FACTS: &[(&str, &[&[&str]])] = &[
    ("Gateway", &[&["cluster", "tls", "mode"], &["cluster", "tls"], &["cluster", "domain"], &["cluster", "expose"]]),
    ("HTTPRoute", &[&["cluster", "tls", "mode"], &["cluster", "tls"], &["cluster", "domain"], &["cluster", "expose"]]),
    ("Ingress", &[&["cluster", "tls", "mode"], &["cluster", "tls"], &["cluster", "domain"], &["cluster", "expose"]]),
    ("NetworkPolicy", &[&["cluster", "network-policy"], &["cluster", "expose"]]),
];
