//! Several bundles beside each other: what is not the same in all of them.

use super::changes::{Act, Changes, Disclosure, ObjectChange};
use crate::bundle::spelling::{below, items};
use crate::bundle::{Field, Object, Pointer, Slot};
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
    /// A value that may not be shown, and why.
    Hidden(&'b Field, Disclosure),
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
    let (before, after) = match (object.before, object.after) {
        (None, _) => return vec![(None, Cell::Absent, Cell::Present)],
        (_, None) => return vec![(None, Cell::Present, Cell::Absent)],
        (Some(before), Some(after)) => (before, after),
    };
    let mut parts = Vec::new();
    for change in object.changes.iter().filter(|change| !matches!(change.act, Act::Moved(..))) {
        let mut both: IndexMap<String, (Cell<'b>, Cell<'b>), FxBuildHasher> = IndexMap::default();
        let nothing = (Cell::Absent, Cell::Absent);
        let leaves = |object: &Object, pointer: &Option<Pointer>, value: Option<&'b Field>| {
            let slot = pointer.as_ref().map_or(Slot::UNKNOWN, |pointer| Slot::of(object).follow(pointer));
            value.into_iter().flat_map(move |value| leaves(&change.field, value, slot))
        };
        for (field, value) in leaves(before, &change.before, change.act.before()) {
            both.entry(field).or_insert(nothing).0 = Cell::Value(value);
        }
        for (field, value) in leaves(after, &change.after, change.act.after()) {
            both.entry(field).or_insert(nothing).1 = Cell::Value(value);
        }
        for (field, (before, after)) in both {
            let is_checksum = field.ends_with(&below("", CHECKSUM));
            let hide = |cell| match (cell, change.disclosure) {
                (Cell::Value(value), Disclosure::Open) if is_checksum => Cell::Hidden(value, Disclosure::Checksum),
                (cell, Disclosure::Open) => cell,
                (Cell::Value(value), disclosure) => Cell::Hidden(value, disclosure),
                (cell, _) => cell,
            };
            parts.push((Some(field), hide(before), hide(after)));
        }
    }
    parts
}

/// The values in a value, each with its path.
fn leaves<'b>(path: &str, field: &'b Field, slot: Slot) -> Vec<(String, &'b Field)> {
    let entries = field.entries().iter().map(|(key, child)| (below(path, key), child, slot.key(key)));
    let names = items(field.items(), slot);
    let items = field.items().iter().zip(names).map(|(child, name)| (format!("{path}{name}"), child, slot.item()));
    let below: Vec<_> = entries.chain(items).flat_map(|(path, child, slot)| leaves(&path, child, slot)).collect();
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
