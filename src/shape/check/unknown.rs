//! Keys that a table does not have: what was meant by them.

use super::{Checker, aliases};
use crate::diagnostic::Diagnostic;
use crate::document::inline::whole;
use crate::document::{Node, Table, Value};
use crate::shape::aliases::Called;
use crate::shape::kind::{KeyForm, Kind, TableForm};
use crate::shape::mistake::invalid_value;
use crate::shape::patched::{self, Spelling, folded};
use crate::value::{nearest, unmistakable};

impl Checker<'_> {
    /// Takes the keys that are not declared out of the table and reports them, up to a number that somebody reads.
    pub(super) fn unknown_keys(&mut self, form: &'static TableForm, table: &mut Table) {
        let (known, unknown): (Vec<_>, Vec<_>) =
            std::mem::take(table).into_iter().partition(|(name, _)| form.key(name).is_some());
        table.extend(known);
        let more = unknown.len().saturating_sub(MOST_UNKNOWN);
        let beyond = unknown.get(MOST_UNKNOWN).map(|(_, child)| self.key_span(child.origin));
        for (name, child) in unknown.into_iter().take(MOST_UNKNOWN) {
            if let Some(meant) = self.unknown_key(form, &name, &child, table) {
                adopt(table, form, meant, child);
            }
        }
        if let Some(span) = beyond {
            let title = format!("{more} more keys below are not keys of this table either");
            let diagnostic = Diagnostic::error("unknown-key", title).at(span, "the first of them");
            self.report.push(diagnostic.help("mend those above first, or check that this is the right file"));
        }
    }

    /// Reports a key that the table does not have; gives the one that was meant, where it can be told.
    fn unknown_key(
        &mut self,
        form: &'static TableForm,
        name: &str,
        child: &Node,
        beside: &Table,
    ) -> Option<&'static str> {
        let span = self.key_span(child.origin);
        let place = self.key_text();
        let place = match (place.is_empty(), form.name) {
            (false, _) => format!("`{place}`"),
            (true, "overlay") => "a profile's file".to_owned(),
            (true, file) => format!("the {file}"),
        };
        let diagnostic = Diagnostic::error("unknown-key", format!("`{name}` is not a key of {place}")).at(span, "");
        let keys = form.all_keys();
        let near = nearest(name, keys.iter().map(|key| key.name));
        let (diagnostic, meant) = if let Some(alias) = aliases::find(form, name, child, beside, self.around.as_ref()) {
            (diagnostic.help(alias.help), alias.key)
        } else if let Some(help) = near.is_none().then(|| self.key_of_inner_table(form, name, child)).flatten() {
            (diagnostic.help(help), None)
        } else if let Some(help) = self.patch(form, name, child, near) {
            (diagnostic.help(help), None)
        } else if let Some(help) = self.key_of_outer_table(name, child) {
            (diagnostic.help(help), None)
        } else if let Some(near) = near {
            let is_sure = unmistakable(name, keys.iter().map(|key| key.name)).is_some();
            let diagnostic = match (has_room(beside, near, child), is_sure) {
                (false, _) => {
                    diagnostic.help(format!("did you mean `{near}`? It stands there already: remove one of the two"))
                }
                (true, true) => diagnostic.help(format!("did you mean `{near}`?")).sure_fix(span, near),
                (true, false) => diagnostic.help(format!("did you mean `{near}`?")).fix(span, near),
            };
            (diagnostic, Some(near))
        } else if let Some(invalid) = form.others.and_then(|others| (others.names.check)(name).err()) {
            (invalid_value("bad-name", invalid, span, self.sources), None)
        } else {
            (diagnostic.help(known_keys(form, &keys)), None)
        };
        self.report.push(diagnostic);
        meant
    }

    /// A word of a table that this one has: `externalTrafficPolicy` of an api is a key of its `service`.
    fn key_of_inner_table(&self, form: &TableForm, name: &str, child: &Node) -> Option<String> {
        let inner = |kind: &'static Kind| match kind {
            Kind::Table(inner) => vec![*inner],
            Kind::OneOf(kinds) => kinds
                .iter()
                .filter_map(|kind| if let Kind::Table(inner) = kind { Some(*inner) } else { None })
                .collect(),
            _ => Vec::new(),
        };
        form.all_keys().into_iter().find_map(|key| {
            let inner = inner(key.kind)
                .into_iter()
                .find(|inner| matches!(aliases::called(inner, name), Some(Called::Key(_))))?;
            let alias = aliases::find(inner, name, child, &Table::default(), self.around.as_ref())?;
            Some(format!("it belongs to `{}`: {} there", key.name, alias.help))
        })
    }

    /// The patch for a field of Kubernetes, which a key that is `near` comes before where only case, `-` and `_` differ, or where the
    /// field is not spelled as Kubernetes spells it.
    fn patch(&self, form: &TableForm, name: &str, child: &Node, near: Option<&str>) -> Option<String> {
        let around = self.around.as_ref()?;
        if near.is_some_and(|near| folded(near) == folded(name)) {
            return None;
        }
        let how = if near.is_some() { Spelling::Exact } else { Spelling::Any };
        let keys: Vec<&str> = self.path.iter().map(|origin| self.sources.text(self.key_span(*origin))).collect();
        patched::help(form, keys.get(around.path.len()..)?, name, &whole(&child.value), around, how)
    }

    /// `replicas` below `[api.web.probes.live]`: it belongs to `[api.web]`.
    fn key_of_outer_table(&self, name: &str, child: &Node) -> Option<String> {
        let depth = self.tables.len().checked_sub(1)?;
        let fits = |form: &TableForm| form.key(name).is_some_and(|key| key.kind.takes(&child.value));
        let outer = self.tables[1.min(depth)..depth].iter().rfind(|form| fits(form))?;
        Some(format!(
            "`{name}` is a key of the {} around it: move it up, below the header of the {}",
            outer.name, outer.name
        ))
    }
}

