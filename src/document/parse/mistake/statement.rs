//! Cuts a text into statements: headers and `key = value` expressions, with all lines of their values.

use super::{Kind, Token, Tokens, find_byte, is_bare_key};
use std::ops::Range;

/// A header or a `key = value` expression, from its first character to its last, a comment at its end included.
pub struct Statement {
    /// Where it stands.
    pub range: Range<usize>,
    /// The first thing in it that is opened and never closed.
    pub unclosed: Option<Unclosed>,
}

/// Something that is opened and never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unclosed {
    /// The quote at this place.
    Quote(usize),
    /// The bracket at this place.
    Bracket(usize),
}

/// All statements of a text, in order. A sound text is cut exactly where TOML cuts it; a bracket that is never closed
/// ends before the next line that can only be a statement of its own.
pub fn split(text: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut tokens = Tokens { text, at: 0 };
    while let Some(token) = tokens.next() {
        if matches!(token.kind, Kind::Newline | Kind::Comment) {
            if has_control_character(&text[token.start..token.end]) {
                statements.push(Statement { range: token.start..token.end, unclosed: None });
            }
        } else {
            let scan = Scan { text, start: token.start, end: token.end, open: Vec::new(), unclosed: None };
            let is_header = text.as_bytes()[token.start] == b'[';
            let statement = if is_header { scan.header(&mut tokens) } else { scan.entry(token, &mut tokens) };
            statements.push(statement);
        }
    }
    statements
}

/// Whether a comment or a line break holds what TOML allows nowhere.
fn has_control_character(text: &str) -> bool {
    text != "\r\n" && text != "\n" && text.chars().any(|character| character.is_control() && character != '\t')
}

struct Scan<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    /// Places of the brackets that are open, the outermost first.
    open: Vec<usize>,
    unclosed: Option<Unclosed>,
}

impl Scan<'_> {
    /// A header ends with its line; whether its brackets match is for its explanation.
    fn header(mut self, tokens: &mut Tokens<'_>) -> Statement {
        for token in tokens.by_ref() {
            match token.kind {
                Kind::Newline => {
                    self.end_line(token);
                    break;
                }
                Kind::OpenText => self.unclosed = self.unclosed.or(Some(Unclosed::Quote(token.start))),
                _ => {}
            }
            self.end = token.end;
        }
        Statement { range: self.start..self.end, unclosed: self.unclosed }
    }

    fn entry(mut self, first: Token, tokens: &mut Tokens<'_>) -> Statement {
        let mut next = Some(first);
        while let Some(token) = next {
            match token.kind {
                Kind::Newline if self.open.is_empty() || self.breaks_off(token.end) => {
                    self.end_line(token);
                    break;
                }
                Kind::Open => self.open.push(token.start),
                Kind::Close => self.close(token.start),
                Kind::OpenText => {
                    self.unclosed = self.unclosed.or(Some(Unclosed::Quote(token.start)));
                    if self.open.is_empty() {
                        self.end = self.text_over_lines(token);
                        tokens.at = self.end;
                        break;
                    }
                }
                _ => {}
            }
            if token.kind != Kind::Newline {
                self.end = token.end;
            }
            next = tokens.next();
        }
        let outermost = self.open.first().map(|at| Unclosed::Bracket(*at));
        Statement { range: self.start..self.end, unclosed: self.unclosed.or(outermost) }
    }

    /// A carriage return alone ends the line too, but is a mistake of this statement.
    fn end_line(&mut self, line_break: Token) {
        if has_control_character(&self.text[line_break.start..line_break.end]) {
            self.end = line_break.end;
        }
    }

    /// Closes the bracket that fits; those inside it are the ones without an end.
    fn close(&mut self, at: usize) {
        let bytes = self.text.as_bytes();
        let opening = if bytes[at] == b']' { b'[' } else { b'{' };
        let Some(fitting) = self.open.iter().rposition(|open| bytes[*open] == opening) else { return };
        if let Some(inner) = self.open.get(fitting + 1) {
            self.unclosed = self.unclosed.or(Some(Unclosed::Bracket(*inner)));
        }
        self.open.truncate(fitting);
    }

    /// Whether the line from `start` on shows that an open bracket was forgotten.
    fn breaks_off(&mut self, start: usize) -> bool {
        let line = line_at(self.text, start);
        if is_header(line) {
            return true;
        }
        let innermost_is_list = self.open.last().is_some_and(|at| self.text.as_bytes()[*at] == b'[');
        if !innermost_is_list || !is_entry(line) {
            return false;
        }
        // In a table between braces the line is the table's next key: only the list inside it was forgotten.
        if self.open.len() > 1 {
            self.unclosed = self.unclosed.or(self.open.pop().map(Unclosed::Bracket));
            return false;
        }
        indentation(line) <= self.indentation()
    }

    fn indentation(&self) -> usize {
        let line_start = self.text[..self.start].rfind('\n').map_or(0, |at| at + 1);
        self.start - line_start
    }

    /// The end of a text that was broken over lines without `"""`: where its quote comes again, if no statement comes
    /// before; else the end of its own line.
    fn text_over_lines(&self, token: Token) -> usize {
        let quote = char::from(self.text.as_bytes()[token.start]);
        let mut start = token.end;
        for _ in 0..MAXIMUM_LINES {
            let Some(line_feed) = self.text[start..].find('\n') else { break };
            start += line_feed + 1;
            let line = line_at(self.text, start);
            if is_header(line) || is_entry(line) {
                break;
            }
            if line.contains(quote) {
                return start + line.trim_end().len();
            }
        }
        token.end
    }
}

