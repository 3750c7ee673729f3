//! `[external.NAME]`: something outside the cluster that components use.

use super::parts::secrets::CredentialKeys;
use super::secret::DeclaredSecret;
use super::world::{Connection, Credential, NamedPort, Place, Subject, World, add, text};
use crate::bundle::{Bundle, traced};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, OriginId, Value};
use crate::shape::kind::Presence;
use crate::shape::{Decoder, Kind, Leaf, Member, Shape, Written};
use crate::value::{Address, ConfigKey, Name, ObjectName, PortNumber};
use crate::{table, traced};
use k8s_openapi::api::core::v1 as core;

table! {
    /// Something outside the cluster: connection facts for `uses`, and a Service that names it where asked.
    pub struct External("external") {
        /// Its host name or address, or a list of them.
        host: Hosts,
        /// Its port.
        port: Option<Written<PortNumber>>,
        /// The user.
        user: Option<Written<String>>,
        /// The database.
        database: Option<Written<String>>,
        /// The Secret that holds the credentials.
        secret: Option<Written<ObjectName>>,
        /// The keys of that Secret.
        keys: Option<CredentialKeys>,
        /// Emits an ExternalName Service, so that components say its name in place of the host.
        service: Option<Written<bool>>,
    }
    form {
        superseding: &[&["user", "keys.user"]],
    }
    validate check_external;
}

/// One host or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts(pub Vec<Written<Address>>);

impl Member for Hosts {
    const KIND: &'static Kind = &Kind::OneOf(&[<Address as Leaf>::KIND, <Vec<Written<Address>> as Shape>::KIND]);
    const PRESENCE: Presence = Presence::Required;

    fn member(node: Option<&Node>, key: &'static str, parent: OriginId, decoder: &mut Decoder) -> Self {
        match node {
            Some(Node { value: Value::Array(_), .. }) => Self(Vec::member(node, key, parent, decoder)),
            node => Self(vec![Written::member(node, key, parent, decoder)]),
        }
    }
}

impl External {
    /// How it is reached: by its own hosts, or by the name of its Service.
    pub fn connection(&self, name: &Written<Name>) -> Connection {
        let scheme = if self.port.is_some_and(|port| port.value.get() == 443) { "https" } else { "http" };
        let hosts = match self.service() {
            Some(origin) => vec![Written { value: name.value.to_string(), origin }],
            None => self.host.0.iter().map(|host| host.as_ref().map(ToString::to_string)).collect(),
        };
        let place = if self.service().is_some() { Place::Inside } else { Place::Outside };
        let keys = self.keys.as_ref();
        let whole = Connection::new("external", name.as_ref().map(ToString::to_string), place, scheme);
        Connection {
            hosts,
            ports: self.port.iter().map(|port| NamedPort { name: None, number: port.map(|port| port.get()) }).collect(),
            user: self.credential(keys.and_then(|keys| keys.user.as_ref()), self.user.as_ref()),
            password: self.credential(keys.and_then(|keys| keys.password.as_ref()), None),
            database: self.credential(keys.and_then(|keys| keys.database.as_ref()), self.database.as_ref()),
            url: self.credential(keys.and_then(|keys| keys.url.as_ref()), None),
            ..whole
        }
    }

    /// The Secret that it declares by naming it.
    pub fn declared_secret(&self) -> Option<DeclaredSecret> {
        let keys = self.keys.as_ref();
        let keys = keys.map(|keys| [&keys.user, &keys.password, &keys.database, &keys.url]);
        let keys = keys.into_iter().flatten().flatten();
        Some(DeclaredSecret {
            name: self.secret.as_ref()?.as_ref().map(ToString::to_string),
            keys: keys.map(|key| (key.as_ref().map(ToString::to_string), None)).collect(),
        })
    }

    /// Adds the ExternalName Service, where it asks for one.
    pub fn lower(&self, name: &Written<Name>, world: &World, bundle: &mut Bundle) {
        let (Some(origin), Some(host)) = (self.service(), self.host.0.first()) else { return };
        let subject = Subject::new("external", name);
        let port = |port: &Written<PortNumber>| {
            traced!(port.origin, core::ServicePort { port: traced(i32::from(port.value.get()), port.origin) })
        };
        let spec = traced!(
            origin,
            core::ServiceSpec {
                type_: "ExternalName",
                external_name: text(host),
                ports: self.port.iter().map(port).collect::<Vec<_>>(),
            }
        );
        let metadata = world.metadata(subject, subject.name);
        add(bundle, subject, "service", traced!(origin, core::Service { metadata: metadata, spec: spec }));
    }

    /// Where a Service is asked for.
    fn service(&self) -> Option<OriginId> {
        self.service.filter(|service| service.value).map(|service| service.origin)
    }

    /// The key in the Secret where there is one, else what is written.
    fn credential(&self, key: Option<&Written<ConfigKey>>, literal: Option<&Written<String>>) -> Option<Credential> {
        match (&self.secret, key) {
            (Some(secret), Some(key)) => Some(Credential::Key {
                secret: secret.as_ref().map(ToString::to_string),
                key: key.as_ref().map(ToString::to_string),
            }),
            _ => literal.cloned().map(Credential::Literal),
        }
    }
}

