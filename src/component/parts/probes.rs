//! Health checks of a container.

use super::ports::Ports;
use crate::bundle::{Traced, traced};
use crate::component::world::text;
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::document::{Node, Table, Value};
use crate::shape::{Decoder, Kind, Leaf, Positive, Short, Written, entry};
use crate::traced;
use crate::value::{Bare, Duration, HttpPath, Invalid, PortName, PortNumber, Scalar};
use crate::{table, words};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

words! {
    /// How an HTTP probe asks.
    pub enum Scheme("a scheme") {
        /// Plain HTTP.
        Http = "http",
        /// HTTPS; the certificate is not verified.
        Https = "https",
    }
}

/// A port by its number or its name in `ports`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortReference {
    /// The number on which the container listens.
    Number(PortNumber),
    /// A name in `ports`.
    Name(PortName),
}

impl Scalar for PortReference {
    const WHAT: &'static str = "a port's number or name";
    const EXAMPLE: &'static str = "http";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return PortNumber::parse(text).map(Self::Number);
        }
        PortName::parse(text).map(Self::Name)
    }

    fn bare(bare: Bare) -> Option<Result<Box<str>, Invalid>> {
        match bare {
            Bare::Integer(_, text) => Some(Ok(text.into())),
            _ => None,
        }
    }
}

table! {
    /// One health check: exactly one of `http`, `tcp`, `grpc`, `exec`, and its times.
    pub struct Probe("probe") {
        /// Path of a GET that must answer 200 to 399.
        http: Option<Written<HttpPath>>,
        /// `true`: a connection must open.
        tcp: Option<Written<bool>>,
        /// `true`, or the name of the service that the standard gRPC health check asks for.
        grpc: Option<GrpcProbe>,
        /// A command that must exit with 0 inside the container.
        exec: Option<Command>,
        /// The port; the component's first where it is left out.
        port: Option<Written<PortReference>>,
        /// Headers of the HTTP request.
        headers: crate::shape::Keyed<String, Written<String>>,
        /// `http` (the default) or `https`.
        scheme: Option<Written<Scheme>>,
        /// Host name to connect to; the Pod's address where it is left out.
        host: Option<Written<String>>,
        /// Time from the start of the container to the first check.
        delay: Option<Written<Duration>>,
        /// Time between two checks; 10s where it is left out.
        period: Option<Written<Duration>>,
        /// Time after which a check has failed; 1s where it is left out, 5s for a command.
        timeout: Option<Written<Duration>>,
        /// Failures in a row after which the container counts as unhealthy; 3 where it is left out.
        failures: Option<Written<Positive>>,
        /// Successes in a row after which it counts as healthy again; 1 for `live` and `start`.
        successes: Option<Written<Positive>>,
    }
    form {
        exclusive: &[&["http", "tcp", "grpc", "exec"]],
        short: Some(Short {
            what: "a path such as \"/healthz\"",
            kind: <HttpPath as Leaf>::KIND,
            expand: |node| entry(node, "http"),
        }),
    }
    validate check_probe;
}

/// What is run, word by word: one at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command(Vec<Written<String>>);

impl crate::shape::Shape for Command {
    const KIND: &'static Kind = <Vec<Written<String>> as crate::shape::Shape>::KIND;

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        if matches!(&node.value, Value::Array(items) if items.is_empty()) {
            let diagnostic = Diagnostic::error("bad-value", "an empty list is no command")
                .at(decoder.span(node.origin), "")
                .help("write the command and its arguments, as in `exec = [\"sh\", \"-c\", \"…\"]`");
            decoder.report.push(diagnostic);
        }
        Vec::decode(node, decoder).map(Self)
    }
}

/// `grpc = true` or `grpc = "service"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrpcProbe {
    /// The server as a whole.
    Server(Written<bool>),
    /// One service of it.
    Service(Written<String>),
}

impl crate::shape::Shape for GrpcProbe {
    const KIND: &'static Kind = &Kind::OneOf(&[<bool as Leaf>::KIND, SERVICE]);

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Boolean(_) => Written::decode(node, decoder).map(Self::Server),
            _ => Written::decode(node, decoder).map(Self::Service),
        }
    }
}

