//! Containers use no port of their node.
//!
//! Only one Pod of a node can have a port of it, so there can be no more Pods than nodes, and during an update the new Pod waits for
//! the old one to go. It also listens on every address of the node, past Services and most NetworkPolicies.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! ports = { http = { port = 80, host-port = 8080 } }
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! service = "load-balancer"
//! ```
//!
//! Expose the Pods by a Service. An agent that has to answer on each node (`kind = "DaemonSet"`) is let be.

use super::origin::table;
use super::pods::{look_at_containers, look_at_template};
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "host-port",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("host_port.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        let mut is_on_node = object.kind_name() == "DaemonSet";
        look_at_template(object, &mut |template| is_on_node |= template.key("spec").key("hostNetwork").is_true());
        if is_on_node {
            continue;
        }
        look_at_containers(object, &mut |container, _| {
            for port in container.key("ports").items() {
                let number = port.key("hostPort");
                let Some(host) = number.integer().filter(|number| *number > 0) else { continue };
                let title = format!(
                    "port {host} of the node goes to one Pod: there is no second one on that node, not during an update either"
                );
                let yaml = "remove `hostPort`, and write a Service that leads to the Pods";
                let help = match table(context, object) {
                    Some(table) => {
                        format!("remove `host-port`, and write `service = \"load-balancer\"` below `[{table}]`")
                    }
                    None => yaml.to_owned(),
                };
                findings.add(index, &number, title, help);
            }
        });
    }
}
