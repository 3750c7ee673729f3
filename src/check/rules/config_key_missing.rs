//! A key that is read from a ConfigMap or Secret is in it.
//!
//! The container never starts: `CreateContainerConfigError: couldn't find key HOST`. A single file that is mounted by `subPath` becomes an
//! empty directory in place of it. Stacks refuse such a key by themselves, so this finds what patches and manifests refer to.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: settings}
//! data: {PORT: "8081"}
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   containers:
//!   - name: web
//!     image: nginx:1.27.3
//!     env: [{name: HOST, valueFrom: {configMapKeyRef: {name: settings, key: HOST}}}]
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: settings}
//! data: {PORT: "8081", HOST: localhost}
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   containers:
//!   - name: web
//!     image: nginx:1.27.3
//!     env: [{name: HOST, valueFrom: {configMapKeyRef: {name: settings, key: HOST}}}]
//! ```
//!
//! Correct the key, add it to the object, or write `optional: true`. Of a Secret that is made elsewhere the keys count that the stack
//! declares with `keys`. What holds no data at all is filled by somebody else, and not looked at.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Field;
use crate::diagnostic::{Class, Severity};
use crate::graph::{Edge, Part};
use crate::value::nearest;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "config-key-missing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("config_key_missing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.edges().iter().filter(|edge| edge.is_without_part()) {
        if let (Part::Key(key), Some((kind, name))) = (edge.part(), edge.named()) {
            say(context, edge, (kind, name, key), findings);
        }
    }
}

fn say(context: &Context, edge: &Edge, (kind, name, key): (&str, &str, &str), findings: &mut Findings) {
    let object = edge.found.first().map(|found| &context.bundle.objects[*found]);
    let maps = ["data", "binaryData", "stringData"].into_iter();
    let maps: Vec<&Field> = maps.filter_map(|map| object?.root.get(map)).collect();
    let keys = || maps.iter().flat_map(|map| map.entries()).map(|(key, _)| &**key);
    let title = format!("{kind} `{name}` has no key `{key}`");
    let help = match nearest(key, keys()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("add `{key}` to it, or write `optional: true` where the program can do without"),
    };
    let finding = findings.add_edge(Severity::Error, edge, (title, help));
    finding.related.extend(maps.first().map(|map| (map.cause, format!("the keys of this {kind}"))));
}
