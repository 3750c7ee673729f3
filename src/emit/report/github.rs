//! The report of `lint` as commands to GitHub Actions, one line for each finding, which become annotations of lines.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::place::Place;
use super::words::message;
use super::{Findings, Remark};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Sources, Span};

/// A line for each finding, and for what could not be looked at; nothing where there is neither.
pub fn github(findings: &Findings, sources: &Sources) -> String {
    let found = findings.remarks.iter().map(|remark| command(&remark.diagnostic, place(remark, sources)));
    let refused = findings.refusals.iter().map(|refusal| {
        let place = refusal.place().map(|span| of_span(span, sources)).unwrap_or_default();
        command(refusal, place)
    });
    found.chain(refused).collect()
}

/// `::error file=stack.toml,line=3,endLine=3,col=1,endColumn=5,title=unknown-key::…`
fn command(diagnostic: &Diagnostic, mut properties: Vec<(&'static str, String)>) -> String {
    let word = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    properties.push(("title", diagnostic.code.to_owned()));
    let properties: Vec<String> =
        properties.into_iter().map(|(name, value)| format!("{name}={}", property(&value))).collect();
    format!("::{word} {}::{}\n", properties.join(","), data(&message(diagnostic)))
}

/// Where it is; nothing where it is in no file, because an annotation of a file that is not there is not shown.
fn place(remark: &Remark, sources: &Sources) -> Vec<(&'static str, String)> {
    let Some(span) = remark.diagnostic.place() else {
        let path = sources.file(remark.file).path();
        return path.map(|path| ("file", path.to_owned())).into_iter().collect();
    };
    of_span(span, sources)
}

fn of_span(span: Span, sources: &Sources) -> Vec<(&'static str, String)> {
    let place = Place::of(span, sources);
    let Some(path) = place.path else { return Vec::new() };
    let mut properties =
        vec![("file", path.to_owned()), ("line", place.line.to_string()), ("endLine", place.end_line.to_string())];
    // Columns of several lines are not taken.
    if place.line == place.end_line {
        properties.extend([("col", place.column.to_string()), ("endColumn", place.end_column.to_string())]);
    }
    properties
}

/// Text behind `::`, where a line break would end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which `:` and `,` would end too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
