//! Lays layers over each other and carries out their `unset`.

use super::inherit::spread;
use super::merge::merge;
use super::removal::{Removed, Unset, report_absent};
use super::target::{targets, unknown_key};
use super::{Language, Session};
use crate::diagnostic::Diagnostic;
use crate::document::path::KeyPath;
use crate::document::{Node, OriginId, Value};
use crate::shape::{Kind, TableForm};
use crate::value::{Scalar, nearest};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// What remains to be removed from a component once its defaults and templates are known.
pub struct Pending {
    /// As it was written.
    pub unset: Unset,
    /// Where it ends, relative to the component.
    pub end: KeyPath,
    /// Whether a lower layer already had it.
    pub found: bool,
}

/// Table and name of a component.
pub type Place = (Box<str>, Box<str>);

/// The state of laying layers over each other.
pub struct Merging<'a> {
    /// The declarations.
    pub language: &'a Language,
    /// What to remove from components, in the order of the layers.
    pub pending: IndexMap<Place, Vec<Pending>, FxBuildHasher>,
    /// What layers removed and none has written again.
    pub removed: Vec<Removed>,
}

impl<'a> Merging<'a> {
    /// Nothing to remove yet.
    pub fn new(language: &'a Language) -> Self {
        Self { language, pending: IndexMap::default(), removed: Vec::new() }
    }

    /// Carries out the `unset` of `upper` on what stands below, then lays `upper` over it.
    pub fn lay_over(&mut self, lower: &mut Node, mut upper: Node, session: &mut Session) {
        spread(&mut upper, self.language, session);
        for unset in take_unset(&mut upper, session) {
            self.unset_in_layer(lower, unset, session);
        }
        if let Some(tables) = upper.as_table_mut() {
            tables.shift_remove("extends");
            for (table, node) in tables.iter_mut() {
                self.unset_in_components(lower, table, node, session);
            }
        }
        merge(lower, upper, self.language.stack_kind, session);
        self.removed.retain(|removed| !removed.note(lower, &mut session.origins));
    }

    /// `unset` at the top of a layer: whole components, or parts of anything.
    fn unset_in_layer(&mut self, lower: &mut Node, unset: Unset, session: &mut Session) {
        let ends = targets(&unset.path, self.language.stack_kind);
        let mut found = false;
        for end in &ends {
            match end.segments() {
                [table, name, inner @ ..] if !inner.is_empty() && is_component(self.language.stack, table) => {
                    if lower.at(&[table, name]).is_some() {
                        let inner = KeyPath::of(inner.iter().map(|segment| &**segment));
                        self.unset_in_component(lower, (table, name), unset.clone(), inner);
                        found = true;
                    }
                }
                segments => {
                    found |= self.remove(lower, end, unset.origin);
                    self.forget(segments);
                }
            }
        }
        if !found {
            let earlier = self.removed.iter().find(|removed| ends.iter().any(|end| removed.covers(end)));
            report_absent(&unset, &ends, lower.as_table(), earlier.map(|removed| removed.by), session);
        }
    }

    fn unset_in_components(&mut self, lower: &mut Node, table: &str, node: &mut Node, session: &mut Session) {
        let Some(Kind::Map(form)) = self.language.stack.key(table).map(|key| key.kind) else { return };
        let (true, Some(components)) = (is_component(self.language.stack, table), node.as_table_mut()) else { return };
        for (name, component) in components.iter_mut() {
            for unset in take_unset(component, session) {
                for end in targets(&unset.path, form.value) {
                    self.unset_in_component(lower, (table, name), unset.clone(), end);
                }
            }
        }
    }

    /// Removes a part of a component as far as lower layers wrote it; the rest waits for its defaults and templates.
    fn unset_in_component(&mut self, lower: &mut Node, (table, name): (&str, &str), unset: Unset, end: KeyPath) {
        let found = self.remove(lower, &end.below(&[table, name]), unset.origin);
        self.pending.entry((table.into(), name.into())).or_default().push(Pending { unset, end, found });
    }

    /// What was to be removed from a component goes with it.
    fn forget(&mut self, path: &[Box<str>]) {
        match path {
            [table] => self.pending.retain(|place, _| place.0 != *table),
            [table, name] => drop(self.pending.swap_remove(&(table.clone(), name.clone()))),
            _ => {}
        }
    }

    fn remove(&mut self, lower: &mut Node, path: &KeyPath, by: OriginId) -> bool {
        let removed = lower.as_table_mut().and_then(|root| Removed::from(root, path, by));
        let found = removed.is_some();
        self.removed.extend(removed);
        found
    }
}

/// Reports paths that can match nothing in an overlay that is not laid over anything now.
pub fn check_paths(mut layer: Node, language: &Language, session: &mut Session) {
    let mut all: Vec<(Unset, &'static Kind)> = Vec::new();
    all.extend(take_unset(&mut layer, session).into_iter().map(|unset| (unset, language.stack_kind)));
    for (table, node) in layer.as_table_mut().into_iter().flatten() {
        let Some(Kind::Map(form)) = language.stack.key(table).map(|key| key.kind) else { continue };
        for component in node.as_table_mut().into_iter().flat_map(|components| components.values_mut()) {
            all.extend(take_unset(component, session).into_iter().map(|unset| (unset, form.value)));
        }
    }
    for (unset, kind) in all {
        let Some((form, key)) = unknown_key(&unset.path, kind) else { continue };
        let title = format!("`{}` can never be there: there is no key `{key}`", unset.path);
        let diagnostic = Diagnostic::error("unset-nothing", title).at(session.origins.get(unset.origin).span, "");
        let near = form.and_then(|form| nearest(key, form.all_keys().iter().map(|key| key.name)));
        session.report.push(match near {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help("remove the path from `unset`, or correct it"),
        });
    }
}

fn take_unset(node: &mut Node, session: &mut Session) -> Vec<Unset> {
    let Some(unset) = node.as_table_mut().and_then(|table| table.shift_remove("unset")) else { return Vec::new() };
    let Value::Array(items) = unset.value else { return Vec::new() };
    let mut all = Vec::new();
    for (text, origin) in items.iter().filter_map(|item| Some((item.as_str()?, item.origin))) {
        match KeyPath::parse(text) {
            Ok(path) => all.push(Unset { path, origin }),
            Err(invalid) => {
                let diagnostic = Diagnostic::error("bad-value", invalid.title)
                    .at(session.origins.get(origin).span, "")
                    .help("write the path itself: `{{ }}` is not evaluated in it");
                session.report.push(diagnostic);
            }
        }
    }
    all
}

/// Whether the entries of a table of the stack are put together from defaults and templates.
pub fn is_component(stack: &TableForm, table: &str) -> bool {
    let kind = stack.key(table).map(|key| key.kind);
    matches!(kind, Some(Kind::Map(form)) if matches!(form.value, Kind::Table(_)))
        && !matches!(table, "template" | "profile")
}
