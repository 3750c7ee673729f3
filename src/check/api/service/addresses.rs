//! The addresses of a Service, inside and outside of the cluster.

use super::Service;
use crate::check::address::parse_ip_address;
use crate::check::api::endpoints::ordinary_address;
use crate::check::{At, Checker, Reason, api_rules, repeated};

api_rules! {
    /// A load balancer has an address in the cluster: it is not headless.
    SVC_003 = "SVC-003";
    /// A Service of type `NodePort` has an address in the cluster: it is not headless.
    SVC_004 = "SVC-004";
    /// A Service of type `ExternalName` has no address in the cluster.
    SVC_006 = "SVC-006";
    /// A Service of type `ExternalName` has no IP families.
    SVC_007 = "SVC-007";
    /// The first of `clusterIPs` is `clusterIP`.
    SVC_034 = "SVC-034";
    /// An address in the cluster is an IP address, or `None` alone.
    SVC_035 = "SVC-035";
    /// There are at most two addresses in the cluster, one of each family.
    SVC_036 = "SVC-036";
    /// The addresses in the cluster are of the families in `ipFamilies`.
    SVC_037 = "SVC-037";
    /// The IP families are `IPv4` and `IPv6`, each once.
    SVC_038 = "SVC-038";
    /// The policy of IP families is `SingleStack`, `PreferDualStack` or `RequireDualStack`.
    SVC_039 = "SVC-039";
    /// Two families or addresses are for `PreferDualStack` and `RequireDualStack`.
    SVC_041 = "SVC-041";
    /// External addresses are IP addresses, and none of the loopback and link-local ranges.
    SVC_043 = "SVC-043";
}

/// The word for no address in the cluster.
const NONE: &str = "None";

/// The addresses of a Service.
pub fn addresses(service: &Service, checker: &mut Checker) {
    let spec = service.spec;
    if service.kind == "ExternalName" {
        without_addresses(spec, checker);
    } else {
        headless(service, checker);
        let families_are_fine = families(spec, checker);
        if cluster_addresses(spec, checker) && families_are_fine {
            dual_stack(spec, checker);
        }
    }
    let format = checker.ip_address();
    for address in spec.key("externalIPs").items() {
        if checker.follow_text(&address, address.text(), &SVC_043, format) {
            ordinary_address(&address, address.text(), &SVC_043, checker);
        }
    }
}

/// Whether a Service has no address in the cluster.
pub fn is_headless(spec: &At) -> bool {
    let (single, list) = (spec.key("clusterIP"), spec.key("clusterIPs"));
    match list.len() {
        0 => single.is_text(NONE),
        1 => list.item(0).is_text(NONE),
        _ => false,
    }
}

/// The addresses in the cluster: where none are listed, the server makes `clusterIP` the list.
fn listed<'q, 'f>(spec: &At<'_, 'f>, list: &'q At<'_, 'f>) -> Vec<(At<'q, 'f>, &'f str)> {
    let single = spec.key("clusterIP");
    if list.is_empty() && !single.is_empty() {
        return vec![(list.item(0).with_cause_of(&single), single.text())];
    }
    list.items().map(|item| (item, item.text())).collect()
}

fn without_addresses(spec: &At, checker: &mut Checker) {
    let why = "for a Service of type `ExternalName`";
    let (single, list) = (spec.key("clusterIP"), spec.key("clusterIPs"));
    if !single.is_empty() || !list.is_empty() {
        let at = if list.is_empty() { list.with_cause_of(&single) } else { list };
        let title = format!("an address in the cluster may not be set {why}");
        checker.refuse(&at, &SVC_006, Reason::Forbidden, title, "remove `clusterIP` and `clusterIPs`");
    }
    let families = spec.key("ipFamilies");
    if !families.is_empty() {
        checker.forbid(&families, &SVC_007, why);
    }
    checker.forbid(&spec.key("ipFamilyPolicy"), &SVC_007, why);
}

fn headless(service: &Service, checker: &mut Checker) {
    let rule = match service.kind {
        "LoadBalancer" => &SVC_003,
        "NodePort" => &SVC_004,
        _ => return,
    };
    if is_headless(service.spec) {
        let list = service.spec.key("clusterIPs");
        let title = format!("a Service of type `{}` cannot be headless", service.kind);
        let help = "remove `clusterIP: None`, or write `type: ClusterIP`";
        for (at, _) in listed(service.spec, &list) {
            let finding = checker.refuse(&at, rule, Reason::Invalid, title.clone(), help);
            finding.related.push((service.cause_of_kind(), "the type".to_owned()));
        }
    }
}

