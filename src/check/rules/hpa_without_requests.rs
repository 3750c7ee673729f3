//! Every container of what a HorizontalPodAutoscaler scales by use requests what is measured.
//!
//! A target in percent is a percentage of the request. Where one container of the Pod has none, the autoscaler shows `<unknown>` and
//! scales nothing at all, sidecars included.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! sidecar.metrics = { image = "nginx/nginx-prometheus-exporter:1.4.0" }
//!
//! [hpa.web]
//! max = 5
//! cpu = 70
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! sidecar.metrics = { image = "nginx/nginx-prometheus-exporter:1.4.0", resources = { cpu = "10m", memory = "32Mi" } }
//!
//! [hpa.web]
//! max = 5
//! cpu = 70
//! ```
//!
//! Write `resources = { cpu = "100m" }` on the component and on each of its sidecars; in YAML `resources.requests`. A limit counts as
//! request; so does a LimitRange of the namespace that gives requests.

use super::origin::help_for_container;
use super::pods::{ContainerRole, look_at_containers};
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, Object};
use crate::diagnostic::{Class, Severity};
use crate::graph::{Edge, Relation};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "hpa-without-requests",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("hpa_without_requests.rs"),
    check,
};

/// What is measured in percent of a request.
struct Measure<'f> {
    resource: &'f str,
    /// Of one container alone.
    container: Option<&'f str>,
}

fn check(context: &Context, findings: &mut Findings) {
    let ranges: Vec<&Object> =
        context.objects().filter(|(_, object)| object.kind_name() == "LimitRange").map(|(_, object)| object).collect();
    for edge in context.graph.related(Relation::Scales) {
        let scaler = &context.bundle.objects[edge.from];
        let root = At::root(&scaler.root);
        for measure in measures(&root.key("spec")) {
            let namespace = context.graph.namespace(scaler);
            let mut own = ranges.iter().filter(|range| context.graph.namespace(range) == namespace);
            if own.any(|range| gives(range, measure.resource)) {
                continue;
            }
            for target in &edge.found {
                check_target(context, edge, *target, &measure, findings);
            }
        }
    }
}

fn measures<'f>(spec: &At<'_, 'f>) -> Vec<Measure<'f>> {
    let mut measures = Vec::new();
    for metric in spec.key("metrics").items() {
        for (key, is_of_one) in [("resource", false), ("containerResource", true)] {
            let source = metric.key(key);
            if source.key("target").key("averageUtilization").is_set() {
                let container = Some(source.key("container").text()).filter(|_| is_of_one);
                measures.push(Measure { resource: source.key("name").text(), container });
            }
        }
    }
    // autoscaling/v1 knows the processor alone
    if spec.key("targetCPUUtilizationPercentage").is_set() {
        measures.push(Measure { resource: "cpu", container: None });
    }
    measures
}

/// Whether a LimitRange gives requests to containers that have none.
fn gives(range: &Object, resource: &str) -> bool {
    let root = At::root(&range.root);
    let spec = root.key("spec");
    let limits = spec.key("limits");
    limits.items().any(|limit| limit.key("defaultRequest").has(resource) || limit.key("default").has(resource))
}

fn check_target(context: &Context, edge: &Edge, target: usize, measure: &Measure, findings: &mut Findings) {
    let object = &context.bundle.objects[target];
    let Measure { resource, container: wanted } = measure;
    look_at_containers(object, &mut |container, role| {
        let name = container.key("name");
        let resources = container.key("resources");
        let has = |list: &str| resources.key(list).has(resource);
        let is_measured = role != ContainerRole::Init && wanted.is_none_or(|wanted| name.is_text(wanted));
        if !is_measured || has("requests") || has("limits") {
            return;
        }
        let title = format!(
            "container `{}` requests no {resource}, so the autoscaler `{}` cannot compute a percentage of it",
            name.text(),
            context.bundle.objects[edge.from].name()
        );
        let amount = if *resource == "memory" { "128Mi" } else { "100m" };
        let line = format!("resources = {{ {resource} = \"{amount}\" }}");
        let yaml = format!("write `resources: {{requests: {{{resource}: {amount}}}}}` on it");
        let help = help_for_container(context, object, name.text(), &line, &yaml);
        let finding = findings.add(target, container, title, help);
        finding.related.push((edge.place.cause, "the autoscaler scales it".to_owned()));
    });
}
