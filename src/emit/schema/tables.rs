//! Kinds of value as schemas; tables that stand in several places stand once, among the definitions.

use super::patterns::{is_expression, pattern};
use crate::emit::docs::described;
use crate::shape::check::PREVIOUS;
use crate::shape::kind::{Expressions, Presence};
use crate::shape::{KeyForm, Kind, MapForm, Merge, TableForm, TextForm};
use crate::value::Bare;
use serde_json::{Map, Value, json};

/// The tables of a schema by their names.
#[derive(Default)]
pub struct Definitions {
    tables: Map<String, Value>,
}

impl Definitions {
    /// All of them, with what they refer to.
    pub fn finish(mut self) -> Map<String, Value> {
        self.tables.insert(EXPRESSION.into(), is_expression());
        self.tables
    }

    /// The schema of a table, in full.
    pub fn table(&mut self, form: &'static TableForm) -> Value {
        let keys = form.all_keys();
        let properties: Map<String, Value> = keys.iter().map(|key| (key.name.to_owned(), self.key(key))).collect();
        let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
        if let Some(others) = form.others {
            // An unknown word is not a resource: those of one's own have a domain, and huge pages a size.
            let qualified = json!({ "^[^/]+/[^/]+$|^hugepages-": self.key(&others.key) });
            schema["patternProperties"] = qualified;
        }
        let required = keys.iter().filter(|key| key.presence == Presence::Required).map(|key| key.name);
        // what is replaced as a whole gets nothing from other layers
        let required: Vec<&str> = required.filter(|_| form.merge == Merge::Whole).collect();
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        let excluded: Vec<Value> = form.exclusive_groups().flat_map(excluded).collect();
        if !excluded.is_empty() {
            schema["allOf"] = json!(excluded);
        }
        schema
    }

    fn key(&mut self, key: &KeyForm) -> Value {
        let mut schema = self.kind(key.kind);
        let description = described(key);
        match schema.as_object_mut() {
            Some(keys) if !keys.contains_key("description") => {
                keys.insert("description".into(), json!(description));
                schema
            }
            _ => schema,
        }
    }

    fn kind(&mut self, kind: &'static Kind) -> Value {
        match kind {
            Kind::Boolean => any_of(vec![json!({ "type": "boolean" }), expression()]),
            Kind::False => json!({ "const": false }),
            Kind::True => json!({ "const": true }),
            Kind::Integer { minimum, maximum, .. } => any_of(vec![integer(*minimum, *maximum), expression()]),
            Kind::Text(form) => text(form),
            Kind::Word { words, .. } => any_of(vec![json!({ "enum": words }), expression()]),
            Kind::List(item) => {
                json!({ "type": "array", "items": any_of(vec![self.kind(item), json!({ "const": PREVIOUS })]) })
            }
            Kind::Map(form) => {
                let table = self.map(form);
                self.with_short(table, form.short.as_ref().map(|short| short.kind))
            }
            Kind::Table(form) => {
                let table = self.reference(form);
                self.with_short(table, form.short.as_ref().map(|short| short.kind))
            }
            Kind::Any => json!({}),
            Kind::OneOf(kinds) => any_of(kinds.iter().map(|kind| self.kind(kind)).collect()),
        }
    }

    fn with_short(&mut self, table: Value, short: Option<&'static Kind>) -> Value {
        match short {
            Some(short) => any_of(vec![table, self.kind(short)]),
            None => table,
        }
    }

    fn map(&mut self, form: &'static MapForm) -> Value {
        let mut schema = json!({ "type": "object", "additionalProperties": self.kind(form.value) });
        if let Some(pattern) = pattern(form.key) {
            schema["propertyNames"] = json!({ "pattern": pattern });
        }
        schema
    }

    /// A reference to the definition of a table. Tables of one name with other keys get numbers behind it.
    fn reference(&mut self, form: &'static TableForm) -> Value {
        let schema = self.table(form);
        let base = form.name.replace(' ', "-");
        let names = (1..).map(|number| if number == 1 { base.clone() } else { format!("{base}-{number}") });
        let is_free = |name: &String| self.tables.get(name).is_none_or(|known| *known == schema);
        let name = names.into_iter().find(is_free).expect("there are numbers without end");
        let reference = json!({ "$ref": format!("#/$defs/{name}") });
        self.tables.insert(name, schema);
        reference
    }
}

