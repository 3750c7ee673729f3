//! What `unset` takes away, and the traces that it leaves: in the history of what is written later, in messages.

use super::Session;
use crate::diagnostic::Diagnostic;
use crate::document::path::KeyPath;
use crate::document::{Act, Node, Origin, OriginId, Origins, Table};

/// A path of an `unset`.
#[derive(Clone)]
pub struct Unset {
    /// As it was written, relative to the table in which it stands.
    pub path: KeyPath,
    /// Where.
    pub origin: OriginId,
}

/// Something that was taken away.
pub struct Removed {
    /// Where it stood.
    pub path: KeyPath,
    /// What it was.
    pub node: Node,
    /// The path of the `unset`.
    pub by: OriginId,
}

impl Removed {
    /// Takes the value at `path` away, where there is one.
    pub fn from(table: &mut Table, path: &KeyPath, by: OriginId) -> Option<Self> {
        Some(Self { node: take(table, path.segments())?, path: path.clone(), by })
    }

    /// Notes the removal behind what now stands in the same place; whether something does.
    pub fn note(&self, root: &mut Node, origins: &mut Origins) -> bool {
        let mut node = root;
        for segment in self.path.segments() {
            match node.as_table_mut().and_then(|table| table.get_mut(segment)) {
                Some(child) => node = child,
                None => return false,
            }
        }
        note(node, &self.node, *origins.get(self.by), origins);
        true
    }

    /// Whether it took `path` away, or something around it.
    pub fn covers(&self, path: &KeyPath) -> bool {
        path.segments().starts_with(self.path.segments())
    }
}

/// Reports a path that matches nothing: with the removal that came before it, or the nearest path that would match.
pub fn report_absent(
    unset: &Unset,
    ends: &[KeyPath],
    table: Option<&Table>,
    earlier: Option<OriginId>,
    session: &mut Session,
) {
    let mut diagnostic =
        Diagnostic::error("unset-nothing", format!("`{}` is not there, so it cannot be removed", unset.path))
            .at(session.origins.get(unset.origin).span, "");
    let near = || ends.iter().find_map(|end| nearest(end, table?));
    diagnostic = match (earlier, near()) {
        (Some(earlier), _) => diagnostic
            .at(session.origins.get(earlier).span, "it is removed here already")
            .help("remove the path from this `unset`: the other one comes before it"),
        (None, Some(near)) => diagnostic.help(format!("did you mean `{near}`?")),
        (None, None) => {
            diagnostic.help("remove the path from `unset`, or correct it: paths begin at the table that holds `unset`")
        }
    };
    session.report.push(diagnostic);
}

fn take(table: &mut Table, path: &[Box<str>]) -> Option<Node> {
    match path {
        [key] => table.shift_remove(key),
        [key, rest @ ..] => take(table.get_mut(key)?.as_table_mut()?, rest),
        [] => None,
    }
}

fn note(node: &mut Node, removed: &Node, unset: Origin, origins: &mut Origins) {
    let same = |origin: &Origin| origin.act == Act::Unset && origin.span == unset.span;
    let noted = origins.history(node.origin).any(same);
    let behind = match noted {
        true => removed.origin,
        false => origins.add(Origin { act: Act::Unset, replaced: Some(removed.origin), ..unset }),
    };
    node.origin = origins.replace(node.origin, behind);
    if let (Some(table), Some(before)) = (node.as_table_mut(), removed.as_table()) {
        for (key, child) in table {
            if let Some(removed) = before.get(key) {
                note(child, removed, unset, origins);
            }
        }
    }
}

fn nearest(path: &KeyPath, table: &Table) -> Option<KeyPath> {
    let mut table = table;
    let mut known = Vec::new();
    for (at, segment) in path.segments().iter().enumerate() {
        match table.get(segment) {
            Some(node) => {
                known.push(&**segment);
                table = node.as_table()?;
            }
            None => {
                known.push(crate::value::nearest(segment, table.keys().map(|key| &**key))?);
                known.extend(path.segments()[at + 1..].iter().map(|segment| &**segment));
                return Some(KeyPath::of(known));
            }
        }
    }
    None
}