/// Asks for IP families and a policy that Kubernetes knows; says whether they are.
fn families(spec: &At, checker: &mut Checker) -> bool {
    let (families, policy) = (spec.key("ipFamilies"), spec.key("ipFamilyPolicy"));
    let mut fine = true;
    for family in families.items() {
        fine &= checker.choose_text(&family, family.text(), &SVC_038, &["IPv4", "IPv6"]);
    }
    for (second, first) in repeated(families.items(), |family| Some(family.text())) {
        checker.duplicate(&second, &SVC_038, "IP family", &first);
        fine = false;
    }
    let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    fine & (!policy.is_set() || checker.choose_text(&policy, policy.text(), &SVC_039, &policies))
}

/// Asks for well-formed addresses in the cluster, of the families that are named; says whether they are.
fn cluster_addresses(spec: &At, checker: &mut Checker) -> bool {
    let (single, list) = (spec.key("clusterIP"), spec.key("clusterIPs"));
    let addresses = listed(spec, &list);
    let mut fine = list.is_empty() || list.item(0).text() == single.text();
    if !fine {
        let title = "the first of `clusterIPs` is not `clusterIP`";
        let help = "write `clusterIP` with the first of `clusterIPs`, or `clusterIP` alone";
        let finding = checker.refuse(&list, &SVC_034, Reason::Invalid, title, help);
        finding.related.push((single.cause(), "`clusterIP`".to_owned()));
    }
    if !are_addresses(&list, &addresses, checker) {
        return false;
    }
    let is_ipv6 = |text: &str| parse_ip_address(text).is_some_and(|address| address.is_ipv6());
    let both = addresses.iter().any(|(_, text)| is_ipv6(text)) && addresses.iter().any(|(_, text)| !is_ipv6(text));
    if addresses.len() > 2 || addresses.len() > 1 && !both {
        let title = format!("{} addresses in the cluster, one of each family is allowed", addresses.len());
        checker.refuse(&list, &SVC_036, Reason::Invalid, title, "keep one IPv4 and one IPv6 address at most");
        fine = false;
    }
    let families = spec.key("ipFamilies");
    for ((at, text), family) in addresses.iter().zip(families.items()).filter(|((_, text), _)| *text != NONE) {
        let other = if is_ipv6(text) { "IPv4" } else { "IPv6" };
        if family.is_text(other) {
            let title = format!("`{text}` is no {other} address, as `{family}` asks for");
            let finding = checker.refuse(
                at,
                &SVC_037,
                Reason::Invalid,
                title,
                "write the families in the order of the addresses",
            );
            finding.related.push((family.cause(), "the family".to_owned()));
            fine = false;
        }
    }
    fine
}

/// Asks that each is an IP address, or all of them together are `None`; says whether they are.
fn are_addresses(list: &At, addresses: &[(At, &str)], checker: &mut Checker) -> bool {
    let format = checker.ip_address();
    let mut fine = true;
    for (index, (at, text)) in addresses.iter().enumerate() {
        if index == 0 && text.eq_ignore_ascii_case(NONE) && *text != NONE {
            let title = format!("`{text}` is no address, and not the word for none");
            checker.refuse(at, &SVC_035, Reason::Invalid, title, "write `None`");
            fine = false;
        } else if index > 0 || *text != NONE {
            fine &= checker.follow_text(at, text, &SVC_035, format);
        } else if addresses.len() > 1 {
            let title = "`None` stands beside an address in the cluster";
            checker.refuse(
                &list.with_cause_of(at),
                &SVC_035,
                Reason::Invalid,
                title,
                "keep `None` alone, or remove it",
            );
            fine = false;
        }
    }
    fine
}

/// Asks for a policy that allows two families, where there are two.
fn dual_stack(spec: &At, checker: &mut Checker) {
    let (policy, families) = (spec.key("ipFamilyPolicy"), spec.key("ipFamilies"));
    // Headless and without a selector, a Service has both families unless it says otherwise.
    let has_both = spec.key("clusterIP").is_text(NONE) && spec.key("selector").is_empty();
    let is_single = policy.is_text("SingleStack") || policy.is_empty() && !has_both;
    let second = match (families.len(), spec.key("clusterIPs").len()) {
        (2, _) => families.item(1).cause(),
        (_, 2) => spec.key("clusterIPs").item(1).cause(),
        _ => return,
    };
    if is_single {
        let title = "a Service with two IP families is not `SingleStack`";
        let help = "write `ipFamilyPolicy: PreferDualStack`, or keep one family";
        let finding = checker.refuse(&policy, &SVC_041, Reason::Invalid, title, help);
        finding.related.push((second, "the second family".to_owned()));
    }
}
