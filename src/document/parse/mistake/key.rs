//! Explains lines that do not begin with `key =`: habits from other languages, and keys that need quotes.

use super::{Broken, Fault, Finding, Kind, Token, is_bare_key, quote, short, to_toml};
use crate::diagnostic::Diagnostic;
use std::ops::Range;

/// Explains a mistake before the `=`, or a line without one.
pub fn explain(broken: &Broken<'_>, fault: &Fault) -> Finding {
    let habits = [merge_conflict, other_comment, yaml_list, json_document, unopened, yaml_pair];
    if let Some(message) = habits.iter().find_map(|habit| habit(broken)) {
        return broken.whole(message);
    }
    match broken.equals {
        Some(0) => broken.whole(broken.no_key(broken.tokens[0])),
        Some(equals) => Finding { message: broken.wrong_key(0..equals, fault), until: broken.tokens[equals].start },
        None => broken.whole(no_equals(broken)),
    }
}

/// The line on which the statement begins, without a comment.
fn line(broken: &Broken<'_>) -> Range<usize> {
    broken.tokens[0].start..broken.line_end(0)
}

fn first_word<'t>(broken: &Broken<'t>) -> &'t str {
    broken.word(broken.tokens[0])
}

fn merge_conflict(broken: &Broken<'_>) -> Option<Diagnostic> {
    let line = line(broken);
    let written = broken.slice(line.clone());
    let marker = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| written.starts_with(marker));
    marker.then(|| {
        Diagnostic::error("merge-conflict", format!("`{}` is a mark of an unresolved merge", short(written)))
            .at(broken.span(line), "left by the version control system")
            .help("decide for one of the two versions and delete the marks")
    })
}

fn other_comment(broken: &Broken<'_>) -> Option<Diagnostic> {
    let word = first_word(broken);
    let mark = ["//", "/*", "--", ";"].into_iter().find(|mark| word.starts_with(mark) && *word != *"---")?;
    broken.equals.is_none().then(|| {
        let start = broken.tokens[0].start;
        Diagnostic::error("toml-syntax", format!("`{mark}` does not begin a comment"))
            .at(broken.span(start..start + mark.len()), "a comment begins with `#`")
            .help("write `#`")
            .fix(broken.span(start..start + mark.len()), "#")
    })
}

fn yaml_list(broken: &Broken<'_>) -> Option<Diagnostic> {
    let word = first_word(broken);
    let line = line(broken);
    if word == "---" || word == "..." {
        let message = Diagnostic::error("yaml-syntax", format!("`{word}` is YAML"))
            .at(broken.span(line), "TOML has one document per file");
        return Some(message.help("delete the line"));
    }
    let item = broken.slice(line.clone()).strip_prefix('-')?;
    if !(item.is_empty() || item.starts_with([' ', '\t'])) {
        return None;
    }
    let example = to_toml(item).filter(|value| value.len() <= 40).unwrap_or_else(|| "\"a\"".to_owned());
    Some(
        Diagnostic::error("yaml-syntax", format!("`{}` is an entry of a YAML list", short(broken.slice(line.clone()))))
            .at(broken.span(line), "TOML writes lists between brackets")
            .help(format!("write the list as `key = [{example}, …]`")),
    )
}

fn json_document(broken: &Broken<'_>) -> Option<Diagnostic> {
    let start = broken.tokens[0].start;
    (broken.tokens[0].kind == Kind::Open).then(|| {
        Diagnostic::error("json-syntax", "a text that begins with `{` is JSON, not TOML")
            .at(broken.span(start..start + 1), "a TOML file has no braces around it")
            .help("write `key = value` lines below `[table.name]` headers")
    })
}

/// `]`, `}` or `,` at the start of a line, or `api.web]`.
fn unopened(broken: &Broken<'_>) -> Option<Diagnostic> {
    let first = broken.tokens[0];
    let written = broken.word(first);
    if matches!(first.kind, Kind::Close | Kind::Comma) {
        let message = Diagnostic::error("toml-syntax", format!("`{written}` stands here without a beginning"))
            .at(broken.span(first.start..first.end), "nothing is open here");
        return Some(message.help(format!("delete `{written}`, or look for what it was meant to close")));
    }
    let close = broken.tokens.iter().find(|token| token.kind == Kind::Close)?;
    let line = line(broken);
    (broken.equals.is_none() && close.end == line.end && broken.word(*close) == "]").then(|| {
        let header = broken.slice(line.clone());
        Diagnostic::error("bad-header", format!("the header `{}` has no `[`", short(header)))
            .at(broken.span(line), "a header stands between `[` and `]`")
            .help(format!("write `[{header}`"))
            .fix(broken.span(first.start..first.start), "[")
    })
}

/// `key: value`, also with the key between quotes as in JSON.
fn yaml_pair(broken: &Broken<'_>) -> Option<Diagnostic> {
    let line = line(broken);
    let written = broken.slice(line.clone());
    let colon = colon(broken)? - line.start;
    let (key, value) = (written[..colon].trim_end(), &written[colon + 1..]);
    if value.starts_with('=') {
        let place = broken.span(line.start + colon..line.start + colon + 2);
        let message = Diagnostic::error("toml-syntax", "`:=` is not TOML").at(place, "a key is followed by `=`");
        return Some(message.help("write `=`").fix(place, "="));
    }
    let key = if key.split('.').all(is_bare_key) || key.starts_with(['"', '\'']) { key.to_owned() } else { quote(key) };
    let message = Diagnostic::error("yaml-syntax", format!("`{}` is YAML, not TOML", short(written)));
    let value = to_toml(value);
    Some(match value {
        Some(value) => message
            .at(broken.span(line.start + colon..line.start + colon + 1), "a key is followed by `=`")
            .help(format!("write `{key} = {}`", short(&value)))
            .fix(broken.span(line), format!("{key} = {value}")),
        None => message
            .at(broken.span(line), "a key is followed by `=` and a value")
            .help(format!("write `{key} = value`, or a header such as `[{key}.name]` with keys below it")),
    })
}

/// The place of the `:` behind a key, where that is what separates it from its value.
fn colon(broken: &Broken<'_>) -> Option<usize> {
    let first = broken.tokens[0];
    let second = broken.tokens.get(1).filter(|second| second.kind == Kind::Word);
    let starts_with_colon = |token: &&Token| broken.word(**token).starts_with(':');
    if let Some(second) = second.filter(starts_with_colon) {
        return Some(second.start);
    }
    let word = first_word(broken);
    let at = word.find(':').filter(|at| first.kind == Kind::Word && *at > 0)?;
    // `a:b = 1` is a key that needs quotes, `a: b=1` is YAML.
    (broken.equals.is_none() || at + 1 == word.len()).then_some(first.start + at)
}

fn no_equals(broken: &Broken<'_>) -> Diagnostic {
    let line = line(broken);
    let first = broken.tokens[0];
    let key = short(broken.word(first));
    let value = to_toml(broken.slice(first.end..line.end));
    let place = broken.span(first.end..first.end);
    match value {
        Some(value) => Diagnostic::error("missing-equals", format!("`=` is missing behind `{key}`"))
            .at(place, "here")
            .help(format!("write `{key} = {}`", short(&value)))
            .fix(broken.span(first.end..line.end), format!(" = {value}")),
        None => Diagnostic::error("missing-value", format!("`{key}` has no value"))
            .at(broken.span(line), "a key is followed by `=` and a value")
            .help(format!("write `{key} = value`, or delete the line")),
    }
}
