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

impl Approach {
    /// What is spoken on a port, where the port itself does not say.
    pub fn protocol(&self, port: &Written<PortName>) -> Option<&Saying> {
        self.protocols.iter().find(|(name, _)| *name == port.value).map(|(_, saying)| saying)
    }
}
