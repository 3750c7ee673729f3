//! What a container asks for and may use.

use crate::bundle::{Traced, traced};
use crate::shape::{Keyed, Written};
use crate::table;
use crate::traced;
use crate::value::{LabelName, Quantity};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::api::resource as kubernetes;

table! {
    /// Requests, by which Pods are placed; `limits` is what a container may not exceed.
    pub struct Resources("resources") {
        /// Cores: "250m" is a quarter of one.
        cpu: Option<Written<Quantity>>,
        /// Memory: "256Mi".
        memory: Option<Written<Quantity>>,
        /// Disk of the node: logs, scratch, the writable layer.
        ephemeral_storage: Option<Written<Quantity>>,
        /// What the container may not exceed, by the same names.
        limits: Keyed<LabelName, Written<Quantity>>,
    }
}

impl Resources {
    /// Requests and limits; a limit without a request is the request too, as the server takes it.
    pub fn lower(&self) -> Traced<core::ResourceRequirements> {
        let requests = [("cpu", &self.cpu), ("memory", &self.memory), ("ephemeral-storage", &self.ephemeral_storage)];
        let requests =
            requests.into_iter().filter_map(|(name, quantity)| Some((name.to_owned(), amount(quantity.as_ref()?))));
        let limits = self.limits.iter().map(|(name, quantity)| (name.value.to_string(), amount(quantity)));
        traced!(
            self.origin,
            core::ResourceRequirements { requests: requests.collect::<Vec<_>>(), limits: limits.collect::<Vec<_>>() }
        )
    }
}

/// A quantity as Kubernetes keeps it.
pub fn amount(quantity: &Written<Quantity>) -> Traced<kubernetes::Quantity> {
    traced(kubernetes::Quantity(quantity.value.to_string()), quantity.origin)
}
