//! Fields of an object that were written in TOML.

use crate::bundle::{Field, FieldValue, Key, Slot};
use crate::document::{Node, Value};

/// The tree that a TOML value describes at a place of an object; every part has its own place as its cause.
pub fn field(node: &Node, slot: Slot) -> Field {
    let value = match &node.value {
        Value::Boolean(truth) => FieldValue::Boolean(*truth),
        Value::Integer(number, _) => FieldValue::Integer(*number),
        Value::Float(text) => {
            let digits: String = text.chars().filter(|character| *character != '_').collect();
            digits.parse().map_or(FieldValue::Null, FieldValue::Float)
        }
        Value::String(text) => FieldValue::String(text.clone()),
        Value::Untyped(text) => slot.read(text),
        Value::Array(items) => FieldValue::List(items.iter().map(|item| field(item, slot.item())).collect()),
        Value::Table(table) => {
            let entries = table.iter().map(|(key, child)| (Key::from(key.to_string()), field(child, slot.key(key))));
            FieldValue::Map(entries.collect())
        }
        // both were reported, and nothing is printed
        Value::Date(_) | Value::Invalid => FieldValue::Null,
    };
    Field::new(value, node.origin)
}
