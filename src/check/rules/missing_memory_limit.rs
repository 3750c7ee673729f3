//! What runs for long says how much memory it may use.
//!
//! A leak grows until the node has no memory left, and then the kernel ends what it finds there, most likely something else. With a limit it
//! ends the one that leaks.
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
//!         image: "nginx:1.27.3"
//!         resources: {requests: {cpu: 100m, memory: 128Mi}}
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! resources = { cpu = "100m", memory = "128Mi", limits = { memory = "256Mi" } }
//! ```
//!
//! Where limit and request are equal, the scheduler has counted with all of it. Jobs and init containers come to an end by
//! themselves. Of requests that are a profile's default nothing is said, and containers without any are told of by `missing-resources`.

use super::origin::{help_in, is_companion, key_of_container};
use super::pods::{ContainerRole, look_at_containers, look_at_template};
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "missing-memory-limit",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("missing_memory_limit.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let lasting = |kind: &str| matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet");
    for (index, object) in context.objects().filter(|(_, object)| lasting(object.kind_name())) {
        let mut is_told = is_companion(context, object);
        look_at_template(object, &mut |template| {
            is_told |= template.key("spec").key("resources").key("limits").key("memory").is_set();
        });
        look_at_containers(object, &mut |container, role| {
            let resources = container.key("resources");
            let (request, limits) = (resources.key("requests"), resources.key("limits"));
            let memory = request.key("memory");
            let is_asked = memory.is_set() && (context.is_written)(memory.cause());
            if role == ContainerRole::Init || !is_asked || limits.key("memory").is_set() || is_told {
                return;
            }
            is_told = true;
            let name = container.key("name").text();
            let title = format!("container `{name}` may use all the memory of its node");
            let asked = if memory.text().is_empty() { "256Mi" } else { memory.text() };
            let yaml = format!("write `limits: {{memory: {asked}}}` below its `resources`, or more where it uses more");
            let entry = format!("limits = {{ memory = \"{asked}\" }}");
            let key = key_of_container(context, object, name, "resources");
            findings.add(index, &memory, title, help_in(context, object, &key, &entry, &yaml));
        });
    }
}
