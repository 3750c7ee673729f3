//! Several replicas of a database server replicate to one another.
//!
//! The official images of PostgreSQL, MySQL, MariaDB and MongoDB do not replicate by themselves: each Pod begins with a database of its
//! own. A Service over them answers now from one and now from another, and what was written through one is missing in the rest.
//!
//! ```yaml fail
//! apiVersion: apps/v1
//! kind: StatefulSet
//! metadata: {name: postgres}
//! spec:
//!   serviceName: postgres
//!   replicas: 3
//!   selector: {matchLabels: {app: postgres}}
//!   template:
//!     metadata: {labels: {app: postgres}}
//!     spec:
//!       containers:
//!       - name: postgres
//!         image: postgres:16
//!         env: [{name: POSTGRES_PASSWORD, valueFrom: {secretKeyRef: {name: postgres, key: password}}}]
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//! namespace = "shop"
//!
//! [db.postgres]
//! engine = "postgres"
//! via = "cloudnative-pg"
//! replicas = 3
//! storage = "5Gi"
//! ```
//!
//! Write `replicas: 1`, let an operator run the servers (`via = "cloudnative-pg"` at a `[db.NAME]`), or take a database that somebody else
//! runs. Servers that are started with a command, settings or containers of their own are let be: they may replicate.

use super::origin::table;
use super::pods::{ContainerRole, look_at_containers, look_at_template};
use super::replicas::least;
use super::servers::Server;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{CauseId, Object};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "db-replicas-without-replication",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("db_replicas_without_replication.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        let pods = least(context, index);
        if pods < 2 {
            continue;
        }
        let Some((name, server)) = plain_server(object) else { continue };
        let root = At::root(&object.root);
        let spec = root.key("spec");
        let title = format!("{pods} replicas of container `{name}` would be {pods} separate databases");
        let help = match table(context, object) {
            Some(table) => {
                format!(
                    "write a `[db.{name}]` with `via = \"cloudnative-pg\"` in place of `[{table}]`, or `replicas = 1`"
                )
            }
            None => "write `replicas: 1`, or let an operator run the servers".to_owned(),
        };
        let finding = findings.add(index, &spec.key("replicas"), title, help);
        finding.related.push((server, "does not replicate by itself".to_owned()));
    }
}

/// The name of the only container and why its image is as it is, where that is a database server as its image starts it.
fn plain_server(object: &Object) -> Option<(String, CauseId)> {
    let (mut containers, mut found) = (0, None);
    look_at_containers(object, &mut |container, role| {
        containers += 1;
        let is_plain = container.key("command").is_empty() && container.key("args").is_empty();
        if Server::of(object, container, role).is_some() && role == ContainerRole::Main && is_plain {
            found = Some((container.key("name").text().to_owned(), container.key("image").cause()));
        }
    });
    found.filter(|_| containers == 1 && !is_configured(object))
}

/// Whether files are mounted where the images look for settings and for scripts of the first start.
fn is_configured(object: &Object) -> bool {
    const DIRECTORIES: [&str; 3] = ["/etc", "/docker-entrypoint-initdb.d", "/usr/local"];
    let mut is_configured = false;
    look_at_template(object, &mut |template| {
        let spec = template.key("spec");
        for container in spec.key("containers").items() {
            for mount in container.key("volumeMounts").items() {
                let path = mount.key("mountPath");
                is_configured |= DIRECTORIES.iter().any(|directory| path.text().starts_with(directory));
            }
        }
    });
    is_configured
}
