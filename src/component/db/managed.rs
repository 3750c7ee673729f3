//! A database that lives outside the cluster: connection facts, and a Service that names its host where asked.

use super::Db;
use crate::bundle::{Bundle, traced};
use crate::component::words::Sslmode;
use crate::component::world::{NamedPort, Place, Subject, World, add, text};
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::shape::{Decoder, Leaf, Short, Written, entry};
use crate::value::{Address, Name, PortNumber};
use crate::{table, traced};
use k8s_openapi::api::core::v1 as core;

table! {
    /// A database that somebody else runs. Nothing of it is made in the cluster but its Secret.
    pub struct Managed("managed database") {
        /// Its host name or address.
        host: Written<Address>,
        /// Its port; the engine's own where it is left out.
        port: Option<Written<PortNumber>>,
        /// How clients use TLS, in the words of libpq: "require", "verify-full". It stands in `PGSSLMODE`, in URLs and in
        /// JDBC URLs, in the words of each engine.
        sslmode: Option<Written<Sslmode>>,
        /// Emits an ExternalName Service, so that components say the database's name in place of the host.
        service: Option<Written<bool>>,
    }
    form {
        short: Some(Short {
            what: "a host such as \"db.example.com\"",
            kind: <Address as Leaf>::KIND,
            expand: |node| entry(node, "host"),
        }),
    }
    validate check_managed;
}

impl Managed {
    /// The host, or the Service that names it, and where that is.
    pub fn host(&self, name: &Written<Name>) -> (Written<String>, Place) {
        match self.service() {
            Some(origin) => (Written { value: name.value.to_string(), origin }, Place::Inside),
            None => (self.host.as_ref().map(ToString::to_string), Place::Outside),
        }
    }

    /// The port on which it listens.
    pub fn port(&self, db: &Db) -> NamedPort {
        let facts = db.engine.value.facts();
        let own = Written { value: facts.port, origin: db.engine.origin };
        let number = self.port.map_or(own, |port| port.map(|port| port.get()));
        NamedPort { name: Some(facts.name.to_owned()), number }
    }

    /// Adds the ExternalName Service, where it asks for one.
    pub fn lower(&self, name: &Written<Name>, db: &Db, world: &World, bundle: &mut Bundle) {
        let Some(origin) = self.service() else { return };
        let subject = Subject::new("db", name);
        let number = self.port(db).number;
        let port = traced!(
            number.origin,
            core::ServicePort {
                name: traced(db.engine.value.facts().name, db.engine.origin),
                port: traced(i32::from(number.value), number.origin),
            }
        );
        let spec = traced!(
            origin,
            core::ServiceSpec { type_: "ExternalName", external_name: text(&self.host), ports: vec![port] }
        );
        let metadata = world.metadata(subject, subject.name);
        add(bundle, subject, "service", traced!(origin, core::Service { metadata: metadata, spec: spec }));
    }

    /// Where a Service is asked for.
    fn service(&self) -> Option<OriginId> {
        self.service.filter(|service| service.value).map(|service| service.origin)
    }
}

/// An ExternalName Service is an alias in DNS: it cannot stand for an address, and certificates do not know it.
fn check_managed(managed: &Managed, decoder: &mut Decoder) {
    let Some(service) = managed.service() else { return };
    if managed.host.value.is_ip() {
        let title = format!("a Service cannot lead to `{}`: it takes a host name, not an address", managed.host.value);
        let diagnostic = Diagnostic::error("service-without-name", title)
            .at(decoder.span(managed.host.origin), "")
            .at(decoder.key_span(service), "asks for a Service that names the host")
            .help("remove `service`: components then connect to the address itself");
        decoder.report.push(diagnostic);
    }
    if let Some(sslmode) = managed.sslmode.filter(|sslmode| sslmode.value == Sslmode::VerifyFull) {
        let title = "\"verify-full\" compares the certificate with the Service's name, which is not in it";
        let diagnostic = Diagnostic::error("certificate-of-another-host", title)
            .at(decoder.span(sslmode.origin), "")
            .at(decoder.key_span(service), "clients connect to this Service's name")
            .help(
                "remove `service`, so that components connect to the host itself, or write `sslmode = \"verify-ca\"`",
            );
        decoder.report.push(diagnostic);
    }
}
