//! What the expressions in the definition of Gateway ask for, written out. Source: gateway.networking.k8s.io/v1, release 1.6.

use crate::bundle::Field;
use crate::check::format::{DNS_SUBDOMAIN, Format, QUALIFIED_NAME, WILDCARD_SUBDOMAIN};
use crate::check::{At, Checker, Reason, api_rules, repeated};

api_rules! {
    /// The listeners of a Gateway differ in their names.
    GW_020 = "GW-020";
    /// The listeners of a Gateway differ in port, protocol or host.
    GW_021 = "GW-021";
    /// A listener has `tls` where its protocol is encrypted, and not elsewhere.
    GW_022 = "GW-022";
    /// A listener that ends TLS has a certificate, or options.
    GW_023 = "GW-023";
    /// A listener of TCP or UDP has no host.
    GW_024 = "GW-024";
    /// The addresses of a Gateway differ, and hosts among them are hosts.
    GW_025 = "GW-025";
    /// Labels and annotations of the infrastructure have keys of their form.
    GW_026 = "GW-026";
}

/// The length that the domain of a key may not reach here, though elsewhere it may.
const DOMAIN: usize = 253;

/// A Gateway.
pub fn gateway(object: &At, checker: &mut Checker) {
    let spec = object.key("spec");
    let listeners = spec.key("listeners");
    for item in listeners.items() {
        listener(&listeners, &item, checker);
    }
    for (item, first) in repeated(listeners.items(), |item| Some(item.key("name").text())) {
        let place = listeners.with_cause_of(&item);
        let title = format!("the name {} of a listener stands here for the second time", item.key("name").value());
        let finding = checker.refuse(&place, &GW_020, Reason::Invalid, title, "give each listener its own name");
        finding.related.push((first.cause(), "the first one".to_owned()));
    }
    for (item, first) in repeated(listeners.items(), meeting) {
        let place = listeners.with_cause_of(&item);
        let title = "two listeners answer the same port, protocol and host";
        let finding = checker.refuse(&place, &GW_021, Reason::Invalid, title, "give one of them another `hostname`");
        finding.related.push((first.cause(), "the first one".to_owned()));
    }
    addresses(&spec.key("addresses"), checker);
    let infrastructure = spec.key("infrastructure");
    for key in ["labels", "annotations"] {
        keys(&infrastructure.key(key), checker);
    }
    per_port(&spec, checker);
}

/// What tells a listener from the others: its port, its protocol, and its host where it has one.
fn meeting<'f>(listener: &At<'_, 'f>) -> Option<(Option<i64>, &'f str, Option<&'f str>)> {
    let host = listener.key("hostname").field().and_then(Field::as_str);
    Some((listener.key("port").integer(), listener.key("protocol").text(), host))
}

fn listener(listeners: &At, at: &At, checker: &mut Checker) {
    let (protocol, tls, host) = (at.key("protocol"), at.key("tls"), at.key("hostname"));
    let mode = tls.key("mode");
    let named = mode.field().map_or("Terminate", |_| mode.text());
    let problem = match protocol.text() {
        name @ ("HTTP" | "TCP" | "UDP") if tls.is_set() => {
            Some((&tls, format!("a listener of {name} has no `tls`"), "remove `tls`, or write `protocol: HTTPS`"))
        }
        "HTTPS" if tls.is_set() && named != "Terminate" => Some((
            &mode,
            format!("a listener of HTTPS ends TLS itself: {named} is not for it"),
            "write `mode: Terminate`",
        )),
        "TLS" if !tls.is_set() => {
            Some((at, "a listener of TLS has no `tls`".to_owned(), "write `tls` with its `mode`"))
        }
        _ => None,
    };
    if let Some((cause, title, help)) = problem {
        checker.refuse(&listeners.with_cause_of(cause), &GW_022, Reason::Invalid, title, help);
    }
    let bare = tls.key("certificateRefs").is_empty() && tls.key("options").is_empty();
    if tls.is_set() && named == "Terminate" && bare {
        let title = "a listener that ends TLS needs a certificate";
        checker.refuse(&tls, &GW_023, Reason::Invalid, title, "write `certificateRefs` with the name of a Secret");
    }
    if ["TCP", "UDP"].contains(&protocol.text()) && !host.is_empty() {
        let title = format!("a listener of {} knows no hosts", protocol.text());
        checker.refuse(&listeners.with_cause_of(&host), &GW_024, Reason::Invalid, title, "remove `hostname`");
    }
}

fn addresses(at: &At, checker: &mut Checker) {
    for item in at.items() {
        let value = item.key("value");
        let format: &Format = if value.text().starts_with("*.") { &WILDCARD_SUBDOMAIN } else { &DNS_SUBDOMAIN };
        if kind_of(&item) == "Hostname" && value.is_set() {
            checker.follow_text(&item.with_cause_of(&value), value.text(), &GW_025, format);
        }
    }
    for (item, first) in repeated(at.items(), named) {
        let place = at.with_cause_of(&item);
        let title = format!("the address {} stands here for the second time", item.key("value").value());
        let finding = checker.refuse(&place, &GW_025, Reason::Invalid, title, "remove it");
        finding.related.push((first.cause(), "the first one".to_owned()));
    }
}

fn kind_of<'f>(address: &At<'_, 'f>) -> &'f str {
    let kind = address.key("type");
    if kind.is_set() { kind.text() } else { "IPAddress" }
}

/// The kind and the value of an address of a kind that the server knows, where it has a value.
fn named<'f>(address: &At<'_, 'f>) -> Option<(&'f str, &'f str)> {
    let value = address.key("value").field().and_then(Field::as_str)?;
    Some((kind_of(address), value)).filter(|(kind, _)| ["IPAddress", "Hostname"].contains(kind))
}

fn keys(at: &At, checker: &mut Checker) {
    for (key, value) in at.fields() {
        let place = at.with_cause_of(&value);
        checker.follow_text(&place, key, &GW_026, &QUALIFIED_NAME);
        if key.split_once('/').is_some_and(|(domain, _)| domain.len() == DOMAIN) {
            let title = format!("the domain of a key has {DOMAIN} characters or more");
            checker.refuse(&place, &GW_026, Reason::Invalid, title, "shorten the domain before the `/`");
        }
    }
}

/// Settings for the clients of a port: each port once.
fn per_port(spec: &At, checker: &mut Checker) {
    let (tls, mut seen) = (spec.key("tls"), Vec::new());
    let frontend = tls.key("frontend");
    let ports = frontend.key("perPort");
    for item in ports.items() {
        let port = item.key("port").integer();
        if seen.contains(&port) {
            let place = ports.with_cause_of(&item);
            let title = format!("the port {} stands here for the second time", item.key("port").value());
            checker.refuse(&place, &GW_021, Reason::Invalid, title, "make one entry of the two");
        }
        seen.push(port);
    }
}