const SERVICE: &Kind = <String as Leaf>::KIND;

table! {
    /// When a container is alive, ready and started.
    pub struct Probes("probes") {
        /// Restarts the container when it fails.
        live: Option<Probe>,
        /// Takes the Pod out of its Services while it fails.
        ready: Option<Probe>,
        /// Holds the other two back until it succeeds once; for slow starts.
        start: Option<Probe>,
    }
}

/// `health = "/healthz"` is a trio of probes; a probe that is written beside it wins.
pub fn move_health(table: &mut Table, _: &mut Checking) {
    let Some(health) = table.shift_remove("health") else { return };
    if health.as_table().is_none() {
        return;
    }
    let origin = health.origin;
    let probes = table.get_or_insert_with("probes".into(), || Node { origin, value: Value::Table(Table::default()) });
    let Some(probes) = probes.as_table_mut() else { return };
    for (name, times) in [("live", LIVE), ("ready", READY), ("start", START)] {
        if !probes.contains_key(name) {
            probes.insert(name.into(), with_times(&health, times));
        }
    }
}

/// Live is patient, so that a slow minute does not restart everything.
const LIVE: &[(&str, Time)] =
    &[("period", Time::Text("10s")), ("timeout", Time::Text("5s")), ("failures", Time::Count(6))];
/// Ready is quick, so that a broken Pod loses its traffic soon.
const READY: &[(&str, Time)] = &[("period", Time::Text("5s")), ("timeout", Time::Text("2s"))];
/// Start allows five minutes.
const START: &[(&str, Time)] =
    &[("period", Time::Text("5s")), ("timeout", Time::Text("2s")), ("failures", Time::Count(60))];

#[derive(Clone, Copy)]
enum Time {
    Text(&'static str),
    Count(i64),
}

fn with_times(health: &Node, times: &[(&str, Time)]) -> Node {
    let mut probe = health.clone();
    let origin = health.origin;
    if let Some(table) = probe.as_table_mut() {
        for (key, time) in times {
            let value = match time {
                Time::Text(text) => Value::String((*text).into()),
                Time::Count(count) => Value::Integer(*count, count.to_string().into()),
            };
            table.get_or_insert_with((*key).into(), || Node { origin, value });
        }
    }
    probe
}

impl Probes {
    /// Those that there are.
    pub fn iter(&self) -> impl Iterator<Item = &Probe> {
        [&self.live, &self.ready, &self.start].into_iter().flatten()
    }

    /// The three probes of a container with these ports: live, ready, start.
    pub fn lower(&self, ports: &Ports) -> [Option<Traced<core::Probe>>; 3] {
        [&self.live, &self.ready, &self.start].map(|probe| probe.as_ref().map(|probe| probe.lower(ports)))
    }
}

impl Probe {
    /// The probe of a container with these ports, the first of which it asks where it names none.
    pub fn lower(&self, ports: &Ports) -> Traced<core::Probe> {
        let first = ports.iter().next().map(|(name, _)| name.value.as_str());
        traced!(
            self.origin,
            core::Probe {
                http_get: self.http.as_ref().map(|path| self.http_get(path, first)),
                tcp_socket: self.tcp.filter(|tcp| tcp.value).map(|tcp| {
                    traced!(
                        tcp.origin,
                        core::TCPSocketAction { port: self.port(first), host: self.host.as_ref().map(text) }
                    )
                }),
                grpc: self.grpc.as_ref().map(|grpc| self.grpc(grpc, ports)),
                exec: self.exec.as_ref().map(|command| exec(command, self.origin)),
                initial_delay_seconds: self.delay.as_ref().map(seconds),
                period_seconds: self.period.as_ref().map(seconds),
                timeout_seconds: self.timeout.as_ref().map(seconds).or_else(|| self.patience()),
                failure_threshold: self.failures.map(|count| traced(count.value.get(), count.origin)),
                success_threshold: self.successes.map(|count| traced(count.value.get(), count.origin)),
            }
        )
    }

