//! Findings as messages: each at what the user wrote, which the cause of a field leads to.

mod wording;

use super::correct::correct;
use super::finding::{Correction, Finding, Part};
use super::secrecy::conceal;
use crate::bundle::{Bundle, Cause, CauseId, Causes, Object};
use crate::diagnostic::{Diagnostic, Subject};
use crate::document::checking::Checking;
use crate::document::{OriginId, Origins};
use crate::source::{Sources, Span};
use wording::wording;

/// Reports findings, each as bad as its verdict says.
pub fn report(findings: Vec<Finding>, bundle: &Bundle, checking: &mut Checking) {
    for finding in findings {
        let diagnostic = diagnostic(finding, bundle, checking.sources, checking.origins);
        checking.report.push(diagnostic);
    }
}

/// A finding as a message, without the values of Secrets.
pub fn diagnostic(finding: Finding, bundle: &Bundle, sources: &Sources, origins: &Origins) -> Diagnostic {
    let object = &bundle.objects[finding.object];
    let key = first_origin(finding.cause, &bundle.causes).and_then(|origin| origins.get(origin).key);
    let finding = Finding { help: wording(&finding.help, object, key, sources), ..finding };
    let subject = subject(object, finding.field.clone());
    let (severity, class, lines) = (finding.verdict.severity(), finding.verdict.class(), finding.lines);
    let correction = finding.correction.clone().filter(|_| matches!(finding.cause.view(), Cause::Key(_)));
    let mut diagnostic = at_places(finding, bundle, origins);
    if let (Some(correction), Some(span)) = (correction, diagnostic.place())
        && has_room(&correction, span, bundle, sources, origins)
    {
        diagnostic = correct(diagnostic, &correction, span, sources);
    }
    conceal(Diagnostic { severity, class, lines, subject: Some(Box::new(subject)), ..diagnostic }, object, sources)
}

/// Whether the new name of a field stands nowhere in the table in which the old one does. A field that is there already may come
/// from the component, or from another layer, and the misspelt one from a patch: the header of a table between them parts them.
fn has_room(correction: &Correction, span: Span, bundle: &Bundle, sources: &Sources, origins: &Origins) -> bool {
    let Correction::RenameBeside(_, _, cause) = correction else { return true };
    let Some(origin) = first_origin(*cause, &bundle.causes) else { return true };
    let other = self::span(origin, Part::Key, origins);
    let between = span.start.min(other.start) as usize..span.start.max(other.start) as usize;
    let text = &sources.file(span.file).text;
    other.file != span.file || text.get(between).is_some_and(|between| between.contains("\n["))
}

/// What a message of the API server is about.
fn subject(object: &Object, field: String) -> Subject {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Subject {
        document: None,
        api_version: some(object.api_version()),
        kind: some(object.kind_name()),
        namespace: object.namespace().and_then(some),
        name: some(object.name()),
        field,
    }
}

fn at_places(finding: Finding, bundle: &Bundle, origins: &Origins) -> Diagnostic {
    let name = full_name(&bundle.objects[finding.object], &finding.field);
    let Some(origin) = first_origin(finding.cause, &bundle.causes) else {
        return Diagnostic::error(finding.rule, format!("{} ({name})", finding.title)).help(finding.help);
    };
    let label = match (finding.label, reason(finding.cause, &bundle.causes)) {
        (Some(label), _) => label,
        (None, Some(rule)) => format!("makes {name}: {rule}"),
        (None, None) => name,
    };
    let mut diagnostic = Diagnostic::error(finding.rule, finding.title).at(span(origin, finding.part, origins), label);
    // what follows from a value does not stand in place of what the value replaced
    let is_written = matches!(finding.cause.view(), Cause::Key(_));
    let replaced =
        origins.get(origin).replaced.filter(|_| is_written).map(|below| (below, "this is overridden".to_owned()));
    let related =
        finding.related.into_iter().filter_map(|(cause, text)| Some((first_origin(cause, &bundle.causes)?, text)));
    for (origin, text) in related.chain(replaced) {
        let span = span(origin, Part::Value, origins);
        if diagnostic.labels.iter().all(|label| label.span != span) {
            diagnostic = diagnostic.at(span, text);
        }
    }
    diagnostic.help(finding.help)
}

/// `spec.replicas of Deployment web`, with backticks around the name.
fn full_name(object: &Object, field: &str) -> String {
    let name = match (object.kind_name(), object.name()) {
        ("", "") => "an object".to_owned(),
        (kind, "") => kind.to_owned(),
        (kind, name) => format!("{kind} `{name}`"),
    };
    if field.is_empty() { name } else { format!("{field} of {name}") }
}

fn first_origin(cause: CauseId, causes: &Causes) -> Option<OriginId> {
    causes.origins(cause).next()
}

/// The rule that made a value, where the user did not write it.
fn reason(cause: CauseId, causes: &Causes) -> Option<&'static str> {
    match cause.view() {
        Cause::Key(_) => None,
        Cause::Derived(id) => Some(causes.get(id).rule),
    }
}

fn span(origin: OriginId, part: Part, origins: &Origins) -> Span {
    let origin = origins.get(origin);
    match part {
        Part::Key => origin.key.unwrap_or(origin.span),
        Part::Value => origin.span,
    }
}
