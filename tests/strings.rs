//! Every text that goes into a manifest comes out of its readers as the same text, wherever it stands.
//!
//! Readers: PyYAML (YAML 1.1, the strictest), kubectl (what counts), `serde_yaml` (YAML 1.2). The first two are left out, with
//! a note, where they are not installed.

#![allow(clippy::print_stderr, reason = "a test says what it leaves out")]

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use std::borrow::Cow;
use std::io::Write;
use std::process::{Command, Stdio};
use stowplan::bundle::{Bundle, Field, FieldValue, Identity, Object};
use stowplan::document::OriginId;
use stowplan::emit::manifests::{folder, json, yaml};

#[test]
fn nasty_texts_come_back() {
    let texts = nasty_texts();
    assert!(texts.len() >= 300, "only {} texts", texts.len());
    check(&texts);
}

#[test]
fn random_texts_come_back() {
    check(&random_texts(1500));
}

/// Texts by hand: one a line in `strings.txt`, written as JSON, and some that are too long to write there.
fn nasty_texts() -> Vec<String> {
    let lines = include_str!("strings.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut texts: Vec<String> = lines.map(|line| serde_json::from_str(line).expect(line)).collect();
    texts.extend((0..0x100).filter_map(char::from_u32).map(|character| format!("a{character}b")));
    texts.extend((0..0x100).filter_map(char::from_u32).map(String::from));
    texts.extend([999, 1000, 1001, 1022, 1023, 1024, 1025, 5000].map(|length| "k".repeat(length)));
    texts.extend([100, 250, 512, 1100].map(|length| "\u{1f600}\u{1}".repeat(length)));
    texts.push("word ".repeat(400) + "end");
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// Texts of pieces that mean something to YAML; the same ones every time.
fn random_texts(count: usize) -> Vec<String> {
    let piece = prop_oneof![
        6 => proptest::sample::select(vec![
            ":", "-", "?", "#", " ", "  ", "\n", "\n\n", "\t", "\r", ".", ",", "'", "\"", "\\", "|", ">", "%", "@", "`", "&", "*", "!",
            "[", "]", "{", "}", "=", "<<", "~", "_", "+", "/", "---", "...", "\u{85}", "\u{2028}", "\u{feff}", "é", "😀",
            "0", "1", "12", "0x", "0o", "0b", "e", "E", "e+", ".5", "1_0", "60", "2001-01-01", "T", "Z", "inf", "nan",
            "y", "n", "yes", "no", "on", "off", "true", "null", "a", "k8s", "Mi", "m", "s",
        ]).prop_map(str::to_owned),
        1 => proptest::char::any().prop_map(String::from),
    ];
    let text = proptest::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat());
    let mut runner = TestRunner::deterministic();
    let mut texts: Vec<String> =
        (0..count).map(|_| text.new_tree(&mut runner).expect("the strategy rejects nothing").current()).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

fn check(texts: &[String]) {
    let bundle = Bundle { objects: texts.iter().map(|text| object(text)).collect(), ..Bundle::default() };
    let expected: Vec<Value> = texts.iter().map(|text| manifest(text)).collect();
    let stream = yaml::yaml(&bundle);
    compare("serde_yaml", texts, &expected, read_with_serde_yaml(&stream));
    for loader in ["SafeLoader", "CSafeLoader"] {
        compare(loader, texts, &expected, read_with_python(&stream, loader));
    }
    compare("kubectl", texts, &expected, read_with_kubectl(&stream));
    let files: Vec<String> = folder::files(&bundle, folder::Purpose::Apply).into_iter().map(|(_, text)| text).collect();
    compare("PyYAML, files joined", texts, &expected, read_with_python(&files.join("---\n"), "CSafeLoader"));
    let list: Value = serde_json::from_str(&json::json(&bundle)).expect("JSON");
    compare("serde_json", texts, &expected, list["items"].as_array().cloned());
    compare("kubectl, JSON", texts, &expected, read_with_kubectl(&json::json(&bundle)));
}

fn compare(reader: &str, texts: &[String], expected: &[Value], read: Option<Vec<Value>>) {
    let Some(read) = read else { return };
    for ((text, expected), read) in texts.iter().zip(expected).zip(&read) {
        assert_eq!(read, expected, "{reader} reads something else for {text:?}");
    }
    assert_eq!(read.len(), expected.len(), "{reader} reads another number of documents");
}

/// An object with the text as a value, in a list, as a key, and last in the document. It is of a kind that no server has, so
/// that every position may hold every text.
fn manifest(text: &str) -> Value {
    serde_json::json!({
        "apiVersion": "example.com/v1",
        "kind": "Texts",
        "metadata": { "name": "texts", "annotations": { "example.com/note": text } },
        "spec": {
            "containers": [{ "name": "main", "args": [text, [text], { "value": text }], "env": [{ "name": "TEXT", "value": text }] }],
            "nested": { "deeper": { "here": text, "then": 1 } },
        },
        "keys": { text: { text: [text] } },
        "data": { "text": text, (format!("z{text}")): text },
    })
}

fn object(text: &str) -> Object {
    Object::from_field(Identity::new("texts", "manifest"), field(manifest(text)))
}

fn field(value: Value) -> Field {
    let value = match value {
        Value::Null => FieldValue::Null,
        Value::Bool(truth) => FieldValue::Boolean(truth),
        Value::Number(number) => FieldValue::Integer(number.as_i64().expect("a small number")),
        Value::String(text) => FieldValue::String(text.into()),
        Value::Array(items) => FieldValue::List(items.into_iter().map(field).collect()),
        Value::Object(entries) => {
            FieldValue::Map(entries.into_iter().map(|(key, value)| (Cow::Owned(key), field(value))).collect())
        }
    };
    Field::new(value, OriginId(0))
}

fn read_with_serde_yaml(stream: &str) -> Option<Vec<Value>> {
    use serde::Deserialize;
    let documents = serde_yaml::Deserializer::from_str(stream);
    Some(documents.map(|document| Value::deserialize(document).expect("serde_yaml reads it")).collect())
}

fn read_with_python(stream: &str, loader: &str) -> Option<Vec<Value>> {
    const SCRIPT: &str = "
import json, sys, yaml
# A date or another type that JSON has not is shown by its name, so that it equals no text.
print(json.dumps(list(yaml.load_all(sys.stdin.buffer.read(), getattr(yaml, sys.argv[1]))), default=lambda value: {'type': repr(value)}))
";
    if !answers(Command::new("python3").args(["-c", "import yaml; yaml.CSafeLoader"])) {
        eprintln!("note: PyYAML is not installed; its reading is not checked");
        return None;
    }
    let output = pipe(Command::new("python3").args(["-c", SCRIPT, loader]), stream);
    Some(serde_json::from_str(&output).expect("a list"))
}

/// `annotate --local` reads manifests as `apply` does, asks no server and prints what it read.
fn read_with_kubectl(stream: &str) -> Option<Vec<Value>> {
    if !answers(Command::new("kubectl").args(["version", "--client"])) {
        eprintln!("note: kubectl is not installed; its reading is not checked");
        return None;
    }
    let arguments = ["annotate", "--local", "-f", "-", "example.com/added=1", "-o", "json"];
    let output = pipe(Command::new("kubectl").args(arguments), stream);
    let mut read: Vec<Value> =
        serde_json::Deserializer::from_str(&output).into_iter().map(|value| value.expect("JSON")).collect();
    if let [Value::Object(list)] = &mut read[..]
        && let Some(Value::Array(items)) = list.remove("items")
    {
        read = items;
    }
    for value in &mut read {
        let annotations = value["metadata"]["annotations"].as_object_mut().expect("annotations");
        annotations.remove("example.com/added");
    }
    Some(read)
}

fn answers(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// What a command prints for this input.
fn pipe(command: &mut Command, input: &str) -> String {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input.as_bytes()));
        child.wait_with_output().expect("it ends")
    });
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}
