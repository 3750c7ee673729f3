//! How differences and their reasons are put into words, in every format for people.

use crate::bundle::{Field, FieldValue, Object};
use crate::change::{Changes, Matching, ObjectChange, Reason, Side};
use crate::document::Act;
use crate::emit::manifests::yaml;
use similar::{Algorithm, ChangeTag, capture_diff_slices};
use std::collections::{BTreeMap, BTreeSet};

/// What objects that differ are called.
pub struct Titles<'c> {
    /// Kinds and names that objects of several namespaces have.
    shared: BTreeSet<(&'c str, &'c str)>,
}

impl<'c> Titles<'c> {
    /// The titles of all objects of these changes.
    pub fn of(changes: &'c Changes) -> Self {
        let mut namespaces: BTreeMap<(&str, &str), Option<&str>> = BTreeMap::new();
        let mut shared = BTreeSet::new();
        for object in changes.objects.iter().map(ObjectChange::object) {
            let name = (object.kind_name(), object.name());
            if *namespaces.entry(name).or_insert(object.namespace()) != object.namespace() {
                shared.insert(name);
            }
        }
        Self { shared }
    }

    /// `Deployment/api`; with its namespace where another object that differs is called the same.
    pub fn title(&self, object: &ObjectChange) -> String {
        let name = |object: Option<&Object>| object.map(|object| object.name().to_owned());
        let (before, after) = (name(object.before), name(object.after));
        let name = match (before, after) {
            (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
            (before, after) => after.or(before).unwrap_or_default(),
        };
        let known = object.object();
        let is_shared = self.shared.contains(&(known.kind_name(), known.name()));
        let namespace = known.namespace().filter(|_| is_shared);
        let namespace = namespace.map(|namespace| format!(" in {namespace}")).unwrap_or_default();
        format!("{}/{name}{namespace}", known.kind_name())
    }
}

/// The field that the title of an object shows.
pub const NAME: &str = "metadata.name";

/// How many fields of an object differ, beyond the name that its title shows.
pub fn fields(object: &ObjectChange) -> usize {
    object.changes.iter().filter(|change| change.field != NAME).count()
}

/// What became of an object that the second bundle does not have: nobody removes what others have put into a cluster.
pub fn gone(changes: &Changes) -> String {
    match changes.matching {
        Matching::Identity | Matching::File => "removed".to_owned(),
        Matching::Name => format!("only in {}", changes.before),
    }
}

/// The places of the first bundle, then those of the second: `k3d: profiles/k3d.toml:22; cloud: stack.toml:51`.
pub fn reasons(reasons: &[Reason], changes: &Changes) -> String {
    let mut text = String::new();
    for (side, name) in [(Side::Before, &changes.before), (Side::After, &changes.after)] {
        let places: Vec<String> = reasons.iter().filter(|reason| reason.side == side).map(place).collect();
        if !places.is_empty() {
            let separator = if text.is_empty() { "" } else { "; " };
            // Texts of a revision have it in their names.
            let has_name = places.iter().all(|place| place.starts_with(&format!("{name}:")));
            let name = if has_name { String::new() } else { format!("{name}: ") };
            text.push_str(&format!("{separator}{name}{}", places.join(", ")));
        }
    }
    let rule = reasons.iter().find_map(|reason| reason.rule);
    if let Some(rule) = rule {
        text.push_str(&format!(" ({rule})"));
    }
    text
}

/// `stack.toml:41 [profile.cloud.api.api]`.
pub fn place(reason: &Reason) -> String {
    let Reason { file, line, table, act, .. } = reason;
    let unset = if *act == Act::Unset { "unset at " } else { "" };
    let table = table.as_ref().map(|table| format!(" {table}")).unwrap_or_default();
    format!("{unset}{file}:{line}{table}")
}

/// A value on one line, where it is one that fits there: a number, a text without line breaks, an empty list or map.
pub fn on_one_line(field: &Field) -> Option<String> {
    match &field.value {
        FieldValue::List(items) if !items.is_empty() => None,
        FieldValue::Map(entries) if !entries.is_empty() => None,
        _ if field.as_str().is_some_and(|text| text.contains('\n')) => None,
        _ => Some(yaml::document(field).trim_end().to_owned()),
    }
}

/// A value as lines: a list or map as YAML, a text as it is.
pub fn lines(field: &Field) -> Vec<String> {
    match field.as_str() {
        Some(text) => text.lines().map(harmless).collect(),
        None => yaml::document(field).lines().map(str::to_owned).collect(),
    }
}

/// A line of a text without what could move the cursor of a terminal.
fn harmless(line: &str) -> String {
    line.chars()
        .map(|character| if character.is_control() && character != '\t' { '\u{fffd}' } else { character })
        .collect()
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is in both texts.
    Kept,
    /// It is in the first text alone.
    Removed,
    /// It is in the second text alone.
    Added,
    /// Lines that are in both texts were left out here.
    Gap,
}

/// So many lines around a difference are shown.
const CONTEXT: usize = 2;

/// Two texts line by line; of what is in both, the lines around differences alone.
pub fn line_by_line(before: &[String], after: &[String]) -> Vec<(Fate, String)> {
    let mut all: Vec<(Fate, &String)> = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, before, after) {
        for change in op.iter_changes(before, after) {
            let (fate, line) = match change.tag() {
                ChangeTag::Equal => (Fate::Kept, change.old_index().map(|at| &before[at])),
                ChangeTag::Delete => (Fate::Removed, change.old_index().map(|at| &before[at])),
                ChangeTag::Insert => (Fate::Added, change.new_index().map(|at| &after[at])),
            };
            all.extend(line.map(|line| (fate, line)));
        }
    }
    let mut shown = vec![false; all.len()];
    for (at, _) in all.iter().enumerate().filter(|(_, (fate, _))| *fate != Fate::Kept) {
        let near = at.saturating_sub(CONTEXT)..(at + CONTEXT + 1).min(all.len());
        shown[near].fill(true);
    }
    let mut lines = Vec::new();
    for ((fate, line), shown) in all.iter().zip(shown) {
        match (shown, lines.last()) {
            (true, _) => lines.push((*fate, (*line).clone())),
            (false, Some((Fate::Gap, _))) => {}
            (false, _) => lines.push((Fate::Gap, String::new())),
        }
    }
    lines
}

/// `1 field`, `3 fields`.
pub fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
