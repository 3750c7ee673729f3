//! The strict reader against what a kube-apiserver was seen to say; `tests/agreement/record` wrote that down.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

use serde_json::Value;
use std::path::Path;
use stowplan::bundle::schema::ServedKind;
use stowplan::bundle::{Bundle, Field, FieldValue, Identity, Key, Object, Pointer, Segment};
use stowplan::check::{self, Context, Finding, Target};
use stowplan::document::OriginId;
use stowplan::value::KubernetesVersion;

/// The version of the server that was asked.
const ASKED: KubernetesVersion = KubernetesVersion { minor: 34 };

#[test]
fn what_the_server_reads_is_read_and_nothing_else() {
    let recorded = read("reading-1.34.txt");
    let values = recorded.lines().find_map(|line| line.strip_prefix("# null")).unwrap();
    let values: Vec<&str> = std::iter::once("null").chain(values.split("  ").skip(1)).collect();
    let mut problems = Vec::new();
    let mut verdicts = 0;
    let mut head = ("", "");
    for line in recorded.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let asked: Vec<(&str, &str, char)> = match line.split_once(" = ") {
            Some((pointer, rest)) => {
                let (value, sign) = rest.rsplit_once(' ').unwrap();
                vec![(pointer, value, sign.chars().next().unwrap())]
            }
            None => {
                let (pointer, signs) = line.split_once(' ').unwrap();
                if !signs.chars().all(|sign| ".xu".contains(sign)) {
                    head = (pointer, signs);
                    continue;
                }
                assert_eq!(signs.len(), values.len(), "{line}");
                values.iter().zip(signs.chars()).map(|(value, sign)| (pointer, *value, sign)).collect()
            }
        };
        for (pointer, value, sign) in asked {
            verdicts += 1;
            problems.extend(disagreement(head, pointer, value, sign));
        }
    }
    assert!(verdicts > 40_000, "only {verdicts} verdicts");
    let shown = problems.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(problems.is_empty(), "{} of {verdicts} verdicts differ:\n{shown}", problems.len());
}

/// What is wrong with what we say about a value in the place of a field.
fn disagreement((api_version, kind): (&str, &str), pointer: &str, value: &str, sign: char) -> Option<String> {
    let path: Pointer = pointer.parse().unwrap();
    let findings = check(tree(api_version, kind, &path, json(value)));
    let read: Vec<&Finding> = findings.iter().filter(|finding| finding.rule.starts_with("DEC")).collect();
    let agrees = match sign {
        '.' => read.is_empty(),
        'u' => {
            let unknown = format!("{pointer}.unknown");
            matches!(read[..], [finding] if finding.rule == "DEC-010" && finding.field == unknown)
        }
        _ => !read.is_empty(),
    };
    (!agrees).then(|| format!("{api_version} {kind} {pointer} = {value}: the server says {sign}, we say {read:?}"))
}

/// An object that holds only what leads to a field.
fn tree(api_version: &str, kind: &str, path: &Pointer, value: Field) -> Field {
    let inner = path.segments().iter().rev().fold(value, |inner, segment| match segment {
        Segment::Key(key) => map(vec![(key.to_string(), inner)]),
        Segment::Index(_) => field(FieldValue::List(vec![inner])),
    });
    let FieldValue::Map(entries) = inner.value else { panic!("a pointer begins with a key") };
    let mut all = vec![("apiVersion".into(), text(api_version)), ("kind".into(), text(kind))];
    all.extend(entries);
    field(FieldValue::Map(all))
}

