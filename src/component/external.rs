//! `[external.NAME]`: something outside the cluster that components use.

use super::parts::secrets::CredentialKeys;
use crate::document::{Node, Value};
use crate::shape::{Decoder, Kind, Leaf, Member, Shape, Written};
use crate::shape::kind::Presence;
use crate::document::OriginId;
use crate::table;
use crate::value::{Address, ObjectName, PortNumber};

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
        exclusive: &[&["user", "keys.user"]],
    }
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
