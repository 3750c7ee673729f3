//! Puts each component together: the defaults of its kind, its templates, itself.

use super::Session;
use super::merge::merge;
use super::unset::{Merging, remove, report_absent};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, OriginId, Table, Value};
use crate::shape::Kind;

/// Puts together every entry of every table whose entries are components; carries out what `unset` still has to remove.
pub fn assemble(root: &mut Node, merging: Merging, session: &mut Session) {
    let mut pending = merging.pending;
    let overlay = merging.language.overlay;
    let defaults = root.get("defaults").cloned();
    let templates = root.get("template").and_then(Node::as_table).cloned().unwrap_or_default();
    let Some(tables) = root.as_table_mut() else { return };
    for key in overlay.all_keys() {
        let Kind::Map(map) = key.kind else { continue };
        let (Kind::Table(_), Some(components)) = (map.value, tables.get_mut(key.name).and_then(Node::as_table_mut))
        else {
            continue;
        };
        if matches!(key.name, "template") {
            continue;
        }
        let defaults = defaults.as_ref().and_then(|defaults| defaults.get(key.name));
        for (name, component) in components.iter_mut() {
            let inherited = inherited(component, defaults, &templates, map.value, key.name, session);
            let pending = pending.shift_remove(&(key.name.into(), name.clone())).unwrap_or_default();
            if inherited.is_none() && pending.is_empty() {
                continue;
            }
            let origin = component.origin;
            let mut whole = inherited.unwrap_or(Node { origin, value: Value::Table(Table::default()) });
            whole.origin = origin;
            for pending in pending {
                let found = remove(whole.as_table_mut(), pending.path.segments(), pending.origin, session);
                if !found && !pending.found {
                    report_absent(&pending.path, pending.origin, whole.as_table().or(component.as_table()), session);
                }
            }
            let own = std::mem::replace(component, Node { origin, value: Value::Invalid });
            merge(&mut whole, own, map.value, &mut session.origins);
            *component = whole;
        }
    }
}

/// What a component takes over: the defaults of its kind under its templates, root first.
fn inherited(
    component: &Node,
    defaults: Option<&Node>,
    templates: &Table,
    kind: &'static Kind,
    noun: &str,
    session: &mut Session,
) -> Option<Node> {
    let mut whole = defaults.cloned();
    let mut chain: Vec<(&str, &Node, OriginId)> = Vec::new();
    let mut next = component.get("extends");
    while let Some(extends) = next.take() {
        let Some(name) = extends.as_str() else { break };
        if chain.iter().any(|(seen, ..)| *seen == name) {
            report_cycle(&chain, name, extends.origin, session);
            break;
        }
        let Some(template) = templates.get(name) else {
            report_unknown(name, extends.origin, templates, session);
            break;
        };
        chain.push((name, template, extends.origin));
        next = template.get("extends");
    }
    for (name, template, extends) in chain.into_iter().rev() {
        let accepted = accepted(name, template, extends, kind, noun, session);
        match &mut whole {
            Some(whole) => merge(whole, accepted, kind, &mut session.origins),
            None => whole = Some(accepted),
        }
    }
    whole
}

/// A template without the keys that the component's kind does not take; each of them is reported.
fn accepted(
    name: &str,
    template: &Node,
    extends: OriginId,
    kind: &'static Kind,
    noun: &str,
    session: &mut Session,
) -> Node {
    let mut accepted = template.clone();
    let (Kind::Table(form), Some(table)) = (kind, accepted.as_table_mut()) else { return accepted };
    let alien: Vec<_> =
        table.iter().filter(|(key, _)| form.key(key).is_none()).map(|(key, node)| (key.clone(), node.origin)).collect();
    table.retain(|key, _| form.key(key).is_some() && &**key != "extends");
    for (key, origin) in alien {
        let title = format!("the template `{name}` sets `{key}`, which `{noun}` does not take");
        let used = session.origins.get(extends).span;
        let diagnostic = Diagnostic::error("inherited-key", title)
            .help(format!("move `{key}` from `[template.{name}]` to the components that take it"));
        let place = session.origins.get(origin);
        let place = place.key.unwrap_or(place.span);
        session.report.push(diagnostic.at(used, "takes it over here").at(place, "written here"));
    }
    accepted
}

fn report_cycle(chain: &[(&str, &Node, OriginId)], name: &str, last: OriginId, session: &mut Session) {
    let start = chain.iter().position(|(seen, ..)| *seen == name).unwrap_or(0);
    let names: Vec<_> = chain[start..].iter().map(|(name, ..)| *name).chain([name]).collect();
    let mut diagnostic = Diagnostic::error("cycle", format!("templates extend each other: {}", names.join(" → ")))
        .help("remove one `extends`")
        .at(session.origins.get(last).span, "closes the circle");
    for (_, _, extends) in &chain[start + 1..] {
        diagnostic = diagnostic.at(session.origins.get(*extends).span, "extends the next one");
    }
    session.report.push(diagnostic);
}

fn report_unknown(name: &str, origin: OriginId, templates: &Table, session: &mut Session) {
    let mut diagnostic = Diagnostic::error("unknown-template", format!("there is no template `{name}`"))
        .at(session.origins.get(origin).span, "");
    diagnostic = match crate::value::nearest(name, templates.keys().map(|key| &**key)) {
        Some(near) => diagnostic.help(format!("did you mean \"{near}\"?")),
        None => diagnostic.help(format!("declare it: `[template.{name}]`")),
    };
    session.report.push(diagnostic);
}
