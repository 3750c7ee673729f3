//! Finds what a word or a path means in the language.

use super::describe;
use crate::component::file::StackFile;
use crate::shape::aliases::{self, Called};
use crate::shape::{KeyForm, Kind, MapForm, TableForm};
use crate::value::nearest;

/// A key of the language with the path to it.
#[derive(Clone)]
pub struct Entry {
    /// The keys that lead to it, without those that the user chooses: `api`, `probes`, `live`.
    pub path: Vec<&'static str>,
    /// The path as it is shown, with a word such as NAME for what the user chooses.
    shown: Vec<&'static str>,
    /// Its declaration, or that of the table in which the user chooses it.
    pub key: &'static KeyForm,
    /// What stands there.
    pub kind: &'static Kind,
}

/// What a path means: a key, and where else the very same key stands.
pub struct Meaning {
    /// The key.
    pub entry: Entry,
    /// Other paths with the same declaration.
    pub others: Vec<String>,
}

impl Entry {
    fn top(key: &'static KeyForm) -> Self {
        Self { path: vec![key.name], shown: vec![key.name], key, kind: key.kind }
    }

    fn below(&self, key: &'static KeyForm) -> Self {
        let mut below = Self { key, kind: key.kind, ..self.clone() };
        below.path.push(key.name);
        below.shown.push(key.name);
        below
    }

    fn chosen(&self, map: &MapForm) -> Self {
        let mut chosen = Self { kind: map.value, ..self.clone() };
        chosen.shown.push(placeholder(map));
        chosen
    }

    /// `[api.NAME]` for a table of the stack, `api.NAME.probes.live` for a key.
    pub fn title(&self) -> String {
        match (self.shown.as_slice(), self.kind) {
            ([name], Kind::Table(_)) => format!("[{name}]"),
            ([name, chosen], Kind::Table(_)) if self.path.len() == 1 => format!("[{name}.{chosen}]"),
            ([name], Kind::Map(map)) if !tables_of(map.value).is_empty() => format!("[{name}.{}]", placeholder(map)),
            _ => self.shown(),
        }
    }

    /// How far it is from what is asked for by a word alone: keys of components come before those of tables in them, and
    /// those of workloads before all others, the most usual one first.
    fn distance(&self) -> (usize, usize) {
        let rank = WORKLOADS.iter().position(|table| *table == self.path[0]).unwrap_or(WORKLOADS.len());
        (self.path.len(), rank)
    }

    /// Whether a key must be written here; what only stands in for components, or over them, need not be whole.
    pub fn demands(&self) -> bool {
        !REPEATING.contains(&self.path[0])
    }

    fn shown(&self) -> String {
        self.shown.join(".")
    }
}

/// The tables that may stand somewhere, those below chosen names and in lists too.
pub fn tables_of(kind: &'static Kind) -> Vec<&'static TableForm> {
    match kind {
        Kind::Table(form) => vec![form],
        Kind::Map(form) => tables_of(form.value),
        Kind::List(item) => tables_of(item),
        Kind::OneOf(kinds) => {
            let mut forms: Vec<_> = kinds.iter().flat_map(|kind| tables_of(kind)).collect();
            // one that may stand alone or in a list is one table
            forms.dedup_by_key(|form| (form.name, form.doc));
            forms
        }
        _ => Vec::new(),
    }
}

/// What a path means: from the top of the stack file, or else wherever its first word is a key.
pub fn find(path: &[&str]) -> Vec<Meaning> {
    let Some((first, rest)) = path.split_first() else { return Vec::new() };
    if let Some(key) = StackFile::FORM.key(first)
        && let Some(entry) = follow(&Entry::top(key), rest)
    {
        return vec![Meaning { entry, others: Vec::new() }];
    }
    let mut meanings: Vec<Meaning> = Vec::new();
    let mut entries = all();
    entries.sort_by_key(Entry::distance);
    for entry in entries {
        let below_cluster = *first == "cluster" && entry.path[0] == "cluster" && rest.first() == entry.path.last();
        let found = if below_cluster { follow(&entry, &rest[1..]) } else { None };
        let found = found.or_else(|| if entry.key.name == *first { follow(&entry, rest) } else { None });
        let Some(entry) = found else { continue };
        match meanings.iter_mut().find(|meaning| is_same(&meaning.entry, &entry)) {
            Some(meaning) => meaning.others.push(entry.shown()),
            None => meanings.push(Meaning { entry, others: Vec::new() }),
        }
    }
    meanings
}

/// The names of all keys below the top.
pub fn all_names() -> Vec<&'static str> {
    all().iter().map(|entry| entry.key.name).collect()
}

