//! The language in words, for `explain`: made from its declarations, so that nothing is said twice.

mod examples;
mod kinds;
mod layout;
mod lookup;
mod values;
mod edges;
mod reference;
pub mod rules;

use edges::Section;
pub(crate) use kinds::describe;
pub(crate) use layout::{columns, paragraph, wrap};
pub(crate) use lookup::{Entry, Meaning, find, tables_of};
pub use reference::reference;
pub(crate) use values::Profiles;

use crate::check::rules::RULES;
use crate::component::file::{StackFile, Tables};
use crate::diagnostic::Diagnostic;
use crate::profile::builtin;
use crate::shape::kind::Presence;
use crate::shape::{KeyForm, Kind, TableForm};
use crate::value::nearest;

/// Every table with its first sentence, wrapped at `width` columns.
pub fn topics(width: usize) -> String {
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
    ];
    let commands = commands.map(|(command, what)| (command.to_owned(), vec![what.to_owned()]));
    format!(
        "A stack file holds these tables:\n\n{}\nAnd what is said of the whole:\n\n{}\nMore:\n\n{}",
        columns(&rows(&shared), width),
        columns(&rows(&own), width),
        columns(&commands, width),
    )
}

/// What a table, a key, a fact about the cluster or a rule is: `api`, `api.probes.live`, `probes`. Wrapped at `width` columns.
///
/// # Errors
/// Where nothing has that name.
pub fn explain(words: &str, width: usize) -> Result<String, Box<Diagnostic>> {
    let path: Vec<&str> =
        words.split('.').map(|word| word.trim_matches(['"', '[', ']'])).filter(|word| !word.is_empty()).collect();
    let meanings = find(&path);
    if let Some(text) = rules::rule(words, width) {
        return Ok(text);
    }
    if words == "rules" {
        return Ok(rules::list(width));
    }
    if let Some(rule) = words.strip_prefix("rules.") {
        return explain(rule, width);
    }
    if let Some(text) = rules::family(words, width) {
        return Ok(text);
    }
    if meanings.is_empty() {
        return Err(Box::new(unknown(words, &path)));
    }
    let profiles = Profiles::load();
    let texts: Vec<String> = meanings.iter().map(|meaning| text(meaning, &profiles, width)).collect();
    Ok(texts.join("\n"))
}

fn unknown(words: &str, path: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-topic", format!("there is no table, key or rule `{words}`"));
    let tables = StackFile::FORM.all_keys();
    let (parent, last) = match path {
        [parent @ .., last] if !parent.is_empty() => (find(parent), *last),
        _ => (Vec::new(), path.last().copied().unwrap_or_default()),
    };
    let beside: Vec<&str> = parent
        .iter()
        .flat_map(|meaning| tables_of(meaning.entry.kind))
        .flat_map(|form| form.all_keys().into_iter().map(|key| key.name))
        .collect();
    if let Some(near) = nearest(last, beside.iter().copied()) {
        let parent = path[..path.len() - 1].join(".");
        return diagnostic.help(format!("did you mean `{parent}.{near}`?"));
    }
    if let Some(help) = elsewhere(words) {
        return diagnostic.help(help);
    }
    let all = lookup::all_names();
    let rules = RULES.iter().map(|rule| rule.name);
    let tables = tables.iter().map(|key| key.name);
    // What looks like a code is no slip of a key.
    let is_code = path.len() == 1 && last.contains('-');
    let known = tables.chain(all.iter().copied()).chain(["rules"]).filter(|_| !is_code).chain(rules);
    diagnostic.help(match nearest(last, known) {
        Some(near) if is_code => format!("did you mean `{near}`? {WITHOUT_PAGE}"),
        Some(near) => format!("did you mean `{near}`?"),
        None if is_code => format!("{WITHOUT_PAGE}; `stowplan explain rules` lists those that have one"),
        None => {
            "type `stowplan explain` for a list of all tables, `stowplan explain rules` for one of all rules".to_owned()
        }
    })
}

const WITHOUT_PAGE: &str =
    "a code that a message has in brackets may have no page: the message says all there is to it";

/// What to type for a word that means something, and nothing that can be explained by it alone.
fn elsewhere(word: &str) -> Option<String> {
    if builtin::find(word).is_some() {
        return Some(format!("`{word}` is a profile: type `stowplan profiles show {word}`"));
    }
    if let Some((_, tables)) = KINDS.iter().find(|(kind, _)| kind.eq_ignore_ascii_case(word)) {
        return Some(format!("type `stowplan explain {tables}`"));
    }
    let has_all = |name: &str| word.split('-').all(|part| name.split('-').any(|other| other == part));
    let has_part = |name: &str| word.len() >= SHORTEST_PART && (name.contains(word) || has_all(name));
    let names = RULES.iter().map(|rule| rule.name).filter(|name| has_part(name));
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    match &names[..] {
        [] => None,
        [only] => Some(format!("did you mean {only}?")),
        several => Some(format!("did you mean one of {}?", several.join(", "))),
    }
}

