//! How a layer is laid over what stands below it.

use crate::document::{Node, Origins, Table, Value};
use crate::shape::check::PREVIOUS;
use crate::shape::{Kind, Merge, TableForm};

/// Lays `upper` over `lower`; both were checked against `kind`.
pub fn merge(lower: &mut Node, upper: Node, kind: &'static Kind, origins: &mut Origins) {
    let kind = match kind {
        Kind::OneOf(kinds) => match kinds.iter().find(|kind| kind.takes(&upper.value)) {
            Some(kind) => kind,
            None => return replace(lower, upper, origins),
        },
        kind => kind,
    };
    match (kind, &mut lower.value, upper) {
        (Kind::Table(form), Value::Table(below), Node { value: Value::Table(above), .. })
            if form.merge == Merge::ByKey =>
        {
            merge_table(below, above, form, origins);
        }
        (Kind::Map(form), Value::Table(below), Node { value: Value::Table(above), .. }) => {
            for (key, node) in above {
                merge_entry(below, key, node, form.value, origins);
            }
        }
        (Kind::List(_), Value::Array(_), Node { origin, value: Value::Array(items) }) => {
            merge_list(lower, Node { origin, value: Value::Array(items) }, origins);
        }
        (_, _, upper) => replace(lower, upper, origins),
    }
}

fn merge_table(below: &mut Table, above: Table, form: &'static TableForm, origins: &mut Origins) {
    for group in form.exclusive_groups() {
        if let Some(winner) = group.iter().find(|path| find(&above, path).is_some()) {
            for loser in group.iter().filter(|path| *path != winner) {
                remove(below, loser);
            }
        }
    }
    for (key, node) in above {
        match form.key(&key) {
            Some(declared) => merge_entry(below, key, node, declared.kind, origins),
            None => {
                below.insert(key, node);
            }
        }
    }
}

fn merge_entry(below: &mut Table, key: Box<str>, node: Node, kind: &'static Kind, origins: &mut Origins) {
    match below.get_mut(&key) {
        Some(lower) => merge(lower, node, kind, origins),
        None => {
            below.insert(key, node);
        }
    }
}

fn merge_list(lower: &mut Node, upper: Node, origins: &mut Origins) {
    let (Value::Array(below), Value::Array(above)) = (&mut lower.value, upper.value) else { return };
    let mut below = std::mem::take(below);
    let mut merged = Vec::with_capacity(below.len() + above.len());
    for item in above {
        if item.as_str() == Some(PREVIOUS) {
            merged.append(&mut below);
        } else {
            merged.push(item);
        }
    }
    origins.replace(upper.origin, lower.origin);
    *lower = Node { origin: upper.origin, value: Value::Array(merged) };
}

fn replace(lower: &mut Node, upper: Node, origins: &mut Origins) {
    origins.replace(upper.origin, lower.origin);
    *lower = upper;
}

fn find<'a>(table: &'a Table, path: &str) -> Option<&'a Node> {
    match path.split_once('.') {
        None => table.get(path),
        Some((first, rest)) => find(table.get(first)?.as_table()?, rest),
    }
}

fn remove(table: &mut Table, path: &str) {
    match path.split_once('.') {
        None => {
            table.shift_remove(path);
        }
        Some((first, rest)) => {
            if let Some(inner) = table.get_mut(first).and_then(Node::as_table_mut) {
                remove(inner, rest);
            }
        }
    }
}
