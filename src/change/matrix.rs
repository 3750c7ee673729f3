//! Several bundles beside each other: what is not the same in all of them.

use super::changes::{Act, Changes, Disclosure, ObjectChange};
use crate::bundle::{Field, Object};
use crate::document::quoted;
use crate::seal::CHECKSUM;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// What is not the same in all of several bundles: a column for each bundle, a row for each field.
#[derive(Debug, Clone)]
pub struct Matrix<'b> {
    /// What the bundles are called.
    pub columns: Vec<String>,
    /// The fields, by object in the order in which they are applied.
    pub rows: Vec<Row<'b>>,
}

/// A field that is not the same everywhere, or an object that is not everywhere.
#[derive(Debug, Clone)]
pub struct Row<'b> {
    /// The object, as it is in one of the bundles.
    pub object: &'b Object,
    /// The field; none where it is the object itself that is not everywhere.
    pub field: Option<String>,
    /// The value in each bundle.
    pub cells: Vec<Cell<'b>>,
}

/// What a bundle has in a row.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'b> {
    /// Nothing.
    Absent,
    /// The object.
    Present,
    /// This value.
    Value(&'b Field),
    /// A value that may not be shown.
    Hidden(&'b Field),
}

/// Which object: component, role and kind.
type Which<'b> = (&'b str, &'b str, &'b str);

/// Puts beside each other what differs between the first bundle and each of the others, in their order.
pub fn matrix<'b>(first: &str, others: &[Changes<'b>]) -> Matrix<'b> {
    let columns = std::iter::once(first.to_owned()).chain(others.iter().map(|changes| changes.after.clone())).collect();
    let mut rows: IndexMap<(Which<'b>, Option<String>), Row<'b>, FxBuildHasher> = IndexMap::default();
    for (column, changes) in others.iter().enumerate() {
        for object in &changes.objects {
            for (field, before, after) in parts(object) {
                let row = rows.entry((which(object.object()), field.clone())).or_insert_with(|| Row {
                    object: object.object(),
                    field,
                    cells: vec![before; others.len() + 1],
                });
                row.cells[column + 1] = after;
            }
        }
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    for (column, changes) in others.iter().enumerate() {
        for row in &mut rows {
            if is_lost(row, changes) {
                row.cells[column + 1] = Cell::Absent;
            }
        }
    }
    rows.sort_by(|one, other| {
        let order = |row: &Row| row.object.kind.row().order;
        order(one).cmp(&order(other)).then_with(|| one.field.cmp(&other.field))
    });
    let mut together: IndexMap<Which<'b>, Vec<Row<'b>>, FxBuildHasher> = IndexMap::default();
    for row in rows {
        together.entry(which(row.object)).or_default().push(row);
    }
    Matrix { columns, rows: together.into_values().flatten().collect() }
}

fn which(object: &Object) -> Which<'_> {
    (&object.identity.component, &object.identity.role, object.kind_name())
}

/// A row of an object, and what both bundles have there.
type Part<'b> = (Option<String>, Cell<'b>, Cell<'b>);

/// The rows of an object; a list or map that one bundle alone has is a row for each value in it.
fn parts<'b>(object: &ObjectChange<'b>) -> Vec<Part<'b>> {
    match (object.before, object.after) {
        (None, _) => return vec![(None, Cell::Absent, Cell::Present)],
        (_, None) => return vec![(None, Cell::Present, Cell::Absent)],
        _ => {}
    }
    let mut parts = Vec::new();
    for change in object.changes.iter().filter(|change| !matches!(change.act, Act::Moved(..))) {
        let mut both: IndexMap<String, (Cell<'b>, Cell<'b>), FxBuildHasher> = IndexMap::default();
        let nothing = (Cell::Absent, Cell::Absent);
        for (field, value) in change.act.before().into_iter().flat_map(|value| leaves(&change.field, value)) {
            both.entry(field).or_insert(nothing).0 = Cell::Value(value);
        }
        for (field, value) in change.act.after().into_iter().flat_map(|value| leaves(&change.field, value)) {
            both.entry(field).or_insert(nothing).1 = Cell::Value(value);
        }
        for (field, (before, after)) in both {
            let is_hidden = change.disclosure != Disclosure::Open || field.ends_with(&quoted(CHECKSUM).into_owned());
            let hide = |cell| match cell {
                Cell::Value(value) if is_hidden => Cell::Hidden(value),
                cell => cell,
            };
            parts.push((Some(field), hide(before), hide(after)));
        }
    }
    parts
}

/// The values in a value, each with its path.
fn leaves<'b>(path: &str, field: &'b Field) -> Vec<(String, &'b Field)> {
    let entries = field.entries().iter().map(|(key, child)| (format!("{path}.{}", quoted(key)), child));
    let items = field.items().iter().enumerate().map(|(place, child)| (format!("{path}[{place}]"), child));
    let below: Vec<_> = entries.chain(items).flat_map(|(path, child)| leaves(&path, child)).collect();
    if below.is_empty() { vec![(path.to_owned(), field)] } else { below }
}

/// Whether a bundle has not what a row is about, because it has not the object, or something around the field.
fn is_lost(row: &Row, changes: &Changes) -> bool {
    let Some(field) = &row.field else { return false };
    let Some(object) = changes.objects.iter().find(|object| which(object.object()) == which(row.object)) else {
        return false;
    };
    let is_around = |path: &str| field.strip_prefix(path).is_some_and(|rest| rest.starts_with(['.', '[']));
    object.after.is_none()
        || object.changes.iter().any(|change| matches!(change.act, Act::Removed(_)) && is_around(&change.field))
}
