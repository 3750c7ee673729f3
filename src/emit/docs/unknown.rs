//! What nothing is called: what to type in its place.

use super::codes;
use super::lookup::{self, Meaning, find, tables_of};
use crate::check::rules::RULES;
use crate::component::file::StackFile;
use crate::diagnostic::Diagnostic;
use crate::profile::builtin;
use crate::shape::aliases::Called;
use crate::shape::around::Around;
use crate::shape::patched::{self, Spelling};
use crate::value::nearest;

/// The message about a topic that there is not.
pub fn unknown(words: &str, path: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-topic", format!("there is no table, key, rule or code `{words}`"));
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
    if let Some(help) = kind_or_profile(words).or_else(|| other_word(&parent, last)) {
        return diagnostic.help(help);
    }
    if let Some(near) = nearest(last, beside.iter().copied()) {
        let parent = path[..path.len() - 1].join(".");
        return diagnostic.help(format!("did you mean `{parent}.{near}`?"));
    }
    if let Some(help) = elsewhere(words) {
        return diagnostic.help(help);
    }
    let all = lookup::all_names();
    let rules = RULES.iter().map(|rule| rule.name).chain(codes::names());
    let tables = tables.iter().map(|key| key.name);
    // What looks like a code is no slip of a key.
    let is_code = path.len() == 1 && last.contains('-');
    let known = tables.chain(all.iter().copied()).chain(["rules", "codes"]).filter(|_| !is_code).chain(rules);
    let near = nearest(last, known);
    let patch = if near.is_none() { field(last, Spelling::Any) } else { None };
    diagnostic.help(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if patch.is_some() => patch.unwrap_or_default(),
        None if is_code => {
            "type `stowplan explain rules` for the rules, `stowplan explain codes` for all other codes of messages"
                .to_owned()
        }
        None => {
            "type `stowplan explain` for a list of all tables, `stowplan explain rules` for one of all rules".to_owned()
        }
    })
}

/// What a word of Compose, Helm or Kubernetes is called here, or the patch of a field that no key sets.
fn other_word(parent: &[Meaning], word: &str) -> Option<String> {
    match lookup::called(parent, word) {
        Some((table, Called::Key(key))) => {
            Some(format!("`{word}` is `{key}` here: type `stowplan explain {table}.{key}`"))
        }
        Some((table, Called::Otherwise(sentence))) => Some(format!("in `{table}`: {sentence}")),
        None => field(word, Spelling::Exact),
    }
}

/// The patch of a field of an api.
fn field(word: &str, how: Spelling) -> Option<String> {
    let api = StackFile::FORM.key("api")?;
    let form = tables_of(api.kind).into_iter().next()?;
    let path = vec!["api".into(), "NAME".into()];
    let around = Around { table: "api", path, kind: None, image: None, replicas: None };
    patched::help(form, &[], word, "VALUE", &around, how)
}

/// What is no table and no key, and is shown or made otherwise.
fn kind_or_profile(word: &str) -> Option<String> {
    if builtin::find(word).is_some() {
        return Some(format!("`{word}` is a profile: type `stowplan profiles show {word}`"));
    }
    if let Some((_, tables)) = KINDS.iter().find(|(kind, _)| kind.eq_ignore_ascii_case(word)) {
        return Some(format!("type `stowplan explain {tables}`"));
    }
    None
}

/// What to type for a word that means something, and nothing that can be explained by it alone.
fn elsewhere(word: &str) -> Option<String> {
    if let Some(list) = ["rules", "codes"].iter().find(|list| list.strip_suffix('s') == Some(word)) {
        return Some(format!("did you mean `{list}`?"));
    }
    let has_all = |name: &str| word.split('-').all(|part| name.split('-').any(|other| other == part));
    let has_part = |name: &str| word.len() >= SHORTEST_PART && (name.contains(word) || has_all(name));
    let names = RULES.iter().map(|rule| rule.name).chain(codes::names()).filter(|name| has_part(name));
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
