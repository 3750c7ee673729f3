//! What is checked, and for which clusters.

use crate::bundle::Bundle;
use crate::document::OriginId;
use crate::value::KubernetesVersion;

/// What is checked, and for which clusters.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The objects.
    pub bundle: &'a Bundle,
    /// The clusters.
    pub target: Target,
}

/// The versions of Kubernetes that the objects must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// The oldest.
    pub oldest: KubernetesVersion,
    /// The newest; it is the oldest where there is but one.
    pub newest: KubernetesVersion,
    /// Where the oldest is written, for messages.
    pub origin: Option<OriginId>,
}

impl Target {
    /// One version.
    pub fn of(version: KubernetesVersion) -> Self {
        Self { oldest: version, newest: version, origin: None }
    }

    /// What to type where the cluster is newer than it was said to be.
    pub fn newer(self, version: KubernetesVersion) -> String {
        match self.origin {
            Some(_) => format!("set `cluster.kubernetes` to \"{version}\" where the cluster is that new"),
            None => format!("say `--kubernetes {version}` where the cluster is that new"),
        }
    }
}
