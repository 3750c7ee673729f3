//! What is wrong with a text that is not TOML, in the user's terms.
//!
//! The reader's own errors say where it stumbled, not what was meant, and one slip makes several. So the text is cut into
//! statements, each is read alone, and each mistake in it is explained once. With the broken statements blanked out the
//! rest is read again, which finds what is wrong between statements: keys that are written twice.

mod token;
mod statement;
mod open;
mod header;
mod key;
mod value;
mod conflict;

use super::{MAXIMUM_MESSAGES, build, discard, too_deep};
use crate::diagnostic::Diagnostic;
use crate::document::{LayerId, Origins};
use crate::source::{FileId, Span};
use conflict::Clash;
use statement::{Statement, Unclosed};
use std::ops::Range;
use token::{Kind, Token, Tokens, find_byte};
use toml::de::{DeTable, DeValue};

/// Explains every mistake of a text that the reader refused, sorted by place. Before byte `sound` it found none.
///
/// There is at least one message; it stops looking soon after [`MAXIMUM_MESSAGES`].
pub fn explain(text: &str, file: FileId, sound: usize) -> Vec<Diagnostic> {
    let statements = statement::split(text);
    let mut repaired = text.as_bytes().to_vec();
    let mut messages = Vec::new();
    let mut below_broken_header = false;
    for statement in &statements {
        let range = statement.range.clone();
        // The reader may stumble behind the spaces that end a line.
        let line_end = find_byte(text.as_bytes(), range.end, |byte| matches!(byte, b'\r' | b'\n'));
        let is_sound = line_end < sound && statement.unclosed.is_none();
        let faults = if is_sound { Vec::new() } else { faults(text, range.clone()) };
        let is_header = text.as_bytes()[range.start] == b'[';
        below_broken_header = if is_header { !faults.is_empty() } else { below_broken_header };
        if below_broken_header || !faults.is_empty() {
            repaired[range].fill(b' ');
        }
        if !faults.is_empty() && messages.len() <= MAXIMUM_MESSAGES {
            messages.extend(Broken::new(text, file, statement).explain(&faults));
        }
    }
    let repaired = String::from_utf8(repaired).expect("statements begin and end between characters");
    messages.extend(between_statements(&repaired, file, &statements));
    if messages.is_empty() {
        let place = Span::new(file, sound..sound);
        messages.push(Diagnostic::error("toml-syntax", "this is not TOML").at(place, "from here on"));
    }
    messages.sort_by_key(Diagnostic::place);
    let statements = statements.len();
    if is_yaml(&messages, statements) {
        messages.truncate(1);
        messages = messages.into_iter().map(whole_file_is_yaml).collect();
    }
    messages
}

/// Whether the file is YAML, not a stack with a line of YAML in it: nothing is sound, and most of it is YAML.
fn is_yaml(messages: &[Diagnostic], statements: usize) -> bool {
    let of_yaml = messages.iter().filter(|message| message.code == "yaml-syntax").count();
    of_yaml > 2 && messages.len() >= statements && of_yaml * 2 > messages.len()
}

fn whole_file_is_yaml(first: Diagnostic) -> Diagnostic {
    let message = Diagnostic::error("yaml-syntax", "this file is YAML, not TOML");
    let message = match first.place() {
        Some(place) => message.at(place, "the first of many lines of YAML"),
        None => message,
    };
    message
        .help("a stack is TOML: `stowplan init` writes one to begin with, and in it `[manifest.NAME]` with `file = \"FILE\"` takes YAML")
}

/// Of a longer statement only this many tokens are looked at: it is not TOML at all.
const MAXIMUM_TOKENS: usize = 100_000;

/// Where the reader stumbled, and its words.
struct Fault {
    start: usize,
    end: usize,
    message: String,
}

/// A message, and the place up to which further faults follow from the same mistake.
struct Finding {
    message: Diagnostic,
    until: usize,
}

/// What the reader says about a statement alone, sorted by place, without keys that are written twice.
fn faults(text: &str, range: Range<usize>) -> Vec<Fault> {
    let (document, errors) = DeTable::parse_recoverable(&text[range.clone()]);
    discard(DeValue::Table(document.into_inner()));
    let mut faults: Vec<Fault> = errors
        .iter()
        .filter(|error| !conflict::is_conflict(error.message()))
        .map(|error| {
            let bytes = error.span().unwrap_or(0..0);
            let message = error.message().to_owned();
            Fault { start: range.start + bytes.start, end: range.start + bytes.end, message }
        })
        .collect();
    faults.sort_by_key(|fault| (fault.start, fault.end));
    faults
}

