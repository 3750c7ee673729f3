//! What a container asks for and may use at most.

use crate::check::api::resource_name::{allows_overcommit, is_extended, is_native};
use crate::check::format::QUALIFIED_NAME;
use crate::check::{At, Checker, Reason, Rule, api_rules};
use crate::value::{Quantity, nearest, quote};

api_rules! {
    /// A container asks for `cpu`, `memory`, `ephemeral-storage`, `hugepages-SIZE` or a resource with a domain.
    RES_001 = "RES-001";
    /// The name of a resource with a domain does not begin with `requests.`, and fits into a quota.
    RES_002 = "RES-002";
    /// An amount is not negative.
    RES_003 = "RES-003";
    /// A request is at most the limit.
    RES_004 = "RES-004";
    /// Devices and huge pages have a limit, and a request is equal to it.
    RES_005 = "RES-005";
    /// Devices are counted in whole numbers.
    RES_006 = "RES-006";
    /// Huge pages are asked for in multiples of their size.
    RES_007 = "RES-007";
    /// Who asks for huge pages asks for `cpu` or `memory` too.
    RES_008 = "RES-008";
    /// `overhead` follows the rules of limits; of a bare Pod it comes from its RuntimeClass.
    RES_013 = "RES-013";
}

/// What a container may ask for by a name without domain, besides huge pages.
const OF_CONTAINERS: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];
const HUGE_PAGES: &str = "hugepages-";

/// The resources of one container.
pub fn resources(container: &At, checker: &mut Checker) {
    let at = container.key("resources");
    if at.is_set() {
        requirements(&at, container_name, checker);
    }
}

/// What a RuntimeClass adds to a Pod.
pub fn overhead(spec: &At, metadata: Option<&At>, checker: &mut Checker) {
    let written = spec.key("overhead");
    if metadata.is_some() && written.is_set() && spec.key("runtimeClassName").is_empty() {
        let title = "a Pod with `overhead` has no `runtimeClassName`";
        let help = "remove `overhead`: the RuntimeClass sets it";
        checker.refuse(&written, &RES_013, Reason::Forbidden, title, help);
    }
    overhead_amounts(&spec.key_spelled("overhead", "overhead.limits"), checker);
}

/// The amounts that are added, at which the server looks as if they were limits.
pub fn overhead_amounts(limits: &At, checker: &mut Checker) {
    for (name, amount) in limits.entries() {
        quantity(name, &amount, container_name, checker);
    }
}

/// Limits and requests, whose names `check_name` looks at.
pub fn requirements(at: &At, check_name: fn(&str, &At, &mut Checker) -> bool, checker: &mut Checker) {
    let (limits, requests) = (at.key("limits"), at.key("requests"));
    for (name, amount) in limits.entries() {
        quantity(name, &amount, check_name, checker);
    }
    for (name, amount) in requests.entries() {
        quantity(name, &amount, check_name, checker);
        compare(name, &amount, &requests, &limits, checker);
    }
    let names = || limits.entries().chain(requests.entries()).map(|(name, _)| name);
    if names().any(is_huge_pages) && !names().any(|name| matches!(name, "cpu" | "memory")) {
        let title = "huge pages are asked for without `cpu` or `memory`";
        checker.refuse(at, &RES_008, Reason::Forbidden, title, "add a request for `cpu` or `memory`");
    }
}

/// Whether it is the name of huge pages of a size.
pub fn is_huge_pages(name: &str) -> bool {
    name.starts_with(HUGE_PAGES)
}

/// Says that a name of a resource is not one, and how to write one.
pub fn refuse_name(name: &str, at: &At, rule: &Rule, checker: &mut Checker) {
    let title = format!("{} is no resource of a container", quote(name));
    let help = match nearest(name, OF_CONTAINERS.into_iter()) {
        Some(near) => format!("did you mean `{near}`? A device has a domain before its name, as `nvidia.com/gpu` has"),
        None => {
            "write `cpu`, `memory`, `ephemeral-storage`, or a device with its domain, such as `nvidia.com/gpu`".into()
        }
    };
    checker.refuse(at, rule, Reason::Invalid, title, help);
}

