//! Checks one layer against its declarations, expands short forms and reports everything that does not fit.

use super::aliases;
use super::kind::{Expressions, KeyForm, Kind, MapForm, Short, TableForm, TextForm};
use crate::diagnostic::{Diagnostic, Report};
use crate::document::checking::Checking;
use crate::document::{Node, OriginId, Origins, Table, Value};
use crate::source::{Sources, Span};
use crate::value::{Invalid, nearest};

/// Walks a layer. What does not fit is reported, and replaced by [`Value::Invalid`] or left out, so that no later stage says it again.
pub struct Checker<'a> {
    /// All texts.
    pub sources: &'a Sources,
    /// All places.
    pub origins: &'a Origins,
    /// What was found.
    pub report: &'a mut Report,
    path: Vec<OriginId>,
    tables: Vec<&'static TableForm>,
}

impl<'a> Checker<'a> {
    /// A checker that writes to `report`.
    pub fn new(sources: &'a Sources, origins: &'a Origins, report: &'a mut Report) -> Self {
        Self { sources, origins, report, path: Vec::new(), tables: Vec::new() }
    }

    /// Checks a value, and what is below it, and brings it into its long form.
    pub fn check(&mut self, node: &mut Node, kind: &'static Kind) {
        if let Value::Untyped(text) = &node.value {
            let text = text.clone();
            match typed(&text, kind) {
                Some(value) => node.value = value,
                None => return self.wrong_type(node, kind),
            }
        }
        match (kind, &mut node.value) {
            (_, Value::Invalid) => {}
            (Kind::Table(form), _) => self.check_table(node, form, kind),
            (Kind::Map(form), _) => self.check_map(node, form, kind),
            (Kind::List(item), Value::Array(items)) => self.check_list(items, item),
            (Kind::OneOf(kinds), value) => match kinds.iter().find(|kind| kind.takes(value)) {
                Some(kind) => self.check(node, kind),
                None => self.wrong_type(node, kind),
            },
            (Kind::Text(form), _) => self.check_text(node, form, kind),
            (Kind::Word { what, words }, Value::String(text)) => {
                if !words.contains(&&**text) && !text.contains("{{") {
                    let diagnostic = unknown_word(what, words, text, self.origins.get(node.origin).span);
                    self.reject(node, diagnostic);
                }
            }
            (Kind::Integer { what, minimum, maximum }, Value::Integer(number, _)) => {
                if *number < *minimum || *number > *maximum {
                    let span = self.origins.get(node.origin).span;
                    let diagnostic = out_of_range(what, *number, *minimum, *maximum, span);
                    self.reject(node, diagnostic);
                }
            }
            (kind, value) if kind.takes(value) => {}
            _ => self.wrong_type(node, kind),
        }
    }

    fn check_table(&mut self, node: &mut Node, form: &'static TableForm, kind: &'static Kind) {
        self.expand(node, form.short.as_ref(), kind);
        let origin = node.origin;
        let Some(table) = node.as_table_mut() else { return };
        self.tables.push(form);
        let mut unknown = Vec::new();
        for (name, child) in table.iter_mut() {
            match form.key(name) {
                Some(key) => {
                    self.path.push(child.origin);
                    self.check(child, key.kind);
                    self.path.pop();
                }
                None => unknown.push((name.clone(), child.origin)),
            }
        }
        if !unknown.is_empty() {
            for (name, at) in &unknown {
                let child = table.shift_remove(name).expect("the key was found in this table");
                self.unknown_key(form, name, &child, *at, table, origin);
            }
        }
        self.check_exclusive(form, table);
        for rewrite in form.includes.iter().chain([&form]).filter_map(|form| form.rewrite) {
            rewrite(table, &mut self.checking());
        }
        self.tables.pop();
    }

