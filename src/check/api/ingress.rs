//! Ingress.

use super::metadata::metadata;
use crate::check::address::parse_ip_address;
use crate::check::format::{DNS_LABEL, DNS_LABEL_1035, DNS_SUBDOMAIN, PATH_SEGMENT, PORT_NAME, WILDCARD_SUBDOMAIN};
use crate::check::{At, Checker, Reason, Rule, api_rules};

api_rules! {
    /// An Ingress has rules or a default backend.
    ING_001 = "ING-001";
    /// The host of a rule is a name, no IP address.
    ING_002 = "ING-002";
    /// The host of a rule is a DNS subdomain, or one behind `*.`.
    ING_003 = "ING-003";
    /// The `http` of a rule has paths.
    ING_004 = "ING-004";
    /// A path says its type.
    ING_005 = "ING-005";
    /// The type of a path is `Exact`, `Prefix` or `ImplementationSpecific`.
    ING_006 = "ING-006";
    /// A path of type `Exact` or `Prefix` begins with `/`.
    ING_007 = "ING-007";
    /// A path of type `Exact` or `Prefix` has no `//`, `/./`, `/../` and no `/` written as `%2f`.
    ING_008 = "ING-008";
    /// A path of type `Exact` or `Prefix` does not end in `/.` or `/..`.
    ING_009 = "ING-009";
    /// A path of type `ImplementationSpecific` is empty or begins with `/`.
    ING_010 = "ING-010";
    /// A backend is a Service or another object, one of the two.
    ING_011 = "ING-011";
    /// A backend names its Service, as a Service may be named.
    ING_012 = "ING-012";
    /// A backend names the port of its Service by a name or a number, one of the two.
    ING_013 = "ING-013";
    /// The number of a port is between 1 and 65535.
    ING_014 = "ING-014";
    /// The name of a port has at most 15 characters, also where the Service allows more.
    ING_015 = "ING-015";
    /// A backend that is no Service has a kind and a name.
    ING_016 = "ING-016";
    /// The hosts of a certificate are DNS subdomains, or such behind `*.`.
    ING_017 = "ING-017";
    /// The Secret of a certificate is named as Secrets are.
    ING_018 = "ING-018";
    /// The class is named as IngressClasses are.
    ING_019 = "ING-019";
    /// The annotation `kubernetes.io/ingress.class`, where it stands beside `ingressClassName`, says the same.
    ING_020 = "ING-020";
}

/// What names the class in the days before `ingressClassName`.
const CLASS: &str = "kubernetes.io/ingress.class";

/// An Ingress.
pub fn ingress(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    let (rules, default) = (spec.key("rules"), spec.key("defaultBackend"));
    if rules.is_empty() && !default.is_set() {
        let help = "write `rules` with a path and its backend, or a `defaultBackend`";
        checker.refuse(&spec, &ING_001, Reason::Invalid, "an Ingress without rules leads nowhere", help);
    }
    if default.is_set() {
        backend(&default, checker);
    }
    for item in rules.items() {
        rule(&item, checker);
    }
    for certificate in spec.key("tls").items() {
        for item in certificate.key("hosts").items() {
            host(&item, &ING_017, checker);
        }
        checker.follow(&certificate.key("secretName"), &ING_018, &DNS_SUBDOMAIN);
    }
    class(object, &spec.key("ingressClassName"), checker);
}

/// What a typed reference to an object of the same namespace must have: kind, name, and a group that is one.
pub fn typed_reference(at: &At, rule: &Rule, checker: &mut Checker) {
    let group = at.key("apiGroup");
    if group.is_set() {
        checker.follow_text(&group, group.text(), rule, &DNS_SUBDOMAIN);
    }
    for (key, what) in [("kind", "a kind"), ("name", "a name")] {
        let part = at.key(key);
        if checker.require(&part, rule, what) {
            checker.follow(&part, rule, &PATH_SEGMENT);
        }
    }
}

fn class(object: &At, name: &At, checker: &mut Checker) {
    if !name.is_set() {
        return;
    }
    checker.follow_text(name, name.text(), &ING_019, &DNS_SUBDOMAIN);
    let metadata = object.key_unspelled("metadata");
    let annotations = metadata.key("annotations");
    let Some((_, old)) = annotations.entries().find(|(key, _)| *key == CLASS) else { return };
    if old.text() != name.text() {
        let place = annotations.key(CLASS);
        let title = format!("the annotation says the class {}, `ingressClassName` says {}", old.value(), name.value());
        let finding = checker.refuse(&place, &ING_020, Reason::Invalid, title, "remove the annotation");
        finding.related.push((name.cause(), "the other class".to_owned()));
    }
}

