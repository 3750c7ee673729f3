//! The language as one page of Markdown, `docs/stack.md`: every table and key with what it takes, its default and an example.

use super::edges::Section;
use super::lookup::{Entry, all, is_table, repeating, tables_of, tops};
use super::values::{Profiles, Values};
use super::{describe, examples, on_one_line, sentence, summary, takes};
use crate::shape::kind::Presence;
use crate::shape::{KeyForm, Kind, TableForm};
use indexmap::IndexMap;
use std::fmt::Write;

const INTRODUCTION: &str = "\
<!-- Made from the declarations in the code: `STOWPLAN_BLESS=1 cargo test --test docs` writes it. -->
# The stack file

A stack file is TOML. Everything that has a name is a table keyed by that name, and the name is the object's name in the
cluster: `[api.web]` becomes a Deployment and a Service that are called `web`. An unknown key is an error. Below, NAME, KEY and PATH
stand for what you choose.

`{{ }}` holds an expression in any text: `{{ vars.tag }}`, `{{ cluster.domain }}`, `{{ db.postgres.host }}`.

`\"...\"` in a list stands for what lower layers put there. `stowplan explain api` says the same on a terminal, for one table or key.
";

/// The page.
pub fn reference() -> String {
    let page = Page::collect();
    let mut text = INTRODUCTION.to_owned();
    page.contents(&mut text);
    text.push_str("\n## Tables\n");
    for top in &page.tops {
        page.top(top, &mut text);
    }
    text.push_str("\n## Keys that several tables share\n");
    for (form, users) in &page.shared {
        page.shared(form, users, &mut text);
    }
    text.push_str("\n## Tables inside tables\n");
    for (entry, form, others) in &page.nested {
        page.nested(entry, form, others, &mut text);
    }
    text
}

/// How many places of one table are named.
const SHOWN_PLACES: usize = 4;

