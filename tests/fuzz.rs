//! What must hold of any input holds of the corpus of each fuzz target, which has every input that once failed.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "../fuzz/src/laws/mod.rs"]
mod laws;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use stowplan::bundle::KindId;
use stowplan::component::file::StackFile;
use stowplan::shape::{KeyForm, Kind, Shape};

type Check = fn(&[u8]);

const TARGETS: [(&str, Check); 7] = [
    ("against", laws::against::check),
    ("call", laws::call::check),
    ("difference", laws::difference::check),
    ("fix", laws::fix::check),
    ("stack", laws::stack::check),
    ("stream", laws::stream::check),
    ("word", laws::word::check),
];

/// The folder of the fuzz targets.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The files of a folder, sorted.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn holds(target: &str) {
    let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let corpus = files(&folder().join("corpus").join(target));
    assert!(corpus.len() > 2, "{target} has a corpus");
    for file in corpus {
        let bytes = fs::read(&file).unwrap();
        let outcome = std::panic::catch_unwind(|| check(&bytes));
        assert!(outcome.is_ok(), "it fails for {}", file.display());
    }
}

#[test]
fn against_holds_of_its_corpus() {
    holds("against");
}

#[test]
fn call_holds_of_its_corpus() {
    holds("call");
}

#[test]
fn difference_holds_of_its_corpus() {
    holds("difference");
}

#[test]
fn fix_holds_of_its_corpus() {
    holds("fix");
}

#[test]
fn stack_holds_of_its_corpus() {
    holds("stack");
}

#[test]
fn stream_holds_of_its_corpus() {
    holds("stream");
}

#[test]
fn word_holds_of_its_corpus() {
    holds("word");
}

#[test]
fn every_target_has_a_law_a_program_and_a_corpus() {
    let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    let stems = |path: &str| -> Vec<String> {
        files(&folder().join(path)).iter().map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(stems("fuzz_targets"), names);
    assert_eq!(stems("corpus"), names);
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    let programs =
        manifest.lines().filter_map(|line| line.strip_prefix("path = \"fuzz_targets/")?.strip_suffix(".rs\""));
    let mut programs: Vec<&str> = programs.collect();
    programs.sort_unstable();
    assert_eq!(programs, names);
}

/// What the language is written with, beside its keys and words.
const TOML: [&str; 14] =
    ["=", "[", "]", "[[", "]]", "{", "}", ".", ",", "#", "'''", "\"\"\"", "\"...\"", "{{ vars.a }}"];

/// What YAML is written with, beside the fields of Kubernetes.
const YAML: [&str; 20] = [
    "---\n",
    "...\n",
    "- ",
    ": ",
    "? ",
    "&a ",
    "*a",
    "<<: *a",
    "!!str ",
    "!!int ",
    "|\n",
    "|-\n",
    ">+\n",
    "{",
    "}",
    "[",
    "]",
    "# ",
    "%YAML 1.1\n",
    "\n=====\n",
];

#[test]
fn the_dictionaries_have_every_key_of_the_language_and_every_kind() {
    let mut words: BTreeSet<String> = TOML.iter().map(|token| (*token).to_owned()).collect();
    gather(StackFile::KIND, &mut words, &mut Vec::new());
    is_written("stack", words);
    let mut words: BTreeSet<String> = YAML.iter().map(|token| (*token).to_owned()).collect();
    for kind in KindId::all() {
        words.extend([kind.row().kind.to_owned(), format!("apiVersion: {}\n", kind.row().api_version())]);
    }
    is_written("stream", words);
}

/// The keys, words and examples of a kind of value, and of those below it.
fn gather(kind: &'static Kind, words: &mut BTreeSet<String>, seen: &mut Vec<*const Kind>) {
    if seen.contains(&std::ptr::from_ref(kind)) {
        return;
    }
    seen.push(kind);
    let mut keys: Vec<&'static KeyForm> = Vec::new();
    match kind {
        Kind::Text(form) => drop(words.insert(format!("{:?}", form.example))),
        Kind::Word { words: all, .. } => words.extend(all.iter().map(|word| format!("{word:?}"))),
        Kind::List(item) => gather(item, words, seen),
        Kind::Map(form) => {
            gather(form.value, words, seen);
            form.short.iter().for_each(|short| gather(short.kind, words, seen));
        }
        Kind::Table(form) => {
            keys.extend(form.all_keys());
            words.extend(form.moved_keys().map(|(name, _)| format!("{name} = ")));
            keys.extend(form.others.map(|others| &others.key));
            form.short.iter().for_each(|short| gather(short.kind, words, seen));
        }
        Kind::OneOf(kinds) => kinds.iter().for_each(|kind| gather(kind, words, seen)),
        Kind::Boolean | Kind::False | Kind::True | Kind::Integer { .. } | Kind::Any => {}
    }
    for key in keys {
        words.insert(format!("{} = ", key.name));
        gather(key.kind, words, seen);
    }
}

/// The dictionary as libFuzzer reads it: a token in quotes on each line.
fn is_written(name: &str, tokens: BTreeSet<String>) {
    let mut text = String::new();
    for token in tokens {
        let byte = |byte: u8| match byte {
            b'"' | b'\\' => format!("\\{}", char::from(byte)),
            b' '..=b'~' => char::from(byte).to_string(),
            _ => format!("\\x{byte:02X}"),
        };
        let _ = writeln!(text, "\"{}\"", token.bytes().map(byte).collect::<String>());
    }
    let path = folder().join("dictionaries").join(name).with_extension("dict");
    if std::env::var_os("STOWPLAN_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let is_current = fs::read_to_string(&path).is_ok_and(|written| written == text);
    assert!(is_current, "{} lacks a word of the language: bless it", path.display());
}
