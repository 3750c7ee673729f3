//! A disruption budget lets Pods be moved that do not work anyway.
//!
//! By default a budget also guards Pods that were never ready: with one that crashes in a loop, a node can no longer be drained, and the
//! upgrade of the cluster waits until somebody deletes the Pod.
//!
//! ```yaml fail
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: {name: web}
//! spec:
//!   maxUnavailable: 1
//!   selector: {matchLabels: {app: web}}
//! ```
//!
//! ```yaml pass
//! apiVersion: policy/v1
//! kind: PodDisruptionBudget
//! metadata: {name: web}
//! spec:
//!   maxUnavailable: 1
//!   unhealthyPodEvictionPolicy: AlwaysAllow
//!   selector: {matchLabels: {app: web}}
//! ```
//!
//! For what must not lose a Pod with data that is not copied yet, `IfHealthyBudget` is meant: write it. Budgets that a stack makes are let
//! be.

use super::origin::table;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};
use crate::value::KubernetesVersion;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "pdb-unhealthy-eviction",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("pdb_unhealthy_eviction.rs"),
    check,
};

/// The version from which on the field works without a switch.
const KNOWN: KubernetesVersion = KubernetesVersion { minor: 27 };

fn check(context: &Context, findings: &mut Findings) {
    let budgets = context.objects().filter(|(_, object)| object.kind_name() == "PodDisruptionBudget");
    for (index, object) in budgets.filter(|(_, object)| table(context, object).is_none()) {
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let policy = spec.key("unhealthyPodEvictionPolicy");
        if !policy.is_set() && context.target.oldest >= KNOWN {
            let title =
                format!("PodDisruptionBudget `{}` lets Pods that were never ready block a drain", object.name());
            findings.add(index, &policy, title, "write `unhealthyPodEvictionPolicy: AlwaysAllow` below `spec`");
        }
    }
}
