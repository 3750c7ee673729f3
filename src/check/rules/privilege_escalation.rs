//! Processes cannot gain rights.
//!
//! Unless `allowPrivilegeEscalation` is false, a process may have more rights than the one that started it: by `sudo` or any program
//! with the setuid bit in the image.
//!
//! ```yaml fail
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       securityContext: {runAsNonRoot: true, runAsUser: 101}
//!       containers:
//!       - {name: web, image: "nginxinc/nginx-unprivileged:1.27.3"}
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginxinc/nginx-unprivileged:1.27.3"
//! port = 8080
//! security = { user = 101 }
//! ```
//!
//! In a stack only the level `privileged` leaves it open.

use super::hardening::{Measure, look_at_next};
use super::origin::help_for_container;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "privilege-escalation",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("privilege_escalation.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    look_at_next(context, Measure::NoEscalation, &mut |index, object, container| {
        let name = container.key("name").text();
        let title = format!("processes of container `{name}` may gain rights that they were not started with");
        let yaml = "write `allowPrivilegeEscalation: false` in its `securityContext`";
        let help = help_for_container(context, object, name, "security = \"baseline\"", yaml);
        findings.add(index, container, title, help);
    });
}
