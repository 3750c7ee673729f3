//! `{{ expression }}` in a text: where they are, whether they are well formed, which names they ask for.

use minijinja::{Environment, Error, ErrorKind};
use std::ops::Range;

/// A text cut at its expressions.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// What stands between the braces.
    Expression {
        /// Without the braces.
        source: &'a str,
        /// Its bytes in the text, braces included.
        range: Range<usize>,
    },
}

/// Braces that are never closed: their bytes in the text.
#[derive(Debug, PartialEq, Eq)]
pub struct Unclosed(pub Range<usize>);

/// Whether an expression may begin in a text.
pub fn may_be_in(text: &str) -> bool {
    // Nearly every text has no brace at all, which is seen sooner.
    text.contains('{') && text.contains("{{")
}

/// Cuts a text at its expressions. Quoted text inside an expression may hold braces: `{{ '{{' }}`.
///
/// # Errors
/// The first braces that are never closed.
pub fn cut(text: &str) -> Result<Vec<Piece<'_>>, Unclosed> {
    let mut pieces = Vec::new();
    let mut rest = 0;
    while let Some(found) = text[rest..].find("{{") {
        let start = rest + found;
        let Some(end) = closing(text, start + 2) else { return Err(Unclosed(start..text.len())) };
        if start > rest {
            pieces.push(Piece::Text(&text[rest..start]));
        }
        pieces.push(Piece::Expression { source: &text[start + 2..end], range: start..end + 2 });
        rest = end + 2;
    }
    if rest < text.len() {
        pieces.push(Piece::Text(&text[rest..]));
    }
    Ok(pieces)
}

/// The offset of the `}}` that closes an expression.
fn closing(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut quote = None;
    let mut at = from;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (None, b'}') if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        at += 1;
    }
    None
}

/// An expression that cannot be one, whatever its names mean.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Lower-case phrase.
    pub title: String,
    /// Its bytes in the text, braces included.
    pub range: Range<usize>,
    /// What to type, in the imperative.
    pub help: &'static str,
}

/// What to type where an expression is wrong.
pub const HELP: &str = "expressions are those of minijinja, such as `{{ vars.tag }}` or `{{ vars.name | upper }}`; for braces as text write `{{ '{{' }}`";

/// Looks for expressions that are wrong whatever their names mean.
///
/// # Errors
/// Each of them, in the order of the text.
pub fn check(text: &str) -> Result<(), Vec<Malformed>> {
    let pieces = cut(text).map_err(|Unclosed(range)| {
        let help = "close it with `}}`; for braces as text write `{{ '{{' }}`";
        vec![Malformed { title: "`{{` is never closed".into(), range, help }]
    })?;
    let environment = Environment::empty();
    let malformed = |piece| match piece {
        Piece::Expression { source, range } => {
            let references = references(source);
            let compiled = measure(source)
                .and_then(|()| environment.compile_expression(&with_variables(source, &references)).map(drop));
            compiled.err().map(|error| Malformed { title: mistake(&error), range, help: HELP })
        }
        Piece::Text(_) => None,
    };
    let found: Vec<_> = pieces.into_iter().filter_map(malformed).collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// The most words and signs that an expression may have, a text between quotes being one. Whatever reads, evaluates and frees
/// expressions takes some of the stack for each; people write ten.
pub const MAXIMUM_PARTS: usize = 300;

/// Refuses what is too long to be read.
///
/// # Errors
/// More than [`MAXIMUM_PARTS`] words and signs.
pub fn measure(source: &str) -> Result<(), Error> {
    let bytes = source.as_bytes();
    let (mut parts, mut at) = (0, 0);
    while at < bytes.len() {
        parts += usize::from(!bytes[at].is_ascii_whitespace());
        at = match bytes[at] {
            b'"' | b'\'' => after_quoted(bytes, at),
            byte if is_word(byte) => at + bytes[at..].iter().take_while(|byte| is_word(**byte)).count(),
            _ => at + 1,
        };
    }
    match parts {
        ..=MAXIMUM_PARTS => Ok(()),
        _ => Err(Error::new(ErrorKind::SyntaxError, format!("it has more than {MAXIMUM_PARTS} words and signs"))),
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// What is wrong with an expression, as a lower-case phrase.
pub fn mistake(error: &Error) -> String {
    let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    format!("this expression cannot be evaluated: {detail}")
}

/// The expression with a variable in place of each name, since the expression language does not know a `-` in names.
pub fn with_variables(source: &str, references: &[Reference]) -> String {
    let mut plain = String::with_capacity(source.len());
    let mut rest = 0;
    for (at, reference) in references.iter().enumerate() {
        plain.push_str(&source[rest..reference.range.start]);
        plain.push_str(&variable(at));
        rest = reference.range.end;
    }
    plain.push_str(&source[rest..]);
    plain
}

/// The variable that stands for the name at this position.
pub fn variable(at: usize) -> String {
    format!("name_{at}")
}

/// A dotted name in an expression.
#[derive(Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    /// `db.my-db.host`, cut at its dots.
    pub path: Vec<&'a str>,
    /// Its bytes in the expression.
    pub range: Range<usize>,
}

/// Words of the expression language that are no names of ours.
const KEYWORDS: [&str; 12] = ["and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False"];

/// The dotted names that an expression asks for. A `-` between letters belongs to a name, as names in Kubernetes have it.
pub fn references(source: &str) -> Vec<Reference<'_>> {
    let bytes = source.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    let mut previous = b' ';
    while at < bytes.len() {
        let byte = bytes[at];
        if byte == b'"' || byte == b'\'' {
            at = after_quoted(bytes, at);
            previous = b'"';
        } else if byte.is_ascii_alphabetic() || byte == b'_' {
            let end = end_of_name(bytes, at);
            let word = &source[at..end];
            let called = source[end..].trim_start().starts_with('(');
            let named_argument =
                source[end..].trim_start().starts_with('=') && !source[end..].trim_start().starts_with("==");
            if !called
                && !named_argument
                && previous != b'|'
                && previous != b'.'
                && !KEYWORDS.contains(&word)
                && !is_test(source, at)
            {
                found.push(Reference { path: word.split('.').collect(), range: at..end });
            }
            previous = b'a';
            at = end;
        } else {
            if !byte.is_ascii_whitespace() {
                previous = byte;
            }
            at += if byte.is_ascii_digit() { digits(&bytes[at..]) } else { 1 };
        }
    }
    found
}

/// `is defined`: the word behind `is` is a test, no name.
fn is_test(source: &str, at: usize) -> bool {
    let before = source[..at].trim_end();
    let before = before.strip_suffix("not").map_or(before, str::trim_end);
    before.ends_with(" is")
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'.').count().max(1)
}

