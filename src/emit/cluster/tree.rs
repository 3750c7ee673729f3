//! Small trees for files that are no objects of a stack.

use crate::bundle::{Field, FieldValue, Key};
use crate::document::OriginId;

/// Nobody asks why a cluster file is as it is.
const NOWHERE: OriginId = OriginId(0);

/// A map with these entries, in this order where the format has no customary one.
pub fn map<const ENTRIES: usize>(entries: [(&'static str, Field); ENTRIES]) -> Field {
    let entries = entries.into_iter().map(|(key, field)| (Key::Borrowed(key), field));
    Field::new(FieldValue::Map(entries.collect()), NOWHERE)
}

/// The map with one more entry.
pub fn with(mut map: Field, key: &'static str, field: Field) -> Field {
    if let FieldValue::Map(entries) = &mut map.value {
        entries.push((Key::Borrowed(key), field));
    }
    map
}

/// A list.
pub fn list(items: impl IntoIterator<Item = Field>) -> Field {
    Field::new(FieldValue::List(items.into_iter().collect()), NOWHERE)
}

/// A text.
pub fn text(text: impl Into<Box<str>>) -> Field {
    Field::text(text, NOWHERE)
}

/// A whole number.
pub fn number(number: impl Into<i64>) -> Field {
    Field::new(FieldValue::Integer(number.into()), NOWHERE)
}
