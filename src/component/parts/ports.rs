//! Ports of a container and of the Services in front of it.

use crate::bundle::{Traced, traced};
use crate::component::world::text;
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::inline::table as inline_table;
use crate::document::{Node, Table, Value};
use crate::shape::Keyed;
use crate::shape::{Decoder, Kind, Leaf, Shape, Short, Written};
use crate::traced;
use crate::value::PortName;
use crate::value::{PortMapping, PortNumber, Protocol};
use crate::{table, words};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

words! {
    /// The protocol of a port.
    pub enum ProtocolWord("a protocol") {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
        /// SCTP.
        Sctp = "sctp",
    }
}

table! {
    /// One port in its long form.
    pub struct PortTable("port") {
        /// The number that the Service offers, and the container too where `target` does not say.
        port: Written<PortNumber>,
        /// The number on which the container listens.
        target: Option<Written<PortNumber>>,
        /// `tcp` (the default), `udp` or `sctp`.
        protocol: Option<Written<ProtocolWord>>,
        /// What is spoken on it, such as `grpc` or `kubernetes.io/h2c`.
        app_protocol: Option<Written<String>>,
        /// The port of the node that the container takes; usually a Service is better.
        host_port: Option<Written<PortNumber>>,
    }
    form {
        short: Some(Short {
            what: "a port such as \"80:3000\"",
            kind: <PortMapping as Leaf>::KIND,
            expand: expand_mapping,
        }),
    }
}

/// `80` and `"80:3000"` say both numbers, so that in an upper layer neither is left from a lower one. What an expression
/// gives is not known yet: it stays as it is.
fn expand_mapping(node: Node) -> Node {
    let origin = node.origin;
    let Ok(mapping) = <PortMapping as Leaf>::read(&node.value) else { return node };
    let number = |port: PortNumber| Value::Integer(i64::from(port.get()), port.to_string().into());
    let mut table = Table::default();
    table.insert("port".into(), Node { origin, value: number(mapping.service) });
    table.insert("target".into(), Node { origin, value: number(mapping.container) });
    if let Some(protocol) = mapping.protocol {
        table.insert("protocol".into(), Node { origin, value: Value::String(protocol.to_string().into()) });
    }
    Node { origin, value: Value::Table(table) }
}

/// One port of a component.
#[derive(Debug, Clone)]
pub struct Port {
    /// The number that the Service offers.
    pub service: Written<PortNumber>,
    /// The number on which the container listens.
    pub container: Written<PortNumber>,
    /// The protocol, where one is written.
    pub protocol: Option<Written<Protocol>>,
    /// What is spoken on it.
    pub app_protocol: Option<Written<String>>,
    /// The port of the node.
    pub host_port: Option<Written<PortNumber>>,
}

impl Shape for Port {
    const KIND: &'static Kind = PortTable::KIND;

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        if let Value::Table(_) = &node.value {
            let table = PortTable::decode(node, decoder)?;
            let protocol = table.protocol.map(|word| {
                word.map(|word| match word {
                    ProtocolWord::Tcp => Protocol::Tcp,
                    ProtocolWord::Udp => Protocol::Udp,
                    ProtocolWord::Sctp => Protocol::Sctp,
                })
            });
            let container = table.target.unwrap_or(table.port);
            return Some(Self {
                service: table.port,
                container,
                protocol,
                app_protocol: table.app_protocol,
                host_port: table.host_port,
            });
        }
        let mapping = Written::<PortMapping>::decode(node, decoder)?;
        let at = |value| Written { value, origin: mapping.origin };
        Some(Self {
            service: at(mapping.value.service),
            container: at(mapping.value.container),
            protocol: mapping.value.protocol.map(|value| Written { value, origin: mapping.origin }),
            app_protocol: None,
            host_port: None,
        })
    }
}

/// `port = 80` is `ports.http = 80`; over `ports` without `http` in the same layer it is an error.
pub fn move_port(table: &mut Table, checking: &mut Checking) {
    let Some(port) = table.shift_remove("port") else { return };
    if port.get("protocol").is_some() {
        let span = checking.origins.get(port.origin).span;
        let written = checking.sources.text(span);
        let diagnostic = Diagnostic::error("port-protocol", "`port` is the HTTP port and has no protocol")
            .at(span, "")
            .help(format!("write `ports = {{ main = {written} }}` in its place, with a name that says what it is"));
        checking.report.push(diagnostic);
        let invalid = Node { origin: port.origin, value: Value::Invalid };
        table.get_or_insert_with("ports".into(), || invalid);
        return;
    }
    let origin = port.origin;
    if !table.contains_key("ports") {
        let mut ports = Table::default();
        ports.insert("http".into(), port);
        table.insert("ports".into(), Node { origin, value: Value::Table(ports) });
        return;
    }
    let ports = &table["ports"];
    let Some(listed) = ports.as_table() else { return };
    let written = |port: &Node| checking.sources.text(checking.origins.get(port.origin).span).to_owned();
    let named = [("http", written(&port))].into_iter().filter(|(name, _)| !listed.contains_key(name));
    let all = named.chain(listed.iter().map(|(name, port)| (&**name, written(port))));
    let diagnostic = Diagnostic::error("exclusive-keys", "`port` and `ports` exclude each other")
        .at(checking.key_span(origin), "`port` is short for `ports.http`")
        .at(checking.key_span(ports.origin), "the ports are listed here")
        .help(format!("write `ports = {}`, and remove `port`", inline_table(all)));
    checking.report.push(diagnostic);
}

/// The name and content of a component's ports.
pub type Ports = Keyed<PortName, Port>;

/// The ports of a container.
pub fn lower_container_ports(ports: &Ports) -> Vec<Traced<core::ContainerPort>> {
    let lower = |(name, port): &(Written<PortName>, Port)| {
        traced!(
            name.origin,
            core::ContainerPort {
                name: text(name),
                container_port: traced(i32::from(port.container.value.get()), port.container.origin),
                protocol: port
                    .protocol
                    .map(|protocol| traced(protocol.value.in_kubernetes().to_owned(), protocol.origin)),
                host_port: port.host_port.map(|port| traced(i32::from(port.value.get()), port.origin)),
            }
        )
    };
    ports.iter().map(lower).collect()
}

/// How a Service finds a port of its Pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// By its name, which stays when the number changes.
    Name,
    /// By its number.
    Number,
}

/// The port of a Service in front of a container's port; `node_port` where it is fixed, `spoken` where it is known what is,
/// and the port itself does not say.
pub fn lower_service_port(
    name: &Written<PortName>,
    port: &Port,
    target: Target,
    node_port: Option<Traced<i32>>,
    spoken: Option<Traced<String>>,
) -> Traced<core::ServicePort> {
    let target = match target {
        Target::Name => traced(IntOrString::String(name.value.to_string()), name.origin),
        Target::Number => traced(IntOrString::Int(i32::from(port.container.value.get())), port.container.origin),
    };
    traced!(
        name.origin,
        core::ServicePort {
            name: text(name),
            port: traced(i32::from(port.service.value.get()), port.service.origin),
            target_port: target,
            protocol: port.protocol.map(|protocol| traced(protocol.value.in_kubernetes().to_owned(), protocol.origin)),
            app_protocol: port.app_protocol.as_ref().map(text).or(spoken),
            node_port: node_port,
        }
    )
}
