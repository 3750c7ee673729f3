//! On a cloud the provider runs the databases.
//!
//! A database in a StatefulSet is one Pod: each update, each drain and each lost node is downtime, and nobody but you looks after its backups,
//! its minor versions and its disk.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [db.postgres]
//! engine = "postgres"
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [db.postgres]
//! engine = "postgres"
//!
//! [profile.cloud.db.postgres]
//! managed = "shop.db.example.com"
//! ```
//!
//! The overlay of one line leaves the StatefulSet away, and `uses` gives the new host. With an operator: `via = "cloudnative-pg"`. Where you run
//! databases yourself, the profile says so: `cluster.databases = "self-hosted"`; for one, `allow = { self-hosted-database = "REASON" }`.
//! A database without a disk (`storage = false`) is a cache, and let be.

use super::databases::look_at_hosted;
use super::origin::or_allow;
use super::{Context, Findings, Levels, LintRule};
use crate::component::cluster::Databases;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "self-hosted-database",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("self_hosted_database.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let Some(stack) = context.stack else { return };
    if stack.cluster.databases.is_none_or(|place| place.value != Databases::Managed) {
        return;
    }
    look_at_hosted(context, &mut |index, at, (name, db)| {
        let name = name.value.as_str();
        let title = format!("the database `{name}` is one Pod of this cluster: its upkeep and failover are yours");
        let operator = if db.engine.value.has_operator() { " or `via = \"cloudnative-pg\"`" } else { "" };
        let help = format!(
            "write `managed = \"HOST\"`{operator} below `[profile.{}.db.{name}]`, {}",
            stack.profile,
            or_allow(RULE.name)
        );
        findings.add(index, at, title, help).cause = db.engine.origin.into();
    });
}
