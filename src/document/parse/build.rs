//! The tree of the TOML reader to nodes with origins.

use super::{MAXIMUM_DEPTH, MAXIMUM_MESSAGES, too_deep};
use crate::diagnostic::Diagnostic;
use crate::document::{Act, LayerId, Node, Origin, Origins, Table, Value};
use crate::source::{FileId, Span};
use crate::value::place;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeFloat, DeInteger, DeTable, DeValue};

/// Builds the nodes of a document that begins at this byte of its file; what is wrong with single values comes back beside them,
/// sorted by place.
pub fn build(
    document: DeTable<'_>,
    text: &str,
    start: usize,
    file: FileId,
    layer: LayerId,
    origins: &mut Origins,
) -> (Node, Vec<Diagnostic>) {
    origins.expect_text(text.len());
    let mut builder = Builder { text, start, file, layer, origins, problems: Vec::new() };
    let origin = builder.origin(None, first_statement(text));
    let root = Node { origin, value: builder.table(document, 0) };
    let mut problems = builder.problems;
    problems.sort_by_key(Diagnostic::place);
    (root, problems)
}

/// The line on which a document begins to say something; that is where the whole of it stands.
fn first_statement(text: &str) -> Range<usize> {
    let says = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    text.lines().find(says).map_or(0..0, |line| place(line.trim(), text))
}

struct Builder<'a> {
    text: &'a str,
    start: usize,
    file: FileId,
    layer: LayerId,
    origins: &'a mut Origins,
    problems: Vec<Diagnostic>,
}

impl Builder<'_> {
    fn origin(&mut self, key: Option<Range<usize>>, place: Range<usize>) -> crate::document::OriginId {
        self.origins.add(Origin {
            layer: self.layer,
            key: key.map(|bytes| self.span(bytes)),
            span: self.span(place),
            act: Act::Set,
            replaced: None,
        })
    }

    /// A place in the file.
    fn span(&self, bytes: Range<usize>) -> Span {
        Span::new(self.file, self.start + bytes.start..self.start + bytes.end)
    }

    fn table(&mut self, entries: DeTable<'_>, depth: usize) -> Value {
        let mut table = Table::with_capacity(entries.len());
        for (key, value) in entries {
            let place = key.span();
            table.insert(Box::from(key.into_inner()), self.node(Some(place), value, depth + 1));
        }
        Value::Table(table)
    }

    /// `depth` counts the values around this one, itself included.
    fn node(&mut self, key: Option<Range<usize>>, value: Spanned<DeValue<'_>>, depth: usize) -> Node {
        let bytes = value.span();
        let value = value.into_inner();
        let place = if has_header(&value, &bytes, self.text) { key_path(self.text, &bytes) } else { bytes.clone() };
        let origin = self.origin(key, place.clone());
        let value = match value {
            DeValue::Table(_) | DeValue::Array(_) if depth > MAXIMUM_DEPTH => self.refuse(value, place),
            DeValue::Table(entries) => self.table(entries, depth),
            DeValue::Array(items) => Value::Array(self.items(items, depth)),
            DeValue::String(text) => Value::String(Box::from(text)),
            DeValue::Boolean(value) => Value::Boolean(value),
            DeValue::Datetime(_) => Value::Date(Box::from(&self.text[bytes])),
            DeValue::Integer(integer) => self.integer(&integer, bytes),
            DeValue::Float(float) => self.float(&float, bytes),
        };
        Node { origin, value }
    }

    fn items(&mut self, items: DeArray<'_>, depth: usize) -> Vec<Node> {
        items.into_iter().map(|item| self.node(None, item, depth + 1)).collect()
    }

    fn integer(&mut self, integer: &DeInteger<'_>, bytes: Range<usize>) -> Value {
        let spelling = &self.text[bytes.clone()];
        // The reader hands over digits without their prefix and does not look at their size.
        match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(value) => Value::Integer(value, Box::from(spelling)),
            Err(_) if integer.as_str().is_empty() => {
                let problem = Diagnostic::error("bad-number", format!("`{spelling}` has no digits"));
                self.wrong(problem, bytes, "digits are missing", "add the digits, or put it between quotes as a text")
            }
            Err(_) => {
                let problem = Diagnostic::error("number-range", format!("`{spelling}` is too large a number"));
                let label = "whole numbers go from -9223372036854775808 to 9223372036854775807";
                self.wrong(problem, bytes, label, "write a number in that range, or put it between quotes as a text")
            }
        }
    }

    fn float(&mut self, float: &DeFloat<'_>, bytes: Range<usize>) -> Value {
        let spelling = &self.text[bytes.clone()];
        let infinite = float.as_str().parse::<f64>().is_ok_and(f64::is_infinite);
        if infinite && !spelling.ends_with("inf") {
            let problem = Diagnostic::error("number-range", format!("`{spelling}` is too large a number"));
            let help = "write a number below 1.8e308, or put it between quotes as a text";
            return self.wrong(problem, bytes, "no 64-bit number is that large", help);
        }
        Value::Float(Box::from(spelling))
    }

    fn wrong(&mut self, problem: Diagnostic, bytes: Range<usize>, label: &str, help: &str) -> Value {
        self.report(problem.at(self.span(bytes), label).help(help))
    }

    fn refuse(&mut self, value: DeValue<'_>, place: Range<usize>) -> Value {
        discard(value);
        self.report(too_deep(self.span(place)))
    }

    fn report(&mut self, problem: Diagnostic) -> Value {
        if self.problems.len() <= MAXIMUM_MESSAGES {
            self.problems.push(problem);
        }
        Value::Invalid
    }
}

/// Takes a value apart without recursion: dropping thousands of nested ones would overflow the stack.
pub fn discard(value: DeValue<'_>) {
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        match value {
            DeValue::Table(entries) => rest.extend(entries.into_iter().map(|(_, value)| value.into_inner())),
            DeValue::Array(items) => rest.extend(items.into_iter().map(Spanned::into_inner)),
            _ => {}
        }
    }
}

/// Whether the place of a value is a header: the reader then says where the header stands, brackets included.
fn has_header(value: &DeValue<'_>, bytes: &Range<usize>, text: &str) -> bool {
    match value {
        DeValue::Table(_) => text.as_bytes().get(bytes.start) == Some(&b'['),
        // The list of `[[name]]` has the place of its first entry; a list between brackets begins before its entries.
        DeValue::Array(items) => {
            items.iter().next().is_some_and(|first| first.get_ref().is_table() && first.span() == *bytes)
        }
        _ => false,
    }
}

/// The key path inside the brackets of a header; the header itself where a bracket is missing.
fn key_path(text: &str, header: &Range<usize>) -> Range<usize> {
    let brackets = if text[header.clone()].starts_with("[[") { 2 } else { 1 };
    let Some(inner) = text.get(header.start + brackets..header.end.saturating_sub(brackets)) else {
        return header.clone();
    };
    let start = header.start + brackets + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}
