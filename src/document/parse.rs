//! TOML text to a tree of nodes, with all syntax errors at once, each in the user's terms.

mod build;

mod mistake;
mod pieces;

use crate::diagnostic::{Diagnostic, Report};
use crate::document::{LayerId, Node, Origins};
use crate::source::{FileId, MAXIMUM_BYTES, Sources, Span};
use build::{build, discard};
use toml::de::{DeTable, DeValue};

/// Reads a text as a TOML table in which every value knows its place; an empty text is an empty table.
///
/// The origin of a value has the last segment of its key as `key` and the value as `span`. The span of a table with a
/// header is the header's key path, without brackets; of a table that is only implied (`a` in `[a.b]` or in `a.b = 1`)
/// it is that segment of the key; of the root it is the empty place at the start.
///
/// # Errors
/// `None` exactly where something was reported: every syntax error of the text, sorted by place. A number that 64 bits
/// cannot hold and a value below more than [`MAXIMUM_DEPTH`] others are syntax errors too. After 1000 messages one more
/// says that the rest is not shown.
pub fn parse(
    file: FileId,
    sources: &Sources,
    layer: LayerId,
    origins: &mut Origins,
    report: &mut Report,
) -> Option<Node> {
    let text = sources.file(file).text.as_str();
    if let Some(root) = pieces::parse(text, file, layer, origins) {
        return Some(root);
    }
    let (document, errors) = DeTable::parse_recoverable(text);
    let problems = if errors.is_empty() {
        let (root, problems) = build(document.into_inner(), text, 0, file, layer, origins);
        if problems.is_empty() {
            return Some(root);
        }
        problems
    } else {
        discard(DeValue::Table(document.into_inner()));
        let sound = errors.iter().map(|error| error.span().map_or(0, |span| span.start)).min().unwrap_or(0);
        mistake::explain(text, file, sound)
    };
    report.diagnostics.extend(limit(problems));
    None
}

/// How many tables and lists may stand inside one another; a stack needs about ten.
pub const MAXIMUM_DEPTH: usize = 64;

/// Adds the bytes of a file as a text; a byte order mark is left out.
///
/// # Errors
/// `None` where something was reported: the file is larger than [`MAXIMUM_BYTES`], or its bytes are not UTF-8.
pub fn text_of(name: &str, bytes: Vec<u8>, sources: &Sources, report: &mut Report) -> Option<FileId> {
    if bytes.len() > MAXIMUM_BYTES {
        let title = format!("`{name}` is larger than the {} MiB that are read", MAXIMUM_BYTES >> 20);
        report.push(at_start(name, sources, "too-large", title).help("split it, or check that this is the right file"));
        return None;
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let title = format!("`{name}` is UTF-16 text, but only UTF-8 is read");
        report.push(at_start(name, sources, "not-utf8", title).help("save the file with the encoding UTF-8"));
        return None;
    }
    match String::from_utf8(bytes) {
        Ok(text) => Some(match text.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => sources.add(name, rest),
            None => sources.add(name, text),
        }),
        Err(error) => {
            report.push(match error.as_bytes().iter().take(BEGINNING).any(|byte| *byte == 0) {
                true => at_start(name, sources, "not-utf8", format!("`{name}` is no text"))
                    .help("check that this is the right file"),
                false => invalid_bytes(name, &error, sources),
            });
            None
        }
    }
}

/// The bytes at the beginning of a file in which programs, pictures and archives have a zero, and texts have none.
const BEGINNING: usize = 1024;

/// More messages about one text help nobody, and a large file that is not TOML at all would fill the memory.
const MAXIMUM_MESSAGES: usize = 1000;

fn limit(mut messages: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if messages.len() > MAXIMUM_MESSAGES {
        messages.truncate(MAXIMUM_MESSAGES + 1);
        let title = format!("there are more than {MAXIMUM_MESSAGES} mistakes; the rest is not shown");
        let place = messages.pop().and_then(|message| message.place());
        let last = Diagnostic::error("toml-syntax", title).help("check that this is a TOML file");
        messages.push(match place {
            Some(place) => last.at(place, "the next one is here"),
            None => last,
        });
    }
    messages
}

/// The message about a value inside too many others.
fn too_deep(place: Span) -> Diagnostic {
    Diagnostic::error("too-deep", format!("a value stands inside more than {MAXIMUM_DEPTH} others"))
        .at(place, "too deep")
        .help("check the brackets and dots before it; a stack needs about ten levels")
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// A message about a file whose text cannot be shown.
fn at_start(name: &str, sources: &Sources, code: &'static str, title: String) -> Diagnostic {
    let file = sources.add(name, "");
    Diagnostic::error(code, title).at(Span::new(file, 0..0), "")
}

/// The message about the first byte that is not UTF-8, over the text with replacement characters.
fn invalid_bytes(name: &str, error: &std::string::FromUtf8Error, sources: &Sources) -> Diagnostic {
    let at = error.utf8_error().valid_up_to();
    let byte = error.as_bytes()[at];
    let file = sources.add(name, String::from_utf8_lossy(error.as_bytes()));
    let (line, _) = sources.file(file).line_column(at);
    let replacement = char::REPLACEMENT_CHARACTER.len_utf8();
    Diagnostic::error("not-utf8", format!("`{name}` is not UTF-8: line {line} has the byte 0x{byte:02x}"))
        .at(Span::new(file, at..at + replacement), "no character in UTF-8")
        .help("save the file with the encoding UTF-8")
}

#[cfg(test)]
mod tests;
