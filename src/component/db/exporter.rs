//! The exporter of a database's metrics, for Prometheus.

use super::companion::{Companion, Container, Request, ServedPort, Server};
use crate::bundle::{Bundle, CauseId, Traced, traced};
use crate::component::engines::companion::SETTINGS;
use crate::component::parts::resources::Resources;
use crate::component::world::add;
use crate::document::{Node, Table, Value};
use crate::shape::{Kind, Short, Written};
use crate::value::Image;
use crate::{table, traced};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

table! {
    /// Gives the metrics of a database to Prometheus. A Deployment and a Service `NAME-exporter` with the port `metrics`.
    pub struct Exporter("exporter") {
        /// An image of one's own, such as a copy in a registry of one's own; the engine's usual exporter where it is left out.
        image: Option<Written<Image>>,
        /// What it asks for and may use.
        resources: Option<Resources>,
    }
    form {
        short: Some(Short { what: "true", kind: &Kind::True, expand: expand_true }),
    }
}

/// `true` is the table in which nothing is said.
pub(super) fn expand_true(node: Node) -> Node {
    Node { value: Value::Table(Table::default()), ..node }
}

/// An exporter keeps the numbers of one scrape.
const REQUEST: Request = Request { cpu: "10m", memory: "32Mi" };

impl Exporter {
    /// Adds the Deployment and its Service.
    pub(super) fn lower(&self, companion: &Companion, bundle: &mut Bundle) {
        let facts = &companion.db.engine.value.facts().companions.exporter;
        let client = companion.client();
        let cause = companion.derive("an exporter listens on the port that is its own everywhere");
        let port = ServedPort { name: "metrics", number: facts.port, cause };
        let settings = (facts.settings)(&client);
        let arguments = companion.derive("an exporter finds the server by its arguments");
        let container = Container {
            image: companion.image(self.image.as_ref(), facts.image),
            command: Vec::new(),
            args: (facts.arguments)(&client).into_iter().map(|word| traced(word, arguments)).collect(),
            port: port.of_container(),
            env: companion.variables((facts.variables)(&client)),
            resources: companion.resources(self.resources.as_ref(), &REQUEST),
            mounts: Vec::from_iter(settings.map(|_| mount(companion))),
            probes: probes(companion),
            lifecycle: None,
        };
        let replicas = traced(1, companion.derive("one exporter is enough: two would count everything twice"));
        let volumes = Vec::from_iter(settings.map(|text| add_settings(companion, text, bundle)));
        let server = Server { user: facts.user, replicas, container, volumes };
        companion.add_deployment("exporter", server, bundle);
        companion.add_service("exporter-service", &port, hints(companion, facts.port), bundle);
    }
}

/// Why an exporter has a file.
const SETTINGS_RULE: &str = "an exporter takes from a file what its arguments cannot say";

/// Adds the ConfigMap with its settings; the volume for it.
fn add_settings(companion: &Companion, text: &str, bundle: &mut Bundle) -> Traced<core::Volume> {
    let cause = companion.derive(SETTINGS_RULE);
    let data = vec![("settings".to_owned(), traced(text.to_owned(), cause))];
    let object = traced!(companion.subject.origin, core::ConfigMap { metadata: companion.metadata(), data: data });
    add(bundle, companion.subject, "exporter-settings", object);
    let source = traced!(cause, core::ConfigMapVolumeSource { name: companion.subject.name });
    traced!(cause, core::Volume { name: "settings", config_map: source })
}

fn mount(companion: &Companion) -> Traced<core::VolumeMount> {
    let cause = companion.derive(SETTINGS_RULE);
    traced!(cause, core::VolumeMount { name: "settings", mount_path: SETTINGS, read_only: true })
}

/// A page that needs no database: metrics of a server that is down are no reason to start the exporter again.
fn probes(companion: &Companion) -> [Traced<core::Probe>; 2] {
    let cause = companion.derive("an exporter is asked for a page that needs no database");
    let probe = |period: i32| {
        let port = IntOrString::String("metrics".to_owned());
        let get = traced!(cause, core::HTTPGetAction { path: "/", port: port });
        traced!(cause, core::Probe { http_get: get, period_seconds: period, timeout_seconds: 5 })
    };
    [probe(20), probe(10)]
}

/// What a Prometheus without an operator looks for on Services.
fn hints(companion: &Companion, port: u16) -> Vec<(String, Traced<String>)> {
    let cause: CauseId = companion.derive("Prometheus finds what to scrape by these annotations");
    let hint = |name: &str, value: String| (format!("prometheus.io/{name}"), traced(value, cause));
    vec![hint("scrape", "true".to_owned()), hint("port", port.to_string())]
}
