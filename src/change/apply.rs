//! Makes the changes of an object.

use super::changes::{Act, Change};
use crate::bundle::{Field, FieldValue, Pointer, Segment};

/// The first object with all its changes made, one after the other. It says what the second object says, though lists whose
/// order means nothing may stand in another one.
pub fn apply(before: &Field, changes: &[Change]) -> Field {
    let mut root = before.clone();
    for change in changes {
        make(&mut root, change);
    }
    root
}

fn make(root: &mut Field, change: &Change) {
    let mut parent = change.at.clone();
    let Some(last) = parent.pop() else {
        if let Some(new) = change.act.after() {
            *root = new.clone();
        }
        return;
    };
    match change.act {
        Act::Changed(_, new) => {
            if let Some(field) = root.find_mut(&change.at) {
                *field = new.clone();
            }
        }
        Act::Added(new) => insert(root, &parent, last, new.clone()),
        Act::Removed(_) => drop(take(root, &parent, &last)),
        Act::Moved(_, to) => {
            if let Some(field) = take(root, &parent, &last) {
                insert(root, &parent, Segment::Index(to), field);
            }
        }
    }
}

fn insert(root: &mut Field, parent: &Pointer, at: Segment, field: Field) {
    match (root.find_mut(parent).map(|parent| &mut parent.value), at) {
        (Some(FieldValue::Map(entries)), Segment::Key(key)) => {
            // null was there, which is nothing
            entries.retain(|(known, _)| **known != *key);
            entries.push((String::from(key).into(), field));
        }
        (Some(FieldValue::List(items)), Segment::Index(index)) => {
            items.insert((index as usize).min(items.len()), field)
        }
        _ => {}
    }
}

fn take(root: &mut Field, parent: &Pointer, at: &Segment) -> Option<Field> {
    match (&mut root.find_mut(parent)?.value, at) {
        (FieldValue::Map(entries), Segment::Key(key)) => {
            let place = entries.iter().position(|(known, _)| **known == **key)?;
            Some(entries.remove(place).1)
        }
        (FieldValue::List(items), Segment::Index(index)) if (*index as usize) < items.len() => {
            Some(items.remove(*index as usize))
        }
        _ => None,
    }
}
