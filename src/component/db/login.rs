//! How applications log in to a database, and what its Secret must hold.

use super::{Db, operator};
use crate::component::engines::Login;
use crate::component::parts::edges::url_encoded;
use crate::component::secret::DeclaredSecret;
use crate::component::world::{Connection, Credential, NamedPort, Place};
use crate::shape::Written;
use crate::value::{ConfigKey, Name};

impl Db {
    /// How the server itself is reached; user and database are by default called like the stack.
    pub fn server_connection(&self, name: &Written<Name>, stack: Written<&str>) -> Connection {
        let facts = self.engine.value.facts();
        let login = self.login(name, stack);
        let (host, place, port) = self.address(name);
        let sslmode = self.managed.as_ref().and_then(|managed| managed.sslmode);
        let tls = sslmode.map(|sslmode| (facts.tls)(sslmode.value)).unwrap_or_default();
        Connection {
            ports: vec![port],
            jdbc: facts.jdbc,
            query: facts.query.filter(|_| login.user.is_some()),
            tls: tls.query,
            sslmode: sslmode.map(|sslmode| sslmode.map(|mode| mode.as_str().to_owned())),
            url_variable: Some(facts.url_variable),
            default: Some(facts.binding),
            user: login.user,
            password: login.password,
            database: login.database,
            url: login.url,
            ..Connection::new("db", host, place, tls.scheme.unwrap_or(facts.scheme))
        }
    }

    /// Where clients find it: its own Service, that of the operator, or a host outside.
    fn address(&self, name: &Written<Name>) -> (Written<String>, Place, NamedPort) {
        let facts = self.engine.value.facts();
        if let Some(managed) = &self.managed {
            let (host, place) = managed.host(name);
            return (host, place, managed.port(self));
        }
        let own = Written { value: facts.port, origin: self.engine.origin };
        let number = self.port.map_or(own, |port| port.map(|port| port.get()));
        let port = NamedPort { name: Some(facts.name.to_owned()), number };
        let host = match self.operator() {
            Some(via) => Written { value: format!("{}{}", name.value, operator::SERVICES[0]), origin: via.origin },
            None => name.as_ref().map(|name| name.to_string()),
        };
        (host, Place::Inside, port)
    }

    /// The database as text: as written, else the stack's name.
    pub(super) fn database_text(&self, stack: Written<&str>) -> Written<String> {
        self.database.clone().unwrap_or_else(|| stack.map(str::to_owned))
    }

    /// The user as text: as written, else the stack's name.
    pub(super) fn user_text(&self, stack: Written<&str>) -> Written<String> {
        self.user.clone().unwrap_or_else(|| stack.map(str::to_owned))
    }

    /// The Secret that it reads, where it reads one. `password` is the text that the source `dev` gives to the key of a
    /// Secret, by their names: the URL holds it.
    pub fn secret(
        &self,
        name: &Written<Name>,
        stack: Written<&str>,
        password: impl Fn(&str, &str) -> String,
    ) -> Option<DeclaredSecret> {
        let connection = self.connection(name, stack);
        let texts = self.texts(&connection, stack, password);
        let parts = [
            (&connection.user, texts.user),
            (&connection.password, None),
            (&connection.database, texts.database),
            (&connection.url, Some(Written { value: texts.url, origin: self.origin })),
        ];
        let keys: Vec<_> = parts
            .into_iter()
            .filter_map(|(part, text)| match part {
                Some(Credential::Key { key, .. }) => Some((key.clone(), text)),
                _ => None,
            })
            .collect();
        (!keys.is_empty()).then(|| DeclaredSecret { name: self.secret_name(name), keys })
    }

