//! A ConfigMap or Secret that is read or mounted exists.
//!
//! The Pod waits in `CreateContainerConfigError`, or in `ContainerCreating` for a volume, until somebody makes the object. An
//! Ingress without its Secret serves the controller's self-signed certificate. Stacks refuse an undeclared one by themselves, so this
//! finds what patches and manifests refer to.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: settings}
//! data: {LOG: debug}
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers:
//!       - {name: web, image: "nginx:1.27.3", envFrom: [{configMapRef: {name: setings}}]}
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: settings}
//! data: {LOG: debug}
//! ---
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers:
//!       - {name: web, image: "nginx:1.27.3", envFrom: [{configMapRef: {name: settings}}]}
//! ```
//!
//! Correct the name, add the object, or write `optional: true`. One that exists already is said by `external = ["Secret/NAME"]` below
//! `[lint]`. What an ExternalSecret, SealedSecret or Certificate makes exists; in YAML of others a missing Secret is good to know only,
//! because Secrets are seldom kept beside it.

use super::absent::absent;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;
use std::collections::BTreeSet;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "config-ref-missing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("config_ref_missing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for edge in context.graph.edges().iter().filter(|edge| edge.is_missing()) {
        let Some((kind, name)) = edge.named().filter(|_| matches!(edge.relation, Relation::Reads | Relation::Mounts))
        else {
            continue;
        };
        // what certificates an `[ingress]` needs, the stack knows, and says how they are made
        let makes_pods = context.graph.pods_of(edge.from).is_some();
        if !makes_pods && context.is_of_tables(&context.bundle.objects[edge.from]) {
            continue;
        }
        // a Pod that misses an object misses it once, in however many places
        if !matches!(kind, "ConfigMap" | "Secret") || !told.insert((edge.from, kind, name)) {
            continue;
        }
        let otherwise = match kind {
            "Secret" => "make the Secret before this is applied, or write `optional: true`",
            _ => "add the ConfigMap, or write `optional: true`",
        };
        let most = if kind == "Secret" { Severity::Info } else { Severity::Warning };
        findings.missing_at(most, edge, absent(context, edge, otherwise));
    }
}
