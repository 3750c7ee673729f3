//! The keys of workloads that run until they are removed.

use super::exposure::governing_cause;
use super::probes::seconds;
use super::scheduling::{Budget, count_or_percent};
use super::workload::{PodPlan, Pods, Workload};
use crate::bundle::{Bundle, Traced, traced};
use crate::component::words::WorkloadKind;
use crate::component::world::{Subject, World, add, entries};
use crate::document::{Node, OriginId, Value};
use crate::shape::{Count, Leaf, Short, Switch, Written, entry};
use crate::value::{CountOrPercent, Duration};
use crate::{table, traced, words};
use k8s_openapi::api::apps::v1 as apps;

words! {
    /// The strategy in a word.
    pub enum StrategyWord("a strategy") {
        /// Ends all Pods before new ones start.
        Recreate = "recreate",
    }
}

table! {
    /// How Pods are replaced by those of a new version.
    pub struct Strategy("strategy") {
        /// `true`: ends all Pods before new ones start; what the word "recreate" means.
        recreate: Option<Written<bool>>,
        /// How many Pods may run beyond the replicas: a number, or "25%".
        surge: Option<Written<CountOrPercent>>,
        /// How many Pods may be missing from the replicas: a number, or "25%".
        unavailable: Option<Written<CountOrPercent>>,
        /// How long a new Pod must have been ready before the next one is replaced; not at all where it is left out.
        settle: Option<Written<Duration>>,
        /// Of a Deployment: for how long nothing may move before the update counts as stuck and `kubectl rollout status` gives up;
        /// ten minutes where it is left out.
        deadline: Option<Written<Duration>>,
    }
    form {
        exclusive: &[&["recreate", "surge"], &["recreate", "unavailable"]],
        short: Some(Short {
            what: "\"recreate\"",
            kind: <StrategyWord as Leaf>::KIND,
            expand: expand_word,
        }),
    }
}

/// What an expression gives is not known yet: as the value of `recreate` it is refused with its place.
fn expand_word(node: Node) -> Node {
    let word = node.as_str() == Some(StrategyWord::Recreate.as_str());
    entry(if word { Node { value: Value::Boolean(true), ..node } } else { node }, "recreate")
}

table! {
    /// What a workload that runs until it is removed has.
    pub struct Replicated("replicated workload") {
        /// How many Pods; left out where an HPA decides.
        replicas: Option<Written<Count>>,
        /// `Deployment` (the default), `StatefulSet` or `DaemonSet`.
        kind: Option<Written<WorkloadKind>>,
        /// `"recreate"`, or how many Pods may be too many or missing during an update.
        strategy: Option<Strategy>,
        /// How many Pods a drain may take away at once; false for no limit.
        pdb: Option<Budget>,
    }
}

impl Replicated {
    /// The kind in force.
    pub fn workload_kind(&self) -> WorkloadKind {
        self.kind.map_or(WorkloadKind::Deployment, |kind| kind.value)
    }

    /// Adds the workload, its account and its disruption budget. `governing` is the headless Service of a StatefulSet.
    pub fn add(&self, workload: &Workload, subject: Subject, governing: &str, world: &World, bundle: &mut Bundle) {
        workload.add_account(subject, world, bundle);
        let pods = workload.pods(PodPlan { subject, restart: None }, world);
        let own = traced(subject.name.to_owned(), subject.origin);
        let metadata = world.metadata_with(subject, own, entries(&workload.labels), entries(&workload.annotations));
        match self.workload_kind() {
            WorkloadKind::Deployment => {
                let spec = self.deployment(pods, subject, world);
                let object = traced!(subject.origin, apps::Deployment { metadata: metadata, spec: spec });
                add(bundle, subject, "workload", object);
            }
            WorkloadKind::StatefulSet => {
                let spec = self.stateful_set(pods, subject, governing, world);
                let object = traced!(subject.origin, apps::StatefulSet { metadata: metadata, spec: spec });
                add(bundle, subject, "workload", object);
            }
            WorkloadKind::DaemonSet => {
                let spec = self.daemon_set(pods, subject, world);
                let object = traced!(subject.origin, apps::DaemonSet { metadata: metadata, spec: spec });
                add(bundle, subject, "workload", object);
            }
        }
        if let Some(Switch::On(budget)) = &self.pdb
            && self.wants_budget(budget.origin, subject, world)
        {
            budget.add(subject, world, bundle);
        }
    }

    fn deployment(&self, pods: Pods, subject: Subject, world: &World) -> Traced<apps::DeploymentSpec> {
        traced!(
            subject.origin,
            apps::DeploymentSpec {
                replicas: self.replicas(subject, world),
                selector: world.selector(subject),
                strategy: self.strategy.as_ref().and_then(Strategy::lower_deployment),
                min_ready_seconds: self.settle(),
                progress_deadline_seconds: self
                    .strategy
                    .as_ref()
                    .and_then(|strategy| strategy.deadline)
                    .as_ref()
                    .map(seconds),
                template: pods.template,
            }
        )
    }

