//! What has several Pods replaces them one after the other.
//!
//! `Recreate` ends all Pods before a new one starts. With several of them the application is made to stay up, and each update takes it down.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! replicas = 3
//! strategy = "recreate"
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
//! What must never run in two versions at a time is meant: `allow = { recreate-downtime = "REASON" }`.

use super::origin::{or_allow, table};
use super::replicas::least;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "recreate-downtime",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("recreate_downtime.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "Deployment") {
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let strategy = spec.key("strategy");
        let kind = strategy.key("type");
        let pods = least(context, index);
        if kind.is_text("Recreate") && pods > 1 {
            let title =
                format!("an update of Deployment `{}` ends all {pods} Pods before a new one starts", object.name());
            let help = match table(context, object) {
                Some(table) => format!(
                    "remove `strategy` from `[{table}]`, {} (two versions that must never run together)",
                    or_allow(RULE.name)
                ),
                None => "write `type: RollingUpdate`".to_owned(),
            };
            findings.add(index, &kind, title, help);
        }
    }
}
