//! Ports to which requests are sent, and which the Service does not have: what to say.

use super::Context;
use super::origin::help_in;
use crate::bundle::{CauseId, Field, Object};
use crate::component::parts::container::Sidecar;
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
    let help = match (near, port_of_sidecar(context, service, edge)) {
        (_, Some(sidecar)) => {
            let offered: Vec<_> = names().chain([sidecar.port]).map(|name| format!("\"{name}\"")).collect();
            let list = offered.join(", ");
            let own = help_in(context, service, "service", &format!("ports = [{list}]"), "");
            format!("{own}: the Service offers a port of `{}` where it names it", sidecar.container)
        }
        (Some(near), None) => format!("did you mean `{near}`?"),
        (None, None) => format!("write a port of the Service, not of the container; it has {all}"),
    };
    let cause = service.root.follow(&["spec", "ports"]).map_or(service.root.cause, |ports| ports.cause);
    Some((title, help, cause))
}

/// A port that a container beside the component's own has.
struct SidecarPort<'a> {
    container: String,
    port: &'a str,
}

/// The port of a sidecar that a route means by its name: a Service offers only the component's own ports by itself.
fn port_of_sidecar<'a>(context: &Context, service: &Object, edge: &'a Edge) -> Option<SidecarPort<'a>> {
    let Part::PortName(port) = edge.part() else { return None };
    let mut workloads = context.stack?.file.tables.workloads();
    let (_, _, workload) = workloads.find(|(_, name, _)| name.value.as_str() == &*service.identity.component)?;
    let has = |sidecar: &Sidecar| sidecar.ports.iter().any(|(name, _)| name.value.as_str() == port);
    let (name, _) = workload.sidecar.iter().find(|(_, sidecar)| has(sidecar))?;
    Some(SidecarPort { container: format!("sidecar.{}", name.value), port })
}
