//! Ports to which requests are sent, and which the Service does not have: what to say.

use super::Context;
use crate::bundle::{CauseId, Field};
use crate::graph::{Edge, Part};
use crate::value::nearest;

/// Title and help for a port that a Service does not have, and where its ports are.
pub fn absent_port(context: &Context, edge: &Edge) -> Option<(String, String, CauseId)> {
    let service = &context.bundle.objects[*edge.found.first()?];
    let ports = service.root.follow(&["spec", "ports"]).map_or(&[][..], Field::items);
    let title = match edge.part() {
        Part::PortName(name) => format!("Service `{}` has no port named `{name}`", service.name()),
        Part::PortNumber(number) => format!("Service `{}` has no port {number}", service.name()),
        _ => return None,
    };
    let names = || ports.iter().filter_map(|port| port.get("name")?.as_str());
    let near = if let Part::PortName(name) = edge.part() { nearest(name, names()) } else { None };
    let spell = |port: &Field| {
        let number = port.get("port")?.spelled()?.into_owned();
        let name = port.get("name").and_then(Field::as_str);
        Some(name.map_or(number.clone(), |name| format!("{number} (`{name}`)")))
    };
    let all = ports.iter().filter_map(spell).collect::<Vec<_>>().join(", ");
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write a port of the Service, not of the container; it has {all}"),
    };
    let cause = service.root.follow(&["spec", "ports"]).map_or(service.root.cause, |ports| ports.cause);
    Some((title, help, cause))
}
