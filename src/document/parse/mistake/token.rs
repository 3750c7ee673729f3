//! Cuts a text into tokens as TOML does, and goes on where TOML would not.

/// The kinds of token that TOML is made of; a word is whatever stands between the others: a bare key, a number, a
/// text without its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    Text,
    /// A text whose closing quote is missing.
    OpenText,
    Open,
    Close,
    Equals,
    Comma,
    Comment,
    Newline,
}

/// A token with its place.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
}

/// Cuts a text into tokens, from any place that is not inside a text or a comment; never fails.
pub struct Tokens<'t> {
    /// The whole text.
    pub text: &'t str,
    /// Offset of what is still to be cut.
    pub at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        let start = self.at;
        let (kind, end) = match bytes.get(start)? {
            b'\r' if bytes.get(start + 1) == Some(&b'\n') => (Kind::Newline, start + 2),
            b'\r' | b'\n' => (Kind::Newline, start + 1),
            b'#' => (Kind::Comment, find_byte(bytes, start, |byte| matches!(byte, b'\r' | b'\n'))),
            b'[' | b'{' => (Kind::Open, start + 1),
            b']' | b'}' => (Kind::Close, start + 1),
            b'=' => (Kind::Equals, start + 1),
            b',' => (Kind::Comma, start + 1),
            quote @ (b'"' | b'\'') => text_end(bytes, start, *quote),
            _ => (Kind::Word, word_end(bytes, start)),
        };
        self.at = end;
        Some(Token { kind, start, end })
    }
}

/// The first place from `start` on where `ends` holds, or the end.
pub fn find_byte(bytes: &[u8], start: usize, ends: impl Fn(u8) -> bool) -> usize {
    bytes[start..].iter().position(|byte| ends(*byte)).map_or(bytes.len(), |found| start + found)
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    let delimiter =
        |byte| matches!(byte, b'=' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b' ' | b'\t' | b'\r' | b'\n');
    // `a."b c"` and `a:"b c"`: the quote begins a text of its own.
    let quote = |at: usize| matches!(bytes[at], b'"' | b'\'') && matches!(bytes[at - 1], b'.' | b':');
    (start + 1..bytes.len()).find(|at| delimiter(bytes[*at]) || quote(*at)).unwrap_or(bytes.len())
}

fn text_end(bytes: &[u8], start: usize, quote: u8) -> (Kind, usize) {
    let several_lines = bytes[start..].starts_with(&[quote; 3]);
    let mut at = start + if several_lines { 3 } else { 1 };
    loop {
        match bytes.get(at) {
            None => return (Kind::OpenText, bytes.len()),
            Some(b'\n') if !several_lines => {
                return (Kind::OpenText, if bytes[at - 1] == b'\r' { at - 1 } else { at });
            }
            Some(b'\\') if quote == b'"' && matches!(bytes.get(at + 1), Some(b'"' | b'\\')) => at += 2,
            Some(byte) if *byte == quote && !several_lines => return (Kind::Text, at + 1),
            Some(_) if several_lines && bytes[at..].starts_with(&[quote; 3]) => {
                let more = bytes[at + 3..].iter().take(2).take_while(|byte| **byte == quote).count();
                return (Kind::Text, at + 3 + more);
            }
            Some(_) => at += 1,
        }
    }
}
