//! What has several Pods keeps some of them while nodes are drained.
//!
//! Several replicas are there so that one may go. Without a PodDisruptionBudget an update of the nodes may take all of them at the
//! same time. Stacks have one by default on clusters of several nodes.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 3
//! pdb = false
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 3
//! ```
//!
//! Write `pdb = { unavailable = 1 }`; in YAML a PodDisruptionBudget with `maxUnavailable: 1`. In YAML of others this is good to know
//! only, because budgets are often added where the YAML is used.

use super::origin::help;
use super::scale::Scale;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "missing-pdb",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning).at_most_in_yaml(Severity::Info),
    source: include_str!("missing_pdb.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for pods in context.graph.pods() {
        let object = &context.bundle.objects[pods.object];
        let Some(scale) = Scale::of(pods.object, context).filter(|scale| scale.least >= 2) else { continue };
        let guarding = context.graph.edges_to(pods.object).filter(|edge| edge.relation == Relation::Guards);
        let mut kinds = guarding.map(|edge| context.bundle.objects[edge.from].kind_name());
        if kinds.any(|kind| kind == "PodDisruptionBudget") {
            continue;
        }
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let title =
            format!("nothing keeps any of the {} Pods of `{}` while nodes are drained", scale.least, object.name());
        let yaml = "add a PodDisruptionBudget with `maxUnavailable: 1` and the labels of these Pods";
        let help = help(context, object, "pdb = { unavailable = 1 }", yaml);
        findings.add(pods.object, &spec.key("replicas"), title, help);
    }
}
