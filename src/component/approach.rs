//! What must be said of a Service so that what stands at the edge of the cluster reaches its Pods.

use crate::document::OriginId;
use crate::shape::Written;
use crate::value::PortName;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// Approaches by the name of the Service; there are some only where routes lead.
pub type Approaches = IndexMap<Box<str>, Approach, FxBuildHasher>;

/// What must be said of one Service.
#[derive(Debug, Clone, Default)]
pub struct Approach {
    /// Annotations of the Service that the controller reads.
    pub annotations: Vec<(&'static str, Saying)>,
    /// What is spoken on its ports, by their names, where the port itself does not say.
    pub protocols: Vec<(PortName, Saying)>,
    /// How its Pods are asked whether they are well, where that is an object of its own.
    pub health: Option<HealthCheck>,
    /// The port of the Pods that a load balancer asks beside those that routes lead to, 1 to 65535.
    pub asked_port: Option<u16>,
}

/// A text, and what it follows from.
#[derive(Debug, Clone)]
pub struct Saying {
    /// The text.
    pub text: String,
    /// Why it follows.
    pub rule: &'static str,
    /// From what.
    pub from: Vec<OriginId>,
}

impl Saying {
    /// The same, which follows from this too.
    pub fn because(mut self, origin: OriginId) -> Self {
        self.from.push(origin);
        self
    }
}

impl Approach {
    /// What is spoken on a port, where the port itself does not say.
    pub fn protocol(&self, port: &Written<PortName>) -> Option<&Saying> {
        self.protocols.iter().find(|(name, _)| *name == port.value).map(|(_, saying)| saying)
    }
}

/// How a load balancer that asks Pods itself shall ask.
#[derive(Debug, Clone)]
pub struct HealthCheck {
    /// The component whose Pods are asked.
    pub component: Box<str>,
    /// What is asked.
    pub question: Question,
    /// The port of the Pods, 1 to 65535, where it is not the one that routes lead to.
    pub port: Option<Written<u16>>,
    /// The probe that it is made of.
    pub probe: OriginId,
    /// What it follows from: the probe, and what says who asks.
    pub from: Vec<OriginId>,
}

/// What a health check asks.
#[derive(Debug, Clone)]
pub enum Question {
    /// A GET of this path.
    Http(Written<String>),
    /// The same over TLS.
    Https(Written<String>),
    /// The standard gRPC health check, of one service or of the whole server.
    Grpc(Option<Written<String>>),
    /// Whether a connection opens.
    Tcp,
}
