//! Explains mistakes behind the `=`: texts without quotes, words of other languages, lists and tables that do not fit.

mod json;
mod scalar;

use super::{Broken, Fault, Finding, Kind, Token, between_quotes, is_bare_key, is_value, short};
use crate::diagnostic::Diagnostic;
use std::ops::Range;

/// Explains a mistake in a value.
pub fn explain(broken: &Broken<'_>, fault: &Fault) -> Finding {
    let says = |words: &[&str]| words.iter().any(|words| fault.message.starts_with(words));
    if says(&["missing escaped value", "too few unicode", "invalid value"]) {
        return escape(broken, fault);
    }
    if let Some(template) = template(broken, fault.start) {
        return Item::at(broken, template).without_quotes(broken);
    }
    let item = Item::at(broken, fault.start);
    if says(&["extra comma"]) {
        return extra_comma(broken, fault);
    }
    if says(&["extra `=`"]) {
        return extra_equals(broken, fault);
    }
    if says(&STRAY) {
        return stray(broken, &item, fault);
    }
    if let Some(key) = item.key(broken).filter(|key| fault.start < broken.tokens[key.end].start) {
        return Finding { until: broken.tokens[key.end].start, message: broken.wrong_key(key, fault) };
    }
    let begins_with_equals = broken.tokens.get(item.tokens.start).is_some_and(|token| token.kind == Kind::Equals);
    if item.bracket == b'{' && (item.value.is_none() || begins_with_equals) {
        return no_value_in_table(broken, &item, fault);
    }
    let Some(value) = item.value.clone() else { return missing_value(broken) };
    if item.bracket == b'=' && broken.tokens[value.start].kind == Kind::Comma {
        return missing_value(broken);
    }
    if item.bracket == b'[' && broken.tokens[value.clone()].iter().any(|token| token.kind == Kind::Equals) {
        return pair_in_list(broken, &item, value);
    }
    if let Some(finding) = two_values(broken, &item, value.clone()) {
        return finding;
    }
    if says(&["missing comma"]) {
        return missing_comma(broken, fault);
    }
    let is_word = broken.tokens[value.start].kind == Kind::Word;
    let text = broken.slice(broken.tokens[value.start].start..broken.tokens[value.end - 1].end);
    if is_word && !is_value(text) { item.without_quotes(broken) } else { broken.unexpected(fault) }
}

/// What stands between two commas of a list or a table, or the whole value of the statement.
struct Item {
    /// The bracket around it; `=` where there is none.
    bracket: u8,
    /// The tokens of it.
    tokens: Range<usize>,
    /// The tokens of its value, which in a table stands behind `=`; `None` where there is no value.
    value: Option<Range<usize>>,
}

impl Item {
    fn at(broken: &Broken<'_>, place: usize) -> Self {
        let bytes = broken.text.as_bytes();
        let mut first = broken.equals.map_or(0, |equals| equals + 1);
        let mut around = vec![(b'=', first)];
        for (index, token) in broken.tokens.iter().enumerate().skip(first).take_while(|(_, token)| token.start < place)
        {
            match token.kind {
                Kind::Open => around.push((bytes[token.start], index + 1)),
                Kind::Close if around.len() > 1 => drop(around.pop()),
                Kind::Comma if around.len() > 1 => {
                    if let Some((_, first)) = around.last_mut() {
                        *first = index + 1;
                    }
                }
                _ => {}
            }
        }
        let mut bracket = b'=';
        if let Some(innermost) = around.pop() {
            (bracket, first) = innermost;
        }
        first += broken.tokens[first.min(broken.tokens.len())..].iter().take_while(|token| is_break(token)).count();
        let tokens = first..end_of_item(broken, first, bracket);
        let behind_equals = broken.tokens[tokens.clone()].iter().position(|token| token.kind == Kind::Equals);
        let value = match behind_equals {
            Some(equals) if bracket == b'{' => first + equals + 1..tokens.end,
            None if bracket == b'{' => tokens.end..tokens.end,
            _ => tokens.clone(),
        };
        Self { bracket, tokens, value: Some(value).filter(|value| !value.is_empty()) }
    }

    /// The tokens of its key, where it has one: those before `=` in a table.
    fn key(&self, broken: &Broken<'_>) -> Option<Range<usize>> {
        let is_equals = |index: &usize| broken.tokens[*index].kind == Kind::Equals;
        let equals = self.tokens.clone().find(is_equals).filter(|_| self.bracket == b'{')?;
        Some(self.tokens.start..equals).filter(|key| !key.is_empty())
    }

