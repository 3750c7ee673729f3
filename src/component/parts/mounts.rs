//! What a container sees in its file system beside its image.

use super::env::{Table, check_key};
use super::replicated::WorkloadKind;
use super::resources::amount;
use crate::bundle::{Traced, traced};
use crate::component::world::{Checking, Subject, World, text};
use crate::diagnostic::Diagnostic;
use crate::document::path::quoted;
use crate::shape::{Decoder, Keyed, Merge, Written};
use crate::value::{AbsolutePath, ConfigKey, FileMode, Name, ObjectName, Quantity, RelativePath};
use crate::{table, traced};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

table! {
    /// What is mounted at a path: exactly one of `config`, `secret`, `volume`, `storage`, `scratch`, `claim`, `host`.
    pub struct Mount("mount") {
        /// The `[config]` whose keys become files.
        config: Option<Written<ObjectName>>,
        /// The `[secret]` whose keys become files.
        secret: Option<Written<ObjectName>>,
        /// A `[volume]` of the stack.
        volume: Option<Written<ObjectName>>,
        /// A disk of this size for each replica; StatefulSet only.
        storage: Option<Written<Quantity>>,
        /// An empty directory of at most this size, gone with the Pod.
        scratch: Option<Written<Quantity>>,
        /// A PersistentVolumeClaim that exists already.
        claim: Option<Written<ObjectName>>,
        /// A directory of the node.
        host: Option<Written<AbsolutePath>>,
        /// With `config` or `secret`: the keys to mount and the file names they get.
        items: Keyed<ConfigKey, Written<RelativePath>>,
        /// With `config` or `secret`: the mode of the files, as text: "0644".
        mode: Option<Written<FileMode>>,
        /// With `config` or `secret`: mounts this one key as the file at the path.
        file: Option<Written<ConfigKey>>,
        /// With `scratch`: in memory; counts towards the memory limit.
        memory: Option<Written<bool>>,
        /// With `storage`: the name of the claim template; with `scratch`: the name to share it by.
        name: Option<Written<Name>>,
        /// Mounts it read-only.
        read_only: Option<Written<bool>>,
        /// Starts the Pod even where the config or secret is missing.
        optional: Option<Written<bool>>,
    }
    form {
        exclusive: &[&["config", "secret", "volume", "storage", "scratch", "claim", "host"]],
        merge: Merge::Whole,
    }
    validate check_mount;
}

/// Mounts by their paths.
pub type Mounts = Keyed<AbsolutePath, Mount>;

/// The volumes of a Pod and where one container mounts them.
#[derive(Default)]
pub struct Volumes {
    /// Of the Pod; equal sources are one volume.
    pub volumes: Vec<Traced<core::Volume>>,
    /// Of the container.
    pub mounts: Vec<Traced<core::VolumeMount>>,
    /// A disk for each replica.
    pub templates: Vec<Traced<core::PersistentVolumeClaim>>,
}

/// The volumes for these mounts.
pub fn lower(mounts: &Mounts, subject: Subject, world: &World) -> Volumes {
    let mut lowered = Volumes::default();
    for (path, mount) in mounts.iter() {
        let name = match &mount.storage {
            Some(size) => {
                let name = mount.name.as_ref().map_or_else(|| traced("data".to_owned(), mount.origin), text);
                let class = world.cluster.storage.as_ref().and_then(|storage| storage.class.as_ref());
                let claim =
                    Claim { size, access: None, class: class.map(text), labels: world.selector_labels(subject) };
                lowered.templates.push(claim.template(name.clone()));
                name
            }
            None => lowered.volume(mount),
        };
        lowered.mounts.push(traced!(
            path.origin,
            core::VolumeMount {
                name: name,
                mount_path: text(path),
                sub_path: mount.file.as_ref().map(text),
                read_only: mount
                    .read_only
                    .filter(|read_only| read_only.value)
                    .map(|read_only| traced(true, read_only.origin)),
            }
        ));
    }
    lowered
}