    fn stateful_set(
        &self,
        pods: Pods,
        subject: Subject,
        governing: &str,
        world: &World,
    ) -> Traced<apps::StatefulSetSpec> {
        traced!(
            subject.origin,
            apps::StatefulSetSpec {
                replicas: self.replicas(subject, world),
                selector: world.selector(subject),
                service_name: traced(governing.to_owned(), governing_cause(subject, world)),
                update_strategy: self.strategy.as_ref().and_then(Strategy::lower_stateful_set),
                min_ready_seconds: self.settle(),
                template: pods.template,
                volume_claim_templates: pods.claims,
            }
        )
    }

    fn daemon_set(&self, pods: Pods, subject: Subject, world: &World) -> Traced<apps::DaemonSetSpec> {
        traced!(
            subject.origin,
            apps::DaemonSetSpec {
                selector: world.selector(subject),
                update_strategy: self.strategy.as_ref().and_then(Strategy::lower_daemon_set),
                min_ready_seconds: self.settle(),
                template: pods.template,
            }
        )
    }

    fn settle(&self) -> Option<Traced<i32>> {
        self.strategy.as_ref()?.settle.as_ref().map(seconds)
    }

    /// How many Pods; nothing where an HPA decides.
    fn replicas(&self, subject: Subject, world: &World) -> Option<Traced<i32>> {
        if world.scaled.contains_key(subject.name) {
            return None;
        }
        match self.replicas {
            Some(replicas) => Some(traced(replicas.value.get(), replicas.origin)),
            None => Some(traced(1, world.derive("one replica where the stack names no number", &[subject.origin]))),
        }
    }

    /// A default budget is for two replicas and more: with one it would stop every drain.
    fn wants_budget(&self, budget: OriginId, subject: Subject, world: &World) -> bool {
        let several = match world.scaled.get(subject.name) {
            Some(scale) => scale.minimum >= 2,
            None => self.replicas.is_some_and(|replicas| replicas.value.get() >= 2),
        };
        several || world.is_written_in_stack(budget)
    }
}

impl Strategy {
    fn recreates(&self) -> bool {
        self.recreate.is_some_and(|recreate| recreate.value)
    }

    /// Whether it says how Pods are replaced, and not only when.
    fn is_said(&self) -> bool {
        self.recreate.is_some() || self.surge.is_some() || self.unavailable.is_some()
    }

    fn word(&self, word: &str) -> Traced<String> {
        traced(word.to_owned(), self.recreate.map_or(self.origin, |recreate| recreate.origin))
    }

    fn lower_deployment(&self) -> Option<Traced<apps::DeploymentStrategy>> {
        if !self.is_said() {
            return None;
        }
        if self.recreates() {
            return Some(traced!(self.origin, apps::DeploymentStrategy { type_: self.word("Recreate") }));
        }
        let rolling = traced!(
            self.origin,
            apps::RollingUpdateDeployment {
                max_surge: self.surge.as_ref().map(count_or_percent),
                max_unavailable: self.unavailable.as_ref().map(count_or_percent),
            }
        );
        Some(traced!(
            self.origin,
            apps::DeploymentStrategy { type_: self.word("RollingUpdate"), rolling_update: rolling }
        ))
    }

    fn lower_stateful_set(&self) -> Option<Traced<apps::StatefulSetUpdateStrategy>> {
        if !self.is_said() {
            return None;
        }
        if self.recreates() {
            return Some(traced!(self.origin, apps::StatefulSetUpdateStrategy { type_: self.word("OnDelete") }));
        }
        let rolling = traced!(
            self.origin,
            apps::RollingUpdateStatefulSetStrategy { max_unavailable: self.unavailable.as_ref().map(count_or_percent) }
        );
        Some(traced!(
            self.origin,
            apps::StatefulSetUpdateStrategy { type_: self.word("RollingUpdate"), rolling_update: rolling }
        ))
    }

    fn lower_daemon_set(&self) -> Option<Traced<apps::DaemonSetUpdateStrategy>> {
        if !self.is_said() {
            return None;
        }
        if self.recreates() {
            return Some(traced!(self.origin, apps::DaemonSetUpdateStrategy { type_: self.word("OnDelete") }));
        }
        let rolling = traced!(
            self.origin,
            apps::RollingUpdateDaemonSet {
                max_surge: self.surge.as_ref().map(count_or_percent),
                max_unavailable: self.unavailable.as_ref().map(count_or_percent),
            }
        );
        Some(traced!(
            self.origin,
            apps::DaemonSetUpdateStrategy { type_: self.word("RollingUpdate"), rolling_update: rolling }
        ))
    }
}
