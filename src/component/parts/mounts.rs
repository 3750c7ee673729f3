//! What a container sees in its file system beside its image.

use super::env::{Table, check_key};
use super::projected::{FileSource, Source, check_paths, lower_items, report_misplaced};
use super::resources::amount;
use crate::bundle::{Traced, traced};
use crate::component::world::{Subject, World, text};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::path::quoted;
use crate::shape::{Decoder, Keyed, Merge, Written};
use crate::value::{AbsolutePath, ConfigKey, FileMode, Name, ObjectName, Quantity, VolumePath};
use crate::{table, traced};
use k8s_openapi::api::core::v1 as core;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

table! {
    /// What is mounted at a path: exactly one of `config`, `secret`, `volume`, `storage`, `scratch`, `claim`, `host`,
    /// `projected`.
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
        /// Several configs, secrets, tokens and fields of the Pod as files of one directory.
        projected: Option<Vec<Source>>,
        /// With `config` or `secret`: the keys to mount and the file names they get.
        items: Keyed<ConfigKey, Written<VolumePath>>,
        /// With `config`, `secret` or `projected`: the mode of the files, as text: "0644".
        mode: Option<Written<FileMode>>,
        /// With `config` or `secret`: mounts this one key as the file at the path.
        file: Option<Written<ConfigKey>>,
        /// With `scratch`: in memory; counts towards the memory limit.
        memory: Option<Written<bool>>,
        /// With `storage`: the name of the claim template; with `scratch`: the name by which containers share it.
        name: Option<Written<Name>>,
        /// Mounts it read-only.
        read_only: Option<Written<bool>>,
        /// Starts the Pod even where the config or secret is missing.
        optional: Option<Written<bool>>,
    }
    form {
        exclusive: &[&SOURCES],
        merge: Merge::Whole,
    }
    validate check_mount;
}

/// The keys that say what is mounted.
const SOURCES: [&str; 8] = ["config", "secret", "volume", "storage", "scratch", "claim", "host", "projected"];

/// Mounts by their paths.
pub type Mounts = Keyed<AbsolutePath, Mount>;

/// The name of the claim template of a disk that has none.
pub const DISK: &str = "data";

/// The volumes of a Pod.
#[derive(Default)]
pub struct Volumes {
    /// Equal sources are one volume.
    pub volumes: Vec<Traced<core::Volume>>,
    /// A disk for each replica.
    pub templates: Vec<Traced<core::PersistentVolumeClaim>>,
    /// The names of all disks of the Pod: a claim template hides a volume of its name.
    disks: Vec<String>,
}

impl Volumes {
    /// Those for all mounts of a Pod, before any container is there.
    pub fn for_mounts<'a>(all: impl Iterator<Item = &'a Mounts>) -> Self {
        let mounts = all.flat_map(Keyed::iter);
        let disks = mounts.filter(|(_, mount)| mount.storage.is_some()).map(|(_, mount)| mount.disk_name().value);
        Self { disks: disks.collect(), ..Self::default() }
    }

    /// Those beside a disk of this name.
    pub fn beside(disk: &str) -> Self {
        Self { disks: vec![disk.to_owned()], ..Self::default() }
    }

    /// What one container mounts; adds the volumes that are not there yet.
    pub fn mount(&mut self, mounts: &Mounts, subject: Subject, world: &World) -> Vec<Traced<core::VolumeMount>> {
        let mount = |(path, mount): &(Written<AbsolutePath>, Mount)| {
            let name = match &mount.storage {
                Some(size) => self.disk(mount, size, subject, world),
                None => self.volume(mount),
            };
            traced!(
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
            )
        };
        mounts.iter().map(mount).collect()
    }

    /// The name of the claim template for a mount; it is added where no equal one is there.
    fn disk(&mut self, mount: &Mount, size: &Written<Quantity>, subject: Subject, world: &World) -> Traced<String> {
        let name = mount.disk_name();
        let is_there =
            |known: &Traced<core::PersistentVolumeClaim>| known.value.metadata.name == Some(name.value.clone());
        if !self.templates.iter().any(is_there) {
            let class = world.cluster.storage.as_ref().and_then(|storage| storage.class.as_ref());
            let claim = Claim { size, access: None, class: class.map(text), labels: world.selector_labels(subject) };
            self.templates.push(claim.template(name.clone()));
        }
        name
    }

    /// The name of the volume for a mount; it is added where no equal one is there.
    fn volume(&mut self, mount: &Mount) -> Traced<String> {
        let (stem, volume) = source(mount);
        let equal = self.volumes.iter().find(|known| {
            let same = core::Volume { name: known.value.name.clone(), ..volume.value.clone() };
            // a scratch without a name is one per mount; a container that takes the mount over has the same one
            let shared = mount.scratch.is_none() || mount.name.is_some() || known.cause() == volume.cause();
            same == known.value && shared
        });
        if let Some(known) = equal {
            return traced(known.value.name.clone(), mount.origin);
        }
        let taken = |name: &str| {
            self.volumes.iter().any(|volume| volume.value.name == name) || self.disks.iter().any(|disk| disk == name)
        };
        let stem = volume_name(&stem);
        let name = (2..).map(|number| format!("{stem}-{number}"));
        let name = std::iter::once(stem.clone()).chain(name).find(|name| !taken(name)).unwrap_or(stem);
        let mut volume = volume;
        volume.value.name.clone_from(&name);
        self.volumes.push(volume);
        traced(name, mount.origin)
    }
}

