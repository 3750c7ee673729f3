//! `[hpa.NAME]`: as many Pods as the load asks for.

use super::lint::Allowances;
use super::parts::probes::seconds;
use super::words::WorkloadKind;
use super::world::{Subject, World, add};
use crate::bundle::{Bundle, Traced, traced};
use crate::diagnostic::Diagnostic;
use crate::document::Value;
use crate::document::checking::Checking;
use crate::shape::{Attempt, Decoder, Kind, Leaf, Positive, Whole, Written};
use crate::value::{Duration, Invalid, Name};
use crate::{table, traced, words};
use k8s_openapi::api::autoscaling::v2 as autoscaling;

/// Percent of a request; 1 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Utilization(Whole<1, 1000>);

impl Leaf for Utilization {
    const KIND: &'static Kind = &Kind::Integer { what: "a percentage of the request", minimum: 1, maximum: 1000 };

    fn read(value: &Value) -> Result<Self, Option<Invalid>> {
        Whole::read(value).map(Self)
    }

    fn placeholder() -> Self {
        Self(Whole::placeholder())
    }
}

words! {
    /// Which of several policies counts.
    pub enum Select("a choice of policies") {
        /// The one that changes most.
        Max = "max",
        /// The one that changes least.
        Min = "min",
        /// None: no scaling in this direction.
        Disabled = "disabled",
    }
}

table! {
    /// How fast the number of Pods may change in one direction.
    pub struct Scaling("scaling behavior") {
        /// Time for which the load is looked back on.
        window: Option<Written<Duration>>,
        /// `max` (the default), `min` or `disabled`.
        select: Option<Written<Select>>,
        /// Pods that may be added or removed in each `period`.
        pods: Option<Written<Positive>>,
        /// Percent of the Pods that may be added or removed in each `period`.
        percent: Option<Written<Positive>>,
        /// The time that `pods` and `percent` are for; 60s where it is left out.
        period: Option<Written<Duration>>,
    }
    validate check_scaling;
}

table! {
    /// How fast the number of Pods may change.
    pub struct Behavior("behavior") {
        /// Upwards.
        up: Option<Scaling>,
        /// Downwards.
        down: Option<Scaling>,
    }
}

table! {
    /// As many Pods as the load asks for. A HorizontalPodAutoscaler; the target's `replicas` are then left out.
    pub struct Hpa("hpa") {
        /// The fewest Pods; 1 where it is left out.
        min: Option<Written<Positive>>,
        /// The most Pods.
        max: Written<Positive>,
        /// Average use of the cpu request, in percent of it.
        cpu: Option<Written<Utilization>>,
        /// Average use of the memory request, in percent of it.
        memory: Option<Written<Utilization>>,
        /// The component; the one with the HPA's own name where it is left out.
        target: Attempt<Written<Name>>,
        /// How fast the number may change.
        behavior: Option<Behavior>,
        /// Findings of `lint` that are meant, each with the reason: `{ hpa-min-replicas = "a demonstration" }`.
        allow: Allowances,
    }
    validate check_hpa;
}

impl Hpa {
    /// The component that it scales.
    pub fn target<'a>(&'a self, name: &'a Written<Name>) -> &'a Written<Name> {
        self.target.as_ref().unwrap_or(name)
    }

    /// Adds the HorizontalPodAutoscaler; `kind` is that of the target.
    pub fn lower(&self, name: &Written<Name>, kind: &str, world: &World, bundle: &mut Bundle) {
        let subject = Subject::new("hpa", name);
        let target = self.target(name);
        let scales = match self.target.as_ref() {
            Some(target) => target.origin.into(),
            None => world.derive("an HPA scales the component of its own name where it names none", &[name.origin]),
        };
        let reference = traced!(
            scales,
            autoscaling::CrossVersionObjectReference {
                api_version: "apps/v1",
                kind: kind,
                name: target.value.to_string(),
            }
        );
        let metrics = [("cpu", self.cpu), ("memory", self.memory)];
        let metrics = metrics.into_iter().filter_map(|(resource, percent)| Some(metric(resource, percent?)));
        let minimum = match self.min {
            Some(min) => traced(min.value.get(), min.origin),
            None => {
                traced(1, world.derive("an HPA keeps at least one Pod where it names no number", &[subject.origin]))
            }
        };
        let spec = traced!(
            subject.origin,
            autoscaling::HorizontalPodAutoscalerSpec {
                scale_target_ref: reference,
                min_replicas: minimum,
                max_replicas: traced(self.max.value.get(), self.max.origin),
                metrics: metrics.collect::<Vec<_>>(),
                behavior: self.behavior.as_ref().map(Behavior::lower),
            }
        );
        let metadata = world.metadata(subject, subject.name);
        let object = traced!(subject.origin, autoscaling::HorizontalPodAutoscaler { metadata: metadata, spec: spec });
        add(bundle, subject, "hpa", object);
    }
}

