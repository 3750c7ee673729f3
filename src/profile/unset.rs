//! Lays layers over each other and carries out their `unset`.

use super::merge::merge;
use super::{Language, Session};
use crate::diagnostic::Diagnostic;
use crate::document::path::KeyPath;
use crate::document::{Act, Node, Origin, OriginId, Table, Value};
use crate::shape::Kind;
use crate::shape::TableForm;
use crate::value::Scalar;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// What remains to be removed from a component once its defaults and templates are known.
pub struct Pending {
    /// Relative to the component.
    pub path: KeyPath,
    /// Where it was written.
    pub origin: OriginId,
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
}

impl<'a> Merging<'a> {
    /// Nothing to remove yet.
    pub fn new(language: &'a Language) -> Self {
        Self { language, pending: IndexMap::default() }
    }

    /// Carries out the `unset` of `upper` on what stands below, then lays `upper` over it.
    pub fn lay_over(&mut self, lower: &mut Node, mut upper: Node, session: &mut Session) {
        for (path, origin) in take_unset(&mut upper) {
            self.unset_in_layer(lower, &path, origin, session);
        }
        if let Some(tables) = upper.as_table_mut() {
            for (table, node) in tables.iter_mut().filter(|(name, _)| &***name != "template") {
                self.unset_in_components(lower, table, node, session);
            }
        }
        merge(lower, upper, self.language.overlay_kind, &mut session.origins);
    }

    /// `unset` at the top of a layer: whole components, or parts of anything.
    fn unset_in_layer(&mut self, lower: &mut Node, path: &KeyPath, origin: OriginId, session: &mut Session) {
        let Some(root) = lower.as_table_mut() else { return };
        let path = moved(path, self.language.overlay);
        match path.segments() {
            [table, name, rest @ ..] if !rest.is_empty() && is_component(self.language.overlay, table) => {
                let place = (table.clone(), name.clone());
                let inner = KeyPath::of(rest.iter().map(|segment| &**segment));
                let component = root.get_mut(table).and_then(Node::as_table_mut).and_then(|table| table.get_mut(name));
                let Some(component) = component else {
                    return report_absent(&path, origin, Some(root), session);
                };
                let found = remove(component.as_table_mut(), inner.segments(), origin, session);
                self.pending.entry(place).or_default().push(Pending { path: inner, origin, found });
            }
            segments => {
                if !remove(Some(&mut *root), segments, origin, session) {
                    report_absent(&path, origin, Some(root), session);
                }
            }
        }
    }

    fn unset_in_components(&mut self, lower: &mut Node, table: &str, node: &mut Node, session: &mut Session) {
        let Some(Kind::Map(form)) = self.language.overlay.key(table).map(|key| key.kind) else { return };
        let Kind::Table(form) = form.value else { return };
        let Some(components) = node.as_table_mut() else { return };
        for (name, component) in components.iter_mut() {
            for (path, origin) in take_unset(component) {
                let path = moved_in(&path, form);
                let below = lower.as_table_mut().and_then(|root| root.get_mut(table)).and_then(Node::as_table_mut);
                let below = below.and_then(|table| table.get_mut(name)).and_then(Node::as_table_mut);
                let found = remove(below, path.segments(), origin, session);
                self.pending.entry((table.into(), name.clone())).or_default().push(Pending { path, origin, found });
            }
        }
    }
}

/// Removes the value at a path; whether it was there.
pub fn remove(table: Option<&mut Table>, path: &[Box<str>], by: OriginId, session: &mut Session) -> bool {
    match (table, path) {
        (Some(table), [key]) => match table.shift_remove(key) {
            Some(node) => {
                let unset = *session.origins.get(by);
                let tombstone = session.origins.add(Origin { act: Act::Unset, replaced: None, ..unset });
                session.origins.replace(tombstone, node.origin);
                true
            }
            None => false,
        },
        (Some(table), [key, rest @ ..]) => remove(table.get_mut(key).and_then(Node::as_table_mut), rest, by, session),
        _ => false,
    }
}

/// Reports a path that matches nothing, with the nearest one that would.
pub fn report_absent(path: &KeyPath, origin: OriginId, table: Option<&Table>, session: &mut Session) {
    let mut diagnostic = Diagnostic::error("unset-nothing", format!("`{path}` is not there, so it cannot be removed"))
        .at(session.origins.get(origin).span, "");
    diagnostic = match table.and_then(|table| nearest(path, table)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic
            .help("remove the path from `unset`, or mend it; paths are relative to the table in which `unset` stands"),
    };
    session.report.push(diagnostic);
}

fn nearest(path: &KeyPath, table: &Table) -> Option<KeyPath> {
    let mut table = table;
    let mut known = Vec::new();
    for (at, segment) in path.segments().iter().enumerate() {
        match table.get(segment) {
            Some(node) => {
                known.push(segment.clone());
                table = node.as_table()?;
            }
            None => {
                let near = crate::value::nearest(segment, table.keys().map(|key| &**key))?;
                known.push(near.into());
                known.extend(path.segments()[at + 1..].iter().cloned());
                return Some(KeyPath::of(known.iter().map(|segment| &**segment)));
            }
        }
    }
    None
}

fn take_unset(node: &mut Node) -> Vec<(KeyPath, OriginId)> {
    let Some(unset) = node.as_table_mut().and_then(|table| table.shift_remove("unset")) else { return Vec::new() };
    let Value::Array(items) = unset.value else { return Vec::new() };
    items.iter().filter_map(|item| Some((KeyPath::parse(item.as_str()?).ok()?, item.origin))).collect()
}

/// Whether the entries of a table of the stack are put together from defaults and templates.
fn is_component(root: &TableForm, table: &str) -> bool {
    matches!(root.key(table).map(|key| key.kind), Some(Kind::Map(form)) if matches!(form.value, Kind::Table(_)))
}

/// `api.web.port` is kept as `api.web.ports.http`.
fn moved(path: &KeyPath, root: &TableForm) -> KeyPath {
    let [table, name, rest @ ..] = path.segments() else { return path.clone() };
    let Some(Kind::Map(form)) = root.key(table).map(|key| key.kind) else { return path.clone() };
    let Kind::Table(form) = form.value else { return path.clone() };
    if rest.is_empty() {
        return path.clone();
    }
    let inner = moved_in(&KeyPath::of(rest.iter().map(|segment| &**segment)), form);
    KeyPath::of([&**table, name].into_iter().chain(inner.segments().iter().map(|segment| &**segment)))
}

fn moved_in(path: &KeyPath, form: &TableForm) -> KeyPath {
    let forms = [form].into_iter().chain(form.includes.iter().copied());
    let mut all = forms.flat_map(|form| form.moved);
    match all.find(|(key, _)| path.segments().len() == 1 && **key == *path.segments()[0]) {
        Some((_, to)) => KeyPath::of(to.iter().copied()),
        None => path.clone(),
    }
}