/// What the page is made of.
struct Page {
    tops: Vec<Entry>,
    /// What several tables include, with the names of those tables.
    shared: Vec<(&'static TableForm, Vec<&'static str>)>,
    /// Every other table with the path where it stands first, and the others.
    nested: Vec<(Entry, &'static TableForm, Vec<String>)>,
    profiles: Profiles,
}

impl Page {
    fn collect() -> Self {
        let tops = tops();
        let components: Vec<&Entry> =
            tops.iter().filter(|top| !matches!(top.path[0], "template" | "defaults")).collect();
        let mut shared: Vec<(&'static TableForm, Vec<&'static str>)> = Vec::new();
        for top in &components {
            for included in tables_of(top.kind).into_iter().flat_map(|form| form.includes) {
                match shared.iter_mut().find(|(form, _)| is_table(form, included)) {
                    Some((_, users)) => users.push(top.path[0]),
                    None => shared.push((included, vec![top.path[0]])),
                }
            }
        }
        shared.retain(|(_, users)| users.len() > 1);
        let mut nested: Vec<(Entry, &'static TableForm, Vec<String>)> = Vec::new();
        for entry in all().into_iter().chain(repeating()) {
            for form in
                tables_of(entry.kind).into_iter().filter(|form| !form.keys.is_empty() && top_of(form, &tops).is_none())
            {
                match nested.iter_mut().find(|(_, known, _)| is_table(known, form)) {
                    Some((first, _, others)) if first.title() != entry.title() => others.push(entry.title()),
                    Some(_) => {}
                    None => nested.push((entry.clone(), form, Vec::new())),
                }
            }
        }
        Self { tops, shared, nested, profiles: Profiles::load() }
    }

    fn contents(&self, text: &mut String) {
        text.push_str("\n## Contents\n\n");
        for top in &self.tops {
            add(text, format_args!("- {}: {}\n", link(&top.title()), sentence(summary(top.key))));
        }
        let shared = self.shared.iter().map(|(form, _)| link(&keys_of_a(form))).collect::<Vec<_>>().join(", ");
        let nested = self.nested.iter().map(|(entry, ..)| link(&entry.title())).collect::<Vec<_>>().join(", ");
        add(text, format_args!("- Keys that several tables share: {shared}\n- Tables inside tables: {nested}\n"));
    }

    fn top(&self, top: &Entry, text: &mut String) {
        add(text, format_args!("\n### {}\n\n{}\n", top.title(), super::documentation(top)));
        if let Some(example) = examples::example(top.path[0]) {
            add(text, format_args!("\n```toml\n{example}\n```\n"));
        }
        let forms = tables_of(top.kind);
        let Some(form) = forms.first() else {
            return add(text, format_args!("\nTakes {}.\n", describe(top.kind)));
        };
        let own = |included: &&&TableForm| self.shared.iter().all(|(form, _)| !is_table(form, included));
        let is_collection = matches!(top.path[0], "template" | "defaults");
        let mut keys: Vec<&KeyForm> = form.keys.iter().collect();
        if !is_collection {
            keys.extend(form.includes.iter().filter(own).flat_map(|included| included.all_keys()));
        }
        self.rows(&keys, top, &[top.path[0]], text);
        let links: Vec<String> =
            form.includes.iter().filter_map(|included| self.included(included, is_collection)).collect();
        if !links.is_empty() {
            add(text, format_args!("\nIt takes the {} too.\n", links.join(", the ")));
        }
        exclusions(form, text);
        sections(top.key, text);
    }

    /// A link to the keys of an included table that stand elsewhere on the page.
    fn included(&self, included: &'static TableForm, is_collection: bool) -> Option<String> {
        if self.shared.iter().any(|(form, _)| is_table(form, included)) {
            return Some(link(&keys_of_a(included)));
        }
        let includes = |top: &&Entry| {
            tables_of(top.kind).iter().any(|form| form.includes.iter().any(|other| is_table(other, included)))
        };
        let top = self.tops.iter().filter(|_| is_collection).find(includes)?;
        Some(format!("keys of {}", link(&top.title())))
    }

    fn shared(&self, form: &'static TableForm, users: &[&'static str], text: &mut String) {
        let tops: Vec<&Entry> = self.tops.iter().filter(|top| users.contains(&top.path[0])).collect();
        let titles: Vec<String> = tops.iter().map(|top| link(&top.title())).collect();
        add(text, format_args!("\n### {}\n\nOf {}.\n", capitalized(&keys_of_a(form)), titles.join(", ")));
        let Some(first) = tops.first() else { return };
        self.rows(&form.all_keys(), first, users, text);
        for key in form.keys {
            sections(key, text);
        }
    }