/// Kinds whose tables are called otherwise.
const KINDS: [(&str, &str); 12] = [
    ("Deployment", "api` or `stowplan explain worker"),
    ("StatefulSet", "db` or `stowplan explain api.kind"),
    ("DaemonSet", "worker.kind"),
    ("Pod", "api` or `stowplan explain worker"),
    ("Service", "api.service"),
    ("HorizontalPodAutoscaler", "hpa"),
    ("ConfigMap", "config"),
    ("PersistentVolumeClaim", "volume"),
    ("HTTPRoute", "ingress"),
    ("Gateway", "cluster.expose"),
    ("PodDisruptionBudget", "api.pdb"),
    ("NetworkPolicy", "stack.network-policy"),
];

/// The shortest part of a rule's name, in letters, by which it is found.
const SHORTEST_PART: usize = 4;

/// One thing with all that is known of it.
fn text(meaning: &Meaning, profiles: &Profiles, width: usize) -> String {
    let entry = &meaning.entry;
    let mut text = format!("{}\n\n{}", entry.title(), paragraph(&documentation(entry), "  ", width));
    let mut facts: Vec<(String, Vec<String>)> = Vec::new();
    if entry.path.len() > 1 {
        let is_required = entry.key.presence == Presence::Required && entry.demands();
        let required = if is_required { "; required" } else { "" };
        facts.push(("takes".into(), vec![format!("{}{required}", describe(entry.kind))]));
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
        text.push_str(&columns(&facts, width));
    }
    if values.differ() {
        text.push_str("\nIn the built-in profiles:\n\n");
        let rows: Vec<_> = values.each().map(|(name, value)| (name.to_owned(), vec![value.to_owned()])).collect();
        text.push_str(&columns(&rows, width));
    }
    for form in tables_of(entry.kind) {
        text.push_str(&keys_of(form, entry, profiles, width));
    }
    if is_edges(entry.key) {
        for Section { title, rows } in edges::sections() {
            let rows: Vec<_> = rows.into_iter().map(|(name, what)| (name, vec![what])).collect();
            text.push_str(&format!("\n{}\n{}", paragraph(&format!("{title}:"), "", width), columns(&rows, width)));
        }
    }
    if let [table] = entry.path.as_slice()
        && let Some(example) = examples::example(table)
    {
        text.push_str("\nExample:\n\n");
        text.extend(example.lines().map(|line| if line.is_empty() { "\n".into() } else { format!("  {line}\n") }));
    }
    text
}

/// Whether a key names the components that one talks to.
fn is_edges(key: &KeyForm) -> bool {
    key.name == "uses"
}

fn keys_of(form: &'static TableForm, entry: &Entry, profiles: &Profiles, width: usize) -> String {
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
            let mut facts = vec![describe(key.kind)];
            let is_required = key.presence == Presence::Required && entry.demands();
            facts.extend(is_required.then(|| "required".to_owned()));
            facts.extend(values.shared().map(|value| format!("default {value}")));
            // Of a table of facts only the facts themselves are worth it.
            let is_leaf = entry.path[0] != "cluster" || !matches!(key.kind, Kind::Table(_));
            facts.extend((is_leaf && values.differ()).then(|| "the default depends on the profile".to_owned()));
            (key.name.to_owned(), vec![on_one_line(key.doc), format!("({})", facts.join("; "))])
        })
        .collect();
    let mut text = format!("\nKeys:\n\n{}", columns(&rows, width));
    for group in form.exclusive_groups() {
        let names: Vec<_> = group.iter().map(|name| format!("`{name}`")).collect();
        text.push_str(&format!("\nOnly one of {} may stand.\n", names.join(", ")));
    }
    text
}

/// The sentences of a key, those of its table behind them where they say more, and what it takes, on one line.
pub(crate) fn described(key: &KeyForm) -> String {
    let own = on_one_line(key.doc);
    let table = tables_of(key.kind).first().map(|form| on_one_line(form.doc)).unwrap_or_default();
    let takes = describe(key.kind);
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
        explain(words, 80).unwrap_or_else(|error| panic!("{}", error.title))
    }

    fn help(words: &str) -> String {
        explain(words, 80).unwrap_err().help.unwrap()
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
        assert!(explain("", 80).is_err() && explain("....", 80).is_err() && explain("[[[", 80).is_err());
    }

    #[test]
    fn every_topic_can_be_explained_at_every_width() {
        for key in StackFile::FORM.all_keys() {
            for width in [40, 80, 100] {
                assert!(explain(key.name, width).is_ok(), "{}", key.name);
            }
            assert!(topics(80).contains(&format!("\n  {} ", key.name)), "{}", key.name);
        }
    }
}
