//! What we tell the user, as data: a code, a title, labelled places, help.

use crate::source::{Sources, Span};
use std::collections::BTreeMap;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Probably not what was meant; the output is made all the same.
    Warning,
    /// Nothing is printed on stdout.
    Error,
}

impl Severity {
    /// `error`, `warning` or `info`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Who is not content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// We: there is a mistake in the stack itself.
    Stack,
    /// The API server: it would refuse one object, or what should be one, taken alone.
    Api,
    /// We: objects do not fit each other.
    Reference,
    /// We: something may be taken, and is not what was meant or cannot be looked at.
    Rule,
}

impl Class {
    /// `stack`, `api`, `reference` or `rule`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stack => "stack",
            Self::Api => "api",
            Self::Reference => "reference",
            Self::Rule => "rule",
        }
    }
}

/// The field of an object that a message is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    /// In a stream that others wrote: which of its documents holds the object, counted from 0.
    pub document: Option<usize>,
    /// `apiVersion`, where the object has one.
    pub api_version: Option<String>,
    /// `kind`, where the object has one.
    pub kind: Option<String>,
    /// `metadata.namespace`, where the object has one.
    pub namespace: Option<String>,
    /// `metadata.name`, where the object has one.
    pub name: Option<String>,
    /// The path in the server's spelling; empty for the object itself.
    pub field: String,
}

impl Subject {
    /// A document of which nothing more is known.
    pub fn of_document(number: usize) -> Self {
        Self {
            document: Some(number),
            api_version: None,
            kind: None,
            namespace: None,
            name: None,
            field: String::new(),
        }
    }
}

/// Whether the lines of a message may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lines {
    /// They are shown.
    Shown,
    /// They hold values of a Secret: only their place is said.
    Secret,
}

/// A place and what is to say about it, as a lower-case phrase; may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The phrase beside the caret.
    pub text: String,
}

/// How sure it is that an edit is what was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Applicability {
    /// There is one right answer, and it is this: `--fix` writes it.
    MachineApplicable,
    /// It is shown, and a person decides.
    MaybeIncorrect,
}

/// An edit that mends the problem: `replacement` in place of `span`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fix {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text.
    pub replacement: String,
    /// How sure it is.
    pub applicability: Applicability,
}

/// One message. The first label is the primary place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Stable kebab-case name of the kind of problem, such as `unknown-key`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Who says so.
    pub class: Class,
    /// Lower-case phrase that names the value; no full stop.
    pub title: String,
    /// Places, the primary one first; without a place the message is about the call itself.
    pub labels: Vec<Label>,
    /// Whether the lines at these places may be seen.
    pub lines: Lines,
    /// The object that it is about, where it is about one.
    pub subject: Option<Box<Subject>>,
    /// When it holds, as a phrase: "on the profile k3d".
    pub note: Option<String>,
    /// What to type next, in the imperative; several lines are allowed.
    pub help: Option<String>,
    /// An edit to show as a diff.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: &'static str, title: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            class: Class::Stack,
            title: title.into(),
            labels: Vec::new(),
            lines: Lines::Shown,
            subject: None,
            note: None,
            help: None,
            fix: None,
        }
    }

    /// A warning without a place yet.
    pub fn warning(code: &'static str, title: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, title) }
    }

    /// An information without a place yet.
    pub fn info(code: &'static str, title: impl Into<String>) -> Self {
        Self { severity: Severity::Info, ..Self::error(code, title) }
    }

    /// Adds a place with a phrase; the first one added is the primary place.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to type next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Shows an edit, about which a person decides.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into(), applicability: Applicability::MaybeIncorrect });
        self
    }

    /// Shows the edit that is the one right answer.
    #[must_use]
    pub fn sure_fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into(), applicability: Applicability::MachineApplicable });
        self
    }

    /// Shows `new` in place of `old` as the one right answer, where `old` stands at the place letter by letter, with or without
    /// quotes; where there is no `new`, or something else stands there, nothing is shown.
    #[must_use]
    pub fn renamed(self, span: Span, sources: &Sources, old: &str, new: Option<&str>) -> Self {
        let edit = new.and_then(|new| respelled(sources.text(span), old, new));
        match edit {
            Some(replacement) => self.sure_fix(span, replacement),
            None => self,
        }
    }

    /// The edit that `--fix` writes; none where lines may not be seen, because what is written is shown.
    pub fn sure(&self) -> Option<&Fix> {
        let is_sure = |fix: &&Fix| fix.applicability == Applicability::MachineApplicable && self.lines == Lines::Shown;
        self.fix.as_ref().filter(is_sure)
    }

    /// The primary place.
    pub fn place(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

/// `new`, in the quotes in which `old` was written.
fn respelled(written: &str, old: &str, new: &str) -> Option<String> {
    let is_plain = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_');
    if written == old {
        // What means something where there are no quotes may stay, and not be added.
        return new.chars().all(|character| is_plain(character) || old.contains(character)).then(|| new.to_owned());
    }
    let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
    let is_literal = inner == old && !new.contains(['"', '\'', '\\', '\n']);
    is_literal.then(|| format!("{quote}{new}{quote}"))
}

/// Collects messages; a stage goes on after each.
#[derive(Debug, Default)]
pub struct Report {
    /// In the order in which they were found.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// Adds a message.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether any message is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether an error has its primary place inside this one.
    pub fn points_into(&self, span: Span) -> bool {
        let inside = |place: Span| place.file == span.file && span.start <= place.start && place.end <= span.end;
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        errors.filter_map(Diagnostic::place).any(inside)
    }

    /// Puts messages in the order of their places and drops repetitions: the same message at the same place, and the same
    /// circle or pair of places told from another end.
    pub fn sort(&mut self) {
        self.diagnostics.sort_by(|a, b| (a.place(), a.code, &a.title).cmp(&(b.place(), b.code, &b.title)));
        self.diagnostics.dedup_by(|a, b| a.place() == b.place() && a.code == b.code && a.title == b.title);
        let mut told: BTreeMap<(&'static str, Vec<Span>), Option<Span>> = BTreeMap::new();
        self.diagnostics.retain(|diagnostic| {
            let mut places: Vec<Span> = diagnostic.labels.iter().map(|label| label.span).collect();
            places.sort();
            let first = told.entry((diagnostic.code, places)).or_insert(diagnostic.place());
            *first == diagnostic.place()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn at(code: &'static str, places: &[usize]) -> Diagnostic {
        let start = Diagnostic::error(code, format!("{places:?}"));
        places.iter().fold(start, |message, place| message.at(Span::new(FileId(0), *place..place + 1), ""))
    }

    #[test]
    fn a_circle_is_told_once() {
        let mut report = Report::default();
        for message in [at("cycle", &[9, 3]), at("cycle", &[3, 9]), at("cycle", &[3, 5]), at("other", &[9, 3])] {
            report.push(message);
        }
        report.sort();
        let titles: Vec<_> = report.diagnostics.iter().map(|message| (message.code, message.title.as_str())).collect();
        assert_eq!(titles, [("cycle", "[3, 5]"), ("cycle", "[3, 9]"), ("other", "[9, 3]")]);
    }

    #[test]
    fn an_error_points_into_what_is_around_it() {
        let mut report = Report::default();
        report.push(at("e", &[4]));
        let file = FileId(0);
        assert!(report.points_into(Span::new(file, 2..8)));
        assert!(!report.points_into(Span::new(file, 5..8)));
        assert!(!report.points_into(Span::new(FileId(1), 2..8)));
    }
}
