//! Entries of a list that are told apart by a key have different ones.
//!
//! Kubernetes tells the ports of a container apart by number and protocol, and names of hosts by their address. It creates an object in
//! which one of them stands twice. But a server-side apply, as Flux does it and Argo CD can, refuses it (`duplicate entries for key`), and a
//! later `kubectl apply` may remove the wrong one. Of variables `env-duplicate` says so.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: api}
//! spec:
//!   containers:
//!     - name: api
//!       image: example/api:1.4.0
//!       ports: [{containerPort: 8080, name: http}, {containerPort: 8080, name: metrics}]
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: dns}
//! spec:
//!   containers:
//!     - name: dns
//!       image: example/dns:1.4.0
//!       ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53, protocol: TCP}]
//! ```
//!
//! Remove one of the two. Two ports of a Service may lead to one port of the container, which is listed once.

use super::typed::look_at_fields;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::FieldValue;
use crate::bundle::schema::{ListKeys, ListMerge};
use crate::check::place::{At, repeated};
use crate::diagnostic::{Class, Severity};
use std::borrow::Cow;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "duplicate-key-in-list",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("duplicate_key_in_list.rs"),
    check,
};

/// Lists of which a server creates two equal entries, by the types that have them; in others it refuses them, which is no matter of
/// taste. Asked of 1.29, 1.34 and 1.37.
const TAKEN: [(&str, &str); 7] = [
    ("core.v1.Container", "ports"),
    ("core.v1.PodSpec", "hostAliases"),
    ("core.v1.PodSpec", "imagePullSecrets"),
    ("core.v1.ServiceAccount", "secrets"),
    ("discovery.v1.Endpoint", "addresses"),
    ("meta.v1.ObjectMeta", "finalizers"),
    ("storage.v1.CSIDriverSpec", "volumeLifecycleModes"),
];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_fields(object, context.target.oldest, &mut |at, owner, row| {
            if at.len() > 1 && TAKEN.contains(&(owner.name(), row.name())) {
                match row.list() {
                    ListMerge::Map(keys) => entries(index, at, row.name(), keys, findings),
                    ListMerge::Set => texts(index, at, row.name(), findings),
                    ListMerge::Atomic => {}
                }
            }
        });
    }
}

fn entries(object: usize, list: &At, name: &str, keys: ListKeys, findings: &mut Findings) {
    for (item, first) in repeated(list.items(), |item| identity(item, keys)) {
        let port = item.key("name");
        if name == "ports" && !port.is_empty() && port.text() == first.key("name").text() {
            // The server refuses the second name.
            continue;
        }
        let values = identity(&item, keys).unwrap_or_default();
        let pairs: Vec<String> = keys
            .iter()
            .zip(&values)
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| format!("`{key}: {value}`"))
            .collect();
        let help = match name {
            "ports" => "remove one of the two, or let the container listen on another port too",
            "hostAliases" => "write all names into one entry",
            _ => "remove one of the two",
        };
        tell(object, (&item, &first), (name, &pairs.join(" and ")), help, findings);
    }
}

fn texts(object: usize, list: &At, name: &str, findings: &mut Findings) {
    for (item, first) in repeated(list.items(), |item| Some(item.text())) {
        tell(object, (&item, &first), (name, &item.value()), "remove one of the two", findings);
    }
}

fn tell(object: usize, (item, first): (&At, &At), (list, what): (&str, &str), help: &str, findings: &mut Findings) {
    let title = format!("`{list}` has {what} for the second time, which a server-side apply refuses");
    findings.add(object, item, title, help).related.push((first.cause(), "the first one".to_owned()));
}

/// The values of the keys of an entry; `None` where one is missing that has no default.
fn identity<'f>(item: &At<'_, 'f>, keys: ListKeys) -> Option<Vec<Cow<'f, str>>> {
    keys.iter().map(|key| value(item, key)).collect()
}

fn value<'f>(item: &At<'_, 'f>, key: &str) -> Option<Cow<'f, str>> {
    match item.key(key).field().map(|field| &field.value) {
        Some(FieldValue::String(text)) => Some(Cow::Borrowed(text)),
        Some(FieldValue::Integer(number)) => Some(Cow::Owned(number.to_string())),
        None if key == "protocol" => Some(Cow::Borrowed("TCP")),
        _ => None,
    }
}
