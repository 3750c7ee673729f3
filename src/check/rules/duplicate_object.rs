//! Kind, namespace and name are unique among the objects that are applied together.
//!
//! kubectl applies objects one after the other. Of two with one kind, namespace and name the second replaces the first, and says
//! nothing but `configured`: what stood in the first alone is gone.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: settings}
//! data: {LOG: debug}
//! ---
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: settings}
//! data: {COLOR: blue}
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: settings}
//! data: {LOG: debug}
//! ---
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: colors}
//! data: {COLOR: blue}
//! ```
//!
//! Give one of them another name, or move what it holds into the other.

use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "duplicate-object",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("duplicate_object.rs"),
    check,
};

/// What two objects must not have in common: group, kind, namespace and name.
type Place<'a> = (&'a str, &'a str, Option<&'a str>, &'a str);

fn check(context: &Context, findings: &mut Findings) {
    let mut seen: IndexMap<Place, usize, FxBuildHasher> = IndexMap::default();
    for (index, object) in context.objects() {
        let (kind, name) = (object.kind_name(), object.name());
        if kind.is_empty() || name.is_empty() {
            continue;
        }
        let group = object.api_version().rsplit_once('/').map_or("", |(group, _)| group);
        let first = *seen.entry((group, kind, object.namespace(), name)).or_insert(index);
        if first != index {
            let root = At::root(&object.root);
            let metadata = root.key("metadata");
            let title = format!("{kind} `{name}` is here for the second time, and replaces the first");
            let help = "give one of them another name, or put what it holds into the other";
            let first = &context.bundle.objects[first].root;
            let cause = first.follow(&["metadata", "name"]).map_or(first.cause, |name| name.cause);
            findings.add(index, &metadata.key("name"), title, help).related.push((cause, "the first one".to_owned()));
        }
    }
}
