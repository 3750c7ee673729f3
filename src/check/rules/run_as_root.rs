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
use crate::bundle::{Field, Object};
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
        let known = user_of_database(context, object);
        let number = known.map_or("NUMBER".to_owned(), |user| user.to_string());
        let line = format!("security = {{ level = \"restricted\", user = {number} }}");
        let help = help_for_container(context, object, name, &line, yaml);
        let meaning = if known.is_some() { "" } else { "; NUMBER is the user that the image is made for" };
        findings.add(index, container, title, format!("{help}{meaning}"));
    });
}

/// The user of the image of a database that the stack runs: its disk is given to the group of the same number.
fn user_of_database(context: &Context, object: &Object) -> Option<i64> {
    table(context, object).filter(|table| table.starts_with("db."))?;
    let group = object.pod_template()?.follow(&["spec", "securityContext", "fsGroup"]);
    group.and_then(Field::as_integer).filter(|number| *number > 0)
}
