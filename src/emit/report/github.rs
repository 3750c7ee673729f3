//! The report of `lint` as commands to GitHub Actions, one line for each finding, which become annotations of lines.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::place::Place;
use super::words::message;
use super::{Findings, Remark};
use crate::diagnostic::Severity;
use crate::source::Sources;

/// A line for each finding; nothing where there is none.
pub fn github(findings: &Findings, sources: &Sources) -> String {
    findings.remarks.iter().map(|remark| command(remark, sources)).collect()
}

/// `::error file=stack.toml,line=3,endLine=3,col=1,endColumn=5,title=unknown-key::…`
fn command(remark: &Remark, sources: &Sources) -> String {
    let diagnostic = &remark.diagnostic;
    let word = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let mut properties = place(remark, sources);
    properties.push(("title", diagnostic.code.to_owned()));
    let properties: Vec<String> =
        properties.into_iter().map(|(name, value)| format!("{name}={}", property(&value))).collect();
    format!("::{word} {}::{}\n", properties.join(","), data(&message(diagnostic)))
}

/// Where it is; nothing where it is in no file, because an annotation of a file that is not there is not shown.
fn place(remark: &Remark, sources: &Sources) -> Vec<(&'static str, String)> {
    let Some(place) = remark.diagnostic.place().map(|span| Place::of(span, sources)) else {
        let path = sources.file(remark.file).path();
        return path.map(|path| ("file", path.to_owned())).into_iter().collect();
    };
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
