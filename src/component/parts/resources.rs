//! What a container asks for and may use.

use crate::bundle::{Traced, traced};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::shape::{Keyed, Written};
use crate::table;
use crate::traced;
use crate::value::{LabelName, Quantity, Scalar};
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
    /// Reports requests that are more than their limits: the server takes the workload and refuses its Pods.
    pub fn check(&self, checking: &mut Checking) {
        let requests = [("cpu", &self.cpu), ("memory", &self.memory), ("ephemeral-storage", &self.ephemeral_storage)];
        for (name, request) in requests.into_iter().filter_map(|(name, request)| Some((name, request.as_ref()?))) {
            let Some((_, limit)) = self.limits.iter().find(|(limited, _)| limited.value.as_str() == name) else {
                continue;
            };
            if request.value > limit.value {
                let title = format!("the {name} request {} is more than its limit {}", request.value, limit.value);
                let diagnostic = Diagnostic::error("request-over-limit", title)
                    .at(checking.span(request.origin), "the request")
                    .at(checking.span(limit.origin), "the limit")
                    .help(format!("write `limits.{name} = \"{}\"` or more, or a smaller request", request.value));
                checking.report.push(diagnostic);
            }
        }
        let limits = self.limits.iter().filter(|(name, _)| name.value.as_str() != "cpu").map(|(_, limit)| limit);
        for amount in self.memory.iter().chain(&self.ephemeral_storage).chain(limits) {
            check_bytes(amount, checking);
        }
    }

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

/// Warns of less than a mebibyte of memory or disk: a number without a unit is bytes, and `m` is a thousandth of one.
pub fn check_bytes(amount: &Written<Quantity>, checking: &mut Checking) {
    let Ok(least) = Quantity::parse("1Mi") else { return };
    if amount.value >= least {
        return;
    }
    let text = amount.value.to_string();
    let number: String = text.chars().take_while(char::is_ascii_digit).collect();
    let unit = if text.ends_with('m') { "`m` is a thousandth of a byte" } else { "a number without a unit is bytes" };
    let diagnostic = Diagnostic::warning("tiny-amount", format!("{text} is less than a mebibyte"))
        .at(checking.span(amount.origin), unit)
        .help(format!("write \"{number}Mi\" or \"{number}Gi\""));
    checking.report.push(diagnostic);
}

/// A quantity as Kubernetes keeps it.
pub fn amount(quantity: &Written<Quantity>) -> Traced<kubernetes::Quantity> {
    traced(kubernetes::Quantity(quantity.value.to_string()), quantity.origin)
}
