//! What listens for others has a Service.
//!
//! A port that is declared and that no Service leads to is reached by nobody who does not know the address of a Pod: a web application
//! that cannot be opened, an exporter that nobody reads.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! service = "none"
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! ```
//!
//! Remove `service = "none"`, or add one under another name: `services.NAME = "cluster-ip"`. What nobody connects to is a `[worker]`, whose
//! ports are for its probes. In YAML, where nobody knows what is a worker, this is good to know only.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, CauseId, Field, Object};
use crate::component::world::COMPONENT_LABEL;
use crate::diagnostic::{Class, Severity};
use crate::graph::Pods;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "workload-without-service",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Warning).at_most_in_yaml(Severity::Info),
    source: include_str!("workload_without_service.rs"),
    check,
};

/// Names of ports that the kubelet and others ask by the address of the Pod.
const INNER: [&str; 8] = ["health", "healthz", "health-port", "probe", "probes", "readiness", "liveness", "livez"];

fn check(context: &Context, findings: &mut Findings) {
    let has_monitors = context.objects().any(|(_, object)| object.kind_name() == "PodMonitor");
    for pods in context.graph.pods().iter().filter(|pods| matches!(pods.kind, "Deployment" | "StatefulSet")) {
        let object = &context.bundle.objects[pods.object];
        let is_ours = context.is_of_tables(object);
        let is_meant = if is_ours { is_api(object) } else { !has_monitors && !is_scraped(pods) };
        if !is_meant || context.graph.services_of(pods.object).next().is_some() {
            continue;
        }
        let mut ports = pods.ports().filter(|port| !is_inner(port));
        let Some(port) = ports.next() else { continue };
        let number = port.get("containerPort").and_then(Field::as_integer).unwrap_or_default();
        let title = format!("{} `{}` listens on port {number}, and no Service leads there", pods.kind, pods.name);
        let help = match is_ours {
            true => format!("remove `service = \"none\"`, or make it `[worker.{}]` where nobody connects", pods.name),
            false => {
                format!("add a Service with the labels of these Pods and `targetPort: {number}`, or remove the port")
            }
        };
        let root = At::root(&object.root);
        let metadata = root.key("metadata");
        let name = metadata.key("name");
        let most = if is_ours { Severity::Error } else { Severity::Info };
        let finding = findings.add_milder(most, pods.object, &name, (title, help));
        finding.related.push((port.cause, "the port".to_owned()));
        if let Some(cause) = switched_off(context, object).filter(|_| is_ours) {
            finding.cause = cause;
        }
    }
}

fn is_api(object: &Object) -> bool {
    let table = object.root.follow(&["metadata", "labels", COMPONENT_LABEL]).and_then(Field::as_str);
    table == Some("api") && *object.identity.component == *object.name()
}

/// Where an api says that it has no Service.
fn switched_off(context: &Context, object: &Object) -> Option<CauseId> {
    let mut apis = context.stack?.file.tables.api.iter();
    let (_, api) = apis.find(|(name, _)| name.value.as_str() == &*object.identity.component)?;
    Some(api.listening.service.as_ref()?.kind?.origin.into())
}

/// Whether Pods are read by their addresses, or share those of their node.
fn is_scraped(pods: &Pods) -> bool {
    let annotations = pods.template.follow(&["metadata", "annotations"]).map_or(&[][..], Field::entries);
    let is_asked = annotations.iter().any(|(key, _)| key.ends_with("/scrape"));
    is_asked || pods.template.follow(&["spec", "hostNetwork"]).and_then(Field::as_boolean) == Some(true)
}

fn is_inner(port: &Field) -> bool {
    port.get("name").and_then(Field::as_str).is_some_and(|name| INNER.contains(&name))
}
