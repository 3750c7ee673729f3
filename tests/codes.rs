//! The pages of codes that are no rules: each code has one, and each example is answered as its page says.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "support/program.rs"]
mod program;
mod support;

use program::Folder;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use stowplan::change::risk_names;
use stowplan::check::rules::{self, Example, Expectation, Page};
use stowplan::diagnostic::{Diagnostic, Severity};
use stowplan::diff::{self, Risks, Side};
use stowplan::emit::docs::codes;
use stowplan::emit::ink::{Color, Style};
use stowplan::lint::{self, Profiles, Question};
use stowplan::profile::Session;
use stowplan::value::KubernetesVersion;
use support::Files;

/// What no small text gives, or nothing but an accident.
const WITHOUT_EXAMPLE: [&str; 9] = [
    "cannot-write",
    "changed-file",
    "control-character",
    "foreign-file",
    "not-utf8",
    "too-deep",
    "too-large",
    "too-many",
    "too-many-edges",
];

fn pages() -> Vec<(&'static str, Page)> {
    codes::groups().flat_map(|group| group.pages).collect()
}

#[test]
fn every_code_has_one_page() {
    let names: Vec<&str> = codes::names().collect();
    let known: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(known.len(), names.len(), "a code has two pages");
    let has_page = |code: &str| known.contains(code) || rules::find(code).is_some();
    let risks = risk_names().map(str::to_owned);
    let without: BTreeSet<String> =
        in_snapshots().chain(in_source()).chain(risks).filter(|code| !has_page(code)).collect();
    assert!(without.is_empty(), "write a page in src/emit/docs/codes for {without:?}");
}

#[test]
fn every_page_is_of_a_code_that_there_is() {
    let sources: String = rust_files().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    for (name, page) in pages() {
        assert!(sources.contains(&format!("\"{name}\"")), "{name}: nobody says it any more");
        assert!(rules::find(name).is_none(), "{name} is a rule, which has a page");
        assert!(
            page.summary.ends_with('.') && page.summary.len() > 20,
            "{name}: a sentence comes first: {}",
            page.summary
        );
        let has_example = !page.examples.is_empty();
        assert_eq!(has_example, !WITHOUT_EXAMPLE.contains(&name), "{name}: example");
    }
    for group in codes::groups() {
        assert!(!group.title.is_empty() && group.pages.len() > 5, "{}", group.title);
    }
}

