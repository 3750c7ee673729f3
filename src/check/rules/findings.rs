//! Collects what one rule finds.

use super::{Completeness, Context, LintRule};
use crate::bundle::CauseId;
use crate::check::finding::{Finding, Part, Verdict};
use crate::check::place::At;
use crate::diagnostic::{Class, Lines, Severity};
use crate::document::OriginId;
use crate::graph::Edge;

/// What one rule has found.
pub struct Findings {
    rule: &'static LintRule,
    severity: Severity,
    completeness: Completeness,
    found: Vec<Finding>,
}

impl Findings {
    pub(super) fn new(rule: &'static LintRule, severity: Severity, context: &Context) -> Self {
        Self { rule, severity, completeness: context.completeness, found: Vec::new() }
    }

    /// Something is not as it should be, as bad as the rule says. `title` is a lower-case phrase that names the value, `help`
    /// says in the imperative what to type next.
    pub fn add(&mut self, object: usize, at: &At, title: impl Into<String>, help: impl Into<String>) -> &mut Finding {
        self.place(self.severity, (object, at.to_string(), at.cause()), (title.into(), help.into()))
    }

    /// The same, at most as bad as this: where the rule is sure of one case and not of another.
    pub fn add_milder(
        &mut self,
        most: Severity,
        object: usize,
        at: &At,
        (title, help): (impl Into<String>, impl Into<String>),
    ) -> &mut Finding {
        self.place(self.severity.min(most), (object, at.to_string(), at.cause()), (title.into(), help.into()))
    }

    /// Something that is written in vain: no field is made of it. `object` is one that belongs to it, for allowances.
    pub fn add_written(&mut self, object: usize, written: OriginId, words: (String, String)) -> &mut Finding {
        self.place(self.severity, (object, String::new(), written.into()), words)
    }

    /// Something that is referred to is not there. In YAML of others this is a warning at most, and nothing is said where a part
    /// of it cannot be read.
    pub fn missing(
        &mut self,
        object: usize,
        place: (String, CauseId),
        title: impl Into<String>,
        help: impl Into<String>,
    ) -> Option<&mut Finding> {
        let severity = match self.completeness {
            Completeness::Closed => self.severity,
            Completeness::Open => self.severity.min(Severity::Warning),
            Completeness::Broken => return None,
        };
        Some(self.place(severity, (object, place.0, place.1), (title.into(), help.into())))
    }

    /// What a reference names is not there. `most` is how bad that can be in YAML of others.
    pub fn missing_at(&mut self, most: Severity, edge: &Edge, (title, help): (String, String)) -> Option<&mut Finding> {
        let place = (edge.place.field.clone(), edge.place.cause);
        let is_closed = self.completeness == Completeness::Closed;
        let found = self.missing(edge.from, place, title, help)?;
        if !is_closed {
            found.verdict = match found.verdict {
                Verdict::Unfit(severity) => Verdict::Unfit(severity.min(most)),
                Verdict::Unwise(severity) => Verdict::Unwise(severity.min(most)),
                refused @ Verdict::Refused(_) => refused,
            };
        }
        Some(found)
    }

    /// A reference does not lead where it should, at most as bad as this.
    pub fn add_edge(&mut self, most: Severity, edge: &Edge, (title, help): (String, String)) -> &mut Finding {
        let place = (edge.from, edge.place.field.clone(), edge.place.cause);
        self.place(self.severity.min(most), place, (title, help))
    }

    fn place(
        &mut self,
        severity: Severity,
        (object, field, cause): (usize, String, CauseId),
        (title, help): (String, String),
    ) -> &mut Finding {
        let verdict = match self.rule.class {
            Class::Reference => Verdict::Unfit(severity),
            _ => Verdict::Unwise(severity),
        };
        let (part, related, correction, lines) = (Part::Value, Vec::new(), None, Lines::Shown);
        let (rule, label) = (self.rule.name, None);
        // an object may have no name, as one with `generateName`: then its kind is enough
        let title = title.replace(" ``", "");
        self.found.push(Finding {
            rule,
            verdict,
            object,
            field,
            cause,
            part,
            label,
            related,
            title,
            help,
            correction,
            lines,
        });
        self.found.last_mut().expect("it was just added")
    }

    pub(super) fn into_vec(self) -> Vec<Finding> {
        self.found
    }
}
