//! A host and path are routed once.
//!
//! Two Ingresses or HTTPRoutes for the same host and path are both taken, and one wins: the older, the first by name, or whichever
//! the controller saw last. The other does nothing.
//!
//! ```yaml fail
//! apiVersion: networking.k8s.io/v1
//! kind: Ingress
//! metadata: {name: old}
//! spec:
//!   rules:
//!   - host: shop.example.com
//!     http:
//!       paths: [{path: /api, pathType: Prefix, backend: {service: {name: one, port: {number: 80}}}}]
//! ---
//! apiVersion: networking.k8s.io/v1
//! kind: Ingress
//! metadata: {name: new}
//! spec:
//!   rules:
//!   - host: shop.example.com
//!     http:
//!       paths: [{path: /api/, pathType: Prefix, backend: {service: {name: two, port: {number: 80}}}}]
//! ```
//!
//! ```yaml pass
//! apiVersion: networking.k8s.io/v1
//! kind: Ingress
//! metadata: {name: old}
//! spec:
//!   rules:
//!   - host: shop.example.com
//!     http:
//!       paths: [{path: /api, pathType: Prefix, backend: {service: {name: one, port: {number: 80}}}}]
//! ---
//! apiVersion: networking.k8s.io/v1
//! kind: Ingress
//! metadata: {name: new}
//! spec:
//!   rules:
//!   - host: shop.example.com
//!     http:
//!       paths: [{path: /api/v2, pathType: Prefix, backend: {service: {name: two, port: {number: 80}}}}]
//! ```
//!
//! Remove one of them, or give it another host or path. A canary of ingress-nginx, which repeats a route on purpose, is not looked at.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, CauseId, Object};
use crate::diagnostic::{Class, Severity};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "duplicate-route",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("duplicate_route.rs"),
    check,
};

/// The annotation by which ingress-nginx takes a part of the requests of another Ingress.
const CANARY: &str = "nginx.ingress.kubernetes.io/canary";

/// What is answered, in words that are equal where the requests are.
type Requests = String;

struct Seen<'f> {
    firsts: IndexMap<Requests, (CauseId, &'f str), FxBuildHasher>,
}

fn check(context: &Context, findings: &mut Findings) {
    let mut seen = Seen { firsts: IndexMap::default() };
    for (index, object) in context.objects() {
        let root = At::root(&object.root);
        match object.kind_name() {
            "Ingress" => of_ingress(index, object, &root, &mut seen, findings),
            "HTTPRoute" => of_route(index, object, &root, context, &mut seen, findings),
            _ => {}
        }
    }
}

fn of_ingress<'f>(index: usize, object: &'f Object, root: &At<'_, 'f>, seen: &mut Seen<'f>, findings: &mut Findings) {
    let spec = root.key("spec");
    if root.key("metadata").key("annotations").entry(CANARY).is_text("true") {
        return;
    }
    let class = spec.key("ingressClassName").text();
    for rule in spec.key("rules").items() {
        let host = rule.key("host").text();
        for path in rule.key("http").key("paths").items() {
            let (at, kind) = (path.key("path"), path.key("pathType").text());
            // a prefix is a prefix with or without a slash at its end
            let text = if kind == "Prefix" { at.text().trim_end_matches('/') } else { at.text() };
            let said = format!("{}{}", if host.is_empty() { "every host" } else { host }, at.text());
            let requests = format!("ingress {class} {host} {kind} {text}");
            seen.note((requests, said), (index, object), &at, findings);
        }
    }
}

fn of_route<'f>(
    index: usize,
    object: &'f Object,
    root: &At<'_, 'f>,
    context: &Context,
    seen: &mut Seen<'f>,
    findings: &mut Findings,
) {
    let spec = root.key("spec");
    let namespace =
        context.graph.find("HTTPRoute", object.namespace(), object.name()).map(|(_, found)| found.namespace());
    let parents: Vec<String> = spec.key("parentRefs").items().map(|parent| spelled(&parent)).collect();
    let hosts: Vec<&str> = match spec.key("hostnames").is_empty() {
        true => vec![""],
        false => spec.key("hostnames").items().map(|host| host.text()).collect(),
    };
    for rule in spec.key("rules").items() {
        for matching in rule.key("matches").items() {
            for host in &hosts {
                let path = matching.key("path");
                let at = if path.is_set() { path.key("value") } else { matching };
                let said = format!("{}{}", if host.is_empty() { "every host" } else { host }, path.key("value").text());
                let requests = format!("route {namespace:?} {parents:?} {host} {}", spelled(&matching));
                seen.note((requests, said), (index, object), &at, findings);
            }
        }
    }
}

/// A field as a text that is equal where the fields are.
fn spelled(at: &At) -> String {
    let Some(field) = at.field() else { return String::new() };
    match field.spelled() {
        Some(text) => text.into_owned(),
        None if !at.items().collect::<Vec<_>>().is_empty() => {
            at.items().map(|item| spelled(&item)).collect::<Vec<_>>().join(",")
        }
        None => at.fields().map(|(key, value)| format!("{key}:{{{}}}", spelled(&value))).collect::<Vec<_>>().join(","),
    }
}

impl<'f> Seen<'f> {
    fn note(
        &mut self,
        (requests, said): (Requests, String),
        (index, object): (usize, &'f Object),
        at: &At,
        findings: &mut Findings,
    ) {
        let Some((first, name)) = self.firsts.get(&requests) else {
            self.firsts.insert(requests, (at.cause(), object.name()));
            return;
        };
        let title = format!("`{said}` is routed for the second time, after {} `{name}`", object.kind_name());
        let help = "remove one of the two, or give it another host or path";
        findings.add(index, at, title, help).related.push((*first, "routed here first".to_owned()));
    }
}
