//! System calls are filtered.
//!
//! Without a seccomp profile a process may call all of the kernel, the rare parts in which its holes are found too. The profile
//! `RuntimeDefault` forbids what hardly any program uses.
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
//!       containers:
//!       - name: web
//!         image: "nginxinc/nginx-unprivileged:1.27.3"
//!         securityContext:
//!           runAsNonRoot: true
//!           allowPrivilegeEscalation: false
//!           capabilities: {drop: [ALL]}
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
//! In a stack only the level `privileged` leaves it out.

use super::hardening::{Measure, look_at_next};
use super::origin::help_for_security;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "missing-seccomp",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("missing_seccomp.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    look_at_next(context, Measure::Seccomp, &mut |index, object, container| {
        let name = container.key("name").text();
        let title = format!("container `{name}` may use every system call");
        let yaml = "write `seccompProfile: {type: RuntimeDefault}` in the `securityContext` of the Pod";
        let help = help_for_security(context, object, name, "level = \"restricted\"", yaml);
        findings.add(index, container, title, help);
    });
}