fn metric(resource: &str, percent: Written<Utilization>) -> Traced<autoscaling::MetricSpec> {
    let origin = percent.origin;
    let target = traced!(
        origin,
        autoscaling::MetricTarget { type_: "Utilization", average_utilization: traced(percent.value.0.get(), origin) }
    );
    let source = traced!(origin, autoscaling::ResourceMetricSource { name: resource, target: target });
    traced!(origin, autoscaling::MetricSpec { type_: "Resource", resource: source })
}

impl Behavior {
    fn lower(&self) -> Traced<autoscaling::HorizontalPodAutoscalerBehavior> {
        traced!(
            self.origin,
            autoscaling::HorizontalPodAutoscalerBehavior {
                scale_up: self.up.as_ref().map(Scaling::lower),
                scale_down: self.down.as_ref().map(Scaling::lower),
            }
        )
    }
}

impl Scaling {
    fn lower(&self) -> Traced<autoscaling::HPAScalingRules> {
        let select = self.select.map(|select| {
            let word = match select.value {
                Select::Max => "Max",
                Select::Min => "Min",
                Select::Disabled => "Disabled",
            };
            traced(word.to_owned(), select.origin)
        });
        let policies = [("Pods", self.pods), ("Percent", self.percent)].into_iter().filter_map(|(kind, value)| {
            let value = value?;
            let period = self.period.as_ref().map_or_else(|| traced(60, value.origin), seconds);
            Some(traced!(
                value.origin,
                autoscaling::HPAScalingPolicy {
                    type_: kind,
                    value: traced(value.value.get(), value.origin),
                    period_seconds: period,
                }
            ))
        });
        traced!(
            self.origin,
            autoscaling::HPAScalingRules {
                stabilization_window_seconds: self.window.as_ref().map(seconds),
                select_policy: select,
                policies: policies.collect::<Vec<_>>(),
            }
        )
    }
}

/// What a server takes: windows of up to an hour, periods of up to half of one.
fn check_scaling(scaling: &Scaling, decoder: &mut Decoder) {
    let limits = [(&scaling.window, 0, 3600, "\"1h\" or less"), (&scaling.period, 1, 1800, "\"1s\" to \"30m\"")];
    for (duration, least, most, range) in limits {
        let Some(duration) = duration.as_ref().filter(|time| !(least..=most).contains(&time.value.seconds())) else {
            continue;
        };
        let diagnostic = Diagnostic::error("bad-value", format!("`{}` is out of range", duration.value))
            .at(decoder.span(duration.origin), "")
            .help(format!("write {range}"));
        decoder.report.push(diagnostic);
    }
}

fn check_hpa(hpa: &Hpa, decoder: &mut Decoder) {
    if hpa.cpu.is_none() && hpa.memory.is_none() && !decoder.is_doubtful(&["cpu", "memory"]) {
        let diagnostic = Diagnostic::error("missing-key", "this HPA does not say by what it scales")
            .at(decoder.span(hpa.origin), "needs `cpu` or `memory`")
            .help("add `cpu = 70`: percent of the request");
        decoder.report.push(diagnostic);
    }
    if let Some(min) = hpa.min
        && min.value > hpa.max.value
        && !decoder.is_reported(hpa.max.origin)
    {
        let diagnostic =
            Diagnostic::error("bad-value", format!("`min` {} is more than `max` {}", min.value.0, hpa.max.value.0))
                .at(decoder.span(min.origin), "the fewest Pods")
                .at(decoder.span(hpa.max.origin), "the most Pods")
                .help(format!("write a `max` of at least {}", min.value.0));
        decoder.report.push(diagnostic);
    }
}

impl Hpa {
    /// Reports a target that cannot be scaled.
    pub fn check(&self, name: &Written<Name>, kind: WorkloadKind, world: &World, checking: &mut Checking) {
        if matches!(self.target, Attempt::Wrong) {
            return;
        }
        let target = self.target(name);
        let known = &world.names.components;
        let word = target.value.as_str();
        match known.get(word) {
            None => {
                let names = known
                    .iter()
                    .filter(|(_, declared)| matches!(declared.table, "api" | "worker"))
                    .map(|(name, _)| &**name);
                let declare = "name the component to scale: `target = \"NAME\"`";
                checking.unknown("component", word, target.origin, names, declare);
            }
            Some(declared) if !matches!(declared.table, "api" | "worker") => {
                let place = checking.key_span(declared.origin);
                let diagnostic =
                    Diagnostic::error("not-scalable", format!("`{}.{word}` cannot be scaled", declared.table))
                        .at(checking.key_span(target.origin), "scales it")
                        .at(place, format!("a {}", declared.table))
                        .help("name an api or a worker as `target`, or remove this HPA");
                checking.report.push(diagnostic);
            }
            Some(declared) if kind == WorkloadKind::DaemonSet => {
                let place = checking.key_span(declared.origin);
                let diagnostic = Diagnostic::error(
                    "not-scalable",
                    format!("`{word}` is a DaemonSet, which runs one Pod on every node"),
                )
                .at(checking.key_span(target.origin), "scales it")
                .at(place, "a DaemonSet")
                .help("remove this HPA, or the `kind` of the component");
                checking.report.push(diagnostic);
            }
            Some(_) => {}
        }
    }
}
