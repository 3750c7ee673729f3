//! The backup of a database: a CronJob that dumps it onto a disk, and the scripts that it shares with the restore.

use super::check_volume;
use super::companion::{Companion, Request, backup_name};
use crate::bundle::{Bundle, Traced, traced};
use crate::component::engines::Content;
use crate::component::parts::container::pull_policy;
use crate::component::parts::mounts::Claim;
use crate::component::parts::resources::{Resources, check_bytes};
use crate::component::parts::security::{Implied, MainContainer};
use crate::component::parts::workload::pull_secrets;
use crate::component::world::{World, add, entries, text};
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::shape::{Decoder, Leaf, Positive, Short, Written, entry};
use crate::value::{ObjectName, Quantity, Schedule, TimeZone};
use crate::{table, traced};
use k8s_openapi::api::batch::v1 as batch;
use k8s_openapi::api::core::v1 as core;

table! {
    /// The disk of backups: a PersistentVolumeClaim `NAME-backup`, or a `[volume]` of one's own.
    pub struct BackupDisk("backup storage") {
        /// Its size: "20Gi".
        size: Option<Written<Quantity>>,
        /// The storage class; `cluster.storage.class` where it is left out.
        class: Option<Written<ObjectName>>,
        /// A `[volume]` of one's own in place of a claim made here.
        volume: Option<Written<ObjectName>>,
    }
    form {
        exclusive: &[&["size", "volume"], &["class", "volume"]],
        short: Some(Short {
            what: "a size such as \"20Gi\"",
            kind: <Quantity as Leaf>::KIND,
            expand: |node| entry(node, "size"),
        }),
    }
    validate check_disk;
}

table! {
    /// Dumps a database by the clock onto a disk of its own, and keeps the newest dumps. A dump gets its name only once
    /// it is complete and was read back.
    pub struct Backup("backup") {
        /// Minute, hour, day of month, month, day of week: "0 2 * * *".
        schedule: Written<Schedule>,
        /// The time zone of the schedule, such as "Asia/Tokyo"; UTC where it is left out.
        timezone: Option<Written<TimeZone>>,
        /// The disk: a size, `{ size, class }` or `{ volume }`.
        storage: Option<BackupDisk>,
        /// How many dumps are kept, the newest ones; 7 where it is left out.
        keep: Option<Written<Positive>>,
        /// What a dump, or the Job that loads one, asks for and may use.
        resources: Option<Resources>,
    }
    validate check_storage;
}

/// A dump is a stream.
const REQUEST: Request = Request { cpu: "100m", memory: "128Mi" };

/// How many dumps are kept where the stack names no number: those of a week.
const KEEP: i32 = 7;

/// How late a run may start, in seconds: later ones are left out, so that a backup does not fall into the day.
const STARTING_DEADLINE: i64 = 3600;

/// Time after which a run is ended as failed, in seconds: one that hangs would keep all later ones from starting.
pub(super) const DEADLINE: i64 = 43200;

/// Where a container sees the disk of backups.
const FOLDER: &str = "/backup";

/// Where a container sees the scripts.
const SCRIPTS: &str = "/scripts";

/// One run of a script.
pub(super) struct Run {
    /// Its file in the ConfigMap.
    pub script: &'static str,
    /// What happens when it fails: `OnFailure` tries again in the same Pod, `Never` leaves the Pod and what it said.
    pub restart: &'static str,
    /// The variables beside those of the engine.
    pub variables: Vec<Traced<core::EnvVar>>,
}

impl Backup {
    /// Adds the CronJob, its scripts and its disk.
    pub(super) fn lower(&self, companion: &Companion, bundle: &mut Bundle) {
        self.add_claim(companion, bundle);
        add_scripts(companion, bundle);
        let cause =
            companion.derive("a backup runs alone, is tried again and not for ever, and leaves what it said behind");
        let dump = Run { script: "backup.sh", restart: "OnFailure", variables: self.keep_variables(companion) };
        let run = traced!(
            cause,
            batch::JobSpec {
                backoff_limit: 2,
                active_deadline_seconds: DEADLINE,
                template: self.pods(companion, dump),
            }
        );
        let timezone = || {
            let rule = "a schedule without a time zone would be in that of the cluster's controller";
            traced("Etc/UTC".to_owned(), companion.derive(rule))
        };
        let spec = traced!(
            cause,
            batch::CronJobSpec {
                schedule: text(&self.schedule),
                time_zone: self.timezone.as_ref().map_or_else(timezone, text),
                concurrency_policy: "Forbid",
                starting_deadline_seconds: STARTING_DEADLINE,
                successful_jobs_history_limit: 3,
                failed_jobs_history_limit: 3,
                job_template: traced!(cause, batch::JobTemplateSpec { spec: run }),
            }
        );
        let object = traced!(companion.subject.origin, batch::CronJob { metadata: companion.metadata(), spec: spec });
        add(bundle, companion.subject, "backup", object);
    }