    /// Whether it needs a port to ask; `tcp = false` and `grpc = false` ask nothing.
    pub fn asks_port(&self) -> bool {
        let asks_tcp = self.tcp.is_some_and(|tcp| tcp.value);
        let asks_grpc = match &self.grpc {
            Some(GrpcProbe::Server(server)) => server.value,
            Some(GrpcProbe::Service(_)) => true,
            None => false,
        };
        self.http.is_some() || asks_tcp || asks_grpc
    }

    /// A command has five seconds where nothing is written: Kubernetes' one second is short for a new process on a busy node.
    fn patience(&self) -> Option<Traced<i32>> {
        self.exec.as_ref().map(|_| traced(5, self.origin))
    }

    fn http_get(&self, path: &Written<HttpPath>, first: Option<&str>) -> Traced<core::HTTPGetAction> {
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| traced!(value.origin, core::HTTPHeader { name: text(name), value: text(value) }));
        traced!(
            path.origin,
            core::HTTPGetAction {
                path: text(path),
                port: self.port(first),
                scheme: self.scheme.map(|scheme| traced(scheme.value.as_str().to_uppercase(), scheme.origin)),
                host: self.host.as_ref().map(text),
                http_headers: headers.collect::<Vec<_>>(),
            }
        )
    }

    fn port(&self, first: Option<&str>) -> Traced<IntOrString> {
        match &self.port {
            Some(Written { value: PortReference::Number(number), origin }) => {
                traced(IntOrString::Int(i32::from(number.get())), *origin)
            }
            Some(Written { value: PortReference::Name(name), origin }) => {
                traced(IntOrString::String(name.to_string()), *origin)
            }
            None => traced(IntOrString::String(first.unwrap_or("http").to_owned()), self.origin),
        }
    }

    fn grpc(&self, grpc: &GrpcProbe, ports: &Ports) -> Traced<core::GRPCAction> {
        // where there is none that was reported
        let number = self
            .asked_port(ports)
            .map_or_else(|| traced(0, self.origin), |number| traced(i32::from(number.value), number.origin));
        match grpc {
            GrpcProbe::Server(server) => traced!(server.origin, core::GRPCAction { port: number }),
            GrpcProbe::Service(service) => {
                traced!(service.origin, core::GRPCAction { port: number, service: text(service) })
            }
        }
    }

    /// The number of the container's port that it asks, 1 to 65535, in a container with these ports: a gRPC probe knows no
    /// names. None where there is no such port.
    pub fn asked_port(&self, ports: &Ports) -> Option<Written<u16>> {
        let asked = match &self.port {
            Some(Written { value: PortReference::Number(number), origin }) => {
                return Some(Written { value: number.get(), origin: *origin });
            }
            Some(Written { value: PortReference::Name(name), .. }) => {
                ports.iter().find(|(port, _)| port.value == *name)
            }
            None => ports.iter().next(),
        };
        asked.map(|(_, port)| port.container.map(|number| number.get()))
    }
}

/// A command as Kubernetes keeps it.
pub fn exec(command: &Command, origin: OriginId) -> Traced<core::ExecAction> {
    traced!(origin, core::ExecAction { command: command.0.iter().map(text).collect::<Vec<_>>() })
}

/// Whole seconds as Kubernetes keeps them.
pub fn seconds(duration: &Written<Duration>) -> Traced<i32> {
    traced(i32::try_from(duration.value.seconds()).unwrap_or(i32::MAX), duration.origin)
}

fn check_probe(probe: &Probe, decoder: &mut Decoder) {
    let asks = probe.asks_port() || probe.exec.is_some();
    if !asks && !decoder.is_doubtful(&["http", "tcp", "grpc", "exec"]) {
        let diagnostic = Diagnostic::error("missing-key", "this probe does not say what it asks")
            .at(decoder.span(probe.origin), "needs one of `http`, `tcp`, `grpc`, `exec`")
            .help("add `http = \"/healthz\"`, or `tcp = true`, `grpc = true`, `exec = [\"command\"]`");
        decoder.report.push(diagnostic);
    }
}
