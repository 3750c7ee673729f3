//! The Services in front of a component.

use super::container::Sidecar;
use super::ports::{Port, Ports, Target, lower_service_port};
use crate::bundle::{Bundle, CauseId, Traced, traced};
use crate::component::approach::Approach;
use crate::component::world::{Subject, World, add, entries, text};
use crate::document::{Node, Value};
use crate::shape::{Keyed, Kind, Leaf, Shape, Short, Written, entry};
use crate::traced;
use crate::value::{AnnotationName, LabelName, LabelValue, Name, NodePort, PortName};
use crate::{table, words};
use k8s_openapi::api::core::v1 as core;

words! {
    /// How a Service is reached.
    pub enum ServiceType("a kind of Service") {
        /// Inside the cluster.
        ClusterIp = "cluster-ip",
        /// Inside the cluster, by the addresses of its Pods.
        Headless = "headless",
        /// On a port of every node as well.
        NodePort = "node-port",
        /// By an address of the provider as well.
        LoadBalancer = "load-balancer",
        /// No Service.
        None = "none",
    }
}

words! {
    /// Whether a client keeps its Pod.
    pub enum Affinity("a session affinity") {
        /// Any Pod each time.
        None = "none",
        /// One Pod for each client address.
        ClientIp = "client-ip",
    }
}

words! {
    /// Which nodes answer outside traffic.
    pub enum ExternalTraffic("an external traffic policy") {
        /// Every node; the client's address is lost.
        Cluster = "cluster",
        /// Only nodes with a Pod; the client's address is kept.
        Local = "local",
    }
}

table! {
    /// A Service.
    pub struct Service("service") {
        /// `cluster-ip` (the default), `headless`, `node-port`, `load-balancer` or `none`.
        kind("type"): Option<Written<ServiceType>>,
        /// The ports it offers, by their names; all where it is left out.
        ports: Vec<Written<PortName>>,
        /// The port on every node, 30000 to 32767: one number for the first port, or numbers by port name.
        node_port: Option<NodePorts>,
        /// Annotations of the Service.
        annotations: Keyed<AnnotationName, Written<String>>,
        /// Labels of the Service, beside the usual ones.
        labels: Keyed<LabelName, Written<LabelValue>>,
        /// The class of the load balancer.
        class: Option<Written<String>>,
        /// `client-ip` keeps a client at one Pod.
        session_affinity: Option<Written<Affinity>>,
        /// `local` keeps the client's address.
        external_traffic: Option<Written<ExternalTraffic>>,
        /// Resolves the names of Pods that are not ready yet.
        publish_not_ready: Option<Written<bool>>,
    }
    form {
        short: Some(Short {
            what: "a word such as \"node-port\"",
            kind: <ServiceType as Leaf>::KIND,
            expand: |node| entry(node, "type"),
        }),
    }
}

/// `node-port = 30080` or `node-port = { ssh = 30022 }`.
#[derive(Debug, Clone)]
pub enum NodePorts {
    /// Of the first port.
    First(Written<NodePort>),
    /// By the names of ports.
    Named(Keyed<PortName, Written<NodePort>>),
}

impl Shape for NodePorts {
    const KIND: &'static Kind =
        &Kind::OneOf(&[<NodePort as Leaf>::KIND, <Keyed<PortName, Written<NodePort>> as Shape>::KIND]);

    fn decode(node: &Node, decoder: &mut crate::shape::Decoder) -> Option<Self> {
        match &node.value {
            Value::Table(_) => Keyed::decode(node, decoder).map(Self::Named),
            _ => Written::decode(node, decoder).map(Self::First),
        }
    }
}

/// More Services in front of the same Pods, by their names.
pub type Services = Keyed<Name, Service>;

/// A port with its name.
pub type NamedPort = (Written<PortName>, Port);

/// The ports of a Pod, before which Services may stand.
#[derive(Debug, Clone)]
pub struct PodPorts<'a> {
    own: &'a Ports,
    all: Vec<&'a NamedPort>,
}

impl<'a> PodPorts<'a> {
    /// Those of a component and of its sidecars.
    pub fn new(own: &'a Ports, sidecars: &'a Keyed<Name, Sidecar>) -> Self {
        let beside = sidecars.iter().flat_map(|(_, sidecar)| sidecar.ports.iter());
        Self { own, all: own.iter().chain(beside).collect() }
    }

    /// Those of a component that has no sidecars.
    pub fn alone(own: &'a Ports) -> Self {
        Self { own, all: own.iter().collect() }
    }

    /// The component's own.
    pub fn own(&self) -> &'a Ports {
        self.own
    }

    /// The component's own, then those of its sidecars.
    pub fn all(&self) -> impl Iterator<Item = &'a NamedPort> + use<'a, '_> {
        self.all.iter().copied()
    }

    /// The port of this name.
    pub fn named(&self, name: &PortName) -> Option<&'a NamedPort> {
        self.all().find(|(known, _)| known.value == *name)
    }

    /// How a Service finds a port: a sidecar's by its number, because Kubernetes before 1.32 does not find the names of ports
    /// of init containers. <https://github.com/kubernetes/kubernetes/pull/127976>
    fn target(&self, name: &PortName) -> Target {
        if self.own.iter().any(|(own, _)| own.value == *name) { Target::Name } else { Target::Number }
    }

    /// Those that a Service offers: the ones that it names, else the component's own.
    pub fn offered(&self, service: Option<&Service>) -> Vec<&'a NamedPort> {
        match service.map(|service| &service.ports).filter(|chosen| !chosen.is_empty()) {
            Some(chosen) => self.all().filter(|(name, _)| chosen.iter().any(|port| port.value == name.value)).collect(),
            None => self.own.iter().collect(),
        }
    }
}

