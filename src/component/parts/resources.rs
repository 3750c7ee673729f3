//! What a container asks for and may use.

use crate::bundle::{Traced, traced};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::path::quoted;
use crate::shape::{Keyed, Written};
use crate::table;
use crate::traced;
use crate::value::{Quantity, ResourceName, Scalar};
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
        limits: Keyed<ResourceName, Written<Quantity>>,
    }
    others {
        /// Devices and huge pages, by their names: `"nvidia.com/gpu" = 1`, `hugepages-2Mi = "64Mi"`. The limit follows, because the two must be equal.
        devices("DOMAIN/NAME"): Keyed<ResourceName, Written<Quantity>>,
    }
}

impl Resources {
    /// Reports amounts that the server refuses, of the workload or of its Pods.
    pub fn check(&self, checking: &mut Checking) {
        let (fixed, others): (Vec<_>, Vec<_>) = self.devices.iter().partition(|(name, _)| name.value.is_fixed());
        let others = others.into_iter().map(|(name, request)| (name.value.as_str(), request));
        for (name, request) in self.named().chain(others) {
            if let Some(limit) = self.limit(name).filter(|limit| request.value > limit.value) {
                let title = format!("the {name} request {} is more than its limit {}", request.value, limit.value);
                let diagnostic = Diagnostic::error("request-over-limit", title)
                    .at(checking.span(request.origin), "the request")
                    .at(checking.span(limit.origin), "the limit")
                    .help(format!(
                        "write `limits.{} = \"{}\"` or more, or a smaller request",
                        quoted(name),
                        request.value
                    ));
                checking.report.push(diagnostic);
            }
        }
        let in_bytes = |name: &ResourceName| matches!(name.as_str(), "memory" | "ephemeral-storage");
        let limits = self.limits.iter().filter(|(name, _)| in_bytes(&name.value)).map(|(_, limit)| limit);
        for amount in self.memory.iter().chain(&self.ephemeral_storage).chain(limits) {
            check_bytes(amount, checking);
        }
        for (name, amount) in fixed {
            self.check_equal(&name.value, amount, checking);
        }
        let limits =
            self.limits.iter().filter(|(name, _)| !self.devices.iter().any(|(known, _)| known.value == name.value));
        for (name, amount) in self.devices.iter().chain(limits) {
            check_whole(&name.value, amount, checking);
        }
        self.check_huge_pages(checking);
    }

    /// Requests and limits; a limit without a request is the request too, as the server takes it, and the limit of what
    /// cannot be exceeded is its request.
    pub fn lower(&self) -> Traced<core::ResourceRequirements> {
        let devices = || self.devices.iter().map(|(name, quantity)| (name.value.to_string(), amount(quantity)));
        let named = self.named().map(|(name, quantity)| (name.to_owned(), amount(quantity)));
        let implied = devices().filter(|(name, _)| {
            let is_fixed =
                |(device, _): &(Written<ResourceName>, _)| device.value.as_str() == name && device.value.is_fixed();
            self.limit(name).is_none() && self.devices.iter().any(is_fixed)
        });
        let limits = self.limits.iter().map(|(name, quantity)| (name.value.to_string(), amount(quantity)));
        traced!(
            self.origin,
            core::ResourceRequirements {
                requests: named.chain(devices()).collect::<Vec<_>>(),
                limits: limits.chain(implied).collect::<Vec<_>>(),
            }
        )
    }

    /// The requests that have keys of their own.
    fn named(&self) -> impl Iterator<Item = (&str, &Written<Quantity>)> {
        let named = [("cpu", &self.cpu), ("memory", &self.memory), ("ephemeral-storage", &self.ephemeral_storage)];
        named.into_iter().filter_map(|(name, quantity)| Some((name, quantity.as_ref()?)))
    }

    fn limit(&self, name: &str) -> Option<&Written<Quantity>> {
        self.limits.iter().find(|(limited, _)| limited.value.as_str() == name).map(|(_, limit)| limit)
    }

    /// Of a device and of huge pages a container gets what it asked for, no more and no less.
    fn check_equal(&self, name: &ResourceName, request: &Written<Quantity>, checking: &mut Checking) {
        let Some(limit) = self.limit(name.as_str()).filter(|limit| limit.value != request.value) else { return };
        let (requested, most) = (&request.value, &limit.value);
        let title = format!("the request {requested} and the limit {most} of {name} must be equal");
        let limit_key = format!("limits.{}", quoted(name.as_str()));
        let diagnostic = Diagnostic::error("request-over-limit", title)
            .at(checking.span(request.origin), "the request")
            .at(checking.span(limit.origin), "the limit")
            .help(format!("request {requested} or {most}, and remove `{limit_key}`: it follows the request"));
        checking.report.push(diagnostic);
    }

    /// Huge pages are given only to a container that asks for cpu or memory as well.
    fn check_huge_pages(&self, checking: &mut Checking) {
        let mut all = self.devices.iter().chain(self.limits.iter());
        let Some((name, _)) = all.find(|(name, _)| name.value.page_size().is_some()) else { return };
        let has_others = self.cpu.is_some() || self.memory.is_some();
        if has_others || self.limit("cpu").is_some() || self.limit("memory").is_some() {
            return;
        }
        let diagnostic = Diagnostic::error("huge-pages-alone", format!("{} needs cpu or memory beside it", name.value))
            .at(checking.key_span(name.origin), "")
            .help("add `memory = \"256Mi\"`, or as much as the container needs");
        checking.report.push(diagnostic);
    }
}

/// Reports a part of a device, and a part of a huge page.
fn check_whole(name: &ResourceName, amount: &Written<Quantity>, checking: &mut Checking) {
    let whole = amount.value.whole();
    let diagnostic = match name.page_size() {
        Some(size) if whole.is_none_or(|bytes| bytes % size != 0) => {
            let title = format!("{} is not a whole number of pages for {name}", amount.value);
            let size = name.as_str().trim_start_matches("hugepages-");
            Diagnostic::error("bad-value", title).help(format!("write a multiple of {size}"))
        }
        None if name.is_extended() && whole.is_none() => Diagnostic::error(
            "bad-value",
            format!("{} of {name} cannot be had: there are only whole ones", amount.value),
        )
        .help("write a whole number, such as 1"),
        _ => return,
    };
    checking.report.push(diagnostic.at(checking.span(amount.origin), ""));
}

/// Warns of less than a mebibyte of memory or disk: a number without a unit is bytes, and `m` is a thousandth of one.
pub fn check_bytes(amount: &Written<Quantity>, checking: &mut Checking) {
    let Ok(least) = Quantity::parse("1Mi") else { return };
    let is_nothing = Quantity::parse("0").is_ok_and(|nothing| amount.value == nothing);
    if amount.value >= least || is_nothing {
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
