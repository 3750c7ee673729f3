//! Processes do not run as root.
//!
//! Root in a container is root on the node for whatever the kernel or the runtime lets slip, and for each file of a volume.
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
//! image = "nginxinc/nginx-unprivileged:1.27.3"
//! port = 8080
//! security = { level = "restricted", user = 101 }
//! ```
//!
//! Write the number of the user that the image is made for; its documentation names it, or `docker run --rm IMAGE id`. An image that
//! needs root is meant: `allow = { run-as-root = "REASON" }`. On local clusters nothing is said.

use super::hardening::{Measure, look_at_next};
use super::origin::{help_for_container, table};
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "run-as-root",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("run_as_root.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    look_at_next(context, Measure::NonRoot, &mut |index, object, container| {
        let name = container.key("name").text();
        let title = format!("container `{name}` runs as root, unless its image says otherwise");
        let yaml = "write `runAsNonRoot: true`, and the image's user as `runAsUser: NUMBER`, in its `securityContext`";
        let of_database = table(context, object).is_some_and(|table| table.starts_with("db."));
        let (line, meaning) = match of_database {
            true => ("security = \"restricted\"", "the user of the image is known"),
            false => (
                "security = { level = \"restricted\", user = NUMBER }",
                "NUMBER is the user that the image is made for",
            ),
        };
        let help = help_for_container(context, object, name, line, yaml);
        findings.add(index, container, title, format!("{help}; {meaning}"));
    });
}