    /// The place up to which faults are about this item: behind the comma, bracket or line break that ends it.
    fn until(&self, broken: &Broken<'_>) -> usize {
        broken.tokens.get(self.tokens.end).map_or(broken.statement.range.end, |token| token.start) + 1
    }

    fn without_quotes(&self, broken: &Broken<'_>) -> Finding {
        let until = self.until(broken);
        let tokens = self.value.clone().unwrap_or_else(|| self.tokens.clone());
        match &broken.tokens[tokens] {
            [first, .., last] => Finding { message: scalar::explain(broken, first.start..last.end), until },
            [only] => Finding { message: scalar::explain(broken, only.start..only.end), until },
            [] => missing_value(broken),
        }
    }
}

fn is_break(token: &Token) -> bool {
    matches!(token.kind, Kind::Newline | Kind::Comment)
}

fn end_of_item(broken: &Broken<'_>, first: usize, bracket: u8) -> usize {
    let mut depth = 0_usize;
    for (index, token) in broken.tokens.iter().enumerate().skip(first) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close if depth == 0 && bracket != b'=' => return index,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Comma if depth == 0 && bracket != b'=' => return index,
            Kind::Newline | Kind::Comment if depth == 0 => return index,
            _ => {}
        }
    }
    broken.tokens.len()
}

/// The place of `{{` without quotes before a place in it.
fn template(broken: &Broken<'_>, place: usize) -> Option<usize> {
    let braces = |pair: &&[Token]| {
        broken.slice(pair[0].start..pair[1].end) == "{{" && pair[0].start <= place && pair[0].kind == Kind::Open
    };
    broken.tokens.windows(2).rev().find(braces).map(|pair| pair[0].start)
}

fn missing_value(broken: &Broken<'_>) -> Finding {
    let equals = broken.equals.map_or(broken.tokens[0], |equals| broken.tokens[equals]);
    let key = broken.slice(broken.statement.range.start..equals.start).trim_end();
    let next = broken.tokens.iter().find(|token| token.start >= equals.end);
    if let Some(comment) = next.filter(|next| next.kind == Kind::Comment && !is_prose(broken, next)) {
        return broken.whole(scalar::explain(broken, comment.start..comment.end));
    }
    let message = Diagnostic::error("missing-value", format!("`{}` has no value", short(key)))
        .at(broken.span(equals.end..equals.end), "a value is missing here")
        .help(format!("write `{} = \"…\"`, or delete the line", short(key)));
    broken.whole(message)
}

/// Whether a comment is one, and not a text such as `#general` that the reader took for one.
fn is_prose(broken: &Broken<'_>, comment: &Token) -> bool {
    let words = &broken.word(*comment)[1..];
    words.is_empty() || words.contains([' ', '\t'])
}

/// `"C:\data"`, `"\d+"`.
fn escape(broken: &Broken<'_>, fault: &Fault) -> Finding {
    let containing = broken.tokens.iter().find(|token| token.start < fault.start && fault.start <= token.end);
    let Some(token) = containing.filter(|token| token.kind == Kind::Text) else { return broken.unexpected(fault) };
    let written = broken.word(*token);
    let Some(backslash) = broken.slice(token.start..fault.start).rfind('\\') else { return broken.unexpected(fault) };
    let sequence: String = written[backslash..].chars().take(2).collect();
    let at = token.start + backslash;
    let message = Diagnostic::error("bad-escape", format!("`{sequence}` is not an escape"))
        .at(broken.span(at..at + sequence.len()), "`\\` begins an escape between double quotes");
    let inner = &written[1..written.len() - 1];
    let means_escapes = inner.split('\\').skip(1).any(|rest| rest.is_empty() || rest.starts_with(ESCAPES));
    let is_quotable = !inner.contains('\'') && !written.starts_with("\"\"\"");
    let message = if means_escapes && is_quotable {
        message.help("put the text between single quotes, which leave `\\` alone; between double quotes write each `\\` as `\\\\`")
    } else if !is_quotable {
        message.help("write `\\\\` for a backslash").fix(broken.span(at..at), "\\")
    } else {
        message
            .help("put the text between single quotes, which leave `\\` alone")
            .fix(broken.span(token.start..token.end), format!("'{inner}'"))
    };
    Finding { message, until: token.end }
}

