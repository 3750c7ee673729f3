//! What an overlay or `--set` is laid over: a misspelt name would make a second, half component.

use super::{Language, Session, builtin};
use crate::diagnostic::Diagnostic;
use crate::document::path::quoted;
use crate::document::{Node, Table};
use crate::shape::kind::Presence;
use crate::shape::{Kind, TableForm};
use crate::value::{nearest, unmistakable};
use std::collections::BTreeSet;

/// Takes out of overlays and `--set` what is no whole component and is laid over none, and reports it. Overlays of
/// profiles that are files beside the stack are left alone: such a file may hold components of its own.
pub fn check(stack: &Node, overlays: &mut Table, sets: &mut [Node], language: &Language, session: &mut Session) {
    for key in language.overlay.all_keys() {
        let Kind::Map(map) = key.kind else { continue };
        let Kind::Table(form) = map.value else { continue };
        // a template is never whole, and needs not be
        if key.name == "template" {
            continue;
        }
        let speak_of_it = overlays.values().chain(&*sets).any(|layer| layer.get(key.name).is_some());
        if !speak_of_it {
            continue;
        }
        let names = known_of(key.name, form, stack, overlays.values().chain(&*sets));
        let overlays = overlays.iter_mut().filter_map(|(name, overlay)| {
            let is_made_here = builtin::find(name).is_some() || overlay.get("extends").is_some();
            is_made_here.then_some(overlay)
        });
        for layer in overlays.chain(sets.iter_mut()) {
            drop_unknown(key.name, layer, &names, session);
        }
    }
}

/// Takes what is laid over none of these names out of a table of a layer.
fn drop_unknown(table: &str, layer: &mut Node, names: &BTreeSet<Box<str>>, session: &mut Session) {
    let Some(entries) = layer.as_table_mut().and_then(|tables| tables.get_mut(table)?.as_table_mut()) else { return };
    entries.retain(|name, node| {
        let is_known = names.contains(name) || node.as_table().is_none();
        if !is_known {
            report(table, name, node, names, session);
        }
        is_known
    });
}

/// The same for the files of profiles, which may hold components of their own, but whole ones.
pub fn check_files(stack: &Node, files: &mut [&mut Node], language: &Language, session: &mut Session) {
    for key in language.overlay.all_keys() {
        let Kind::Map(map) = key.kind else { continue };
        let Kind::Table(form) = map.value else { continue };
        if key.name == "template" {
            continue;
        }
        if !files.iter().any(|file| file.get(key.name).is_some()) {
            continue;
        }
        let names = known_of(key.name, form, stack, files.iter().map(|file| &**file));
        for file in files.iter_mut() {
            drop_unknown(key.name, file, &names, session);
        }
    }
}

/// The names in the stack, and of components that another layer holds as a whole.
fn known_of<'n>(
    table: &str,
    form: &TableForm,
    stack: &'n Node,
    layers: impl Iterator<Item = &'n Node>,
) -> BTreeSet<Box<str>> {
    let entries = |layer| Node::get(layer, table).and_then(Node::as_table).into_iter().flatten();
    let written = entries(stack).map(|(name, _)| name);
    let defaults = stack.at(&["defaults", table]);
    let is_whole = |node: &Node| {
        let mut needed = form.all_keys().into_iter().filter(|key| key.presence == Presence::Required);
        let has = |key: &str| node.get(key).is_some() || defaults.is_some_and(|defaults| defaults.get(key).is_some());
        node.get("extends").is_some() || needed.all(|key| has(key.name))
    };
    let added = layers.flat_map(entries).filter(|(_, node)| is_whole(node));
    written.chain(added.map(|(name, _)| name)).cloned().collect()
}

fn report(table: &str, name: &str, node: &Node, names: &BTreeSet<Box<str>>, session: &mut Session) {
    let help = match nearest(name, names.iter().map(|name| &**name)) {
        Some(near) => format!("did you mean `{table}.{}`?", quoted(near)),
        None => format!(
            "declare it in the stack, as `[{table}.{}]`; or write here all that it needs: `stowplan explain {table}` lists it",
            quoted(name)
        ),
    };
    let title = format!("there is no `{table}.{}` in the stack for this to change", quoted(name));
    let diagnostic = Diagnostic::error("unknown-component", title).help(help);
    let meant = unmistakable(name, names.iter().map(|name| &**name));
    let span = session.key_span(node.origin);
    session.report.push(diagnostic.at(span, "").renamed(span, &session.sources, name, meant));
}