#[test]
fn examples_are_answered_as_their_page_says() {
    let mut wrong = Vec::new();
    for (name, page) in pages() {
        for example in page.examples.iter().filter(|example| example.language != "console") {
            let found = match example.expectation {
                Expectation::Fail | Expectation::Pass => found(example),
                Expectation::Before | Expectation::After => continue,
            };
            let is_told = found.iter().any(|message| message.code == name);
            let others = found.iter().filter(|message| message.code != name && message.severity == Severity::Error);
            let others: Vec<_> = others.map(|message| (message.code, message.title.as_str())).collect();
            if is_told != (example.expectation == Expectation::Fail) || !others.is_empty() {
                wrong.push(format!("{name}: told: {is_told}, others: {others:?}\n{}", example.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{} wrong", wrong.join("\n"), wrong.len());
}

#[test]
fn two_examples_differ_as_their_page_says() {
    let mut wrong = Vec::new();
    for name in risk_names() {
        let (_, page) = pages().into_iter().find(|(known, _)| *known == name).unwrap();
        let text = |wanted| page.examples.iter().find(|example| example.expectation == wanted).map(stack_of);
        let found = risks(&text(Expectation::Before).unwrap(), &text(Expectation::After).unwrap());
        if !found.contains(&name) {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn calls_are_answered_as_their_page_says() {
    let stack = "[stack]\nname = \"shop\"\n\n[api.web]\nimage = \"nginx:1.27.3\"\nport = 80\n";
    let folder = Folder::of_stack("calls", stack);
    let mut wrong = Vec::new();
    for (name, page) in pages() {
        for example in page.examples.iter().filter(|example| example.language == "console") {
            let call = example.text.trim_end().strip_prefix("$ ").unwrap();
            let said = folder.shell(call).err;
            if !said.contains(&format!("[{name}]")) {
                wrong.push(format!("{name}: {call}\n{said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Prose is wrapped and code keeps its lines; colors change nothing else.
#[test]
fn pages_are_text_for_a_terminal() {
    let lint = rules::RULES.iter().map(|rule| rule.name);
    for name in codes::names().chain(lint) {
        for width in [60, 80, 100] {
            let plain = stowplan::emit::docs::explain(name, Style::plain(width)).unwrap();
            assert!(!plain.contains("```") && plain.starts_with(name), "{plain}");
            let colored = stowplan::emit::docs::explain(name, Style { color: Color::Always, width }).unwrap();
            assert_eq!(stripped(&colored), plain);
            let page = page_of(name);
            assert_eq!(colored.contains("\u{1b}[36m"), page.contains('`'), "{name}: code has its color");
            let code: Vec<&str> = page.lines().map(str::trim_start).collect();
            for line in plain.lines().filter(|line| line.chars().count() > width) {
                let is_code = code.iter().any(|code| *code == line.trim_start());
                let is_one_word = line.split_whitespace().count() == 1;
                assert!(is_code || is_one_word, "{name} at {width}: {line}");
            }
        }
    }
}

fn page_of(name: &str) -> String {
    let own = pages().into_iter().find(|(known, _)| *known == name).map(|(_, page)| page.text);
    own.unwrap_or_else(|| Page::of(rules::find(name).unwrap()).text)
}

fn stripped(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.map(|part| part.split_once('m').unwrap().1).collect::<String>()
}

fn found(example: &Example) -> Vec<Diagnostic> {
    let mut session = Session { command: "lint", ..Session::default() };
    if example.language == "yaml" {
        let file = session.sources.add("input.yaml", example.text.as_str());
        let remarks = lint::streams(&[file], KubernetesVersion::USUAL.into(), &mut session).remarks;
        return remarks.into_iter().map(|remark| remark.diagnostic).collect();
    }
    let stack = session.sources.add("stack.toml", example.text.as_str());
    let profiles = Profiles::Named(vec![example.profile.clone()]);
    let question = Question { stack, profiles: &profiles, set: &[], kubernetes: None };
    let linted = lint::stack(&question, &mut session, &Files::new(&[("01.sh", "true\n"), ("db/a.sh", "true\n")]));
    linted.refusals.into_iter().chain(linted.remarks.into_iter().map(|remark| remark.diagnostic)).collect()
}

/// The text of a stack; a stream stands in a manifest of one.
fn stack_of(example: &Example) -> String {
    match example.language.as_str() {
        "yaml" => format!("[stack]\nname = \"shop\"\n[manifest.given]\nyaml = '''\n{}'''\n", example.text),
        _ => example.text.clone(),
    }
}

/// The rules that are broken where one stack follows another on k3d.
fn risks(before: &str, after: &str) -> Vec<&'static str> {
    let mut session = Session::default();
    let [before, after] = [before, after].map(|text| {
        let stack = session.sources.add("stack.toml", text);
        let question = diff::Question { stack, set: &[], kubernetes: None };
        let rendering = diff::render(&question, Some("k3d"), &mut session, &Files::new(&[]));
        rendering.unwrap_or_else(|| panic!("{text}\n{:?}", session.report))
    });
    let changes = diff::between(Side::of("a", &before), Side::of("b", &after), &session, Risks::Marked);
    changes.objects.iter().flat_map(|object| &object.risks).map(|risk| risk.rule).collect()
}

/// The codes that broken stacks are answered with.
fn in_snapshots() -> impl Iterator<Item = String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/errors");
    let cases = fs::read_dir(folder).unwrap().map(|case| case.unwrap().path().join("stderr.txt"));
    let texts: Vec<String> = cases.filter(|path| path.exists()).map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(texts.len() > 100);
    let code = |line: &str| {
        let rest = ["error[", "warning[", "info["].iter().find_map(|start| line.strip_prefix(start))?;
        Some(rest.split_once("]: ")?.0.to_owned())
    };
    let codes: Vec<String> = texts.iter().flat_map(|text| text.lines().filter_map(code)).collect();
    codes.into_iter().filter(|code| !code.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// The codes of the messages whose code stands where they are made.
fn in_source() -> impl Iterator<Item = String> {
    let mut codes = BTreeSet::new();
    for path in rust_files() {
        let text = fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for call in ["::error(", "::warning(", "::info("] {
            let starts = text.split(call).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
            let words = starts.filter_map(|rest| rest.split('"').next());
            codes.extend(words.filter(|word| is_code(word)).map(str::to_owned));
        }
    }
    assert!(codes.len() > 100, "{codes:?}");
    codes.into_iter()
}

fn is_code(word: &str) -> bool {
    word.len() > 2 && word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
}

/// The files of the program, without those that hold tests alone.
fn rust_files() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
                files.push(path);
            }
        }
    }
    files
}
