//! One writing of a value, as a person finds it again: layer, file, line.

use super::secrecy::{Secrecy, line};
use crate::bundle::{Causes, Field};
use crate::component::patch::{Fields, PatchPlan};
use crate::document::{Act, Node, Origin, OriginId, Origins, Value};
use crate::profile::Layer;
use crate::source::{ARGUMENT, Sources, Span};
use std::collections::BTreeMap;

/// One writing of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// Whether a value was written or removed.
    pub act: Act,
    /// The layer, as the user would name it: `stack.toml`, `profile k3d`, `[profile.cloud]`, `--set`.
    pub layer: String,
    /// The name of the `[patch]` that wrote it.
    pub patch: Option<String>,
    /// The text that it stands in.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// That line, without the blanks around it and without values of Secrets.
    pub source: String,
    /// Where the writing begins in `source`, in bytes.
    pub at: usize,
    /// What was written, with its key, on one line: `port = "80:3000"`.
    pub text: String,
}

/// Finds writings.
pub struct Writings<'a> {
    origins: &'a Origins,
    sources: &'a Sources,
    layers: &'a [Layer],
    secrecy: Secrecy,
    /// The places of what patches write.
    patches: BTreeMap<Span, String>,
}

impl<'a> Writings<'a> {
    /// Finds them among these texts.
    pub fn new(origins: &'a Origins, sources: &'a Sources, layers: &'a [Layer], secrecy: Secrecy) -> Self {
        Self { origins, sources, layers, secrecy, patches: BTreeMap::new() }
    }

    /// Notes what a patch writes.
    pub fn note_patch(&mut self, plan: &PatchPlan, causes: &Causes) {
        let mut ids = Vec::new();
        if let Some(Fields(node)) = &plan.set {
            origins_of_node(node, &mut ids);
        }
        if let Some(field) = &plan.yaml {
            origins_of_field(field, causes, &mut ids);
        }
        let name = plan.name.value.to_string();
        for origin in ids.into_iter().flat_map(|id| self.origins.history(id)) {
            self.patches.entry(origin.span).or_insert_with(|| name.clone());
        }
    }

    /// This writing and those that it replaced, the newest first; `words` are not shown.
    pub fn history(&self, id: OriginId, words: &[String]) -> Vec<Writing> {
        let mut all: Vec<Writing> = Vec::new();
        let mut before: Option<(Span, Act)> = None;
        for origin in self.origins.history(id) {
            // a short form is one writing of several values
            if before.replace((origin.span, origin.act)) != Some((origin.span, origin.act)) {
                all.push(self.writing(origin, words));
            }
        }
        all
    }

    /// What stands at the value itself, without quotes; empty where it is no single word.
    pub fn value(&self, id: OriginId) -> &'a str {
        unquoted(self.sources.text(self.origins.get(id).span))
    }

    /// The key of the value, without quotes; none for an item of a list.
    pub fn key(&self, id: OriginId) -> Option<&'a str> {
        self.origins.get(id).key.map(|key| unquoted(self.sources.text(key)))
    }

    fn writing(&self, origin: &Origin, words: &[String]) -> Writing {
        let file = self.sources.file(origin.span.file);
        let (number, column) = file.line_column(origin.span.start as usize);
        let (source, at) = self.secrecy.show(line(origin.span, self.sources), origin.span.start, words, self.sources);
        let layer = self.layers.get(usize::from(origin.layer.0)).map_or("", |layer| &layer.name);
        // the layer of an argument is called like the whole of it, and may hold a secret
        let layer = if file.name == ARGUMENT { ARGUMENT } else { layer };
        Writing {
            act: origin.act,
            layer: layer.to_owned(),
            patch: self.patches.get(&origin.span).cloned(),
            file: file.name.clone(),
            line: number,
            column,
            source,
            at,
            text: self.text(origin, words),
        }
    }

    /// The key and the value, to the end of their first line; a header with its brackets.
    fn text(&self, origin: &Origin, words: &[String]) -> String {
        let Span { file, start, end } = origin.span;
        let text = &self.sources.file(file).text;
        let is_header = text.as_bytes().get(start as usize).is_some() && text[..start as usize].ends_with('[');
        let starts_at_key = |key: &Span| key.file == file && key.end <= start && !text[key.bytes()].contains('\n');
        let whole = match origin.key {
            _ if is_header && self.is_alone(origin.span) => Span { file, start: start - 1, end: end + 1 },
            Some(key)
                if starts_at_key(&key)
                    && !self.sources.text(Span { start: key.end, end: start, file }).contains(['\n', ']']) =>
            {
                Span { file, start: key.start, end }
            }
            _ => origin.span,
        };
        let shown = self.sources.text(whole);
        let first = shown.find('\n').map_or(shown.len(), |at| at);
        let part = whole.part(0..first);
        let (mut shown, _) = self.secrecy.show(part, part.start, words, self.sources);
        if part != whole {
            shown.truncate(shown.trim_end().len());
            shown.push_str(" …");
        }
        shown
    }

    /// Whether brackets stand around a place, and nothing else before them on the line.
    fn is_alone(&self, span: Span) -> bool {
        let line = line(span, self.sources);
        line.start + 1 == span.start
            && self.sources.file(span.file).text.as_bytes().get(span.end as usize) == Some(&b']')
    }
}

fn origins_of_node(node: &Node, ids: &mut Vec<OriginId>) {
    ids.push(node.origin);
    match &node.value {
        Value::Table(table) => table.values().for_each(|child| origins_of_node(child, ids)),
        Value::Array(items) => items.iter().for_each(|item| origins_of_node(item, ids)),
        _ => {}
    }
}

fn origins_of_field(field: &Field, causes: &Causes, ids: &mut Vec<OriginId>) {
    ids.extend(causes.origins(field.cause));
    field.entries().iter().for_each(|(_, entry)| origins_of_field(entry, causes, ids));
    field.items().iter().for_each(|item| origins_of_field(item, causes, ids));
}

fn unquoted(text: &str) -> &str {
    for quote in ["'''", "\"\"\"", "'", "\""] {
        if let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            // the line break behind three quotes is not part of the text
            return if quote.len() == 3 { inner.strip_prefix('\n').unwrap_or(inner) } else { inner };
        }
    }
    text
}
