//! `[defaults.KIND]` and `[template.NAME]`: keys for what components leave out.

use super::api::{Api, Listening};
use super::config::Config;
use super::cronjob::{CronJob, Timing};
use super::db::Db;
use super::external::External;
use super::hpa::Hpa;
use super::ingress::Ingress;
use super::job::Job;
use super::parts::batch::Batch;
use super::parts::replicated::Replicated;
use super::parts::resources::Resources;
use super::parts::workload::Workload;
use super::secret::Secret;
use super::volume::Volume;
use super::worker::Worker;
use super::world::{WaitContainer, text};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::{Node, Table};
use crate::shape::Written;
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
    form {
        rewrite: Some(refuse_unset),
    }
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
        /// Of every hpa.
        hpa: Option<Hpa>,
        /// Of every config.
        config: Option<Config>,
        /// Of every secret.
        secret: Option<Secret>,
        /// Of every external.
        external: Option<External>,
        /// Of every volume.
        volume: Option<Volume>,
        /// Of the init containers that `wait` makes.
        wait: Option<WaitDefaults>,
    }
    form {
        rewrite: Some(refuse_below),
        moved: &[("workload", &["api"]), ("workload", &["worker"]), ("workload", &["cronjob"]), ("workload", &["job"])],
    }
}

/// `unset` and `extends` belong to components, `unset` to layers too: in what components take over they would say nothing.
fn refuse_below(table: &mut Table, checking: &mut Checking) {
    for defaults in table.values_mut().filter_map(Node::as_table_mut) {
        refuse(defaults, &["unset", "extends"], "defaults", checking);
    }
}

fn refuse_unset(table: &mut Table, checking: &mut Checking) {
    refuse(table, &["unset"], "a template", checking);
}

fn refuse(table: &mut Table, keys: &[&str], place: &str, checking: &mut Checking) {
    for key in keys {
        let Some(node) = table.shift_remove(key) else { continue };
        let help = match *key {
            "unset" => "move it to the component, or to the top of the layer with whole paths",
            _ => "move it to the components, or write the template's keys here",
        };
        let span = checking.key_span(node.origin);
        checking.report.push(
            Diagnostic::error("misplaced-key", format!("`{key}` does not stand in {place}")).at(span, "").help(help),
        );
    }
}