/// The name of the definition of a text with `{{ }}` in it. No table is called so.
const EXPRESSION: &str = "expression";

fn expression() -> Value {
    json!({ "$ref": format!("#/$defs/{EXPRESSION}") })
}

/// Any of these; a choice among choices is one choice.
fn any_of(schemas: Vec<Value>) -> Value {
    let mut choices: Vec<Value> = Vec::new();
    for schema in schemas {
        let inner = match schema {
            Value::Object(mut object) if object.len() == 1 && object.contains_key("anyOf") => {
                match object.remove("anyOf") {
                    Some(Value::Array(inner)) => inner,
                    _ => Vec::new(),
                }
            }
            schema => vec![schema],
        };
        for choice in inner {
            if !choices.contains(&choice) {
                choices.push(choice);
            }
        }
    }
    match choices.len() {
        1 => choices.remove(0),
        _ => json!({ "anyOf": choices }),
    }
}

fn integer(minimum: i64, maximum: i64) -> Value {
    json!({ "type": "integer", "minimum": minimum, "maximum": maximum })
}

/// A text, and what may stand without quotes in its place.
fn text(form: &TextForm) -> Value {
    let mut schema = json!({ "type": "string" });
    if let Some(pattern) = pattern(form) {
        // one pattern, so that an editor shows one sentence and not two choices that both failed
        schema["pattern"] = match form.expressions {
            Expressions::Evaluated => json!(format!("{pattern}|\\{{\\{{")),
            Expressions::Verbatim => json!(pattern),
        };
    }
    let bare = bare(form);
    if bare.is_empty() {
        return schema;
    }
    let mut choices = vec![schema];
    choices.extend(bare);
    any_of(choices)
}

/// What a text may be without quotes, found out by asking: a port takes 8080, an `env` value takes `true` too.
fn bare(form: &TextForm) -> Vec<Value> {
    let takes = |bare: Bare| matches!((form.bare)(bare), Some(Ok(text)) if (form.check)(&text).is_ok());
    let takes_number = |number: i64| takes(Bare::Integer(number, &number.to_string()));
    let mut schemas = Vec::new();
    let taken: Vec<i64> = NUMBERS.into_iter().filter(|number| takes_number(*number)).collect();
    if let (Some(smallest), Some(largest)) = (taken.first(), taken.last()) {
        let mut schema = integer(*smallest, *largest);
        if let (Some(keys), [first, .., last]) = (schema.as_object_mut(), NUMBERS) {
            keys.retain(|key, value| !(key == "minimum" && *value == first || key == "maximum" && *value == last));
        }
        schemas.push(schema);
    }
    if FLOATS.into_iter().any(|float| takes(Bare::Float(float))) {
        schemas.push(json!({ "type": "number" }));
    }
    if takes(Bare::Boolean(true)) {
        schemas.push(json!({ "type": "boolean" }));
    }
    schemas
}

/// Numbers at which the ranges of the language begin and end, in order.
const NUMBERS: [i64; 14] =
    [-(1 << 53), -1, 0, 1, 100, 1024, 30_000, 32_767, 65_535, 65_536, 1 << 30, (1 << 31) - 1, 1 << 31, 1 << 53];

/// Fractions that some key takes: amounts, versions.
const FLOATS: [&str; 3] = ["0.5", "1.34", "16.4"];

/// For each pair of a group of exclusive keys, that both do not stand.
fn excluded(group: &[&str]) -> Vec<Value> {
    let mut pairs = Vec::new();
    for (at, first) in group.iter().enumerate() {
        for second in &group[at + 1..] {
            let both = match first.contains('.') || second.contains('.') {
                true => json!({ "type": "object", "allOf": [present(first), present(second)] }),
                false => json!({ "type": "object", "required": [first, second] }),
            };
            pairs.push(json!({ "not": both }));
        }
    }
    pairs
}

/// That a value stands at a dotted path.
fn present(path: &str) -> Value {
    match path.split_once('.') {
        None => json!({ "required": [path] }),
        Some((first, rest)) => {
            let mut inner = present(rest);
            // a short form has no keys
            inner["type"] = json!("object");
            json!({ "required": [first], "properties": { first: inner } })
        }
    }
}
