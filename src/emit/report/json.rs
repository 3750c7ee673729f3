//! The report of `lint` as one JSON document.

use super::{Findings, Remark, place};
use crate::diagnostic::{Diagnostic, Subject};
use crate::source::Sources;
use serde::Serialize;

/// `{"findings": […]}`, indented by two spaces, with a line break at the end; what is not known is `null`. Where something could
/// not be looked at, so that an empty list of findings says nothing, `"errors": […]` stands behind.
pub fn json(findings: &Findings, sources: &Sources) -> String {
    let errors = findings.refusals.iter().map(|refusal| Refusal::of(refusal, sources)).collect();
    let findings = findings.remarks.iter().map(|remark| Finding::of(remark, sources)).collect();
    let document = Document { findings, errors };
    let mut text = serde_json::to_string_pretty(&document).expect("keys are text, and a String takes all");
    text.push('\n');
    text
}

#[derive(Serialize)]
struct Document<'a> {
    findings: Vec<Finding<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Refusal<'a>>,
}

/// What is wrong with the call, or cannot be read.
#[derive(Serialize)]
struct Refusal<'a> {
    code: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    place: Option<Place<'a>>,
}

impl<'a> Refusal<'a> {
    fn of(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        Self {
            code: diagnostic.code,
            message: &diagnostic.title,
            help: diagnostic.help.as_deref(),
            place: diagnostic.place().map(|span| place::Place::of(span, sources).into()),
        }
    }
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'static str,
    class: &'static str,
    level: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    place: Option<Place<'a>>,
    object: Option<Object<'a>>,
    field: Option<&'a str>,
    profiles: &'a [String],
}

/// Lines and columns count from 1, columns in characters; the end is behind the last character.
#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    index: Option<usize>,
    api_version: Option<&'a str>,
    kind: Option<&'a str>,
    namespace: Option<&'a str>,
    name: Option<&'a str>,
}

impl<'a> Finding<'a> {
    fn of(remark: &'a Remark, sources: &'a Sources) -> Self {
        let diagnostic: &Diagnostic = &remark.diagnostic;
        let subject = diagnostic.subject.as_deref();
        Self {
            rule: diagnostic.code,
            class: diagnostic.class.as_str(),
            level: diagnostic.severity.as_str(),
            message: &diagnostic.title,
            help: diagnostic.help.as_deref(),
            place: diagnostic.place().map(|span| place::Place::of(span, sources).into()),
            object: subject.map(Object::of),
            field: subject.map(|subject| subject.field.as_str()),
            profiles: &remark.profiles,
        }
    }
}

impl<'a> From<place::Place<'a>> for Place<'a> {
    fn from(place: place::Place<'a>) -> Self {
        let place::Place { name: file, line, column, end_line, end_column, .. } = place;
        Self { file, line, column, end_line, end_column }
    }
}

impl<'a> Object<'a> {
    fn of(subject: &'a Subject) -> Self {
        Self {
            index: subject.document,
            api_version: subject.api_version.as_deref(),
            kind: subject.kind.as_deref(),
            namespace: subject.namespace.as_deref(),
            name: subject.name.as_deref(),
        }
    }
}