/// Over how many lines the end of a broken text is looked for.
const MAXIMUM_LINES: usize = 20;

fn line_at(text: &str, start: usize) -> &str {
    &text[start..find_byte(text.as_bytes(), start, |byte| byte == b'\n')]
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// `[name]` or `[a."b"]`, which inside a list could only be a list of words without quotes.
fn is_header(line: &str) -> bool {
    let Some(inner) = line.trim_start().strip_prefix('[') else { return false };
    let Some((path, rest)) = inner.trim_start_matches('[').split_once(']') else { return false };
    let name = |character: char| character.is_ascii_alphanumeric() || "-_.\"' ".contains(character);
    path.starts_with(|character: char| character.is_ascii_alphabetic())
        && path.chars().all(name)
        && !matches!(path, "true" | "false" | "inf" | "nan")
        && rest.trim_start_matches(']').split('#').next().is_some_and(|rest| rest.trim().is_empty())
}

/// `key =` or `a.b =`.
fn is_entry(line: &str) -> bool {
    line.split_once('=').is_some_and(|(key, _)| key.trim().split('.').all(is_bare_key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(&str, Option<Unclosed>)> {
        split(text).into_iter().map(|statement| (&text[statement.range], statement.unclosed)).collect()
    }

    #[test]
    fn sound_statements_keep_all_their_lines() {
        let text = "[a] # c\n\nb = [\n  \"]\", # ]\n  1,\n]\nc = '''\n[x]\n'''\nd = { e = 1,\nf = 2 }\n";
        let expected = ["[a] # c", "b = [\n  \"]\", # ]\n  1,\n]", "c = '''\n[x]\n'''", "d = { e = 1,\nf = 2 }"]
            .map(|cut| (cut, None));
        assert_eq!(cut(text), expected);
    }

    #[test]
    fn an_open_bracket_ends_before_the_next_statement() {
        assert_eq!(
            cut("a = [1,\n  2\nb = 3\n"),
            [("a = [1,\n  2", Some(Unclosed::Bracket(4))), ("b = 3", None)],
            "a key at the start of a line is no item of a list"
        );
        assert_eq!(
            cut("a = { b = 1\n[c]\n"),
            [("a = { b = 1", Some(Unclosed::Bracket(4))), ("[c]", None)],
            "a header is no key of a table"
        );
        assert_eq!(cut("a = [\n  B=1,\n]\n"), [("a = [\n  B=1,\n]", None)], "an indented `B=1` is a slip in the list");
    }

    #[test]
    fn a_text_over_lines_is_one_statement() {
        assert_eq!(cut("a = \"one\ntwo\"\nb = 1"), [("a = \"one\ntwo\"", Some(Unclosed::Quote(4))), ("b = 1", None)]);
        assert_eq!(cut("a = \"one\r\nb = \"x\"\r\n"), [("a = \"one", Some(Unclosed::Quote(4))), ("b = \"x\"", None)]);
    }

    #[test]
    fn the_bracket_that_does_not_match_is_the_open_one() {
        assert_eq!(cut("a = { b = [1 }"), [("a = { b = [1 }", Some(Unclosed::Bracket(10)))]);
    }
}