    /// What a rewrite gets to see.
    fn checking(&mut self) -> Checking<'_> {
        Checking { sources: self.sources, origins: self.origins, report: self.report }
    }

    /// Makes a table of a short form.
    fn expand(&mut self, node: &mut Node, short: Option<&Short>, kind: &'static Kind) {
        match short {
            _ if node.as_table().is_some() => {}
            Some(short) if short.kind.takes(&node.value) => {
                self.check(node, short.kind);
                if !matches!(node.value, Value::Invalid) {
                    let written = std::mem::replace(node, Node { origin: node.origin, value: Value::Invalid });
                    *node = (short.expand)(written);
                }
            }
            _ => self.wrong_type(node, kind),
        }
    }

    fn check_map(&mut self, node: &mut Node, form: &'static MapForm, kind: &'static Kind) {
        self.expand(node, form.short.as_ref(), kind);
        let Some(table) = node.as_table_mut() else { return };
        let mut rejected = Vec::new();
        if let Kind::Table(value) = form.value
            && value.short.is_none()
            && let Some(first) =
                table.iter().find(|(name, child)| value.key(name).is_some() && child.as_table().is_none())
        {
            let origin = first.1.origin;
            self.missing_name(value, first.0, origin);
            table.retain(|_, child| child.as_table().is_some());
        }
        for (name, child) in table.iter_mut() {
            if let Err(invalid) = (form.key.check)(name) {
                rejected.push(name.clone());
                let span = self.key_span(child.origin);
                self.report.push(invalid_value("bad-name", invalid, span, self.sources));
                continue;
            }
            self.path.push(child.origin);
            self.check(child, form.value);
            self.path.pop();
        }
        for name in rejected {
            table.shift_remove(&name);
        }
    }

    fn check_list(&mut self, items: &mut [Node], kind: &'static Kind) {
        for item in items {
            if item.as_str() != Some(PREVIOUS) {
                self.check(item, kind);
            }
        }
    }

    fn check_text(&mut self, node: &mut Node, form: &'static TextForm, kind: &'static Kind) {
        let span = self.origins.get(node.origin).span;
        match &node.value {
            Value::String(text) => {
                if form.expressions == Expressions::Evaluated && text.contains("{{") {
                    return;
                }
                if let Err(invalid) = (form.check)(text) {
                    let diagnostic = invalid_value("bad-value", invalid, span, self.sources);
                    self.reject(node, diagnostic);
                }
            }
            other => match other.bare().and_then(form.bare) {
                None => self.wrong_type(node, kind),
                Some(Err(invalid)) => {
                    let diagnostic = invalid_value("bad-value", invalid, span, self.sources);
                    self.reject(node, diagnostic);
                }
                Some(Ok(text)) => {
                    node.value = Value::String(text);
                    self.check_text(node, form, kind);
                }
            },
        }
    }

    /// Of each group of exclusive keys, one layer may write one.
    fn check_exclusive(&mut self, form: &'static TableForm, table: &mut Table) {
        for group in form.exclusive_groups() {
            let mut present = group.iter().filter_map(|path| Some((*path, find(table, path)?)));
            let Some((first, first_origin)) = present.next() else { continue };
            let Some((second, second_origin)) = present.next() else { continue };
            let diagnostic =
                Diagnostic::error("exclusive-keys", format!("`{first}` and `{second}` exclude each other"))
                    .at(self.key_span(second_origin), "only one of the two may stand here")
                    .at(self.key_span(first_origin), "the other one")
                    .help(format!("remove `{first}` or `{second}`"));
            self.report.push(diagnostic);
        }
    }

    /// Reports `diagnostic` and makes the value one about which nothing more is said.
    pub fn reject(&mut self, node: &mut Node, diagnostic: Diagnostic) {
        self.report.push(diagnostic);
        node.value = Value::Invalid;
    }

    fn wrong_type(&mut self, node: &mut Node, kind: &'static Kind) {
        let span = self.origins.get(node.origin).span;
        let key = self.key_text();
        let title = match key.as_str() {
            "" => format!("expected {}, found {}", kind.what(), node.value.describe()),
            key => format!("`{key}` takes {}, not {}", kind.what(), node.value.describe()),
        };
        let mut diagnostic = Diagnostic::error("wrong-type", title).at(span, "");
        let own_key = self.path.last().map(|origin| self.sources.text(self.key_span(*origin)).to_owned());
        if let Some(help) = aliases::mistaken(kind, own_key.as_deref().unwrap_or_default(), &node.value) {
            diagnostic = diagnostic.help(help);
        }
        self.reject(node, diagnostic);
    }

    fn unknown_key(
        &mut self,
        form: &'static TableForm,
        name: &str,
        child: &Node,
        at: OriginId,
        beside: &Table,
        table: OriginId,
    ) {
        let span = self.key_span(at);
        let place = self.key_text();
        let place = if place.is_empty() { "the stack file".to_owned() } else { format!("`{place}`") };
        let mut diagnostic = Diagnostic::error("unknown-key", format!("`{name}` is not a key of {place}")).at(span, "");
        let keys = form.all_keys();
        if let Some(alias) = aliases::find(form, name, child, beside) {
            diagnostic = diagnostic.help(alias);
        } else if let Some(near) = nearest(name, keys.iter().map(|key| key.name)) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?")).fix(span, near);
        } else if let Some(help) = self.key_of_outer_table(name, table) {
            diagnostic = diagnostic.help(help);
        } else {
            diagnostic = diagnostic.help(known_keys(&keys));
        }
        self.report.push(diagnostic);
    }

    /// `replicas` below `[api.web.probes.live]`: it belongs to `[api.web]`.
    fn key_of_outer_table(&self, name: &str, _table: OriginId) -> Option<String> {
        let depth = self.tables.len().checked_sub(1)?;
        let outer = self.tables[..depth].iter().rposition(|form| form.key(name).is_some())?;
        let form = self.tables[outer];
        Some(format!("`{name}` is a key of the {} above: move it up, before the first line of this table", form.name))
    }

    fn missing_name(&mut self, form: &'static TableForm, key: &str, origin: OriginId) {
        let table = self.key_text();
        let span = self.path.last().map_or_else(|| self.key_span(origin), |at| self.origins.get(*at).span);
        let diagnostic = Diagnostic::error("missing-name", format!("`[{table}]` has no name"))
            .at(span, format!("`{key}` belongs to one {}", form.name))
            .help(format!("name it: write `[{table}.web]`, with the name that it shall have in the cluster"));
        self.report.push(diagnostic);
    }

    /// The place of a key; of the value where there is none.
    pub fn key_span(&self, origin: OriginId) -> Span {
        let origin = self.origins.get(origin);
        origin.key.unwrap_or(origin.span)
    }

    /// The path of the value at hand as the user would write it: `api.web.probes.live`.
    pub fn key_text(&self) -> String {
        let mut text = String::new();
        for origin in &self.path {
            if let Some(key) = self.origins.get(*origin).key {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(self.sources.text(key));
            }
        }
        text
    }

    /// The declarations of the tables around the value at hand, the outermost first.
    pub fn tables(&self) -> &[&'static TableForm] {
        &self.tables
    }
}

