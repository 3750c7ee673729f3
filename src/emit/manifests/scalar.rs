//! Text as a YAML scalar that every reader takes for the same text: YAML 1.1 (kubectl, PyYAML) and YAML 1.2.
//!
//! Plain where that is safe, a literal block for several lines, else in double quotes.

use std::fmt::Write;

/// Appends a text; lines of a block stand at `column`, which must be two more than the column of the parent.
pub(super) fn write_text(out: &mut String, text: &str, column: usize) {
    if is_plain(text) {
        out.push_str(text);
    } else if fits_block(text) {
        write_block(out, text, column);
    } else {
        write_quoted(out, text);
    }
}

/// Appends the key of a map, without its colon; never more than one line.
pub(super) fn write_key(out: &mut String, key: &str) {
    if is_plain(key) {
        out.push_str(key);
    } else {
        write_quoted(out, key);
    }
}

/// Appends spaces.
pub(super) fn indent(out: &mut String, mut columns: usize) {
    const SPACES: &str = "                                ";
    while columns > SPACES.len() {
        out.push_str(SPACES);
        columns -= SPACES.len();
    }
    out.push_str(&SPACES[..columns]);
}

/// Appends a number as YAML 1.1 wants it: with a point, and a sign in the exponent (PyYAML reads `1e21` as text).
pub(super) fn write_float(out: &mut String, number: f64) {
    if number.is_nan() {
        return out.push_str(".nan");
    }
    if number.is_infinite() {
        return out.push_str(if number < 0.0 { "-.inf" } else { ".inf" });
    }
    let digits = format!("{number:?}");
    let Some((mantissa, exponent)) = digits.split_once('e') else { return out.push_str(&digits) };
    out.push_str(mantissa);
    out.push_str(if mantissa.contains('.') { "e" } else { ".0e" });
    out.push_str(if exponent.starts_with('-') { "" } else { "+" });
    out.push_str(exponent);
}

fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let begins = match bytes.first() {
        Some(b'a'..=b'z' | b'A'..=b'Z') => !is_word_of_yaml(text),
        Some(b'0'..=b'9') => !may_be_number(bytes),
        Some(b'.') => is_relative_path(bytes),
        Some(b'/' | b'_' | b'$' | b'(') => true,
        _ => false,
    };
    begins && (bytes.iter().fold(true, |ordinary, byte| ordinary & is_ordinary(*byte)) || goes_on_plain(bytes))
}

/// Whether a byte may stand anywhere behind the first in a plain text: all of ASCII that can be seen, but the colon.
fn is_ordinary(byte: u8) -> bool {
    byte.is_ascii_graphic() & (byte != b':')
}

/// Whether only ordinary bytes follow, colons that do not end a key, and spaces that neither end the text nor begin a comment.
fn goes_on_plain(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(at, byte)| match (byte, bytes.get(at + 1)) {
        (b':', next) => next.is_some_and(|next| *next != b' '),
        (b' ', next) => next.is_some_and(|next| *next != b'#'),
        _ => is_ordinary(*byte),
    })
}

/// The words that YAML 1.1 reads as true, false or nothing.
fn is_word_of_yaml(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "on", "no", "off", "yes", "true", "null", "false"];
    text.len() <= 5 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a text that begins with a digit has only what numbers (`0x1F`, `1_000`, `1e3`), times (`1:30`) and dates have.
/// `100m`, `5Gi`, `30s`, `25%`, `8080/tcp` have more.
fn may_be_number(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| {
        matches!(byte, b'0'..=b'9' | b'_' | b'.' | b',' | b'+' | b'-' | b':' | b' ')
            || matches!(byte.to_ascii_lowercase(), b'a'..=b'f' | b'o' | b't' | b'x' | b'z')
    })
}

/// `./a`, `../a` and `.a`, but not what begins like `.5`, `.inf`, `.nan` or `.e+5`.
fn is_relative_path(bytes: &[u8]) -> bool {
    match bytes {
        [b'.', b'/', ..] | [b'.', b'.', b'/', ..] => true,
        [b'.', letter, ..] => letter.is_ascii_alphabetic() && !b"einEIN".contains(letter),
        _ => false,
    }
}

/// Characters that stand in the output as they are: those that YAML calls printable, less what cannot be seen
/// (no-break and zero-width spaces, marks that turn the direction of writing).
fn is_visible(character: char) -> bool {
    match character {
        ' '..='~' | '\t' => true,
        '\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => false,
        _ => matches!(character, '\u{a1}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'),
    }
}

/// A block says exactly what it shows: only visible characters and line breaks, and some line with text.
fn fits_block(text: &str) -> bool {
    text.contains('\n')
        && !text.trim_matches('\n').is_empty()
        && text.chars().all(|character| character == '\n' || is_visible(character))
}

