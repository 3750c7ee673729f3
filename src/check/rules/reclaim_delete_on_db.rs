//! The disk of a database outlives its claim.
//!
//! With the reclaim policy `Delete`, which is the usual one, the data are gone as soon as the claim is deleted: by `kubectl delete
//! namespace`, or by a tool that cleans up.
//!
//! ```yaml fail
//! apiVersion: storage.k8s.io/v1
//! kind: StorageClass
//! metadata: {name: fast}
//! provisioner: ebs.csi.aws.com
//! ---
//! apiVersion: apps/v1
//! kind: StatefulSet
//! metadata: {name: postgres}
//! spec:
//!   serviceName: postgres
//!   selector: {matchLabels: {app: postgres}}
//!   template:
//!     metadata: {labels: {app: postgres}}
//!     spec:
//!       containers:
//!       - name: postgres
//!         image: "postgres:16"
//!         env: [{name: POSTGRES_PASSWORD_FILE, value: /run/password}]
//!   volumeClaimTemplates:
//!   - metadata: {name: data}
//!     spec:
//!       accessModes: [ReadWriteOnce]
//!       storageClassName: fast
//!       resources: {requests: {storage: 5Gi}}
//! ```
//!
//! ```yaml pass
//! apiVersion: storage.k8s.io/v1
//! kind: StorageClass
//! metadata: {name: fast}
//! provisioner: ebs.csi.aws.com
//! reclaimPolicy: Retain
//! ---
//! apiVersion: apps/v1
//! kind: StatefulSet
//! metadata: {name: postgres}
//! spec:
//!   serviceName: postgres
//!   selector: {matchLabels: {app: postgres}}
//!   template:
//!     metadata: {labels: {app: postgres}}
//!     spec:
//!       containers:
//!       - name: postgres
//!         image: "postgres:16"
//!         env: [{name: POSTGRES_PASSWORD_FILE, value: /run/password}]
//!   volumeClaimTemplates:
//!   - metadata: {name: data}
//!     spec:
//!       accessModes: [ReadWriteOnce]
//!       storageClassName: fast
//!       resources: {requests: {storage: 5Gi}}
//! ```
//!
//! Write `reclaim-policy = "Retain"` in `cluster.storage.definition`, and delete disks by hand. Only classes that are among the objects can
//! be looked at.

use super::origin::table;
use super::pods::look_at_containers;
use super::servers::Server;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "reclaim-delete-on-db",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("reclaim_delete_on_db.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (_, object) in context.objects().filter(|(_, object)| object.kind_name() == "StatefulSet") {
        let mut is_database = table(context, object).is_some_and(|table| table.starts_with("db."));
        look_at_containers(object, &mut |container, role| is_database |= Server::of(object, container, role).is_some());
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let templates = spec.key("volumeClaimTemplates");
        for template in templates.items().filter(|_| is_database) {
            let claim = template.key("spec");
            let name = claim.key("storageClassName");
            let Some((class_index, class)) = context.graph.find("StorageClass", None, name.text()) else { continue };
            let class_root = At::root(&class.root);
            let policy = class_root.key("reclaimPolicy");
            if !policy.is_set() || policy.is_text("Delete") {
                let title = format!(
                    "the data of `{}` are deleted with the claim, as its class `{}` says",
                    object.name(),
                    name.text()
                );
                let help = match table(context, class) {
                    Some(_) => "write `reclaim-policy = \"Retain\"` in `cluster.storage.definition`",
                    None => "write `reclaimPolicy: Retain` in the StorageClass",
                };
                let metadata = class_root.key("metadata");
                let at = if policy.is_set() { &policy } else { &metadata.key("name") };
                let finding = findings.add(class_index, at, title, help);
                finding.related.push((name.cause(), "the class is used here".to_owned()));
            }
        }
    }
}
