//! Puts each component together: the defaults of its kind, its templates, itself.

use super::inherit::{empty, take_alien};
use super::merge::merge;
use super::part::inherit;
use super::removal::{Removed, report_absent};
use super::unset::{Merging, Pending, is_component};
use super::{Session, template};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, Table, Value};
use crate::shape::{Kind, TableForm};

/// Puts together every entry of every table whose entries are components; carries out what `unset` still has to remove.
/// Gives all that was removed and is not there again.
pub fn assemble(root: &mut Node, merging: Merging, session: &mut Session) -> Vec<Removed> {
    let Merging { language, mut pending, mut removed } = merging;
    let Some(tables) = root.as_table_mut() else { return removed };
    let templates = tables.get("template").and_then(Node::as_table).cloned().unwrap_or_default();
    let template_kind = language.stack.key("template").map(|key| key.kind);
    let inheritance = Inheritance { templates: &templates, form: form_of_entries(template_kind) };
    template::check(&templates, session);
    let defaults = tables.get("defaults").cloned();
    for key in language.stack.all_keys() {
        let (true, Kind::Map(map)) = (is_component(language.stack, key.name), key.kind) else { continue };
        let Some(components) = tables.get_mut(key.name).and_then(Node::as_table_mut) else { continue };
        let defaults = defaults.as_ref().and_then(|defaults| defaults.get(key.name));
        for (name, component) in components.iter_mut() {
            let inherited = inheritance.of(component, defaults, map.value, key.name, session);
            let pending = pending.swap_remove(&(key.name.into(), name.clone())).unwrap_or_default();
            if inherited.is_some() || !pending.is_empty() {
                let gone = put_together(component, inherited, pending, map.value, session);
                removed
                    .extend(gone.into_iter().map(|gone| Removed { path: gone.path.below(&[key.name, name]), ..gone }));
            }
            inherit(component, map.value, session);
        }
    }
    removed
}

/// Puts one component together; gives what was removed from what it takes over, and is not there again.
fn put_together(
    component: &mut Node,
    inherited: Option<Node>,
    pending: Vec<Pending>,
    kind: &'static Kind,
    session: &mut Session,
) -> Vec<Removed> {
    let origin = component.origin;
    let mut whole = inherited.unwrap_or_else(|| empty(origin));
    let mut removed: Vec<Removed> = Vec::new();
    for Pending { unset, end, found } in pending {
        let taken = whole.as_table_mut().and_then(|table| Removed::from(table, &end, unset.origin));
        if taken.is_none() && !found {
            let earlier = removed.iter().find(|removed| removed.covers(&end)).map(|removed| removed.by);
            let table =
                if whole.as_table().is_some_and(Table::is_empty) { component.as_table() } else { whole.as_table() };
            report_absent(&unset, &[end], table, earlier, session);
        }
        removed.extend(taken);
    }
    let own = std::mem::replace(component, Node { origin, value: Value::Invalid });
    merge(&mut whole, own, kind, session);
    whole.origin = origin;
    *component = whole;
    removed.retain(|removed| !removed.note(component, &mut session.origins));
    removed
}

/// What components can take over.
struct Inheritance<'t> {
    templates: &'t Table,
    /// The declaration of a template.
    form: Option<&'static TableForm>,
}

impl Inheritance<'_> {
    /// What a component takes over: the defaults of its kind under its templates, root first.
    fn of(
        &self,
        component: &Node,
        defaults: Option<&Node>,
        kind: &'static Kind,
        noun: &str,
        session: &mut Session,
    ) -> Option<Node> {
        let mut whole = defaults.cloned();
        for link in template::chain(component, self.templates, session).into_iter().rev() {
            let accepted = self.accepted(&link, kind, noun, session);
            match &mut whole {
                Some(whole) => merge(whole, accepted, kind, session),
                None => whole = Some(accepted),
            }
        }
        whole
    }

    /// A template without the keys that the component's kind does not take; each of them is reported.
    fn accepted(&self, link: &template::Link, kind: &'static Kind, noun: &str, session: &mut Session) -> Node {
        let mut accepted = link.node.clone();
        let (Kind::Table(target), Some(source), Some(table)) = (kind, self.form, accepted.as_table_mut()) else {
            return accepted;
        };
        table.shift_remove("extends");
        let name = link.name;
        for (key, origin) in take_alien(table, source, target, session) {
            let title = format!("the template `{name}` sets `{key}`, which `{noun}` does not take");
            let diagnostic = Diagnostic::error("inherited-key", title)
                .at(session.origins.get(link.by).span, "takes it over here")
                .at(session.key_span(origin), "written here")
                .help(format!("move `{key}` from `[template.{name}]` to the components that take it"));
            session.report.push(diagnostic);
        }
        accepted
    }
}

fn form_of_entries(kind: Option<&'static Kind>) -> Option<&'static TableForm> {
    match kind {
        Some(Kind::Map(map)) => match map.value {
            Kind::Table(form) => Some(form),
            _ => None,
        },
        _ => None,
    }
}
