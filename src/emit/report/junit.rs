//! The report of `lint` as JUnit XML: a suite for each stack or file, a test for each profile or version.
//!
//! What is at least as bad as `--fail-on` says is a failure, so that the tests fail where the command does; all else is told as
//! the output of the test.

use super::place::Place;
use super::words::message;
use super::{Findings, LookedAt, Remark};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;
use std::fmt::Write;

/// The whole document, with a line break at the end. What could not be looked at is a test that ends with an error.
pub fn junit(findings: &Findings, sources: &Sources) -> String {
    let mut suites: Vec<Suite> =
        findings.looked_at.iter().map(|looked_at| suite(looked_at, findings, sources)).collect();
    if !findings.refusals.is_empty() {
        suites.push(refused(&findings.refusals, sources));
    }
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let counts = Counts { tests: sum(Suite::tests), failures: sum(Suite::failures), errors: sum(Suite::errors) };
    let mut xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"stowplan\" {counts}>\n");
    suites.iter().for_each(|suite| suite.write(&mut xml));
    xml.push_str("</testsuites>\n");
    xml
}

struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    verdict: Verdict,
    /// Each finding that is no failure, as text.
    output: Vec<String>,
}

/// How a test ends; the words are the first finding's title and all findings as text.
enum Verdict {
    Passed,
    Failed(String, Vec<String>),
    Broken(String, Vec<String>),
}

struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
}

impl std::fmt::Display for Counts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        let Self { tests, failures, errors } = self;
        write!(formatter, "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
    }
}

fn suite(looked_at: &LookedAt, findings: &Findings, sources: &Sources) -> Suite {
    let of_file = |remark: &&Remark| remark.file == looked_at.file;
    let remarks: Vec<&Remark> = findings.remarks.iter().filter(of_file).collect();
    let name = &sources.file(looked_at.file).name;
    let with = if looked_at.with.is_empty() { std::slice::from_ref(name) } else { &looked_at.with };
    let cases = with.iter().map(|with| {
        // Without a profile a finding holds for all that the file was looked at with.
        let holds = |remark: &&&Remark| remark.profiles.is_empty() || remark.profiles.contains(with);
        let found = remarks.iter().filter(holds).map(|remark| &remark.diagnostic);
        case(with, found.collect(), findings.fail_on, sources)
    });
    Suite { name: name.clone(), cases: cases.collect() }
}

fn case(name: &str, found: Vec<&Diagnostic>, fail_on: Severity, sources: &Sources) -> Case {
    let (failures, rest): (Vec<_>, Vec<_>) = found.into_iter().partition(|diagnostic| diagnostic.severity >= fail_on);
    let told = |list: &[&Diagnostic]| list.iter().map(|diagnostic| text(diagnostic, sources)).collect();
    let verdict = match &failures[..] {
        [] => Verdict::Passed,
        [only] => Verdict::Failed(only.title.clone(), told(&failures)),
        [first, more @ ..] => Verdict::Failed(format!("{}, and {} more", first.title, more.len()), told(&failures)),
    };
    Case { name: name.to_owned(), verdict, output: told(&rest) }
}

fn refused(refusals: &[Diagnostic], sources: &Sources) -> Suite {
    let case = |refusal: &Diagnostic| {
        let verdict = Verdict::Broken(refusal.title.clone(), vec![text(refusal, sources)]);
        Case { name: refusal.code.to_owned(), verdict, output: Vec::new() }
    };
    Suite { name: "stowplan lint".to_owned(), cases: refusals.iter().map(case).collect() }
}

/// `stack.toml:3:1: error[unknown-key]: …`, and the lines of help.
fn text(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.place().map(|span| Place::of(span, sources));
    let place = place.map(|place| format!("{}:{}:{}: ", place.path.unwrap_or(place.name), place.line, place.column));
    let Diagnostic { code, severity, .. } = diagnostic;
    format!("{}{}[{code}]: {}", place.unwrap_or_default(), severity.as_str(), message(diagnostic))
}

impl Suite {
    fn tests(&self) -> usize {
        self.cases.len()
    }

    fn failures(&self) -> usize {
        self.cases.iter().filter(|case| matches!(case.verdict, Verdict::Failed(..))).count()
    }

    fn errors(&self) -> usize {
        self.cases.iter().filter(|case| matches!(case.verdict, Verdict::Broken(..))).count()
    }

    fn write(&self, xml: &mut String) {
        let counts = Counts { tests: self.tests(), failures: self.failures(), errors: self.errors() };
        let name = escape(&self.name);
        writeln!(xml, "  <testsuite name=\"{name}\" {counts}>").expect("a String takes all");
        for case in &self.cases {
            case.write(&name, xml);
        }
        xml.push_str("  </testsuite>\n");
    }
}

impl Case {
    /// `class` is the name of the suite, escaped: readers show tests by it.
    fn write(&self, class: &str, xml: &mut String) {
        let mut inner = match &self.verdict {
            Verdict::Passed => String::new(),
            Verdict::Failed(title, all) => element("failure", title, all),
            Verdict::Broken(title, all) => element("error", title, all),
        };
        if !self.output.is_empty() {
            let output = escape_lines(&self.output.join("\n\n"));
            writeln!(inner, "      <system-out>{output}</system-out>").expect("a String takes all");
        }
        let opening = format!("    <testcase name=\"{}\" classname=\"{class}\"", escape(&self.name));
        match inner.is_empty() {
            true => writeln!(xml, "{opening}/>"),
            false => writeln!(xml, "{opening}>\n{inner}    </testcase>"),
        }
        .expect("a String takes all");
    }
}

fn element(name: &str, title: &str, all: &[String]) -> String {
    let text = escape_lines(&all.join("\n\n"));
    format!("      <{name} message=\"{}\" type=\"lint\">{text}</{name}>\n", escape(title))
}

/// Text for an attribute: a reader would make blanks of its line breaks and tabs.
fn escape(text: &str) -> String {
    escape_lines(text).replace('\n', "&#10;").replace('\t', "&#9;")
}

/// Text without what means something in XML, and without the characters that no XML may hold.
fn escape_lines(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            _ if character.is_control() => escaped.push(char::REPLACEMENT_CHARACTER),
            _ => escaped.push(character),
        }
    }
    escaped
}
