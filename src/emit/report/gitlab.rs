//! The report of `lint` as a Code Quality report of GitLab: a JSON list with an entry for each finding.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use super::place::Place;
use super::words::message;
use super::{Findings, Remark, identity};
use crate::diagnostic::Severity;
use crate::source::Sources;
use serde::Serialize;

/// The list, indented by two spaces, with a line break at the end; an empty one where nothing was found.
pub fn gitlab(findings: &Findings, sources: &Sources) -> String {
    let fingerprints = identity::fingerprints(&findings.remarks, sources);
    let entries = findings.remarks.iter().zip(fingerprints);
    let entries: Vec<_> = entries.map(|(remark, fingerprint)| entry(remark, fingerprint, sources)).collect();
    let mut text = serde_json::to_string_pretty(&entries).expect("keys are text, and a String takes all");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    /// Relative to the repository, without `./`.
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    /// Counted from 1.
    begin: usize,
    /// The last one.
    end: usize,
}

fn entry<'a>(remark: &'a Remark, fingerprint: String, sources: &'a Sources) -> Entry<'a> {
    let diagnostic = &remark.diagnostic;
    let severity = match diagnostic.severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Info => "info",
    };
    let location = location(remark, sources);
    Entry { description: message(diagnostic), check_name: diagnostic.code, fingerprint, severity, location }
}

/// The place of a finding; what is in no file is told at the beginning of what was looked at, because an entry needs a place.
fn location<'a>(remark: &Remark, sources: &'a Sources) -> Location<'a> {
    let place = remark.diagnostic.place().map(|span| Place::of(span, sources));
    match place.as_ref().and_then(|place| Some((place, place.path?))) {
        Some((place, path)) => Location { path, lines: Lines { begin: place.line, end: place.end_line } },
        None => {
            let file = sources.file(remark.file);
            Location { path: file.path().unwrap_or(&file.name), lines: Lines { begin: 1, end: 1 } }
        }
    }
}
