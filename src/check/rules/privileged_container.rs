//! No container is privileged.
//!
//! A privileged container is root on its node: it sees all devices, loads modules into the kernel, and reads what every other Pod of the
//! node holds. Whoever gets into it has the node.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [worker.probe]
//! image = "ghcr.io/example/probe:1.0"
//! security = { level = "privileged", privileged = true }
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [worker.probe]
//! image = "ghcr.io/example/probe:1.0"
//! security = { capabilities = { add = ["NET_BIND_SERVICE"] } }
//! ```
//!
//! Most programs want one capability, or one device: give that alone. An agent that manages the node itself is meant:
//! `allow = { privileged-container = "REASON" }`; where it is a DaemonSet, as agents are, the finding is a warning.

use super::origin::table;
use super::pods::look_at_containers;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "privileged-container",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Error),
    source: include_str!("privileged_container.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_containers(object, &mut |container, _| {
            let security = container.key("securityContext");
            let privileged = security.key("privileged");
            if privileged.is_true() {
                let name = container.key("name").text();
                let title = format!("container `{name}` is privileged, which is root on the node");
                let help = match table(context, object) {
                    Some(_) => {
                        "write `capabilities = { add = [\"NET_ADMIN\"] }` in place of `privileged`, with the capabilities that it needs"
                    }
                    None => {
                        "remove `privileged`, and write `capabilities: {add: [NET_ADMIN]}` below `securityContext`, with the capabilities that it needs"
                    }
                };
                let most = if object.kind_name() == "DaemonSet" { Severity::Warning } else { Severity::Error };
                findings.add_milder(most, index, &privileged, (title, help));
            }
        });
    }
}
