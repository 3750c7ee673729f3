//! `[ingress.NAME]`: host names and paths, and the components that answer there.

use crate::document::{Node, Value};
use crate::shape::{Decoder, Keyed, Kind, Leaf, Required, Shape, Short, Written, entry};
use crate::{table, words};
use crate::value::{AnnotationName, HttpPath, Invalid, Name, ObjectName, PortName, Scalar};

words! {
    /// How a path matches.
    pub enum PathType("a path type") {
        /// The path and everything below it.
        Prefix = "prefix",
        /// The path alone.
        Exact = "exact",
    }
}

/// A component, at a named port where it says so: `api`, `api:metrics`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The component.
    pub name: Name,
    /// The port; the component's first where it is left out.
    pub port: Option<PortName>,
}

impl Scalar for Target {
    const WHAT: &'static str = "a component such as \"api\" or \"api:metrics\"";
    const EXAMPLE: &'static str = "api";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let (name, port) = match text.split_once(':') {
            Some((name, port)) => (name, Some(PortName::parse(port)?)),
            None => (text, None),
        };
        Ok(Self { name: Name::parse(name)?, port })
    }
}

table! {
    /// Where requests to a path go.
    pub struct Route("route") {
        /// The component, as in `"api"`.
        to: Written<Target>,
        /// A name in the component's `ports`.
        port: Option<Written<PortName>>,
        /// One of the component's `services`.
        service: Option<Written<Name>>,
        /// `prefix` (the default) or `exact`.
        kind("type"): Option<Written<PathType>>,
    }
    form {
        short: Some(Short {
            what: "a component such as \"api\"",
            kind: <Target as Leaf>::KIND,
            expand: |node| entry(node, "to"),
        }),
    }
}

table! {
    /// TLS with a certificate of one's own choice.
    pub struct TlsTable("tls") {
        /// The Secret that holds the certificate; `INGRESS-tls` where it is left out.
        secret: Option<Written<ObjectName>>,
        /// The ClusterIssuer of cert-manager, or "Issuer/NAME" for one of the namespace.
        issuer: Option<Written<String>>,
    }
}

/// `tls = true`, `tls = false` or a table.
#[derive(Debug, Clone)]
pub enum Tls {
    /// On or off.
    Word(Written<bool>),
    /// On, with a certificate of one's own choice.
    Table(TlsTable),
}

impl Shape for Tls {
    const KIND: &'static Kind = &Kind::OneOf(&[<bool as Leaf>::KIND, <TlsTable as Shape>::KIND]);

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Table(_) => TlsTable::decode(node, decoder).map(Self::Table),
            _ => Written::decode(node, decoder).map(Self::Word),
        }
    }
}

/// A host as it is typed: a whole name, a label that the profile completes, `@` or `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostText {
    /// `todo`: completed by `cluster.domain`.
    Label(Name),
    /// `todo.example.com`, `*.example.com`.
    Whole(crate::value::Host),
    /// `@`: `cluster.domain` itself.
    Domain,
    /// `*`: any host; the field is left out.
    Any,
}

impl Scalar for HostText {
    const WHAT: &'static str = "a host such as \"todo\" or \"todo.example.com\"";
    const EXAMPLE: &'static str = "todo";

    fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "@" => Ok(Self::Domain),
            "*" => Ok(Self::Any),
            text if text.contains(['.', ':', '/']) => crate::value::Host::parse(text).map(Self::Whole),
            text => Name::parse(text).map(Self::Label),
        }
    }
}

table! {
    /// Host names and paths, and the components that answer there. An Ingress, or an HTTPRoute where the profile says so.
    pub struct Ingress("ingress") {
        /// A host or a list; the table's name where it is left out. A bare label gets `cluster.domain`, "@" is the domain, "*" any host.
        host: Option<OneOrMany>,
        /// Paths with the components that answer there: `{ "/" = "api" }`.
        routes: Required<Keyed<HttpPath, Route>>,
        /// TLS: true, false, or a table; on where `cluster.tls.mode` is not `none`.
        tls: Option<Tls>,
        /// The class; `cluster.expose.class` where it is left out.
        class: Option<Written<ObjectName>>,
        /// Annotations of the Ingress.
        annotations: Keyed<AnnotationName, Written<String>>,
    }
}

/// One host or several.
#[derive(Debug, Clone)]
pub struct OneOrMany(pub Vec<Written<HostText>>);

impl Shape for OneOrMany {
    const KIND: &'static Kind = &Kind::OneOf(&[<HostText as Leaf>::KIND, <Vec<Written<HostText>> as Shape>::KIND]);

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Array(_) => Vec::decode(node, decoder).map(Self),
            _ => Written::decode(node, decoder).map(|host| Self(vec![host])),
        }
    }
}