/// What is wrong in a text whose statements are each sound.
fn between_statements(repaired: &str, file: FileId, statements: &[Statement]) -> Vec<Diagnostic> {
    let (document, errors) = DeTable::parse_recoverable(repaired);
    let mut scratch = Origins::default();
    let (_, mut messages) = build(document.into_inner(), repaired, 0, file, LayerId(0), &mut scratch);
    let mut clashes: Vec<(usize, Clash)> =
        errors.iter().filter_map(|error| error.span().map(|bytes| (bytes.start, Clash::of(error.message())))).collect();
    clashes.sort_by_key(|(start, _)| *start);
    clashes.dedup_by_key(|(start, _)| *start);
    clashes.truncate(MAXIMUM_MESSAGES + 1);
    if !clashes.is_empty() {
        messages.extend(conflict::explain(repaired, file, statements, &clashes));
    }
    messages
}

/// A statement that the reader refused.
struct Broken<'t> {
    text: &'t str,
    file: FileId,
    statement: &'t Statement,
    tokens: Vec<Token>,
    /// Index of the `=` between key and value.
    equals: Option<usize>,
}

impl<'t> Broken<'t> {
    fn new(text: &'t str, file: FileId, statement: &'t Statement) -> Self {
        let end = statement.range.end;
        let tokens: Vec<Token> =
            Tokens { text: &text[..end], at: statement.range.start }.take(MAXIMUM_TOKENS).collect();
        let first = tokens.iter().position(|token| matches!(token.kind, Kind::Equals | Kind::Open | Kind::Newline));
        let equals = first.filter(|index| tokens[*index].kind == Kind::Equals);
        Self { text, file, statement, tokens, equals }
    }

    /// Each mistake once: faults that follow from an explained one are passed over.
    fn explain(&self, faults: &[Fault]) -> Vec<Diagnostic> {
        let mut messages = Vec::new();
        let mut explained = self.statement.range.start;
        for fault in faults.iter().take(MAXIMUM_MESSAGES) {
            if fault.start >= explained {
                let finding = self.diagnose(fault);
                messages.push(finding.message);
                explained = finding.until.max(fault.start + 1);
            }
        }
        messages
    }

    fn diagnose(&self, fault: &Fault) -> Finding {
        if fault.message.contains("recursion") {
            let until = self.statement.range.end + 1;
            return Finding { message: too_deep(self.span(fault.start..fault.end)), until };
        }
        if let Some(message) = control_character(self, fault) {
            return Finding { message, until: find_byte(self.text.as_bytes(), fault.end, |byte| byte == b'\n') };
        }
        if let Some(finding) = open::explain(self) {
            return finding;
        }
        if self.text.as_bytes()[self.statement.range.start] == b'[' {
            return header::explain(self, fault);
        }
        match self.equals {
            Some(equals) if fault.start > self.tokens[equals].start => value::explain(self, fault),
            _ => key::explain(self, fault),
        }
    }

    fn slice(&self, range: Range<usize>) -> &'t str {
        &self.text[range]
    }

    fn word(&self, token: Token) -> &'t str {
        &self.text[token.start..token.end]
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    /// The end of the line, without a comment, of the token with this index; at most the end of the statement.
    fn line_end(&self, index: usize) -> usize {
        let rest = self.tokens[index..].iter().take_while(|token| !matches!(token.kind, Kind::Newline | Kind::Comment));
        rest.last().map_or(self.tokens[index].end, |token| token.end)
    }

    /// A message that explains everything in the statement.
    fn whole(&self, message: Diagnostic) -> Finding {
        Finding { message, until: self.statement.range.end + 1 }
    }

    /// The message about an `=` with nothing before it.
    fn no_key(&self, equals: Token) -> Diagnostic {
        Diagnostic::error("missing-key", "a value without a key")
            .at(self.span(equals.start..equals.end), "the key is missing before `=`")
            .help("write `key = value`")
    }

    /// The message about the key that these tokens are.
    fn wrong_key(&self, tokens: Range<usize>, fault: &Fault) -> Diagnostic {
        let range = self.tokens[tokens.start].start..self.tokens[tokens.end - 1].end;
        let written = self.slice(range.clone());
        let place = self.span(range);
        if fault.message.starts_with("unquoted keys cannot be empty") {
            let names: Vec<&str> = written.split('.').map(str::trim).filter(|name| !name.is_empty()).collect();
            let proposed = names.join(".");
            return Diagnostic::error("bad-key", format!("the key `{}` has an empty name", short(written)))
                .at(place, "there is nothing between two dots, or at an end")
                .help(format!("write `{proposed}`"))
                .fix(place, proposed);
        }
        let message = Diagnostic::error("bad-key", format!("the key `{}` needs quotes", short(written)))
            .at(place, "without quotes a key is letters, digits, `-` and `_`");
        let has_quotes = self.tokens[tokens].iter().any(|token| token.kind != Kind::Word);
        if has_quotes && !written.starts_with("'''") && !written.starts_with("\"\"\"") {
            return message.help("put the names that have other characters between double quotes");
        }
        let proposed = quoted_key(written);
        message.help(format!("write `{proposed}`")).fix(place, proposed)
    }

    /// The message where no better one is known.
    fn unexpected(&self, fault: &Fault) -> Finding {
        let words = fault.message.split(", expected").next().unwrap_or_default();
        let until = find_byte(self.text.as_bytes(), fault.end, |byte| byte == b'\n');
        let message = Diagnostic::error("toml-syntax", format!("this is not TOML: {words}"))
            .at(self.span(fault.start..fault.end), "")
            .help("write `key = value` or `[table]` on a line of its own");
        Finding { message, until }
    }
}

