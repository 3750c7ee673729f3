//! Where findings are told: at what the user wrote, which the cause of a field leads to.

use super::{At, Finding, Place};
use crate::bundle::{Bundle, Cause, CauseId, Causes, Object, Pointer};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::{OriginId, Origins};
use crate::source::Span;

/// Reports findings as errors.
pub fn report(findings: Vec<Finding>, bundle: &Bundle, checking: &mut Checking) {
    for finding in findings {
        let diagnostic = diagnostic(finding, bundle, checking.origins);
        checking.report.push(diagnostic);
    }
}

fn diagnostic(finding: Finding, bundle: &Bundle, origins: &Origins) -> Diagnostic {
    let object = &bundle.objects[finding.object];
    let cause = object.root.nearest(&finding.pointer).cause;
    let name = full_name(object, &finding.pointer);
    let mut diagnostic = match first_origin(cause, &bundle.causes) {
        Some(origin) => {
            let span = span(origin, finding.at, origins);
            let label = match reason(cause, &bundle.causes) {
                Some(rule) => format!("makes {name}: {rule}"),
                None => name,
            };
            Diagnostic::error(finding.code, finding.message).at(span, label)
        }
        None => Diagnostic::error(finding.code, format!("{} ({name})", finding.message)),
    };
    for related in finding.related {
        let origin = match related.place {
            Place::Written(origin) => Some(origin),
            Place::Field { object, pointer } => {
                first_origin(bundle.objects[object].root.nearest(&pointer).cause, &bundle.causes)
            }
        };
        let span = origin.map(|origin| span(origin, At::Value, origins));
        if let Some(span) = span.filter(|span| diagnostic.labels.iter().all(|label| label.span != *span)) {
            diagnostic = diagnostic.at(span, related.text);
        }
    }
    diagnostic.help(finding.help)
}

/// `spec.replicas of Deployment "web"`.
fn full_name(object: &Object, pointer: &Pointer) -> String {
    let name = match (object.kind_name(), object.name()) {
        ("", "") => "an object".to_owned(),
        (kind, "") => kind.to_owned(),
        (kind, name) => format!("{kind} `{name}`"),
    };
    if pointer.is_root() { name } else { format!("{pointer} of {name}") }
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

fn span(origin: OriginId, at: At, origins: &Origins) -> Span {
    let origin = origins.get(origin);
    match at {
        At::Key => origin.key.unwrap_or(origin.span),
        At::Value => origin.span,
    }
}