#[test]
fn what_is_demanded_is_what_the_server_demands() {
    let objects = objects();
    let recorded = read("removals-1.34.txt");
    let mut object = None;
    let (mut removals, mut demanded) = (0, 0);
    let mut problems = Vec::new();
    for line in recorded.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut words = line.split(' ');
        let first = words.next().unwrap();
        if first.starts_with(char::is_uppercase) {
            object = objects.iter().find(|(name, _)| name == line).map(|(_, object)| object);
            assert!(object.is_some(), "{line} is not in objects.yaml");
            continue;
        }
        let (name, whole) = (line, object.unwrap());
        let path: Pointer = first.parse().unwrap();
        let missed: Vec<&str> = words.collect();
        removals += 1;
        let mut rest = whole.clone();
        remove(&mut rest, path.segments());
        let kind = served(whole);
        let below =
            |field: &str| field.strip_prefix(first).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        let is_misplaced = !matches!(path.segments().last(), Some(Segment::Key(_)));
        let required = kind.type_id().find(&path).is_some_and(|row| !is_misplaced && row.is_required(ASKED));
        let expected = required && missed.iter().any(|field| below(field));
        demanded += usize::from(expected);
        let findings = check(rest);
        let found = findings.iter().any(|finding| below(&finding.field));
        if expected && !found {
            problems.push(format!("{} `{name}`: the server misses it, we do not", kind.kind()));
        }
        if missed.is_empty() && !findings.is_empty() {
            problems.push(format!("{} without `{name}`: the server takes it, we say {findings:?}", kind.kind()));
        }
    }
    assert!(removals > 800 && demanded > 100, "{removals} removals, {demanded} demanded");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn objects_that_the_server_takes_have_no_findings() {
    for (name, object) in objects() {
        assert_eq!(check(object), Vec::new(), "{name}");
    }
}

/// The server that was asked had every API on.
#[test]
fn the_apis_of_the_server_are_those_of_its_version() {
    let recorded = read("reading-1.34.txt");
    let mut kinds = 0;
    for line in recorded.lines().filter(|line| !line.starts_with('#')) {
        let Some((api_version, kind)) = line.split_once(' ') else { continue };
        if kind.starts_with(char::is_uppercase) {
            kinds += 1;
            let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
            assert!(ServedKind::find(group, version, kind).is_some_and(|kind| kind.is_in(ASKED)), "{line}");
        }
    }
    assert!(kinds > 60, "only {kinds} kinds");
}

fn check(root: Field) -> Vec<Finding> {
    let objects = vec![Object::from_field(Identity::new("x", "manifest"), root)];
    let bundle = Bundle { objects, ..Bundle::default() };
    check::check(&Context { bundle: &bundle, target: Target::of(ASKED) })
}

fn served(root: &Field) -> ServedKind {
    let word = |key: &str| root.get(key).and_then(Field::as_str).unwrap();
    let (group, version) = word("apiVersion").split_once('/').unwrap_or(("", word("apiVersion")));
    ServedKind::find(group, version, word("kind")).unwrap()
}

fn remove(field: &mut Field, path: &[Segment]) {
    let (first, rest) = path.split_first().unwrap();
    match (first, &mut field.value) {
        (Segment::Key(key), FieldValue::Map(entries)) => {
            let at = entries.iter().position(|(name, _)| **name == **key).unwrap();
            if rest.is_empty() { drop(entries.remove(at)) } else { remove(&mut entries[at].1, rest) }
        }
        (Segment::Index(index), FieldValue::List(items)) => {
            let at = *index as usize;
            if rest.is_empty() { drop(items.remove(at)) } else { remove(&mut items[at], rest) }
        }
        _ => panic!("the path is not in the object"),
    }
}

/// The objects by kind and name.
fn objects() -> Vec<(String, Field)> {
    let text = read("objects.yaml");
    let documents = serde_yaml::Deserializer::from_str(&text);
    let values = documents.map(|document| <Value as serde::Deserialize>::deserialize(document).unwrap());
    let fields = values.map(|value| Field::from_json(&value, &mut || OriginId(0).into())).map(|object| {
        let name = object.follow(&["metadata", "name"]).and_then(Field::as_str).unwrap();
        (format!("{} {name}", object.get("kind").and_then(Field::as_str).unwrap()), object)
    });
    fields.collect()
}

/// What JSON says, numbers by their spelling: `1.0` is no whole number.
fn json(text: &str) -> Field {
    match text {
        "-0" => field(FieldValue::Integer(0)),
        "1e309" => field(FieldValue::Float(f64::INFINITY)),
        _ => {
            let document = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            Field::from_json(&document, &mut || OriginId(0).into())
        }
    }
}

fn map(entries: Vec<(String, Field)>) -> Field {
    field(FieldValue::Map(entries.into_iter().map(|(key, value)| (Key::Owned(key), value)).collect()))
}

fn text(text: &str) -> Field {
    field(FieldValue::String(text.into()))
}

fn field(value: FieldValue) -> Field {
    Field::new(value, OriginId(0))
}

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agreement").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
