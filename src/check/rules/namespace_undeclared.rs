//! A namespace that objects name is made with them, or is there.
//!
//! Where a set makes a Namespace, all that it needs should be among it: an object of another one is refused on a new cluster, with
//! `namespaces "x" not found`, and mostly that is a slip.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Namespace
//! metadata: {name: shop}
//! ---
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: settings, namespace: shpo}
//! data: {LOG: debug}
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: Namespace
//! metadata: {name: shop}
//! ---
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: settings, namespace: shop}
//! data: {LOG: debug}
//! ```
//!
//! Correct the name, or add the Namespace. One that exists already is said by `external = ["Namespace/NAME"]` below `[lint]`. Nothing is
//! said where no object is a Namespace, as in most output of Helm.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::diagnostic::{Class, Severity};
use crate::value::nearest;
use std::collections::BTreeSet;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "namespace-undeclared",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Info),
    source: include_str!("namespace_undeclared.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let namespaces = context.objects().filter(|(_, object)| object.kind_name() == "Namespace");
    let mut known: BTreeSet<&str> = namespaces.map(|(_, object)| object.name()).collect();
    if known.is_empty() {
        return;
    }
    let made = known.clone();
    for (index, object) in context.objects() {
        let Some(name) = object.namespace() else { continue };
        let is_of_cluster = name == "default" || name.starts_with("kube-");
        // each is told once
        if is_of_cluster || context.is_elsewhere("Namespace", name) || !known.insert(name) {
            continue;
        }
        let root = At::root(&object.root);
        let metadata = root.key("metadata");
        let help = match nearest(name, made.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "add the Namespace, or make it before this is applied".to_owned(),
        };
        let at = metadata.key("namespace");
        findings.missing(index, (at.to_string(), at.cause()), format!("no object makes the namespace `{name}`"), help);
    }
}
