//! The pages of codes that are no rules: mistakes in the call, in the stack and in streams, and the risks of `diff`.
//!
//! Each file of `codes` is about one thing: its first line is a heading that says what, and under `## CODE` stands the page of a
//! code, in the form of the page of a rule. An example in `console` is a call, one of `before` and `after` what `diff` compares.

use super::layout::{columns, paragraph};
use super::markdown;
use crate::check::rules::Page;
use crate::emit::ink::{Ink, Style};

const TEXTS: &[&str] = &[
    include_str!("codes/syntax.md"),
    include_str!("codes/language.md"),
    include_str!("codes/layers.md"),
    include_str!("codes/components.md"),
    include_str!("codes/network.md"),
    include_str!("codes/data.md"),
    include_str!("codes/objects.md"),
    include_str!("codes/call.md"),
    include_str!("codes/risks.md"),
];

/// Codes of messages about one thing.
pub struct Group {
    /// What they are about, as a heading.
    pub title: &'static str,
    /// Each with its page, by name.
    pub pages: Vec<(&'static str, Page)>,
}

/// All groups.
pub fn groups() -> impl Iterator<Item = Group> {
    TEXTS.iter().map(|text| group(text))
}

/// The names of all codes.
pub fn names() -> impl Iterator<Item = &'static str> {
    groups().flat_map(|group| group.pages.into_iter().map(|(name, _)| name))
}

/// The page of a code on a terminal.
pub fn code(name: &str, style: Style) -> Option<String> {
    groups().find_map(|group| {
        let (name, page) = group.pages.iter().find(|(known, _)| *known == name)?;
        let title = style.paint(Ink::Heading, name);
        Some(format!("{title}\n{}", markdown::page(&page.text, style)))
    })
}

/// All codes with a sentence each.
pub fn list(style: Style) -> String {
    let mut text = String::new();
    for group in groups() {
        let rows: Vec<_> = group.pages.into_iter().map(|(name, page)| (name.to_owned(), vec![page.summary])).collect();
        let title = style.paint(Ink::Heading, &format!("{}:", group.title));
        text.push_str(&format!("{title}\n\n{}\n", columns(&rows, Ink::Code, style)));
    }
    let more = "Findings of `lint` have the names of its rules, in `stowplan explain rules`; what an API server refuses has codes \
                such as POD-018.";
    text + &paragraph(more, "", style)
}

/// `docs/codes.md`.
pub fn page() -> String {
    let mut text = String::from(
        "# Codes of messages\n\nThe codes that `stowplan` has in brackets, as in `error[unknown-key]`. Those of `lint` are in [rules.md](rules.md), those\n\
         of what an API server refuses in [api-rules.md](api-rules.md). `stowplan explain CODE` prints one of them.\n",
    );
    for group in groups() {
        text.push_str(&format!("\n## {}\n", group.title));
        for (name, page) in group.pages {
            text.push_str(&format!("\n### {name}\n\n{}", page.text));
        }
    }
    text
}

fn group(text: &'static str) -> Group {
    let mut lines = text.lines();
    let title = lines.next().and_then(|line| line.strip_prefix("# ")).unwrap_or_default();
    let mut sections: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
    let mut is_code = false;
    for line in lines {
        is_code ^= line.starts_with("```");
        match (line.strip_prefix("## ").filter(|_| !is_code), sections.last_mut()) {
            (Some(name), _) => sections.push((name, Vec::new())),
            (None, Some((_, lines))) if !lines.is_empty() || !line.is_empty() => lines.push(line),
            _ => {}
        }
    }
    Group { title, pages: sections.into_iter().map(|(name, lines)| (name, Page::of_lines(&lines))).collect() }
}
