//! The tree of an object, in which every field knows its cause.

use super::cause::{Cause, CauseId, DerivedId};
use super::pointer::{Pointer, Segment};
use crate::document::OriginId;
use std::borrow::Cow;

/// The key of a map: borrowed where it is a field of a type, owned where the user chose it.
pub type Key = Cow<'static, str>;

/// A value and why it has it.
#[derive(Debug, Clone)]
pub struct Field {
    /// What it is.
    pub value: FieldValue,
    /// Why it is so.
    pub cause: CauseId,
}

/// What YAML and JSON can hold, in order.
#[derive(Debug, Clone)]
pub enum FieldValue {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    String(Box<str>),
    /// A list.
    List(Vec<Field>),
    /// A map; each key stands once.
    Map(Vec<(Key, Field)>),
}

impl FieldValue {
    /// The type in words for messages: "a text", "a whole number", …
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(true) => "true",
            Self::Boolean(false) => "false",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::String(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

impl Field {
    /// A field with this value and cause.
    pub fn new(value: FieldValue, cause: impl Into<CauseId>) -> Self {
        Self { value, cause: cause.into() }
    }

    /// The tree of a JSON document; `cause` says for each of its fields, the outer ones first, why it is there. Numbers are
    /// what their spelling says: `1.0` is no whole number, and what no 64-bit number can hold is infinite.
    pub fn from_json(document: &serde_json::Value, cause: &mut impl FnMut() -> CauseId) -> Self {
        use serde_json::Value;
        let own = cause();
        let value = match document {
            Value::Null => FieldValue::Null,
            Value::Bool(truth) => FieldValue::Boolean(*truth),
            Value::Number(number) => match number.as_i64() {
                Some(integer) => FieldValue::Integer(integer),
                None => FieldValue::Float(number.as_f64().unwrap_or(f64::INFINITY)),
            },
            Value::String(text) => FieldValue::String(text.as_str().into()),
            Value::Array(items) => FieldValue::List(items.iter().map(|item| Self::from_json(item, cause)).collect()),
            Value::Object(entries) => FieldValue::Map(
                entries.iter().map(|(key, value)| (key.clone().into(), Self::from_json(value, cause))).collect(),
            ),
        };
        Self::new(value, own)
    }

    /// A text with this cause.
    pub fn text(text: impl Into<Box<str>>, cause: impl Into<CauseId>) -> Self {
        Self::new(FieldValue::String(text.into()), cause)
    }

    /// Gives derived causes, here and in all that is below, the ones that stand at their numbers.
    pub(super) fn renumber(&mut self, causes: &[CauseId]) {
        self.change_causes(&|cause| match cause.view() {
            Cause::Derived(DerivedId(number)) => causes[number as usize],
            Cause::Key(_) => cause,
        });
    }

    /// Makes origins, here and in all that is below, so many places later ones.
    pub(super) fn move_origins(&mut self, by: u32) {
        if by > 0 {
            self.change_causes(&|cause| match cause.view() {
                Cause::Key(OriginId(number)) => OriginId(number.saturating_add(by)).into(),
                Cause::Derived(_) => cause,
            });
        }
    }

    fn change_causes(&mut self, change: &impl Fn(CauseId) -> CauseId) {
        self.cause = change(self.cause);
        match &mut self.value {
            FieldValue::List(items) => items.iter_mut().for_each(|item| item.change_causes(change)),
            FieldValue::Map(entries) => entries.iter_mut().for_each(|(_, field)| field.change_causes(change)),
            _ => {}
        }
    }

    /// The text, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            FieldValue::String(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, where it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self.value {
            FieldValue::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// The truth value, where it is one.
    pub fn as_boolean(&self) -> Option<bool> {
        match self.value {
            FieldValue::Boolean(truth) => Some(truth),
            _ => None,
        }
    }

    /// A text, number or truth value as a text.
    pub fn spelled(&self) -> Option<Cow<'_, str>> {
        match &self.value {
            FieldValue::String(text) => Some((**text).into()),
            FieldValue::Integer(number) => Some(number.to_string().into()),
            FieldValue::Float(number) => Some(number.to_string().into()),
            FieldValue::Boolean(truth) => Some(if *truth { "true" } else { "false" }.into()),
            _ => None,
        }
    }

    /// The entries of a list; none where it is no list.
    pub fn items(&self) -> &[Field] {
        match &self.value {
            FieldValue::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a map; none where it is no map.
    pub fn entries(&self) -> &[(Key, Field)] {
        match &self.value {
            FieldValue::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entry of a map, where it is one and has it.
    pub fn get(&self, key: &str) -> Option<&Field> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, field)| field)
    }

    /// The entry of a map, where it is one and has it, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Field> {
        match &mut self.value {
            FieldValue::Map(entries) => entries.iter_mut().find(|(name, _)| name == key).map(|(_, field)| field),
            _ => None,
        }
    }

    /// Follows keys through maps.
    pub fn follow(&self, keys: &[&str]) -> Option<&Field> {
        keys.iter().try_fold(self, |field, key| field.get(key))
    }

    /// The field at a pointer.
    pub fn find(&self, pointer: &Pointer) -> Option<&Field> {
        pointer.segments().iter().try_fold(self, |field, segment| match segment {
            Segment::Key(key) => field.get(key),
            Segment::Index(index) => field.items().get(*index as usize),
        })
    }

    /// The field at a pointer, to change it.
    pub fn find_mut(&mut self, pointer: &Pointer) -> Option<&mut Field> {
        pointer.segments().iter().try_fold(self, |field, segment| match (segment, &mut field.value) {
            (Segment::Key(key), FieldValue::Map(entries)) => {
                entries.iter_mut().find(|(name, _)| **name == **key).map(|(_, field)| field)
            }
            (Segment::Index(index), FieldValue::List(items)) => items.get_mut(*index as usize),
            _ => None,
        })
    }

    /// The last field that exists on the way to a pointer: where a message about a missing field points.
    pub fn nearest(&self, pointer: &Pointer) -> &Field {
        let mut field = self;
        for segment in pointer.segments() {
            let next = match segment {
                Segment::Key(key) => field.get(key),
                Segment::Index(index) => field.items().get(*index as usize),
            };
            match next {
                Some(deeper) => field = deeper,
                None => break,
            }
        }
        field
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::OriginId;

    /// `{a: {b: [1, "x"]}}`, each field with a cause of its own, counted from the outside.
    fn sample() -> Field {
        let items = vec![Field::new(FieldValue::Integer(1), OriginId(3)), Field::text("x", OriginId(4))];
        let list = Field::new(FieldValue::List(items), OriginId(2));
        let inner = Field::new(FieldValue::Map(vec![("b".into(), list)]), OriginId(1));
        Field::new(FieldValue::Map(vec![("a".into(), inner)]), OriginId(0))
    }

    #[test]
    fn finds_by_pointer() {
        let mut field = sample();
        let at = |text: &str| text.parse::<Pointer>().unwrap();
        assert_eq!(field.find(&at("a.b[1]")).and_then(Field::as_str), Some("x"));
        assert_eq!(field.follow(&["a", "b"]).map(|list| list.items().len()), Some(2));
        assert!(field.find(&at("a.b[2]")).is_none());
        assert!(field.find(&at("a[0]")).is_none());
        assert!(field.find(&at("a.b.c")).is_none());
        field.find_mut(&at("a.b[0]")).unwrap().value = FieldValue::Boolean(true);
        assert_eq!(field.find(&at("a.b[0]")).and_then(Field::as_boolean), Some(true));
        assert!(field.find_mut(&at("a.c")).is_none());
    }

    #[test]
    fn the_nearest_field_of_a_missing_one_is_its_last_parent() {
        let field = sample();
        let nearest = |text: &str| field.nearest(&text.parse().unwrap()).cause;
        assert_eq!(nearest("a.b[5].name"), OriginId(2).into());
        assert_eq!(nearest("a.b[1]"), OriginId(4).into());
        assert_eq!(nearest("z"), OriginId(0).into());
    }
}