    /// Pods that run one of the scripts.
    pub(super) fn pods(&self, companion: &Companion, run: Run) -> Traced<core::PodTemplateSpec> {
        let (db, world) = (companion.db, companion.world);
        let security = db.security.as_ref().and_then(|security| {
            let disk_group = db.disk_group(security, world);
            security.lower_pod_with(Implied { disk_group, ..db.implied(security, world) })
        });
        let spec = traced!(
            companion.subject.origin,
            core::PodSpec {
                restart_policy: run.restart,
                automount_service_account_token: companion.no_token(),
                enable_service_links: companion.service_links(),
                security_context: security,
                node_selector: entries(&db.node_selector),
                image_pull_secrets: pull_secrets(&db.pull_secrets, world),
                containers: vec![self.container(companion, run)],
                volumes: self.volumes(companion),
            }
        );
        traced!(companion.subject.origin, core::PodTemplateSpec { metadata: companion.pod_metadata(), spec: spec })
    }

    fn container(&self, companion: &Companion, run: Run) -> Traced<core::Container> {
        let (db, world) = (companion.db, companion.world);
        let runs = companion.derive("a backup is made and loaded by the tools of the server's own image");
        let script = format!("{SCRIPTS}/{}", run.script);
        let mut env = companion.variables((db.engine.value.facts().companions.client)(&companion.client()));
        env.extend(run.variables);
        let mount = |name: &str, path: &str, read_only: Option<bool>| {
            traced!(runs, core::VolumeMount { name: name, mount_path: path, read_only: read_only })
        };
        traced!(
            companion.subject.origin,
            core::Container {
                name: traced(companion.subject.name.to_owned(), companion.subject.origin),
                image: db.image(world),
                image_pull_policy: pull_policy(db.pull_policy, world),
                command: Vec::from(["sh", &script].map(|word| traced(word.to_owned(), runs))),
                env: env,
                resources: companion.resources(self.resources.as_ref(), &REQUEST),
                volume_mounts: vec![
                    mount("backup", FOLDER, None),
                    mount("scripts", SCRIPTS, Some(true)),
                    mount("tmp", "/tmp", None),
                ],
                security_context: db.security.as_ref().and_then(|security| security.lower_container(MainContainer::No)),
            }
        )
    }

    /// Where dumps are, and what they are called: the variables that both scripts read.
    pub(super) fn variables(&self, companion: &Companion) -> Vec<Traced<core::EnvVar>> {
        const RULE: &str = "the scripts find the dumps of this database by these variables";
        let texts = [("BACKUP_NAME", companion.subject.component), ("BACKUP_FOLDER", FOLDER)];
        companion.variables(texts.map(|(name, value)| (name, Content::Text(value.to_owned(), RULE))).into())
    }

    fn keep_variables(&self, companion: &Companion) -> Vec<Traced<core::EnvVar>> {
        let usual = || {
            traced(KEEP.to_string(), companion.derive("the backups of a week are kept where the stack names no number"))
        };
        let keep = self.keep.map_or_else(usual, |keep| traced(keep.value.get().to_string(), keep.origin));
        let mut variables = self.variables(companion);
        variables.push(traced!(keep.cause(), core::EnvVar { name: "BACKUP_KEEP", value: keep }));
        variables.push(field_variable(companion, "BACKUP_RUN", "metadata.name"));
        variables
    }

