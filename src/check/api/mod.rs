//! What the API server refuses: the strict reading of every object, and one walk for each kind, which emits the ids of the rules
//! that an object breaks.
//!
//! The rules are those of the server's own validation, by their ids; a field that the server does not look at is not looked at
//! here either.

mod form;
mod served;
mod strict;
pub mod labels;
pub mod metadata;
mod config_map;
pub mod pod;
pub mod workload;

use super::{At, Checker, Finding, Reason, Rule, Target};
use crate::bundle::Object;
use crate::value::KubernetesVersion;

/// The walk over an object of a kind.
type Walk = fn(&At, &mut Checker);

/// The walks by API group and kind. Of one kind, all versions of its API are walked alike.
const WALKS: &[(&str, &str, Walk)] = &[
    ("", "ConfigMap", config_map::config_map),
    ("", "Pod", pod::pod),
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
    pod::RULES,
    pod::container::RULES,
    pod::restart::RULES,
    pod::ports::RULES,
    pod::env::RULES,
    pod::downward::RULES,
    pod::mounts::RULES,
    pod::volumes::RULES,
    pod::volumes::source::RULES,
    pod::volumes::projection::RULES,
    pod::volumes::driver::RULES,
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

/// What servers of these versions would refuse of one object; `index` is its place in the bundle.
pub fn check(object: &Object, index: usize, target: Target) -> Vec<Finding> {
    let mut findings = Vec::new();
    match served::find(object, index, target, &mut findings) {
        Some(kind) => strict::read(object, index, kind, target, &mut findings),
        None if findings.is_empty() => {}
        None => return findings,
    }
    let mut broken = check_object(index, object, target.oldest);
    if target.newest != target.oldest {
        broken.extend(check_object(index, object, target.newest));
    }
    // What cannot be read is told once.
    broken.retain(|finding| {
        let misread = |reading: &Finding| reading.reason == Reason::BadRequest && reading.field == finding.field;
        !findings.iter().any(misread)
    });
    // A field that is missing is told by the rule that asks for it, where there is one.
    findings.retain(|reading| {
        let told = |finding: &Finding| finding.field == reading.field && finding.reason == Reason::Required;
        reading.reason != Reason::Required || !broken.iter().any(told)
    });
    for finding in broken {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

/// What a server of this version would refuse of one object that it could read; `index` is its place in the bundle.
pub fn check_object(index: usize, object: &Object, kubernetes: KubernetesVersion) -> Vec<Finding> {
    let row = object.kind.row();
    let Some((.., walk)) = WALKS.iter().find(|(group, kind, _)| (*group, *kind) == (row.group, row.kind)) else {
        return Vec::new();
    };
    let mut checker = Checker::new(index, kubernetes);
    walk(&At::root(&object.root), &mut checker);
    checker.into_findings()
}