fn rule(at: &At, checker: &mut Checker) {
    let name = at.key("host");
    if !name.is_empty() {
        if parse_ip_address(name.text()).is_some() {
            let title = format!("the host {} is an IP address", name.value());
            let help = "write a DNS name, or remove `host` for every host";
            checker.refuse(&name, &ING_002, Reason::Invalid, title, help);
        } else {
            host(&name, &ING_003, checker);
        }
    }
    let http = at.key("http");
    let paths = http.key("paths");
    if http.is_set() && paths.is_empty() {
        checker.require(&paths, &ING_004, "a list of paths");
    }
    for item in paths.items() {
        path(&item, checker);
    }
}

fn host(at: &At, rule: &Rule, checker: &mut Checker) {
    let text = at.text();
    checker.follow_text(at, text, rule, if text.contains('*') { &WILDCARD_SUBDOMAIN } else { &DNS_SUBDOMAIN });
}

fn path(at: &At, checker: &mut Checker) {
    const TYPES: [&str; 3] = ["Exact", "ImplementationSpecific", "Prefix"];
    let (kind, path) = (at.key("pathType"), at.key("path"));
    if !kind.is_set() {
        let help = "write `pathType: Prefix`, or `Exact` or `ImplementationSpecific`";
        checker.refuse(&kind, &ING_005, Reason::Required, "the path has no type", help);
        return;
    }
    let text = path.text();
    if checker.choose_text(&kind, kind.text(), &ING_006, &TYPES) {
        let absolute = text.starts_with('/');
        if kind.text() == "ImplementationSpecific" {
            if !absolute && !text.is_empty() {
                refuse_relative(&path, &ING_010, checker);
            }
        } else if absolute {
            plain_path(&path, text, checker);
        } else {
            refuse_relative(&path, &ING_007, checker);
        }
    }
    backend(&at.key("backend"), checker);
}

fn refuse_relative(path: &At, rule: &Rule, checker: &mut Checker) {
    let (title, help) = match path.text() {
        "" => ("the path is missing".to_owned(), "write `path: /`".to_owned()),
        text => (format!("the path {} does not begin with `/`", path.value()), format!("write `/{text}`")),
    };
    checker.refuse(path, rule, Reason::Invalid, title, help);
}

fn plain_path(at: &At, text: &str, checker: &mut Checker) {
    let inside = ["//", "/./", "/../", "%2f", "%2F"].into_iter().find(|part| text.contains(part));
    let behind = ["/..", "/."].into_iter().find(|part| text.ends_with(part));
    let help = "write the path as a browser would ask for it";
    if let Some(part) = inside {
        let title = format!("the path {} has `{part}` in it", at.value());
        checker.refuse(at, &ING_008, Reason::Invalid, title, help);
    } else if let Some(part) = behind {
        let title = format!("the path {} ends in `{part}`", at.value());
        checker.refuse(at, &ING_009, Reason::Invalid, title, help);
    }
}

fn backend(at: &At, checker: &mut Checker) {
    let (service, resource) = (at.key("service"), at.key("resource"));
    match (service.is_set(), resource.is_set()) {
        (true, true) => {
            let title = "the backend has both `service` and `resource`";
            checker.refuse(at, &ING_011, Reason::Invalid, title, "remove one of the two");
        }
        (false, false) => {
            let help = "write `service` with its `name` and `port`";
            checker.refuse(at, &ING_011, Reason::Invalid, "the backend names nothing that answers", help);
        }
        (false, true) => typed_reference(&resource, &ING_016, checker),
        (true, false) => service_port(at, &service, checker),
    }
}

fn service_port(backend: &At, service: &At, checker: &mut Checker) {
    let name = service.key("name");
    if checker.require(&name, &ING_012, "the name of a Service") {
        let format = if checker.since(36) { &DNS_LABEL } else { &DNS_LABEL_1035 };
        checker.follow(&name, &ING_012, format);
    }
    let port = service.key("port");
    let (name, number) = (port.key("name"), port.key("number"));
    let numbered = number.integer().is_some_and(|number| number != 0);
    match (!name.is_empty(), numbered) {
        (true, true) => {
            let title = "the backend has both the name and the number of a port";
            checker.refuse(backend, &ING_013, Reason::Invalid, title, "remove `name` or `number` below `port`");
        }
        (false, false) => {
            let place = backend.with_cause_of(&port);
            let help = "write `number` or `name` below `port`";
            checker.refuse(&place, &ING_013, Reason::Required, "the port of the Service is missing", help);
        }
        (true, false) => drop(checker.follow(&name, &ING_015, &PORT_NAME)),
        (false, true) => drop(checker.bound(&number, &ING_014, 1..=65535)),
    }
}
