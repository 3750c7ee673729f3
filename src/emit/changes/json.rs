//! Differences as one JSON document.

use crate::bundle::Field;
use crate::bundle::spelling::json_pointer;
use crate::change::{Act, Change, Changes, Disclosure, Harm, ObjectChange, Reason, Side, concealed};
use crate::document::Act as Writing;
use crate::emit::manifests::json::value;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// `{"before": …, "after": …, "objects": […]}`, indented by two spaces, with a line break at the end.
///
/// The `changes` of an object are a JSON Patch (RFC 6902): made on the first bundle's object they give what the second one's
/// says. `field`, `old`, `reasons` and `risks` are for readers. Values of Secrets are left out, and `secret` says so.
pub fn json(changes: &Changes) -> String {
    let mut text = serde_json::to_string_pretty(&Document(changes)).expect("keys are text, and a String takes all");
    text.push('\n');
    text
}

struct Document<'c>(&'c Changes<'c>);

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let changes = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("before", &changes.before)?;
        map.serialize_entry("after", &changes.after)?;
        let objects: Vec<_> = changes.objects.iter().map(|object| Entry { object, changes }).collect();
        map.serialize_entry("objects", &objects)?;
        map.end()
    }
}

struct Entry<'c> {
    object: &'c ObjectChange<'c>,
    changes: &'c Changes<'c>,
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { object, changes } = self;
        let known = object.object();
        let first = object.before.unwrap_or(known);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("act", act(object))?;
        map.serialize_entry("component", &known.identity.component)?;
        map.serialize_entry("apiVersion", first.api_version())?;
        map.serialize_entry("kind", first.kind_name())?;
        map.serialize_entry("namespace", &first.namespace())?;
        map.serialize_entry("name", first.name())?;
        match (object.before, object.after) {
            (None, Some(new)) => map.serialize_entry("value", &value(&concealed(new)))?,
            (Some(old), None) => map.serialize_entry("old", &value(&concealed(old)))?,
            _ => {
                let all: Vec<_> = object.changes.iter().map(|change| Step { change, changes }).collect();
                map.serialize_entry("changes", &all)?;
            }
        }
        map.serialize_entry("reasons", &places(&object.reasons, changes))?;
        if !object.risks.is_empty() {
            let risks = object.risks.iter().map(|risk| Hazard {
                rule: risk.rule,
                harm: Harm::as_str(risk.harm),
                message: &risk.message,
                help: &risk.help,
            });
            map.serialize_entry("risks", &risks.collect::<Vec<_>>())?;
        }
        map.end()
    }
}

fn act(object: &ObjectChange) -> &'static str {
    match (object.before, object.after) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    }
}

struct Step<'c> {
    change: &'c Change<'c>,
    changes: &'c Changes<'c>,
}

impl Serialize for Step<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { change, changes } = self;
        let mut map = serializer.serialize_map(None)?;
        let (op, path) = match change.act {
            Act::Added(_) => ("add", change.at.clone()),
            Act::Removed(_) => ("remove", change.at.clone()),
            Act::Changed(..) => ("replace", change.at.clone()),
            Act::Moved(_, to) => {
                let mut path = change.at.clone();
                path.pop();
                ("move", path.join(to))
            }
        };
        map.serialize_entry("op", op)?;
        if let Act::Moved(..) = change.act {
            map.serialize_entry("from", &json_pointer(&change.at))?;
        }
        map.serialize_entry("path", &json_pointer(&path))?;
        map.serialize_entry("field", &change.field)?;
        let is_moved = matches!(change.act, Act::Moved(..));
        let shown =
            |field: Option<&'_ Field>| field.filter(|_| change.disclosure != Disclosure::Secret && !is_moved).cloned();
        if let Some(old) = shown(change.act.before()) {
            map.serialize_entry("old", &value(&old))?;
        }
        if let Some(new) = shown(change.act.after()) {
            map.serialize_entry("value", &value(&new))?;
        }
        if change.disclosure == Disclosure::Secret {
            map.serialize_entry("secret", &true)?;
        }
        map.serialize_entry("reasons", &places(&change.reasons, changes))?;
        map.end()
    }
}

#[derive(serde::Serialize)]
struct Hazard<'c> {
    rule: &'static str,
    harm: &'static str,
    message: &'c str,
    help: &'c str,
}

/// A place that one side goes back to. `table` is null at the top of a file, `rule` where a value was written as it stands.
#[derive(serde::Serialize)]
struct Place<'c> {
    side: &'c str,
    file: &'c str,
    line: usize,
    table: Option<&'c str>,
    act: &'static str,
    rule: Option<&'static str>,
}

fn places<'c>(reasons: &'c [Reason], changes: &'c Changes) -> Vec<Place<'c>> {
    let place = |reason: &'c Reason| Place {
        side: if reason.side == Side::Before { &changes.before } else { &changes.after },
        file: &reason.file,
        line: reason.line,
        table: reason.table.as_deref(),
        act: if reason.act == Writing::Set { "set" } else { "unset" },
        rule: reason.rule,
    };
    reasons.iter().map(place).collect()
}
