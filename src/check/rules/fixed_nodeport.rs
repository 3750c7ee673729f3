//! On a cloud no Service takes a fixed port of the nodes.
//!
//! A port of the nodes can be taken once in a cluster: the second stack with the same number is refused. Whoever uses it has to know
//! the address of a node, which is another one after the next upgrade, and the firewall of the provider is closed for it.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! service = { type = "node-port", node-port = 30080 }
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
//! On local clusters a fixed number is what makes the port known, so nothing is said there: keep it there alone, by
//! `unset = ["service"]` below `[profile.cloud.api.web]`.

use super::origin::table;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "fixed-nodeport",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("fixed_nodeport.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "Service") {
        let root = At::root(&object.root);
        let spec = root.key("spec");
        for port in spec.key("ports").items() {
            let number = port.key("nodePort");
            let Some(node_port) = number.integer().filter(|number| *number > 0) else { continue };
            let title = format!(
                "Service `{}` takes port {node_port} of every node, which only one Service can have",
                object.name()
            );
            let help = match (table(context, object), context.stack) {
                (Some(table), Some(stack)) => {
                    format!(
                        "write `service = \"load-balancer\"` below `[profile.{}.{table}]`, or remove `node-port` and add an `[ingress.NAME]`",
                        stack.profile
                    )
                }
                _ => "remove `nodePort`, and lead to the Service by an Ingress or `type: LoadBalancer`".to_owned(),
            };
            findings.add(index, &number, title, help);
        }
    }
}
