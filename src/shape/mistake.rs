//! What is said about one value that its type refuses.

use crate::diagnostic::Diagnostic;
use crate::document::quoted;
use crate::source::{ARGUMENT, Sources, Span};
use crate::value::{Invalid, nearest, quote, unmistakable};

/// The message for a text that is none of the words.
pub fn unknown_word(what: &str, words: &[&str], word: &str, span: Span) -> Diagnostic {
    let text = quote(word);
    let all = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    let diagnostic = Diagnostic::error("bad-value", format!("{text} is not {what}")).at(span, "");
    match nearest(word, words.iter().copied()) {
        Some(near) => {
            let diagnostic = diagnostic.help(format!("did you mean \"{near}\"?"));
            let is_sure = unmistakable(word, words.iter().copied()).is_some();
            let fix = format!("\"{near}\"");
            if is_sure { diagnostic.sure_fix(span, fix) } else { diagnostic.fix(span, fix) }
        }
        None if words.len() == 1 => diagnostic.help(format!("write {all}, or remove it")),
        None => diagnostic.help(format!("write one of {all}")),
    }
}

/// A range of whole numbers, with both its ends.
pub struct Range {
    /// What is counted, with its article.
    pub what: &'static str,
    /// The least.
    pub minimum: i64,
    /// The most.
    pub maximum: i64,
}

/// The message for a whole number out of its range; `key` is that under which it stands, or empty.
pub fn out_of_range(key: &str, number: i64, range: &Range, span: Span) -> Diagnostic {
    let Range { what, minimum, maximum } = *range;
    let (is, help) = match maximum {
        i64::MAX | 0x7fff_ffff if number < minimum => (format!("less than {minimum}"), format!("{minimum} or more")),
        _ => (format!("not between {minimum} and {maximum}"), format!("{what} from {minimum} to {maximum}")),
    };
    let title = if key.is_empty() { format!("{number} is {is}") } else { format!("`{key}` is {number}, {is}") };
    Diagnostic::error("bad-value", title).at(span, "").help(format!("write {help}"))
}

/// The message for a text that its type refuses; points into the text where the type says where.
pub fn invalid_value(code: &'static str, invalid: Invalid, span: Span, sources: &Sources) -> Diagnostic {
    let written = sources.text(span);
    let place = invalid.at.clone().map_or(span, |at| part_of_text(span, at, sources));
    let mut diagnostic = Diagnostic::error(code, invalid.title).at(place, "");
    diagnostic.help = invalid.help;
    if let Some(replacement) = invalid.replacement {
        let bare = !written.starts_with(['"', '\'']) && code == "bad-name";
        let text = if bare { quoted(&replacement).into_owned() } else { format!("\"{replacement}\"") };
        diagnostic = diagnostic.fix(span, text);
    }
    diagnostic
}

/// The place of a part of a text's content; of the whole text where it is not spelled as it reads.
pub fn part_of_text(span: Span, part: std::ops::Range<usize>, sources: &Sources) -> Span {
    let written = sources.text(span);
    let quotes = match written {
        _ if sources.file(span.file).name == ARGUMENT => 0,
        _ if written.contains('\r') || (written.starts_with('"') && written.contains('\\')) => return span,
        _ if written.starts_with("\"\"\"\n") || written.starts_with("'''\n") => 4,
        _ if written.starts_with("\"\"\"") || written.starts_with("'''") => 3,
        _ if written.starts_with(['"', '\'']) => 1,
        _ => return span,
    };
    span.part(part.start + quotes..part.end + quotes)
}
