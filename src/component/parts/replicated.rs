//! The keys of workloads that run until they are removed.

use super::exposure::governing_cause;
use super::scheduling::{Budget, count_or_percent};
use super::workload::{PodPlan, Workload};
use crate::bundle::{Bundle, Traced, traced};
use crate::component::world::{Subject, World, add, entries};
use crate::document::{Node, OriginId, Value};
use crate::shape::{Count, Leaf, Short, Switch, Written, entry};
use crate::value::CountOrPercent;
use crate::{table, traced, words};
use k8s_openapi::api::apps::v1 as apps;

words! {
    /// The kind of workload.
    pub enum WorkloadKind("a kind of workload") {
        /// Interchangeable Pods.
        Deployment = "Deployment",
        /// Pods with names and disks of their own.
        StatefulSet = "StatefulSet",
        /// One Pod on every node.
        DaemonSet = "DaemonSet",
    }
}

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
        let replicas = self.replicas(subject, world);
        match self.workload_kind() {
            WorkloadKind::Deployment => {
                let spec = traced!(
                    subject.origin,
                    apps::DeploymentSpec {
                        replicas: replicas,
                        selector: world.selector(subject),
                        strategy: self.strategy.as_ref().map(Strategy::lower_deployment),
                        template: pods.template,
                    }
                );
                add(
                    bundle,
                    subject,
                    "workload",
                    traced!(subject.origin, apps::Deployment { metadata: metadata, spec: spec }),
                );
            }
            WorkloadKind::StatefulSet => {
                let spec = traced!(
                    subject.origin,
                    apps::StatefulSetSpec {
                        replicas: replicas,
                        selector: world.selector(subject),
                        service_name: traced(governing.to_owned(), governing_cause(subject, world)),
                        update_strategy: self.strategy.as_ref().map(Strategy::lower_stateful_set),
                        template: pods.template,
                        volume_claim_templates: pods.claims,
                    }
                );
                add(
                    bundle,
                    subject,
                    "workload",
                    traced!(subject.origin, apps::StatefulSet { metadata: metadata, spec: spec }),
                );
            }
            WorkloadKind::DaemonSet => {
                let spec = traced!(
                    subject.origin,
                    apps::DaemonSetSpec {
                        selector: world.selector(subject),
                        update_strategy: self.strategy.as_ref().map(Strategy::lower_daemon_set),
                        template: pods.template,
                    }
                );
                add(
                    bundle,
                    subject,
                    "workload",
                    traced!(subject.origin, apps::DaemonSet { metadata: metadata, spec: spec }),
                );
            }
        }
        if let Some(Switch::On(budget)) = &self.pdb
            && self.wants_budget(budget.origin, subject, world)
        {
            budget.add(subject, world, bundle);
        }
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

    fn word(&self, word: &str) -> Traced<String> {
        traced(word.to_owned(), self.recreate.map_or(self.origin, |recreate| recreate.origin))
    }

    fn lower_deployment(&self) -> Traced<apps::DeploymentStrategy> {
        if self.recreates() {
            return traced!(self.origin, apps::DeploymentStrategy { type_: self.word("Recreate") });
        }
        let rolling = traced!(
            self.origin,
            apps::RollingUpdateDeployment {
                max_surge: self.surge.as_ref().map(count_or_percent),
                max_unavailable: self.unavailable.as_ref().map(count_or_percent),
            }
        );
        traced!(self.origin, apps::DeploymentStrategy { type_: self.word("RollingUpdate"), rolling_update: rolling })
    }

    fn lower_stateful_set(&self) -> Traced<apps::StatefulSetUpdateStrategy> {
        if self.recreates() {
            return traced!(self.origin, apps::StatefulSetUpdateStrategy { type_: self.word("OnDelete") });
        }
        let rolling = traced!(
            self.origin,
            apps::RollingUpdateStatefulSetStrategy { max_unavailable: self.unavailable.as_ref().map(count_or_percent) }
        );
        traced!(
            self.origin,
            apps::StatefulSetUpdateStrategy { type_: self.word("RollingUpdate"), rolling_update: rolling }
        )
    }

    fn lower_daemon_set(&self) -> Traced<apps::DaemonSetUpdateStrategy> {
        if self.recreates() {
            return traced!(self.origin, apps::DaemonSetUpdateStrategy { type_: self.word("OnDelete") });
        }
        let rolling = traced!(
            self.origin,
            apps::RollingUpdateDaemonSet {
                max_surge: self.surge.as_ref().map(count_or_percent),
                max_unavailable: self.unavailable.as_ref().map(count_or_percent),
            }
        );
        traced!(
            self.origin,
            apps::DaemonSetUpdateStrategy { type_: self.word("RollingUpdate"), rolling_update: rolling }
        )
    }
}