/// What may follow `\` without digits (TOML 1.1, section "String").
const ESCAPES: [char; 7] = ['b', 'e', 'f', 'n', 'r', 't', '"'];

/// A second entry on a line of its own without a comma before it.
fn missing_comma(broken: &Broken<'_>, fault: &Fault) -> Finding {
    let before =
        broken.tokens.iter().filter(|token| !is_break(token)).take_while(|token| token.end <= fault.start).last();
    let next = broken.tokens.iter().find(|token| token.start >= fault.start);
    let (Some(before), Some(next)) = (before, next) else { return broken.unexpected(fault) };
    let message =
        Diagnostic::error("missing-comma", format!("a comma is missing before `{}`", short(broken.word(*next))))
            .at(broken.span(next.start..next.end), "a second entry begins here")
            .help("put a comma behind the one before it")
            .fix(broken.span(before.end..before.end), ",");
    Finding { message, until: next.end }
}

fn extra_comma(broken: &Broken<'_>, fault: &Fault) -> Finding {
    let comma = fault.start..fault.start + 1;
    let message = Diagnostic::error("toml-syntax", "a comma without a value before it")
        .at(broken.span(comma.clone()), "nothing stands before it")
        .help("delete the comma")
        .fix(broken.span(comma.clone()), "");
    Finding { message, until: comma.end }
}

/// `a == 1`.
fn extra_equals(broken: &Broken<'_>, fault: &Fault) -> Finding {
    let first = broken.equals.map_or(fault.start, |equals| broken.tokens[equals].end);
    let message = Diagnostic::error("toml-syntax", "a key is followed by one `=`")
        .at(broken.span(fault.start..fault.end), "one too many")
        .help("write one `=`")
        .fix(broken.span(first..fault.end), "");
    broken.whole(message)
}

/// How the reader begins to speak of a token that does not belong where it stands.
const STRAY: [&str; 5] = [
    "extra assignment",
    "missing array opening",
    "missing inline table opening",
    "invalid inline table element",
    "missing key for inline table element",
];

/// `a = ]`, `{ b = 1 = 2 }`, `{ [c] }`.
fn stray(broken: &Broken<'_>, item: &Item, fault: &Fault) -> Finding {
    let Some(token) = broken.tokens.iter().find(|token| token.start >= fault.start) else {
        return broken.unexpected(fault);
    };
    let written = broken.word(*token);
    let label = match token.kind {
        Kind::Equals => "the entry has one already",
        Kind::Open => "a key and `=` come before a value",
        _ => "nothing is open here",
    };
    let message = Diagnostic::error("toml-syntax", format!("`{written}` does not belong here"))
        .at(broken.span(token.start..token.end), label)
        .help(format!("delete `{written}`, or put the value between quotes"));
    Finding { message, until: item.until(broken).max(token.end) }
}

/// `{ "a": 1 }`, `{ a }`, `{ [1] }`.
fn no_value_in_table(broken: &Broken<'_>, item: &Item, fault: &Fault) -> Finding {
    let tokens = &broken.tokens[item.tokens.clone()];
    let Some(first) = tokens.first().filter(|first| matches!(first.kind, Kind::Word | Kind::Text | Kind::Equals))
    else {
        return broken.unexpected(fault);
    };
    if item.tokens.clone().take(2).any(|index| json::key_colon(broken, index).is_some()) {
        return json::explain(broken);
    }
    if first.kind == Kind::Equals {
        return Finding { message: broken.no_key(*first), until: item.until(broken) };
    }
    let key = short(broken.word(*first));
    let message = match tokens.get(1) {
        Some(second) if second.kind != Kind::Equals => {
            Diagnostic::error("missing-equals", format!("`=` is missing behind `{key}`"))
                .at(broken.span(first.end..first.end), "here")
                .help(format!("write `{key} = {}`", short(broken.word(*second))))
                .fix(broken.span(first.end..first.end), " =")
        }
        _ => Diagnostic::error("missing-value", format!("`{key}` has no value"))
            .at(broken.span(first.start..first.end), "braces hold `key = value` entries")
            .help(format!("write `{key} = value`, or a list: `[…]`")),
    };
    Finding { message, until: item.until(broken) }
}

