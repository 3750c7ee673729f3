//! The settings of a Pod that concern it as a whole: restarting, names, DNS, time to run.

use super::claims::claims;
use super::pod_resources::pod_resources;
use super::profile;
use super::resources::overhead;
use super::scheduling::scheduling;
use super::security::pod_security;
use super::windows::operating_system;
use crate::check::format::{DNS_LABEL, DNS_SUBDOMAIN, SEARCH_DOMAIN};
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// `restartPolicy` is `Always`, `OnFailure` or `Never`.
    PSP_001 = "PSP-001";
    /// `dnsPolicy` is `ClusterFirst`, `ClusterFirstWithHostNet`, `Default` or `None`.
    PSP_002 = "PSP-002";
    /// With `dnsPolicy: None` the Pod names a DNS server.
    PSP_003 = "PSP-003";
    /// A Pod has at most 3 DNS servers, by their IP addresses.
    PSP_004 = "PSP-004";
    /// A Pod looks names up in at most 32 domains, 2048 characters together.
    PSP_005 = "PSP-005";
    /// An option of DNS has a name.
    PSP_006 = "PSP-006";
    /// `hostname` and `subdomain` are DNS labels.
    PSP_007 = "PSP-007";
    /// Since 1.35 `hostnameOverride` is a DNS subdomain of at most 64 characters, of a Pod that has a host name of its own.
    PSP_008 = "PSP-008";
    /// A host alias has an IP address, and DNS subdomains as names.
    PSP_009 = "PSP-009";
    /// `activeDeadlineSeconds` is 1 to 2147483647.
    PSP_010 = "PSP-010";
    /// The annotation `controller.kubernetes.io/pod-deletion-cost` is a whole number of 32 bits.
    PSP_013 = "PSP-013";
    /// The annotation `kubernetes.io/config.mirror` is for a Pod that the kubelet made on its node.
    PSP_014 = "PSP-014";
}

const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";
const MIRROR: &str = "kubernetes.io/config.mirror";

/// Everything of the specification of a Pod but its containers and volumes. `metadata` is there for a bare Pod: some things
/// the server asks of bare Pods only.
pub fn spec(at: &At, metadata: Option<&At>, checker: &mut Checker) {
    checker.choose(&at.key("restartPolicy"), &PSP_001, &["Always", "OnFailure", "Never"]);
    checker.bound(&at.key("activeDeadlineSeconds"), &PSP_010, 1..=2_147_483_647);
    dns(at, checker);
    for name in ["hostname", "subdomain"] {
        checker.follow(&at.key(name), &PSP_007, &DNS_LABEL);
    }
    hostname_override(at, checker);
    host_aliases(&at.key("hostAliases"), checker);
    claims(at, checker);
    pod_resources(at, metadata, checker);
    overhead(at, metadata, checker);
    scheduling(at, metadata, checker);
    pod_security(at, checker);
    operating_system(at, checker);
}

/// The annotations of a bare Pod or of a template that the server reads. `metadata` is there for a bare Pod.
pub fn annotations(at: &At, spec: &At, metadata: Option<&At>, checker: &mut Checker) {
    if at.is_empty() {
        return;
    }
    let cost = at.entry(DELETION_COST);
    if at.has(DELETION_COST) && !is_cost(cost.text()) {
        let title = format!("the annotation `{DELETION_COST}` takes a whole number of 32 bits, not {}", cost.value());
        checker.refuse(&cost, &PSP_013, Reason::Invalid, title, "write a number such as `-10` or `100`");
    }
    let mirror = at.entry(MIRROR);
    if at.has(MIRROR) && spec.key("nodeName").is_empty() {
        let title = format!("the annotation `{MIRROR}` is for Pods that a kubelet made");
        checker.refuse(&mirror, &PSP_014, Reason::Invalid, title, "remove the annotation");
    }
    profile::annotations(at, spec, metadata, checker);
}

