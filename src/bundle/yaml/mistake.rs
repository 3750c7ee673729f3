//! What the parser of YAML refuses, in the terms of whoever wrote it.

use granit_parser::ErrorKind;

/// Title and help.
pub fn describe(kind: &ErrorKind) -> (String, &'static str) {
    match kind {
        ErrorKind::UnclosedFlowCollection { open } => unclosed(*open),
        ErrorKind::UnexpectedEofFlowSequence => unclosed('['),
        ErrorKind::UnexpectedEofFlowMapping | ErrorKind::UnexpectedEofImplicitFlowMapping => unclosed('{'),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            (format!("`{open}` is closed by `{close}`"), "close brackets in the order in which they were opened")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            (format!("a value cannot begin with `{}`", character.escape_debug()), "quote it")
        }
        ErrorKind::RecursionLimitExceeded => too_deep(),
        kind => match of_lines(kind).or_else(|| of_texts(kind)) {
            Some((title, help)) => (title.to_owned(), help),
            None => (kind.to_string(), "quote the text, or indent the line like its neighbours"),
        },
    }
}

/// In how many lines from the place on the tab stands that is in the way where a line is indented; 0 where none is.
pub fn lines_to_tab(kind: &ErrorKind) -> usize {
    use ErrorKind as E;
    match kind {
        E::TabNotAllowed | E::TabInBlockIndentation | E::TabInIndentation | E::TabAtBlockScalarStart => 1,
        // the place is where the text begins
        E::TabInPlainScalar => usize::MAX,
        _ => 0,
    }
}

/// For a value inside too many others.
pub fn too_deep() -> (String, &'static str) {
    let title = format!("a value stands inside more than {} others", super::MAXIMUM_DEPTH);
    (title, "check the brackets and the indentation before it")
}

fn unclosed(open: char) -> (String, &'static str) {
    let help = if open == '[' { "close it with `]`" } else { "close it with `}`" };
    (format!("`{open}` is opened and never closed"), help)
}

/// Keys, items and how lines are indented.
fn of_lines(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    use ErrorKind as E;
    Some(match kind {
        kind if lines_to_tab(kind) > 0 => ("a tab indents this line, and YAML takes only spaces", "indent with spaces"),
        E::MappingValueNotAllowed | E::InvalidColonPlacement => (
            "a `:` cannot stand here",
            "quote a text that holds `: `; put a new key on a line of its own, indented like its neighbours",
        ),
        E::ExpectedFlowMappingSeparator => ("expected `,` or `}`", "put a comma between entries, and close the `{`"),
        E::ExpectedFlowSequenceSeparator => ("expected `,` or `]`", "put a comma between items, and close the `[`"),
        E::MisplacedFlowCollectionEnd => ("a bracket is closed that was not opened", "remove it, or quote the text"),
        E::SimpleKeyExpected | E::InvalidSimpleKey => {
            ("this key has no `:`", "write `KEY: VALUE`, or indent the line where it goes on with the text above")
        }
        E::InvalidIndentation
        | E::ExpectedBlockMappingKey
        | E::ExpectedBlockSequenceEntry
        | E::InvalidBlockScalarIndent
        | E::InvalidFlowScalarIndent => {
            ("this line fits none of those above it", "indent it like the lines that it belongs to")
        }
        E::BlockEntryInFlowCollection | E::BlockSequenceEntryNotAllowed | E::PlainScalarStartsWithDashFlowIndicator => {
            let help = "begin a list below its key, each item on a line of its own; quote a text that begins with `-`";
            ("a `-` cannot stand here", help)
        }
        E::InvalidDocumentEnd => ("something stands behind `...`", "remove it, or write `---` on a line of its own"),
        _ => return None,
    })
}

/// Quotes, escapes, texts of many lines.
fn of_texts(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    use ErrorKind as E;
    Some(match kind {
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => (
            "a quote is opened and never closed",
            "close it; inside '…' a quote is typed twice, inside \"…\" behind a `\\`",
        ),
        E::InvalidQuotedScalarIndent => (
            "a quote is opened, and not closed above this line",
            "close it, or indent the lines on which its text goes on",
        ),
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => {
            ("something stands behind a quoted text", "put quotes around all of it, or remove the rest")
        }
        E::UnknownQuotedScalarEscape
        | E::InvalidQuotedScalarHexEscape
        | E::InvalidLowSurrogateHexEscape
        | E::InvalidLowSurrogate
        | E::MissingLowSurrogate
        | E::UnpairedLowSurrogate
        | E::InvalidUnicodeEscape => {
            ("this escape is none of YAML's", "write `\\\\` for a `\\`, or use '…', in which it is plain")
        }
        E::MissingAnchorOrAliasName => ("a name is missing behind `&` or `*`", "quote the text where it is one"),
        E::InvalidBlockScalarHeader | E::ZeroBlockScalarIndent => {
            ("a text of many lines begins behind the line with `|` or `>`", "put it on the lines below, indented")
        }
        E::CommentNotSeparated => ("no blank stands before `#`", "put one there for a comment, or quote the text"),
        E::CommentInterceptedScalar => {
            ("a comment stands inside a text", "move the comment, or write the text behind `|`")
        }
        _ => return None,
    })
}
