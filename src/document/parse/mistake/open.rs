//! Explains quotes and brackets that are never closed.

use super::{Broken, Finding, Kind, Unclosed, short};
use crate::diagnostic::Diagnostic;

/// Explains what the statement opens and never closes; everything else in it follows from that.
pub fn explain(broken: &Broken<'_>) -> Option<Finding> {
    let message = match broken.statement.unclosed? {
        // The whole text is JSON, which is explained as such.
        Unclosed::Bracket(at) if at == broken.statement.range.start => return None,
        Unclosed::Bracket(at) => bracket(broken, at),
        Unclosed::Quote(at) => quote(broken, at),
    };
    Some(broken.whole(message))
}

fn bracket(broken: &Broken<'_>, at: usize) -> Diagnostic {
    let opening = broken.slice(at..at + 1);
    let closing = if opening == "[" { "]" } else { "}" };
    let message = Diagnostic::error("unclosed-bracket", format!("`{opening}` is never closed"))
        .at(broken.span(at..at + 1), format!("there is no `{closing}` for it"));
    let last = broken.tokens.iter().rev().find(|token| !matches!(token.kind, Kind::Comment | Kind::Newline));
    match last {
        Some(last) if is_only_one(broken) => {
            message.help(format!("add `{closing}`")).fix(broken.span(last.end..last.end), closing)
        }
        _ => message.help(format!("add `{closing}` behind its last entry")),
    }
}

/// Whether all brackets match but one that is open to the end.
fn is_only_one(broken: &Broken<'_>) -> bool {
    let mut open = Vec::new();
    for token in &broken.tokens {
        match token.kind {
            Kind::Open => open.push(broken.word(*token)),
            Kind::Close => match (open.pop(), broken.word(*token)) {
                (Some("["), "]") | (Some("{"), "}") => {}
                _ => return false,
            },
            _ => {}
        }
    }
    open.len() == 1
}

fn quote(broken: &Broken<'_>, at: usize) -> Diagnostic {
    let end = broken.statement.range.end;
    let written = broken.slice(at..end);
    let mark = &written[..1];
    let delimiter = mark.repeat(3);
    if written.starts_with(&delimiter) {
        return Diagnostic::error("unclosed-quote", format!("a text that begins with `{delimiter}` never ends"))
            .at(broken.span(at..at + 3), "it goes on to the end of the file")
            .help(format!("close it with `{delimiter}`"));
    }
    let line = written.lines().next().unwrap_or_default().trim_end();
    if line.len() > 2 && line.ends_with("\\\"") && mark == "\"" && !line.contains('\'') {
        let inner = &line[1..line.len() - 1];
        return Diagnostic::error("bad-escape", format!("the last quote of {} does not end the text", short(line)))
            .at(broken.span(at..at + line.len()), "`\\\"` is a quote inside the text")
            .help("put the text between single quotes, which leave `\\` alone")
            .fix(broken.span(at..at + line.len()), format!("'{inner}'"));
    }
    let message = Diagnostic::error("unclosed-quote", format!("the text `{}` has no closing quote", short(line)))
        .at(broken.span(at..at + line.len()), format!("a text ends with `{mark}` on its own line"));
    let in_brackets = broken.tokens.iter().any(|token| token.kind == Kind::Open && token.start < at);
    let over_lines = written.len() > line.len() && written.ends_with(mark) && !in_brackets;
    if over_lines {
        let inner = &written[1..written.len() - 1];
        return message
            .help(format!("put a text of several lines between `{delimiter}`"))
            .fix(broken.span(at..end), format!("{delimiter}{inner}{delimiter}"));
    }
    if in_brackets || broken.equals.is_none() {
        return message.help(format!("count the `{mark}` of this line: each needs a partner"));
    }
    let insert = broken.span(at + line.len()..at + line.len());
    message
        .help(format!("close it with `{mark}`; a text of several lines stands between `{delimiter}`"))
        .fix(insert, mark)
}
