use super::*;
use crate::bundle::{Cause, FieldValue};
use crate::diagnostic::Severity;
use crate::document::{Act, LayerId, Origin};
use crate::source::{Sources, Span};
use proptest::prelude::*;
use serde_json::Value;

/// A text that was read.
struct Read {
    sources: Sources,
    origins: Origins,
    report: Report,
    documents: Vec<Field>,
}

impl Read {
    fn of(text: &str) -> Self {
        Self::within(text, 0..text.len())
    }

    /// The part of a text that is YAML.
    fn within(text: &str, part: std::ops::Range<usize>) -> Self {
        let (sources, mut origins, mut report) = (Sources::default(), Origins::default(), Report::default());
        let file = sources.add("a.yaml", text);
        let place = Place::Verbatim(Span::new(file, part.clone()));
        let stream = Stream { text: &text[part], place, layer: LayerId(3) };
        let documents = read(stream, &mut origins, &mut report);
        Self { sources, origins, report, documents }
    }

    fn json(&self) -> Vec<Value> {
        self.documents.iter().map(json).collect()
    }

    /// Code, title and labelled texts of each message.
    fn said(&self) -> Vec<(&str, &str, Vec<&str>)> {
        let labels = |diagnostic: &crate::diagnostic::Diagnostic| {
            diagnostic.labels.iter().map(|label| self.sources.text(label.span)).collect()
        };
        self.report.diagnostics.iter().map(|told| (told.code, told.title.as_str(), labels(told))).collect()
    }

    /// What the place of the key and of the value at a pointer hold.
    fn place(&self, pointer: &str) -> (Option<&str>, &str) {
        let field = self.documents[0].find(&pointer.parse().unwrap()).unwrap_or_else(|| panic!("no {pointer}"));
        let Cause::Key(origin) = field.cause.view() else { panic!("{pointer} is derived") };
        let Origin { layer, key, span, act, .. } = *self.origins.get(origin);
        assert_eq!((layer, act), (LayerId(3), Act::Set));
        (key.map(|key| self.sources.text(key)), self.sources.text(span))
    }
}

fn json(field: &Field) -> Value {
    match &field.value {
        FieldValue::Null => Value::Null,
        FieldValue::Boolean(truth) => (*truth).into(),
        FieldValue::Integer(number) => (*number).into(),
        FieldValue::Float(number) => (*number).into(),
        FieldValue::String(text) => (**text).into(),
        FieldValue::List(items) => items.iter().map(json).collect(),
        FieldValue::Map(entries) => entries.iter().map(|(key, value)| (key.to_string(), json(value))).collect(),
    }
}

/// Whether two values are the same to a reader for whom all numbers have 64 bits with a point.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| is_same(value, other)))
        }
        _ => one == other,
    }
}

/// The rows of a table: a text, and what kubectl makes of it.
fn rows(table: &str) -> impl Iterator<Item = (String, Option<Value>)> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (text, value) = line.split_once('\t').unwrap();
        let value = (value != "error").then(|| serde_json::from_str(value).unwrap());
        (serde_json::from_str(text).unwrap(), value)
    })
}

