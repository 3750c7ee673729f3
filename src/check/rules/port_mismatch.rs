//! A program that is told its port listens where the Pod says.
//!
//! Most programs listen on the port that the variable `PORT` holds. Services and probes go to the ports that the container declares: where
//! these are others, nobody answers.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "ghcr.io/example/web:1.0"
//! port = 3000
//! env = { PORT = 8080 }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "ghcr.io/example/web:1.0"
//! port = 8080
//! env = { PORT = 8080 }
//! ```
//!
//! Write the number once: `[vars] port = 8080`, and `{{ vars.port }}` in both places. A container that reads `PORT` and declares no port at
//! all gets an information: nothing can refer to its port by name.

use super::origin::help_for_container;
use super::pods::{ContainerRole, look_at_containers};
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{Field, Object};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "port-mismatch",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("port_mismatch.rs"),
    check,
};

/// Variables that hold the port on which a program listens.
const PORTS: [&str; 2] = ["PORT", "SERVER_PORT"];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_containers(object, &mut |container, role| {
            if role != ContainerRole::Init {
                check_container(context, (index, object), container, findings);
            }
        });
    }
}

fn check_container(context: &Context, (index, object): (usize, &Object), container: &At, findings: &mut Findings) {
    let (env, ports) = (container.key("env"), container.key("ports"));
    let Some(variable) = env.items().find(|variable| PORTS.contains(&variable.key("name").text())) else { return };
    let Some(told) = number(context, object, &variable) else { return };
    let name = container.key("name").text();
    let variable_name = variable.key("name").text();
    let numbers: Vec<i64> = ports.items().filter_map(|port| port.key("containerPort").integer()).collect();
    let yaml = format!("write `containerPort: {told}` below `ports`");
    let help = |line: &str| help_for_container(context, object, name, line, &yaml);
    let source = if variable.key("value").is_set() { variable.key("value") } else { variable.key("valueFrom") };
    if numbers.contains(&told) {
        return;
    }
    if let Some(port) = numbers.first() {
        let title =
            format!("container `{name}` listens on {told}, as `{variable_name}` says, and requests go to {port}");
        let finding = findings.add(index, &source, title, help(&format!("port = {told}")));
        let declared = ports.item(0);
        finding.related.push((declared.key("containerPort").cause(), "they go here".to_owned()));
    } else if matches!(object.kind_name(), "Deployment" | "StatefulSet" | "DaemonSet") {
        let title = format!("container `{name}` listens on {told}, as `{variable_name}` says, and declares no port");
        let line = format!("ports = {{ http = {told} }}");
        findings.add_milder(Severity::Info, index, &source, (title, help(&line)));
    }
}

/// The number that a variable holds: its text, or that of a ConfigMap which is here.
fn number(context: &Context, object: &Object, variable: &At) -> Option<i64> {
    let reference = variable.key("valueFrom");
    let reference = reference.key("configMapKeyRef");
    if variable.key("value").is_set() {
        return variable.key("value").text().parse().ok();
    }
    let (_, config) = context.graph.find("ConfigMap", object.namespace(), reference.key("name").text())?;
    config.root.follow(&["data", reference.key("key").text()]).and_then(Field::as_str)?.parse().ok()
}
