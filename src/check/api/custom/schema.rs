//! The structural schema of a custom kind: what OpenAPI v3 says of its values, as far as the API server asks for it.

use super::pattern::Pattern;
use crate::bundle::{Field, FieldValue};
use std::collections::BTreeMap;

/// What a value may be. Source: the keywords of `JSONSchemaProps`, `apiextensions.k8s.io/v1`.
#[derive(Debug, Default)]
pub struct Schema {
    /// The types, of which one is enough; empty for any.
    pub types: Vec<Type>,
    /// Whether it may be null.
    pub is_nullable: bool,
    /// Whether a value is filled in where it is missing.
    pub default: Option<Field>,
    /// The only values that it may be; empty for any.
    pub choices: Vec<FieldValue>,
    /// What texts, numbers, lists and maps are held to.
    pub bounds: Bounds,
    /// The fields of an object.
    pub properties: BTreeMap<Box<str>, Schema>,
    /// The fields that must be there.
    pub required: Vec<Box<str>>,
    /// The values of a map whose keys the user chooses.
    pub additional: Additional,
    /// Whether unknown fields are kept; else they are refused.
    pub keeps_unknown: bool,
    /// Whether it is an object with `apiVersion`, `kind` and `metadata` of its own.
    pub is_embedded: bool,
    /// The entries of a list.
    pub items: Option<Box<Schema>>,
    /// How the entries of a list are told apart.
    pub list: ListType,
    /// Conditions beside all of this.
    pub conditions: Conditions,
}

/// A type of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A map.
    Object,
    /// A list.
    Array,
    /// A text.
    String,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
}

/// What a map whose keys the user chooses may hold.
#[derive(Debug, Default)]
pub enum Additional {
    /// No such keys.
    #[default]
    None,
    /// Texts, numbers and truth values: of maps below it nothing is known.
    Scalars,
    /// Values of this schema.
    Schema(Box<Schema>),
}

/// How the entries of a list are told apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum ListType {
    /// They are not.
    #[default]
    Atomic,
    /// By their values.
    Set,
    /// By the values of these fields together.
    Map(Vec<Box<str>>),
}

/// Least and most of a size, both included.
pub type Sizes = (Option<i64>, Option<i64>);

/// What texts, numbers, lists and maps are held to.
#[derive(Debug, Default)]
pub struct Bounds {
    /// Characters of a text.
    pub length: Sizes,
    /// The form of a text; none where it is not understood.
    pub pattern: Option<Pattern>,
    /// A form of text that has a name, such as `ipv4`.
    pub format: Box<str>,
    /// The least number, and whether it is excluded.
    pub minimum: Option<(f64, Edge)>,
    /// The largest number, and whether it is excluded.
    pub maximum: Option<(f64, Edge)>,
    /// What a number is divisible by.
    pub multiple_of: Option<f64>,
    /// Entries of a list.
    pub items: Sizes,
    /// Entries of a map.
    pub properties: Sizes,
}

/// Whether a bound may be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// It may.
    Included,
    /// It may not.
    Excluded,
}

/// Schemas that hold beside the others.
#[derive(Debug, Default)]
pub struct Conditions {
    /// All of them.
    pub all_of: Vec<Schema>,
    /// At least one of them.
    pub any_of: Vec<Schema>,
    /// Exactly one of them.
    pub one_of: Vec<Schema>,
    /// This one does not.
    pub not: Option<Box<Schema>>,
}

impl Schema {
    /// Reads a schema. What is not understood asks for nothing, as does what is mistyped: the definition itself is checked
    /// elsewhere.
    pub fn read(field: &Field) -> Self {
        let is_true = |key: &str| field.get(key).and_then(Field::as_boolean).unwrap_or_default();
        let properties = field.get("properties").map_or(&[][..], Field::entries);
        Self {
            types: types(field),
            is_nullable: is_true("nullable"),
            default: field.get("default").cloned(),
            choices: list(field, "enum").iter().map(|choice| choice.value.clone()).collect(),
            bounds: Bounds::read(field),
            properties: properties.iter().map(|(key, schema)| (key.as_ref().into(), Self::read(schema))).collect(),
            required: texts(field, "required"),
            additional: additional(field),
            keeps_unknown: is_true("x-kubernetes-preserve-unknown-fields"),
            is_embedded: is_true("x-kubernetes-embedded-resource"),
            items: field.get("items").map(|items| Box::new(Self::read(items))),
            list: list_type(field),
            conditions: Conditions::read(field),
        }
    }

    /// The schema of a whole object: it has `apiVersion`, `kind` and `metadata`, of which the server looks at the fields by itself.
    #[must_use]
    pub fn of_object(mut self) -> Self {
        self.is_embedded = true;
        if let Some(metadata) = self.properties.get_mut("metadata") {
            metadata.keeps_unknown = true;
        }
        self
    }

