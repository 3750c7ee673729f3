//! What an edge between components gives: facts of its target, as variables.

use crate::bundle::{Traced, traced};
use crate::component::words::BindingWord;
use crate::component::world::{Connection, Credential, Place, World, text};
use crate::document::{Node, OriginId, Value};
use crate::shape::{Decoder, Keyed, Kind, Leaf, Shape, Written};
use crate::value::{EnvName, Invalid, PortName, Scalar};
use crate::words;
use std::collections::BTreeSet;

words! {
    /// A fact of a target.
    pub enum Fact("a field of a component") {
        /// Its name in the cluster, or its outside host.
        Host = "host",
        /// Its full name: NAME.NAMESPACE.svc.cluster.local.
        Fqdn = "fqdn",
        /// The port of its Service.
        Port = "port",
        /// Host and port: `db:5432`.
        Address = "address",
        /// Everything in one URL.
        Url = "url",
        /// The user.
        User = "user",
        /// The password.
        Password = "password",
        /// The database.
        Database = "database",
        /// How libpq shall use TLS.
        Sslmode = "sslmode",
    }
}

/// A field of a target, at a named port where it says so: `host`, `address:metrics`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The field.
    pub fact: Fact,
    /// The port; the target's first where it is left out.
    pub port: Option<PortName>,
}

impl Scalar for Field {
    const WHAT: &'static str = "a field such as \"host\"";
    const EXAMPLE: &'static str = "host";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let (fact, port) = match text.split_once(':') {
            Some((fact, port)) => (fact, Some(PortName::parse(port)?)),
            None => (text, None),
        };
        match Fact::read(&Value::String(fact.into())) {
            Ok(fact) => Ok(Self { fact, port }),
            Err(_) => Err(Invalid {
                title: format!("`{fact}` is not a field of a component"),
                help: Some("write one of host, fqdn, port, address, url, user, password, database, sslmode".into()),
                at: None,
                replacement: None,
            }),
        }
    }
}

/// What an edge gives.
#[derive(Debug, Clone)]
pub enum Binding {
    /// A set of variables.
    Word(Written<BindingWord>),
    /// Variables by name; none is the edge alone.
    Variables(Keyed<EnvName, Written<Field>>),
}

impl Shape for Binding {
    const KIND: &'static Kind =
        &Kind::OneOf(&[<BindingWord as Leaf>::KIND, <Keyed<EnvName, Written<Field>> as Shape>::KIND]);

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Table(_) => Keyed::decode(node, decoder).map(Self::Variables),
            _ => Written::decode(node, decoder).map(Self::Word),
        }
    }
}

impl Binding {
    /// The names of the ports that it leads to; none where it does not say.
    pub fn ports(&self, connection: &Connection) -> Option<BTreeSet<String>> {
        let ports: BTreeSet<String> = match self {
            Self::Word(word) if word.value == BindingWord::Default && connection.default.is_none() => return None,
            Self::Word(_) => connection.first_port().into_iter().collect(),
            Self::Variables(variables) => {
                let port = |fact: Fact, port: Option<&PortName>| match (port, fact) {
                    (Some(port), _) => Some(port.to_string()),
                    (None, Fact::Port | Fact::Address | Fact::Url) => connection.first_port(),
                    (None, _) => None,
                };
                variables.iter().filter_map(|(_, field)| port(field.value.fact, field.value.port.as_ref())).collect()
            }
        };
        (!ports.is_empty()).then_some(ports)
    }
}

/// A variable that an edge gives, or why it cannot.
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The edge or the variable's own line.
    pub origin: OriginId,
    /// Its value.
    pub value: Result<VariableValue, Unavailable>,
}

/// The value of a variable.
pub enum VariableValue {
    /// Text; may hold `$(NAME)` of variables before it.
    Text(Traced<String>),
    /// A key of a Secret.
    Key {
        /// The Secret.
        secret: Traced<String>,
        /// The key.
        key: Traced<String>,
    },
}

/// Why a target has no such fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unavailable {
    /// Lower-case phrase.
    pub title: String,
    /// What to type.
    pub help: String,
}

/// One edge with what it leads to.
pub struct Edge<'a> {
    /// The name of the target.
    pub target: &'a str,
    /// Where the edge was written.
    pub origin: OriginId,
    /// How the target is reached.
    pub connection: &'a Connection,
    /// The stack around both.
    pub world: &'a World<'a>,
}

