//! From a checked and merged tree to valid types; reports what only the finished table shows: missing keys, evaluated texts.

use super::check::PREVIOUS;
use super::kind::{Kind, Presence};
use crate::diagnostic::{Diagnostic, Report};
use crate::document::{Node, OriginId, Origins, Table, Value, expression};
use crate::source::{Sources, Span};

/// Evaluates the `{{ }}` of a text; `None` where that was reported as wrong.
pub trait Evaluate {
    /// The text with every expression replaced by its value.
    fn evaluate(&self, text: &str, origin: OriginId, report: &mut Report) -> Option<String>;
}

/// What decoding needs beside the tree.
pub struct Decoder<'a> {
    /// All texts.
    pub sources: &'a Sources,
    /// All places.
    pub origins: &'a Origins,
    /// What was found.
    pub report: &'a mut Report,
    evaluator: &'a dyn Evaluate,
    doubtful: Vec<Box<str>>,
    extends: Option<OriginId>,
}

/// A value that can be decoded.
pub trait Shape: Sized {
    /// How it is declared.
    const KIND: &'static Kind;

    /// Decodes it; `None` where something was reported and there is no value.
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self>;
}

/// A value under a key, which may be absent.
pub trait Member: Sized {
    /// How it is declared.
    const KIND: &'static Kind;
    /// Whether a finished table must have it.
    const PRESENCE: Presence;

    /// Decodes what stands under `key` of the table at `parent`, or makes what its absence means.
    fn member(node: Option<&Node>, key: &'static str, parent: OriginId, decoder: &mut Decoder) -> Self;
}

impl<'a> Decoder<'a> {
    /// A decoder that writes to `report`.
    pub fn new(
        sources: &'a Sources,
        origins: &'a Origins,
        report: &'a mut Report,
        evaluator: &'a dyn Evaluate,
    ) -> Self {
        Self { sources, origins, report, evaluator, doubtful: Vec::new(), extends: None }
    }

    /// The place of a value.
    pub fn span(&self, origin: OriginId) -> Span {
        self.origins.get(origin).span
    }

    /// The place of a key; of the value where there is none.
    pub fn key_span(&self, origin: OriginId) -> Span {
        let origin = self.origins.get(origin);
        origin.key.unwrap_or(origin.span)
    }

    /// Evaluates the `{{ }}` of a text.
    pub fn evaluate(&mut self, text: &str, origin: OriginId) -> Option<String> {
        self.evaluator.evaluate(text, origin, self.report)
    }

    /// Notes the template of the table whose keys come next; gives the one before, for [`Decoder::leave`].
    pub fn enter(&mut self, table: &Table) -> Option<OriginId> {
        std::mem::replace(&mut self.extends, table.get("extends").map(|node| node.origin))
    }

    /// Goes back to the table around.
    pub fn leave(&mut self, outer: Option<OriginId>) {
        self.extends = outer;
    }

    /// Notes which keys of a table may have been reported as wrong, for [`Decoder::is_doubtful`].
    pub fn weigh(&mut self, table: &Table) {
        self.doubtful.clear();
        self.doubtful.extend(table.iter().filter(|(_, node)| may_be_wrong(node)).map(|(key, _)| key.clone()));
    }

    /// Whether one of these keys of the table at hand is there, but may have been reported as wrong: nobody misses it then.
    pub fn is_doubtful(&self, keys: &[&str]) -> bool {
        self.doubtful.iter().any(|key| keys.contains(&&**key))
    }

    /// Whether a message already points into this value.
    pub fn is_reported(&self, origin: OriginId) -> bool {
        self.report.points_into(self.span(origin))
    }

    /// Reports a required key that is not there, unless it may stand in a template that was reported as unknown.
    pub fn missing_key(&mut self, key: &'static str, kind: &'static Kind, parent: OriginId) {
        let label = format!("this needs `{key}`, {}", wanted(kind));
        self.missing(key, label, format!("add `{key} = {}`", kind.example()), parent);
    }

    /// The same with words of one's own beside the place and as help.
    pub fn missing(&mut self, key: &'static str, label: String, help: String, parent: OriginId) {
        if self.extends.is_some_and(|extends| self.is_reported(extends)) {
            return;
        }
        let origin = self.origins.get(parent);
        let span = origin.key.map_or(origin.span, |key| if key.file == origin.span.file { origin.span } else { key });
        let diagnostic = Diagnostic::error("missing-key", format!("`{key}` is missing")).at(span, label).help(help);
        self.report.push(diagnostic);
    }

