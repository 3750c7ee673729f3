//! A database server is given the password of its owner.
//!
//! The official images refuse to make a database without one: the container ends with a message, and is started again and again.
//!
//! ```yaml fail
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
//!       - {name: postgres, image: "postgres:16"}
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [db.postgres]
//! engine = "postgres"
//! ```
//!
//! A `[db]` has it from its Secret. In YAML define the variable that the message names from a Secret. Containers that get whole ConfigMaps or
//! Secrets as variables are let be.

use super::pods::look_at_containers;
use super::servers::Server;
use super::variables::{has_any, is_open, text_of};
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "db-password-missing",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("db_password_missing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_containers(object, &mut |container, role| {
            let Some(server) = Server::of(object, container, role) else { return };
            let Some(wanted) = missing(server, container).filter(|_| !is_open(container)) else { return };
            let name = container.key("name").text();
            let title = format!("the server in container `{name}` does not start without `{wanted}`");
            let help = match context.stack {
                Some(_) => format!("write a `[db.{name}]` in place of it, or define `{wanted}` from a Secret"),
                None => format!("define `{wanted}` by `valueFrom.secretKeyRef`"),
            };
            findings.add(index, &container.key("env"), title, help);
        });
    }
}

/// The variable without which the image makes no database. Sources: the pages of the official images.
fn missing(server: Server, container: &At) -> Option<&'static str> {
    let (wanted, enough): (_, &[&str]) = match server {
        Server::Postgres if text_of(container, "POSTGRES_HOST_AUTH_METHOD") == "trust" => return None,
        Server::Postgres => ("POSTGRES_PASSWORD", &["POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE"]),
        Server::Mysql => ("MYSQL_ROOT_PASSWORD", &OF_MYSQL),
        Server::Mariadb => ("MARIADB_ROOT_PASSWORD", &OF_MARIADB),
        Server::Mongodb => return None,
    };
    (!has_any(container, enough)).then_some(wanted)
}

const OF_MYSQL: [&str; 4] =
    ["MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD_FILE", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"];

const OF_MARIADB: [&str; 10] = [
    "MARIADB_ROOT_PASSWORD",
    "MARIADB_ROOT_PASSWORD_FILE",
    "MARIADB_ROOT_PASSWORD_HASH",
    "MARIADB_ROOT_PASSWORD_HASH_FILE",
    "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
    "MARIADB_RANDOM_ROOT_PASSWORD",
    "MYSQL_ROOT_PASSWORD",
    "MYSQL_ROOT_PASSWORD_FILE",
    "MYSQL_ALLOW_EMPTY_PASSWORD",
    "MYSQL_RANDOM_ROOT_PASSWORD",
];