fn is_cost(text: &str) -> bool {
    let canonical = text == "0" || !text.starts_with(['0', '+']);
    canonical && text.parse::<i32>().is_ok()
}

fn dns(spec: &At, checker: &mut Checker) {
    let (policy, config) = (spec.key("dnsPolicy"), spec.key("dnsConfig"));
    checker.choose(&policy, &PSP_002, &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]);
    let servers = config.key("nameservers");
    if policy.text() == "None" && servers.is_empty() {
        let place = if config.is_set() { &servers } else { &config };
        let title = "with `dnsPolicy: None` a Pod names its DNS server";
        let help = "write `nameservers` into `dnsConfig`, or remove `dnsPolicy`";
        checker.refuse(place, &PSP_003, Reason::Required, title, help);
        return;
    }
    if servers.len() > 3 {
        let title = format!("the Pod has {} DNS servers, 3 are allowed", servers.len());
        checker.refuse(&servers, &PSP_004, Reason::Invalid, title, "keep the first three");
    }
    let address = checker.ip_address();
    for server in servers.items() {
        checker.follow_text(&server, server.text(), &PSP_004, address);
    }
    searches(&config.key("searches"), checker);
    for option in config.key("options").items() {
        if option.key("name").is_empty() {
            let title = "the option of DNS has no name";
            checker.refuse(&option, &PSP_006, Reason::Required, title, "write `name`, such as `ndots`");
        }
    }
}

fn searches(list: &At, checker: &mut Checker) {
    let count = list.len();
    if count > 32 {
        let title = format!("names are looked up in {count} domains, 32 are allowed");
        checker.refuse(list, &PSP_005, Reason::Invalid, title, "remove some");
    }
    let size: usize = list.items().map(|domain| domain.text().len() + 1).sum();
    if size > 2049 {
        let title = format!("the domains have {} characters with blanks between them, 2048 are allowed", size - 1);
        checker.refuse(list, &PSP_005, Reason::Invalid, title, "remove some");
    }
    let relaxed = checker.since(33);
    let format = if relaxed { &SEARCH_DOMAIN } else { &DNS_SUBDOMAIN };
    for domain in list.items().filter(|domain| !relaxed || domain.text() != ".") {
        checker.follow_text(&domain, domain.text().strip_suffix('.').unwrap_or(domain.text()), &PSP_005, format);
    }
}

fn hostname_override(spec: &At, checker: &mut Checker) {
    let at = spec.key("hostnameOverride");
    if !at.is_set() || !checker.since(35) {
        return;
    }
    for name in ["setHostnameAsFQDN", "hostNetwork"] {
        let other = spec.key(name);
        if other.is_true() {
            let title = format!("`hostnameOverride` and `{name}` exclude each other");
            let finding = checker.refuse(&at, &PSP_008, Reason::Forbidden, title, "remove one of the two");
            finding.related.push((other.cause(), "the other one".to_owned()));
        }
    }
    if at.text().len() > 64 {
        let title = format!("the host name has {} characters, 64 are allowed", at.text().len());
        checker.refuse(&at, &PSP_008, Reason::TooLong, title, "write a shorter name");
    }
    checker.follow_text(&at, at.text(), &PSP_008, &DNS_SUBDOMAIN);
}

fn host_aliases(list: &At, checker: &mut Checker) {
    let format = checker.ip_address();
    let counted = checker.since(30);
    // Before 1.30 the server does not count.
    let items: Vec<_> = if counted { list.items().collect() } else { list.items_unspelled().collect() };
    for alias in items {
        let (ip, names) = (alias.key("ip"), alias.key("hostnames"));
        checker.follow_text(&ip, ip.text(), &PSP_009, format);
        for name in names.items() {
            let place = if counted { name } else { names.with_cause_of(&name) };
            checker.follow_text(&place, name.text(), &PSP_009, &DNS_SUBDOMAIN);
        }
    }
}
