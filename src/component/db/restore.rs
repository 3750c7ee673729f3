//! The restore of a backup: a Job that waits until somebody starts it.

use super::backup::{Backup, DEADLINE, Run, field_variable};
use super::companion::Companion;
use crate::bundle::{Bundle, Traced, traced};
use crate::component::world::add;
use crate::traced;
use k8s_openapi::api::batch::v1 as batch;
use k8s_openapi::api::core::v1 as core;

/// What the Job is to the database.
pub const ROLE: &str = "restore";

/// The key of the ConfigMap `NAME-restore` that names another backup than the newest one.
const FILE: &str = "FILE";

/// Time for which a finished Job is kept, in seconds: when it is gone, the next apply brings a new one.
const KEPT: i32 = 86400;

impl Backup {
    /// Adds the Job, suspended.
    pub(super) fn lower_restore(&self, companion: &Companion, bundle: &mut Bundle) {
        let cause = companion.derive("a backup is loaded when somebody starts the Job for it, and once");
        let mut variables = self.variables(companion);
        variables.push(chosen_file(companion));
        variables.push(field_variable(companion, "POD_IP", "status.podIP"));
        let load = Run { script: "restore.sh", restart: "Never", variables };
        let spec = traced!(
            cause,
            batch::JobSpec {
                suspend: true,
                backoff_limit: 0,
                active_deadline_seconds: DEADLINE,
                ttl_seconds_after_finished: KEPT,
                template: self.pods(companion, load),
            }
        );
        let object = traced!(companion.subject.origin, batch::Job { metadata: companion.metadata(), spec: spec });
        add(bundle, companion.subject, ROLE, object);
    }
}

/// A Job cannot be changed, but what it reads can: a ConfigMap that is there only where somebody makes it.
fn chosen_file(companion: &Companion) -> Traced<core::EnvVar> {
    let cause = companion.derive("the newest backup is loaded unless a ConfigMap names another");
    let name = traced(companion.subject.name.to_owned(), companion.subject.origin);
    let key = traced!(cause, core::ConfigMapKeySelector { name: name, key: FILE, optional: true });
    let source = traced!(cause, core::EnvVarSource { config_map_key_ref: key });
    traced!(cause, core::EnvVar { name: FILE, value_from: source })
}
