//! What the tables of Kubernetes' fields say of a place in an object.

use super::schema::{Item, ListKeys, ListMerge, ServedKind, TypeId, Value};
use super::{Field, FieldValue, Object, Pointer, Segment};
use std::borrow::Cow;

/// A place in an object, as far as the tables know it.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    value: Option<Value>,
    list: ListMerge,
    field: Option<(TypeId, &'static str)>,
}

impl Slot {
    /// A place of which the tables know nothing.
    pub const UNKNOWN: Self = Self::holding(None);

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
                Some(row) => Self { value: Some(row.value()), list: row.list(), field: Some((id, row.name())) },
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

    /// What stands at a pointer below it.
    pub fn follow(self, pointer: &Pointer) -> Self {
        pointer.segments().iter().fold(self, |slot, segment| match segment {
            Segment::Key(key) => slot.key(key),
            Segment::Index(_) => slot.item(),
        })
    }

    /// The fields by which the items of a list are told apart, where it is such a list.
    pub fn list_keys(self) -> Option<ListKeys> {
        match (self.value, self.list) {
            (Some(Value::List(_)), ListMerge::Map(keys)) => Some(keys),
            _ => None,
        }
    }

    /// Whether it is a list whose items are values, each of which stands once.
    pub fn is_set(self) -> bool {
        matches!((self.value, self.list), (Some(Value::List(_)), ListMerge::Set))
    }

    /// What stands here, where the tables know it.
    pub fn value(self) -> Option<Value> {
        self.value
    }

    /// The name of the type that has this field, and the name of the field: `core.v1.Container` and `env`. None for a whole
    /// object, for items of lists and entries of maps, and where the tables know nothing.
    pub fn field(self) -> Option<(&'static str, &'static str)> {
        self.field.map(|(owner, name)| (owner.name(), name))
    }

    /// The type of the object that stands here.
    pub fn object_type(self) -> Option<TypeId> {
        match self.value {
            Some(Value::One(Item::Object(id))) => Some(id),
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

    const fn holding(value: Option<Value>) -> Self {
        Self { value, list: ListMerge::Atomic, field: None }
    }
}

/// The text of a key of an item; a port without a protocol is one of TCP.
pub fn key_of<'f>(item: &'f Field, key: &str) -> Option<Cow<'f, str>> {
    item.get(key).and_then(Field::spelled).or_else(|| (key == "protocol").then_some(Cow::Borrowed("TCP")))
}
