//! A database on a cloud has backups.
//!
//! A disk is no backup: a wrong `DELETE`, a wrong `kubectl delete` and a broken disk take the data with them.
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
//! backup = { schedule = "0 2 * * *", timezone = "Etc/UTC", storage = "10Gi" }
//! ```
//!
//! The dump that `backup` makes fails loudly, keeps the newest seven, and comes with a Job that restores it. Where another tool does it:
//! `allow = { db-without-backup = "REASON" }`. A database without a disk (`storage = false`) is a cache, and let be.

use super::databases::look_at_hosted;
use super::origin::or_allow;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::shape::Switch;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "db-without-backup",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("db_without_backup.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    look_at_hosted(context, &mut |index, at, (name, db)| {
        if !matches!(db.backup, Some(Switch::On(_))) {
            let name = name.value.as_str();
            let title = format!("nobody makes backups of the database `{name}`");
            let help = format!(
                "write `backup = {{ schedule = \"0 2 * * *\", storage = \"10Gi\" }}` below `[db.{name}]`, {}",
                or_allow(RULE.name)
            );
            findings.add(index, at, title, help).cause = db.engine.origin.into();
        }
    });
}
