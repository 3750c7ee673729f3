//! The Gateway that a route hangs on exists, has the listener that is named, and listens to a host of the route.
//!
//! A route whose parent is not there is not served by anybody, and no event tells so: only the status of the route, which stays
//! empty. A route whose hosts no listener has is refused with `NoMatchingListenerHostname`.
//!
//! ```yaml fail
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: Gateway
//! metadata: {name: edge}
//! spec:
//!   gatewayClassName: traefik
//!   listeners: [{name: http, port: 80, protocol: HTTP, hostname: "*.example.com"}]
//! ---
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata: {name: web}
//! spec:
//!   parentRefs: [{name: edge, sectionName: https}]
//!   hostnames: [shop.example.com]
//!   rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]
//! ```
//!
//! ```yaml pass
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: Gateway
//! metadata: {name: edge}
//! spec:
//!   gatewayClassName: traefik
//!   listeners: [{name: http, port: 80, protocol: HTTP, hostname: "*.example.com"}]
//! ---
//! apiVersion: gateway.networking.k8s.io/v1
//! kind: HTTPRoute
//! metadata: {name: web}
//! spec:
//!   parentRefs: [{name: edge, sectionName: http}]
//!   hostnames: [shop.example.com]
//!   rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]
//! ```
//!
//! Write the name of a Gateway and of one of its listeners. A shared one that exists already is named by
//! `cluster.expose.gateway = "NAMESPACE/NAME"`, or by `external = ["Gateway/NAME"]` below `[lint]`.

use super::absent::absent;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, Field};
use crate::diagnostic::{Class, Severity};
use crate::graph::{Edge, Outcome, Part, Relation};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "httproute-parent-missing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("httproute_parent_missing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Joins) {
        if !matches!(context.bundle.objects[edge.from].kind_name(), "HTTPRoute" | "GRPCRoute") {
            continue;
        }
        match edge.outcome {
            Outcome::Missing => {
                // a Gateway is mostly shared, and stands elsewhere
                let words =
                    absent(context, edge, "write the name of a Gateway, and its namespace where that is another one");
                findings.missing_at(Severity::Info, edge, words);
            }
            Outcome::WithoutPart => say_listener(context, edge, findings),
            Outcome::Found => check_hosts(context, edge, findings),
            Outcome::Provided(_) => {}
        }
    }
}

fn say_listener(context: &Context, edge: &Edge, findings: &mut Findings) {
    let Some(gateway) = edge.found.first().map(|found| &context.bundle.objects[*found]) else { return };
    let listeners = gateway.root.follow(&["spec", "listeners"]).map_or(&[][..], Field::items);
    let names: Vec<_> = listeners.iter().filter_map(|listener| listener.get("name")?.as_str()).collect();
    let which = match edge.part() {
        Part::Listener(Some(name), None) => format!("named `{name}`"),
        Part::Listener(Some(name), Some(port)) => format!("named `{name}` at port {port}"),
        Part::Listener(None, Some(port)) => format!("at port {port}"),
        _ => return,
    };
    let title = format!("Gateway `{}` has no listener {which}", gateway.name());
    let help = format!("write one of its listeners: `sectionName: {}`", names.join("` or `sectionName: "));
    let cause = listeners.first().map_or(gateway.root.cause, |listener| listener.cause);
    findings.add_edge(Severity::Error, edge, (title, help)).related.push((cause, "its listeners".to_owned()));
}

fn check_hosts(context: &Context, edge: &Edge, findings: &mut Findings) {
    let root = At::root(&context.bundle.objects[edge.from].root);
    let spec = root.key("spec");
    let hosts = spec.key("hostnames");
    let (Some(gateway), Part::Listener(section, port)) = (edge.found.first(), edge.part()) else { return };
    let gateway = &context.bundle.objects[*gateway];
    let listeners = gateway.root.follow(&["spec", "listeners"]).map_or(&[][..], Field::items);
    let meant = listeners.iter().filter(|listener| {
        section.is_none_or(|name| listener.get("name").and_then(Field::as_str) == Some(name))
            && port.is_none_or(|port| listener.get("port").and_then(Field::as_integer) == Some(port))
    });
    let served: Vec<&str> =
        meant.map(|listener| listener.get("hostname").and_then(Field::as_str).unwrap_or_default()).collect();
    let is_served = |host: At| served.iter().any(|served| meet(served, host.text()));
    if !hosts.is_empty() && !hosts.items().any(is_served) {
        let title = format!("no listener of Gateway `{}` is for a host of this route", gateway.name());
        let help = format!("write a host that one of them listens to: {}", served.join(", "));
        let finding = findings.add(edge.from, &hosts, title, help);
        let cause = listeners.first().map_or(gateway.root.cause, |listener| listener.cause);
        finding.related.push((cause, "its listeners".to_owned()));
    }
}

/// Whether two hosts have names in common; an empty one is every host, `*.` every name below.
fn meet(one: &str, other: &str) -> bool {
    let below = |pattern: &str, host: &str| pattern.strip_prefix('*').is_some_and(|end| host.ends_with(end));
    one.is_empty() || other.is_empty() || one == other || below(one, other) || below(other, one)
}