/// The element of a list that stands for what lower layers put there.
pub const PREVIOUS: &str = "...";

/// The origin of the value at a dotted path.
pub fn find(table: &Table, path: &str) -> Option<OriginId> {
    match path.split_once('.') {
        None => table.get(path).map(|node| node.origin),
        Some((first, rest)) => find(table.get(first)?.as_table()?, rest),
    }
}

/// Reads the VALUE of `--set` as the type of its key demands.
fn typed(text: &str, kind: &Kind) -> Option<Value> {
    match kind {
        Kind::Boolean => text.parse().ok().map(Value::Boolean),
        Kind::True | Kind::False => text.parse().ok().map(Value::Boolean).filter(|value| kind.takes(value)),
        Kind::Integer { .. } if text.contains("{{") => Some(Value::String(text.into())),
        Kind::Integer { .. } => text.parse().ok().map(|number| Value::Integer(number, text.into())),
        Kind::Text(_) | Kind::Word { .. } => Some(Value::String(text.into())),
        Kind::Table(form) => typed(text, form.short.as_ref()?.kind),
        Kind::OneOf(kinds) => kinds.iter().find_map(|kind| typed(text, kind)),
        Kind::List(_) | Kind::Map(_) => None,
    }
}

/// The message for a text that is none of the words.
pub fn unknown_word(what: &str, words: &[&str], text: &str, span: Span) -> Diagnostic {
    let all = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    let diagnostic = Diagnostic::error("bad-value", format!("`{text}` is not {what}")).at(span, "");
    match nearest(text, words.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean \"{near}\"?")).fix(span, format!("\"{near}\"")),
        None => diagnostic.help(format!("write one of {all}")),
    }
}

/// The message for a whole number out of its range.
pub fn out_of_range(what: &str, number: i64, minimum: i64, maximum: i64, span: Span) -> Diagnostic {
    let range = match (minimum, maximum) {
        (minimum, i64::MAX | 0x7fff_ffff) => format!("write {minimum} or more"),
        (minimum, maximum) => format!("write a number from {minimum} to {maximum}"),
    };
    Diagnostic::error("bad-value", format!("{number} is not {what}")).at(span, "").help(range)
}

/// The message for a text that its type refuses; points into the text where the type says where.
pub fn invalid_value(code: &'static str, invalid: Invalid, span: Span, sources: &Sources) -> Diagnostic {
    let written = sources.text(span);
    let place = invalid.at.clone().map_or(span, |at| part_of_text(span, at, sources));
    let mut diagnostic = Diagnostic::error(code, invalid.title).at(place, "");
    diagnostic.help = invalid.help;
    if let Some(replacement) = invalid.replacement {
        let bare = !written.starts_with(['"', '\'']) && code == "bad-name";
        let text = if bare { replacement } else { format!("\"{replacement}\"") };
        diagnostic = diagnostic.fix(span, text);
    }
    diagnostic
}

/// The place of a part of a text's content; of the whole text where it is not spelled as it reads.
pub fn part_of_text(span: Span, part: std::ops::Range<usize>, sources: &Sources) -> Span {
    let written = sources.text(span);
    let quoted = written.starts_with(['"', '\'']) && !written.starts_with("\"\"\"") && !written.starts_with("'''");
    match quoted && !written.contains('\\') {
        true => span.part(part.start + 1..part.end + 1),
        false => span,
    }
}

fn known_keys(keys: &[&KeyForm]) -> String {
    let names: Vec<_> = keys.iter().map(|key| key.name).collect();
    format!("its keys are {}", names.join(", "))
}
