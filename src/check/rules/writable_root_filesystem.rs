//! The file system of a container is read-only.
//!
//! What gets into a container cannot change its programs there, nor leave anything behind; and what the program writes is where somebody
//! looks after it.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginxinc/nginx-unprivileged:1.27.3"
//! port = 8080
//! security = { level = "restricted", user = 101 }
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginxinc/nginx-unprivileged:1.27.3"
//! port = 8080
//! security = { level = "restricted", user = 101, read-only-root = true }
//! mounts."/tmp" = { scratch = "64Mi" }
//! ```
//!
//! Mount `{ scratch = "64Mi" }` where the program writes, mostly `/tmp`. It is the last measure, so only Pods that run for long and took all the others are
//! asked for it; where a program writes everywhere: `allow = { writable-root-filesystem = "REASON" }`.

use super::hardening::{Measure, look_at_next};
use super::origin::{key_of_container, table};
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "writable-root-filesystem",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("writable_root_filesystem.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    look_at_next(context, Measure::ReadOnlyRoot, &mut |index, object, container| {
        // What a Job leaves behind ends with it.
        if matches!(object.kind_name(), "Job" | "CronJob") {
            return;
        }
        let name = container.key("name").text();
        let title = format!("container `{name}` may write into its own file system");
        let yaml =
            "write `readOnlyRootFilesystem: true` in its `securityContext`, and mount an `emptyDir` where it writes";
        let key = key_of_container(context, object, name, "security");
        let help = match table(context, object) {
            Some(table) => format!(
                "add `read-only-root = true` to `{key}` of `[{table}]`, which is a table then (`{{ level = \"restricted\", … }}`), and \
                 `mounts.\"/tmp\" = {{ scratch = \"64Mi\" }}` for each directory that it writes"
            ),
            None => yaml.to_owned(),
        };
        findings.add(index, container, title, help);
    });
}
