//! What the API server refuses: one walk for each kind, which emits the ids of the rules that an object breaks.
//!
//! The rules are those of the server's own validation, by their ids; a field that the server does not look at is not looked at
//! here either.

pub mod labels;
pub mod metadata;
mod config_map;
pub mod workload;

use super::{At, Checker, Finding, Rule};
use crate::bundle::{Bundle, Object};
use crate::value::KubernetesVersion;

/// The walk over an object of a kind.
type Walk = fn(&At, &mut Checker);

/// The walks by API group and kind. Of one kind, all versions of its API are walked alike.
const WALKS: &[(&str, &str, Walk)] = &[
    ("", "ConfigMap", config_map::config_map),
    ("apps", "Deployment", workload::deployment::deployment),
    ("apps", "ReplicaSet", workload::replica_set::replica_set),
    ("", "ReplicationController", workload::replication_controller::replication_controller),
    ("apps", "DaemonSet", workload::daemon_set::daemon_set),
    ("apps", "StatefulSet", workload::stateful_set::stateful_set),
    ("batch", "Job", workload::job::job),
    ("batch", "CronJob", workload::cron_job::cron_job),
];

/// The rules of every module, for the page that lists them.
pub const RULES: &[&[&Rule]] = &[
    metadata::RULES,
    labels::RULES,
    config_map::RULES,
    workload::deployment::RULES,
    workload::replica_set::RULES,
    workload::replication_controller::RULES,
    workload::daemon_set::RULES,
    workload::stateful_set::RULES,
    workload::job::RULES,
    workload::job::specification::RULES,
    workload::job::failure_policy::RULES,
    workload::job::success_policy::RULES,
    workload::cron_job::RULES,
];

/// What a server of this version would refuse of these objects, each taken alone.
pub fn check(bundle: &Bundle, kubernetes: KubernetesVersion) -> Vec<Finding> {
    let objects = bundle.objects.iter().enumerate();
    objects.flat_map(|(index, object)| check_object(index, object, kubernetes)).collect()
}

/// What a server of this version would refuse of one object; `index` is its place in the bundle.
pub fn check_object(index: usize, object: &Object, kubernetes: KubernetesVersion) -> Vec<Finding> {
    let row = object.kind.row();
    let Some((.., walk)) = WALKS.iter().find(|(group, kind, _)| (*group, *kind) == (row.group, row.kind)) else {
        return Vec::new();
    };
    let mut checker = Checker::new(index, kubernetes);
    walk(&At::root(&object.root), &mut checker);
    checker.into_findings()
}
