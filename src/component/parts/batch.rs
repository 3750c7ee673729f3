//! The keys of workloads that run to their end.

use super::workload::{PodPlan, Workload};
use crate::bundle::{Traced, traced};
use crate::component::world::{Subject, World};
use crate::shape::{Count, Positive, Written};
use crate::value::Duration;
use crate::{table, traced, words};
use k8s_openapi::api::batch::v1::JobSpec;

words! {
    /// What happens when the container fails.
    pub enum Restart("a restart policy") {
        /// A new Pod is made.
        Never = "never",
        /// The container is started again in the same Pod.
        OnFailure = "on-failure",
    }
}

table! {
    /// What a workload that runs to its end has.
    pub struct Batch("batch workload") {
        /// How often a failed run is tried again.
        retries: Option<Written<Count>>,
        /// Time after which a run is ended as failed.
        deadline: Option<Written<Duration>>,
        /// How many Pods run at once.
        parallelism: Option<Written<Positive>>,
        /// How many Pods must succeed.
        completions: Option<Written<Positive>>,
        /// Gives each Pod its index in JOB_COMPLETION_INDEX.
        indexed: Option<Written<bool>>,
        /// Time for which a finished Job is kept. Once it is deleted, applying the same stack again runs it again.
        ttl: Option<Written<Duration>>,
        /// `never` (the default of a job) or `on-failure` (the default of a cron job).
        restart: Option<Written<Restart>>,
    }
}

impl Batch {
    /// What each run does.
    pub fn lower(&self, workload: &Workload, subject: Subject, world: &World) -> Traced<JobSpec> {
        let restart = self.restart.map(|restart| {
            let word = match restart.value {
                Restart::Never => "Never",
                Restart::OnFailure => "OnFailure",
            };
            traced(word.to_owned(), restart.origin)
        });
        let pods = workload.pods(PodPlan { subject, restart }, world);
        traced!(
            subject.origin,
            JobSpec {
                backoff_limit: self.retries.map(|count| traced(count.value.get(), count.origin)),
                active_deadline_seconds: self.deadline.as_ref().map(|time| traced(time.value.seconds(), time.origin)),
                parallelism: self.parallelism.map(|count| traced(count.value.get(), count.origin)),
                completions: self.completions.map(|count| traced(count.value.get(), count.origin)),
                completion_mode: self
                    .indexed
                    .filter(|indexed| indexed.value)
                    .map(|indexed| traced("Indexed".to_owned(), indexed.origin)),
                ttl_seconds_after_finished: self.ttl.as_ref().map(super::probes::seconds),
                template: pods.template,
            }
        )
    }
}
