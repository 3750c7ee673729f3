//! The language in words, for `explain`: made from its declarations, so that nothing is said twice.

mod examples;
mod kinds;
mod layout;
mod markdown;
mod lookup;
mod values;
mod edges;
mod layers;
mod reference;
pub mod rules;
pub mod codes;
mod unknown;

use edges::Section;
pub(crate) use kinds::{describe, takes};
pub(crate) use layout::{columns, paragraph, wrap};
pub(crate) use lookup::{Entry, Meaning, find, tables_of};
pub use reference::reference;
use unknown::unknown;
pub(crate) use values::Profiles;

use super::ink::{Ink, Style};
use crate::check::rules::RULES;
use crate::component::file::{StackFile, Tables};
use crate::diagnostic::Diagnostic;
use crate::shape::kind::Presence;
use crate::shape::{KeyForm, Kind, TableForm};

/// Every table with its first sentence.
pub fn topics(style: Style) -> String {
    let rows = |keys: &[&'static KeyForm]| -> Vec<(String, Vec<String>)> {
        keys.iter().map(|key| (key.name.to_owned(), vec![sentence(summary(key))])).collect()
    };
    let own: Vec<_> = StackFile::FORM.keys.iter().collect();
    let shared: Vec<_> = Tables::FORM.keys.iter().collect();
    let commands = [
        ("stowplan explain api", "the keys of a table"),
        ("stowplan explain api.image", "a key"),
        ("stowplan explain cluster", "the facts about a cluster"),
        ("stowplan explain rules", "the rules of lint"),
        ("stowplan explain codes", "what else a message has in brackets"),
    ];
    let commands = commands.map(|(command, what)| (command.to_owned(), vec![what.to_owned()]));
    format!(
        "{}\n\n{}\n{}\n\n{}\n{}\n\n{}",
        style.paint(Ink::Heading, "A stack file holds these tables:"),
        columns(&rows(&shared), Ink::Code, style),
        style.paint(Ink::Heading, "And what is said of the whole:"),
        columns(&rows(&own), Ink::Code, style),
        style.paint(Ink::Heading, "More:"),
        columns(&commands, Ink::Code, style),
    )
}

/// The names of all tables, rules and codes, and of their lists.
pub fn names() -> impl Iterator<Item = &'static str> {
    let tables = StackFile::FORM.all_keys().into_iter().map(|key| key.name);
    let rules = RULES.iter().map(|rule| rule.name);
    tables.chain(["rules", "codes"]).chain(rules).chain(codes::names())
}

/// What a table, a key, a fact about the cluster, a rule or a code is: `api`, `api.probes.live`, `probes`, `unknown-key`.
///
/// # Errors
/// Where nothing has that name.
pub fn explain(words: &str, style: Style) -> Result<String, Box<Diagnostic>> {
    let path: Vec<&str> =
        words.split('.').map(|word| word.trim_matches(['"', '[', ']'])).filter(|word| !word.is_empty()).collect();
    if let Some(text) = rules::rule(words, style).or_else(|| codes::code(words, style)) {
        return Ok(text);
    }
    match words {
        "rules" => return Ok(rules::list(style)),
        "codes" => return Ok(codes::list(style)),
        _ => {}
    }
    if let Some(name) = words.strip_prefix("rules.").or_else(|| words.strip_prefix("codes.")) {
        return explain(name, style);
    }
    if let Some(text) = rules::family(words, style) {
        return Ok(text);
    }
    let meanings = find(&path);
    if meanings.is_empty() {
        return Err(Box::new(unknown(words, &path)));
    }
    let profiles = Profiles::load();
    let texts: Vec<String> = meanings.iter().map(|meaning| text(meaning, &profiles, style)).collect();
    Ok(texts.join("\n"))
}

