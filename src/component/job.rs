//! `[job.NAME]`: one run, such as a migration.

use super::parts::batch::Batch;
use super::parts::check;
use super::parts::workload::Workload;
use super::words::WorkloadKind;
use super::world::{Subject, World, add, entries};
use crate::bundle::{Bundle, traced};
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::value::Name;
use crate::{table, traced};
use k8s_openapi::api::batch::v1 as batch;

table! {
    /// One run, such as a migration. Its name ends in a hash of its content, so that a changed Job applies again.
    /// An unchanged one runs again where it was deleted, as `ttl` does after a while: it must bear that.
    pub struct Job("job") {}
    includes { batch: Batch, workload: Workload }
}

impl Job {
    /// Adds the Job and its account. Sealing completes the name.
    pub fn lower(&self, name: &Written<Name>, world: &World, bundle: &mut Bundle) {
        let subject = Subject::new("job", name);
        self.workload.add_account(subject, world, bundle);
        let own = traced(subject.name.to_owned(), subject.origin);
        let metadata =
            world.metadata_with(subject, own, entries(&self.workload.labels), entries(&self.workload.annotations));
        // migrations want sessions of their own
        let spec = self.batch.lower(&self.workload, subject, &world.past_poolers());
        add(bundle, subject, "job", traced!(subject.origin, batch::Job { metadata: metadata, spec: spec }));
    }
}

impl Job {
    /// Reports what only the whole stack shows.
    pub fn check(&self, name: &Written<Name>, world: &World, checking: &mut Checking) {
        let world = &world.past_poolers();
        check::workload(&self.workload, name, WorkloadKind::Deployment, world, checking);
        check::batch(&self.workload, world, checking);
        check::longest(name, "-00000000", "the Job", checking);
    }
}