fn check_external(external: &External, decoder: &mut Decoder) {
    if external.host.0.is_empty() && !decoder.is_doubtful(&["host"]) {
        let diagnostic = Diagnostic::error("missing-key", "this external has an empty list of hosts")
            .at(decoder.key_span(external.origin), "")
            .help("write `host = \"db.example.com\"`");
        decoder.report.push(diagnostic);
    }
    check_service(external, decoder);
    match (&external.secret, &external.keys) {
        _ if decoder.is_doubtful(&["secret", "keys"]) => {}
        (None, Some(keys)) => {
            let diagnostic = Diagnostic::error("missing-key", "`keys` of which Secret?")
                .at(decoder.key_span(keys.origin), "`secret` is missing beside it")
                .help("add `secret = \"NAME\"`, the Secret that holds these keys");
            decoder.report.push(diagnostic);
        }
        (Some(secret), None) => {
            let diagnostic = Diagnostic::error("missing-key", format!("what is in the Secret `{}`?", secret.value))
                .at(decoder.key_span(secret.origin), "`keys` is missing beside it")
                .help("add `keys = { password = \"password\" }`, with the keys that the Secret has");
            decoder.report.push(diagnostic);
        }
        _ => {}
    }
}

/// An ExternalName Service is an alias in DNS: one name for one name.
fn check_service(external: &External, decoder: &mut Decoder) {
    let Some(service) = external.service() else { return };
    let at = |decoder: &Decoder, title: String, host: &Written<Address>, text: &str| {
        Diagnostic::error("service-without-name", title)
            .at(decoder.span(host.origin), text)
            .at(decoder.key_span(service), "asks for a Service that names the host")
            .help("remove `service`: components then get the host itself")
    };
    let address = external.host.0.iter().find(|host| host.value.is_ip());
    let diagnostic = match (address, external.host.0.get(1)) {
        (Some(host), _) => at(
            decoder,
            format!("a Service cannot lead to `{}`: it takes a host name, not an address", host.value),
            host,
            "",
        ),
        (None, Some(second)) => at(decoder, "a Service cannot lead to several hosts".into(), second, "the second host"),
        (None, None) => return,
    };
    decoder.report.push(diagnostic);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fixture::{Fixture, json};
    use crate::shape::Keyed;

    fn mistakes(keys: &str) -> Vec<(String, Vec<String>, String)> {
        let mut fixture = Fixture::new(&format!("[external.x]\n{keys}\n"));
        let _: Keyed<Name, External> = fixture.decode(&["external"]);
        fixture.report.diagnostics.iter().map(|found| fixture.describe(found)).collect()
    }

    /// The one external of a stack in which nothing is wrong.
    fn external(text: &str) -> (Fixture, Written<Name>, External) {
        let mut fixture = Fixture::new(text);
        let externals: Keyed<Name, External> = fixture.decode(&["external"]);
        assert_eq!(fixture.report.diagnostics, []);
        let (name, external) = externals.entries.into_iter().next().unwrap();
        (fixture, name, external)
    }

    #[test]
    fn it_is_reached_at_its_own_hosts() {
        let (_, name, external) = external(
            "[external.x]\nhost = [\"a.example.com\", \"10.0.0.1\"]\nport = 443\nuser = \"me\"\nsecret = \"s\"\nkeys = { password = \"PASS\" }\n",
        );
        let connection = external.connection(&name);
        let hosts: Vec<_> = connection.hosts.iter().map(|host| host.value.as_str()).collect();
        assert_eq!(
            (hosts, connection.place, connection.scheme),
            (vec!["a.example.com", "10.0.0.1"], Place::Outside, "https")
        );
        assert_eq!(connection.ports[0].number.value, 443);
        assert!(matches!(&connection.user, Some(Credential::Literal(user)) if user.value == "me"));
        assert!(
            matches!(&connection.password, Some(Credential::Key { secret, key }) if secret.value == "s" && key.value == "PASS")
        );
        let declared = external.declared_secret().unwrap();
        assert_eq!((declared.name.value.as_str(), declared.keys[0].0.value.as_str()), ("s", "PASS"));
    }

    #[test]
    fn a_service_stands_for_its_host() {
        let cluster = "[cluster]\nlocal = true\n";
        let (mut fixture, name, with) =
            external(&format!("{cluster}[external.x]\nhost = \"a.example.com\"\nport = 5432\nservice = true\n"));
        let connection = with.connection(&name);
        assert_eq!(
            (connection.hosts[0].value.as_str(), connection.place, connection.scheme),
            ("x", Place::Inside, "http")
        );
        let bundle = fixture.lower(|world, _, bundle| with.lower(&name, world, bundle));
        let service = json(&bundle.objects[0].root, &[]);
        assert_eq!(service["metadata"]["name"], "x");
        let spec =
            serde_json::json!({ "type": "ExternalName", "externalName": "a.example.com", "ports": [{ "port": 5432 }] });
        assert_eq!(service["spec"], spec);
        let (mut fixture, name, without) =
            external(&format!("{cluster}[external.x]\nhost = \"a.example.com\"\nservice = false\n"));
        let bundle = fixture.lower(|world, _, bundle| without.lower(&name, world, bundle));
        assert_eq!(bundle.objects.len(), 0);
    }

    #[test]
    fn mistakes_are_explained() {
        let found = mistakes("host = \"10.0.0.1\"\nservice = true");
        assert_eq!(found[0].0, "a Service cannot lead to `10.0.0.1`: it takes a host name, not an address");
        assert_eq!(found[0].1, ["\"10.0.0.1\"", "service"]);
        assert_eq!(
            mistakes("host = [\"a.b\", \"c.d\"]\nservice = true")[0].0,
            "a Service cannot lead to several hosts"
        );
        assert_eq!(mistakes("host = \"a.b\"\nkeys = { user = \"u\" }")[0].0, "`keys` of which Secret?");
        assert_eq!(mistakes("host = \"a.b\"\nsecret = \"s\"")[0].0, "what is in the Secret `s`?");
        assert_eq!(mistakes("host = []")[0].0, "this external has an empty list of hosts");
        assert_eq!(mistakes("port = 1")[0].0, "`host` is missing");
        assert_eq!(mistakes("host = \"a.b\""), []);
    }
}
