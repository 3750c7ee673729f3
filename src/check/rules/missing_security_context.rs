//! Pods give up rights that they do not need.
//!
//! A Pod that says nothing runs as the user of its image, mostly root, with a dozen capabilities and every system call. A hole in the
//! program is then one in the node's defences, and a namespace whose level is `restricted` refuses the Pod.
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
//!       - {name: web, image: "nginx:1.27.3"}
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
//! This rule speaks of Pods that say nothing at all. `run-as-root`, `privilege-escalation`, `undropped-capabilities`,
//! `missing-seccomp` and `writable-root-filesystem` ask for the measures one by one, each once those before it are taken, so that a Pod
//! has one finding at a time. A stack that goes no further than a level says so: `cluster.pod-security = "baseline"`.

use super::hardening::{Measure, look_at_next};
use super::origin::help_for_container;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "missing-security-context",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("missing_security_context.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    look_at_next(context, Measure::Any, &mut |index, object, container| {
        let name = container.key("name").text();
        let title =
            format!("container `{name}` keeps every right: it may run as root, gain rights, and use any system call");
        let yaml = "write `securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, \
                    seccompProfile: {type: RuntimeDefault}}` at each container";
        let line = "security = { level = \"restricted\", user = NUMBER }";
        findings.add(index, container, title, help_for_container(context, object, name, line, yaml));
    });
}
