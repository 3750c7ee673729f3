//! Pods do not use network, processes or IPC of their node.
//!
//! With `hostNetwork` a Pod listens on the node itself and reaches what only the node may reach, as the metadata service of the provider;
//! with `hostPID` it sees, and with the right user ends, every process of the node; NetworkPolicies do not hold for it.
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
//!       hostNetwork: true
//!       containers:
//!       - {name: web, image: "nginx:1.27.3"}
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! ```
//!
//! Expose the Pod by a Service in place of `hostNetwork`. An agent that looks at the node itself is meant:
//! `allow = { host-namespace = "REASON" }`; where it is a DaemonSet, as agents are, the finding is a warning.

use super::pods::look_at_template;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "host-namespace",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Error),
    source: include_str!("host_namespace.rs"),
    check,
};

/// The fields, and what a Pod shares by them.
const FIELDS: [(&str, &str); 3] = [("hostNetwork", "network"), ("hostPID", "processes"), ("hostIPC", "IPC")];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_template(object, &mut |template| {
            let spec = template.key("spec");
            let shared: Vec<_> = FIELDS.iter().filter(|(field, _)| spec.key(field).is_true()).collect();
            let Some((first, _)) = shared.first() else { return };
            let what: Vec<&str> = shared.iter().map(|(_, what)| *what).collect();
            let fields: Vec<String> = shared.iter().map(|(field, _)| format!("`{field}`")).collect();
            let title = format!(
                "the Pods of {} `{}` use the {} of their node: {}",
                object.kind_name(),
                object.name(),
                what.join(", "),
                if what.contains(&"network") {
                    "no NetworkPolicy holds for them"
                } else {
                    "they see what other Pods do there"
                }
            );
            let most = if object.kind_name() == "DaemonSet" { Severity::Warning } else { Severity::Error };
            findings.add_milder(most, index, &spec.key(first), (title, format!("remove {}", fields.join(", "))));
        });
    }
}
