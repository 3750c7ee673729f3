//! A probe asks a port that its container declares.
//!
//! A name that the container has not makes the kubelet fail every probe: the Pod never becomes ready, or is restarted again and again. A
//! number that no container declares may still be listened on, but is mostly a slip: where the Pod declares ports at all, this is a
//! warning, and good to know in YAML of others. Stacks take the component's port where none is written.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   containers:
//!   - name: web
//!     image: nginx:1.27.3
//!     ports: [{name: http, containerPort: 80}]
//!     livenessProbe: {httpGet: {path: /, port: web}}
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   containers:
//!   - name: web
//!     image: nginx:1.27.3
//!     ports: [{name: http, containerPort: 80}]
//!     livenessProbe: {httpGet: {path: /, port: http}}
//! ```
//!
//! Write the name or number of a port of the container, or declare the port there.

use super::pods::{look_at_containers, look_at_template};
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::diagnostic::{Class, Severity};
use crate::value::nearest;
use std::collections::BTreeSet;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "probe-port",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("probe_port.rs"),
    check,
};

const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];
const HANDLERS: [&str; 3] = ["httpGet", "tcpSocket", "grpc"];

fn check(context: &Context, findings: &mut Findings) {
    // many programs are asked at a port that their YAML does not mention
    let most = if context.is_foreign() { Severity::Info } else { Severity::Warning };
    for (index, object) in context.objects() {
        let mut numbers = BTreeSet::new();
        look_at_template(object, &mut |template| {
            let spec = template.key("spec");
            for list in ["containers", "initContainers"] {
                for container in spec.key(list).items() {
                    let ports = container.key("ports");
                    numbers.extend(ports.items().filter_map(|port| port.key("containerPort").integer()));
                }
            }
        });
        look_at_containers(object, &mut |container, _| {
            for probe in PROBES {
                let probe = container.key(probe);
                for handler in HANDLERS {
                    let handler = probe.key(handler);
                    // another host has ports of its own
                    if handler.key("host").is_empty() {
                        check_port((index, container), &handler.key("port"), &numbers, most, findings);
                    }
                }
            }
        });
    }
}

fn check_port(
    (index, container): (usize, &At),
    port: &At,
    numbers: &BTreeSet<i64>,
    most: Severity,
    findings: &mut Findings,
) {
    let ports = container.key("ports");
    let names = || ports.items().map(|port| port.key("name").text()).filter(|name| !name.is_empty());
    let whose = container.key("name");
    match (port.integer(), port.text()) {
        (Some(number), _) if !numbers.is_empty() && !numbers.contains(&number) => {
            let title = format!("this probe asks port {number}, which no container of the Pod declares");
            let all = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            let help = format!("write one of its ports, {all}, or declare this one");
            findings.add_milder(most, index, port, (title, help));
        }
        // numbers in quotes are numbers
        (None, name) if !name.is_empty() && name.parse::<u16>().is_err() && names().all(|own| own != name) => {
            let title =
                format!("this probe asks port `{name}`, and container `{}` has none of that name", whose.text());
            let help = match nearest(name, names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write the number, or name the port below `ports` of the container".to_owned(),
            };
            findings.add(index, port, title, help);
        }
        _ => {}
    }
}
