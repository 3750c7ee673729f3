//! `--set PATH=VALUE` as layers: each a text of its own, so that messages point into the argument.

use super::{Language, Role, Session};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::path::KeyPath;
use crate::document::{LayerId, Node, Table, Value, parse};
use crate::shape::{Kind, MapForm, TableForm};
use crate::source::{ARGUMENT, FileId, Sources, Span};
use crate::value::Scalar;

/// One checked layer for each argument that is right; the others are reported.
pub fn layers(session: &mut Session, arguments: &[String], language: &Language) -> Vec<Node> {
    arguments.iter().filter_map(|argument| layer(session, argument, language)).collect()
}

fn layer(session: &mut Session, argument: &str, language: &Language) -> Option<Node> {
    let layer = session.layer(format!("--set {argument}"), Role::Stack);
    let file = session.sources.add(ARGUMENT, argument);
    let Some(equals) = equals_sign(argument) else {
        let diagnostic = Diagnostic::error("bad-set", format!("`{argument}` has no `=`"))
            .at(Span::new(file, 0..argument.len()), "")
            .help("write `--set PATH=VALUE`, as in `--set vars.tag=1.2.3`");
        session.report.push(diagnostic);
        return None;
    };
    let path = session.path(&argument[..equals], file)?;
    let text = &argument[equals + 1..];
    let kind = kind_at(path.segments(), language.stack_kind);
    if let Some(comma) = second_path(argument, equals + 1, language) {
        let severity = comma_mistake(argument, comma, kind, file, session);
        if severity == Severity::Error {
            return None;
        }
    }
    let structure = kind.and_then(|kind| structure(text, kind));
    let mut node = match structure {
        Some(structure) => structured(session, file, layer, structure)?,
        None => None,
    };
    if node.is_none() {
        node = session.path_as_toml(&argument[..equals], file, layer);
        let span = Span::new(file, equals + 1..argument.len());
        node.iter_mut().for_each(|node| replace_leaf(node, text, span, session));
    }
    let mut node = node?;
    let before = session.report.diagnostics.len();
    session.check(&mut node, language.stack_kind);
    // the checks quote what they propose, as TOML wants it and a VALUE does not
    for fix in session.report.diagnostics[before..].iter_mut().filter_map(|diagnostic| diagnostic.fix.as_mut()) {
        if let Some(bare) = fix.replacement.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            fix.replacement = bare.to_owned();
        }
    }
    Some(node)
}

/// Where the comma of `a.b=1,c.d=2` stands, which sets two values at once in Helm: behind it begins another path of the language.
fn second_path(argument: &str, value: usize, language: &Language) -> Option<usize> {
    if argument[value..].trim_start().starts_with(['[', '{']) {
        return None;
    }
    let commas = argument[value..].match_indices(',').map(|(at, _)| value + at);
    commas.into_iter().find(|comma| {
        let rest = &argument[comma + 1..];
        let path = rest.split('=').next().filter(|path| path.len() < rest.len()).map(KeyPath::parse);
        let Some(Ok(path)) = path else { return false };
        matches!(path.segments(), [first, _, ..] if language.stack.key(first).is_some())
    })
}

/// Reports it: an error, or a warning where the whole may be meant as a text.
fn comma_mistake(
    argument: &str,
    comma: usize,
    kind: Option<&'static Kind>,
    file: FileId,
    session: &mut Session,
) -> Severity {
    let is_text = kind.is_some_and(|kind| kind.takes(&Value::String("".into())));
    let severity = if is_text { Severity::Warning } else { Severity::Error };
    let (first, second) = (&argument[..comma], &argument[comma + 1..]);
    let diagnostic = Diagnostic::error("bad-set", "`--set` sets one value, and another path follows the comma")
        .at(Span::new(file, comma..argument.len()), if is_text { "this is part of the text" } else { "" })
        .help(format!("write `--set {first} --set {second}`"));
    session.report.push(Diagnostic { severity, ..diagnostic });
    severity
}

impl Session {
    /// Reads the PATH; reports one that is none, or that says what a rendering has decided before.
    fn path(&mut self, text: &str, file: FileId) -> Option<KeyPath> {
        let (title, help) = match KeyPath::parse(text) {
            Err(invalid) => (invalid.title, invalid.help.unwrap_or_default()),
            Ok(path) => match &path.segments().iter().map(|segment| &**segment).collect::<Vec<_>>()[..] {
                ["profile", ..] => {
                    let help =
                        "set the value itself, as in `--set api.web.replicas=3`: `--set` is laid over every overlay";
                    ("`--set` does not reach into overlays".into(), help.into())
                }
                ["stack", "profiles"] => {
                    ("`--set` comes after the choice of the profile".into(), "name the profile with `-p`".into())
                }
                _ => return Some(path),
            },
        };
        self.report.push(Diagnostic::error("bad-set", title).at(Span::new(file, 0..text.len()), "").help(help));
        None
    }

    /// Reads a path as the TOML key that it is. The text that is parsed has no VALUE, which need not be TOML, but its
    /// offsets are those of the argument, so it stands under the same id in sources of its own.
    fn path_as_toml(&mut self, path: &str, file: FileId, layer: LayerId) -> Option<Node> {
        let scratch = Sources::default();
        for _ in 0..file.0 {
            scratch.add("", "");
        }
        scratch.add(ARGUMENT, format!("{path}=0"));
        parse::parse(file, &scratch, layer, &mut self.origins, &mut self.report)
    }
}

/// Whether a VALUE must be a list or table, or may be one and is text otherwise.
enum Structure {
    Must,
    May,
}

fn structure(text: &str, kind: &Kind) -> Option<Structure> {
    let takes = match text.trim_start().chars().next() {
        Some('[') => takes_list(kind),
        Some('{') => takes_table(kind),
        _ => false,
    };
    takes.then(|| if kind.takes(&Value::String("".into())) { Structure::May } else { Structure::Must })
}

fn takes_list(kind: &Kind) -> bool {
    kind.takes(&Value::Array(Vec::new()))
}

fn takes_table(kind: &Kind) -> bool {
    kind.takes(&Value::Table(Table::default()))
}

/// A list or table as TOML. `Some(None)` where it is none and may be text, as in `--set vars.note={draft}`.
fn structured(session: &mut Session, file: FileId, layer: LayerId, structure: Structure) -> Option<Option<Node>> {
    let before = session.report.diagnostics.len();
    match (session.parse(file, layer), structure) {
        (Some(node), _) => Some(Some(node)),
        (None, Structure::Must) => None,
        (None, Structure::May) => {
            session.report.diagnostics.truncate(before);
            Some(None)
        }
    }
}

/// The declaration of what stands at a path; `None` where there is no such key.
fn kind_at(path: &[Box<str>], kind: &'static Kind) -> Option<&'static Kind> {
    let [first, rest @ ..] = path else { return Some(kind) };
    match kind {
        Kind::Table(form) => kind_at(rest, TableForm::key(form, first)?.kind),
        Kind::Map(MapForm { value, .. }) => kind_at(rest, value),
        Kind::Any => Some(kind),
        Kind::OneOf(kinds) => kinds.iter().find_map(|kind| kind_at(path, kind)),
        _ => None,
    }
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
        let Some(child) = node.as_table_mut().and_then(|table| table.values_mut().next()) else { return };
        node = child;
    }
    let mut origin = *session.origins.get(node.origin);
    origin.span = span;
    node.origin = session.origins.add(origin);
    node.value = Value::Untyped(text.into());
}
