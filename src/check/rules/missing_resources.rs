//! Containers say how much cpu and memory they need.
//!
//! Without requests the scheduler puts a Pod anywhere, onto a full node too, and when memory runs out there it is the first to be ended. No
//! autoscaler can say how busy it is.
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
//! resources = { cpu = "100m", memory = "128Mi" }
//! ```
//!
//! In a stack the profile gives the main container some; sidecars have none unless they say so. Limits count as requests where those are
//! left out, and so do the requests of the whole Pod and the defaults of a LimitRange in the same namespace. A limit on cpu nobody is asked for.

use super::origin::help_for_container;
use super::pods::{ContainerRole, look_at_containers, look_at_template};
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Object;
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "missing-resources",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("missing_resources.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let defaults: Vec<&Object> =
        context.objects().map(|(_, object)| object).filter(|object| gives_defaults(object)).collect();
    for (index, object) in context.objects() {
        if defaults.iter().any(|range| range.namespace() == object.namespace()) {
            continue;
        }
        let mut is_told = false;
        look_at_template(object, &mut |template| is_told = missing(&template.key("spec")).is_empty());
        look_at_containers(object, &mut |container, role| {
            let missing = missing(container);
            if role == ContainerRole::Init || missing.is_empty() || is_told {
                return;
            }
            is_told = true;
            let name = container.key("name").text();
            let title = format!("container `{name}` does not say how much {} it needs", missing.join(" and "));
            let yaml = "write `resources: {requests: {cpu: 100m, memory: 128Mi}}` at each container, with what it uses on an ordinary day";
            let line = "resources = { cpu = \"100m\", memory = \"128Mi\" }";
            findings.add(
                index,
                &container.key("resources"),
                title,
                help_for_container(context, object, name, line, yaml),
            );
        });
    }
}

/// What is not requested, of a container or of a whole Pod.
fn missing(holder: &At) -> Vec<&'static str> {
    let resources = holder.key("resources");
    let is_named = |name: &str| ["requests", "limits"].iter().any(|list| resources.key(list).key(name).is_set());
    ["cpu", "memory"].into_iter().filter(|name| !is_named(name)).collect()
}

/// Whether an object gives requests to containers that have none.
fn gives_defaults(object: &Object) -> bool {
    let root = At::root(&object.root);
    let spec = root.key("spec");
    let limits = spec.key("limits");
    let gives = |limit: At| limit.key("defaultRequest").is_set() || limit.key("default").is_set();
    object.kind_name() == "LimitRange" && limits.items().any(gives)
}
