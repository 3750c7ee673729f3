//! Explains tables between braces that are written as JSON writes them.

use super::super::{Broken, Finding, Kind, Token, to_toml};
use crate::diagnostic::Diagnostic;
use std::ops::Range;

/// Explains a table between braces with colons; the fix shows it whole with `=` in place of them.
pub fn explain(broken: &Broken<'_>) -> Finding {
    let is_brace = |token: &&Token| token.kind == Kind::Open && broken.word(**token) == "{";
    let region = broken.tokens.iter().find(is_brace).map_or(broken.statement.range.start, |open| open.start);
    let last = broken.tokens.iter().rev().find(|token| token.kind == Kind::Close).copied();
    let end = last.map_or(broken.statement.range.end, |close| close.end);
    let (mut replaced, mut copied, mut first_colon) = (String::new(), region, None);
    let first = broken.tokens.partition_point(|token| token.start < region);
    for index in first..broken.tokens.len() {
        let Some(colon) = key_colon(broken, index) else { continue };
        first_colon = first_colon.or(Some(colon));
        let key = broken.slice(copied..colon).trim_end();
        let value = scalar(broken, index, colon);
        let written = broken.slice(value.clone());
        replaced.push_str(key);
        replaced.push_str(" = ");
        replaced.push_str(&to_toml(written).unwrap_or_else(|| written.to_owned()));
        copied = value.end;
    }
    replaced.push_str(broken.slice(copied..end));
    let place = first_colon.map_or(region..region + 1, |colon| colon..colon + 1);
    let message = Diagnostic::error("json-syntax", "a table between braces is written with `=`, not with `:`")
        .at(broken.span(place), "a key is followed by `=`")
        .help("write `=`")
        .fix(broken.span(region..end), replaced);
    broken.whole(message)
}

/// The place of the `:` in the token with this index, where that ends a key between braces.
pub fn key_colon(broken: &Broken<'_>, index: usize) -> Option<usize> {
    let token = broken.tokens[index];
    let colon = broken.word(token).find(':').filter(|_| token.kind == Kind::Word)?;
    let key = if colon == 0 { index.checked_sub(1)? } else { index };
    let before =
        broken.tokens[..key].iter().rev().find(|token| !matches!(token.kind, Kind::Newline | Kind::Comment))?;
    let begins_entry = before.kind == Kind::Comma || before.kind == Kind::Open && broken.word(*before) == "{";
    begins_entry.then_some(token.start + colon)
}

/// The value behind the `:` at `colon`, which is in the token with this index, where it is one word; else the empty
/// place where it begins.
fn scalar(broken: &Broken<'_>, index: usize, colon: usize) -> Range<usize> {
    let token = broken.tokens[index];
    let next = broken.tokens.get(index + 1).filter(|next| next.start >= token.end);
    match next {
        _ if colon + 1 < token.end => colon + 1..token.end,
        Some(next) if next.kind == Kind::Word => next.start..next.end,
        Some(next) => next.start..next.start,
        None => token.end..token.end,
    }
}
