//! What the tables of Kubernetes' fields say of a place in an object.

use crate::bundle::schema::{Item, ListKeys, ListMerge, ServedKind, Value};
use crate::bundle::{FieldValue, Object};

/// A place in an object, as far as the tables know it.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    value: Option<Value>,
    list: ListMerge,
}

impl Slot {
    /// A whole object.
    pub fn of(object: &Object) -> Self {
        let (group, version) = object.api_version().rsplit_once('/').unwrap_or(("", object.api_version()));
        let kind = ServedKind::find(group, version, object.kind_name());
        Self::holding(kind.map(|kind| Value::One(Item::Object(kind.type_id()))))
    }

    /// What stands under a key.
    pub fn key(self, name: &str) -> Self {
        match self.value {
            Some(Value::One(Item::Object(id))) => match id.field(name) {
                Some(row) => Self { value: Some(row.value()), list: row.list() },
                None => Self::holding(None),
            },
            Some(Value::Map(item)) => Self::holding(Some(Value::One(item))),
            Some(Value::MapOfLists(item)) => Self::holding(Some(Value::List(item))),
            _ => Self::holding(None),
        }
    }

    /// What the items of a list are.
    pub fn item(self) -> Self {
        match self.value {
            Some(Value::List(item)) => Self::holding(Some(Value::One(item))),
            _ => Self::holding(None),
        }
    }

    /// The fields by which the items of a list are told apart, where it is such a list.
    pub fn list_keys(self) -> Option<ListKeys> {
        match (self.value, self.list) {
            (Some(Value::List(_)), ListMerge::Map(keys)) => Some(keys),
            _ => None,
        }
    }

    /// Reads a text as what belongs here; where that is not known, as what it looks like.
    pub fn read(self, text: &str) -> FieldValue {
        let as_text = || FieldValue::String(text.into());
        let as_integer = || text.parse().map(FieldValue::Integer).ok();
        let as_boolean = || text.parse().map(FieldValue::Boolean).ok();
        let read = match self.value {
            Some(Value::One(item)) => match item {
                Item::Int32 | Item::Int64 | Item::IntOrText => as_integer(),
                Item::Number => as_integer().or_else(|| text.parse().map(FieldValue::Float).ok()),
                Item::Boolean => as_boolean(),
                Item::Any => as_boolean().or_else(as_integer),
                _ => None,
            },
            Some(_) => None,
            None => as_boolean().or_else(as_integer),
        };
        read.unwrap_or_else(as_text)
    }

    fn holding(value: Option<Value>) -> Self {
        Self { value, list: ListMerge::Atomic }
    }
}
