//! Rights are given to accounts, Pods run under accounts, claims are tied to volumes.

use super::namespace;
use crate::bundle::At;
use crate::graph::edge::Relation;
use crate::graph::scene::{Collector, Named};

/// The account under which Pods run.
pub fn of_pods<'a>(spec: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let (name, older) = (spec.key("serviceAccountName"), spec.key("serviceAccount"));
    let at = if name.is_empty() { &older } else { &name };
    collector.name(Relation::Binds, at, Named::whole("ServiceAccount", collector.namespace, at.text()));
}

/// What an object ties together.
pub fn collect<'a>(kind: &str, root: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let spec = root.key("spec");
    match kind {
        "RoleBinding" | "ClusterRoleBinding" => of_binding(root, collector),
        "PersistentVolumeClaim" => {
            let volume = spec.key("volumeName");
            collector.name(Relation::Binds, &volume, Named::whole("PersistentVolume", "", volume.text()));
        }
        "PersistentVolume" => {
            let claim = spec.key("claimRef");
            let name = claim.key("name");
            let place = namespace(&claim.key("namespace"), collector);
            collector.name(Relation::Binds, &name, Named::whole("PersistentVolumeClaim", place, name.text()));
        }
        _ => {}
    }
}

fn of_binding<'a>(root: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let role = root.key("roleRef");
    let name = role.key("name");
    match role.key("kind").text() {
        "ClusterRole" => collector.name(Relation::Binds, &name, Named::whole("ClusterRole", "", name.text())),
        "Role" => collector.name(Relation::Binds, &name, Named::whole("Role", collector.namespace, name.text())),
        _ => {}
    }
    for subject in root.key("subjects").items() {
        if subject.key("kind").is_text("ServiceAccount") {
            let name = subject.key("name");
            let place = namespace(&subject.key("namespace"), collector);
            collector.name(Relation::Binds, &name, Named::whole("ServiceAccount", place, name.text()));
        }
    }
}
