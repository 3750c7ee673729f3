//! Our side of the agreement: reads documents as JSON lines, prints what we would refuse as JSON lines.
//!
//! `cargo run --example verdicts -- 34 < documents > ours`: a line in is `{"id": …, "document": {…}}`, a line out is
//! `{"id": …, "causes": [[REASON, FIELD, RULE], …]}`, sorted; no causes means that we would accept.

#![allow(clippy::expect_used, reason = "a tool of the tests may fail where it stands")]

use serde_json::{Value, json};
use std::io::{self, BufRead, Write};
use stowplan::bundle::{Bundle, Field, FieldValue, Identity, Object};
use stowplan::check::{self, Context, Target};
use stowplan::document::OriginId;
use stowplan::value::KubernetesVersion;

fn main() {
    let minor = std::env::args().nth(1).and_then(|minor| minor.parse().ok()).expect("a minor version is given");
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line.expect("the input is readable")).expect("a line is JSON");
        let objects = vec![Object::from_field(Identity::new("document", "manifest"), field(&line["document"]))];
        let bundle = Bundle { objects, ..Bundle::default() };
        let target = Target::of(KubernetesVersion { minor });
        let findings = check::check(&Context { bundle: &bundle, target });
        let mut causes: Vec<_> =
            findings.iter().map(|finding| json!([finding.reason.as_str(), finding.field, finding.rule])).collect();
        causes.sort_by_key(ToString::to_string);
        writeln!(out, "{}", json!({"id": line["id"], "causes": causes})).expect("the output is writable");
    }
}

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
