//! `[volume.NAME]`: a disk with a name of its own.

use super::lint::Allowances;
use super::parts::mounts::Claim;
use super::parts::resources::check_bytes;
use super::world::{Subject, World, add, text};
use crate::bundle::{Bundle, Traced, traced};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::value::{ObjectName, Quantity};
use crate::{table, traced, words};
use k8s_openapi::api::core::v1 as core;

words! {
    /// How many may mount a disk.
    pub enum Access("an access mode") {
        /// One node.
        ReadWriteOnce = "ReadWriteOnce",
        /// One Pod.
        ReadWriteOncePod = "ReadWriteOncePod",
        /// Many nodes.
        ReadWriteMany = "ReadWriteMany",
        /// Many nodes, to read.
        ReadOnlyMany = "ReadOnlyMany",
    }
}

table! {
    /// A disk with a name of its own. A PersistentVolumeClaim.
    pub struct Volume("volume") {
        /// Its size: "10Gi".
        storage: Written<Quantity>,
        /// How many may mount it; `ReadWriteOnce` where it is left out.
        access: Option<Written<Access>>,
        /// The storage class; `cluster.storage.class` where it is left out.
        class: Option<Written<ObjectName>>,
        /// Findings of `lint` that are meant, each with the reason: `{ unused-config = "mounted by hand" }`.
        allow: Allowances,
    }
}

impl Volume {
    /// Reports what the cluster cannot give.
    pub fn check(&self, name: &Written<ObjectName>, world: &World, checking: &mut Checking) {
        check_bytes(&self.storage, checking);
        checking.label_length("volume", name.value.as_str(), name.origin);
        let Some(access) = self.access.filter(|access| access.value == Access::ReadWriteMany) else { return };
        let shared = world.cluster.storage.as_ref().and_then(|storage| storage.rwx_class.as_ref());
        if self.class.is_none() && shared.is_none() {
            let title = format!(
                "this cluster has no storage class that many nodes may write to, and volume `{}` needs one",
                name.value
            );
            let diagnostic = Diagnostic::error("no-shared-storage", title).at(checking.span(access.origin), "").help(
                "add `class = \"NAME\"` here, or `cluster.storage.rwx-class = \"NAME\"` to the profile's overlay",
            );
            checking.report.push(diagnostic);
        }
    }

    /// Adds the PersistentVolumeClaim.
    pub fn lower(&self, name: &Written<ObjectName>, world: &World, bundle: &mut Bundle) {
        let component = name.value.as_str();
        let subject = Subject { table: "volume", component, name: component, origin: name.origin };
        let access = self.access.map(|access| traced(access.value.as_str().to_owned(), access.origin));
        let claim = Claim { size: &self.storage, access, class: self.class(world), labels: Vec::new() };
        let metadata = world.metadata(subject, component);
        let object = traced!(subject.origin, core::PersistentVolumeClaim { metadata: metadata, spec: claim.spec() });
        add(bundle, subject, "volume", object);
    }

    /// Its own class, else the cluster's for this kind of access.
    fn class(&self, world: &World) -> Option<Traced<String>> {
        if let Some(class) = &self.class {
            return Some(text(class));
        }
        let storage = world.cluster.storage.as_ref()?;
        match (self.access, &storage.rwx_class) {
            (Some(Written { value: Access::ReadWriteMany, origin }), Some(class)) => {
                let rule = "a disk that many nodes write to has the cluster's class for that";
                Some(traced(class.value.to_string(), world.derive(rule, &[class.origin, origin])))
            }
            _ => storage.class.as_ref().map(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fixture::{Fixture, json};
    use crate::shape::Keyed;

    fn claim(text: &str) -> (Fixture, Bundle) {
        let mut fixture = Fixture::new(text);
        let volumes: Keyed<ObjectName, Volume> = fixture.decode(&["volume"]);
        let (name, volume) = &volumes.entries[0];
        let bundle = fixture.lower(|world, checking, bundle| {
            volume.check(name, world, checking);
            volume.lower(name, world, bundle);
        });
        (fixture, bundle)
    }

    #[test]
    fn the_class_is_its_own_or_the_clusters() {
        let cluster = "cluster.storage = { class = \"standard\", rwx-class = \"nfs\" }\n";
        let shared = "access = \"ReadWriteMany\"";
        for (keys, class) in [("", "standard"), (shared, "nfs"), (&format!("class = \"fast\"\n{shared}"), "fast")] {
            let (fixture, bundle) = claim(&format!("{cluster}[volume.uploads]\nstorage = \"5Gi\"\n{keys}"));
            let object = &bundle.objects[0];
            assert!(fixture.report.diagnostics.is_empty());
            assert_eq!((object.kind_name(), object.name()), ("PersistentVolumeClaim", "uploads"));
            assert_eq!(json(&object.root, &["spec", "storageClassName"]), class);
            assert_eq!(json(&object.root, &["spec", "resources", "requests", "storage"]), "5Gi");
        }
    }

    #[test]
    fn an_empty_class_is_left_to_the_cluster() {
        let (_, bundle) = claim("cluster.storage.class = \"\"\n[volume.uploads]\nstorage = \"5Gi\"");
        assert_eq!(json(&bundle.objects[0].root, &["spec"]).get("storageClassName"), None);
        assert_eq!(json(&bundle.objects[0].root, &["spec", "accessModes"]), serde_json::json!(["ReadWriteOnce"]));
    }

    #[test]
    fn many_writers_need_a_class_for_them() {
        let (mut fixture, _) = claim("[volume.uploads]\nstorage = \"5Gi\"\naccess = \"ReadWriteMany\"");
        assert_eq!(fixture.labelled(), ["\"ReadWriteMany\""]);
        assert!(fixture.only_message().1.contains("cluster.storage.rwx-class"));
    }
}
