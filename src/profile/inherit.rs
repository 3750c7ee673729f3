//! Keys that a component takes over, and which of them its kind takes.

use super::merge::merge;
use super::{Language, Session};
use crate::document::{Node, OriginId, Table, Value};
use crate::shape::{Kind, TableForm};

/// Spreads `defaults.workload` of one layer under what the same layer says of each kind; what a kind does not take is passed over.
pub fn spread(layer: &mut Node, language: &Language, session: &mut Session) {
    let Some(Kind::Table(form)) = language.stack.key("defaults").map(|key| key.kind) else { return };
    let Some(defaults) = layer.as_table_mut().and_then(|layer| layer.get_mut("defaults")).and_then(Node::as_table_mut)
    else {
        return;
    };
    let mut spread: Vec<(&str, Node)> = Vec::new();
    for (key, path) in form.moved_keys() {
        spread.extend(defaults.shift_remove(key).map(|shared| (key, shared)));
        let Some((_, shared)) = spread.iter().find(|(spread, _)| *spread == key) else { continue };
        let kinds = (form.key(key).map(|key| key.kind), form.key(path[0]).map(|key| key.kind));
        let (Some(Kind::Table(source)), Some(kind @ Kind::Table(target))) = kinds else { continue };
        let mut below = shared.clone();
        if let Some(table) = below.as_table_mut() {
            take_alien(table, source, target, session);
        }
        match defaults.get_mut(path[0]) {
            Some(above) => {
                let above = std::mem::replace(above, below);
                if let Some(place) = defaults.get_mut(path[0]) {
                    merge(place, above, kind, session);
                }
            }
            None => {
                defaults.insert(path[0].into(), below);
            }
        }
    }
}

/// Takes the keys that `target` does not take out of a table of `source`; gives them as they were written, with their places.
pub fn take_alien(
    table: &mut Table,
    source: &TableForm,
    target: &TableForm,
    session: &Session,
) -> Vec<(Box<str>, OriginId)> {
    let mut alien = Vec::new();
    for (key, path) in source.moved_keys().filter(|(key, _)| target.key(key).is_none()) {
        if let Some(node) = take_written_as(table, key, path, session) {
            alien.push((key.into(), node.origin));
        }
    }
    let unknown = table.extract(|key, _| target.key(key).is_none());
    alien.extend(unknown.into_iter().map(|(key, node)| (key, node.origin)));
    alien
}

/// Takes out what a short form wrote at `path`, with the table around it where nothing else is in it.
fn take_written_as(table: &mut Table, key: &str, path: &[&str], session: &Session) -> Option<Node> {
    match path {
        [last] => match table.get(last) {
            Some(node) if session.is_written_as(node.origin, key) => table.shift_remove(last),
            _ => None,
        },
        [first, rest @ ..] => {
            let inner = table.get_mut(first)?.as_table_mut()?;
            let taken = take_written_as(inner, key, rest, session);
            if taken.is_some() && inner.is_empty() {
                table.shift_remove(first);
            }
            taken
        }
        [] => None,
    }
}

/// An empty table that stands where `origin` says.
pub fn empty(origin: OriginId) -> Node {
    Node { origin, value: Value::Table(Table::default()) }
}
