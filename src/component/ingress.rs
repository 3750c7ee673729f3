//! `[ingress.NAME]`: host names and paths, and the components that answer there.

use super::lint::Allowances;
use crate::diagnostic::Diagnostic;
use crate::document::{Node, OriginId, Value};
use crate::shape::kind::{Expressions, Presence, TextForm};
use crate::shape::{Decoder, Keyed, Kind, Leaf, MapForm, Member, Shape, Short, Written, entry};
use crate::value::{AnnotationName, HttpPath, Invalid, Name, ObjectName, PortName, Scalar};
use crate::{table, words};
use std::ops::Deref;

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
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !port.is_empty() => {
                let title = format!("`{port}` is the number of a port, and a route names it");
                let help = format!("write \"{name}\" for its first port, or the name of another one: \"{name}:NAME\"");
                return Err(Invalid::new(title).at(name.len() + 1..text.len()).help(help));
            }
            Some((name, port)) => (name, Some(PortName::parse(port)?)),
            None => (text, None),
        };
        Ok(Self { name: Name::parse(name)?, port })
    }
}

/// The component of a route.
#[derive(Debug, Clone)]
pub struct Destination(pub Written<Target>);

impl Deref for Destination {
    type Target = Written<Target>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Member for Destination {
    const KIND: &'static Kind = <Target as Leaf>::KIND;
    const PRESENCE: Presence = Presence::Required;

    fn member(node: Option<&Node>, key: &'static str, parent: OriginId, decoder: &mut Decoder) -> Self {
        if node.is_none() {
            // `service`, Kubernetes' word, is a key here too
            let label = format!("this needs `{key}`, {}", Target::WHAT);
            let help = "write `to = \"NAME\"`, the component that answers; `service` is only for one of its `services`";
            decoder.missing(key, label, help.to_owned(), parent);
        }
        let target = node.and_then(|node| Written::decode(node, decoder));
        let origin = node.map_or(parent, |node| node.origin);
        Self(target.unwrap_or_else(|| Written { value: Target::placeholder(), origin }))
    }
}

table! {
    /// Where requests to a path go.
    pub struct Route("route") {
        /// The component, as in `"api"`.
        to: Destination,
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
    validate check_ports;
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

impl Tls {
    /// Where it was written.
    pub fn origin(&self) -> OriginId {
        match self {
            Self::Word(word) => word.origin,
            Self::Table(table) => table.origin,
        }
    }
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

/// Paths with the components that answer there.
#[derive(Debug, Clone)]
pub struct Routes(pub Keyed<HttpPath, Route>);

impl Member for Routes {
    const KIND: &'static Kind = &Kind::Map(&MapForm {
        // not the path of a health check, which is what else a path is for
        key: &TextForm {
            what: "a path such as \"/\"",
            example: "/",
            check: |text| HttpPath::parse(text).map(drop),
            bare: |_| None,
            expressions: Expressions::Verbatim,
        },
        value: <Route as Shape>::KIND,
        short: None,
    });
    const PRESENCE: Presence = Presence::Required;

    fn member(node: Option<&Node>, key: &'static str, parent: OriginId, decoder: &mut Decoder) -> Self {
        if node.is_none() {
            decoder.missing_key(key, Self::KIND, parent);
        }
        Self(node.and_then(|node| Keyed::decode(node, decoder)).unwrap_or_default())
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
        routes: Routes,
        /// TLS: true, false, or a table; on where `cluster.tls.mode` is not `none`.
        tls: Option<Tls>,
        /// The class; `cluster.expose.class` where it is left out.
        class: Option<Written<ObjectName>>,
        /// Annotations of the Ingress.
        annotations: Keyed<AnnotationName, Written<String>>,
        /// Findings of `lint` that are meant, each with the reason: `{ ingress-without-tls = "inside the company only" }`.
        allow: Allowances,
    }
    validate check_ingress;
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

fn check_ports(route: &Route, decoder: &mut Decoder) {
    if let (Some(port), Some(in_target)) = (&route.port, &route.to.value.port) {
        let diagnostic = Diagnostic::error(
            "exclusive-keys",
            format!("the route names two ports, `{in_target}` and `{}`", port.value),
        )
        .at(decoder.key_span(port.origin), "only one of the two may stand here")
        .at(decoder.span(route.to.origin), "the other one")
        .help(format!("remove `port`, or write `to = \"{}\"`", route.to.value.name));
        decoder.report.push(diagnostic);
    }
}

fn check_ingress(ingress: &Ingress, decoder: &mut Decoder) {
    let routes = &ingress.routes.0;
    if routes.is_empty() && routes.origin.is_some() && !decoder.is_doubtful(&["routes"]) {
        let diagnostic = Diagnostic::error("missing-key", "this ingress has no route")
            .at(decoder.key_span(routes.origin.unwrap_or(ingress.origin)), "needs a path and a component")
            .help("write `routes = { \"/\" = \"NAME\" }`, with the name of an `[api]`");
        decoder.report.push(diagnostic);
    }
    if ingress.host.as_ref().is_some_and(|hosts| hosts.0.is_empty()) && !decoder.is_doubtful(&["host"]) {
        let diagnostic = Diagnostic::error("missing-key", "this ingress has an empty list of hosts")
            .at(decoder.key_span(ingress.origin), "")
            .help("write `host = \"*\"` for every host, or remove `host` for the name of the table");
        decoder.report.push(diagnostic);
    }
    for (path, _) in routes.iter() {
        check_path(path, decoder);
    }
}

/// Reports paths that the API server refuses in an Ingress or an HTTPRoute, and those that match other than they look.
///
/// The rules are those of `ValidateIngress` (Kubernetes 1.37) and of HTTPRoute's definition (Gateway API 1.6) together, so
/// that a stack moves from one to the other.
fn check_path(path: &Written<HttpPath>, decoder: &mut Decoder) {
    let text = path.value.as_str();
    let span = decoder.key_span(path.origin);
    let part = ["//", "/./", "/../", "%2f", "%2F"].into_iter().find(|part| text.contains(part));
    let end = ["/.", "/.."].into_iter().find(|end| text.ends_with(end));
    let strange = text.char_indices().find(|(at, character)| match character {
        '%' => !text.get(at + 1..at + 3).is_some_and(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit())),
        character => !character.is_ascii_alphanumeric() && !"-/._~!$&'()*+,;=:@".contains(*character),
    });
    let reason = match (part, end, strange) {
        (Some(part), ..) => format!("`{part}` may not stand in it"),
        (_, Some(end), _) => format!("it may not end in `{end}`"),
        (.., Some((_, strange))) => format!("`{strange}` may not stand in it"),
        _ if text.len() > LONGEST_PATH => format!("it is longer than {LONGEST_PATH} characters"),
        _ => return check_star(path, decoder),
    };
    let diagnostic = Diagnostic::error("bad-value", format!("`{text}` is not a path that can be routed: {reason}"))
        .at(span, "")
        .help("write a plain path, as in \"/api\": it stands for all below it; there are no patterns");
    decoder.report.push(diagnostic);
}

/// The longest path of an HTTPRoute, in bytes (Gateway API 1.6).
const LONGEST_PATH: usize = 1024;

fn check_star(path: &Written<HttpPath>, decoder: &mut Decoder) {
    let Some(before) = path.value.as_str().strip_suffix('*') else { return };
    let plain = if before.len() > 1 { before.trim_end_matches('/') } else { before };
    let title = format!("`{}` matches only a path that has a `*` in it", path.value);
    let diagnostic = Diagnostic::warning("literal-star", title)
        .at(decoder.key_span(path.origin), "")
        .help(format!("write \"{plain}\": it stands for all below it"));
    decoder.report.push(diagnostic);
}