impl Mount {
    /// The name of its claim template, where it is a disk for each replica.
    pub fn disk_name(&self) -> Traced<String> {
        self.name.as_ref().map_or_else(|| traced(DISK.to_owned(), self.origin), text)
    }

    /// Whether it is a disk, which outlives the Pod.
    pub fn is_disk(&self) -> bool {
        self.volume.is_some() || self.storage.is_some() || self.claim.is_some()
    }

    /// The key that says what is mounted.
    fn source(&self) -> Option<&'static str> {
        let present = [
            self.config.is_some(),
            self.secret.is_some(),
            self.volume.is_some(),
            self.storage.is_some(),
            self.scratch.is_some(),
            self.claim.is_some(),
            self.host.is_some(),
            self.projected.is_some(),
        ];
        SOURCES.into_iter().zip(present).find_map(|(key, present)| present.then_some(key))
    }

    /// The configs and secrets of which it makes files.
    pub fn files(&self) -> Vec<FileSource<'_>> {
        let optional = self.optional.is_some_and(|optional| optional.value);
        let keys = || self.items.iter().map(|(key, _)| key).chain(&self.file).filter(|_| !optional).collect();
        let own = [(&self.config, Table::Config), (&self.secret, Table::Secret)];
        let own = own.into_iter().filter_map(|(name, table)| Some((name.as_ref()?, table)));
        let own = own.map(|(name, table)| FileSource { table, name, keys: keys() });
        own.chain(self.projected.iter().flatten().filter_map(Source::files)).collect()
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
                items: lower_items(&mount.items),
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
                items: lower_items(&mount.items),
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
    if let Some(sources) = &mount.projected {
        let sources: Vec<_> = sources.iter().map(Source::lower).collect();
        let source = traced!(origin, core::ProjectedVolumeSource { sources: sources, default_mode: mode() });
        return ("projected".to_owned(), traced!(origin, core::Volume { projected: source }));
    }
    let medium = mount.memory.filter(|memory| memory.value).map(|memory| traced("Memory".to_owned(), memory.origin));
    let source =
        traced!(origin, core::EmptyDirVolumeSource { size_limit: mount.scratch.as_ref().map(amount), medium: medium });
    let name = mount.name.as_ref().map_or_else(|| "scratch".to_owned(), |name| name.value.to_string());
    (name, traced!(origin, core::Volume { empty_dir: source }))
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
    let Some(source) = mount.source() else {
        if !decoder.is_doubtful(&SOURCES) {
            let needs = SOURCES.map(|key| format!("`{key}`")).join(", ");
            let diagnostic = Diagnostic::error("missing-key", "this mount does not say what is mounted")
                .at(decoder.span(mount.origin), format!("needs one of {needs}"))
                .help("write `{ config = \"NAME\" }`, `{ volume = \"NAME\" }` or `{ scratch = \"1Gi\" }`");
            decoder.report.push(diagnostic);
        }
        return;
    };
    let beside: [(_, &str, &[&str]); 6] = [
        (mount.items.origin, "items", &["config", "secret"]),
        (mount.mode.as_ref().map(|mode| mode.origin), "mode", &["config", "secret", "projected"]),
        (mount.file.as_ref().map(|file| file.origin), "file", &["config", "secret"]),
        (mount.memory.map(|memory| memory.origin), "memory", &["scratch"]),
        (mount.name.as_ref().map(|name| name.origin), "name", &["storage", "scratch"]),
        (mount.optional.map(|optional| optional.origin), "optional", &["config", "secret"]),
    ];
    for (origin, key, owners) in beside {
        let owner = owners.iter().map(|owner| format!("`{owner}`")).collect::<Vec<_>>().join(" or ");
        report_misplaced(origin.filter(|_| !owners.contains(&source)), key, &owner, decoder);
    }
    if let Some(sources) = &mount.projected {
        if sources.is_empty() && !decoder.is_doubtful(&["projected"]) {
            let diagnostic = Diagnostic::error("missing-key", "this directory has no source")
                .at(decoder.span(mount.origin), "")
                .help("write `projected = [{ config = \"NAME\" }, { secret = \"NAME\" }]`");
            decoder.report.push(diagnostic);
        }
        check_paths(sources, decoder);
    }
}

/// Reports mounts of what the stack does not declare.
pub fn check_references(mounts: &Mounts, world: &World, checking: &mut Checking) {
    for (_, mount) in mounts.iter() {
        for FileSource { table, name, keys } in mount.files() {
            let name = Written { value: name.value.to_string(), origin: name.origin };
            if keys.is_empty() {
                check_key(table, &name, None, world, checking);
            }
            for key in keys {
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
