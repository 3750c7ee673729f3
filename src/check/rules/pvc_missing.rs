//! A PersistentVolumeClaim that is mounted exists.
//!
//! A Pod with a claim that is not there stays `Pending`. Claims of a StatefulSet's templates count, as `data-postgres-0`.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   containers: [{name: web, image: "nginx:1.27.3", volumeMounts: [{name: files, mountPath: /files}]}]
//!   volumes: [{name: files, persistentVolumeClaim: {claimName: uploads}}]
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: PersistentVolumeClaim
//! metadata: {name: uploads}
//! spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   containers: [{name: web, image: "nginx:1.27.3", volumeMounts: [{name: files, mountPath: /files}]}]
//!   volumes: [{name: files, persistentVolumeClaim: {claimName: uploads}}]
//! ```
//!
//! Correct the name, or add the claim: `[volume.NAME]` with `storage = "1Gi"`. One that exists already is said by
//! `external = ["PersistentVolumeClaim/NAME"]` below `[lint]`.

use super::absent::absent;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "pvc-missing",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("pvc_missing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Mounts).filter(|edge| edge.is_missing()) {
        if edge.named().is_some_and(|(kind, _)| kind == "PersistentVolumeClaim") {
            let otherwise = match context.is_foreign() {
                true => "add the PersistentVolumeClaim, or let this be where the cluster has it",
                false => "declare it as `[volume.NAME]` with `storage = \"1Gi\"`",
            };
            findings.missing_at(Severity::Warning, edge, absent(context, edge, otherwise));
        }
    }
}