fn write_block(out: &mut String, text: &str, column: usize) {
    let body = text.trim_end_matches('\n');
    let breaks = text.len() - body.len();
    out.push('|');
    if body.starts_with([' ', '\t', '\n']) {
        // The reader cannot see from the first line how far the block is indented.
        out.push('2');
    }
    match breaks {
        0 => out.push('-'),
        1 => {}
        _ => out.push('+'),
    }
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            indent(out, column);
            out.push_str(line);
        }
    }
    out.extend(std::iter::repeat_n('\n', breaks.saturating_sub(1)));
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_visible(character) => out.push(character),
            _ => write_escape(out, character),
        }
    }
    out.push('"');
}

fn write_escape(out: &mut String, character: char) {
    let code = u32::from(character);
    match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    }
    .expect("a String takes every character");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = String::new();
        write_text(&mut out, text, 4);
        out
    }

    #[test]
    fn common_texts_stand_plain() {
        for text in [
            "http",
            "nginx:1.27-alpine",
            "ghcr.io/a/b:sha-e432059@sha256:0a1b",
            "https://x.example/?a=b&c=d#top",
            "/etc/x.conf",
            "a, b",
            "25%",
            "100m",
            "1.5Gi",
            "30s",
            "8080/tcp",
            "16-alpine",
            "$(PGHOST):$(PGPORT)",
            "(x)",
            "./run.sh",
            "../x",
            ".profile",
            "a 'quoted' \"word\"",
            "a{b}[c]",
            "0 6 * * *",
            "x=1",
            "path\\to",
            "a  b",
            "_a",
            "yesterday",
            "a#b",
            "rw,noatime",
            "10.0.0.1:5000/x",
            "Z",
            "a:b:c",
            "fe80::1/64",
        ] {
            assert_eq!(written(text), text);
        }
    }

    #[test]
    fn what_a_reader_takes_for_something_else_is_quoted() {
        for text in [
            "",
            "y",
            "N",
            "yes",
            "No",
            "on",
            "OFF",
            "true",
            "False",
            "null",
            "NULL",
            "~",
            "0",
            "3000",
            "0o17",
            "0x1F",
            "0b1",
            "1_000",
            "1e3",
            "1E3",
            "1:30",
            "12:30:45",
            "2001-01-01",
            "2001-01-01T00:00:00Z",
            "2001-01-01 00:00:00 +1",
            "1.2.3",
            "10.0.0.1",
            ".5",
            ".inf",
            ".NaN",
            ".e+5",
            ".",
            "..",
            "...",
            "---",
            "-",
            "-c",
            "--x",
            "-1",
            "+1",
            "=",
            "<<",
            "?",
            "a: b",
            "a:",
            "a #b",
            " a",
            "a ",
            "#a",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "'a'",
            "\"a\"",
            "%a",
            "@a",
            "`a`",
            "[a]",
            "{a}",
            ",",
            "é",
            "1234e567",
        ] {
            let quoted = written(text);
            assert!(quoted.starts_with('"') && quoted.ends_with('"') && quoted.len() > 1, "{text:?} became {quoted}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(written("a\"\\\t\r"), r#""a\"\\\t\r""#);
        assert_eq!(written("\0\u{7f}\u{85}\u{a0}"), r#""\x00\x7f\x85\xa0""#);
        assert_eq!(written("\u{2028}\u{feff}\u{fffe}\u{202e}"), r#""\u2028\ufeff\ufffe\u202e""#);
        assert_eq!(written("naïve 東京 😀"), "\"naïve 東京 😀\"");
    }

    #[test]
    fn several_lines_are_a_block() {
        assert_eq!(written("a\nb"), "|-\n    a\n    b");
        assert_eq!(written("a: 1\n\n\tb # c\n"), "|\n    a: 1\n\n    \tb # c");
        assert_eq!(written("a\n\n\n"), "|+\n    a\n\n");
        assert_eq!(written("  a\nb\n"), "|2\n      a\n    b");
        assert_eq!(written("\na"), "|2-\n\n    a");
        assert_eq!(written("a\r\nb"), r#""a\r\nb""#);
        assert_eq!(written("\n"), r#""\n""#);
    }

    #[test]
    fn numbers_are_spelled_for_yaml_1_1() {
        let float = |number: f64| {
            let mut out = String::new();
            write_float(&mut out, number);
            out
        };
        assert_eq!(float(1e21), "1.0e+21");
        assert_eq!(float(-1.5e300), "-1.5e+300");
        assert_eq!(float(1e-7), "1.0e-7");
        assert_eq!(float(0.5), "0.5");
        assert_eq!(float(3.0), "3.0");
        assert_eq!(float(f64::NEG_INFINITY), "-.inf");
    }
}
