//! What formats for machines say in words: of a rule, and of a finding.

use crate::check::api;
use crate::check::rules::{self, Page};
use crate::diagnostic::{Class, Diagnostic};

/// What is said of a rule apart from any finding.
pub struct Described {
    /// What it asks for.
    pub sentence: String,
    /// All that there is to say, as Markdown.
    pub page: String,
}

/// Describes the rule with this code: by its page, by the sentence of a rule of the API server, else by the words of the code.
pub fn describe(code: &str, class: Class) -> Described {
    if let Some(page) = rules::find(code).map(Page::of) {
        return Described { sentence: page.summary, page: page.text };
    }
    let who = match class {
        Class::Stack => "The stack says something that it cannot mean.",
        Class::Api => "A kube-apiserver refuses the object, so it cannot be allowed.",
        Class::Reference => "Each object may be taken, and they do not fit each other.",
        Class::Rule => "No server refuses it, but it is hardly what was meant.",
    };
    let sentence = sentence(code);
    let page = format!("{sentence} {who} Each finding says what to type next.");
    Described { sentence, page }
}

fn sentence(code: &str) -> String {
    let mut rules = api::RULES.iter().copied().flatten().copied().chain(api::FORM_RULES);
    if let Some(rule) = rules.find(|rule| rule.id == code) {
        return rule.sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let words = code.replace('-', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

/// The whole message: what is wrong, and below it when that holds and what to type next.
pub fn message(diagnostic: &Diagnostic) -> String {
    let more = [("note", &diagnostic.note), ("help", &diagnostic.help)];
    let more = more.into_iter().filter_map(|(word, text)| Some(format!("\n{word}: {}", text.as_ref()?)));
    std::iter::once(diagnostic.title.clone()).chain(more).collect()
}
