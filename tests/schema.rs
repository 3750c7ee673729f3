//! The JSON Schema of our files: committed as it is made, true of every example, and closed to every broken shape.
//!
//! `STOWPLAN_BLESS=1 cargo test --test schema` writes `docs/stack.schema.json`.

#![allow(clippy::print_stderr, reason = "a test that needs another program says when it is missing")]
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use stowplan::component::file::StackFile;
use stowplan::emit::schema;
use stowplan::shape::{Kind, Shape, TextForm};

/// The codes of messages about the shape of one file, which a schema can tell: which keys there are and what they take. Others
/// need more than one value, more than one layer, or what `{{ }}` gives.
const SHAPE: [&str; 5] = ["unknown-key", "wrong-type", "missing-name", "exclusive-keys", "bad-name"];

/// The same code, where only the text itself is wrong; a schema tells it where the form of the text is a regular one.
const TEXT: &str = "bad-value";

/// Cases with such a code that a schema takes all the same, and why.
const BEYOND: &[(&str, &str)] = &[
    ("api-gateway", "what an expression gives, and one character of a path"),
    ("api-huge-pages", "an amount that fits the size in its key"),
    ("api-scaling-times", "how long a time may be"),
    ("api-secrets", "what a text means to the kind of Secret"),
    ("bad-rights", "what an API group may be called"),
    ("bad-unset-path", "what a path leads to"),
    ("class-without-definition", "a key where another is true"),
    ("container-references", "one container against another"),
    ("db-operator", "keys beside an operator"),
    ("expression-gives-a-bad-value", "what an expression gives"),
    ("min-over-max", "one value against another"),
    ("patch-bad-path", "the path of a field in a list"),
    ("patch-bad-values", "what a field of an object may hold"),
    ("port-over-ports", "two tables of one component"),
];

/// A code of which either may be: a key below the wrong header may be one that its table takes.
const EITHER: &str = "swallowed-key";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_committed_schema_is_the_one_that_is_made() {
    let path = root().join("docs/stack.schema.json");
    let made = schema::stack();
    if std::env::var_os("STOWPLAN_BLESS").is_some() {
        fs::create_dir_all(root().join("docs")).unwrap();
        fs::write(&path, &made).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == made, "docs/stack.schema.json is not up to date; STOWPLAN_BLESS=1 writes it");
}

/// Every `$ref` leads to a definition, every table is closed and every key has a sentence.
#[test]
fn the_schema_is_whole() {
    for text in [schema::stack(), schema::profile()] {
        let schema: Value = serde_json::from_str(&text).unwrap();
        let definitions = schema["$defs"].as_object().unwrap();
        let mut references = BTreeSet::new();
        walk(&schema, &mut |value| {
            if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
                references.insert(reference.trim_start_matches("#/$defs/").to_owned());
            }
            if let Some(properties) = value.get("properties").and_then(Value::as_object)
                && value.get("required").is_none_or(|_| value.get("additionalProperties").is_some())
            {
                assert_eq!(value["additionalProperties"], false, "{value}");
                for (key, property) in properties {
                    assert!(property["description"].as_str().is_some_and(|text| text.len() > 10), "{key}: {property}");
                }
            }
        });
        assert!(references.len() > 20);
        assert_eq!(references, definitions.keys().cloned().collect());
    }
}

fn walk(value: &Value, look: &mut impl FnMut(&Value)) {
    match value {
        Value::Object(entries) => {
            look(value);
            entries.values().for_each(|entry| walk(entry, look));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, look)),
        _ => {}
    }
}

/// What a validator says of a file.
#[derive(Deserialize)]
struct Verdict {
    file: PathBuf,
    /// It is no TOML.
    unreadable: bool,
    errors: Vec<String>,
}

#[test]
fn a_validator_takes_every_example() {
    let mut files = vec![root().join("templates/explain.toml"), root().join("tests/data/design-section-2.toml")];
    for folder in ["examples", "examples/gallery"] {
        let folders = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        files.extend(folders.map(|folder| folder.join("stack.toml")).filter(|file| file.is_file()));
    }
    let Some(verdicts) = validate(&schema::stack(), "examples", &files) else { return };
    for Verdict { file, unreadable, errors } in verdicts {
        assert!(!unreadable && errors.is_empty(), "{}: {errors:#?}", file.display());
    }
    let profiles =
        fs::read_dir(root().join("profiles")).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    for Verdict { file, unreadable, errors } in validate(&schema::profile(), "profiles", &profiles).unwrap() {
        assert!(!unreadable && errors.is_empty(), "{}: {errors:#?}", file.display());
    }
}