/// Whether a key can be called so: it would stand twice, but for two tables of which each adds its own keys.
fn has_room(table: &Table, name: &str, child: &Node) -> bool {
    match (table.get(name).map(Node::as_table), child.as_table()) {
        (None, _) => true,
        (Some(Some(there)), Some(more)) => more.keys().all(|key| !there.contains_key(key)),
        (Some(_), _) => false,
    }
}

/// The key that was meant counts as written, so that nobody misses it; the same for the names in a table of components.
fn adopt(table: &mut Table, form: &TableForm, meant: &'static str, child: Node) {
    let invalid = |origin| Node { origin, value: Value::Invalid };
    let is_new = !table.contains_key(meant);
    let place = table.get_or_insert_with(meant.into(), || invalid(child.origin));
    let names = child.as_table().filter(|names| names.values().all(|entry| entry.as_table().is_some()));
    let Some(names) = names.filter(|names| !names.is_empty()) else { return };
    let is_map = form.key(meant).is_some_and(|key| matches!(key.kind, Kind::Map(_)));
    if !is_map || !KEYED_BY_NAME.contains(&meant) {
        return;
    }
    if is_new {
        place.value = Value::Table(Table::default());
    }
    if let Some(known) = place.as_table_mut() {
        for (name, entry) in names {
            known.get_or_insert_with(name.clone(), || invalid(entry.origin));
        }
    }
}

/// The tables to whose entries other components refer.
const KEYED_BY_NAME: [&str; 9] = ["db", "api", "worker", "cronjob", "job", "external", "config", "secret", "volume"];

/// More unknown keys of one table than this are not read by anybody.
const MOST_UNKNOWN: usize = 500;

/// More names than this are not read by anybody.
const MOST_NAMES: usize = 20;

fn known_keys(form: &TableForm, keys: &[&KeyForm]) -> String {
    let names: Vec<_> = keys.iter().map(|key| key.name).collect();
    match names.len() {
        0..=MOST_NAMES => format!("its keys are {}", names.join(", ")),
        _ => {
            let topic =
                if form.name == "stack file" { String::new() } else { format!(" {}", form.name.replace(' ', "-")) };
            format!("`stowplan explain{topic}` lists its keys, such as {}", names[..6].join(", "))
        }
    }
}
