//! A Job that has ended is deleted after a while.
//!
//! Without `ttlSecondsAfterFinished` a Job and its Pods stay until somebody deletes them, each apply under a new name adds some, and
//! the next apply of a Job with the same name and a new image is refused.
//!
//! ```yaml fail
//! apiVersion: batch/v1
//! kind: Job
//! metadata: {name: migrate}
//! spec:
//!   template:
//!     spec:
//!       restartPolicy: Never
//!       containers:
//!       - {name: migrate, image: "example/migrate:1.0"}
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [job.migrate]
//! image = "ghcr.io/example/migrate:1.0"
//! ttl = "24h"
//! ```
//!
//! Write how long its logs are of use; in a stack that is a day unless it says otherwise. Jobs of a CronJob are deleted by its history, hooks
//! of Helm and Argo CD by those.

use super::origin::{help, is_hook, is_owned};
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "missing-job-ttl",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("missing_job_ttl.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let jobs = context.objects().filter(|(_, object)| object.kind_name() == "Job");
    for (index, object) in jobs.filter(|(_, object)| !is_owned(object) && !is_hook(object)) {
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let time = spec.key("ttlSecondsAfterFinished");
        if !time.is_set() {
            let title =
                format!("Job `{}` stays with its Pods after it has ended, until somebody deletes it", object.name());
            let yaml = "write `ttlSecondsAfterFinished: 86400` below `spec`";
            findings.add(index, &time, title, help(context, object, "ttl = \"24h\"", yaml));
        }
    }
}
