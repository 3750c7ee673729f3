//! The values that the built-in profiles give.

use crate::component::file::LANGUAGE;
use crate::document::path::quoted;
use crate::document::{Node, Value};
use crate::profile::{Request, Session, builtin};
use crate::shape::{Kind, Short};
use crate::source::Files;

/// What each built-in profile says, for a stack that says nothing.
pub struct Profiles {
    all: Vec<(&'static str, Node)>,
}

/// The values of one key in the built-in profiles, as they would be typed.
#[derive(PartialEq, Eq)]
pub struct Values {
    all: Vec<(&'static str, Option<String>)>,
}

impl Profiles {
    /// Resolves all of them.
    pub fn load() -> Self {
        let all = builtin::BUILTIN.iter().filter_map(|builtin| Some((builtin.name, resolve(builtin.name)?)));
        Self { all: all.collect() }
    }

    /// The values of a key: a fact about the cluster, or the default of a component's key.
    pub fn values(&self, path: &[&str], kind: &Kind) -> Values {
        let place: Vec<&str> = match path {
            ["cluster", _, ..] => path.to_vec(),
            [table, _, ..] => std::iter::once("defaults").chain([*table]).chain(path[1..].iter().copied()).collect(),
            _ => Vec::new(),
        };
        let value = |root: &Node| if place.is_empty() { None } else { Some(typed(root.at(&place)?, Some(kind))) };
        Values { all: self.all.iter().map(|(name, root)| (*name, value(root))).collect() }
    }
}

impl Values {
    /// The value that all profiles give.
    pub fn shared(&self) -> Option<&str> {
        let (_, first) = self.all.first()?;
        if self.differ() { None } else { first.as_deref() }
    }

    /// Each profile that gives a value, with it.
    pub fn given(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.all.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)))
    }

    /// Whether the profiles do not agree.
    pub fn differ(&self) -> bool {
        self.all.windows(2).any(|pair| pair[0].1 != pair[1].1)
    }

    /// Each profile with its value.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.all.iter().map(|(name, value)| (*name, value.as_deref().unwrap_or("not set")))
    }
}

fn resolve(profile: &str) -> Option<Node> {
    let mut session = Session::default();
    let stack = session.sources.add("empty stack", "");
    let request = Request { stack, profile: Some(profile), set: &[] };
    Some(session.resolve(&request, &LANGUAGE, &Files::default())?.root)
}

/// A value as it would be typed; in its short form where it has one.
fn typed(node: &Node, kind: Option<&Kind>) -> String {
    if let Some(Kind::Table(form)) = kind
        && let Some(inner) = form.short.as_ref().and_then(|short| shortened(node, short))
    {
        return typed(inner, None);
    }
    match &node.value {
        Value::Boolean(value) => value.to_string(),
        Value::Integer(_, text) | Value::Float(text) | Value::Date(text) => text.to_string(),
        Value::String(text) | Value::Untyped(text) => {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| typed(item, None)).collect::<Vec<_>>().join(", "))
        }
        Value::Table(table) if table.is_empty() => "{}".into(),
        Value::Table(table) => {
            let entries =
                table.iter().map(|(key, node)| format!("{} = {}", quoted(key), typed(node, kind_of(kind, key))));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Invalid => String::new(),
    }
}

fn kind_of(kind: Option<&Kind>, key: &str) -> Option<&'static Kind> {
    match kind? {
        Kind::Table(form) => Some(form.key(key)?.kind),
        _ => None,
    }
}

/// The value whose short form makes this table, where there is one.
fn shortened<'a>(node: &'a Node, short: &Short) -> Option<&'a Node> {
    let table = node.as_table().filter(|table| table.len() == 1)?;
    let (key, inner) = table.iter().next()?;
    let made = (short.expand)(inner.clone());
    let is_same =
        short.kind.takes(&inner.value) && made.as_table().is_some_and(|made| made.len() == 1 && made.contains_key(key));
    is_same.then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_resolves_without_a_stack() {
        assert_eq!(Profiles::load().all.len(), builtin::BUILTIN.len());
    }
}
