//! Findings as messages: each at the line that the user wrote.

use super::finding::{Finding, Part};
use crate::bundle::{Bundle, CauseId, Object};
use crate::diagnostic::Diagnostic;
use crate::document::{OriginId, Origins};
use crate::source::Span;

/// The messages for these findings in `bundle`.
pub fn diagnostics(findings: &[Finding], bundle: &Bundle, origins: &Origins) -> Vec<Diagnostic> {
    let places = Places { bundle, origins };
    findings.iter().map(|finding| places.diagnostic(finding)).collect()
}

struct Places<'a> {
    bundle: &'a Bundle,
    origins: &'a Origins,
}

impl Places<'_> {
    fn diagnostic(&self, finding: &Finding) -> Diagnostic {
        let object = &self.bundle.objects[finding.object];
        let mut diagnostic = Diagnostic::error(finding.rule, finding.title.clone()).help(finding.help.clone());
        let mut shown: Vec<Span> = Vec::new();
        let mut label = |span: Span, text: String, mut diagnostic: Diagnostic| {
            if !shown.contains(&span) {
                shown.push(span);
                diagnostic = diagnostic.at(span, text);
            }
            diagnostic
        };
        let mut primary = self.origins_of(finding.cause);
        if let Some(first) = primary.next() {
            diagnostic = label(self.span(first, finding.part), phrase(object, &finding.field), diagnostic);
            if let Some(below) = self.origins.get(first).replaced {
                diagnostic = label(self.span(below, finding.part), "in place of this".to_owned(), diagnostic);
            }
        }
        for (cause, text) in &finding.related {
            if let Some(origin) = self.origins_of(*cause).next() {
                diagnostic = label(self.span(origin, Part::Value), text.clone(), diagnostic);
            }
        }
        diagnostic
    }

    fn origins_of(&self, cause: CauseId) -> impl Iterator<Item = OriginId> {
        self.bundle.causes.origins(cause)
    }

    fn span(&self, origin: OriginId, part: Part) -> Span {
        let origin = self.origins.get(origin);
        match part {
            Part::Key => origin.key.unwrap_or(origin.span),
            Part::Value => origin.span,
        }
    }
}

/// Which field of which object a message is about.
fn phrase(object: &Object, field: &str) -> String {
    let (kind, name) = (object.kind_name(), object.name());
    if field.is_empty() { format!("{kind}/{name}") } else { format!("`{field}` of {kind}/{name}") }
}