#[test]
fn a_validator_refuses_every_broken_shape() {
    let mut files = Vec::new();
    for folder in fs::read_dir(root().join("snapshots/errors")).unwrap() {
        files.push(folder.unwrap().path().join("stack.toml"));
    }
    files.sort();
    let Some(verdicts) = validate(&schema::stack(), "errors", &files) else { return };
    let mut problems = Vec::new();
    let mut refused = 0;
    for Verdict { file, unreadable, errors } in verdicts {
        let text = fs::read_to_string(&file).unwrap();
        let marks = text.lines().filter_map(|line| line.split_once("#~")).filter(|(_, mark)| !mark.starts_with('~'));
        let codes: BTreeSet<&str> = marks.flat_map(|(_, mark)| mark.split_whitespace()).collect();
        let case = file.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let beyond = BEYOND.iter().any(|(known, _)| *known == case);
        let is_shape = codes.iter().any(|code| SHAPE.contains(code) || *code == TEXT);
        match (unreadable, is_shape, errors.is_empty()) {
            (false, true, false) if beyond => problems.push(format!("{case} is refused, so it is not beyond")),
            (false, true, true) if !beyond => problems.push(format!("{case} is taken, with {codes:?}")),
            (false, true, false) => refused += 1,
            (false, false, false) if !codes.contains(EITHER) => {
                problems.push(format!("{case} is refused, with {codes:?}: {errors:#?}"))
            }
            _ => {}
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(refused > 40, "only {refused} cases are about shape");
}

/// A pattern never refuses what its type takes: tried with every text in quotes that our own tests, examples and cases hold.
#[test]
fn a_pattern_takes_all_that_its_type_takes() {
    let mut forms: Vec<&'static TextForm> = Vec::new();
    collect(<StackFile as Shape>::KIND, &mut forms);
    let known: BTreeSet<&str> = schema::PATTERNS.iter().map(|(what, _)| *what).collect();
    let met: BTreeSet<&str> = forms.iter().map(|form| form.what).collect();
    assert_eq!(known.difference(&met).collect::<Vec<_>>(), Vec::<&&str>::new(), "patterns of types that no key has");
    let texts = quoted_texts();
    assert!(texts.len() > 1000, "{}", texts.len());
    let mut pairs = Vec::new();
    for form in forms {
        for (_, pattern) in schema::PATTERNS.iter().filter(|(what, _)| *what == form.what) {
            assert!((form.check)(form.example).is_ok(), "{}", form.what);
            let taken = texts.iter().filter(|text| (form.check)(text).is_ok());
            pairs.extend(taken.map(|text| (*pattern, text.as_str())));
        }
    }
    if !has_validator() {
        return;
    }
    let wrong = run(Command::new("python3").arg(script()).arg("--patterns"), &serde_json::to_string(&pairs).unwrap());
    assert_eq!(wrong.trim(), "[]");
}

fn collect(kind: &'static Kind, forms: &mut Vec<&'static TextForm>) {
    let mut add = |form: &'static TextForm| {
        if !forms.iter().any(|known| known.what == form.what && known.example == form.example) {
            forms.push(form);
        }
    };
    match kind {
        Kind::Text(form) => add(form),
        Kind::List(item) => collect(item, forms),
        Kind::Map(map) => {
            add(map.key);
            collect(map.value, forms);
            map.short.iter().for_each(|short| collect(short.kind, forms));
        }
        Kind::Table(form) => {
            form.all_keys().iter().for_each(|key| collect(key.kind, forms));
            form.short.iter().for_each(|short| collect(short.kind, forms));
        }
        Kind::OneOf(kinds) => kinds.iter().for_each(|kind| collect(kind, forms)),
        _ => {}
    }
}

fn quoted_texts() -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    let mut folders =
        ["src/value", "src/component", "examples", "snapshots/errors"].map(|path| root().join(path)).to_vec();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.extension().and_then(|end| end.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("rs" | "toml") => {
                    let text = fs::read_to_string(&path).unwrap();
                    texts.extend(
                        text.split('"').filter(|text| text.len() < 80 && !text.contains('\\')).map(str::to_owned),
                    );
                }
                _ => {}
            }
        }
    }
    texts
}

/// The verdicts of a validator; none where there is no validator.
fn validate(schema: &str, name: &str, files: &[PathBuf]) -> Option<Vec<Verdict>> {
    if !has_validator() {
        return None;
    }
    let path = std::env::temp_dir().join(format!("stowplan-schema-{}-{name}.json", std::process::id()));
    fs::write(&path, schema).unwrap();
    let output = run(Command::new("python3").arg(script()).arg(&path).args(files), "");
    fs::remove_file(&path).unwrap();
    Some(output.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn script() -> PathBuf {
    root().join("tests/schema/validate.py")
}

fn has_validator() -> bool {
    let import = "import tomllib, jsonschema; jsonschema.Draft202012Validator";
    let answer = Command::new("python3").args(["-c", import]).stderr(Stdio::null()).status();
    let has = answer.is_ok_and(|status| status.success());
    if !has {
        eprintln!("note: python3 with jsonschema is not installed; the schema is not tried");
    }
    has
}

fn run(command: &mut Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}
