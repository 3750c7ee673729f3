//! Pods that a Service leads to say when they are ready.
//!
//! Without a readiness probe a Pod gets requests from the moment its container starts, before the program listens, and goes on getting
//! them when it hangs. An update ends the old Pods though the new ones do not work yet.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! health = "/"
//! ```
//!
//! Write `health = "/healthz"`, or `health = { tcp = true }` where there is no such path. Nothing is asked of Pods that no Service leads
//! to, of Jobs, and on local clusters.

use super::origin::help;
use super::pods::{ContainerRole, look_at_containers};
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "missing-readiness-probe",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("missing_readiness_probe.rs"),
    check,
};

/// What runs until it is ended.
const LASTING: [&str; 5] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"];

fn check(context: &Context, findings: &mut Findings) {
    for pods in context.graph.pods().iter().filter(|pods| LASTING.contains(&pods.kind)) {
        let Some(service) = context.graph.services_of(pods.object).next() else { continue };
        let object = &context.bundle.objects[pods.object];
        let mut is_asked = false;
        look_at_containers(object, &mut |container, role| {
            is_asked |= role != ContainerRole::Init && container.key("readinessProbe").is_set();
        });
        let mut is_told = is_asked;
        look_at_containers(object, &mut |container, role| {
            if is_told || role != ContainerRole::Main {
                return;
            }
            is_told = true;
            let service = context.bundle.objects[service].name();
            let title = format!(
                "container `{}` gets requests of Service `{service}` before it is ready",
                container.key("name").text()
            );
            let yaml = "write a `readinessProbe`, such as `httpGet: {path: /healthz, port: 8080}`";
            let help = help(context, object, &line(container), yaml);
            findings.add(pods.object, container, title, help);
        });
    }
}

/// What to write in a stack: the path that another probe asks, where there is one.
fn line(container: &At) -> String {
    let paths = ["livenessProbe", "startupProbe"].map(|probe| {
        let probe = container.key(probe);
        let request = probe.key("httpGet");
        request.key("path").text().to_owned()
    });
    match paths.iter().find(|path| !path.is_empty()) {
        Some(path) => format!("probes.ready = {{ http = \"{path}\" }}"),
        None => "health = \"/healthz\"".to_owned(),
    }
}