    /// The message for a value of another type than its key takes.
    pub fn wrong_type(&self, kind: &Kind, value: &Value, span: Span) -> Diagnostic {
        let found = match value {
            Value::String(text) => format!("`{text}`"),
            value => value.describe().to_owned(),
        };
        let title = format!("expected {}, found {found}", kind.what());
        Diagnostic::error("wrong-type", title).at(span, "").help(format!("write a value such as {}", kind.example()))
    }
}

impl<T: Shape> Member for Option<T> {
    const KIND: &'static Kind = T::KIND;
    const PRESENCE: Presence = Presence::Optional;

    fn member(node: Option<&Node>, _: &'static str, _: OriginId, decoder: &mut Decoder) -> Self {
        node.and_then(|node| T::decode(node, decoder))
    }
}

/// A value that may be left out, where more than its own table asks for it: what is there and wrong is not missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt<T> {
    /// It is not there.
    LeftOut,
    /// It is there, and a message says what is wrong with it.
    Wrong,
    /// It is there.
    Right(T),
}

impl<T> Attempt<T> {
    /// The value, where it is there and right.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Right(value) => Some(value),
            Self::LeftOut | Self::Wrong => None,
        }
    }
}

impl<T: Shape> Member for Attempt<T> {
    const KIND: &'static Kind = T::KIND;
    const PRESENCE: Presence = Presence::Optional;

    fn member(node: Option<&Node>, _: &'static str, _: OriginId, decoder: &mut Decoder) -> Self {
        match node {
            None => Self::LeftOut,
            Some(node) => T::decode(node, decoder).map_or(Self::Wrong, Self::Right),
        }
    }
}

impl<T: Shape> Shape for Vec<T> {
    const KIND: &'static Kind = &Kind::List(T::KIND);

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let Value::Array(items) = &node.value else { return None };
        let items = items.iter().filter(|item| item.as_str() != Some(PREVIOUS));
        Some(items.filter_map(|item| T::decode(item, decoder)).collect())
    }
}

impl<T: Shape> Member for Vec<T> {
    const KIND: &'static Kind = <Self as Shape>::KIND;
    const PRESENCE: Presence = Presence::Optional;

    fn member(node: Option<&Node>, _: &'static str, _: OriginId, decoder: &mut Decoder) -> Self {
        node.and_then(|node| Self::decode(node, decoder)).unwrap_or_default()
    }
}

/// A table or list that must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required<T>(pub T);

impl<T: Shape + Default> Member for Required<T> {
    const KIND: &'static Kind = T::KIND;
    const PRESENCE: Presence = Presence::Required;

    fn member(node: Option<&Node>, key: &'static str, parent: OriginId, decoder: &mut Decoder) -> Self {
        if node.is_none() {
            decoder.missing_key(key, T::KIND, parent);
        }
        Self(node.and_then(|node| T::decode(node, decoder)).unwrap_or_default())
    }
}

/// `false`, or a value: `pdb = false`, `pdb = { unavailable = 1 }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Switch<T> {
    /// It was switched off here.
    Off(OriginId),
    /// It was described.
    On(T),
}

impl<T: Shape> Shape for Switch<T> {
    const KIND: &'static Kind = &Kind::OneOf(&[T::KIND, &Kind::False]);

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Boolean(false) => Some(Self::Off(node.origin)),
            _ => T::decode(node, decoder).map(Self::On),
        }
    }
}

/// One node as a table with one entry: what a short form such as `"restricted"` means.
pub fn entry(node: Node, key: &'static str) -> Node {
    let origin = node.origin;
    let mut table = Table::default();
    table.insert(key.into(), node);
    Node { origin, value: Value::Table(table) }
}

fn wanted(kind: &Kind) -> String {
    match kind {
        Kind::Word { words, .. } => format!("one of \"{}\"", words.join("\", \"")),
        kind => kind.what(),
    }
}

fn may_be_wrong(node: &Node) -> bool {
    match &node.value {
        Value::Invalid => true,
        Value::String(text) => expression::may_be_in(text),
        Value::Table(table) => table.values().any(may_be_wrong),
        Value::Array(items) => items.iter().any(may_be_wrong),
        _ => false,
    }
}
