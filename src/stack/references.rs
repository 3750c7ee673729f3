//! The secrets that a stack needs, and who declares them.

use super::secrets::{Need, Reference};
use crate::component::file::Tables;
use crate::component::ingress::Tls;
use crate::component::parts::env::{EnvFrom, EnvValue, Table};
use crate::component::parts::mounts::Mounts;
use crate::component::parts::projected::FileSource;
use crate::component::parts::workload::Workload;
use crate::component::secret::{DeclaredSecret, dev_text};
use crate::shape::{Keyed, Written};
use crate::value::{EnvName, Name};

/// Every place of the stack that needs a secret.
pub fn secrets(tables: &Tables) -> Vec<Reference> {
    let mut references = Vec::new();
    let apis = tables.api.iter().map(|(name, api)| (name, &api.workload));
    let workers = tables.worker.iter().map(|(name, worker)| (name, &worker.workload));
    let cronjobs = tables.cronjob.iter().map(|(name, cronjob)| (name, &cronjob.workload));
    let jobs = tables.job.iter().map(|(name, job)| (name, &job.workload));
    for (name, workload) in apis.chain(workers).chain(cronjobs).chain(jobs) {
        of_workload(name, workload, &mut references);
    }
    for (name, db) in tables.db.iter().filter(|(_, db)| db.managed.is_none()) {
        of_variables(&db.env, &db.env_from, &mut references);
        of_mounts(&db.mounts, &mut references);
        let login = db.operator().map(|_| Reference { secret: db.secret_name(name), need: Need::Login });
        references.extend(login);
        references.extend(db.pull_secrets.iter().map(|name| Reference { secret: owned(name), need: Need::Pull }));
    }
    for (_, ingress) in tables.ingress.iter() {
        if let Some(Tls::Table(table)) = &ingress.tls
            && let Some(secret) = &table.secret
        {
            references.push(Reference { secret: owned(secret), need: Need::Tls });
        }
    }
    references
}

/// The secrets that databases and external services declare by naming them.
pub fn declared_secrets(tables: &Tables, stack: Written<&str>) -> Vec<DeclaredSecret> {
    let password = |secret: &str, key: &str| dev_password(tables, secret, key);
    let databases = tables.db.iter().filter_map(|(name, db)| db.secret(name, stack, password));
    let externals = tables.external.iter().filter_map(|(_, external)| external.declared_secret());
    databases.chain(externals).collect()
}

/// The text of a key under the source `dev`: the one that is written, else the one that is made.
fn dev_password(tables: &Tables, secret: &str, key: &str) -> String {
    let table = tables.secret.iter().find(|(name, _)| name.value.as_str() == secret).map(|(_, table)| table);
    let written = table.and_then(|table| table.dev.iter().find(|(name, _)| name.value.as_str() == key));
    written.map_or_else(|| dev_text(secret, key), |(_, text)| text.value.clone())
}

fn of_workload(name: &Written<Name>, workload: &Workload, references: &mut Vec<Reference>) {
    for container in workload.containers(name.as_ref().map(Name::as_str)) {
        of_variables(container.env, container.env_from, references);
        of_mounts(container.mounts, references);
    }
    references.extend(workload.pull_secrets.iter().map(|name| Reference { secret: owned(name), need: Need::Pull }));
}

fn of_variables(env: &Keyed<EnvName, EnvValue>, sources: &[Written<EnvFrom>], references: &mut Vec<Reference>) {
    for (_, value) in env.iter() {
        let EnvValue::Reference(reference) = value else { continue };
        if let (Some(secret), Some(key)) = (&reference.secret, &reference.key)
            && !reference.optional.is_some_and(|optional| optional.value)
        {
            references.push(Reference { secret: owned(secret), need: Need::Key(owned(key)) });
        }
    }
    for source in sources {
        if let EnvFrom::Secret(name) = &source.value {
            let secret = Written { value: name.to_string(), origin: source.origin };
            references.push(Reference { secret, need: Need::All });
        }
    }
}

fn of_mounts(mounts: &Mounts, references: &mut Vec<Reference>) {
    let files = mounts.iter().flat_map(|(_, mount)| mount.files());
    for FileSource { name, keys, .. } in files.filter(|files| files.table == Table::Secret) {
        let needs: Vec<_> = keys.into_iter().map(|key| Need::Key(owned(key))).collect();
        let needs = if needs.is_empty() { vec![Need::All] } else { needs };
        references.extend(needs.into_iter().map(|need| Reference { secret: owned(name), need }));
    }
}

fn owned<T: ToString>(written: &Written<T>) -> Written<String> {
    written.as_ref().map(ToString::to_string)
}