    /// The disk, the scripts, and a directory for what a run needs on its way.
    fn volumes(&self, companion: &Companion) -> Vec<Traced<core::Volume>> {
        let shared = companion.derive("backup and restore share the disk and the scripts");
        let own = backup_name(companion.subject.component);
        let claim = match self.storage.as_ref().and_then(|storage| storage.volume.as_ref()) {
            Some(volume) => text(volume),
            None => traced(own.clone(), shared),
        };
        let disk = traced!(claim.cause(), core::PersistentVolumeClaimVolumeSource { claim_name: claim });
        let scripts = traced!(shared, core::ConfigMapVolumeSource { name: own });
        vec![
            traced!(shared, core::Volume { name: "backup", persistent_volume_claim: disk }),
            traced!(shared, core::Volume { name: "scripts", config_map: scripts }),
            traced!(shared, core::Volume { name: "tmp", empty_dir: core::EmptyDirVolumeSource::default() }),
        ]
    }

    fn add_claim(&self, companion: &Companion, bundle: &mut Bundle) {
        let Some((disk, size)) = self.storage.as_ref().and_then(|disk| Some((disk, disk.size.as_ref()?))) else {
            return;
        };
        let of_cluster =
            || companion.world.cluster.storage.as_ref().and_then(|storage| storage.class.as_ref()).map(text);
        let class = disk.class.as_ref().map(text).or_else(of_cluster);
        let claim = Claim { size, access: None, class, labels: Vec::new() };
        let metadata = companion.metadata();
        let object = traced!(disk.origin, core::PersistentVolumeClaim { metadata: metadata, spec: claim.spec() });
        add(bundle, companion.subject, "backup-volume", object);
    }

    /// Whether a claim is made, and not a `[volume]` used.
    pub(super) fn makes_volume(&self) -> bool {
        self.storage.as_ref().is_some_and(|disk| disk.size.is_some())
    }

    /// Reports what does not fit the rest of the stack.
    pub(super) fn check(&self, world: &World, checking: &mut Checking) {
        if let Some(resources) = &self.resources {
            resources.check(checking);
        }
        let Some(disk) = &self.storage else { return };
        if let Some(size) = &disk.size {
            check_bytes(size, checking);
        }
        if let Some(volume) = &disk.volume {
            check_volume(volume, world, checking);
        }
    }
}

/// A variable that holds a field of the Pod.
pub(super) fn field_variable(companion: &Companion, name: &str, path: &str) -> Traced<core::EnvVar> {
    let cause = companion.derive("a run of a script knows its Pod");
    let field = traced!(cause, core::ObjectFieldSelector { field_path: path });
    traced!(cause, core::EnvVar { name: name, value_from: traced!(cause, core::EnvVarSource { field_ref: field }) })
}

/// Adds the ConfigMap with the scripts, where `kubectl describe` shows them as they are.
fn add_scripts(companion: &Companion, bundle: &mut Bundle) {
    let cause =
        companion.derive("a backup is made and loaded by scripts, which differ in the tools of the engine only");
    let scripts = [
        ("backup.sh", include_str!("../../../templates/backup/backup.sh")),
        ("engine.sh", companion.db.engine.value.facts().companions.script),
        ("restore.sh", include_str!("../../../templates/backup/restore.sh")),
    ];
    let data: Vec<_> = scripts.map(|(name, script)| (name.to_owned(), traced(script.to_owned(), cause))).into();
    let object = traced!(companion.subject.origin, core::ConfigMap { metadata: companion.metadata(), data: data });
    add(bundle, companion.subject, "backup-scripts", object);
}

fn check_disk(disk: &BackupDisk, decoder: &mut Decoder) {
    if disk.size.is_none() && disk.volume.is_none() && !decoder.is_doubtful(&["size", "volume"]) {
        let diagnostic = Diagnostic::error("missing-key", "this disk for backups has no size")
            .at(decoder.span(disk.origin), "needs `size` or `volume`")
            .help("add `size = \"20Gi\"`, or write `storage = { volume = \"NAME\" }` for a `[volume]` of your own");
        decoder.report.push(diagnostic);
    }
}

fn check_storage(backup: &Backup, decoder: &mut Decoder) {
    if backup.storage.is_none() && !decoder.is_doubtful(&["storage"]) {
        let diagnostic = Diagnostic::error("missing-key", "this backup has no disk")
            .at(decoder.span(backup.origin), "needs `storage`")
            .help("add `storage = \"20Gi\"`: room for the dumps that are kept, and for one more");
        decoder.report.push(diagnostic);
    }
}