/// One thing with all that is known of it.
fn text(meaning: &Meaning, profiles: &Profiles, style: Style) -> String {
    let entry = &meaning.entry;
    let title = style.paint(Ink::Heading, &entry.title());
    let mut text = format!("{title}\n\n{}", paragraph(&documentation(entry), "  ", style));
    let mut facts: Vec<(String, Vec<String>)> = Vec::new();
    if entry.path.len() > 1 {
        let is_required = entry.key.presence == Presence::Required && entry.demands();
        let required = if is_required { "; required" } else { "" };
        facts.push(("takes".into(), vec![format!("{}{required}", takes(entry.key, entry.kind))]));
    }
    if !meaning.others.is_empty() {
        facts.push(("also in".into(), vec![meaning.others.join(", ")]));
    }
    let values = profiles.values(&entry.path, entry.kind);
    if let Some(value) = values.shared() {
        facts.push(("default".into(), vec![value.to_owned()]));
    }
    if !facts.is_empty() {
        text.push('\n');
        text.push_str(&columns(&facts, Ink::Aside, style));
    }
    if values.differ() {
        text.push_str(&heading("In the built-in profiles:", style));
        let rows: Vec<_> = values.each().map(|(name, value)| (name.to_owned(), vec![value.to_owned()])).collect();
        text.push_str(&columns(&rows, Ink::Code, style));
    }
    for form in tables_of(entry.kind) {
        text.push_str(&keys_of(form, entry, profiles, style));
    }
    for Section { title, rows } in sections(entry.key) {
        let rows: Vec<_> = rows.into_iter().map(|(name, what)| (name, vec![what])).collect();
        let title: String = wrap(&format!("{title}:"), style.width)
            .iter()
            .map(|line| format!("{}\n", style.paint(Ink::Heading, line)))
            .collect();
        text.push_str(&format!("\n{title}\n{}", columns(&rows, Ink::Code, style)));
    }
    if let [table] = entry.path.as_slice()
        && let Some(example) = examples::example(table)
    {
        text.push_str(&heading("Example:", style));
        text.push_str(&code(&example, "  ", style));
    }
    text
}

/// What the lines below it are about, between blank lines.
fn heading(title: &str, style: Style) -> String {
    format!("\n{}\n\n", style.paint(Ink::Heading, title))
}

/// Lines of code, each behind `indent`.
fn code(text: &str, indent: &str, style: Style) -> String {
    let line =
        |line: &str| if line.is_empty() { "\n".into() } else { format!("{indent}{}\n", style.paint(Ink::Code, line)) };
    text.lines().map(line).collect()
}

/// What is said of a key beyond what it takes: of the one that names the components that one talks to, and of profiles.
fn sections(key: &KeyForm) -> Vec<Section> {
    match key.name {
        "uses" => edges::sections().into(),
        "profile" => vec![layers::section()],
        _ => Vec::new(),
    }
}

fn keys_of(form: &'static TableForm, entry: &Entry, profiles: &Profiles, style: Style) -> String {
    let mut keys = form.all_keys();
    keys.extend(form.others.map(|others| &others.key));
    if keys.is_empty() {
        return String::new();
    }
    let rows: Vec<_> = keys
        .iter()
        .map(|key| {
            let mut path = entry.path.clone();
            path.push(key.name);
            let values = profiles.values(&path, key.kind);
            let mut facts = vec![takes(key, key.kind)];
            let is_required = key.presence == Presence::Required && entry.demands();
            facts.extend(is_required.then(|| "required".to_owned()));
            facts.extend(values.shared().map(|value| format!("default {value}")));
            // Of a table of facts only the facts themselves are worth it.
            let is_leaf = entry.path[0] != "cluster" || !matches!(key.kind, Kind::Table(_));
            facts.extend((is_leaf && values.differ()).then(|| "the default depends on the profile".to_owned()));
            (key.name.to_owned(), vec![on_one_line(key.doc), format!("({})", facts.join("; "))])
        })
        .collect();
    let mut text = format!("{}{}", heading("Keys:", style), columns(&rows, Ink::Code, style));
    for group in form.exclusive_groups() {
        let names: Vec<_> = group.iter().map(|name| format!("`{name}`")).collect();
        let sentence = format!("Only one of {} may stand.", names.join(", "));
        text.push_str(&format!("\n{}", paragraph(&sentence, "", style)));
    }
    text
}

/// The sentences of a key, those of its table behind them where they say more, and what it takes, on one line.
pub(crate) fn described(key: &KeyForm) -> String {
    let own = on_one_line(key.doc);
    let table = tables_of(key.kind).first().map(|form| on_one_line(form.doc)).unwrap_or_default();
    let takes = takes(key, key.kind);
    if table.is_empty() || own.contains(&table) {
        format!("{own} ({takes})")
    } else {
        format!("{own} {table} ({takes})")
    }
}

