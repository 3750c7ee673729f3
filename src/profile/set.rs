//! `--set PATH=VALUE` as layers: each a text of its own, so that messages point into the argument.

use super::{Language, Role, Session};
use crate::diagnostic::Diagnostic;
use crate::document::{LayerId, Node, Table, Value, parse};
use crate::source::{FileId, Sources, Span};

/// One checked layer for each argument; `None` where one has no `=` or no path.
pub fn layers(session: &mut Session, arguments: &[String], language: &Language) -> Option<Vec<Node>> {
    let layers: Vec<_> = arguments.iter().map(|argument| layer(session, argument, language)).collect();
    layers.into_iter().collect()
}

fn layer(session: &mut Session, argument: &str, language: &Language) -> Option<Node> {
    let layer = session.layer(format!("--set {argument}"), Role::Stack);
    let Some(equals) = equals_sign(argument) else {
        let file = session.sources.add("--set", argument);
        let diagnostic = Diagnostic::error("bad-set", format!("`{argument}` has no `=`"))
            .at(Span::new(file, 0..argument.len()), "")
            .help("write `--set PATH=VALUE`, as in `--set vars.tag=1.2.3`");
        session.report.push(diagnostic);
        return None;
    };
    let value = argument[equals + 1..].trim_start();
    if value.starts_with(['[', '{'])
        && let Some(mut node) = structured(session, argument, layer)
    {
        session.check(&mut node, language.stack_kind);
        return Some(node);
    }
    let file = session.sources.add("--set", argument);
    let mut node = session.path_as_toml(&argument[..equals], file, layer)?;
    let span = Span::new(file, equals + 1..argument.len());
    replace_leaf(&mut node, &argument[equals + 1..], span, session);
    session.check(&mut node, language.stack_kind);
    Some(node)
}

impl Session {
    /// Reads a path as the TOML key that it is. The text that is parsed has no VALUE, which need not be TOML, but its
    /// offsets are those of the argument, so it stands under the same id in sources of its own.
    fn path_as_toml(&mut self, path: &str, file: FileId, layer: LayerId) -> Option<Node> {
        let scratch = Sources::default();
        for _ in 0..file.0 {
            scratch.add("", "");
        }
        scratch.add("--set", format!("{path}=0"));
        parse::parse(file, &scratch, layer, &mut self.origins, &mut self.report)
    }
}

/// A list or table as TOML; `None` where it is none, as in `--set vars.note=[draft]`.
fn structured(session: &mut Session, argument: &str, layer: LayerId) -> Option<Node> {
    let before = session.report.diagnostics.len();
    let file = session.sources.add("--set", argument);
    let node = session.parse(file, layer);
    if node.is_none() {
        session.report.diagnostics.truncate(before);
    }
    node
}

/// The first `=` outside quotes.
fn equals_sign(argument: &str) -> Option<usize> {
    let mut quote = None;
    for (at, character) in argument.char_indices() {
        match (quote, character) {
            (None, '=') => return Some(at),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), character) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

fn replace_leaf(node: &mut Node, text: &str, span: Span, session: &mut Session) {
    let mut node = node;
    while matches!(node.value, Value::Table(_)) {
        let Some((_, child)) = node.as_table_mut().and_then(Table::first_mut) else { return };
        node = child;
    }
    let mut origin = *session.origins.get(node.origin);
    origin.span = span;
    node.origin = session.origins.add(origin);
    node.value = Value::Untyped(text.into());
}