fn after_quoted(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != bytes[start] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

fn end_of_name(bytes: &[u8], start: usize) -> usize {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut at = start;
    while at < bytes.len() {
        let joins = matches!(bytes[at], b'.' | b'-') && bytes.get(at + 1).is_some_and(|next| word(*next));
        if !word(bytes[at]) && !joins {
            break;
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_double_braces_are_special() {
        let shell = "a ${#x} b #} c {% if %} {H} }} {# no #}";
        assert_eq!(cut(shell), Ok(vec![Piece::Text(shell)]));
    }

    #[test]
    fn quoted_braces_do_not_close() {
        let pieces = cut("x{{ '}}' }}y{{ \"{{\" }}").unwrap();
        let sources: Vec<_> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => *text,
                Piece::Expression { source, .. } => *source,
            })
            .collect();
        assert_eq!(sources, ["x", " '}}' ", "y", " \"{{\" "]);
    }

    #[test]
    fn what_is_never_closed_is_found() {
        assert_eq!(cut("ab{{ vars.x"), Err(Unclosed(2..11)));
        assert_eq!(cut("{{ '}}"), Err(Unclosed(0..6)));
    }

    #[test]
    fn what_is_wrong_whatever_its_names_mean_is_found() {
        assert_eq!(check("a {{ vars.my-tag }} {{ vars.a | upper ~ '-' }} {{ '{{' }} {% if %}"), Ok(()));
        let ranges = |text| check(text).unwrap_err().into_iter().map(|wrong| wrong.range).collect::<Vec<_>>();
        assert_eq!(ranges("{{ vars.a | }}{{ vars.b }}{{ }}"), [0..14, 26..31]);
        assert!(check("x {{ vars.a").is_err_and(|wrong| wrong.len() == 1 && wrong[0].range == (2..11)));
    }

    #[test]
    fn names_are_found_and_words_of_the_language_are_not() {
        let names = |source| references(source).into_iter().map(|name| name.path.join(".")).collect::<Vec<_>>();
        assert_eq!(names(" vars.tag "), ["vars.tag"]);
        assert_eq!(names("db.my-db.host ~ ':' ~ db.my-db.port"), ["db.my-db.host", "db.my-db.port"]);
        assert_eq!(names("vars.a | default('vars.b') | upper"), ["vars.a"]);
        assert_eq!(names("'x' if vars.a == \"y\" else vars.b"), ["vars.a", "vars.b"]);
        assert_eq!(names("vars.a is defined and not vars.b"), ["vars.a", "vars.b"]);
        assert_eq!(names("range(3) | join(sep='-')"), Vec::<String>::new());
        assert_eq!(names("1e5 + 0x1f"), Vec::<String>::new());
    }
}
