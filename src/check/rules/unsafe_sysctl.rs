//! Pods set only those parameters of the kernel that concern them alone.
//!
//! A kubelet starts no Pod with another one unless it was told so on that node (`--allowed-unsafe-sysctls`): the Pod ends as
//! `SysctlForbidden`, and its Deployment makes one after the other.
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
//!       securityContext:
//!         sysctls: [{name: net.core.somaxconn, value: "1024"}]
//!       containers:
//!       - {name: web, image: "nginx:1.27.3"}
//! ```
//!
//! ```yaml pass
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       securityContext:
//!         sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: "0"}]
//!       containers:
//!       - {name: web, image: "nginx:1.27.3"}
//! ```
//!
//! Remove it, or set it on the node. Where the kubelets allow it: `allow = { unsafe-sysctl = "REASON" }`.

use super::pods::look_at_template;
use super::{Context, Findings, Levels, LintRule};
use crate::check::pod_security::is_safe_sysctl;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "unsafe-sysctl",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("unsafe_sysctl.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_template(object, &mut |template| {
            let spec = template.key("spec");
            let security = spec.key("securityContext");
            for parameter in security.key("sysctls").items() {
                let name = parameter.key("name");
                if !name.is_empty() && !is_safe_sysctl(name.text(), context.target.oldest.minor) {
                    let title = format!(
                        "a kubelet starts no Pod with the sysctl `{}`, unless that node allows it",
                        name.text()
                    );
                    let help = "remove it, or start the kubelets with `--allowed-unsafe-sysctls`";
                    findings.add(index, &name, title, help);
                }
            }
        });
    }
}