/// The Services of a component: where they stand and what they are in front of.
pub struct Exposure<'a> {
    /// The component.
    pub subject: Subject<'a>,
    /// The ports of its Pods.
    pub ports: PodPorts<'a>,
}

impl Exposure<'_> {
    /// One Service; none for the type `none`.
    pub fn lower(
        &self,
        name: Traced<String>,
        service: Option<&Service>,
        world: &World,
    ) -> Option<Traced<core::Service>> {
        if type_of(service) == ServiceType::None {
            return None;
        }
        let subject = self.subject;
        let origin = service.map_or(subject.origin, |service| service.origin);
        let labels = service.map_or_else(Vec::new, |service| entries(&service.labels));
        let approach = world.approaches.get(name.value.as_str());
        let annotations = annotations(service, approach, world);
        let spec = self.spec(service, approach, world);
        let metadata = world.metadata_with(subject, name, labels, annotations);
        Some(traced!(origin, core::Service { metadata: metadata, spec: spec }))
    }

    fn spec(&self, service: Option<&Service>, approach: Option<&Approach>, world: &World) -> Traced<core::ServiceSpec> {
        let word = type_of(service);
        let kind = service.and_then(|service| service.kind);
        let subject = self.subject;
        let origin = service.map_or(subject.origin, |service| service.origin);
        let cause = |text: &str| traced(text.to_owned(), kind.map_or(origin, |kind| kind.origin));
        traced!(
            origin,
            core::ServiceSpec {
                type_: match word {
                    ServiceType::NodePort => Some(cause("NodePort")),
                    ServiceType::LoadBalancer => Some(cause("LoadBalancer")),
                    _ => None,
                },
                cluster_ip: (word == ServiceType::Headless).then(|| cause("None")),
                selector: world.selector_labels(subject),
                ports: self.ports(service, approach, world),
                session_affinity: service.and_then(|service| service.session_affinity).map(|affinity| {
                    traced(
                        if affinity.value == Affinity::ClientIp { "ClientIP" } else { "None" }.to_owned(),
                        affinity.origin,
                    )
                }),
                external_traffic_policy: service.and_then(|service| service.external_traffic).map(|traffic| {
                    traced(
                        if traffic.value == ExternalTraffic::Local { "Local" } else { "Cluster" }.to_owned(),
                        traffic.origin,
                    )
                }),
                load_balancer_class: service.and_then(|service| service.class.as_ref()).map(text),
                publish_not_ready_addresses: service
                    .and_then(|service| service.publish_not_ready)
                    .map(|publish| traced(publish.value, publish.origin)),
            }
        )
    }

    fn ports(
        &self,
        service: Option<&Service>,
        approach: Option<&Approach>,
        world: &World,
    ) -> Vec<Traced<core::ServicePort>> {
        let node_ports = service.and_then(|service| service.node_port.as_ref());
        let lower = |(at, (name, port)): (usize, &NamedPort)| {
            let node_port = node_port(node_ports, at, &name.value);
            let spoken = approach.and_then(|approach| approach.protocol(name)).map(|spoken| world.say(spoken));
            lower_service_port(name, port, self.ports.target(&name.value), node_port, spoken)
        };
        self.ports.offered(service).into_iter().enumerate().map(lower).collect()
    }
}

fn type_of(service: Option<&Service>) -> ServiceType {
    service.and_then(|service| service.kind).map_or(ServiceType::ClusterIp, |kind| kind.value)
}

/// Its own, behind those that the cluster wants on a Service with an address of its own, and those that lead routes to it.
fn annotations(service: Option<&Service>, approach: Option<&Approach>, world: &World) -> Vec<(String, Traced<String>)> {
    let mut all = Vec::new();
    if let Some(expose) = world.cluster.expose.as_ref().filter(|_| type_of(service) == ServiceType::LoadBalancer) {
        all.extend(entries(&expose.service_annotations));
    }
    let said = approach.into_iter().flat_map(|approach| &approach.annotations);
    all.extend(said.map(|(key, saying)| ((*key).to_owned(), world.say(saying))));
    all.extend(service.into_iter().flat_map(|service| entries(&service.annotations)));
    all
}

fn node_port(node_ports: Option<&NodePorts>, at: usize, name: &PortName) -> Option<Traced<i32>> {
    let number = match node_ports? {
        NodePorts::First(number) if at == 0 => number,
        NodePorts::First(_) => return None,
        NodePorts::Named(numbers) => &numbers.iter().find(|(port, _)| port.value == *name)?.1,
    };
    Some(traced(i32::from(number.value.get()), number.origin))
}

/// Adds the headless Service that gives the Pods of a StatefulSet their names, those that are not ready too.
pub fn governing_service(subject: Subject, ports: &Ports, name: &str, world: &World, bundle: &mut Bundle) {
    let cause = governing_cause(subject, world);
    let spec = traced!(
        cause,
        core::ServiceSpec {
            cluster_ip: "None",
            publish_not_ready_addresses: true,
            selector: world.selector_labels(subject),
            ports: ports
                .iter()
                .map(|(name, port)| lower_service_port(name, port, Target::Name, None, None))
                .collect::<Vec<_>>(),
        }
    );
    let metadata = world.metadata_with(subject, traced(name.to_owned(), cause), Vec::new(), Vec::new());
    add(bundle, subject, "headless", traced!(cause, core::Service { metadata: metadata, spec: spec }));
}

/// Why a StatefulSet and its headless Service belong together.
pub fn governing_cause(subject: Subject, world: &World) -> CauseId {
    world.derive("a headless Service gives the Pods of a StatefulSet their names", &[subject.origin])
}
