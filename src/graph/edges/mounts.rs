//! Volumes of Pods hold ConfigMaps, Secrets and claims.

use crate::bundle::{At, Field};
use crate::graph::edge::{Part, Relation};
use crate::graph::scene::{Collector, Named};

/// Kinds of volume that log in with a Secret, and the key that names it.
const LOGINS: [(&str, &str, &str); 9] = [
    ("azureFile", "secretName", ""),
    ("cephfs", "secretRef", "name"),
    ("cinder", "secretRef", "name"),
    ("csi", "nodePublishSecretRef", "name"),
    ("flexVolume", "secretRef", "name"),
    ("iscsi", "secretRef", "name"),
    ("rbd", "secretRef", "name"),
    ("scaleIO", "secretRef", "name"),
    ("storageos", "secretRef", "name"),
];

/// What the volumes of Pods hold, but for those that a claim template replaces.
pub fn collect<'a>(spec: &At<'_, 'a>, disks: &[&str], collector: &mut Collector<'_, 'a>) {
    let volumes = spec.key("volumes");
    for volume in volumes.items().filter(|volume| !disks.contains(&volume.key("name").text())) {
        of_volume(&volume, collector);
    }
    for list in ["containers", "initContainers"] {
        for container in spec.key(list).items() {
            for mount in container.key("volumeMounts").items() {
                of_sub_path(&mount, &volumes, collector);
            }
        }
    }
}

fn of_volume<'a>(volume: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let config = volume.key("configMap");
    files(&config, "ConfigMap", &config.key("name"), collector);
    let secret = volume.key("secret");
    files(&secret, "Secret", &secret.key("secretName"), collector);
    let claim = volume.key("persistentVolumeClaim");
    let claim = claim.key("claimName");
    let own = collector.namespace;
    collector.name(Relation::Mounts, &claim, Named::whole("PersistentVolumeClaim", own, claim.text()));
    for source in volume.key("projected").key("sources").items() {
        for (key, kind) in [("configMap", "ConfigMap"), ("secret", "Secret")] {
            let source = source.key(key);
            files(&source, kind, &source.key("name"), collector);
        }
    }
    for (kind, key, inner) in LOGINS {
        let at = volume.key(kind);
        let at = at.key(key);
        let below = at.key(inner);
        let at = if inner.is_empty() { &at } else { &below };
        collector.name(Relation::Mounts, at, Named::whole("Secret", own, at.text()));
    }
    let template = volume.key("ephemeral");
    let template = template.key("volumeClaimTemplate");
    let spec = template.key("spec");
    let class = spec.key("storageClassName");
    collector.name(Relation::Chooses, &class, Named::whole("StorageClass", "", class.text()));
}

/// An object whose keys become files, and each key that is picked.
fn files<'a>(at: &At<'_, 'a>, kind: &'static str, name: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let named = Named::whole(kind, collector.namespace, name.text()).unless(&at.key("optional"));
    collector.name(Relation::Mounts, name, named);
    for item in at.key("items").items() {
        let key = item.key("key");
        collector.name(Relation::Mounts, &key, named_if(named, &key));
    }
}

/// The object with this key; without a name where there is no key.
fn named_if<'a>(named: Named<'a>, key: &At<'_, 'a>) -> Named<'a> {
    if key.is_empty() { Named { name: "", ..named } } else { named.part(Part::Key(key.text())) }
}

/// A mount of a single file: the key of that name must be there, or the kubelet makes an empty directory.
fn of_sub_path<'a>(mount: &At<'_, 'a>, volumes: &At<'_, 'a>, collector: &mut Collector<'_, 'a>) {
    let path = mount.key("subPath");
    if path.is_empty() {
        return;
    }
    let volume = mount.key("name");
    let is_own = |field: &&Field| field.get("name").and_then(Field::as_str) == Some(volume.text());
    let Some(field) = volumes.field().and_then(|field| field.items().iter().find(is_own)) else { return };
    let volume = At::root(field);
    for (key, kind, name) in [("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")] {
        let source = volume.key(key);
        // where keys are picked, they have paths of their own
        if source.is_set() && source.key("items").is_empty() {
            let named = Named::whole(kind, collector.namespace, source.key(name).text());
            let named = named.unless(&source.key("optional"));
            collector.name(Relation::Mounts, &path, named_if(named, &path));
        }
    }
}
