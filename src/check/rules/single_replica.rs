//! What serves has two Pods at least.
//!
//! With one Pod each drain of a node, each crash and each move is downtime, for as long as the program takes to start.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 2
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [worker.scheduler]
//! image = "shop/scheduler:1.0.0"
//! strategy = "recreate"
//! ```
//!
//! What must run once is meant: `allow = { single-replica = "REASON" }`. What an autoscaler scales is let be; so are
//! StatefulSets, because more Pods do not make a database that copies itself, and what ends its old Pod before the new one
//! starts (`strategy = "recreate"`): two of these must not run at the same time, as with a disk that one node alone can mount.

use super::origin::{help, is_companion};
use super::scale::Scale;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "single-replica",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("single_replica.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "Deployment") {
        let scale = Scale::of(index, context).filter(|scale| scale.least == 1 && scale.scaler.is_none());
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let runs_once = spec.key("strategy").key("type").is_text("Recreate");
        if scale.is_some() && !runs_once && !is_companion(context, object) {
            let title = format!("Deployment `{}` has one Pod: each drain of its node is downtime", object.name());
            let yaml = "write `replicas: 2` below `spec`";
            findings.add(index, &spec.key("replicas"), title, help(context, object, "replicas = 2", yaml));
        }
    }
}
