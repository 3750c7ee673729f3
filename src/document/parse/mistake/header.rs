//! Explains headers that are not `[name]` or `[table.name]`.

use super::{Broken, Fault, Finding, Kind, QUOTES, Token, is_bare_key, quote, short};
use crate::diagnostic::Diagnostic;
use std::ops::Range;

/// Explains what is wrong with a header.
pub fn explain(broken: &Broken<'_>, fault: &Fault) -> Finding {
    let parts = Parts::new(broken);
    let message = if parts.opening.len() > 2 {
        too_many(broken, &parts)
    } else if parts.closing.is_empty() && parts.names.is_empty() {
        wrong_name(broken, &parts, fault)
    } else if parts.closing.is_empty() {
        unclosed(broken, &parts)
    } else if parts.opening.len() != parts.closing.len() {
        unequal(broken, &parts)
    } else if fault.start < parts.closing.end {
        wrong_name(broken, &parts, fault)
    } else {
        followed(broken, &parts)
    };
    broken.whole(message)
}

/// The places of the parts of a header: `[[`, the names, `]]`, and what comes behind them.
struct Parts<'b> {
    opening: Range<usize>,
    names: Range<usize>,
    /// Empty where the header is not closed.
    closing: Range<usize>,
    rest: &'b [Token],
}

impl<'b> Parts<'b> {
    fn new(broken: &'b Broken<'_>) -> Self {
        let line_end = broken.tokens.iter().position(|token| matches!(token.kind, Kind::Comment | Kind::Newline));
        let tokens = &broken.tokens[..line_end.unwrap_or(broken.tokens.len())];
        let opened = adjacent(broken, tokens, "[");
        let first_close = tokens.iter().position(|token| broken.word(*token) == "]").unwrap_or(tokens.len());
        let closed = adjacent(broken, &tokens[first_close..], "]");
        let end_of = |count: usize| tokens.get(count.wrapping_sub(1)).map_or(tokens[0].start, |token| token.end);
        let names_end = end_of(first_close);
        let closing_start = tokens.get(first_close).map_or(names_end, |token| token.start);
        Self {
            opening: tokens[0].start..end_of(opened),
            names: end_of(opened)..names_end.max(end_of(opened)),
            closing: closing_start..end_of(first_close + closed).max(closing_start),
            rest: &tokens[first_close + closed..],
        }
    }
}

/// How many of these brackets stand at the start without a space between them.
fn adjacent(broken: &Broken<'_>, tokens: &[Token], bracket: &str) -> usize {
    let together = |pair: &&[Token]| pair[0].end == pair[1].start && broken.word(pair[1]) == bracket;
    match tokens.first() {
        Some(first) if broken.word(*first) == bracket => 1 + tokens.windows(2).take_while(together).count(),
        _ => 0,
    }
}

fn too_many(broken: &Broken<'_>, parts: &Parts<'_>) -> Diagnostic {
    Diagnostic::error("bad-header", format!("a header does not begin with {} brackets", parts.opening.len()))
        .at(broken.span(parts.opening.clone()), "a header stands between `[` and `]`")
        .help("write `[table.name]`, such as `[api.web]`")
}

fn unclosed(broken: &Broken<'_>, parts: &Parts<'_>) -> Diagnostic {
    let written = parts.opening.start..parts.names.end;
    let closing = "]".repeat(parts.opening.len());
    Diagnostic::error("unclosed-bracket", format!("the header `{}` is never closed", short(broken.slice(written))))
        .at(broken.span(parts.opening.clone()), format!("there is no `{closing}` for it"))
        .help(format!("close it with `{closing}`"))
        .fix(broken.span(parts.names.end..parts.names.end), closing)
}

fn wrong_name(broken: &Broken<'_>, parts: &Parts<'_>, fault: &Fault) -> Diagnostic {
    let written = broken.slice(parts.names.clone());
    let names: Vec<String> = written
        .split(['.', ' ', '\t', ':', '/', '[', '{', '}', ',', '='])
        .map(|name| name.trim_matches(QUOTES))
        .filter(|name| !name.is_empty())
        .map(|name| if is_bare_key(name) { name.to_owned() } else { quote(name) })
        .collect();
    let empty = fault.message.starts_with("unquoted keys cannot be empty");
    let place = broken.span(if parts.names.is_empty() { fault.start..fault.end } else { parts.names.clone() });
    let message = if names.is_empty() {
        Diagnostic::error("bad-header", "a header has no name").at(place, "a name is missing here")
    } else if empty {
        Diagnostic::error("bad-header", format!("the header `[{}]` has an empty name", short(written)))
            .at(place, "there is nothing between two dots, or at an end")
    } else {
        Diagnostic::error("bad-header", format!("`[{}]` is not a header", short(written)))
            .at(place, "names are letters, digits, `-` and `_`, with dots between them")
    };
    if names.is_empty() || written.contains(['"', '\'']) {
        return message.help("write `[table.name]`, such as `[api.web]`");
    }
    let proposed = names.join(".");
    message.help(format!("write `[{proposed}]`")).fix(broken.span(parts.names.clone()), proposed)
}

/// `[[a]` or `[a]]`.
fn unequal(broken: &Broken<'_>, parts: &Parts<'_>) -> Diagnostic {
    let name = broken.slice(parts.names.clone()).trim();
    let all = parts.opening.start..parts.closing.end;
    Diagnostic::error("bad-header", format!("the brackets of `{}` do not match", short(broken.slice(all.clone()))))
        .at(broken.span(all.clone()), "a header stands between `[` and `]`")
        .help(format!("write `[{name}]`"))
        .fix(broken.span(all), format!("[{name}]"))
}

/// `[api]web` or `[api.web] image = "x"`.
fn followed(broken: &Broken<'_>, parts: &Parts<'_>) -> Diagnostic {
    let closing = parts.closing.clone();
    let rest = match parts.rest {
        [first, .., last] => first.start..last.end,
        [only] => only.start..only.end,
        [] => closing.clone(),
    };
    let written = broken.slice(rest.clone());
    let message = Diagnostic::error("bad-header", format!("`{}` stands behind a header", short(written)))
        .at(broken.span(rest.clone()), "a header ends its line");
    match parts.rest {
        [only] if only.start == closing.end && is_bare_key(written) => {
            let header = format!("{}.{written}", broken.slice(parts.names.clone()).trim());
            message
                .help(format!("write `[{header}]`"))
                .fix(broken.span(closing.start..only.end), format!(".{written}{}", broken.slice(closing)))
        }
        _ if written.chars().all(|character| ":;,]}.".contains(character)) => {
            message.help(format!("delete `{written}`")).fix(broken.span(closing.end..rest.end), "")
        }
        _ => message.help("put it on a line of its own below the header"),
    }
}
