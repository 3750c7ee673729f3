//! Replays the verdicts of real API servers: what they refused we refuse at the same field, what they accepted we accept.
//!
//! `tests/agreement/cases/AREA.jsonl` holds documents, `AREA.34.jsonl` what a server of version 1.34 said of them, as
//! `tests/agreement/ask.py` printed it.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use stowplan::bundle::{Bundle, Field, FieldValue, Identity, Object};
use stowplan::check::{self, Context, Target};
use stowplan::document::OriginId;
use stowplan::value::KubernetesVersion;

/// Of the documents that both refuse, how many may be refused at other fields only, in percent.
const OTHER_FIELDS: usize = 5;

#[test]
fn recorded_verdicts_are_ours() {
    let mut asked = 0;
    for area in areas() {
        let documents = lines(&area);
        for minor in 25..=37 {
            let recorded = area.with_extension(format!("{minor}.jsonl"));
            if recorded.exists() {
                asked += compare(&documents, &lines(&recorded), minor, &area);
            }
        }
    }
    assert!(asked > 0, "there are verdicts");
}

/// Compares all verdicts of a version on the documents of an area; gives how many there were.
fn compare(documents: &BTreeMap<String, Value>, verdicts: &BTreeMap<String, Value>, minor: u8, area: &Path) -> usize {
    let (mut differ, mut apart, mut refused) = (Vec::new(), Vec::new(), 0);
    for (id, verdict) in verdicts {
        let ours = refusals(&documents[id]["document"], minor);
        let accepted = verdict["status"].as_u64().is_some_and(|status| (200..300).contains(&status));
        let line = || format!("{id}: the server says {}, we say {ours:?}", verdict["causes"]);
        if accepted != ours.is_empty() {
            differ.push(line());
        } else if !accepted {
            refused += 1;
            let theirs = verdict["causes"].as_array().unwrap();
            let same =
                |cause: &Value| ours.iter().any(|(reason, field)| cause[0] == *reason && cause[1] == field.as_str());
            if verdict["status"] == 422 && !theirs.iter().any(same) {
                apart.push(line());
            }
        }
    }
    let area = area.file_name().unwrap().to_string_lossy();
    assert!(differ.is_empty(), "{area} on 1.{minor}: {} verdicts differ\n{}", differ.len(), differ.join("\n"));
    let allowed = refused * OTHER_FIELDS / 100;
    assert!(apart.len() <= allowed, "{area} on 1.{minor}: {} at other fields\n{}", apart.len(), apart.join("\n"));
    verdicts.len()
}

/// What we would refuse of a document: reasons and fields.
fn refusals(document: &Value, minor: u8) -> Vec<(&'static str, String)> {
    let objects = vec![Object::from_field(Identity::new("document", "manifest"), field(document))];
    let bundle = Bundle { objects, ..Bundle::default() };
    let findings = check::check(&Context { bundle: &bundle, target: Target::of(KubernetesVersion { minor }) });
    findings.into_iter().map(|finding| (finding.reason.as_str(), finding.field)).collect()
}

/// The files with documents.
fn areas() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agreement/cases");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut areas: Vec<_> = paths.filter(|path| name(path).matches('.').count() == 1).collect();
    areas.sort();
    areas
}

/// The lines of a file by their ids.
fn lines(path: &Path) -> BTreeMap<String, Value> {
    let text = fs::read_to_string(path).unwrap();
    let entries = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    entries.map(|entry| (entry["id"].as_str().unwrap().to_owned(), entry)).collect()
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
