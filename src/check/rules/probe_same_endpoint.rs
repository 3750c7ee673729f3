//! Liveness is not decided by the question that decides readiness.
//!
//! A container that is not ready gets no requests, and comes back when it can. One that is not alive is started anew. Where both ask
//! the same page as often, a database that is away for half a minute restarts every Pod of its clients, over and over.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "ghcr.io/example/web:1.0"
//! port = 8080
//! probes.live = { http = "/healthz" }
//! probes.ready = { http = "/healthz" }
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "ghcr.io/example/web:1.0"
//! port = 8080
//! health = "/healthz"
//! ```
//!
//! `health` asks one page, and is patient before it restarts anything. Or let liveness ask a page that needs nobody else, or nothing at all.
//! Probes that only open a port or run a command are let be.

use super::origin::{help_in, is_companion, key_of_container};
use super::pods::look_at_containers;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "probe-same-endpoint",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("probe_same_endpoint.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| !is_companion(context, object)) {
        look_at_containers(object, &mut |container, _| {
            let (live, ready) = (container.key("livenessProbe"), container.key("readinessProbe"));
            let Some(question) = question(&live).filter(|asked| Some(asked) == self::question(&ready).as_ref()) else {
                return;
            };
            if patience(&live) > patience(&ready) {
                return;
            }
            let name = container.key("name").text();
            let title =
                format!("container `{name}` is restarted as soon as it is not ready: both probes ask {question}");
            let yaml = "let `livenessProbe` ask a page that needs no other service, or give it a higher `failureThreshold` than `readinessProbe` has";
            let key = key_of_container(context, object, name, "probes.live");
            let finding = findings.add(index, &live, title, help_in(context, object, &key, "failures = 6", yaml));
            finding.related.push((ready.cause(), "asks the same".to_owned()));
        });
    }
}

/// What a probe asks of the program, where it does.
fn question(probe: &At) -> Option<String> {
    let (http, grpc) = (probe.key("httpGet"), probe.key("grpc"));
    let port = |handler: &At| {
        let port = handler.key("port");
        port.integer().map_or_else(|| port.text().to_owned(), |number| number.to_string())
    };
    if http.is_set() {
        Some(format!("`{}` on port `{}`", http.key("path").text(), port(&http)))
    } else if grpc.is_set() {
        let service = grpc.key("service");
        let what = if service.is_empty() { String::new() } else { format!(" for the service `{}`", service.text()) };
        Some(format!("port `{}` by gRPC{what}", port(&grpc)))
    } else {
        None
    }
}

/// How often a probe may fail before it counts.
fn patience(probe: &At) -> i64 {
    probe.key("failureThreshold").integer().unwrap_or(3)
}
