//! The hosts that an ingress serves, and the address at which a person finds it.

use super::facts::Web;
use crate::bundle::CauseId;
use crate::component::cluster::Cluster;
use crate::component::ingress::{HostText, Ingress};
use crate::component::world::World;
use crate::document::OriginId;
use crate::shape::Written;
use crate::value::{Domain, Name};

/// A host that an ingress serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedHost {
    /// The whole name; `None` is every host.
    pub name: Option<String>,
    /// Where it was written.
    pub origin: OriginId,
    /// Where the domain was written that completed it.
    pub domain: Option<OriginId>,
}

/// A host that only a domain could complete, on a cluster that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingDomain {
    /// As it was typed.
    pub host: String,
    /// Where it was written.
    pub origin: OriginId,
}

impl Ingress {
    /// The hosts in the order written; the name of the table where none is.
    ///
    /// # Errors
    /// The first host that `cluster.domain` would have to complete, where there is none.
    pub fn hosts(&self, name: &Written<Name>, cluster: &Cluster) -> Result<Vec<ServedHost>, MissingDomain> {
        let domain = cluster.domain.as_ref();
        match &self.host {
            Some(hosts) => hosts.0.iter().map(|host| complete(host, domain)).collect(),
            None => Ok(vec![complete(&name.clone().map(HostText::Label), domain)?]),
        }
    }

    /// The first host that can be typed into a browser; the domain where every host is served.
    pub fn host(&self, name: &Written<Name>, cluster: &Cluster) -> Option<String> {
        let hosts = self.hosts(name, cluster).ok()?;
        let named = hosts.iter().filter_map(|host| host.name.as_deref()).find(|name| !name.starts_with('*'));
        if named.is_some() || hosts.iter().all(|host| host.name.is_some()) {
            return named.map(str::to_owned);
        }
        cluster.domain.as_ref().map(|domain| domain.value.to_string())
    }

    /// The address of [`Ingress::host`] without a slash at its end: `http://todo.localhost:8080`.
    pub fn url(&self, name: &Written<Name>, cluster: &Cluster) -> Option<String> {
        let host = self.host(name, cluster)?;
        let web = if self.uses_tls(cluster) { Web::Https } else { Web::Http };
        let scheme = web.scheme();
        Some(match cluster.public_port(web) {
            Some(port) => format!("{scheme}://{host}:{}", port.value),
            None => format!("{scheme}://{host}"),
        })
    }
}

impl ServedHost {
    /// Why the name is what it is.
    pub fn cause(&self, world: &World) -> CauseId {
        match self.domain {
            Some(domain) => {
                world.derive("a bare host is completed by the domain of the cluster", &[self.origin, domain])
            }
            None => self.origin.into(),
        }
    }

    /// As messages name it.
    pub fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or("*")
    }
}

fn complete(host: &Written<HostText>, domain: Option<&Written<Domain>>) -> Result<ServedHost, MissingDomain> {
    let origin = host.origin;
    let by_domain = |typed: &str, label: &str| match domain {
        Some(domain) => {
            Ok(ServedHost { name: Some(format!("{label}{}", domain.value)), origin, domain: Some(domain.origin) })
        }
        None => Err(MissingDomain { host: typed.to_owned(), origin }),
    };
    match &host.value {
        HostText::Label(label) => by_domain(label.as_str(), &format!("{label}.")),
        HostText::Domain => by_domain("@", ""),
        HostText::Whole(whole) => Ok(ServedHost { name: Some(whole.to_string()), origin, domain: None }),
        HostText::Any => Ok(ServedHost { name: None, origin, domain: None }),
    }
}
