//! Components of the stack talk to each other, as `uses` and `wait` say.

use crate::component::parts::edges::Binding;
use crate::component::world::{Connection, NAME_LABEL, NamedPort, Place as Whereabouts};
use crate::graph::Edge;
use crate::graph::edge::{Need, Outcome, Part, Place, Relation, Target};
use crate::graph::scene::{Collector, Named};
use crate::shape::Written;
use crate::stack::Stack;
use crate::value::Name;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The edges between the components of a stack: one for each port that is talked to.
pub fn collect<'a>(stack: &'a Stack, collector: &mut Collector<'_, 'a>) {
    let workloads = workloads(collector);
    let namespace = stack.table.namespace.as_ref().map(|namespace| namespace.name.value.as_str());
    let namespace = collector.scene.names.resolve(namespace);
    for (_, name, workload) in stack.file.tables.workloads() {
        let Some(from) = workloads.get(name.value.as_str()).copied() else { continue };
        let containers = workload.containers(name.as_ref().map(Name::as_str));
        let uses = containers.iter().flat_map(|container| container.uses.0.iter());
        let mut targets: IndexMap<&str, (&Written<Name>, Option<&Binding>), FxBuildHasher> = IndexMap::default();
        // what is used says more than what is waited for
        for (target, binding) in uses {
            targets.entry(target.value.as_str()).or_insert((target, Some(binding)));
        }
        for target in &workload.wait {
            targets.entry(target.value.as_str()).or_insert((target, None));
        }
        for (target, (written, binding)) in targets {
            let Some(connection) = stack.connections.get(target) else { continue };
            let edge = Leading { from, origin: written.origin.into(), namespace, connection };
            edge.collect(binding, collector);
        }
    }
}

/// The objects whose Pods are those of components themselves, by component.
fn workloads<'a>(collector: &Collector<'_, 'a>) -> IndexMap<&'a str, usize, FxBuildHasher> {
    let scene = collector.scene;
    let pods = scene.pods.pods.iter().map(|pods| (pods, &*scene.bundle.objects[pods.object].identity.component));
    let own = pods.filter(|(pods, component)| pods.label(NAME_LABEL) == Some(*component));
    own.map(|(pods, component)| (component, pods.object)).collect()
}

/// One component leads to another.
struct Leading<'a> {
    from: usize,
    origin: crate::bundle::CauseId,
    namespace: &'a str,
    connection: &'a Connection,
}

impl<'a> Leading<'a> {
    fn collect(&self, binding: Option<&Binding>, collector: &mut Collector<'_, 'a>) {
        let wanted = binding.and_then(|binding| binding.ports(self.connection));
        let is_wanted = |port: &&NamedPort| match (&wanted, &port.name) {
            (Some(wanted), Some(name)) => wanted.contains(name),
            _ => true,
        };
        let ports: Vec<u16> = self.connection.ports.iter().filter(is_wanted).map(|port| port.number.value).collect();
        for host in &self.connection.hosts {
            let to = |port: Option<u16>| self.edge(&host.value, port, collector);
            let edges: Vec<Edge> = match ports.is_empty() {
                true => vec![to(None)],
                false => ports.iter().map(|port| to(Some(*port))).collect(),
            };
            collector.edges.extend(edges);
        }
    }

    fn edge(&self, host: &'a str, port: Option<u16>, collector: &Collector<'_, 'a>) -> Edge<'a> {
        let place = Place { field: String::new(), cause: self.origin };
        let service = collector.scene.names.find("Service", self.namespace, host);
        if self.connection.place == Whereabouts::Outside && service.is_none() {
            let (target, need, outcome) = (Target::Outside { host, port }, Need::Required, Outcome::Found);
            return Edge { relation: Relation::Uses, from: self.from, place, target, need, found: Vec::new(), outcome };
        }
        let part = port.map_or(Part::Whole, |port| Part::PortNumber(port.into()));
        let named = Named::whole("Service", self.namespace, host).part(part);
        collector.scene.edge(Relation::Uses, self.from, place, named)
    }
}