impl Volumes {
    /// The name of the volume for a mount; it is added where no equal one is there.
    fn volume(&mut self, mount: &Mount) -> Traced<String> {
        let (stem, volume) = source(mount);
        let equal = self.volumes.iter().find(|known| {
            let same = core::Volume { name: known.value.name.clone(), ..volume.value.clone() };
            same == known.value && (mount.scratch.is_none() || mount.name.is_some())
        });
        if let Some(known) = equal {
            return traced(known.value.name.clone(), mount.origin);
        }
        let taken = |name: &str| self.volumes.iter().any(|volume| volume.value.name == name);
        let stem = volume_name(&stem);
        let name = (2..).map(|number| format!("{stem}-{number}"));
        let name = std::iter::once(stem.clone()).chain(name).find(|name| !taken(name)).unwrap_or(stem);
        let mut volume = volume;
        volume.value.name.clone_from(&name);
        self.volumes.push(volume);
        traced(name, mount.origin)
    }
}

/// A DNS label of at most 63 characters, as names of volumes are.
fn volume_name(stem: &str) -> String {
    let label = stem.replace(['.', '/', '_'], "-").to_lowercase();
    label.chars().take(58).collect::<String>().trim_matches('-').to_owned()
}

/// The source of a mount, and a name for it.
fn source(mount: &Mount) -> (String, Traced<core::Volume>) {
    let optional = || mount.optional.map(|optional| traced(optional.value, optional.origin));
    let mode = || mount.mode.as_ref().map(|mode| traced(mode.value.bits(), mode.origin));
    let origin = mount.origin;
    if let Some(name) = &mount.config {
        let source = traced!(
            name.origin,
            core::ConfigMapVolumeSource {
                name: text(name),
                items: items(mount),
                default_mode: mode(),
                optional: optional(),
            }
        );
        return (name.value.to_string(), traced!(origin, core::Volume { config_map: source }));
    }
    if let Some(name) = &mount.secret {
        let source = traced!(
            name.origin,
            core::SecretVolumeSource {
                secret_name: text(name),
                items: items(mount),
                default_mode: mode(),
                optional: optional(),
            }
        );
        return (name.value.to_string(), traced!(origin, core::Volume { secret: source }));
    }
    if let Some(name) = mount.volume.as_ref().or(mount.claim.as_ref()) {
        let source = traced!(name.origin, core::PersistentVolumeClaimVolumeSource { claim_name: text(name) });
        return (name.value.to_string(), traced!(origin, core::Volume { persistent_volume_claim: source }));
    }
    if let Some(host) = &mount.host {
        let source = traced!(host.origin, core::HostPathVolumeSource { path: text(host) });
        return (format!("host{}", host.value), traced!(origin, core::Volume { host_path: source }));
    }
    let medium = mount.memory.filter(|memory| memory.value).map(|memory| traced("Memory".to_owned(), memory.origin));
    let source =
        traced!(origin, core::EmptyDirVolumeSource { size_limit: mount.scratch.as_ref().map(amount), medium: medium });
    let name = mount.name.as_ref().map_or_else(|| "scratch".to_owned(), |name| name.value.to_string());
    (name, traced!(origin, core::Volume { empty_dir: source }))
}

fn items(mount: &Mount) -> Vec<Traced<core::KeyToPath>> {
    let items = mount
        .items
        .iter()
        .map(|(key, path)| traced!(path.origin, core::KeyToPath { key: text(key), path: text(path) }));
    items.collect()
}

/// A request for a disk.
pub struct Claim<'a> {
    /// Its size.
    pub size: &'a Written<Quantity>,
    /// How many may mount it; `ReadWriteOnce` where it is left out.
    pub access: Option<Traced<String>>,
    /// The storage class; an empty one is left out, for the cluster's default.
    pub class: Option<Traced<String>>,
    /// Labels of a claim template.
    pub labels: Vec<(String, Traced<String>)>,
}