/// The message about a character that no TOML text may hold.
fn control_character(broken: &Broken, fault: &Fault) -> Option<Diagnostic> {
    let before = broken.slice(broken.statement.range.start..fault.start).chars().next_back();
    let found = broken.slice(fault.start..broken.statement.range.end).chars().next();
    let return_alone = fault.message.starts_with("carriage return");
    let character = if return_alone { before } else { found }.filter(|character| character.is_control())?;
    let stumbled = fault.start < fault.end || fault.message.starts_with("invalid comment");
    if !return_alone && (character == '\n' || character == '\t' || !stumbled) {
        return None;
    }
    let start = if return_alone { fault.start.saturating_sub(1) } else { fault.start };
    let code = u32::from(character);
    let label = if return_alone { "a carriage return without a line feed" } else { "an invisible character" };
    Some(
        Diagnostic::error("control-character", format!("the control character U+{code:04X} may not stand in TOML"))
            .at(broken.span(start..start + 1), label)
            .help(format!("delete it, or write `\\u{code:04X}` inside double quotes")),
    )
}

/// Whether the text alone is a TOML value.
fn is_value(text: &str) -> bool {
    DeValue::parse(text).is_ok()
}

/// What a YAML or JSON scalar is in TOML; `None` where TOML has no such value.
fn to_toml(written: &str) -> Option<String> {
    let written = written.trim().trim_end_matches([',', ';']).trim_end();
    match written {
        "" => None,
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "True" | "TRUE" => Some("true".to_owned()),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" | "False" | "FALSE" => Some("false".to_owned()),
        "null" | "Null" | "NULL" | "None" | "nil" | "Nil" | "~" | "undefined" => None,
        _ if is_value(written) => Some(written.to_owned()),
        _ if written.starts_with(['[', '|', '>', '&', '*', '!']) => None,
        _ if written.starts_with('{') && !written.starts_with("{{") => None,
        _ => Some(quote(written)),
    }
}

/// The text between quotes; whatever quotes it has at its ends already are replaced.
fn quote(text: &str) -> String {
    between_quotes(text.trim_matches(QUOTES))
}

/// The text between quotes that need no escapes, if there are such.
fn between_quotes(text: &str) -> String {
    if !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else if !text.contains('\'') {
        format!("'{text}'")
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// The quotes of keyboards, word processors and shells.
const QUOTES: [char; 11] = ['"', '\'', '`', '“', '”', '„', '‘', '’', '‚', '«', '»'];

/// A value as titles show it: one line, at most 60 characters.
fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// A qualified name such as `example.com/x` is one key; else each name between the dots is quoted where it must be.
fn quoted_key(key: &str) -> String {
    if key.contains(['/', ' ', '"', '\'']) {
        return quote(key);
    }
    let names: Vec<String> =
        key.split('.').map(|name| if is_bare_key(name) { name.to_owned() } else { quote(name) }).collect();
    names.join(".")
}

/// Whether this may be a key, or a part of one, without quotes.
fn is_bare_key(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// Else a sound statement would be reported because another one is broken.
        #[test]
        fn sound_texts_are_cut_into_sound_statements(
            pieces in proptest::collection::vec(
                prop::sample::select(vec![
                    "a", "b", "=", " = ", "1", "\"x\"", "'y'", "[", "]", "[[", "]]", "{", "}", ",", "\n", "\r\n", " ", "  ",
                    "#", "'''", "\"\"\"", "\\", ".", "a = 1\n", "[c]\n", "d = [\n", "{ e = 1 }", "true",
                ]),
                0..24,
            )
        ) {
            let text = pieces.concat();
            if DeTable::parse(&text).is_ok() {
                for statement in statement::split(&text) {
                    prop_assert!(faults(&text, statement.range.clone()).is_empty(), "{:?}", &text[statement.range]);
                    prop_assert_eq!(statement.unclosed, None);
                }
            }
        }
    }
}
