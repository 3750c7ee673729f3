//! What is reached from outside is reached by HTTPS.
//!
//! Without TLS everybody on the way reads passwords and session cookies, and changes pages.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//!
//! [ingress.web]
//! host = "shop.example.com"
//! routes = { "/" = "web" }
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [cluster]
//! tls = { mode = "cert-manager", issuer = "letsencrypt" }
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//!
//! [ingress.web]
//! host = "shop.example.com"
//! routes = { "/" = "web" }
//! ```
//!
//! Name an issuer, or a Secret with a certificate: `tls = { secret = "web-tls" }`. Where a load balancer in front of the controller
//! ends TLS: `allow = { ingress-without-tls = "REASON" }`. Annotations by which controllers of providers take a certificate count too.

use super::origin::table;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Object;
use crate::check::place::At;
use crate::component::cluster::TlsMode;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "ingress-without-tls",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("ingress_without_tls.rs"),
    check,
};

/// Annotations of controllers that serve HTTPS without `spec.tls`.
const CERTIFICATES: [&str; 6] = [
    "alb.ingress.kubernetes.io/certificate-arn",
    "alb.ingress.kubernetes.io/ssl-redirect",
    "networking.gke.io/managed-certificates",
    "networking.gke.io/certmap",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "kubernetes.azure.com/tls-cert-keyvault-uri",
];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        match object.kind_name() {
            "Ingress" => check_ingress(context, index, object, findings),
            "Gateway" if object.api_version().starts_with("gateway.networking.k8s.io/") => {
                check_gateway(context, index, object, findings);
            }
            _ => {}
        }
    }
}

fn check_ingress(context: &Context, index: usize, object: &Object, findings: &mut Findings) {
    let root = At::root(&object.root);
    let (spec, metadata) = (root.key("spec"), root.key("metadata"));
    let annotations = metadata.key("annotations");
    let rules = spec.key("rules");
    if !spec.key("tls").is_empty() || CERTIFICATES.iter().any(|name| annotations.has(name)) {
        return;
    }
    let hosts: Vec<_> = rules.items().map(|rule| rule.key("host").text()).filter(|host| !host.is_empty()).collect();
    let what = hosts.first().map_or_else(|| format!("Ingress `{}`", object.name()), |host| format!("`{host}`"));
    let first = rules.item(0);
    let host = first.key("host");
    let at = if host.is_set() { &host } else { &spec };
    let yaml = "write the host and the Secret with its certificate below `spec.tls`";
    findings.add(index, at, format!("{what} is reached by plain HTTP only"), help(context, object, yaml));
}

fn check_gateway(context: &Context, index: usize, object: &Object, findings: &mut Findings) {
    let root = At::root(&object.root);
    let spec = root.key("spec");
    let listeners = spec.key("listeners");
    // A stack that names no certificate of its provider is told so where it says who ends TLS.
    let mode = context.stack.and_then(|stack| stack.cluster.tls.as_ref()?.mode);
    if mode.is_some_and(|mode| mode.value == TlsMode::Provider) {
        return;
    }
    let plain = |listener: At| listener.key("protocol").is_text("HTTP");
    if !listeners.is_empty() && listeners.items().all(plain) {
        let title = format!("Gateway `{}` is reached by plain HTTP only", object.name());
        let yaml =
            "add a listener with `protocol: HTTPS`, and the Secret with its certificate below `tls.certificateRefs`";
        let first = listeners.item(0);
        findings.add(index, &first.key("protocol"), title, help(context, object, yaml));
    }
}

fn help(context: &Context, object: &Object, yaml: &str) -> String {
    match (table(context, object), context.stack) {
        (Some(table), Some(stack)) => format!(
            "write `cluster.tls = {{ mode = \"cert-manager\", issuer = \"NAME\" }}` below `[profile.{}]`, or \
             `tls = {{ secret = \"NAME\" }}` below `[{}]`",
            stack.profile,
            if table.starts_with("ingress.") { table.as_str() } else { "ingress.NAME" }
        ),
        _ => yaml.to_owned(),
    }
}