    fn nested(&self, entry: &Entry, form: &'static TableForm, others: &[String], text: &mut String) {
        let doc = on_one_line(form.doc);
        add(text, format_args!("\n### {}\n\n{doc}\n", entry.title()));
        if !others.is_empty() {
            let shown: Vec<String> = others.iter().take(SHOWN_PLACES).map(|other| format!("`{other}`")).collect();
            let more = if others.len() > SHOWN_PLACES { " and in other tables" } else { "" };
            add(text, format_args!("\nThe same stands at {}{more}.\n", shown.join(", ")));
        }
        // a default further in belongs to one place of many; only facts about the cluster have one place
        let tables: &[&'static str] = if entry.path[0] == "cluster" { &["cluster"] } else { &[] };
        let keys: Vec<&KeyForm> = form.all_keys().into_iter().chain(form.others.map(|others| &others.key)).collect();
        self.rows(&keys, entry, tables, text);
        exclusions(form, text);
    }

    /// The keys of a table; their defaults are those that `tables` have at the path of the entry.
    fn rows(&self, keys: &[&KeyForm], entry: &Entry, tables: &[&'static str], text: &mut String) {
        if keys.is_empty() {
            return;
        }
        let defaults: Vec<String> = keys.iter().map(|key| self.default(key, entry, tables)).collect();
        let has_defaults = defaults.iter().any(|default| !default.is_empty());
        let heads = if has_defaults {
            "| key | takes | default | |\n|---|---|---|---|\n"
        } else {
            "| key | takes | |\n|---|---|---|\n"
        };
        add(text, format_args!("\n{heads}"));
        for (key, default) in keys.iter().zip(defaults) {
            let takes = cell(&format!("{}{}", takes(key, key.kind), self.links(key.kind)));
            let required = if key.presence == Presence::Required && entry.demands() { "**Required.** " } else { "" };
            let default = if has_defaults { format!(" {} |", cell(&default)) } else { String::new() };
            let doc = cell(&on_one_line(key.doc));
            add(text, format_args!("| `{}` | {takes} |{default} {required}{doc} |\n", key.name));
        }
    }

    /// Links to the tables that may stand somewhere.
    fn links(&self, kind: &'static Kind) -> String {
        let mut links = Vec::new();
        for form in tables_of(kind) {
            let top = top_of(form, &self.tops).map(Entry::title);
            let nested =
                self.nested.iter().find(|(_, known, _)| is_table(known, form)).map(|(entry, ..)| entry.title());
            links.extend(top.or(nested).map(|title| link(&title)));
        }
        if links.is_empty() { String::new() } else { format!(": {}", links.join(", ")) }
    }

    /// What a key is where it is left out: one value, or values with the tables and profiles that have them.
    fn default(&self, key: &KeyForm, entry: &Entry, tables: &[&'static str]) -> String {
        let mut groups: Vec<(Values, Vec<&str>)> = Vec::new();
        for table in tables {
            let path: Vec<&str> =
                std::iter::once(*table).chain(entry.path[1..].iter().copied()).chain([key.name]).collect();
            let values = self.profiles.values(&path, key.kind);
            match groups.iter_mut().find(|(known, _)| *known == values) {
                Some((_, names)) => names.push(table),
                None => groups.push((values, vec![table])),
            }
        }
        let is_one = groups.len() == 1;
        let said = groups.iter().flat_map(|(values, names)| {
            let tables = if is_one { String::new() } else { names.join(", ") };
            grouped(values, &tables)
        });
        said.collect::<Vec<_>>().join("; ")
    }
}

/// The values of some tables, each with the profiles that give it where not all do.
fn grouped(values: &Values, tables: &str) -> Vec<String> {
    if let Some(shared) = values.shared() {
        let whose = if tables.is_empty() { String::new() } else { format!(" ({tables})") };
        return vec![format!("`{shared}`{whose}")];
    }
    let mut groups: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for (profile, value) in values.given() {
        groups.entry(value).or_default().push(profile);
    }
    let on = if tables.is_empty() { String::new() } else { format!("{tables} on ") };
    groups.into_iter().map(|(value, profiles)| format!("`{value}` ({on}{})", profiles.join(", "))).collect()
}

/// The top-level table that is made of these keys.
fn top_of<'t>(form: &TableForm, tops: &'t [Entry]) -> Option<&'t Entry> {
    tops.iter().find(|top| tables_of(top.kind).first().is_some_and(|own| is_table(own, form)))
}

fn sections(key: &KeyForm, text: &mut String) {
    for Section { title, rows } in super::sections(key) {
        add(text, format_args!("\n{title}:\n\n"));
        for (name, what) in rows {
            add(text, format_args!("- `{name}`: {what}\n"));
        }
    }
}

fn exclusions(form: &'static TableForm, text: &mut String) {
    for group in form.exclusive_groups() {
        let names: Vec<String> = group.iter().map(|name| format!("`{name}`")).collect();
        add(text, format_args!("\nOnly one of {} may stand.\n", names.join(", ")));
    }
}

fn keys_of_a(form: &TableForm) -> String {
    format!("keys of a {}", form.name)
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A link to the heading of this text, by the name that GitHub and others give it.
fn link(title: &str) -> String {
    let kept = title.chars().filter(|character| character.is_alphanumeric() || " -_".contains(*character));
    let anchor: String = kept.collect::<String>().to_lowercase().replace(' ', "-");
    format!("[{}](#{anchor})", title.replace('[', "\\[").replace(']', "\\]"))
}

/// The text as a cell of a table takes it.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn add(text: &mut String, what: std::fmt::Arguments) {
    text.write_fmt(what).expect("a String takes every character");
}
