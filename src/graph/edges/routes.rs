//! Requests are sent to Services: by an Ingress, a route, a webhook or an aggregated API.

use super::namespace;
use crate::bundle::At;
use crate::graph::edge::{Part, Relation};
use crate::graph::scene::{Collector, Named, port};

/// Filters of a route that send requests, or copies of them, to a Service.
const FILTERS: [&str; 2] = ["requestMirror", "externalAuth"];

/// The Services that an object sends requests to.
pub fn collect<'a>(kind: &str, root: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let spec = root.key("spec");
    match kind {
        "Ingress" => of_ingress(&spec, collector),
        "HTTPRoute" | "GRPCRoute" => of_route(&spec, collector),
        "MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration" => {
            for webhook in root.key("webhooks").items() {
                call(&webhook.key("clientConfig").key("service"), collector);
            }
        }
        "APIService" => call(&spec.key("service"), collector),
        "CustomResourceDefinition" => {
            call(&spec.key("conversion").key("webhook").key("clientConfig").key("service"), collector);
        }
        _ => {}
    }
}

fn of_ingress<'a>(spec: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    backend(&spec.key("defaultBackend"), collector);
    for rule in spec.key("rules").items() {
        for path in rule.key("http").key("paths").items() {
            backend(&path.key("backend"), collector);
        }
    }
}

fn backend<'a>(at: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let service = at.key("service");
    let (name, ports) = (service.key("name"), service.key("port"));
    let (by_name, by_number) = (ports.key("name"), ports.key("number"));
    let wanted = if by_name.is_empty() { port(&by_number) } else { Part::PortName(by_name.text()) };
    // a port of this name is a setting of the AWS controller, in an annotation
    let wanted = if wanted == Part::PortName("use-annotation") { Part::Whole } else { wanted };
    let at = if by_name.is_empty() { by_number } else { by_name };
    let named = Named::whole("Service", collector.namespace, name.text()).part(wanted);
    collector.name_with_part(Relation::Routes, (&name, &at), named);
}

fn of_route<'a>(spec: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    for rule in spec.key("rules").items() {
        for reference in rule.key("backendRefs").items() {
            lead(&reference, collector);
            mirrored(&reference, collector);
        }
        mirrored(&rule, collector);
    }
}

fn mirrored<'a>(at: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    for filter in at.key("filters").items() {
        for name in FILTERS {
            lead(&filter.key(name).key("backendRef"), collector);
        }
    }
}

/// A `backendRef` of the Gateway API.
fn lead<'a>(reference: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let (group, kind) = (reference.key("group"), reference.key("kind"));
    if !group.is_empty() || !(kind.is_empty() || kind.is_text("Service")) {
        return;
    }
    let name = reference.key("name");
    let place = namespace(&reference.key("namespace"), collector);
    let at = reference.key("port");
    let named = Named::whole("Service", place, name.text()).part(port(&at));
    collector.name_with_part(Relation::Routes, (&name, &at), named);
}

/// The Service that an API server calls, at port 443 where none is said.
fn call<'a>(service: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let (name, wanted) = (service.key("name"), service.key("port"));
    let wanted = if wanted.is_set() { port(&wanted) } else { Part::PortNumber(443) };
    let place = namespace(&service.key("namespace"), collector);
    collector.name(Relation::Routes, &name, Named::whole("Service", place, name.text()).part(wanted));
}
