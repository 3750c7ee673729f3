//! The account under which Pods run exists.
//!
//! No Pod is made: the ReplicaSet says `serviceaccount "x" not found`, and the Deployment shows no replicas and no reason.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: ServiceAccount
//! metadata: {name: reader}
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   serviceAccountName: raeder
//!   containers: [{name: web, image: "nginx:1.27.3"}]
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: ServiceAccount
//! metadata: {name: reader}
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   serviceAccountName: reader
//!   containers: [{name: web, image: "nginx:1.27.3"}]
//! ```
//!
//! Correct the name, or add the account: `service-account = true` on the component. One that exists already is said by
//! `service-account = { name = "NAME", create = false }`, or by `external = ["ServiceAccount/NAME"]` below `[lint]`.

use super::absent::absent;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::{Relation, Target};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "serviceaccount-missing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("serviceaccount_missing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Binds).filter(|edge| edge.is_missing()) {
        let Target::Object { kind: "ServiceAccount", namespace, .. } = edge.target else { continue };
        let makes_pods = context.graph.pods_of(edge.from).is_some();
        // a binding may name accounts of namespaces that are not to be seen
        if !makes_pods && context.graph.names("ServiceAccount", namespace).next().is_none() {
            continue;
        }
        let words = absent(context, edge, "add the ServiceAccount");
        if makes_pods {
            findings.missing_at(Severity::Warning, edge, words);
        } else if let Some(finding) = findings.missing_at(Severity::Info, edge, words) {
            finding.help = format!("{}; nobody has the rights that are given here", finding.help);
        }
    }
}
