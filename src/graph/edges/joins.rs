//! Routes hang on Gateways; StatefulSets take names from Services, and endpoints belong to Services.

use super::namespace;
use crate::bundle::At;
use crate::graph::edge::{Part, Relation};
use crate::graph::scene::{Collector, Named};

/// The label by which an EndpointSlice belongs to a Service.
const SERVICE_LABEL: &str = "kubernetes.io/service-name";

/// What an object belongs to.
pub fn collect<'a>(kind: &str, root: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let spec = root.key("spec");
    match kind {
        "HTTPRoute" | "GRPCRoute" => {
            for reference in spec.key("parentRefs").items() {
                parent(&reference, collector);
            }
        }
        "StatefulSet" => service(&spec.key("serviceName"), collector),
        "EndpointSlice" => service(&root.key("metadata").key("labels").entry(SERVICE_LABEL), collector),
        "Endpoints" => service(&root.key("metadata").key("name"), collector),
        _ => {}
    }
}

fn parent<'a>(reference: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let kind = reference.key("kind");
    let name = reference.key("name");
    let place = namespace(&reference.key("namespace"), collector);
    let (section, port) = (reference.key("sectionName"), reference.key("port"));
    let section_name = Some(section.text()).filter(|section| !section.is_empty());
    let listener = Part::Listener(section_name, port.integer());
    match kind.text() {
        "" | "Gateway" => {
            let at = if section.is_empty() { &port } else { &section };
            let named = Named::whole("Gateway", place, name.text()).part(listener);
            collector.name_with_part(Relation::Joins, (&name, at), named);
        }
        // routes inside a mesh hang on the Service that is called
        "Service" => collector.name(Relation::Joins, &name, Named::whole("Service", place, name.text())),
        _ => {}
    }
}

fn service<'a>(at: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    collector.name(Relation::Joins, at, Named::whole("Service", collector.namespace, at.text()));
}
