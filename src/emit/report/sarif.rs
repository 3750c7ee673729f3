//! The report of `lint` as SARIF 2.1.0: one run with its rules, and a result for each finding.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use super::place::Place;
use super::words::{Described, describe, message};
use super::{Findings, Remark, identity};
use crate::diagnostic::{Class, Diagnostic, Label, Severity, Subject};
use crate::source::{FileId, Sources};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The whole log, indented by two spaces, with a line break at the end. A clean run has an empty list of results.
pub fn sarif(findings: &Findings, sources: &Sources) -> String {
    let codes: BTreeSet<&str> = findings.remarks.iter().map(|remark| remark.diagnostic.code).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let fingerprints = identity::fingerprints(&findings.remarks, sources);
    let results = findings.remarks.iter().zip(&fingerprints);
    let results: Vec<Value> = results.map(|(remark, print)| result(remark, print, &codes, sources)).collect();
    let notifications = findings.refusals.iter().map(|refusal| notification(refusal, sources));
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "stowplan",
                "rules": codes.iter().map(|code| rule(code, findings)).collect::<Vec<_>>(),
            } },
            "invocations": [{
                "executionSuccessful": findings.refusals.is_empty(),
                "toolExecutionNotifications": notifications.collect::<Vec<_>>(),
            }],
            "originalUriBaseIds": { ROOT: { "description": { "text": "The folder in which stowplan was called." } } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// What relative addresses are relative to.
const ROOT: &str = "%SRCROOT%";

fn rule(code: &str, findings: &Findings) -> Value {
    let found = || findings.remarks.iter().map(|remark| &remark.diagnostic).filter(|found| found.code == code);
    let severity = found().map(|diagnostic| diagnostic.severity).max().unwrap_or(Severity::Error);
    let class = found().map(|diagnostic| diagnostic.class).next().unwrap_or(Class::Stack);
    let Described { sentence, page } = describe(code, class);
    json!({
        "id": code,
        "shortDescription": { "text": sentence },
        // The page is Markdown, which is text too.
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level(severity) },
        "properties": { "tags": ["kubernetes", class.as_str()] },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(remark: &Remark, fingerprint: &str, codes: &[&str], sources: &Sources) -> Value {
    let diagnostic = &remark.diagnostic;
    let mut result = json!({
        "ruleId": diagnostic.code,
        "ruleIndex": codes.binary_search(&diagnostic.code).ok(),
        "level": level(diagnostic.severity),
        "message": { "text": message(diagnostic) },
        "locations": [location(remark, sources)],
        // GitHub compares results by the second name alone; it means a finding that is the same though its line has moved.
        "partialFingerprints": { "stowplan/v1": fingerprint, "primaryLocationLineHash": fingerprint },
        "properties": { "class": diagnostic.class.as_str(), "profiles": remark.profiles },
    });
    let related = diagnostic.labels.iter().skip(1).zip(1_u32..);
    let related: Vec<Value> = related.map(|(label, id)| related_location(label, id, sources)).collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    if let Some(fix) = fix(diagnostic, sources) {
        result["fixes"] = json!([fix]);
    }
    result
}

/// The place of a finding; where it has none, the file that was looked at, because readers pass over what is nowhere.
fn location(remark: &Remark, sources: &Sources) -> Value {
    let mut location = match remark.diagnostic.labels.first() {
        Some(label) => physical(label, sources),
        None => json!({ "physicalLocation": { "artifactLocation": artifact(remark.file, sources) } }),
    };
    if let Some(label) = remark.diagnostic.labels.first().filter(|label| !label.text.is_empty()) {
        location["message"] = json!({ "text": label.text });
    }
    if let Some(subject) = remark.diagnostic.subject.as_deref().filter(|subject| subject.kind.is_some()) {
        location["logicalLocations"] = json!([logical(subject)]);
    }
    location
}

fn related_location(label: &Label, id: u32, sources: &Sources) -> Value {
    let mut location = physical(label, sources);
    location["id"] = id.into();
    if !label.text.is_empty() {
        location["message"] = json!({ "text": label.text });
    }
    location
}

fn physical(label: &Label, sources: &Sources) -> Value {
    let region = region(&Place::of(label.span, sources));
    json!({ "physicalLocation": { "artifactLocation": artifact(label.span.file, sources), "region": region } })
}

fn region(place: &Place) -> Value {
    json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    })
}

/// The object and the field of it, as in `Deployment/prod/web/spec.replicas`.
fn logical(subject: &Subject) -> Value {
    let parts = [subject.kind.as_deref(), subject.namespace.as_deref(), subject.name.as_deref(), Some(&subject.field)];
    let parts: Vec<&str> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    json!({ "fullyQualifiedName": parts.join("/"), "kind": "resource" })
}

/// The address of a text. One that leads out of the folder has no base, because a base ends where the repository does.
fn artifact(file: FileId, sources: &Sources) -> Value {
    let file = sources.file(file);
    let path = file.path().unwrap_or(&file.name);
    if path.starts_with('/') {
        return json!({ "uri": format!("file://{}", address(path)) });
    }
    if path.split('/').any(|step| step == "..") {
        return json!({ "uri": address(path) });
    }
    json!({ "uri": address(path), "uriBaseId": ROOT })
}

/// A path with all that an address cannot hold as `%` and two hex digits. `:` too: in the first step of a relative address it
/// would end a scheme.
fn address(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => address.push(byte.into()),
            _ => write!(address, "%{byte:02X}").expect("a String takes all"),
        }
    }
    address
}

/// The edit that mends it, where there is one right answer.
fn fix(diagnostic: &Diagnostic, sources: &Sources) -> Option<Value> {
    let fix = diagnostic.sure()?;
    sources.file(fix.span.file).path()?;
    let replacement = json!({
        "deletedRegion": region(&Place::of(fix.span, sources)),
        "insertedContent": { "text": fix.replacement },
    });
    let change = json!({ "artifactLocation": artifact(fix.span.file, sources), "replacements": [replacement] });
    let description = diagnostic.help.as_deref().unwrap_or("write this");
    Some(json!({ "description": { "text": description }, "artifactChanges": [change] }))
}

fn notification(refusal: &Diagnostic, sources: &Sources) -> Value {
    let mut notification = json!({
        "descriptor": { "id": refusal.code },
        "level": level(refusal.severity),
        "message": { "text": message(refusal) },
    });
    if let Some(label) = refusal.labels.first() {
        notification["locations"] = json!([physical(label, sources)]);
    }
    notification
}
