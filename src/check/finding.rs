//! What a check finds.

use super::rule::Rule;
use crate::bundle::{CauseId, Object, Pointer};
use crate::diagnostic::{Class, Lines, Severity};

/// Why the API server refuses a field: the `reason` of a cause in its answer.
/// <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The object cannot be decoded; the server answers 400 and names no field.
    BadRequest,
    /// A field must be there, and not be empty.
    Required,
    /// A value breaks the rules of its field.
    Invalid,
    /// A value of a custom kind has another type than its definition says.
    TypeInvalid,
    /// A field may not be set here.
    Forbidden,
    /// A value may stand only once.
    Duplicate,
    /// A value is none of those that are known.
    NotSupported,
    /// A text or a map is too long.
    TooLong,
    /// A list has too many entries.
    TooMany,
    /// A value names something that is not there.
    NotFound,
}

impl Reason {
    /// As the server spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BadRequest",
            Self::Required => "FieldValueRequired",
            Self::Invalid => "FieldValueInvalid",
            Self::TypeInvalid => "FieldValueTypeInvalid",
            Self::Forbidden => "FieldValueForbidden",
            Self::Duplicate => "FieldValueDuplicate",
            Self::NotSupported => "FieldValueNotSupported",
            Self::TooLong => "FieldValueTooLong",
            Self::TooMany => "FieldValueTooMany",
            Self::NotFound => "FieldValueNotFound",
        }
    }
}

/// Who is not content, and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The API server refuses the object.
    Refused(Reason),
    /// Every object may be taken, and they do not fit each other.
    Unfit(Severity),
    /// Every object may be taken, and one is not what was meant.
    Unwise(Severity),
}

impl Verdict {
    /// How bad it is.
    pub fn severity(self) -> Severity {
        match self {
            Self::Refused(_) => Severity::Error,
            Self::Unfit(severity) | Self::Unwise(severity) => severity,
        }
    }

    /// Who says so.
    pub fn class(self) -> Class {
        match self {
            Self::Refused(_) => Class::Api,
            Self::Unfit(_) => Class::Reference,
            Self::Unwise(_) => Class::Rule,
        }
    }

    /// Why the API server refuses, where it does.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Refused(reason) => Some(reason),
            Self::Unfit(_) | Self::Unwise(_) => None,
        }
    }
}

/// Which part of a field a message points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its value.
    Value,
    /// Its key: where the field itself is the mistake.
    Key,
}

/// The one right answer to a finding, in terms of what is written at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correction {
    /// The second text in place of the first.
    Rename(String, String),
    /// The same, where a field of the second name is there already, made from this: it may have been written elsewhere.
    RenameBeside(String, String, CauseId),
    /// The number or truth value as it is written, between quotes.
    Quote,
    /// This text without its quotes.
    Unquote(String),
}

/// Something that the API server would refuse, or that is not what was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: &'static str,
    /// Who is not content, and how much.
    pub verdict: Verdict,
    /// Index of the object in the bundle.
    pub object: usize,
    /// Where, in the server's spelling: `spec.template.spec.containers[0].name`.
    pub field: String,
    /// Why the field, or the nearest one around a missing one, is as it is: this leads to the line that the user wrote.
    pub cause: CauseId,
    /// Which part of that line is meant.
    pub part: Part,
    /// What is said beside that line; the name of the field where it is left out.
    pub label: Option<String>,
    /// Other fields that have to do with it, each with a phrase: the first of two equal names.
    pub related: Vec<(CauseId, String)>,
    /// What is wrong, as a lower-case phrase that names the value.
    pub title: String,
    /// What to type next, in the imperative.
    pub help: String,
    /// The edit that mends it, where there is one right answer.
    pub correction: Option<Correction>,
    /// Whether the line may be shown; not where what is found is a credential.
    pub lines: Lines,
}

impl Finding {
    /// Another field that has to do with it, and how.
    #[must_use]
    pub fn with(mut self, cause: CauseId, phrase: impl Into<String>) -> Self {
        self.related.push((cause, phrase.into()));
        self
    }

    /// A finding at a field of an object, or where it should be; `index` is the object's place in the bundle.
    pub(in crate::check) fn at(
        (index, object): (usize, &Object),
        pointer: &Pointer,
        rule: &'static str,
        reason: Reason,
        (title, help): (String, String),
    ) -> Self {
        let cause = object.root.nearest(pointer).cause;
        let (part, related) = (Part::Value, Vec::new());
        let (verdict, correction, lines) = (Verdict::Refused(reason), None, Lines::Shown);
        let field = pointer.to_string();
        let label = None;
        Self { rule, verdict, object: index, field, cause, part, label, related, title, help, correction, lines }
    }

    /// A finding of this rule at a place that is not known yet.
    pub(super) fn new(rule: &Rule, reason: Reason, cause: CauseId, title: String, help: String) -> Self {
        let part = if reason == Reason::Forbidden { Part::Key } else { Part::Value };
        let (verdict, field, related) = (Verdict::Refused(reason), String::new(), Vec::new());
        let (label, correction, lines) = (None, None, Lines::Shown);
        Self { rule: rule.id, verdict, object: 0, field, cause, part, label, related, title, help, correction, lines }
    }
}
