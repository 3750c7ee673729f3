//! The report of `lint` as a Code Quality report of GitLab: a JSON list with an entry for each finding.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use super::place::Place;
use super::words::message;
use super::{Findings, identity};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{FileId, Sources, Span};
use serde::Serialize;

/// The list, indented by two spaces, with a line break at the end; an empty one where nothing was found. What could not be
/// looked at is an entry too, because an empty list is read as a clean one.
pub fn gitlab(findings: &Findings, sources: &Sources) -> String {
    let fingerprints = identity::fingerprints(&findings.remarks, sources);
    let entries = findings.remarks.iter().zip(fingerprints);
    let entries = entries.map(|(remark, fingerprint)| {
        let location = location(remark.diagnostic.place(), Some(remark.file), sources);
        entry(&remark.diagnostic, fingerprint, location)
    });
    let first = findings.looked_at.first().map(|looked_at| looked_at.file);
    let refused = findings.refusals.iter().zip(identity::of_refusals(&findings.refusals));
    let refused = refused.map(|(refusal, fingerprint)| {
        let location = location(refusal.place(), first, sources);
        Entry { severity: "blocker", ..entry(refusal, fingerprint, location) }
    });
    let entries: Vec<_> = entries.chain(refused).collect();
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

fn entry<'a>(diagnostic: &Diagnostic, fingerprint: String, location: Location<'a>) -> Entry<'a> {
    let severity = match diagnostic.severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Info => "info",
    };
    Entry { description: message(diagnostic), check_name: diagnostic.code, fingerprint, severity, location }
}

/// The place in a file; what is in none is told at the beginning of what was `looked_at`, else of the folder of the call, because
/// an entry needs a place.
fn location(place: Option<Span>, looked_at: Option<FileId>, sources: &Sources) -> Location<'_> {
    let place = place.map(|span| Place::of(span, sources));
    if let Some((place, path)) = place.and_then(|place| Some((place, place.path?))) {
        return Location { path, lines: Lines { begin: place.line, end: place.end_line } };
    }
    let file = looked_at.map(|file| sources.file(file));
    let path = file.map_or(".", |file| file.path().unwrap_or(&file.name));
    Location { path, lines: Lines { begin: 1, end: 1 } }
}