    fn login(&self, name: &Written<Name>, stack: Written<&str>) -> Credentials {
        let login = self.engine.value.facts().login;
        let named = self.secret.is_some() || self.keys.is_some() || self.user.is_some();
        let secret = self.secret_name(name);
        let of_stack = || Credential::Literal(stack.map(str::to_owned));
        let kept = |key: &Written<ConfigKey>| Credential::Key {
            secret: secret.clone(),
            key: key.as_ref().map(ToString::to_string),
        };
        let keys = self.keys.as_ref();
        let part = |key: Option<&Written<ConfigKey>>, literal: &Option<Written<String>>| {
            key.map(kept).or_else(|| literal.clone().map(Credential::Literal))
        };
        // Who writes no key says with the engine, or with the Secret, that there is a password.
        let asks_for_password = match (keys, &self.secret) {
            (Some(keys), _) => keys.origin,
            (None, Some(secret)) => secret.origin,
            (None, None) => self.engine.origin,
        };
        let usual = || Credential::Key {
            secret: secret.clone(),
            key: Written { value: "password".into(), origin: asks_for_password },
        };
        // an operator reads the user from the Secret, so that the Secret has one
        let read = self.operator().map(|via| Credential::Key {
            secret: secret.clone(),
            key: Written { value: operator::USER_KEY.into(), origin: via.origin },
        });
        let has_password = login == Login::Always || named;
        let has_user = login == Login::Always || login == Login::UserAndPassword && named;
        Credentials {
            user: keys
                .and_then(|keys| keys.user.as_ref())
                .map(kept)
                .or(read)
                .or_else(|| part(None, &self.user))
                .or_else(|| has_user.then(of_stack)),
            password: keys.and_then(|keys| keys.password.as_ref()).map(kept).or_else(|| has_password.then(usual)),
            database: part(keys.and_then(|keys| keys.database.as_ref()), &self.database)
                .or_else(|| (login == Login::Always).then(of_stack)),
            url: keys.and_then(|keys| keys.url.as_ref()).map(kept),
        }
    }

    /// The Secret that holds the credentials.
    pub fn secret_name(&self, name: &Written<Name>) -> Written<String> {
        match &self.secret {
            Some(secret) => secret.as_ref().map(|secret| secret.to_string()),
            None => name.as_ref().map(|name| name.to_string()),
        }
    }

    /// The parts of the login as text, where the stack knows them or `dev` makes them.
    fn texts(&self, connection: &Connection, stack: Written<&str>, password: impl Fn(&str, &str) -> String) -> Texts {
        let text = |part: &Option<Credential>, literal: &Option<Written<String>>| {
            part.as_ref().map(|part| match (part, literal) {
                (Credential::Literal(text), _) | (Credential::Key { .. }, Some(text)) => text.clone(),
                (Credential::Key { .. }, None) => stack.map(str::to_owned),
            })
        };
        let user = text(&connection.user, &self.user);
        let database = text(&connection.database, &self.database);
        let password = connection.password.as_ref().map(|part| match part {
            Credential::Literal(text) => text.value.clone(),
            Credential::Key { secret, key } => password(&secret.value, &key.value),
        });
        let encoded =
            |part: &Option<Written<String>>| part.as_ref().map(|part| url_encoded(&part.value)).unwrap_or_default();
        let login = match (&user, password) {
            (None, None) => String::new(),
            (user, None) => format!("{}@", encoded(user)),
            (user, Some(password)) => format!("{}:{}@", encoded(user), url_encoded(&password)),
        };
        let host = connection.hosts.first().map_or("", |host| &host.value);
        let port = connection.ports.first().map_or(0, |port| port.number.value);
        let path = encoded(&database);
        let query = connection.url_query();
        let query = if query.is_empty() { query } else { format!("?{query}") };
        let slash = if path.is_empty() && query.is_empty() { "" } else { "/" };
        Texts { url: format!("{}://{login}{host}:{port}{slash}{path}{query}", connection.scheme), user, database }
    }
}

struct Credentials {
    user: Option<Credential>,
    password: Option<Credential>,
    database: Option<Credential>,
    url: Option<Credential>,
}

struct Texts {
    user: Option<Written<String>>,
    database: Option<Written<String>>,
    url: String,
}
