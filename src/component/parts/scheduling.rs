//! Where Pods run, how they are spread, how they end.

use super::probes::{Command, exec};
use crate::bundle::{Bundle, Traced, traced};
use crate::component::world::{Subject, World, add};
use crate::shape::{Leaf, Short, Switch, Written, entry};
use crate::value::{CountOrPercent, Duration, KubernetesVersion};
use crate::{table, traced, words};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

words! {
    /// What Pods are spread over.
    pub enum SpreadBy("a word to spread by") {
        /// The zones of the provider.
        Zone = "zone",
        /// The nodes.
        Node = "node",
    }
}

table! {
    /// Spreads the replicas, so that one failure does not take all.
    pub struct Spread("spread") {
        /// `zone` or `node`.
        by: Written<SpreadBy>,
        /// Leaves a Pod pending where it cannot be spread; soft where it is left out.
        required: Option<Written<bool>>,
    }
    form {
        short: Some(Short {
            what: "\"zone\" or \"node\"",
            kind: <SpreadBy as Leaf>::KIND,
            expand: |node| entry(node, "by"),
        }),
    }
}

table! {
    /// What a container does before it is told to end: `sleep` or `exec`.
    pub struct PreStop("pre-stop") {
        /// Waits, so that routers see that the Pod is going, before the signal is sent.
        sleep: Option<Written<Duration>>,
        /// Runs a command before the signal is sent.
        exec: Option<Command>,
    }
    form {
        exclusive: &[&["sleep", "exec"]],
    }
}

table! {
    /// How a container ends: `sleep` or `exec` first, then the signal, then at most `grace` in all.
    pub struct Stop("stop") {
        /// Time from the wish to end until the process is killed; 30s where it is left out.
        grace: Option<Written<Duration>>,
    }
    includes { pre_stop: PreStop }
}

table! {
    /// How many Pods a drain may take away at once (a PodDisruptionBudget).
    pub struct Disruption("disruption budget") {
        /// A number, or a percentage such as "25%".
        unavailable: Written<CountOrPercent>,
    }
}

/// A budget, or none: `pdb = false`.
pub type Budget = Switch<Disruption>;

impl Stop {
    /// The time in which a container must end, in seconds.
    pub fn grace(&self) -> Option<Traced<i64>> {
        self.grace.as_ref().map(|grace| traced(grace.value.seconds(), grace.origin))
    }

    /// What runs before the signal.
    pub fn lower(&self, world: &World) -> Option<Traced<core::Lifecycle>> {
        self.pre_stop.lower(world)
    }
}

/// The first version in which the kubelet sleeps by default. <https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/> (PodLifecycleSleepAction)
const SLEEPS: KubernetesVersion = KubernetesVersion { minor: 30 };

impl PreStop {
    /// What runs before the signal. A sleep that only a default asks for is left out where clusters do not know it yet.
    pub fn lower(&self, world: &World) -> Option<Traced<core::Lifecycle>> {
        let known = world.cluster.kubernetes.is_none_or(|version| version.value >= SLEEPS);
        let asked = self.sleep.as_ref().filter(|sleep| known || world.is_written_in_stack(sleep.origin));
        let sleep = asked.map(|sleep| {
            traced!(sleep.origin, core::SleepAction { seconds: traced(sleep.value.seconds(), sleep.origin) })
        });
        let exec = self.exec.as_ref().map(|command| exec(command, self.origin));
        if sleep.is_none() && exec.is_none() {
            return None;
        }
        let handler = traced!(self.origin, core::LifecycleHandler { sleep: sleep, exec: exec });
        Some(traced!(self.origin, core::Lifecycle { pre_stop: handler }))
    }
}

impl Spread {
    /// The constraint that holds for the Pods of `subject`.
    pub fn lower(&self, subject: Subject, world: &World) -> Traced<core::TopologySpreadConstraint> {
        self.lower_over(world.selector(subject))
    }

    /// The constraint that holds for the Pods that a selector finds.
    pub fn lower_over(&self, selector: Traced<LabelSelector>) -> Traced<core::TopologySpreadConstraint> {
        let key = match self.by.value {
            SpreadBy::Zone => "topology.kubernetes.io/zone",
            SpreadBy::Node => "kubernetes.io/hostname",
        };
        let required = self.required.filter(|required| required.value);
        let unsatisfiable = if required.is_some() { "DoNotSchedule" } else { "ScheduleAnyway" };
        let cause = required.map_or(self.by.origin, |required| required.origin);
        traced!(
            self.origin,
            core::TopologySpreadConstraint {
                max_skew: 1,
                topology_key: traced(key.to_owned(), self.by.origin),
                when_unsatisfiable: traced(unsatisfiable.to_owned(), cause),
                label_selector: selector,
            }
        )
    }
}

impl Disruption {
    /// Adds the budget for the Pods of `subject`.
    pub fn add(&self, subject: Subject, world: &World, bundle: &mut Bundle) {
        let spec = traced!(
            self.origin,
            PodDisruptionBudgetSpec {
                max_unavailable: count_or_percent(&self.unavailable),
                selector: world.selector(subject),
            }
        );
        let metadata = world.metadata(subject, subject.name);
        add(bundle, subject, "pdb", traced!(self.origin, PodDisruptionBudget { metadata: metadata, spec: spec }));
    }
}

/// A number or a percentage as Kubernetes keeps it.
pub fn count_or_percent(value: &Written<CountOrPercent>) -> Traced<IntOrString> {
    let converted = match value.value.is_percent() {
        true => IntOrString::String(value.value.to_string()),
        false => IntOrString::Int(value.value.amount()),
    };
    traced(converted, value.origin)
}
