//! The hosts of all `[ingress]` tables as the listeners of one Gateway.

use super::certificates::Certificate;
use super::facts::Web;
use crate::bundle::{Bundle, CauseId, Traced, traced};
use crate::component::gateway::{Gateway, GatewaySpec, Listener, ListenerTls, SecretReference};
use crate::component::ingress::Ingress;
use crate::component::world::{Subject, World, add, entries, text};
use crate::document::OriginId;
use crate::shape::Keyed;
use crate::traced;
use crate::value::Name;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use sha2::{Digest, Sha256};

/// RFC 1035, section 2.3.4.
const LONGEST_LABEL: usize = 63;

/// The hosts of all ingresses, each once.
pub struct Entrances<'a> {
    /// The stack.
    pub world: &'a World<'a>,
    /// By the host's name; `None` is every host.
    pub hosts: IndexMap<Option<String>, Entrance, FxBuildHasher>,
    issuer: Option<(String, Traced<String>)>,
}

/// One host with what makes it safe.
pub struct Entrance {
    cause: CauseId,
    /// Present where any of its ingresses uses TLS.
    pub secure: Option<Secure>,
}

/// How a listener gets its certificate.
pub enum Secure {
    /// From a Secret.
    Secret(Traced<String>),
    /// The provider knows.
    Provider,
}

impl<'a> Entrances<'a> {
    /// Gathers the hosts of all ingresses. Of several Secrets for one host the first counts.
    pub fn collect(ingresses: &Keyed<Name, Ingress>, world: &'a World<'a>) -> Self {
        let mut entrances = Self { world, hosts: IndexMap::default(), issuer: None };
        for (name, ingress) in ingresses.iter() {
            let certificate = ingress.certificate(name, world);
            let issuer = certificate.as_ref().and_then(Certificate::issuer_annotation);
            entrances.issuer = entrances.issuer.take().or(issuer);
            for host in ingress.hosts(name, world.cluster).unwrap_or_default() {
                let cause = host.cause(world);
                let entrance = entrances.hosts.entry(host.name).or_insert(Entrance { cause, secure: None });
                match certificate.as_ref().map(|certificate| certificate.secret()) {
                    Some(Some(secret)) if !matches!(entrance.secure, Some(Secure::Secret(_))) => {
                        entrance.secure = Some(Secure::Secret(secret.clone()));
                    }
                    Some(None) if entrance.secure.is_none() => entrance.secure = Some(Secure::Provider),
                    _ => {}
                }
            }
        }
        entrances
    }

    /// How many listeners the Gateway has.
    pub fn listener_count(&self) -> usize {
        self.hosts.len() + self.hosts.values().filter(|entrance| entrance.secure.is_some()).count()
    }

    /// Adds the Gateway; a GatewayClass is there, because a check asks for it.
    pub fn add_gateway(&self, bundle: &mut Bundle) {
        let stack = self.world.stack_name();
        let subject = Subject { table: "ingress", component: stack.value, name: stack.value, origin: stack.origin };
        let cause = self.world.derive("all ingresses of a stack share one Gateway", &[stack.origin]);
        let spec = traced!(
            cause,
            GatewaySpec {
                gateway_class_name: self
                    .world
                    .cluster
                    .expose_class()
                    .map_or_else(|| traced(String::new(), cause), text),
                listeners: self.listeners(),
            }
        );
        let name = traced(stack.value.to_owned(), stack.origin);
        let metadata = self.world.metadata_with(subject, name, Vec::new(), self.annotations());
        add(bundle, subject, "gateway", traced!(cause, Gateway { metadata: metadata, spec: spec }));
    }

    fn annotations(&self) -> Vec<(String, Traced<String>)> {
        let cluster = self.world.cluster;
        let mut all: Vec<_> = self.issuer.clone().into_iter().collect();
        let by_provider = self.hosts.values().any(|entrance| matches!(entrance.secure, Some(Secure::Provider)));
        if let (true, Some(key), Some(own)) =
            (by_provider, cluster.gateway_certificate_annotation(), cluster.provider_certificate())
        {
            all.push((key.to_owned(), text(own)));
        }
        if let Some(expose) = &cluster.expose {
            all.extend(entries(&expose.annotations));
        }
        all
    }

    fn listeners(&self) -> Vec<Traced<Listener>> {
        let mut listeners = Vec::new();
        for (host, entrance) in &self.hosts {
            listeners.push(self.listener(host.as_deref(), entrance, Web::Http));
            if entrance.secure.is_some() {
                listeners.push(self.listener(host.as_deref(), entrance, Web::Https));
            }
        }
        listeners
    }

    fn listener(&self, host: Option<&str>, entrance: &Entrance, web: Web) -> Traced<Listener> {
        let port = match self.world.cluster.listener_port(web) {
            Some(port) => traced(i32::from(port.value), port.origin),
            None => {
                traced(i32::from(web.usual_port()), self.world.derive("listeners have the usual ports of the web", &[]))
            }
        };
        let tls = match (web, &entrance.secure) {
            (Web::Https, Some(Secure::Secret(secret))) => Some(traced!(
                secret.cause(),
                ListenerTls {
                    mode: "Terminate",
                    certificate_refs: vec![traced!(secret.cause(), SecretReference { name: secret.clone() })],
                }
            )),
            _ => None,
        };
        let named =
            self.world.derive("a Gateway has a listener for each host and protocol", &self.origins(entrance.cause));
        traced!(
            named,
            Listener {
                name: self.listener_name(host, web),
                port: port,
                protocol: web.scheme().to_uppercase(),
                hostname: host.map(|host| traced(host.to_owned(), entrance.cause)),
                tls: tls,
            }
        )
    }

    fn origins(&self, cause: CauseId) -> Vec<OriginId> {
        self.world.causes.borrow().origins(cause).collect()
    }

    /// `https-todo-example-com`: a DNS label, which every implementation takes. Hosts that would share a name or make it too
    /// long end in a hash, so that a name never depends on the order of hosts.
    pub fn listener_name(&self, host: Option<&str>, web: Web) -> String {
        let Some(host) = host else { return web.scheme().to_owned() };
        let label = dashed(host);
        let shared = self.hosts.keys().flatten().filter(|other| dashed(other) == label).count() > 1;
        let whole = format!("{}-{label}", web.scheme());
        if whole.len() <= LONGEST_LABEL && !shared {
            return whole;
        }
        let hash = Sha256::digest(host.as_bytes());
        let hash = format!("{:02x}{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2], hash[3]);
        let start = whole.get(..LONGEST_LABEL - 9).unwrap_or(&whole).trim_end_matches('-');
        format!("{start}-{hash}")
    }
}

/// `*.example.com` as `any-example-com`.
fn dashed(host: &str) -> String {
    host.replace('*', "any").replace('.', "-")
}
