//! Containers see `/proc` as the runtime masks it.
//!
//! With `procMount: Unmasked` a container sees, and writes, what a runtime hides of `/proc` and `/sys`: settings of the kernel that hold
//! for the whole node. It is for containers in which other containers are started.
//!
//! ```yaml fail
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: builder}
//! spec:
//!   selector: {matchLabels: {app: builder}}
//!   template:
//!     metadata: {labels: {app: builder}}
//!     spec:
//!       hostUsers: false
//!       containers:
//!       - name: builder
//!         image: "example/builder:1.0"
//!         securityContext: {procMount: Unmasked}
//! ```
//!
//! ```yaml pass
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: builder}
//! spec:
//!   selector: {matchLabels: {app: builder}}
//!   template:
//!     metadata: {labels: {app: builder}}
//!     spec:
//!       hostUsers: false
//!       containers:
//!       - {name: builder, image: "example/builder:1.0"}
//! ```
//!
//! Remove `procMount`. Where containers are built in containers: `allow = { unmasked-proc = "REASON" }`.

use super::pods::look_at_containers;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "unmasked-proc",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("unmasked_proc.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_containers(object, &mut |container, _| {
            let security = container.key("securityContext");
            let mount = security.key("procMount");
            if mount.is_text("Unmasked") {
                let title = format!(
                    "container `{}` may change settings of the node's kernel in `/proc`",
                    container.key("name").text()
                );
                findings.add(index, &mount, title, "remove `procMount`");
            }
        });
    }
}
