//! The one right answer to a finding, as an edit of what was written.

use super::finding::Correction;
use crate::diagnostic::Diagnostic;
use crate::source::{Sources, Span};

/// The message with the edit of the place, where what the correction speaks of stands there letter by letter.
pub fn correct(diagnostic: Diagnostic, correction: &Correction, span: Span, sources: &Sources) -> Diagnostic {
    match correction {
        Correction::Rename(old, new) | Correction::RenameBeside(old, new, _) => {
            diagnostic.renamed(span, sources, old, Some(new))
        }
        Correction::Quote => match sources.text(span) {
            written if is_plain(written) => {
                diagnostic.help(format!("write it in quotes: \"{written}\"")).sure_fix(span, format!("\"{written}\""))
            }
            _ => diagnostic,
        },
        Correction::Unquote(text) => match sources.text(span).strip_prefix(['"', '\'']) {
            Some(rest) if rest.strip_suffix(['"', '\'']) == Some(text) => diagnostic.sure_fix(span, text),
            _ => diagnostic,
        },
    }
}

/// Whether this is a number or a truth value, and no alias or expression that gives one.
fn is_plain(written: &str) -> bool {
    let is_usual = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '+' | '-' | '_');
    !written.is_empty() && written.chars().all(is_usual)
}
