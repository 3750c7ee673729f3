//! Tables whose keys the user chooses.

use super::decode::{Decoder, Member, Shape};
use super::kind::{Expressions, Kind, MapForm, Presence, TableForm, TextForm};
use super::leaf::{Leaf, Written};
use crate::document::{Node, OriginId, Table, Value};
use crate::value::Scalar;

/// A table whose keys the user chose, in the order written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed<K, V> {
    /// Keys and values; the origin of a key is that of its entry.
    pub entries: Vec<(Written<K>, V)>,
    /// Where the table was written, where it was.
    pub origin: Option<OriginId>,
}

impl<K, V> Default for Keyed<K, V> {
    fn default() -> Self {
        Self { entries: Vec::new(), origin: None }
    }
}

impl<K, V> Keyed<K, V> {
    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries in the order written.
    pub fn iter(&self) -> std::slice::Iter<'_, (Written<K>, V)> {
        self.entries.iter()
    }
}

impl<K: Scalar, V: Shape> Keyed<K, V> {
    /// What a key is.
    pub const NAMES: &'static TextForm = &TextForm {
        what: K::WHAT,
        example: K::EXAMPLE,
        check: |text| K::parse(text).map(drop),
        bare: |_| None,
        expressions: Expressions::Verbatim,
    };
    /// What stands under each key.
    pub const VALUE: &'static Kind = V::KIND;

    /// The entries of a table whose keys it does not declare.
    pub fn others(table: &Table, form: &TableForm, decoder: &mut Decoder) -> Self {
        let others = table.iter().filter(|(name, _)| form.declared(name).is_none());
        Self { entries: decode_entries(others, decoder), origin: None }
    }
}

impl<K: Scalar, V: Shape> Shape for Keyed<K, V> {
    const KIND: &'static Kind = &Kind::Map(&MapForm { key: Self::NAMES, value: V::KIND, short: None });

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        Some(Self { entries: decode_entries(node.as_table()?.iter(), decoder), origin: Some(node.origin) })
    }
}

impl<K: Scalar, V: Shape> Member for Keyed<K, V> {
    const KIND: &'static Kind = <Self as Shape>::KIND;
    const PRESENCE: Presence = Presence::Optional;

    fn member(node: Option<&Node>, _: &'static str, _: OriginId, decoder: &mut Decoder) -> Self {
        let written = |node: &Node| {
            let nothing = Self { entries: Vec::new(), origin: Some(node.origin) };
            Self::decode(node, decoder).unwrap_or(nothing)
        };
        node.map(written).unwrap_or_default()
    }
}

fn decode_entries<'n, K: Scalar, V: Shape>(
    nodes: impl Iterator<Item = (impl AsRef<str>, &'n Node)>,
    decoder: &mut Decoder,
) -> Vec<(Written<K>, V)> {
    let mut entries = Vec::with_capacity(nodes.size_hint().0);
    for (name, child) in nodes {
        let value = V::decode(child, decoder);
        if let (Ok(key), Some(value)) = (<K as Leaf>::read(&Value::String(name.as_ref().into())), value) {
            entries.push((Written { value: key, origin: child.origin }, value));
        }
    }
    entries
}
