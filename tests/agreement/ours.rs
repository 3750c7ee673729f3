//! Our side of the agreement: what we refuse of a document that is sent as JSON.

use serde_json::Value;
use stowplan::bundle::{Bundle, Field, FieldValue, Identity, Object};
use stowplan::check::{self, Context, Finding, Target};
use stowplan::document::OriginId;
use stowplan::value::KubernetesVersion;

/// A document as a bundle of its own.
pub fn bundle(document: &Value) -> Bundle {
    let objects = vec![Object::from_field(Identity::new("document", "manifest"), field(document))];
    Bundle { objects, ..Bundle::default() }
}

/// What we would refuse of it on this minor version.
pub fn findings(bundle: &Bundle, minor: u8) -> Vec<Finding> {
    check::check(&Context { bundle, target: Target::of(KubernetesVersion { minor }) })
}

/// Numbers by their spelling: `1.0` is no whole number.
fn field(value: &Value) -> Field {
    let value = match value {
        Value::Null => FieldValue::Null,
        Value::Bool(truth) => FieldValue::Boolean(*truth),
        Value::Number(number) => match number.as_i64() {
            Some(integer) => FieldValue::Integer(integer),
            None => FieldValue::Float(number.as_f64().unwrap_or(f64::INFINITY)),
        },
        Value::String(text) => FieldValue::String(text.as_str().into()),
        Value::Array(items) => FieldValue::List(items.iter().map(field).collect()),
        Value::Object(entries) => {
            FieldValue::Map(entries.iter().map(|(key, value)| (key.clone().into(), field(value))).collect())
        }
    };
    Field::new(value, OriginId(0))
}