#[test]
fn scalars_are_those_of_kubectl() {
    let table = include_str!("../../../tests/data/yaml-scalars.tsv");
    let mut wrong = Vec::new();
    for (text, expected) in rows(table) {
        let read = Read::of(&format!("metadata: {{name: x}}\nk: {text}\n"));
        let found = (!read.report.has_errors()).then(|| read.json()[0].get("k").cloned().unwrap_or_default());
        let agrees = match (&found, &expected) {
            (Some(found), Some(expected)) => is_same(found, expected),
            (None, None) => true,
            _ => false,
        };
        if !agrees {
            wrong.push(format!("{text:?}: {found:?}, kubectl {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows(table).count() > 190);
}

/// What we refuse and kubectl reads, often to the surprise of whoever wrote it.
const STRICTER: [&str; 3] = ["behind `...`", "!!binary", "read as `true`"];

/// A character that breaks lines in YAML 1.1 only; kubectl refuses the text, we read it.
const OLD_BREAK: char = '\u{2028}';

#[test]
fn streams_are_those_of_kubectl() {
    let table = include_str!("../../../tests/data/yaml-streams.tsv");
    let mut wrong = Vec::new();
    for (text, expected) in rows(table) {
        let read = Read::of(&text);
        let titles: Vec<_> = read.report.diagnostics.iter().map(|told| told.title.as_str()).collect();
        let found = (!read.report.has_errors()).then(|| Value::Array(read.json()));
        let agrees = match (&found, &expected) {
            (Some(found), Some(expected)) => is_same(found, expected),
            (Some(_), None) if text.contains(OLD_BREAK) => true,
            (Some(_), None) => read.documents.iter().all(|root| !matches!(root.value, FieldValue::Map(_))),
            (None, Some(_)) => titles.iter().any(|title| STRICTER.iter().any(|known| title.contains(known))),
            (None, None) => true,
        };
        if !agrees {
            wrong.push(format!("{text:?}: {found:?}, kubectl {expected:?} {titles:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows(table).count() > 85);
}

#[test]
fn every_key_and_value_has_its_place() {
    let text = "kind: Pod # a pod\nspec:\n  containers:\n  - name: web\n    args: [a, 'b c']\n    env: &e\n      K: |\n        x\n        y\n  copy: *e\n  empty:\n";
    let read = Read::of(text);
    assert_eq!(read.place("kind"), (Some("kind"), "Pod"));
    assert_eq!(read.place("spec"), (Some("spec"), "containers:"));
    assert_eq!(read.place("spec.containers[0]"), (None, "name: web"));
    assert_eq!(read.place("spec.containers[0].args"), (Some("args"), "[a, 'b c']"));
    assert_eq!(read.place("spec.containers[0].args[1]"), (None, "'b c'"));
    assert_eq!(read.place("spec.containers[0].env.K"), (Some("K"), "x"));
    assert_eq!(read.place("spec.copy"), (Some("copy"), "*e"));
    assert_eq!(read.place("spec.copy.K"), (Some("K"), "x"));
    assert_eq!(read.place("spec.empty"), (Some("empty"), "empty"));
    assert_eq!(read.place(""), (None, "kind: Pod # a pod"));
}

#[test]
fn a_part_of_a_text_has_places_in_the_whole() {
    let text = "yaml = '''\nä: 1\n---\nb: {c: 2}\n'''";
    let read = Read::within(text, 11..text.len() - 3);
    assert_eq!(read.place("ä"), (Some("ä"), "1"));
    let second = Read { documents: read.documents[1..].to_vec(), ..read };
    assert_eq!(second.place("b.c"), (Some("c"), "2"));
}

#[test]
fn a_made_text_stands_where_its_value_is_and_names_its_lines() {
    let (sources, mut origins, mut report) = (Sources::default(), Origins::default(), Report::default());
    let span = Span::new(sources.add("stack.toml", "yaml = \"…\""), 7..12);
    let origin = origins.add(Origin { layer: LayerId(0), key: None, span, act: Act::Set, replaced: None });
    let stream = Stream { text: "a: 1\nb: 1\nb: 2\n", place: Place::Made(origin), layer: LayerId(0) };
    let documents = read(stream, &mut origins, &mut report);
    assert_eq!(documents[0].get("a").unwrap().cause, origin.into());
    assert_eq!((origins.len(), report.diagnostics[0].place()), (1, Some(span)));
    assert_eq!(report.diagnostics[0].title, "`b` stands twice in one map, in line 3 of this text");
}

#[test]
fn two_equal_keys_are_both_shown() {
    let read = Read::of("a: 1\nb: {x: 1, \"x\": 2}\n1: y\n\"1\": z\n");
    let said = read.said();
    assert_eq!(said[0], ("duplicate-key", "`x` stands twice in one map", vec!["\"x\"", "x"]));
    assert_eq!(said[1], ("duplicate-key", "`1` stands twice in one map", vec!["\"1\"", "1"]));
    assert_eq!(read.json(), [serde_json::json!({ "a": 1, "b": { "x": 2 }, "1": "z" })]);
}

#[test]
fn a_key_that_is_read_as_another_one_is_warned_of() {
    let read = Read::of("data: {y: 1, 0644: 2, on: 3, \"no\": 4, name: 5}");
    let titles: Vec<_> = read.said().iter().map(|(_, title, _)| (*title).to_owned()).collect();
    assert_eq!(titles[..2], ["the key `y` is read as `true`", "the key `0644` is read as `420`"]);
    assert_eq!(titles.len(), 4, "{titles:?}");
    assert_eq!(read.report.diagnostics[0].severity, Severity::Warning);
    assert_eq!(read.report.diagnostics[0].fix.as_ref().unwrap().replacement, "\"y\"");
}

#[test]
fn a_broken_document_does_not_hide_the_next_ones() {
    let read = Read::of("a: [1\n---\nb: 2\n---\nc: *d\n---\n--- x\ne: 'f\n---\ng: 7\n");
    assert_eq!(read.json(), [serde_json::json!({ "b": 2 }), serde_json::json!({ "g": 7 })]);
    let said: Vec<_> = read.said().iter().map(|(_, title, labels)| format!("{title}: {}", labels[0])).collect();
    let expected = [
        "`--- x` does not separate documents: --- x",
        "`[` is opened and never closed: [",
        "`*d` refers to an anchor `&d` that is not defined before it: *d",
        "a quote is opened, and not closed above this line: f",
    ];
    assert_eq!(said, expected);
}

#[test]
fn mistakes_are_told_in_the_terms_of_who_wrote_them() {
    let said = |text: &str| {
        let read = Read::of(text);
        let (_, title, labels) = &read.said()[0];
        (title.to_string(), labels[0].to_owned())
    };
    let pair = |title: &str, place: &str| (title.to_owned(), place.to_owned());
    assert_eq!(said("a: b: c"), pair("a `:` cannot stand here", ":"));
    assert_eq!(said("a:\n\tb: c").0, "a tab indents this line, and YAML takes only spaces");
    assert_eq!(said("a: @b"), pair("a value cannot begin with `@`", "@"));
    assert_eq!(said("a: 1\n...\nb: 2"), pair("what stands behind `...` is not read", "b: 2"));
    assert_eq!(said("a: {{ .Values.b }}"), pair("this is a template, and becomes YAML only when it is rendered", "{{"));
    assert_eq!(said("? {b: 1}\n: 2"), pair("a key is a text, not a map", "{"));
    assert_eq!(said("a: 1\n  b: 2").0, "a `:` cannot stand here");
    assert_eq!(said("a: .inf"), pair("`.inf` is a number that no object can hold", ".inf"));
    assert_eq!(said("a: &x [*x]"), pair("`*x` stands inside the value of `&x`", "*x"));
    assert_eq!(said("a: \"\\d\"").0, "this escape is none of YAML's");
    assert_eq!(said("%YAML 1.1\n---\na: 1").1, "1");
}

#[test]
fn nothing_takes_for_ever_or_all_memory() {
    let laughs: String =
        (1..12).map(|level| format!("l{level}: &l{level} [{}]\n", format!("*l{},", level - 1).repeat(10))).collect();
    let said = |text: &str| Read::of(text).said()[0].1.to_owned();
    assert_eq!(said(&format!("l0: &l0 lol\n{laughs}")), "the copies of aliases take too much memory");
    let large = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), "*a,".repeat(10_000));
    assert_eq!(said(&large), "the copies of aliases take too much memory");
    let deep = "a value stands inside more than 128 others";
    assert_eq!(said(&"[".repeat(100_000)), deep);
    assert_eq!(said(&"- ".repeat(100_000)), deep);
    assert_eq!(said(&"{a: ".repeat(100_000)), deep);
    let tower: String = (0..200).map(|level| format!("l{}: &l{} [*l{level}]\n", level + 1, level + 1)).collect();
    assert_eq!(said(&format!("l0: &l0 1\n{tower}")), deep);
    let chain: String = (0..20_000).map(|key| format!("key{key}: {key}\n")).collect();
    assert_eq!(Read::of(&chain).documents[0].entries().len(), 20_000);
}

proptest! {
    /// Pieces of YAML in any order: no panic, and every place is inside the text.
    #[test]
    fn never_panics(text in r#"([a-c]|é| |  |\n|\r\n|: |- |\[|\]|\{|\}|,|&a |\*a |<<|'|"|\\|\||>|---|\.\.\.|#|!!int |\?|%|\t|0|~|\x{feff}){0,60}"#) {
        let read = Read::of(&text);
        for told in &read.report.diagnostics {
            for label in &told.labels {
                prop_assert!(text.get(label.span.bytes()).is_some(), "{told:?}");
            }
        }
        for id in 0..read.origins.len() {
            let origin = read.origins.get(crate::document::OriginId(id as u32));
            prop_assert!(text.get(origin.span.bytes()).is_some());
            prop_assert!(origin.key.is_none_or(|key| text.get(key.bytes()).is_some()));
        }
    }

    #[test]
    fn bytes_changed_at_random_never_panic(at in 0usize..400, with in any::<char>()) {
        let base = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: &n app\n  labels: {app: *n, \"a/b\": 'c'}\ndata:\n  a: |-\n    x\n    y\n  b: >\n    z\n---\n- !!str 1\n- <<: {a: 1}\n  ? k\n  : [1, 0x1F, ~]\n";
        let mut characters: Vec<char> = base.chars().collect();
        let at = at % characters.len();
        characters[at] = with;
        Read::of(&characters.into_iter().collect::<String>());
    }
}
