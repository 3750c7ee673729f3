//! What the container of a database sees in its file system beside its disk: settings, scripts, mounts.

use super::{Db, scripts, settings};
use crate::bundle::{CauseId, Traced, traced};
use crate::component::parts::mounts::Volumes;
use crate::component::world::{Subject, World};
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::traced;
use k8s_openapi::api::core::v1 as core;

/// The volumes of a Pod beside its disk, and where its container mounts them.
pub(super) struct Files {
    /// Of the Pod.
    pub volumes: Vec<Traced<core::Volume>>,
    /// Of the container.
    pub mounts: Vec<Traced<core::VolumeMount>>,
}

impl Db {
    /// Volumes and where they are mounted; none is called like the disk.
    pub(super) fn files(&self, subject: Subject, disk: &str, world: &World) -> Files {
        let facts = self.engine.value.facts();
        let mut files = Files { volumes: Vec::new(), mounts: Vec::new() };
        if let Some(origin) = self.settings.origin.filter(|_| !self.settings.is_empty()) {
            let cause = world.derive("the server reads its settings where its image expects them", &[origin]);
            let path = facts.configuration.path;
            let file = Some(settings::file_name(path));
            files.add_config_map(&format!("{}{}", subject.name, settings::SUFFIX), path, file, cause);
        }
        if let (Some(origin), Some(taken)) = (self.scripts.origin.filter(|_| !self.scripts.is_empty()), &facts.scripts)
        {
            let cause = world.derive("the image runs scripts from this directory on the first start", &[origin]);
            let name = format!("{}{}", subject.name, scripts::SUFFIX);
            files.add_config_map(&name, taken.directory, None, cause);
        }
        let mut more = Volumes::beside(disk);
        files.mounts.extend(more.mount(&self.mounts, subject, world));
        files.volumes.extend(more.volumes);
        files
    }

    /// Reports mounts at places that are taken.
    pub(super) fn check_mounts(&self, checking: &mut Checking) {
        let facts = self.engine.value.facts();
        let settings = self.settings.origin.filter(|_| !self.settings.is_empty());
        let scripts = self.scripts.origin.filter(|_| !self.scripts.is_empty());
        let data = (facts.data)(self.major()).mount;
        let mut taken: Vec<(&str, OriginId, &str)> = vec![(data, self.engine.origin, "the data are there")];
        taken.extend(settings.map(|origin| (facts.configuration.path, origin, "the settings stand there")));
        let directory = facts.scripts.as_ref().map(|scripts| scripts.directory);
        taken.extend(scripts.zip(directory).map(|(origin, directory)| (directory, origin, "the scripts lie there")));
        for (path, mount) in self.mounts.iter() {
            let trimmed = path.value.as_str().trim_end_matches('/');
            if let Some((_, origin, why)) = taken.iter().find(|(taken, ..)| *taken == trimmed) {
                let diagnostic = Diagnostic::error("mounted-twice", format!("`{}` is taken", path.value))
                    .at(checking.key_span(path.origin), "")
                    .at(checking.key_span(*origin), *why)
                    .help("mount it at another path");
                checking.report.push(diagnostic);
            }
            if let Some(storage) = &mount.storage {
                let diagnostic = Diagnostic::error("second-disk", "a database has one disk of its own")
                    .at(checking.key_span(storage.origin), "")
                    .help("declare a `[volume.NAME]`, and mount it: `{ volume = \"NAME\" }`");
                checking.report.push(diagnostic);
            }
        }
    }
}

impl Files {
    /// A ConfigMap as a volume of its own name, read-only; `file` is the one key that is mounted as the file at `path`.
    fn add_config_map(&mut self, name: &str, path: &str, file: Option<&str>, cause: CauseId) {
        let source = traced!(cause, core::ConfigMapVolumeSource { name: name });
        self.volumes.push(traced!(cause, core::Volume { name: name, config_map: source }));
        self.mounts.push(traced!(
            cause,
            core::VolumeMount {
                name: name,
                mount_path: path,
                sub_path: file.map(|file| traced(file.to_owned(), cause)),
                read_only: true,
            }
        ));
    }
}
