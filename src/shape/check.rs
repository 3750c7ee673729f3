//! Checks one layer against its declarations, expands short forms and reports everything that does not fit.

mod swallowed;
mod unknown;

use super::aliases;
use super::around::{Around, COMPONENTS};
use super::kind::{Expressions, Kind, MapForm, Short, TableForm, TextForm};
use super::mistake::{Range, invalid_value, out_of_range, part_of_text, unknown_word};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::document::checking::Checking;
use crate::document::expression::{self, Malformed};
use crate::document::path::quoted;
use crate::document::{Node, OriginId, Origins, Table, Value};
use crate::source::{Sources, Span};
use std::collections::BTreeSet;
use swallowed::{Swallowed, lacking};

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
    /// Of each of these tables the keys that it needs and does not have.
    lacking: Vec<Vec<&'static str>>,
    /// Such keys that a table below has swallowed.
    swallowed: Vec<Swallowed>,
    /// The component at hand.
    around: Option<Around>,
    /// The configs and secrets of the layer, as `env-from` names them.
    sources_of_env: Vec<String>,
}

impl<'a> Checker<'a> {
    /// A checker that writes to `report`.
    pub fn new(sources: &'a Sources, origins: &'a Origins, report: &'a mut Report) -> Self {
        Self {
            sources,
            origins,
            report,
            path: Vec::new(),
            tables: Vec::new(),
            lacking: Vec::new(),
            swallowed: Vec::new(),
            around: None,
            sources_of_env: Vec::new(),
        }
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
        if let Some(malformed) = malformed_expressions(&node.value, kind) {
            let span = self.origins.get(node.origin).span;
            for Malformed { title, range, help } in malformed {
                let place = part_of_text(span, range, self.sources);
                self.report.push(Diagnostic::error("bad-expression", title).at(place, "").help(help));
            }
            node.value = Value::Invalid;
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
            (Kind::Any, _) => self.check_any(node, kind),
            (Kind::Word { what, words }, Value::String(text)) => {
                if !words.contains(&&**text) && !text.contains("{{") {
                    let mut diagnostic = unknown_word(what, words, text, self.origins.get(node.origin).span);
                    diagnostic.help =
                        aliases::word(self.own_key(), text, words, self.around.as_ref()).or(diagnostic.help);
                    self.reject(node, diagnostic);
                }
            }
            (&Kind::Integer { what, minimum, maximum }, Value::Integer(number, _)) => {
                if *number < minimum || *number > maximum {
                    let span = self.origins.get(node.origin).span;
                    let range = Range { what, minimum, maximum };
                    let diagnostic = out_of_range(self.own_key(), *number, &range, span);
                    self.reject(node, diagnostic);
                }
            }
            (kind, value) if kind.takes(value) => {}
            _ => self.wrong_type(node, kind),
        }
    }

    fn check_table(&mut self, node: &mut Node, form: &'static TableForm, kind: &'static Kind) {
        self.expand(node, form.short.as_ref(), kind);
        let Some(table) = node.as_table_mut() else { return };
        self.tables.push(form);
        self.lacking.push(lacking(form, table));
        if self.path.is_empty() {
            self.sources_of_env = aliases::sources_of_env(table);
        }
        let is_component = COMPONENTS.contains(&form.name);
        if is_component {
            let keys = self.path.iter().map(|origin| self.sources.text(self.key_span(*origin)).into());
            self.around = Some(Around::new(form, table, keys.collect()));
        }
        let mut has_unknown = false;
        for (name, child) in table.iter_mut() {
            match form.key(name) {
                Some(key) => {
                    self.path.push(child.origin);
                    self.check(child, key.kind);
                    self.path.pop();
                }
                None => has_unknown = true,
            }
        }
        self.take_back(table);
        self.check_exclusive(form, table);
        if has_unknown {
            self.unknown_keys(form, table);
        }
        for rewrite in form.includes.iter().chain([&form]).filter_map(|form| form.rewrite) {
            rewrite(table, &mut self.checking());
        }
        if is_component {
            self.around = None;
        }
        self.lacking.pop();
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
        let layout = self.layout(node.origin);
        let Some(table) = node.as_table_mut() else { return };
        self.check_names(form, table, layout);
        let mut rejected = BTreeSet::new();
        for (name, child) in table.iter_mut() {
            if layout == Layout::Header && self.is_swallowed(form, name, child) {
                if self.swallowed_key(form, name, child) == Severity::Error {
                    rejected.insert(name.clone());
                    continue;
                }
            } else if let Err(invalid) = (form.key.check)(name) {
                rejected.insert(name.clone());
                let span = self.key_span(child.origin);
                self.report.push(invalid_value("bad-name", invalid, span, self.sources));
                continue;
            }
            self.path.push(child.origin);
            self.check(child, form.value);
            self.path.pop();
        }
        if !rejected.is_empty() {
            table.retain(|name, _| !rejected.contains(name));
        }
    }

