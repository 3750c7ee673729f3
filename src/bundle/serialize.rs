//! From a typed value to a tree of fields, with the trail of causes walked alongside.

use super::cause::CauseId;
use super::field::{Field, FieldValue, Key};
use super::traced::{Step, Traced, Trail};
use serde::ser::{self, Impossible, Serialize};
use std::fmt;

impl<T: Serialize> Traced<T> {
    /// The value as a tree: each field has the cause that was traced for it, else that of the field it stands in.
    ///
    /// # Panics
    /// Where the type has a shape that no Kubernetes object has: a tuple, bytes, an enum with contents, keys that are no text.
    pub fn into_field(self) -> Field {
        let reader = Reader { trail: Some(self.trail()), cause: self.cause() };
        self.value.serialize(reader).expect("the types of Kubernetes objects have only the shapes of JSON")
    }
}

/// The place in the trail that belongs to the value being serialized.
#[derive(Clone, Copy)]
struct Reader<'t> {
    trail: Option<&'t Trail>,
    cause: CauseId,
}

impl<'t> Reader<'t> {
    fn children(self) -> &'t [(Step, Trail)] {
        self.trail.map_or(&[], |trail| &trail.children)
    }

    fn inherit(self) -> Self {
        Self { trail: None, cause: self.cause }
    }

    fn descend(self, trail: &'t Trail) -> Self {
        Self { trail: Some(trail), cause: trail.cause }
    }

    fn field(self, value: FieldValue) -> Result<Field, ShapeError> {
        Ok(Field { value, cause: self.cause })
    }
}

/// Whether `field`, a name in Rust, is the field that is serialized as `key`: `cluster_ip` and `clusterIP`, `type_` and `type`.
fn spells(field: &str, key: &str) -> bool {
    let mut letters = key.bytes().filter(u8::is_ascii_alphanumeric);
    let mut own = field.bytes().filter(|byte| *byte != b'_');
    own.all(|byte| letters.next().is_some_and(|letter| letter.eq_ignore_ascii_case(&byte))) && letters.next().is_none()
}

/// A struct, list or map on its way to a field.
struct Fields<'t> {
    reader: Reader<'t>,
    entries: Vec<(Key, Field)>,
}

struct Items<'t> {
    reader: Reader<'t>,
    rest: &'t [(Step, Trail)],
    items: Vec<Field>,
}

struct Entries<'t> {
    reader: Reader<'t>,
    rest: &'t [(Step, Trail)],
    key: Option<Box<str>>,
    entries: Vec<(Key, Field)>,
}

impl<'t> ser::Serializer for Reader<'t> {
    type Ok = Field;
    type Error = ShapeError;
    type SerializeSeq = Items<'t>;
    type SerializeTuple = Impossible<Field, ShapeError>;
    type SerializeTupleStruct = Impossible<Field, ShapeError>;
    type SerializeTupleVariant = Impossible<Field, ShapeError>;
    type SerializeMap = Entries<'t>;
    type SerializeStruct = Fields<'t>;
    type SerializeStructVariant = Impossible<Field, ShapeError>;

    fn serialize_bool(self, value: bool) -> Result<Field, ShapeError> {
        self.field(FieldValue::Boolean(value))
    }

    fn serialize_i8(self, value: i8) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<Field, ShapeError> {
        self.field(FieldValue::Integer(value))
    }

    fn serialize_u8(self, value: u8) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<Field, ShapeError> {
        self.serialize_i64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<Field, ShapeError> {
        self.field(i64::try_from(value).map_or(FieldValue::Float(value as f64), FieldValue::Integer))
    }

    fn serialize_f32(self, value: f32) -> Result<Field, ShapeError> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Field, ShapeError> {
        self.field(FieldValue::Float(value))
    }

    fn serialize_char(self, value: char) -> Result<Field, ShapeError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Field, ShapeError> {
        self.field(FieldValue::String(value.into()))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Field, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_none(self) -> Result<Field, ShapeError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Field, ShapeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Field, ShapeError> {
        self.field(FieldValue::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Field, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Field, ShapeError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Field, ShapeError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Field, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items<'t>, ShapeError> {
        Ok(Items { reader: self, rest: self.children(), items: Vec::with_capacity(length.unwrap_or(0)) })
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, ShapeError> {
        Err(ShapeError)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Entries<'t>, ShapeError> {
        let entries = Vec::with_capacity(length.unwrap_or(0));
        Ok(Entries { reader: self, rest: self.children(), key: None, entries })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Fields<'t>, ShapeError> {
        Ok(Fields { reader: self, entries: Vec::with_capacity(length) })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, ShapeError> {
        Err(ShapeError)
    }
}

impl ser::SerializeStruct for Fields<'_> {
    type Ok = Field;
    type Error = ShapeError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), ShapeError> {
        let own =
            self.reader.children().iter().find(|(step, _)| matches!(step, Step::Field(name) if spells(name, key)));
        let reader = own.map_or(self.reader.inherit(), |(_, trail)| self.reader.descend(trail));
        self.entries.push((Key::Borrowed(key), value.serialize(reader)?));
        Ok(())
    }

    fn end(self) -> Result<Field, ShapeError> {
        self.reader.field(FieldValue::Map(self.entries))
    }
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = Field;
    type Error = ShapeError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ShapeError> {
        let reader = match self.rest {
            [(Step::Index(index), trail), rest @ ..] if *index as usize == self.items.len() => {
                self.rest = rest;
                self.reader.descend(trail)
            }
            _ => self.reader.inherit(),
        };
        self.items.push(value.serialize(reader)?);
        Ok(())
    }

    fn end(self) -> Result<Field, ShapeError> {
        self.reader.field(FieldValue::List(self.items))
    }
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = Field;
    type Error = ShapeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ShapeError> {
        let FieldValue::String(text) = key.serialize(self.reader.inherit())?.value else { return Err(ShapeError) };
        self.key = Some(text);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ShapeError> {
        let key = self.key.take().ok_or(ShapeError)?;
        // An entry that was removed after tracing leaves its step behind: pass it by.
        while let [(Step::Key(step), _), rest @ ..] = self.rest
            && *step < key
        {
            self.rest = rest;
        }
        let reader = match self.rest {
            [(Step::Key(step), trail), ..] if *step == key => self.reader.descend(trail),
            _ => self.reader.inherit(),
        };
        self.entries.push((Key::Owned(key.into_string()), value.serialize(reader)?));
        Ok(())
    }

    fn end(self) -> Result<Field, ShapeError> {
        self.reader.field(FieldValue::Map(self.entries))
    }
}

/// The type has a shape that JSON has not.
#[derive(Debug)]
struct ShapeError;

impl fmt::Display for ShapeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a shape that no Kubernetes object has")
    }
}

impl std::error::Error for ShapeError {}

impl ser::Error for ShapeError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}
