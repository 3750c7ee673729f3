//! What a route leads to: a port of a Service.

use crate::bundle::{Traced, traced};
use crate::component::api::Api;
use crate::component::ingress::Route;
use crate::component::parts::exposure::{Service, ServiceType};
use crate::component::parts::ports::Port;
use crate::component::world::{World, text};
use crate::shape::{Keyed, Written};
use crate::value::{Name, PortName, Protocol};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The components that routes may lead to, by their names.
pub type Backends<'a> = IndexMap<&'a str, &'a Api, FxBuildHasher>;

/// The components that routes may lead to.
pub fn backends(apis: &Keyed<Name, Api>) -> Backends<'_> {
    apis.iter().map(|(name, api)| (name.value.as_str(), api)).collect()
}

/// A port of a Service.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    /// The Service.
    pub service: Written<&'a str>,
    /// The name of the port.
    pub port: &'a Written<PortName>,
    /// The port.
    pub numbers: &'a Port,
    /// The port where the route names it.
    pub named: Option<Written<&'a PortName>>,
}

/// Why a route leads nowhere.
#[derive(Debug, Clone, Copy)]
pub enum DeadEnd<'a> {
    /// There is no such api.
    Component,
    /// The api has no Service of this name.
    Service(&'a Written<Name>),
    /// The Service is of type `none`.
    NoService(&'a Service),
    /// The api has no port of this name.
    Port(Written<&'a PortName>),
    /// The Service does not offer the port.
    NotOffered(Written<&'a PortName>, &'a Service),
    /// The port does not speak TCP.
    Protocol(&'a Written<PortName>, Written<Protocol>),
    /// The api has no ports; that was reported already.
    NoPorts,
}

impl Route {
    /// The port that it names, in either of the two places.
    pub fn named_port(&self) -> Option<Written<&PortName>> {
        let own = self.port.as_ref().map(Written::as_ref);
        own.or_else(|| Some(Written { value: self.to.value.port.as_ref()?, origin: self.to.origin }))
    }

    /// The port of a Service that it leads to.
    ///
    /// # Errors
    /// Why it leads nowhere.
    pub fn destination<'a>(&'a self, backends: &Backends<'a>) -> Result<Destination<'a>, DeadEnd<'a>> {
        let api = *backends.get(self.to.value.name.as_str()).ok_or(DeadEnd::Component)?;
        let (name, service) = self.service_of(api)?;
        if let Some(service) = service
            && service.kind.is_some_and(|kind| kind.value == ServiceType::None)
        {
            return Err(DeadEnd::NoService(service));
        }
        let named = self.named_port();
        let (port, numbers) = choose(api, service, named)?;
        if let Some(protocol) = numbers.protocol.filter(|protocol| protocol.value != Protocol::Tcp) {
            return Err(DeadEnd::Protocol(port, protocol));
        }
        Ok(Destination { service: name, port, numbers, named })
    }

    fn service_of<'a>(&'a self, api: &'a Api) -> Result<(Written<&'a str>, Option<&'a Service>), DeadEnd<'a>> {
        let Some(wanted) = &self.service else {
            let own = Written { value: self.to.value.name.as_str(), origin: self.to.origin };
            return Ok((own, api.listening.service.as_ref()));
        };
        let found = api.listening.services.iter().find(|(name, _)| name.value == wanted.value);
        let (_, service) = found.ok_or(DeadEnd::Service(wanted))?;
        Ok((Written { value: wanted.value.as_str(), origin: wanted.origin }, Some(service)))
    }
}

/// The named port of the Service, else its first.
fn choose<'a>(
    api: &'a Api,
    service: Option<&'a Service>,
    named: Option<Written<&'a PortName>>,
) -> Result<(&'a Written<PortName>, &'a Port), DeadEnd<'a>> {
    let ports = api.ports();
    let offered = ports.offered(service);
    let Some(named) = named else {
        return offered.first().map(|(name, port)| (name, port)).ok_or(DeadEnd::NoPorts);
    };
    let (name, port) = ports.named(named.value).ok_or(DeadEnd::Port(named))?;
    let is_offered = offered.iter().any(|(offered, _)| offered.value == name.value);
    match service.filter(|_| !is_offered) {
        Some(service) => Err(DeadEnd::NotOffered(named, service)),
        None => Ok((name, port)),
    }
}

impl Destination<'_> {
    /// The name of the Service.
    pub fn service_name(&self) -> Traced<String> {
        text(&self.service)
    }

    /// The name of the port.
    pub fn port_name(&self, world: &World) -> Traced<String> {
        let cause = match self.named {
            Some(named) => named.origin.into(),
            None => {
                world.derive("a route that names no port goes to the first", &[self.service.origin, self.port.origin])
            }
        };
        traced(self.port.value.to_string(), cause)
    }

    /// The number of the port, 1 to 65535.
    pub fn port_number(&self) -> Traced<i32> {
        traced(i32::from(self.numbers.service.value.get()), self.numbers.service.origin)
    }
}