/// The sentences of an entry: of a table of the stack those of the table itself, of a key its own, and the table's where
/// they say more.
fn documentation(entry: &Entry) -> String {
    let own = on_one_line(entry.key.doc);
    let table = tables_of(entry.kind).first().map(|form| on_one_line(form.doc)).unwrap_or_default();
    match entry.path.len() {
        1 if !table.is_empty() => table,
        _ if table.is_empty() || own.contains(&table) || !matches!(entry.kind, Kind::Table(_)) => own,
        _ => format!("{own} {table}"),
    }
}

/// The text that says most about a top-level key in one sentence.
fn summary(key: &'static KeyForm) -> &'static str {
    match (key.kind, tables_of(key.kind).first()) {
        (Kind::Map(_), Some(form)) => form.doc,
        _ => key.doc,
    }
}

fn sentence(doc: &str) -> String {
    let doc = on_one_line(doc);
    match doc.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => doc,
    }
}

fn on_one_line(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &str) -> String {
        explain(words, Style::plain(80)).unwrap_or_else(|error| panic!("{}", error.title))
    }

    fn help(words: &str) -> String {
        explain(words, Style::plain(80)).unwrap_err().help.unwrap()
    }

    #[test]
    fn a_table_shows_its_keys_with_types_and_defaults_and_an_example() {
        let text = said("api");
        assert!(text.starts_with("[api.NAME]\n\n  Anything that listens"), "{text}");
        assert!(text.contains("\n  image "), "{text}");
        assert!(text.contains("required"), "{text}");
        assert!(text.contains("default \"baseline\""), "{text}");
        assert!(text.contains("Example:\n\n  [api."), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }

    #[test]
    fn a_key_is_found_by_its_path_with_and_without_the_name_of_a_component() {
        assert_eq!(said("api.probes.live"), said("api.web.probes.live"));
        let text = said("api.probes.live");
        assert!(text.starts_with("api.NAME.probes.live\n"), "{text}");
        assert!(text.contains("Only one of `http`, `tcp`, `grpc`, `exec` may stand."), "{text}");
        assert!(said("api.env.PORT").starts_with("api.NAME.env.KEY\n"));
        assert!(said("profile.cloud.api.web.image").starts_with("profile.NAME.api.NAME.image\n"));
    }

    #[test]
    fn a_key_of_several_tables_is_explained_once() {
        let text = said("wait");
        assert_eq!(text.matches("takes").count(), 1, "{text}");
        assert!(text.contains("worker.NAME.wait") && text.contains("job.NAME.wait"), "{text}");
        assert!(said("sleep").contains("stop.sleep"));
    }

    #[test]
    fn a_fact_shows_its_value_in_each_profile() {
        let text = said("cluster.storage.class");
        assert!(text.contains("k3d           \"local-path\"\n"), "{text}");
        assert!(text.contains("eks           \"gp3\"\n"), "{text}");
        assert!(text.contains("cloud         \"\"\n"), "{text}");
        assert!(said("cluster.pod-security").contains("digitalocean  \"restricted\"\n"));
        assert!(said("cluster.issuer").contains("issuer"), "a key of a table further down");
    }

    #[test]
    fn what_is_not_there_has_a_suggestion() {
        assert_eq!(help("apis"), "did you mean `api`?");
        assert_eq!(help("api.prots"), "did you mean `api.ports`?");
        assert_eq!(help("replcias"), "did you mean `replicas`?");
        assert!(help("xyzzyxyzzy").contains("stowplan explain"));
        for nothing in ["", "....", "[[["] {
            assert!(explain(nothing, Style::plain(80)).is_err(), "{nothing}");
        }
    }

    #[test]
    fn every_topic_can_be_explained_at_every_width() {
        for key in StackFile::FORM.all_keys() {
            for width in [40, 80, 100] {
                assert!(explain(key.name, Style::plain(width)).is_ok(), "{}", key.name);
            }
            assert!(topics(Style::plain(80)).contains(&format!("\n  {} ", key.name)), "{}", key.name);
        }
    }
}
