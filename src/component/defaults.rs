//! `[defaults.KIND]` and `[template.NAME]`: keys for what components leave out.

use super::api::{Api, Listening};
use super::cronjob::{CronJob, Timing};
use super::db::Db;
use super::ingress::Ingress;
use super::job::Job;
use super::parts::batch::Batch;
use super::parts::replicated::Replicated;
use super::parts::resources::Resources;
use super::parts::workload::Workload;
use super::volume::Volume;
use super::worker::Worker;
use super::world::{WaitContainer, text};
use crate::document::checking::Checking;
use crate::document::{Node, Table, Value};
use crate::shape::{Kind, Written};
use crate::table;
use crate::value::Image;

table! {
    /// Keys that api, worker, cronjob and job take, each the ones that it knows.
    pub struct WorkloadDefaults("workload defaults") {}
    includes { listening: Listening, timing: Timing, replicated: Replicated, batch: Batch, workload: Workload }
}

table! {
    /// Keys of a workload that components take over with `extends`.
    pub struct Template("template") {}
    includes { listening: Listening, timing: Timing, replicated: Replicated, batch: Batch, workload: Workload }
}

table! {
    /// The init containers that `wait` makes.
    pub struct WaitDefaults("wait defaults") {
        /// An image with `sh` and `nc`.
        image: Option<Written<Image>>,
        /// What each of them asks for.
        resources: Option<Resources>,
    }
}

impl WaitDefaults {
    /// What every such container has.
    pub fn lower(&self) -> WaitContainer {
        let image = self.image.as_ref().map(text);
        WaitContainer { image, resources: self.resources.as_ref().map(Resources::lower) }
    }
}

table! {
    /// Values for what components leave out, by kind.
    pub struct Defaults("defaults") {
        /// Of every api, worker, cronjob and job.
        workload: Option<WorkloadDefaults>,
        /// Of every api.
        api: Option<Api>,
        /// Of every worker.
        worker: Option<Worker>,
        /// Of every cronjob.
        cronjob: Option<CronJob>,
        /// Of every job.
        job: Option<Job>,
        /// Of every db.
        db: Option<Db>,
        /// Of every ingress.
        ingress: Option<Ingress>,
        /// Of every volume.
        volume: Option<Volume>,
        /// Of the init containers that `wait` makes.
        wait: Option<WaitDefaults>,
    }
    form {
        rewrite: Some(spread_workload),
    }
}

/// `defaults.workload` stands under what the same layer says of each kind; keys that a kind does not take are passed over.
fn spread_workload(table: &mut Table, _: &mut Checking) {
    let Some(workload) = table.shift_remove("workload") else { return };
    let Some(shared) = workload.as_table() else { return };
    for kind in ["api", "worker", "cronjob", "job"] {
        let Some(Kind::Table(form)) = Defaults::FORM.key(kind).map(|key| key.kind) else { continue };
        let origin = workload.origin;
        let below: Table = shared
            .iter()
            .filter(|(key, _)| form.key(key).is_some())
            .map(|(key, node)| (key.clone(), node.clone()))
            .collect();
        let mut below = Node { origin, value: Value::Table(below) };
        if let Some(above) = table.shift_remove(kind) {
            lay_over(&mut below, above);
        }
        table.insert(kind.into(), below);
    }
}

/// Key by key: both are of one layer, so nothing is replaced that was meant to stay.
fn lay_over(below: &mut Node, above: Node) {
    match (&mut below.value, above) {
        (Value::Table(below), Node { value: Value::Table(above), .. }) => {
            for (key, node) in above {
                match below.get_mut(&key) {
                    Some(lower) => lay_over(lower, node),
                    None => {
                        below.insert(key, node);
                    }
                }
            }
        }
        (_, above) => *below = above,
    }
}