impl Edge<'_> {
    /// Adds the variables that the edge gives.
    pub fn bind(&self, binding: &Binding, variables: &mut Vec<Variable>) {
        match binding {
            Binding::Word(word) => {
                let word = if word.value == BindingWord::Default { self.connection.default } else { Some(word.value) };
                match word {
                    Some(BindingWord::Libpq) => self.libpq(variables),
                    Some(BindingWord::Url) => self.url(variables),
                    Some(BindingWord::Jdbc) => self.jdbc(variables),
                    Some(BindingWord::Default) | None => {}
                }
            }
            Binding::Variables(named) => {
                for (name, field) in named.iter() {
                    let value = if field.value.fact == Fact::Url {
                        self.url_value(variables)
                    } else {
                        self.field(&field.value)
                    };
                    variables.push(Variable { name: name.value.to_string(), origin: name.origin, value });
                }
            }
        }
    }

    fn push(&self, name: impl Into<String>, value: Result<VariableValue, Unavailable>, variables: &mut Vec<Variable>) {
        variables.push(Variable { name: name.into(), origin: self.origin, value });
    }

    /// The variables that libpq reads: https://www.postgresql.org/docs/current/libpq-envars.html
    fn libpq(&self, variables: &mut Vec<Variable>) {
        if self.connection.scheme != "postgresql" {
            let why = Unavailable {
                title: format!("`{}` is no PostgreSQL, so it has no `libpq` binding", self.target),
                help: "write \"url\", or variables of your own: `{ DB_HOST = \"host\" }`".into(),
            };
            return self.push("PGHOST", Err(why), variables);
        }
        for (name, fact) in [("PGHOST", Fact::Host), ("PGPORT", Fact::Port)] {
            self.push(name, self.field(&Field { fact, port: None }), variables);
        }
        let credentials = [
            ("PGUSER", &self.connection.user),
            ("PGPASSWORD", &self.connection.password),
            ("PGDATABASE", &self.connection.database),
        ];
        for (name, credential) in credentials {
            if let Some(credential) = credential {
                self.push(name, Ok(self.credential(credential)), variables);
            }
        }
        if self.connection.sslmode.is_some() {
            self.push("PGSSLMODE", self.field(&Field { fact: Fact::Sslmode, port: None }), variables);
        }
    }

    fn url(&self, variables: &mut Vec<Variable>) {
        let name = match self.connection.url_variable {
            Some(name) => name.to_owned(),
            None => format!("{}_URL", upper_snake(self.target)),
        };
        let value = self.url_value(variables);
        self.push(name, value, variables);
    }

    fn jdbc(&self, variables: &mut Vec<Variable>) {
        let Some(scheme) = self.connection.jdbc else {
            let why = Unavailable {
                title: format!("`{}` has no JDBC driver that is known", self.target),
                help: "write \"url\", or variables of your own: `{ DB_HOST = \"host\" }`".into(),
            };
            return self.push("JDBC_DATABASE_URL", Err(why), variables);
        };
        let database = self.connection.database.as_ref().map(|database| self.part(database, "DATABASE", variables));
        let query = self.connection.tls.jdbc.map(|query| format!("?{query}")).unwrap_or_default();
        let url = format!("{scheme}://{}/{}{query}", self.addresses().join(","), database.unwrap_or_default());
        self.push("JDBC_DATABASE_URL", Ok(self.derived(url)), variables);
        let credentials =
            [("JDBC_DATABASE_USERNAME", &self.connection.user), ("JDBC_DATABASE_PASSWORD", &self.connection.password)];
        for (name, credential) in credentials {
            if let Some(credential) = credential {
                self.push(name, Ok(self.credential(credential)), variables);
            }
        }
    }

    /// The URL; variables that it refers to are added before it.
    fn url_value(&self, variables: &mut Vec<Variable>) -> Result<VariableValue, Unavailable> {
        if let Some(url) = &self.connection.url {
            return Ok(self.credential(url));
        }
        if self.connection.ports.is_empty() && self.connection.scheme != "http" {
            return Err(self.no_fact(Fact::Port));
        }
        let user = self.connection.user.as_ref().map(|user| self.part(user, "USER", variables));
        let password = self.connection.password.as_ref().map(|password| self.part(password, "PASSWORD", variables));
        let database = self.connection.database.as_ref().map(|database| self.part(database, "DATABASE", variables));
        let login = match (user, password) {
            (None, None) => String::new(),
            (user, None) => format!("{}@", user.unwrap_or_default()),
            (user, Some(password)) => format!("{}:{password}@", user.unwrap_or_default()),
        };
        let mut url = format!("{}://{login}{}", self.connection.scheme, self.addresses().join(","));
        if let Some(database) = database {
            url = format!("{url}/{database}");
        }
        let query = self.connection.url_query();
        if !query.is_empty() {
            url = format!("{url}{}?{query}", if self.connection.database.is_some() { "" } else { "/" });
        }
        Ok(self.derived(url))
    }

    /// A part of a URL: text that is safe there, or `$(NAME_PART)` with the variable added before.
    fn part(&self, credential: &Credential, part: &str, variables: &mut Vec<Variable>) -> String {
        match credential {
            Credential::Literal(text) => url_encoded(&text.value),
            Credential::Key { .. } => {
                let name = format!("{}_{part}", upper_snake(self.target));
                if !variables.iter().any(|variable| variable.name == name) {
                    self.push(name.clone(), Ok(self.credential(credential)), variables);
                }
                format!("$({name})")
            }
        }
    }

    fn credential(&self, credential: &Credential) -> VariableValue {
        match credential {
            Credential::Literal(value) => VariableValue::Text(text(value)),
            Credential::Key { secret, key } => VariableValue::Key { secret: text(secret), key: text(key) },
        }
    }

    fn field(&self, field: &Field) -> Result<VariableValue, Unavailable> {
        let connection = self.connection;
        let credential = |credential: &Option<Credential>| {
            credential.as_ref().map(|credential| self.credential(credential)).ok_or_else(|| self.no_fact(field.fact))
        };
        match field.fact {
            Fact::Host => {
                let hosts: Vec<_> = connection.hosts.iter().map(|host| host.value.as_str()).collect();
                let origin = connection.hosts.first().map_or(self.origin, |host| host.origin);
                Ok(VariableValue::Text(traced(hosts.join(","), origin)))
            }
            Fact::Fqdn => self.fqdn(),
            Fact::Port => {
                let port = self.port(field.port.as_ref())?;
                Ok(VariableValue::Text(text(&port)))
            }
            Fact::Address => {
                let port = self.port(field.port.as_ref())?;
                let addresses: Vec<_> =
                    connection.hosts.iter().map(|host| format!("{}:{}", host.value, port.value)).collect();
                Ok(self.derived(addresses.join(",")))
            }
            Fact::User => credential(&connection.user),
            Fact::Password => credential(&connection.password),
            Fact::Database => credential(&connection.database),
            Fact::Sslmode => match (&connection.sslmode, connection.sslmode()) {
                (Some(mode), _) => Ok(VariableValue::Text(text(mode))),
                (None, Some(mode)) => Ok(self.derived(mode.value)),
                (None, None) => Err(self.no_fact(Fact::Sslmode)),
            },
            Fact::Url => Err(self.no_fact(Fact::Url)),
        }
    }

    fn fqdn(&self) -> Result<VariableValue, Unavailable> {
        let Some(host) = self.connection.hosts.first() else { return Err(self.no_fact(Fact::Fqdn)) };
        if self.connection.place == Place::Outside {
            return Ok(VariableValue::Text(text(host)));
        }
        let Some(namespace) = self.world.namespace() else {
            return Err(Unavailable {
                title: format!("the full name of `{}` needs a namespace", self.target),
                help: "add `namespace = \"NAME\"` below `[stack]`, or use `host`".into(),
            });
        };
        let cause =
            self.world.derive("a full name is made of the Service and the namespace", &[host.origin, namespace.origin]);
        Ok(VariableValue::Text(traced(format!("{}.{}.svc.cluster.local", host.value, namespace.value), cause)))
    }

    fn port(&self, name: Option<&PortName>) -> Result<Written<u16>, Unavailable> {
        let mut ports = self.connection.ports.iter();
        let port = match name {
            None => ports.next(),
            Some(name) => ports.find(|port| port.name.as_deref() == Some(name.as_str())),
        };
        port.map(|port| port.number).ok_or_else(|| {
            let known: Vec<_> = self.connection.ports.iter().filter_map(|port| port.name.as_deref()).collect();
            match name {
                Some(name) => Unavailable {
                    title: format!("`{}` has no port `{name}`", self.target),
                    help: format!("its ports are {}", known.join(", ")),
                },
                None => self.no_fact(Fact::Port),
            }
        })
    }

    /// `host:port` of every host; the host alone where there is no port, or it is the scheme's own.
    fn addresses(&self) -> Vec<String> {
        let port = self.connection.ports.first().map(|port| port.number.value);
        let shown = port.filter(|port| !matches!((self.connection.scheme, port), ("http", 80) | ("https", 443)));
        let address = |host: &Written<String>| match shown {
            Some(port) => format!("{}:{port}", host.value),
            None => host.value.clone(),
        };
        self.connection.hosts.iter().map(address).collect()
    }

    fn derived(&self, text: String) -> VariableValue {
        let hosts = self.connection.hosts.iter().map(|host| host.origin);
        let from: Vec<_> = [self.origin].into_iter().chain(hosts).collect();
        VariableValue::Text(traced(text, self.world.derive("an edge is bound to what its target says", &from)))
    }

    fn no_fact(&self, fact: Fact) -> Unavailable {
        let word = fact.as_str();
        let table = self.connection.table;
        let help = match (fact, table) {
            (Fact::User | Fact::Password | Fact::Database, "db" | "external") => {
                format!("add `secret` and `keys.{word}` to `[{table}.{}]`, or leave this variable out", self.target)
            }
            (Fact::Port, "external") => format!("add `port = 443` to `[external.{}]`", self.target),
            _ => format!("use another field: an {table} has host, fqdn, port, address and url"),
        };
        Unavailable { title: format!("`{}` has no {word}", self.target), help }
    }
}

/// `my-db` as `MY_DB`.
pub fn upper_snake(name: &str) -> String {
    name.replace(['-', '.'], "_").to_uppercase()
}

/// Text as it may stand in the user part of a URL (RFC 3986, section 3.2.1).
pub fn url_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
