//! Containers drop the capabilities that runtimes give them.
//!
//! A runtime gives every container a dozen rights of root, as to forge packets (`NET_RAW`) or to ignore the owner of a file. Hardly any
//! program needs one.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginxinc/nginx-unprivileged:1.27.3"
//! port = 8080
//! security = { user = 101 }
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
//! What a program does need is added again: `capabilities = { add = ["NET_BIND_SERVICE"] }`.

use super::hardening::{Measure, look_at_next};
use super::origin::help_for_security;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "undropped-capabilities",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("undropped_capabilities.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    look_at_next(context, Measure::NoCapabilities, &mut |index, object, container| {
        let name = container.key("name").text();
        let title = format!("container `{name}` keeps the capabilities that the runtime gives it");
        let yaml = "write `capabilities: {drop: [ALL]}` in its `securityContext`";
        let help = help_for_security(context, object, name, "level = \"restricted\"", yaml);
        findings.add(index, container, title, help);
    });
}
