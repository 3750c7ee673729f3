//! What of an object nobody may see: values of Secrets.

use super::changes::Disclosure;
use crate::bundle::{Field, FieldValue, Object, Pointer, Segment};
use crate::seal::CHECKSUM;

/// What stands for a value that may not be seen.
pub const HIDDEN: &str = "(secret)";

/// Whether the field of an object at a pointer may be shown.
pub fn disclosure(object: &Object, at: &Pointer) -> Disclosure {
    let mut keys = at.segments().iter().map(|segment| match segment {
        Segment::Key(key) => &**key,
        Segment::Index(_) => "",
    });
    match keys.next() {
        Some(key) if holds_values(object, key) => Disclosure::Secret,
        _ if at.segments().last() == Some(&CHECKSUM.into()) => Disclosure::Checksum,
        _ => Disclosure::Open,
    }
}

/// An object in which [`HIDDEN`] stands for every value that may not be seen.
pub fn concealed(object: &Object) -> Field {
    let mut root = object.root.clone();
    if let FieldValue::Map(entries) = &mut root.value {
        for (_, field) in entries.iter_mut().filter(|(key, _)| holds_values(object, key)) {
            conceal(field);
        }
    }
    root
}

/// Whether a key at the top of an object holds values of a Secret.
fn holds_values(object: &Object, key: &str) -> bool {
    object.kind_name() == "Secret" && matches!(key, "data" | "stringData")
}

/// Puts [`HIDDEN`] in the place of every value of a tree.
pub fn conceal(field: &mut Field) {
    match &mut field.value {
        FieldValue::Map(entries) => entries.iter_mut().for_each(|(_, field)| conceal(field)),
        FieldValue::List(items) => items.iter_mut().for_each(conceal),
        _ => *field = Field::text(HIDDEN, field.cause),
    }
}
