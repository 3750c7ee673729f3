//! The pages of rules: what `explain` says of one, and the lists of all.

use super::layout::{columns, paragraph};
use super::markdown;
use crate::check::rules::{LintRule, Page, RULES, find};
use crate::check::{Rule, api};
use crate::diagnostic::Severity;
use crate::emit::ink::{Ink, Style};
use std::fmt::Write;

/// All rules with what they ask for.
pub fn list(style: Style) -> String {
    let rows: Vec<_> = RULES
        .iter()
        .map(|rule| (rule.name.to_owned(), vec![Page::of(rule).summary, format!("({})", levels(rule))]))
        .collect();
    let title = style.paint(Ink::Heading, "Rules of `stowplan lint`:");
    let more = [
        "In YAML of others what is only missing is a warning at most, because it may exist in the cluster.",
        "What an API server refuses has codes such as POD-018: `stowplan explain POD-018` says what it asks for. All other \
         codes of messages are in `stowplan explain codes`.",
    ];
    let more = more.map(|text| paragraph(text, "", style)).join("\n");
    format!("{title}\n\n{}\n{more}", columns(&rows, Ink::Code, style))
}

/// What a rule asks for and why, with examples: one of ours by its name, or one of the API server by its code.
pub fn rule(name: &str, style: Style) -> Option<String> {
    if let Some(rule) = find(name) {
        let (title, levels) = (style.paint(Ink::Heading, rule.name), format!("({})", levels(rule)));
        let head = match rule.name.len() + 2 + levels.len() <= style.width {
            true => format!("{title}  {levels}\n"),
            false => format!("{title}\n{}", paragraph(&levels, "  ", style)),
        };
        return Some(head + &markdown::page(&Page::of(rule).text, style));
    }
    let rule = of_server().find(|rule| rule.id.eq_ignore_ascii_case(name))?;
    let sentence =
        format!("{} The API server refuses what breaks this rule, so it cannot be allowed.", sentence(rule.sentence));
    Some(format!("{}  (error)\n\n{}", style.paint(Ink::Heading, rule.id), paragraph(&sentence, "  ", style)))
}

/// All rules of the API server whose codes begin so, as in `POD`.
pub fn family(name: &str, style: Style) -> Option<String> {
    let is_member = |rule: &&Rule| rule.id.rsplit_once('-').is_some_and(|(family, _)| family == name);
    let rows: Vec<_> =
        of_server().filter(is_member).map(|rule| (rule.id.to_owned(), vec![sentence(rule.sentence)])).collect();
    let title = style.paint(Ink::Heading, &format!("Rules of the API server, {}:", name));
    (!rows.is_empty()).then(|| format!("{title}\n\n{}", columns(&rows, Ink::Code, style)))
}

fn of_server() -> impl Iterator<Item = &'static Rule> {
    api::RULES.iter().copied().flatten().copied().chain(api::FORM_RULES)
}

/// `docs/rules.md`.
pub fn page() -> String {
    let mut text = String::from(
        "# Rules\n\nWhat `stowplan lint` says beside what an API server would refuse (those rules are in [api-rules.md](api-rules.md)).\n\
         `allow = { RULE = \"why\" }` on a component, or below `[lint]` for the whole stack, silences a rule where it is meant; an\n\
         allowance that silences nothing is reported. `[lint] level = { RULE = \"off\" }` changes how bad a rule is. In YAML of others,\n\
         what is only missing is a warning at most, because it may exist in the cluster.\n\n| rule | local clusters | other clusters | YAML of others | what it asks for |\n|---|---|---|---|---|\n",
    );
    let cell = |level: Option<Severity>| level.map_or("–", Severity::as_str);
    for rule in RULES {
        let (name, summary) = (rule.name, Page::of(rule).summary);
        let [local, cloud, yaml] = [rule.levels.local, rule.levels.cloud, rule.levels.foreign()].map(cell);
        writeln!(text, "| [`{name}`](#{name}) | {local} | {cloud} | {yaml} | {summary} |").expect("a String takes all");
    }
    for rule in RULES {
        write!(text, "\n## {}\n\n{}", rule.name, Page::of(rule).text).expect("a String takes all");
    }
    text
}

/// `docs/api-rules.md`.
pub fn api_page() -> String {
    let mut text = String::from(
        "# What an API server refuses\n\nThe rules of kube-apiserver that `render` and `lint` hold objects against, with the codes of their messages. A server\n\
         refuses what breaks one of them, so none of them can be allowed. They are held against real servers: see `tests/agreement`.\n\n\
         | code | what it asks for |\n|---|---|\n",
    );
    for rule in api::RULES.iter().flat_map(|rules| rules.iter()) {
        writeln!(text, "| {} | {} |", rule.id, sentence(rule.sentence).replace('|', "\\|"))
            .expect("a String takes all");
    }
    text
}

fn sentence(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `warning on local clusters, error elsewhere`; and what it is in YAML of others, where that is milder.
fn levels(rule: &LintRule) -> String {
    let word = |level: Option<Severity>| level.map_or("silent", Severity::as_str);
    let (local, cloud) = (word(rule.levels.local), word(rule.levels.cloud));
    let stack = if local == cloud { local.to_owned() } else { format!("{local} on local clusters, {cloud} elsewhere") };
    match rule.levels.foreign() {
        level if level == rule.levels.cloud => stack,
        level => format!("{stack}, {} in YAML of others", word(level)),
    }
}
