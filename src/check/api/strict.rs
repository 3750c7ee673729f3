//! Reads an object as strictly as the API server does: unknown and missing fields, wrong types, texts without their form.

mod path;
mod message;
mod rules;

use super::form::{Fraction, is_base64, is_quantity, is_time};
use crate::bundle::schema::{FieldRow, Item, ServedKind, TypeId, Value};
use crate::bundle::{Field, FieldValue, Key, Object};
use crate::check::{Finding, Target};
use message::Mistake;
use path::Path;
pub use rules::RULES;

/// Reads an object of a built-in kind; everything that is wrong becomes a finding.
pub fn read(object: &Object, index: usize, kind: ServedKind, target: Target, findings: &mut Vec<Finding>) {
    let mut reader = Reader { object: (index, object), kind, target, unknown: Unknown::Refused, findings };
    let root = Path::root(kind.type_id());
    reader.item(Item::Object(kind.type_id()), &object.root, &root);
}

/// What is done about fields that are unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unknown {
    /// They are mistakes.
    Refused,
    /// They are dropped: the types that read themselves do not read strictly.
    Dropped,
}

struct Reader<'a> {
    object: (usize, &'a Object),
    kind: ServedKind,
    target: Target,
    unknown: Unknown,
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn value(&mut self, value: Value, field: &Field, path: &Path) {
        match (value, &field.value) {
            (Value::One(item), _) => self.item(item, field, path),
            (_, FieldValue::Null) => {}
            (Value::List(item), FieldValue::List(items)) => self.items(Value::One(item), items, path),
            (Value::Map(item), FieldValue::Map(entries)) => self.entries(Value::One(item), entries, path),
            (Value::MapOfLists(item), FieldValue::Map(entries)) => self.entries(Value::List(item), entries, path),
            (Value::List(_), wrong) => self.mistake(Mistake::Type { wanted: "a list", wrong, code: "DEC-016" }, path),
            (_, wrong) => self.mistake(Mistake::Type { wanted: "a map", wrong, code: "DEC-016" }, path),
        }
    }

    fn items(&mut self, value: Value, items: &[Field], path: &Path) {
        for (item, index) in items.iter().zip(0..) {
            self.value(value, item, &path.index(index));
        }
    }

    fn entries(&mut self, value: Value, entries: &[(Key, Field)], path: &Path) {
        for (key, entry) in entries {
            self.value(value, entry, &path.key(key, None));
        }
    }

    fn item(&mut self, item: Item, field: &Field, path: &Path) {
        match (item, &field.value) {
            (_, FieldValue::Null) | (Item::Any, _) => {}
            (Item::Object(id), FieldValue::Map(entries)) => self.object(id, entries, path),
            (Item::Object(_), wrong) => {
                self.mistake(Mistake::Type { wanted: "a map of fields", wrong, code: "DEC-016" }, path);
            }
            (Item::Text, FieldValue::String(_)) | (Item::Boolean, FieldValue::Boolean(_)) => {}
            (Item::Int32, FieldValue::Integer(number)) if i32::try_from(*number).is_ok() => {}
            (Item::Int64, FieldValue::Integer(_)) => {}
            (Item::IntOrText, FieldValue::String(_)) => {}
            (Item::IntOrText, FieldValue::Integer(number)) if i32::try_from(*number).is_ok() => {}
            (Item::Number | Item::Quantity, FieldValue::Integer(_)) => {}
            (Item::Number | Item::Quantity, FieldValue::Float(number)) if number.is_finite() => {}
            (Item::Quantity, FieldValue::String(text)) if is_quantity(text) => {}
            (Item::Time, FieldValue::String(text)) if is_time(text, Fraction::Any) => {}
            (Item::MicroTime, FieldValue::String(text)) if is_time(text, Fraction::Digits(6)) => {}
            (Item::Bytes, FieldValue::String(text)) if is_base64(text) => {}
            (Item::Bytes, FieldValue::List(items)) if items.iter().all(is_byte) => {}
            (Item::ObjectOrBoolean(_) | Item::ObjectOrList(_) | Item::ObjectOrTexts(_), _) => {
                self.schema(item, field, path);
            }
            (_, wrong) => self.mistake(Mistake::scalar(item, wrong, path), path),
        }
    }

    /// The types of CustomResourceDefinitions that read themselves. Where neither form is there, two of them see nothing at all.
    fn schema(&mut self, item: Item, field: &Field, path: &Path) {
        let outer = std::mem::replace(&mut self.unknown, Unknown::Dropped);
        match (item, &field.value) {
            (_, FieldValue::Map(entries)) => {
                if let Some(id) = item.type_id() {
                    self.object(id, entries, path);
                }
            }
            (Item::ObjectOrList(id), FieldValue::List(items)) => self.items(Value::One(Item::Object(id)), items, path),
            (Item::ObjectOrTexts(_), FieldValue::List(items)) => self.items(Value::One(Item::Text), items, path),
            (Item::ObjectOrBoolean(_), FieldValue::Boolean(_)) => {}
            (Item::ObjectOrBoolean(_), wrong) => {
                self.mistake(Mistake::Type { wanted: "a schema, true or false", wrong, code: "DEC-016" }, path);
            }
            _ => {}
        }
        self.unknown = outer;
    }

    fn object(&mut self, id: TypeId, entries: &[(Key, Field)], path: &Path) {
        let mut demanded = 0;
        for (key, field) in entries {
            match id.field_in(key, self.target.oldest) {
                Some(row) if row.is_in(self.target.oldest) && row.is_in(self.target.newest) => {
                    demanded += usize::from(row.is_demanded() && !is_null(field));
                    self.value(row.value(), field, &path.key(key, row.value().item().1.type_id()));
                }
                Some(row) => self.out_of_range(row, id, field, &path.key(key, None)),
                None => self.unknown(id, key, entries, path),
            }
        }
        if demanded < id.demanded() && !path.is_status() {
            self.missing(id, entries, path);
        }
    }

    fn out_of_range(&mut self, row: &'static FieldRow, owner: TypeId, field: &Field, path: &Path) {
        if self.unknown == Unknown::Refused {
            self.mistake(Mistake::OutOfRange { row, owner }, path);
        } else {
            self.value(row.value(), field, path);
        }
    }

    fn unknown(&mut self, owner: TypeId, key: &str, beside: &[(Key, Field)], path: &Path) {
        if self.unknown == Unknown::Refused {
            self.mistake(Mistake::Unknown { owner, key, beside }, &path.key(key, None));
        }
    }

    fn missing(&mut self, owner: TypeId, entries: &[(Key, Field)], path: &Path) {
        let is_there = |name: &str| entries.iter().any(|(key, field)| key == name && !is_null(field));
        let target = self.target;
        let wanted = owner.fields().iter().filter(|row| row.is_demanded() && row.is_in(target.oldest));
        for row in wanted.filter(|row| !is_there(row.name())) {
            self.mistake(Mistake::Missing { row, owner }, &path.key(row.name(), None));
        }
    }

    fn mistake(&mut self, mistake: Mistake, path: &Path) {
        let finding = mistake.finding(self.object, self.kind, path, self.target);
        self.findings.push(finding);
    }
}

fn is_null(field: &Field) -> bool {
    matches!(field.value, FieldValue::Null)
}

fn is_byte(field: &Field) -> bool {
    match field.value {
        FieldValue::Integer(number) => u8::try_from(number).is_ok(),
        FieldValue::Null => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