/// `env = [A = 1]`.
fn pair_in_list(broken: &Broken<'_>, item: &Item, value: Range<usize>) -> Finding {
    let written = broken.tokens[value.start].start..broken.tokens[value.end - 1].end;
    let message = Diagnostic::error("toml-syntax", "a list holds values, not `key = value`")
        .at(broken.span(written.clone()), "a key and a value")
        .help(format!("write a table, `{{ {} }}`, or put quotes around the entry", short(broken.slice(written))));
    Finding { message, until: item.until(broken) }
}

/// Two values where one may stand: a missing comma, a missing line break, a quote inside quotes.
fn two_values(broken: &Broken<'_>, item: &Item, value: Range<usize>) -> Option<Finding> {
    let tokens = &broken.tokens[value];
    let split = first_value(broken, tokens)?;
    let (first, second, last) = (tokens[split - 1], tokens[split], tokens[tokens.len() - 1]);
    let all = tokens[0].start..last.end;
    let adjacent = tokens[0].kind == Kind::Text && second.kind == Kind::Word && first.end == second.start;
    let pair = tokens[split..].iter().position(|token| token.kind == Kind::Equals).filter(|equals| *equals > 0);
    let message = if adjacent && broken.slice(all.clone()).ends_with(&broken.word(tokens[0])[..1]) {
        quote_in_text(broken, all)
    } else if item.bracket != b'=' {
        let rest = second.start..last.end;
        Diagnostic::error("missing-comma", format!("a comma is missing before `{}`", short(broken.slice(rest.clone()))))
            .at(broken.span(rest), "a second entry begins here")
            .help("put a comma between them")
            .fix(broken.span(first.end..first.end), ",")
    } else if let Some(equals) = pair.filter(|equals| is_bare_key(broken.word(tokens[split + equals - 1]))) {
        let key = tokens[split + equals - 1];
        Diagnostic::error("toml-syntax", format!("the key `{}` stands behind a value", short(broken.word(key))))
            .at(broken.span(key.start..key.end), "a key begins a line of its own")
            .help("begin a new line before it")
    } else if second.kind == Kind::Comma && tokens.len() > split + 1 {
        let list = format!("[{}]", broken.slice(all.clone()));
        Diagnostic::error("toml-syntax", "several values without brackets around them")
            .at(broken.span(all.clone()), "a list stands between `[` and `]`")
            .help("put brackets around them")
            .fix(broken.span(all), list)
    } else {
        behind_value(broken, first.end..last.end)
    };
    Some(Finding { message, until: item.until(broken) })
}

/// Index of the first token behind the first whole value, where there are both.
fn first_value(broken: &Broken<'_>, tokens: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            let written = broken.slice(tokens[0].start..token.end);
            let is_whole = token.kind != Kind::Word || is_value(written) && !is_one_text(broken, &tokens[index + 1..]);
            return (index + 1 < tokens.len() && is_whole).then_some(index + 1);
        }
    }
    None
}

/// Whether what stands behind a number makes one text with it: `0 6 * * *` and `0,30 * * * *`, but not `1 2`.
fn is_one_text(broken: &Broken<'_>, rest: &[Token]) -> bool {
    rest.iter().all(|token| matches!(token.kind, Kind::Word | Kind::Comma))
        && rest.iter().any(|token| token.kind == Kind::Word && !is_value(broken.word(*token)))
}

/// `'it's'`, `"say "hi""`.
fn quote_in_text(broken: &Broken<'_>, range: Range<usize>) -> Diagnostic {
    let written = broken.slice(range.clone());
    let mark = &written[..1];
    let inner = &written[1..written.len() - 1];
    Diagnostic::error("quote-in-text", format!("the text {} has a `{mark}` inside", short(written)))
        .at(broken.span(range.clone()), format!("the second `{mark}` ends the text"))
        .help("put it between the other kind of quotes")
        .fix(broken.span(range), between_quotes(inner))
}

fn behind_value(broken: &Broken<'_>, range: Range<usize>) -> Diagnostic {
    let written = broken.slice(range.clone()).trim_start();
    let place = range.end - written.len()..range.end;
    let message = Diagnostic::error("toml-syntax", format!("`{}` stands behind a value", short(written)))
        .at(broken.span(place), "one value ends the line");
    if written.chars().all(|character| ",;]}.".contains(character)) {
        return message.help(format!("delete `{written}`")).fix(broken.span(range), "");
    }
    message.help("put all of it between one pair of quotes, or begin a new line")
}
