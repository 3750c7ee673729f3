//! The Services that routes lead to, and what is spoken on their ports.

use super::destination::Backends;
use super::edge::Edge;
use super::protocol::{Spoken, spoken};
use crate::component::api::Api;
use crate::component::cluster::Cluster;
use crate::component::ingress::{Ingress, Route};
use crate::component::parts::ports::Port;
use crate::document::OriginId;
use crate::shape::{Keyed, Written};
use crate::value::{Name, PortName};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::collections::BTreeMap;

/// A Service that routes lead to.
pub struct Backing<'a> {
    /// The component behind it.
    pub component: &'a str,
    /// What it is.
    pub api: &'a Api,
    /// The ports that routes lead to, by their names.
    pub ports: IndexMap<&'a str, RoutedPort<'a>, FxBuildHasher>,
    /// Who serves these routes, each with the place that says so.
    pub edges: BTreeMap<Edge, OriginId>,
    /// Where these routes stand.
    pub ingresses: Vec<&'a Ingress>,
}

/// A port that a route leads to.
pub struct RoutedPort<'a> {
    /// Its name.
    pub name: &'a Written<PortName>,
    /// Its numbers.
    pub port: &'a Port,
    /// What is spoken on it; none where that is HTTP/1.1.
    pub spoken: Option<Spoken>,
}

/// The Services that routes lead to, by their names.
pub type Backings<'a> = IndexMap<&'a str, Backing<'a>, FxBuildHasher>;

/// Where one route leads.
pub struct Routed<'a> {
    /// The component.
    pub component: &'a str,
    /// What it is.
    pub api: &'a Api,
    /// The Service.
    pub service: &'a str,
    /// The port.
    pub port: RoutedPort<'a>,
}

/// Where the routes of an ingress lead; those that lead nowhere are left out.
pub fn routed<'a>(ingress: &'a Ingress, apis: &Backends<'a>) -> Vec<Routed<'a>> {
    let lead = |(_, route): &'a (_, Route)| {
        let component = route.to.value.name.as_str();
        let (destination, api) = (route.destination(apis).ok()?, *apis.get(component)?);
        let (name, port) = (destination.port, destination.numbers);
        let port = RoutedPort { name, port, spoken: spoken(api, name, port) };
        Some(Routed { component, api, service: destination.service.value, port })
    };
    ingress.routes.0.iter().filter_map(lead).collect()
}

/// What is spoken on all of several ports; none where that is HTTP/1.1, or differs.
pub fn common<'a>(ports: impl IntoIterator<Item = &'a RoutedPort<'a>>) -> Option<&'a Spoken> {
    let mut all = ports.into_iter().map(|port| port.spoken.as_ref());
    let first = all.next()??;
    all.all(|other| other.is_some_and(|other| other.protocol == first.protocol)).then_some(first)
}

/// The Services that routes lead to.
pub fn backings<'a>(ingresses: &'a Keyed<Name, Ingress>, apis: &Backends<'a>, cluster: &Cluster) -> Backings<'a> {
    let mut all = Backings::default();
    for (_, ingress) in ingresses.iter() {
        for Routed { component, api, service, port } in routed(ingress, apis) {
            let (ports, edges, ingresses) = (IndexMap::default(), BTreeMap::new(), Vec::new());
            let new = || Backing { component, api, ports, edges, ingresses };
            let backing = all.entry(service).or_insert_with(new);
            backing.ports.entry(port.name.value.as_str()).or_insert(port);
            if let Some(edge) = cluster.edge(ingress) {
                backing.edges.entry(edge.value).or_insert(edge.origin);
            }
            backing.ingresses.push(ingress);
        }
    }
    all
}

impl Backing<'_> {
    /// Whether the component's Services, an ingress that leads here, or the cluster for all ingresses have this annotation.
    pub fn is_written(&self, key: &str, cluster: &Cluster) -> bool {
        let listening = &self.api.listening;
        let services = listening.service.iter().chain(listening.services.iter().map(|(_, service)| service));
        let own = services.map(|service| &service.annotations);
        let led = self.ingresses.iter().map(|ingress| &ingress.annotations);
        let all = own.chain(led).chain(cluster.expose.as_ref().map(|expose| &expose.annotations));
        all.flat_map(Keyed::iter).any(|(name, _)| name.value.as_str() == key)
    }
}
