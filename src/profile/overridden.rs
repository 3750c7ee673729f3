//! What a profile's own file says of a stack, and the stack says otherwise: the stack is laid over its profiles.

use super::unset::is_component;
use super::{Language, Session};
use crate::document::path::KeyPath;
use crate::document::{Node, OriginId, Table, Value};
use crate::shape::check::PREVIOUS;
use crate::shape::{Kind, Merge, TableForm};

/// A value in a profile's file that the stack file overrides with another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overridden {
    /// Where the stack's value is kept, short forms expanded: `api.web.ports.http`.
    pub path: KeyPath,
    /// Table and name of the component; `stack` alone for what the stack says of itself.
    pub table: KeyPath,
    /// What the profile says of it, as it is written there: `port`.
    pub key: KeyPath,
    /// The name of the profile.
    pub profile: String,
    /// Where the profile says it.
    pub lower: OriginId,
    /// Where the stack says otherwise.
    pub upper: OriginId,
}

/// What `stack` overrides of the file of this profile: values of components that both name, and of `[stack]`.
pub fn overridden(profile: &str, file: &Node, stack: &Node, language: &Language, session: &Session) -> Vec<Overridden> {
    let mut walk = Walk { path: Vec::new(), found: Vec::new(), profile, session };
    for key in language.overlay.all_keys() {
        let (Some(lower), Some(upper)) = (file.get(key.name), stack.get(key.name)) else { continue };
        if key.name == "stack" || is_component(language.stack, key.name) {
            walk.below(key.name, lower, upper, key.kind);
        }
    }
    walk.found
}

/// Leaves those of which the stack has the last word: what an overlay or `--set` says is said for this profile.
pub fn retain_effective(found: &mut Vec<Overridden>, root: &Node, session: &Session) {
    found.retain(|overridden| {
        let path: Vec<&str> = overridden.path.segments().iter().map(|segment| &**segment).collect();
        let writing = |origin| {
            let origin = session.origins.get(origin);
            (origin.layer, origin.span)
        };
        root.at(&path).is_some_and(|node| writing(node.origin) == writing(overridden.upper))
    });
}

/// Two layers, as they are laid over each other by `merge`.
struct Walk<'a> {
    path: Vec<&'a str>,
    found: Vec<Overridden>,
    profile: &'a str,
    session: &'a Session,
}

impl<'a> Walk<'a> {
    fn below(&mut self, key: &'a str, lower: &'a Node, upper: &'a Node, kind: &'static Kind) {
        self.path.push(key);
        self.compare(lower, upper, kind);
        self.path.pop();
    }

    fn compare(&mut self, lower: &'a Node, upper: &'a Node, kind: &'static Kind) {
        let kind = match kind {
            Kind::OneOf(kinds) => kinds.iter().find(|kind| kind.takes(&upper.value)).unwrap_or(&kind),
            kind => kind,
        };
        match (kind, &lower.value, &upper.value) {
            (_, Value::Invalid, _) | (_, _, Value::Invalid) => {}
            (Kind::Table(form), Value::Table(below), Value::Table(above)) if form.merge == Merge::ByKey => {
                self.compare_keys(below, above, form);
            }
            (Kind::Map(form), Value::Table(below), Value::Table(above)) => {
                self.compare_entries(below, above, &mut |_| Some(form.value));
            }
            (Kind::Any, Value::Table(below), Value::Table(above)) => {
                self.compare_entries(below, above, &mut |_| Some(kind));
            }
            (_, _, Value::Array(items)) if items.iter().any(|item| item.as_str() == Some(PREVIOUS)) => {}
            _ if is_same(lower, upper) => {}
            _ => self.add((lower, ""), (upper, "")),
        }
    }

    fn compare_keys(&mut self, below: &'a Table, above: &'a Table, form: &'static TableForm) {
        for group in form.superseding_groups() {
            let Some((winner, upper)) = group.iter().find_map(|path| Some((path, find(above, path)?))) else {
                continue;
            };
            for loser in group.iter().filter(|path| *path != winner) {
                if let Some(lower) = find(below, loser) {
                    self.add((lower, loser), (upper, winner));
                }
            }
        }
        self.compare_entries(below, above, &mut |key| form.key(key).map(|key| key.kind).filter(|_| key != "unset"));
    }

    fn compare_entries(
        &mut self,
        below: &'a Table,
        above: &'a Table,
        kind: &mut dyn FnMut(&str) -> Option<&'static Kind>,
    ) {
        for (key, lower) in below {
            if let (Some(upper), Some(kind)) = (above.get(key), kind(key)) {
                self.below(key, lower, upper, kind);
            }
        }
    }

    /// The two values, each with where it stands below the place that is reached; empty for the place itself.
    fn add(&mut self, (lower, loser): (&Node, &'a str), (upper, winner): (&Node, &'a str)) {
        let path = |inner: &'a str| {
            let inner = inner.split('.').filter(|key| !key.is_empty());
            self.path.iter().copied().chain(inner).collect::<Vec<&str>>()
        };
        let whole = path(loser);
        let (table, inner) = whole.split_at(if whole[0] == "stack" { 1 } else { whole.len().min(2) });
        let found = Overridden {
            path: KeyPath::of(path(winner)),
            table: KeyPath::of(table.iter().copied()),
            key: self.written(inner, lower.origin),
            profile: self.profile.to_owned(),
            lower: lower.origin,
            upper: upper.origin,
        };
        // a short form may be kept in several places, and is one line
        let place = self.session.key_span(lower.origin);
        let mut of_component = self.found.iter_mut().rev().take_while(|known| known.table == found.table);
        match of_component.find(|known| self.session.key_span(known.lower) == place) {
            Some(known) if known.key.segments().len() <= found.key.segments().len() => {}
            Some(known) => *known = found,
            None => self.found.push(found),
        }
    }

    /// A path in the component as it is written: a short form stands under the key that it is short for, or one above.
    fn written(&self, inner: &[&str], origin: OriginId) -> KeyPath {
        let key = self.session.sources.text(self.session.key_span(origin)).trim_matches(['"', '\'']);
        match inner.iter().rposition(|segment| *segment == key) {
            Some(last) => KeyPath::of(inner[..=last].iter().copied()),
            None => KeyPath::of([key]),
        }
    }
}

fn find<'t>(table: &'t Table, path: &str) -> Option<&'t Node> {
    match path.split_once('.') {
        None => table.get(path),
        Some((first, rest)) => find(table.get(first)?.as_table()?, rest),
    }
}

/// Whether two values are the same, however they are spelled.
fn is_same(lower: &Node, upper: &Node) -> bool {
    match (&lower.value, &upper.value) {
        (Value::Boolean(a), Value::Boolean(b)) => a == b,
        (Value::Integer(a, _), Value::Integer(b, _)) => a == b,
        (Value::Float(a), Value::Float(b)) | (Value::Date(a), Value::Date(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        (Value::Array(list), _) => matches!(&list[..], [only] if is_same(only, upper)),
        (_, Value::Array(list)) => matches!(&list[..], [only] if is_same(lower, only)),
        (Value::Table(a), Value::Table(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_same(a, b)))
        }
        _ => false,
    }
}
