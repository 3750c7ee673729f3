//! How a layer is laid over what stands below it.

use super::{Role, Session};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, OriginId, Origins, Table, Value};
use crate::shape::check::PREVIOUS;
use crate::shape::{Kind, Merge, TableForm};

/// Lays `upper` over `lower`; both were checked against `kind`.
pub fn merge(lower: &mut Node, upper: Node, kind: &'static Kind, session: &mut Session) {
    let kind = match kind {
        Kind::OneOf(kinds) => match kinds.iter().find(|kind| kind.takes(&upper.value)) {
            Some(kind) => kind,
            None => return replace(lower, upper, &mut session.origins),
        },
        kind => kind,
    };
    let Node { origin, value } = upper;
    match (kind, &mut lower.value, value) {
        (Kind::Table(form), Value::Table(below), Value::Table(above)) if form.merge == Merge::ByKey => {
            merge_table(below, above, form, session);
            lower.origin = place_of_table(lower.origin, origin, session);
        }
        (Kind::Map(form), Value::Table(below), Value::Table(above)) => {
            for (key, node) in above {
                merge_entry(below, key, node, form.value, session);
            }
            lower.origin = place_of_table(lower.origin, origin, session);
        }
        (Kind::Any, Value::Table(below), Value::Table(above)) => {
            for (key, node) in above {
                merge_entry(below, key, node, kind, session);
            }
            lower.origin = place_of_table(lower.origin, origin, session);
        }
        (Kind::List(_) | Kind::Any, _, Value::Array(items)) => merge_list(lower, origin, items, &mut session.origins),
        (_, _, value) => replace(lower, Node { origin, value }, &mut session.origins),
    }
}

/// Puts `upper` in the place of `lower`; the history of each value that both have goes on.
pub fn replace(lower: &mut Node, mut upper: Node, origins: &mut Origins) {
    follow(&mut upper, lower, origins);
    *lower = upper;
}

fn follow(upper: &mut Node, lower: &Node, origins: &mut Origins) {
    upper.origin = origins.replace(upper.origin, lower.origin);
    if let (Value::Table(above), Value::Table(below)) = (&mut upper.value, &lower.value) {
        for (key, node) in above {
            if let Some(old) = below.get(key) {
                follow(node, old, origins);
            }
        }
    }
}

/// Tables stand where they were written first, but messages about them belong to the stack, not to a profile's defaults. One
/// table that is laid over another replaces what both say, and not the other table.
fn place_of_table(lower: OriginId, upper: OriginId, session: &Session) -> OriginId {
    match (session.role(lower), session.role(upper)) {
        (Role::Profile, Role::Stack) => upper,
        _ => lower,
    }
}

fn merge_table(below: &mut Table, mut above: Table, form: &'static TableForm, session: &mut Session) {
    for group in form.superseding_groups() {
        if let Some(winner) = group.iter().find(|path| find(&above, path).is_some()) {
            for loser in group.iter().filter(|path| *path != winner) {
                if let (Some(removed), Some(node)) = (remove(below, loser), find_mut(&mut above, winner)) {
                    node.origin = session.origins.replace(node.origin, removed.origin);
                }
            }
        }
    }
    for (key, path) in form.moved_keys() {
        if let [table, entry] = path {
            check_short(below, &above, key, (table, entry), session);
        }
    }
    for (key, node) in above {
        match form.key(&key) {
            Some(declared) => merge_entry(below, key, node, declared.kind, session),
            None => {
                below.insert(key, node);
            }
        }
    }
}

/// A short form for one entry of a table means the whole table: over one without that entry it is a mistake.
fn check_short(below: &Table, above: &Table, key: &str, (table, entry): (&str, &str), session: &mut Session) {
    let Some(written) = above.get(table).and_then(|node| node.get(entry)) else { return };
    let Some(entries) = below.get(table).and_then(Node::as_table) else { return };
    if entries.is_empty() || entries.contains_key(entry) || !session.is_written_as(written.origin, key) {
        return;
    }
    let others = below[table].origin;
    let diagnostic = Diagnostic::error(
        "exclusive-keys",
        format!("`{key}` is short for `{table}.{entry}`, and `{table}` below it has no `{entry}`"),
    )
    .help(format!(
        "write `{table}.{entry} = …` to add one, or put `unset = [\"{table}\"]` beside `{key}` to start anew"
    ));
    let lower = session.key_span(others);
    let diagnostic = diagnostic.at(session.key_span(written.origin), "").at(lower, format!("`{table}` stands here"));
    session.report.push(diagnostic);
}

fn merge_entry(below: &mut Table, key: Box<str>, node: Node, kind: &'static Kind, session: &mut Session) {
    match below.get_mut(&key) {
        Some(lower) => merge(lower, node, kind, session),
        None => {
            below.insert(key, node);
        }
    }
}

/// A value that is no list stands for a list of one, as `host = "a"` does.
fn merge_list(lower: &mut Node, origin: OriginId, items: Vec<Node>, origins: &mut Origins) {
    let below = match &mut lower.value {
        Value::Array(below) => std::mem::take(below),
        Value::Table(_) | Value::Invalid => Vec::new(),
        _ => vec![lower.clone()],
    };
    let mut merged = Vec::with_capacity(below.len() + items.len());
    for item in items {
        if item.as_str() == Some(PREVIOUS) {
            merged.extend(below.iter().cloned());
        } else {
            merged.push(item);
        }
    }
    *lower = Node { origin: origins.replace(origin, lower.origin), value: Value::Array(merged) };
}

fn find<'a>(table: &'a Table, path: &str) -> Option<&'a Node> {
    match path.split_once('.') {
        None => table.get(path),
        Some((first, rest)) => find(table.get(first)?.as_table()?, rest),
    }
}

fn find_mut<'a>(table: &'a mut Table, path: &str) -> Option<&'a mut Node> {
    match path.split_once('.') {
        None => table.get_mut(path),
        Some((first, rest)) => find_mut(table.get_mut(first)?.as_table_mut()?, rest),
    }
}

fn remove(table: &mut Table, path: &str) -> Option<Node> {
    match path.split_once('.') {
        None => table.shift_remove(path),
        Some((first, rest)) => remove(table.get_mut(first)?.as_table_mut()?, rest),
    }
}