    /// The same without asking anything of `status` but that its fields are known.
    #[must_use]
    pub fn without_status(mut self) -> Self {
        if let Some(status) = self.properties.remove("status") {
            self.properties.insert("status".into(), status.fields_only());
        }
        self.required.retain(|key| **key != *"status");
        self
    }

    fn fields_only(self) -> Self {
        let properties = self.properties.into_iter().map(|(key, schema)| (key, schema.fields_only())).collect();
        let additional = match self.additional {
            Additional::Schema(schema) => Additional::Schema(Box::new(schema.fields_only())),
            other => other,
        };
        let items = self.items.map(|items| Box::new(items.fields_only()));
        let (keeps_unknown, is_embedded) = (self.keeps_unknown, self.is_embedded);
        Self { properties, additional, items, keeps_unknown, is_embedded, ..Self::default() }
    }

    /// Whether nulls are taken away before anything is asked: they count as missing fields.
    pub fn drops_null(&self) -> bool {
        !self.is_nullable
    }

    /// Whether it says nothing but that these fields are there.
    pub fn required_only(&self) -> Option<&[Box<str>]> {
        let silent = self.types.is_empty() && self.properties.is_empty() && self.conditions.not.is_none();
        (silent && !self.required.is_empty()).then_some(&self.required)
    }

    /// A schema of a condition. It says nothing of fields that it does not name, and only what it says is asked.
    fn of_condition(field: &Field) -> Self {
        let mut schema = Self::read(field);
        schema.keep_unknown();
        schema
    }

    fn keep_unknown(&mut self) {
        self.keeps_unknown = true;
        self.properties.values_mut().for_each(Self::keep_unknown);
        self.items.iter_mut().for_each(|items| items.keep_unknown());
        if let Additional::Schema(schema) = &mut self.additional {
            schema.keep_unknown();
        }
    }
}

impl Bounds {
    fn read(field: &Field) -> Self {
        let text = |key: &str| field.get(key).and_then(Field::as_str).unwrap_or_default();
        let count = |key: &str| field.get(key).and_then(Field::as_integer);
        let edge = |key: &str| match field.get(key).and_then(Field::as_boolean) {
            Some(true) => Edge::Excluded,
            _ => Edge::Included,
        };
        Self {
            length: (count("minLength"), count("maxLength")),
            pattern: Some(text("pattern")).filter(|pattern| !pattern.is_empty()).and_then(Pattern::read),
            format: text("format").into(),
            minimum: field.get("minimum").and_then(number).map(|least| (least, edge("exclusiveMinimum"))),
            maximum: field.get("maximum").and_then(number).map(|most| (most, edge("exclusiveMaximum"))),
            multiple_of: field.get("multipleOf").and_then(number),
            items: (count("minItems"), count("maxItems")),
            properties: (count("minProperties"), count("maxProperties")),
        }
    }
}

impl Conditions {
    fn read(field: &Field) -> Self {
        let all = |key: &str| list(field, key).iter().map(Schema::of_condition).collect();
        Self {
            all_of: all("allOf"),
            any_of: all("anyOf"),
            one_of: all("oneOf"),
            not: field.get("not").map(|not| Box::new(Schema::of_condition(not))),
        }
    }
}

/// A number, whole or not.
pub fn number(field: &Field) -> Option<f64> {
    match field.value {
        // The server compares bounds as floating-point numbers too.
        FieldValue::Integer(number) => Some(number as f64),
        FieldValue::Float(number) => Some(number),
        _ => None,
    }
}

fn types(field: &Field) -> Vec<Type> {
    if field.get("x-kubernetes-int-or-string").and_then(Field::as_boolean) == Some(true) {
        return vec![Type::Integer, Type::String];
    }
    let name = field.get("type").and_then(Field::as_str).unwrap_or_default();
    let known = match name {
        "object" => Type::Object,
        "array" => Type::Array,
        "string" => Type::String,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        _ => return Vec::new(),
    };
    vec![known]
}

fn additional(field: &Field) -> Additional {
    match field.get("additionalProperties").map(|field| (field, &field.value)) {
        Some((_, FieldValue::Boolean(true))) => Additional::Scalars,
        Some((schema, FieldValue::Map(_))) => Additional::Schema(Box::new(Schema::read(schema))),
        _ => Additional::None,
    }
}

fn list_type(field: &Field) -> ListType {
    match field.get("x-kubernetes-list-type").and_then(Field::as_str) {
        Some("set") => ListType::Set,
        Some("map") => ListType::Map(texts(field, "x-kubernetes-list-map-keys")),
        _ => ListType::Atomic,
    }
}

fn list<'a>(field: &'a Field, key: &str) -> &'a [Field] {
    field.get(key).map_or(&[][..], Field::items)
}

fn texts(field: &Field, key: &str) -> Vec<Box<str>> {
    list(field, key).iter().filter_map(Field::as_str).map(Into::into).collect()
}
