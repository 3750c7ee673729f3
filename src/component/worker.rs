//! `[worker.NAME]`: a workload that nothing connects to.

use super::parts::check;
use super::parts::exposure::governing_service;
use super::parts::replicated::Replicated;
use super::parts::workload::Workload;
use super::words::WorkloadKind;
use super::world::{Subject, World};
use crate::bundle::Bundle;
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::table;
use crate::value::Name;

table! {
    /// A workload that nothing connects to: a queue's consumer, a bot. A Deployment without a Service.
    pub struct Worker("worker") {}
    includes { replicated: Replicated, workload: Workload }
}

impl Worker {
    /// Adds the workload; a StatefulSet gets the headless Service that governs it.
    pub fn lower(&self, name: &Written<Name>, world: &World, bundle: &mut Bundle) {
        let subject = Subject::new("worker", name);
        let governing = format!("{}-headless", subject.name);
        if self.replicated.workload_kind() == WorkloadKind::StatefulSet {
            governing_service(subject, &self.workload.ports, &governing, world, bundle);
        }
        self.replicated.add(&self.workload, subject, &governing, world, bundle);
    }
}

impl Worker {
    /// Reports what only the whole stack shows.
    pub fn check(&self, name: &Written<Name>, world: &World, checking: &mut Checking) {
        check::workload(&self.workload, name, self.replicated.workload_kind(), world, checking);
        check::replicated(&self.replicated, name, checking);
    }
}
