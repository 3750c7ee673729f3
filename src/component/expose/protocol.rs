//! What is spoken on a port that a route leads to.

use crate::component::api::Api;
use crate::component::parts::ports::{Port, Ports};
use crate::component::parts::probes::Probe;
use crate::document::OriginId;
use crate::shape::Written;
use crate::value::PortName;

/// What a client must speak from its first byte, and not HTTP/1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// gRPC over HTTP/2 in clear text.
    Grpc,
    /// HTTP/2 in clear text.
    Http2,
}

impl Protocol {
    /// What messages call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Grpc => "gRPC",
            Self::Http2 => "HTTP/2",
        }
    }
}

/// A protocol, and how it is known.
#[derive(Debug, Clone)]
pub struct Spoken {
    /// What is spoken.
    pub protocol: Protocol,
    /// How it is known.
    pub rule: &'static str,
    /// From what.
    pub from: OriginId,
}

/// What an `app-protocol` calls HTTP/2 without TLS; the first is Kubernetes' word for it.
const CLEAR_TEXT: [&str; 3] = ["kubernetes.io/h2c", "h2c", "grpc"];

/// What is spoken on a port of an api, where that is not HTTP/1.1: as the port says, else as a gRPC probe asks it, else as its
/// name promises. A probe that asks by HTTP speaks HTTP/1.1.
pub fn spoken(api: &Api, name: &Written<PortName>, port: &Port) -> Option<Spoken> {
    let asked = |probe: &(&Probe, &Ports)| {
        probe.0.asked_port(probe.1).is_some_and(|asked| asked.value == port.container.value.get())
    };
    let probes: Vec<_> = probes(api).filter(asked).map(|(probe, _)| probe).collect();
    let answers_http = probes.iter().any(|probe| probe.http.is_some());
    if let Some(written) = &port.app_protocol {
        let word = written.value.as_str();
        let protocol = if answers_http && word != "grpc" { Protocol::Http2 } else { Protocol::Grpc };
        let rule = "a port speaks what its `app-protocol` says";
        return CLEAR_TEXT.contains(&word).then_some(Spoken { protocol, rule, from: written.origin });
    }
    if let Some(probe) = probes.iter().find(|probe| probe.grpc.is_some()) {
        let rule = "a port that a gRPC probe asks speaks gRPC";
        return Some(Spoken { protocol: Protocol::Grpc, rule, from: probe.origin });
    }
    let word = name.value.as_str();
    let promises = word == "grpc" || word.starts_with("grpc-") && !word.starts_with("grpc-web");
    let rule = "a port called `grpc` speaks gRPC";
    (promises && !answers_http).then_some(Spoken { protocol: Protocol::Grpc, rule, from: name.origin })
}

/// The probes of all containers, each with the ports of its own.
fn probes(api: &Api) -> impl Iterator<Item = (&Probe, &Ports)> {
    let workload = &api.workload;
    let beside = workload.sidecar.iter().map(|(_, sidecar)| (sidecar.probes.as_ref(), &sidecar.ports));
    let all = std::iter::once((workload.probes.as_ref(), &workload.ports)).chain(beside);
    all.flat_map(|(probes, ports)| {
        let trio = probes.map(|probes| [&probes.ready, &probes.live, &probes.start]);
        trio.into_iter().flatten().flatten().map(move |probe| (probe, ports))
    })
}
