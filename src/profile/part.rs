//! Parts of a component that take over keys of it, as its containers do.

use super::Session;
use super::inherit::empty;
use super::merge::merge;
use crate::document::{Node, Table, Value};
use crate::shape::{Inherits, KeyForm, Kind};

/// Lays each part of a component that takes over keys of it over those keys; the component itself is whole already.
pub fn inherit(component: &mut Node, kind: &'static Kind, session: &mut Session) {
    let (Kind::Table(form), Some(table)) = (kind, component.as_table_mut()) else { return };
    let parts: Vec<_> = table.keys().filter_map(|name| inheriting(form.key(name)?)).collect();
    for (key, part, inherits) in parts {
        let Some(node) = table.get_mut(key.name) else { continue };
        let mut parts = std::mem::replace(&mut node.value, Value::Invalid);
        if let Value::Table(parts) = &mut parts {
            for own in parts.values_mut().filter(|own| own.as_table().is_some()) {
                lay_over(own, table, inherits, part, session);
            }
        }
        if let Some(node) = table.get_mut(key.name) {
            node.value = parts;
        }
    }
}

/// A key whose entries take over keys of the table around it, with the kind of an entry.
fn inheriting(key: &'static KeyForm) -> Option<(&'static KeyForm, &'static Kind, &'static Inherits)> {
    let Kind::Map(map) = key.kind else { return None };
    let Kind::Table(form) = map.value else { return None };
    Some((key, map.value, form.inherits()?))
}

fn lay_over(own: &mut Node, component: &Table, inherits: &Inherits, kind: &'static Kind, session: &mut Session) {
    let otherwise = if own.get(inherits.own).is_some() { &[][..] } else { inherits.otherwise };
    let origin = own.origin;
    let mut whole = empty(origin);
    if let Some(table) = whole.as_table_mut() {
        let keys = inherits.always.iter().chain(otherwise);
        table.extend(keys.filter_map(|key| Some(((*key).into(), component.get(key)?.clone()))));
        for path in inherits.never {
            remove(table, path);
        }
    }
    merge(&mut whole, std::mem::replace(own, empty(origin)), kind, session);
    whole.origin = origin;
    *own = whole;
}

fn remove(table: &mut Table, path: &[&str]) {
    match path {
        [key] => drop(table.shift_remove(key)),
        [key, rest @ ..] => {
            if let Some(inner) = table.get_mut(key).and_then(Node::as_table_mut) {
                remove(inner, rest);
            }
        }
        [] => {}
    }
}