/// The name of a resource of a container. Says whether it is well-formed.
fn container_name(name: &str, at: &At, checker: &mut Checker) -> bool {
    if OF_CONTAINERS.contains(&name) {
        return true;
    }
    if !checker.follow_text(at, name, &RES_001, &QUALIFIED_NAME) {
        return false;
    }
    if !name.contains('/') {
        let known = is_huge_pages(name);
        if !known {
            refuse_name(name, at, &RES_001, checker);
        }
        return known;
    }
    let fits = is_native(name) || is_extended(name);
    if !fits {
        let title = format!("{} is no name of a device: quotas put `requests.` before it", quote(name));
        let help = match name.strip_prefix("requests.") {
            Some(device) => format!("write `{device}`"),
            None => "write a shorter domain".to_owned(),
        };
        checker.refuse(at, &RES_002, Reason::Invalid, title, help);
    }
    fits
}

/// One amount and the name of its resource.
fn quantity(name: &str, at: &At, check_name: fn(&str, &At, &mut Checker) -> bool, checker: &mut Checker) {
    check_name(name, at, checker);
    let Some(amount) = at.thousandths() else { return };
    if amount < 0 {
        let title = format!("the amount {} is negative", at.value());
        checker.refuse(at, &RES_003, Reason::Invalid, title, "write an amount of 0 or more");
    }
    if amount % 1000 != 0 && is_extended(name) {
        let title = format!("{} of {} is not a whole number of devices", at.value(), quote(name));
        checker.refuse(at, &RES_006, Reason::Invalid, title, "write a whole number");
    }
    if let Some(size) = name.strip_prefix(HUGE_PAGES) {
        huge_pages(size, amount, at, checker);
    }
}

fn huge_pages(size: &str, amount: i128, at: &At, checker: &mut Checker) {
    match Quantity::thousandths(size).filter(|size| *size > 0 && size % 1000 == 0) {
        None => {
            let title = format!("{} is no size of huge pages", quote(size));
            checker.refuse(at, &RES_007, Reason::Invalid, title, "write `hugepages-2Mi` or `hugepages-1Gi`");
        }
        Some(page) if whole(amount) % (page / 1000) == 0 => {}
        Some(_) => {
            let title = format!("{} is no multiple of the size of a page, {size}", at.value());
            checker.refuse(at, &RES_007, Reason::Invalid, title, format!("write a multiple of {size}"));
        }
    }
}

/// Thousandths as a whole number, rounded away from zero, as the server counts bytes.
fn whole(thousandths: i128) -> i128 {
    thousandths / 1000 + (thousandths % 1000).signum()
}

/// A request and the limit of the same resource. The server names the list, not the request.
fn compare(name: &str, request: &At, requests: &At, limits: &At, checker: &mut Checker) {
    let limit = limits.entry(name);
    let divisible = allows_overcommit(name);
    let place = requests.with_cause_of(request);
    let Some(most) = limits.thousandths_of(name) else {
        if !limits.has(name) && !divisible {
            let title = format!("{} is requested without a limit, which must be the same", quote(name));
            let help = format!("write {} as the limit of `{name}` too", request.value());
            checker.refuse(&limits.with_cause_of(request), &RES_005, Reason::Required, title, help);
        }
        return;
    };
    let Some(asked) = request.thousandths() else { return };
    let (rule, title, help) = if asked != most && !divisible {
        let title =
            format!("{} of {name} are requested, the limit is {}: they must be equal", request.value(), limit.value());
        (&RES_005, title, format!("write {} in both places, or the limit alone", limit.value()))
    } else if asked > most {
        let title = format!("the request {} of {name} is more than the limit, {}", request.value(), limit.value());
        (&RES_004, title, format!("request at most {}, or raise the limit to {}", limit.value(), request.value()))
    } else {
        return;
    };
    checker.refuse(&place, rule, Reason::Invalid, title, help).related.push((limit.cause(), "the limit".to_owned()));
}