/// What a word of another tool is, in the table that is nearest to the top, below `parent` where there is one: the path of our key, or
/// what to do in place of it.
pub fn called(parent: &[Meaning], word: &str) -> Option<(String, Called)> {
    let mut entries: Vec<Entry> = match parent {
        [] => tops().into_iter().chain(all()).filter(|entry| !REPEATING.contains(&entry.path[0])).collect(),
        meanings => meanings.iter().map(|meaning| meaning.entry.clone()).collect(),
    };
    entries.sort_by_key(Entry::distance);
    let tables = || entries.iter().flat_map(|entry| tables_of(entry.kind).into_iter().map(move |form| (entry, form)));
    let found = |wants_key: bool| {
        tables().find_map(|(entry, form)| {
            let called = aliases::called(form, word)?;
            (matches!(called, Called::Key(_)) == wants_key).then(|| (entry.path.join("."), called))
        })
    };
    found(true).or_else(|| found(false))
}

/// A declaration that several tables include is the same key in each.
fn is_same(one: &Entry, other: &Entry) -> bool {
    one.key.name == other.key.name && one.key.doc == other.key.doc && describe(one.kind) == describe(other.kind)
}

fn follow(entry: &Entry, path: &[&str]) -> Option<Entry> {
    let Some((first, rest)) = path.split_first() else { return Some(entry.clone()) };
    match entry.kind {
        Kind::Table(form) => follow(&entry.below(form.key(first)?), rest),
        Kind::Map(map) => {
            let chosen = entry.chosen(map);
            // `api.probes` means the key of any api, not an api that is called `probes`.
            let keys = || tables_of(map.value).into_iter().flat_map(TableForm::all_keys).map(|key| key.name);
            if keys().any(|key| key == *first) {
                return follow(&chosen, path);
            }
            // Nobody asks for `api.prots` by the name of a component.
            let is_meant = || {
                let mut forms = tables_of(map.value).into_iter();
                nearest(first, keys()).is_some() || forms.any(|form| aliases::called(form, first).is_some())
            };
            let is_misspelled = entry.path.len() == 1 && rest.is_empty() && is_meant();
            if is_misspelled { None } else { follow(&chosen, rest) }
        }
        Kind::List(item) => follow(&Entry { kind: item, ..entry.clone() }, path),
        Kind::OneOf(kinds) => kinds.iter().find_map(|kind| follow(&Entry { kind, ..entry.clone() }, path)),
        _ => None,
    }
}

/// Every key at the top of a stack file: `stack`, the tables that every layer may hold, the rest.
pub fn tops() -> Vec<Entry> {
    let (first, rest) = StackFile::FORM.keys.split_at(1);
    let included = StackFile::FORM.includes.iter().flat_map(|form| form.all_keys());
    first.iter().chain(included).chain(rest).map(Entry::top).collect()
}

/// The keys directly below tables that hold the others once more: some stand nowhere else.
pub fn repeating() -> Vec<Entry> {
    let mut found = Vec::new();
    for top in tops().into_iter().filter(|top| !top.demands()) {
        let entry = match top.kind {
            Kind::Map(map) => top.chosen(map),
            _ => top,
        };
        let own = tables_of(entry.kind).into_iter().flat_map(|form| form.keys);
        found.extend(own.map(|key| entry.below(key)));
    }
    found
}

/// The tables of workloads.
const WORKLOADS: [&str; 4] = ["api", "worker", "cronjob", "job"];

/// Tables that hold the others once more.
const REPEATING: [&str; 3] = ["profile", "defaults", "template"];

/// Every key below the tables of the stack, once for each path.
pub fn all() -> Vec<Entry> {
    let mut found = Vec::new();
    for key in StackFile::FORM.all_keys().into_iter().filter(|key| !REPEATING.contains(&key.name)) {
        collect(&Entry::top(key), &mut found);
    }
    found
}

/// Whether two declarations are those of one table, which may have two addresses.
pub fn is_table(one: &TableForm, other: &TableForm) -> bool {
    let names = |form: &TableForm| form.keys.iter().map(|key| key.name).collect::<Vec<_>>();
    one.name == other.name
        && one.doc == other.doc
        && names(one) == names(other)
        && one.includes.len() == other.includes.len()
}

/// No table of the language stands deeper than this; one that holds itself would never end.
const DEEPEST: usize = 6;

fn collect(entry: &Entry, found: &mut Vec<Entry>) {
    if entry.path.len() > DEEPEST {
        return;
    }
    match entry.kind {
        Kind::Table(form) => {
            for key in form.all_keys() {
                let below = entry.below(key);
                found.push(below.clone());
                collect(&below, found);
            }
        }
        Kind::Map(map) => collect(&entry.chosen(map), found),
        Kind::List(item) => collect(&Entry { kind: item, ..entry.clone() }, found),
        Kind::OneOf(kinds) => kinds.iter().for_each(|kind| collect(&Entry { kind, ..entry.clone() }, found)),
        _ => {}
    }
}

/// The word that stands for what the user chooses.
fn placeholder(map: &MapForm) -> &'static str {
    let what = map.key.what;
    match what {
        what if what.contains("path") => "PATH",
        what if what.contains("variable") || what.contains("key") => "KEY",
        _ => "NAME",
    }
}
