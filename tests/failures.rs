//! The page of the failures that other tools let pass: what it shows is what the program says, at the line that is wrong.
//!
//! `STOWPLAN_BLESS=1 cargo test --test failures` writes the answers into `docs/failures.md`.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

use std::fs;
use std::path::Path;
use stowplan::emit::report::Remark;
use stowplan::emit::report::human::{self, Color, Style};
use stowplan::lint::{self, Profiles, Question};
use stowplan::profile::Session;

mod support;

use support::Files;

/// What the finding of each section points at: what a person would correct.
const PLACES: [&str; 12] = [
    "replica",
    "\"2\"",
    "\"admin\"",
    "{ image = \"nginx/nginx-prometheus-exporter:1.4.0\" }",
    "\"pasword\"",
    "\"web\"",
    "\"nginx\"",
    "25",
    "\"512Mi\"",
    "nightly-report-of-all-orders-that-were-shipped-yesterday",
    "LEVEL",
    "NO",
];

/// One failure of the page.
struct Section<'a> {
    title: &'a str,
    rule: &'a str,
    stack: &'a str,
    answer: &'a str,
}

fn sections(page: &str) -> Vec<Section<'_>> {
    page.split("\n## ").skip(1).map(section).collect()
}

fn section(text: &str) -> Section<'_> {
    let block = |fence: &str| {
        let start = text.find(fence).unwrap() + fence.len();
        &text[start..start + text[start..].find("```").unwrap()]
    };
    let rule = text.split_once("Rule: `").unwrap().1.split_once('`').unwrap().0;
    Section { title: text.lines().next().unwrap(), rule, stack: block("```toml\n"), answer: block("```text\n") }
}

/// What is said of a stack by this rule, and all that is an error.
fn found(section: &Section, session: &mut Session) -> Vec<Remark> {
    let stack = session.sources.add("stack.toml", section.stack);
    let profiles = Profiles::Named(vec!["cloud".to_owned()]);
    let question = Question { stack, profiles: &profiles, set: &[], kubernetes: None };
    let linted = lint::stack(&question, session, &Files::new(&[]));
    assert!(linted.refusals.is_empty(), "{}: {:?}", section.title, linted.refusals);
    let is_error = |remark: &Remark| remark.diagnostic.severity == stowplan::diagnostic::Severity::Error;
    linted.remarks.into_iter().filter(|remark| remark.diagnostic.code == section.rule || is_error(remark)).collect()
}

#[test]
fn every_failure_is_caught_at_its_line() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/failures.md");
    let page = fs::read_to_string(&path).unwrap();
    let sections = sections(&page);
    assert_eq!(sections.len(), PLACES.len());
    let (mut blessed, mut wrong) = (page.clone(), Vec::new());
    for (section, expected) in sections.iter().zip(PLACES) {
        let mut session = Session { command: "lint", ..Session::default() };
        let remarks = found(section, &mut session);
        let codes: Vec<&str> = remarks.iter().map(|remark| remark.diagnostic.code).collect();
        assert_eq!(codes, [section.rule], "{}", section.title);
        let place = remarks[0].diagnostic.place().unwrap();
        let written = session.sources.text(place);
        assert_eq!(written, expected, "{}", section.title);
        assert!(remarks[0].diagnostic.help.is_some(), "{}", section.title);
        let answer = human::remarks(&remarks, &session.sources, Style { color: Color::Never, width: 140 });
        if answer != section.answer {
            wrong.push(section.title);
            let old = format!("{}```\n\n```text\n{}```", section.stack, section.answer);
            blessed = blessed.replacen(&old, &format!("{}```\n\n```text\n{answer}```", section.stack), 1);
        }
    }
    if std::env::var_os("STOWPLAN_BLESS").is_some() {
        fs::write(&path, blessed).unwrap();
    } else {
        assert!(wrong.is_empty(), "docs/failures.md shows other answers of {wrong:?}; STOWPLAN_BLESS=1 writes them");
    }
}
