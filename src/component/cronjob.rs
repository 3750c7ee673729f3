//! `[cronjob.NAME]`: runs by the clock.

use super::parts::batch::Batch;
use super::parts::check;
use super::parts::workload::Workload;
use super::words::WorkloadKind;
use super::world::{Subject, World, add, entries, text};
use crate::bundle::{Bundle, traced};
use crate::document::checking::Checking;
use crate::shape::{Count, Leaf, Short, Written, entry};
use crate::value::{Duration, Name, Schedule, TimeZone};
use crate::{table, traced, words};
use k8s_openapi::api::batch::v1 as batch;

words! {
    /// What happens when a run is due while the last one still runs.
    pub enum Concurrency("a concurrency policy") {
        /// The new run is left out.
        Forbid = "forbid",
        /// Both run.
        Allow = "allow",
        /// The old run is ended.
        Replace = "replace",
    }
}

table! {
    /// How many finished runs are kept.
    pub struct History("history") {
        /// Successful ones.
        successful: Option<Written<Count>>,
        /// Failed ones.
        failed: Option<Written<Count>>,
    }
    form {
        short: Some(Short {
            what: "a number for both",
            kind: <Count as Leaf>::KIND,
            expand: |node| {
                let mut both = entry(node.clone(), "successful");
                if let Some(table) = both.as_table_mut() {
                    table.insert("failed".into(), node);
                }
                both
            },
        }),
    }
}

table! {
    /// When a cron job runs.
    pub struct Timing("cronjob") {
        /// Minute, hour, day of month, month, day of week: "0 6 * * *".
        schedule: Written<Schedule>,
        /// The time zone of the schedule, such as "Asia/Tokyo"; UTC where it is left out.
        timezone: Option<Written<TimeZone>>,
        /// `forbid` (the default), `allow` or `replace`, for a run that is due while the last one still runs.
        concurrency: Option<Written<Concurrency>>,
        /// How many finished runs are kept: a number, or `{ successful, failed }`.
        history: Option<History>,
        /// Does not start runs.
        suspend: Option<Written<bool>>,
        /// How late a run may start.
        starting_deadline: Option<Written<Duration>>,
    }
}

table! {
    /// Runs by the clock. A CronJob.
    pub struct CronJob("cronjob") {}
    includes { timing: Timing, batch: Batch, workload: Workload }
}

impl CronJob {
    /// Adds the CronJob and its account.
    pub fn lower(&self, name: &Written<Name>, world: &World, bundle: &mut Bundle) {
        let subject = Subject::new("cronjob", name);
        let timing = &self.timing;
        self.workload.add_account(subject, world, bundle);
        let count = |count: Written<Count>| traced(count.value.get(), count.origin);
        let template =
            traced!(subject.origin, batch::JobTemplateSpec { spec: self.batch.lower(&self.workload, subject, world) });
        let spec = traced!(
            subject.origin,
            batch::CronJobSpec {
                schedule: text(&timing.schedule),
                time_zone: timing.timezone.as_ref().map(text),
                concurrency_policy: timing.concurrency.map(|word| {
                    let policy = match word.value {
                        Concurrency::Forbid => "Forbid",
                        Concurrency::Allow => "Allow",
                        Concurrency::Replace => "Replace",
                    };
                    traced(policy.to_owned(), word.origin)
                }),
                suspend: timing.suspend.map(|suspend| traced(suspend.value, suspend.origin)),
                starting_deadline_seconds: timing
                    .starting_deadline
                    .as_ref()
                    .map(|time| traced(time.value.seconds(), time.origin)),
                successful_jobs_history_limit: timing
                    .history
                    .as_ref()
                    .and_then(|history| history.successful)
                    .map(count),
                failed_jobs_history_limit: timing.history.as_ref().and_then(|history| history.failed).map(count),
                job_template: template,
            }
        );
        let own = traced(subject.name.to_owned(), subject.origin);
        let metadata =
            world.metadata_with(subject, own, entries(&self.workload.labels), entries(&self.workload.annotations));
        add(bundle, subject, "cronjob", traced!(subject.origin, batch::CronJob { metadata: metadata, spec: spec }));
    }
}

impl CronJob {
    /// Reports what only the whole stack shows.
    pub fn check(&self, name: &Written<Name>, world: &World, checking: &mut Checking) {
        check::workload(&self.workload, name, WorkloadKind::Deployment, world, checking);
        check::batch(&self.workload, world, checking);
        // the controller adds 11 characters to the name of a Job that it makes
        check::longest(name, "-0000000000", "a Job", checking);
    }
}
