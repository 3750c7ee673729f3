//! What formats for machines say in words: of a rule, and of a finding.

use crate::check::api;
use crate::diagnostic::Diagnostic;
use std::borrow::Cow;

/// One sentence that says what the rule with this code asks for, apart from any finding.
pub fn sentence(code: &str) -> Cow<'static, str> {
    if let Some(rule) = api::RULES.iter().copied().flatten().find(|rule| rule.id == code) {
        return rule.sentence.trim().into();
    }
    match code.split_once('-') {
        Some(("DEC", _)) => "An object has no other fields than its kind has, each of its type.".into(),
        Some(("REQ", _)) => "An object has the fields without which its kind cannot be read.".into(),
        _ => {
            let words = code.replace('-', " ");
            let mut letters = words.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            format!("{first}{}.", letters.as_str()).into()
        }
    }
}

/// The whole message: what is wrong, and below it when that holds and what to type next.
pub fn message(diagnostic: &Diagnostic) -> String {
    let more = [("note", &diagnostic.note), ("help", &diagnostic.help)];
    let more = more.into_iter().filter_map(|(word, text)| Some(format!("\n{word}: {}", text.as_ref()?)));
    std::iter::once(diagnostic.title.clone()).chain(more).collect()
}