impl Claim<'_> {
    /// What is asked for.
    pub fn spec(&self) -> Traced<core::PersistentVolumeClaimSpec> {
        let origin = self.size.origin;
        let access = self.access.clone().unwrap_or_else(|| traced("ReadWriteOnce".to_owned(), origin));
        let storage = traced!(
            origin,
            core::VolumeResourceRequirements { requests: vec![("storage".to_owned(), amount(self.size))] }
        );
        traced!(
            origin,
            core::PersistentVolumeClaimSpec {
                access_modes: vec![access],
                storage_class_name: self.class.clone().filter(|class| !class.value.is_empty()),
                resources: storage,
            }
        )
    }

    /// The claim template of a StatefulSet.
    pub fn template(&self, name: Traced<String>) -> Traced<core::PersistentVolumeClaim> {
        let origin = self.size.origin;
        let metadata = traced!(origin, ObjectMeta { name: name, labels: self.labels.clone() });
        traced!(origin, core::PersistentVolumeClaim { metadata: metadata, spec: self.spec() })
    }
}

fn check_mount(mount: &Mount, decoder: &mut Decoder) {
    let sources = [
        mount.config.is_some(),
        mount.secret.is_some(),
        mount.volume.is_some(),
        mount.storage.is_some(),
        mount.scratch.is_some(),
        mount.claim.is_some(),
        mount.host.is_some(),
    ];
    let keys = ["config", "secret", "volume", "storage", "scratch", "claim", "host"];
    if !sources.contains(&true) && !decoder.is_doubtful(&keys) {
        let diagnostic = Diagnostic::error("missing-key", "this mount does not say what is mounted")
            .at(
                decoder.span(mount.origin),
                "needs one of `config`, `secret`, `volume`, `storage`, `scratch`, `claim`, `host`",
            )
            .help("write `{ config = \"NAME\" }`, `{ volume = \"NAME\" }` or `{ scratch = \"1Gi\" }`");
        decoder.report.push(diagnostic);
    }
}

/// Reports mounts of what the stack does not declare.
pub fn check_references(mounts: &Mounts, world: &World, checking: &mut Checking) {
    for (_, mount) in mounts.iter() {
        let optional = mount.optional.is_some_and(|optional| optional.value);
        for (name, table) in [(&mount.config, Table::Config), (&mount.secret, Table::Secret)] {
            let Some(name) = name else { continue };
            let name = Written { value: name.value.to_string(), origin: name.origin };
            check_key(table, &name, mount.file.as_ref().filter(|_| !optional), world, checking);
            for (key, _) in mount.items.iter().filter(|_| !optional) {
                check_key(table, &name, Some(key), world, checking);
            }
        }
        if let Some(volume) = &mount.volume {
            check_volume(volume, world, checking);
        }
    }
}

/// Reports a `[volume]` that the stack does not declare.
pub fn check_volume(volume: &Written<ObjectName>, world: &World, checking: &mut Checking) {
    let known = &world.names.volumes;
    let name = volume.value.to_string();
    if !known.contains_key(name.as_str()) {
        let declare = format!(
            "declare it: `[volume.{}]` with `storage = \"1Gi\"`, or write `claim` for one that exists",
            quoted(&name)
        );
        checking.unknown("volume", &name, volume.origin, known.keys().map(|name| &**name), &declare);
    }
}

/// Reports disks for each replica where there are no replicas with names, and a second one without a name.
pub fn check_disks(mounts: &Mounts, kind: WorkloadKind, checking: &mut Checking) {
    let disks: Vec<_> = mounts.iter().filter(|(_, mount)| mount.storage.is_some()).collect();
    for (path, mount) in &disks {
        if kind != WorkloadKind::StatefulSet {
            let diagnostic = Diagnostic::error(
                "disk-without-identity",
                format!("`storage` at `{}` is a disk for each replica, which only a StatefulSet has", path.value),
            )
            .at(checking.span(mount.origin), "")
            .help("add `kind = \"StatefulSet\"`, or mount a `[volume]`: `{ volume = \"NAME\" }`");
            checking.report.push(diagnostic);
        }
    }
    for (path, mount) in disks.iter().skip(1) {
        if mount.name.is_none() && kind == WorkloadKind::StatefulSet {
            let diagnostic =
                Diagnostic::error("missing-key", format!("the second disk, at `{}`, needs a `name`", path.value))
                    .at(checking.span(mount.origin), "the first one is called `data`")
                    .help("add `name = \"NAME\"` to this mount");
            checking.report.push(diagnostic);
        }
    }
}
