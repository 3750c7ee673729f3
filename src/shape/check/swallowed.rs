//! Keys that stand below the header of a table inside their own.

use super::Checker;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::inline::inline;
use crate::document::{Node, OriginId, Table, Value};
use crate::shape::kind::{MapForm, Presence, TableForm};

/// A key that a table below has swallowed.
pub(super) struct Swallowed {
    key: &'static str,
    /// How many tables are around it, its own the last.
    depth: usize,
    origin: OriginId,
}

/// The keys that a table needs and does not have; none where other layers or templates may have them.
pub(super) fn lacking(form: &TableForm, table: &Table) -> Vec<&'static str> {
    if table.contains_key("extends") {
        return Vec::new();
    }
    let keys = form.keys.iter().filter(|key| key.presence == Presence::Required && !table.contains_key(key.name));
    keys.map(|key| key.name).collect()
}

impl Checker<'_> {
    /// Whether the table stands in a layer over others, which may have what it lacks.
    fn is_overlay(&self) -> bool {
        self.tables.iter().any(|table| table.name == "overlay")
    }

    /// What tables below have swallowed and was reported counts as written, so that nobody misses it.
    pub(super) fn take_back(&mut self, table: &mut Table) {
        let depth = self.tables.len();
        while let Some(lost) = self.swallowed.pop_if(|lost| lost.depth >= depth) {
            if lost.depth == depth {
                table.get_or_insert_with(lost.key.into(), || Node { origin: lost.origin, value: Value::Invalid });
            }
        }
    }

    /// Whether a key below `[api.web.env]` is one of `[api.web]`, and its value would do there.
    pub(super) fn is_swallowed(&self, form: &MapForm, name: &str, child: &Node) -> bool {
        // a table that is open itself, as `resources` is, has maps by the same names
        let outer = self.tables.last().filter(|outer| outer.others.is_none()).and_then(|outer| outer.key(name));
        let is_entry = child.as_table().is_some() && form.value.takes(&child.value);
        outer.is_some_and(|key| !is_entry && key.kind.takes(&child.value))
    }

    /// Reports such a key: a warning where the table takes it too.
    pub(super) fn swallowed_key(&mut self, form: &MapForm, name: &str, child: &Node) -> Severity {
        let taken = (form.key.check)(name).is_ok() && form.value.takes(&child.value);
        let table = self.key_text();
        let outer = self.tables.last().map_or("table", |outer| outer.name);
        let title = format!("`{name}` stands below `[{table}]`, but is a key of the {outer}");
        let mut help = format!("move `{name} = {}` up, above the line `[{table}]`", inline(&child.value));
        let lacking = self
            .lacking
            .last()
            .filter(|_| !self.is_overlay())
            .and_then(|lacking| lacking.iter().find(|key| **key == name));
        let severity = if taken && lacking.is_none() { Severity::Warning } else { Severity::Error };
        if severity == Severity::Error {
            let key =
                lacking.copied().or_else(|| self.tables.last().and_then(|outer| outer.key(name)).map(|key| key.name));
            self.swallowed.extend(key.map(|key| Swallowed { key, depth: self.tables.len(), origin: child.origin }));
        } else {
            let key = table.rsplit('.').next().unwrap_or(&table);
            help.push_str(&format!(
                "; if it is meant, write `{key} = {{ {name} = {} }}` below the header of the {outer}",
                inline(&child.value)
            ));
        }
        let what = form.key.what.split(" such as ").next().unwrap_or(form.key.what);
        let label = format!("here it is {}", if taken { what } else { "in the wrong table" });
        let diagnostic = Diagnostic { severity, ..Diagnostic::error("swallowed-key", title) };
        self.report.push(diagnostic.at(self.key_span(child.origin), label).help(help));
        severity
    }
}
