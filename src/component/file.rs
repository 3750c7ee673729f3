//! The stack file, an overlay and a profile as a whole: which tables there are.

use super::api::Api;
use super::cluster::Cluster;
use super::config::Config;
use super::cronjob::CronJob;
use super::db::Db;
use super::defaults::{Defaults, Template};
use super::external::External;
use super::hpa::Hpa;
use super::ingress::Ingress;
use super::job::Job;
use super::lint::Lint;
use super::manifest::Manifest;
use super::parts::env::EnvText;
use super::parts::workload::Workload;
use super::patch::Patch;
use super::secret::Secret;
use super::stack::{OverlaidStack, Stack};
use super::volume::Volume;
use super::worker::Worker;
use crate::document::path::KeyPath;
use crate::document::{Node, OriginId};
use crate::profile::Language;
use crate::shape::kind::Presence;
use crate::shape::{Decoder, Keyed, Kind, Member, Shape, Written};
use crate::table;
use crate::value::{Name, ObjectName, VariableName};

/// A table that was checked and merged into others, and is not decoded by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged<T>(std::marker::PhantomData<T>);

impl<T: Member> Member for Merged<T> {
    const KIND: &'static Kind = T::KIND;
    const PRESENCE: Presence = Presence::Optional;

    fn member(_: Option<&Node>, _: &'static str, _: OriginId, _: &mut Decoder) -> Self {
        Self(std::marker::PhantomData)
    }
}

table! {
    /// The tables that every layer may hold.
    pub struct Tables("layer") {
        /// Databases.
        db: Keyed<Name, Db>,
        /// Anything that listens.
        api: Keyed<Name, Api>,
        /// Workloads that nothing connects to.
        worker: Keyed<Name, Worker>,
        /// Runs by the clock.
        cronjob: Keyed<Name, CronJob>,
        /// Single runs.
        job: Keyed<Name, Job>,
        /// Host names and paths, and the components that answer there.
        ingress: Keyed<Name, Ingress>,
        /// As many Pods as the load asks for.
        hpa: Keyed<Name, Hpa>,
        /// Settings and files.
        config: Keyed<ObjectName, Config>,
        /// Credentials.
        secret: Keyed<ObjectName, Secret>,
        /// Disks with names of their own.
        volume: Keyed<ObjectName, Volume>,
        /// Things outside the cluster.
        external: Keyed<Name, External>,
        /// Objects that you write yourself.
        manifest: Keyed<Name, Manifest>,
        /// Changes to objects that the stack makes.
        patch: Keyed<Name, Patch>,
        /// How strict `lint` is.
        lint: Option<Lint>,
        /// Facts about the cluster.
        cluster: Option<Cluster>,
        /// Named values for `{{ vars.NAME }}`, settable per profile and by `--set`.
        vars: Keyed<VariableName, Written<EnvText>>,
        /// Keys for what components leave out.
        defaults: Merged<Option<Defaults>>,
        /// Keys of a workload that components take over with `extends`.
        template: Merged<Keyed<Name, Template>>,
    }
}

impl Tables {
    /// What runs of the user's own images, with its table and its name.
    pub fn workloads(&self) -> impl Iterator<Item = (&'static str, &Written<Name>, &Workload)> {
        let apis = self.api.iter().map(|(name, api)| ("api", name, &api.workload));
        let workers = self.worker.iter().map(|(name, worker)| ("worker", name, &worker.workload));
        let cronjobs = self.cronjob.iter().map(|(name, cronjob)| ("cronjob", name, &cronjob.workload));
        let jobs = self.job.iter().map(|(name, job)| ("job", name, &job.workload));
        apis.chain(workers).chain(cronjobs).chain(jobs)
    }
}

table! {
    /// An overlay for one profile, or a profile of its own with `extends`.
    pub struct Overlay("overlay") {
        /// The profile that this one is laid over; makes a new profile.
        extends: Option<Written<Name>>,
        /// Paths to remove from what lower layers say, whole components included.
        unset: Vec<Written<KeyPath>>,
        /// The namespace of the stack.
        stack: Option<OverlaidStack>,
    }
    includes { tables: Tables }
}

table! {
    /// A stack file.
    pub struct StackFile("stack file") {
        /// The name of the whole and where it lives.
        stack: Option<Stack>,
        /// Paths to remove from what the profile says.
        unset: Vec<Written<KeyPath>>,
        /// Overlays, each for one profile.
        profile: Merged<Keyed<Name, Overlay>>,
    }
    includes { tables: Tables }
}

/// What the layers of a stack may say.
pub const LANGUAGE: Language = Language {
    stack: StackFile::FORM,
    stack_kind: StackFile::KIND,
    overlay: Overlay::FORM,
    overlay_kind: Overlay::KIND,
};
