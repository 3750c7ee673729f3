//! What was written: TOML as a tree in which every value knows its place, its layer and what it replaced.

mod ordered;
pub mod expression;
pub mod path;
pub mod inline;
pub mod checking;
pub mod parse;

pub use ordered::Ordered;
pub use path::quoted;

use crate::source::Span;
use crate::value::Bare;

/// A layer of the configuration: the base, a profile, the stack, an overlay, `--set`. An index into a list of layers; later ones win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerId(pub u16);

/// Where a value came from: an index into [`Origins`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OriginId(pub u32);

/// What happened at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A value was written.
    Set,
    /// A value was removed by `unset`.
    Unset,
}

/// One writing of a value.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    /// In which layer.
    pub layer: LayerId,
    /// The key, where the value stands under one.
    pub key: Option<Span>,
    /// The value itself; for a table with a header, the header.
    pub span: Span,
    /// Whether it was written or removed.
    pub act: Act,
    /// What this writing replaced, the newest first.
    pub replaced: Option<OriginId>,
}

/// Every writing of every value of a run. Ids stay valid; nothing is removed.
#[derive(Debug, Default)]
pub struct Origins {
    all: Vec<Origin>,
}

/// How many bytes a text has for each value in it, at least as a rule.
const BYTES_PER_VALUE: usize = 12;

impl Origins {
    /// Makes room for the values of a text of so many bytes, so that what is known already is seldom moved.
    pub fn expect_text(&mut self, bytes: usize) {
        self.all.reserve(bytes / BYTES_PER_VALUE);
    }

    /// Remembers a writing.
    pub fn add(&mut self, origin: Origin) -> OriginId {
        let id = OriginId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(origin);
        id
    }

    /// Takes over the writings of others, none of which replaced another; gives how many there were before.
    pub(crate) fn append(&mut self, mut others: Origins) -> u32 {
        let before = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.append(&mut others.all);
        before
    }

    /// The writing with this id.
    pub fn get(&self, id: OriginId) -> &Origin {
        &self.all[id.0 as usize]
    }

    /// The writing `new` with `old` and its history behind its own. It gets an id of its own, because one writing can stand
    /// in several places (a short form, a template that two components take over) and replace something else in each.
    #[must_use]
    pub fn replace(&mut self, new: OriginId, old: OriginId) -> OriginId {
        if new != old && self.get(new).replaced.is_none() {
            return self.add(Origin { replaced: Some(old), ..*self.get(new) });
        }
        let mut chain = Vec::new();
        let mut next = Some(new);
        while let Some(id) = next {
            if id == old {
                return new;
            }
            chain.push(*self.get(id));
            next = self.get(id).replaced;
        }
        let behind = |behind, origin| self.add(Origin { replaced: Some(behind), ..origin });
        chain.into_iter().rev().fold(old, behind)
    }

    /// This writing and those that it replaced, the newest first.
    pub fn history(&self, id: OriginId) -> impl Iterator<Item = &Origin> {
        std::iter::successors(Some(self.get(id)), |origin| origin.replaced.map(|older| self.get(older)))
    }

    /// All of them, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Origin> {
        self.all.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// A table in the order in which its keys were written.
pub type Table = Ordered<Box<str>, Node>;

/// A value with its origin.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it was written.
    pub origin: OriginId,
    /// What was written.
    pub value: Value,
}

/// A TOML value.
#[derive(Debug, Clone)]
pub enum Value {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number with its spelling (`0x1F`, `1_000`).
    Integer(i64, Box<str>),
    /// Any other number, as it was spelled.
    Float(Box<str>),
    /// A text, without its quotes and escapes.
    String(Box<str>),
    /// A date or a time, as it was spelled.
    Date(Box<str>),
    /// `[a, b]` or `[[name]]`.
    Array(Vec<Node>),
    /// `{ a = 1 }`, `[name]` or dotted keys.
    Table(Table),
    /// The VALUE of `--set`, which the type of its key will read.
    Untyped(Box<str>),
    /// Something that was reported as wrong; nothing more is said about it.
    Invalid,
}

impl Value {
    /// The type in words for messages: "a text", "a whole number", …
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Boolean(true) => "true",
            Self::Boolean(false) => "false",
            Self::Integer(..) => "a whole number",
            Self::Float(_) => "a number",
            Self::String(_) | Self::Untyped(_) => "a text",
            Self::Date(_) => "a date",
            Self::Array(_) => "a list",
            Self::Table(_) => "a table",
            Self::Invalid => "nothing usable",
        }
    }
}

impl Value {
    /// The value without quotes, where it is such a one.
    pub fn bare(&self) -> Option<Bare<'_>> {
        match self {
            Self::Boolean(value) => Some(Bare::Boolean(*value)),
            Self::Integer(number, text) => Some(Bare::Integer(*number, text)),
            Self::Float(text) => Some(Bare::Float(text)),
            Self::Date(text) => Some(Bare::Date(text)),
            _ => None,
        }
    }
}

impl Node {
    /// The table, where it is one.
    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The table, where it is one, to change it.
    pub fn as_table_mut(&mut self) -> Option<&mut Table> {
        match &mut self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The entry of a table, where it is one and has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_table()?.get(key)
    }

    /// Follows keys through tables.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }
}
