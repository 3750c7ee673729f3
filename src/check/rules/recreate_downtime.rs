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
use super::replicas::look_at_deployments;
use super::{Context, Findings, Levels, LintRule};
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
    look_at_deployments(context, &mut |index, object, strategy, pods| {
        let kind = strategy.key("type");
        if !kind.is_text("Recreate") || pods < 2 {
            return;
        }
        let title = format!("an update of Deployment `{}` ends all {pods} Pods before a new one starts", object.name());
        let help = match table(context, object) {
            Some(table) => format!(
                "remove `strategy` from `[{table}]`, {} (two versions that must never run together)",
                or_allow(RULE.name)
            ),
            None => "write `type: RollingUpdate`".to_owned(),
        };
        findings.add(index, &kind, title, help);
    });
}