    /// `[api]` with `image` in it has no name: its keys are those of one component.
    fn check_names(&mut self, form: &'static MapForm, table: &mut Table, layout: Layout) {
        let Kind::Table(value) = form.value else { return };
        let is_part = |name: &str, child: &Node| {
            let is_value = !matches!(child.value, Value::Table(_) | Value::Invalid);
            // what must be quoted, such as a mount's path, is no key of a component but a name without its table
            let is_word = quoted(name) == name;
            is_value
                && is_word
                && value.short.is_none()
                && !(layout == Layout::Header && self.is_swallowed(form, name, child))
        };
        if let Some((name, child)) = table.iter().find(|(name, child)| is_part(name, child)) {
            let (name, origin) = (name.clone(), child.origin);
            self.missing_name(form, value, &name, origin);
            table.retain(|name, child| child.as_table().is_some() && value.key(name).is_none());
        }
    }

    fn layout(&self, origin: OriginId) -> Layout {
        let span = self.origins.get(origin).span;
        let before = self.sources.file(span.file).text.get(..span.start as usize);
        let is_header = before.is_some_and(|before| before.trim_end_matches([' ', '\t']).ends_with('['));
        // `[{ a = 1 }]` has a bracket before it too
        let is_inline = self.sources.text(span).starts_with('{');
        if is_header && !is_inline { Layout::Header } else { Layout::Inline }
    }

    fn check_list(&mut self, items: &mut [Node], kind: &'static Kind) {
        for item in items {
            if item.as_str() != Some(PREVIOUS) {
                self.check(item, kind);
            }
        }
    }

