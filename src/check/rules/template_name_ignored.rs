//! The template of a Pod has no name.
//!
//! Kubernetes makes up the names of the Pods of a controller, so a name in the template has no effect, and misleads whoever looks for a
//! Pod of that name.
//!
//! ```yaml fail
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {name: web-pod, labels: {app: web}}
//!     spec:
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
//!       containers:
//!       - {name: web, image: "nginx:1.27.3"}
//! ```
//!
//! Remove it. Only Pods that are written by themselves, and PodTemplates, keep their names. A name that the workload itself has
//! too does not mislead, and is let be.

use super::pods::look_at_template;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "template-name-ignored",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Info),
    source: include_str!("template_name_ignored.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        if matches!(object.kind_name(), "Pod" | "PodTemplate") {
            continue;
        }
        look_at_template(object, &mut |template| {
            let metadata = template.key("metadata");
            let name = metadata.key("name");
            if !name.is_empty() && name.text() != object.name() {
                let title = format!(
                    "no Pod is called `{}`: the Pods of {} `{}` get names that Kubernetes makes up",
                    name.text(),
                    object.kind_name(),
                    object.name()
                );
                findings.add(index, &name, title, "remove `name` from the template");
            }
        });
    }
}
