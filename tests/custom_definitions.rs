//! Objects of a custom kind beside their definition, held to what a real API server said of them.
//!
//! `tests/agreement/definitions/NAME.json` is a definition that the server had, `NAME.jsonl` the objects that it was asked about,
//! `NAME.34.jsonl` what version 1.34 said, as `tests/agreement/ask.py` printed it.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use stowplan::bundle::{Bundle, Causes, Field, Identity, Object, traced};
use stowplan::check::{Context, Target, check};
use stowplan::document::OriginId;
use stowplan::value::KubernetesVersion;

#[test]
fn objects_of_an_own_definition_get_the_verdicts_of_the_server() {
    let definition: Value = serde_json::from_str(&read("widget.json")).unwrap();
    let (objects, verdicts) = (lines("widget.jsonl"), lines("widget.34.jsonl"));
    let (mut differ, mut apart, mut refused) = (Vec::new(), Vec::new(), 0);
    for (id, verdict) in &verdicts {
        let ours = refusals(&definition, &objects[id]["document"]);
        let accepted = verdict["status"].as_u64().unwrap() < 300;
        let line = format!("{id}: the server says {}, we say {ours:?}", verdict["causes"]);
        if accepted != ours.is_empty() {
            differ.push(line);
        } else if verdict["status"] == 422 {
            refused += 1;
            let theirs = verdict["causes"].as_array().unwrap();
            let same =
                |cause: &Value| ours.iter().any(|(reason, field)| cause[0] == *reason && cause[1] == field.as_str());
            // The server names no field where alternatives do not hold, and tells of one of them.
            let unnamed = theirs.iter().any(|cause| cause[1] == "<nil>");
            if !unnamed && !theirs.iter().any(same) {
                apart.push(line);
            }
        }
    }
    assert!(refused > 50, "the server refused some");
    assert!(differ.is_empty(), "{} verdicts differ\n{}", differ.len(), differ.join("\n"));
    assert!(apart.is_empty(), "{} at other fields\n{}", apart.len(), apart.join("\n"));
}

#[test]
fn without_its_definition_an_object_is_not_known() {
    let object = serde_json::json!({"apiVersion": "example.com/v1", "kind": "Widget", "spec": {"anything": 1}});
    let bundle = Bundle { objects: vec![self::object(&object)], causes: Causes::default() };
    assert!(check(&Context { bundle: &bundle, target: Target::of(KubernetesVersion { minor: 34 }) }).is_empty());
}

/// What we would refuse of an object that stands beside its definition; the definition itself must be fine.
fn refusals(definition: &Value, document: &Value) -> Vec<(&'static str, String)> {
    let bundle = Bundle { objects: vec![object(document), object(definition)], causes: Causes::default() };
    let findings = check(&Context { bundle: &bundle, target: Target::of(KubernetesVersion { minor: 34 }) });
    assert!(findings.iter().all(|finding| finding.object == 0), "{findings:?}");
    findings
        .into_iter()
        .map(|finding| (finding.verdict.reason().map_or("", stowplan::check::Reason::as_str), finding.field))
        .collect()
}

fn object(document: &Value) -> Object {
    let root: Field = traced(document.clone(), OriginId(0)).into_field();
    Object::from_field(Identity::new("document", "manifest"), root)
}

fn lines(name: &str) -> BTreeMap<String, Value> {
    let text = read(name);
    let entries = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    entries.map(|entry| (entry["id"].as_str().unwrap().to_owned(), entry)).collect()
}

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agreement/definitions").join(name)).unwrap()
}