    /// What objects cannot hold are dates, infinity and what is no number.
    fn check_any(&mut self, node: &mut Node, kind: &'static Kind) {
        let span = self.origins.get(node.origin).span;
        match &mut node.value {
            Value::Table(table) => {
                for child in table.values_mut() {
                    self.path.push(child.origin);
                    self.check(child, kind);
                    self.path.pop();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.check(item, kind)),
            Value::Date(text) => {
                let diagnostic = Diagnostic::error("bad-value", format!("`{text}` is a date, which no object holds"));
                let help = format!("quote it: `\"{text}\"`");
                let fix = format!("\"{text}\"");
                self.reject(node, diagnostic.at(span, "").help(help).sure_fix(span, fix));
            }
            Value::Float(text) if text.ends_with("inf") || text.ends_with("nan") => {
                let diagnostic =
                    Diagnostic::error("bad-value", format!("`{text}` is a number that no object can hold"));
                self.reject(node, diagnostic.at(span, "").help("write another number, or quote it where it is a text"));
            }
            _ => {}
        }
    }

    fn check_text(&mut self, node: &mut Node, form: &'static TextForm, kind: &'static Kind) {
        let span = self.origins.get(node.origin).span;
        match &node.value {
            Value::String(text) => {
                if form.expressions == Expressions::Evaluated && expression::may_be_in(text) {
                    return;
                }
                if let Err(invalid) = (form.check)(text) {
                    let invalid = aliases::amount(form, self.own_key(), text, invalid);
                    let invalid = aliases::source_of_env(self.own_key(), text, &self.sources_of_env, invalid);
                    let diagnostic = invalid_value("bad-value", invalid, span, self.sources);
                    self.reject(node, diagnostic);
                }
            }
            other => match other.bare().and_then(form.bare) {
                None => self.wrong_type(node, kind),
                Some(Err(invalid)) => {
                    let quoted = invalid.replacement.as_ref().map(|text| format!("\"{text}\""));
                    let diagnostic = invalid_value("bad-value", invalid, span, self.sources);
                    // Only its unit and its quotes are missing.
                    self.reject(
                        node,
                        match quoted {
                            Some(quoted) => diagnostic.sure_fix(span, quoted),
                            None => diagnostic,
                        },
                    );
                }
                // it stays what it is, so that `{{ }}` can calculate with it
                Some(Ok(text)) => {
                    if let Err(invalid) = (form.check)(&text) {
                        let diagnostic = invalid_value("bad-value", invalid, span, self.sources);
                        self.reject(node, diagnostic);
                    }
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

    /// The key under which the value at hand stands, as it is written; empty where there is none.
    fn own_key(&self) -> &'a str {
        self.path.last().map(|origin| self.sources.text(self.key_span(*origin))).unwrap_or_default()
    }

    fn wrong_type(&mut self, node: &mut Node, kind: &'static Kind) {
        let span = self.origins.get(node.origin).span;
        let key = self.key_text();
        let found = match &node.value {
            Value::Untyped(text) | Value::Float(text) => format!("`{text}`"),
            value => value.describe().to_owned(),
        };
        let title = match key.as_str() {
            "" => format!("expected {}, found {found}", kind.what()),
            key => match (kind, &node.value) {
                (Kind::List(item), value @ Value::Table(_)) if item.takes(value) => {
                    format!("`{key}` takes a list, and this is one item of it")
                }
                _ => format!("`{key}` takes {}, not {found}", kind.what()),
            },
        };
        let help = match (&node.value, kind) {
            (Value::Untyped(_), Kind::Integer { .. } | Kind::Boolean) => {
                format!("write such a value, as in `--set {key}={}`", kind.example())
            }
            (value, _) => aliases::mistaken(kind, self.own_key(), value, &self.tables),
        };
        let diagnostic = Diagnostic::error("wrong-type", title).at(span, "").help(help);
        let diagnostic = match aliases::requoted(kind, &node.value) {
            Some(same) => diagnostic.sure_fix(span, same),
            None => diagnostic,
        };
        self.reject(node, diagnostic);
    }

    fn missing_name(&mut self, map: &MapForm, form: &TableForm, key: &str, origin: OriginId) {
        let table = self.key_text();
        let place = self.path.last().map(|at| *self.origins.get(*at));
        let span = place.map_or_else(|| self.key_span(origin), |place| place.span);
        let key_span = self.key_span(origin);
        let (label, help) = match form.key(key) {
            Some(_) => (
                format!("`{key}` belongs to one {}", form.name),
                match quoted(map.key.example) {
                    std::borrow::Cow::Borrowed(_) => format!("write `[{table}.NAME]`, with a name of your choice"),
                    std::borrow::Cow::Owned(example) => format!("write `[{table}.{example}]`"),
                },
            ),
            None => ("this is not a table".to_owned(), format!("write `[{table}.{key}]`, and its keys below")),
        };
        let diagnostic = match form.key(key) {
            Some(_) => Diagnostic::error("missing-name", format!("`[{table}]` has no name"))
                .at(span, "a name is missing")
                .at(key_span, label),
            None => Diagnostic::error("missing-name", format!("`{table}.{key}` takes a table")).at(key_span, label),
        };
        self.report.push(diagnostic.help(help));
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
        Kind::Boolean | Kind::Integer { .. } if text.contains("{{") => Some(Value::String(text.into())),
        Kind::Boolean => text.parse().ok().map(Value::Boolean),
        Kind::True | Kind::False => text.parse().ok().map(Value::Boolean).filter(|value| kind.takes(value)),
        Kind::Integer { .. } => text.parse().ok().map(|number| Value::Integer(number, text.into())),
        Kind::Text(form) => Some(bare_word(text, form).unwrap_or_else(|| Value::String(text.into()))),
        // the field in which it ends will say
        Kind::Any => Some(Value::Untyped(text.into())),
        Kind::Word { .. } => Some(Value::String(text.into())),
        Kind::Table(form) => typed(text, form.short.as_ref()?.kind),
        Kind::OneOf(kinds) => kinds.iter().find_map(|kind| typed(text, kind)),
        Kind::List(_) | Kind::Map(_) => None,
    }
}

/// `true` and `3` of `--set` are what they would be in TOML without quotes, where the key takes such a value as text.
fn bare_word(text: &str, form: &TextForm) -> Option<Value> {
    let value = match (text.parse::<bool>(), text.parse::<i64>()) {
        (Ok(value), _) => Value::Boolean(value),
        (_, Ok(number)) if number.to_string() == text => Value::Integer(number, text.into()),
        _ => return None,
    };
    matches!(value.bare().and_then(form.bare), Some(Ok(same)) if *same == *text).then_some(value)
}

/// Expressions that are wrong whatever their names mean, so that they show in every layer, used or not.
fn malformed_expressions(value: &Value, kind: &Kind) -> Option<Vec<Malformed>> {
    let (Value::String(text) | Value::Untyped(text)) = value else { return None };
    let evaluated = match kind {
        Kind::Text(form) => form.expressions == Expressions::Evaluated,
        Kind::Word { .. } | Kind::Integer { .. } | Kind::Boolean | Kind::Any => true,
        _ => false,
    };
    if evaluated && expression::may_be_in(text) { expression::check(text).err() } else { None }
}

/// How a table was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// With a header, below which every line belongs to it.
    Header,
    /// Between braces, or by dotted keys.
    Inline,
}
