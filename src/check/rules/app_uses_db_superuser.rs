//! Applications do not log in as the owner of the database server.
//!
//! The user `postgres`, and `root` of MySQL, may do everything with every database of the server, and with its files. A hole in one
//! application is then one in all of them.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env = { DB_HOST = "db.example.com", DB_USER = "postgres" }
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env = { DB_HOST = "db.example.com", DB_USER = "mails" }
//! ```
//!
//! Give each application a user of its own that owns its database. In a stack that is `user = "NAME"` of the `[db]`; without it the
//! user is called like the stack. The server itself, its backup and its exporter are let be.

use super::credentials::logins;
use super::origin::is_companion;
use super::pods::look_at_containers;
use super::servers::Server;
use super::variables::look_at_texts;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "app-uses-db-superuser",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("app_uses_db_superuser.rs"),
    check,
};

/// Variables that hold the user of a database.
const USERS: [&str; 12] = [
    "PGUSER",
    "DB_USER",
    "DB_USERNAME",
    "DATABASE_USER",
    "DATABASE_USERNAME",
    "DATA_SOURCE_USER",
    "JDBC_DATABASE_USERNAME",
    "MYSQL_USER",
    "POSTGRES_USER",
    "POSTGRESQL_USER",
    "QUARKUS_DATASOURCE_USERNAME",
    "SPRING_DATASOURCE_USERNAME",
];

/// Owners of servers, and how addresses of these servers begin.
const OWNERS: [(&str, &[&str]); 2] =
    [("postgres", &["postgres://", "postgresql://"]), ("root", &["mysql://", "mariadb://"])];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        if is_companion(context, object) {
            continue;
        }
        look_at_containers(object, &mut |container, role| {
            if Server::of(object, container, role).is_some() {
                return;
            }
            look_at_texts(container, &mut |value, name, text| {
                let is_user = |owner: &str| USERS.contains(&name) && text == owner;
                let logs_in = |owner: &str, schemes: &[&str]| {
                    schemes.iter().any(|scheme| text.starts_with(scheme))
                        && logins(text).any(|login| login.user == owner)
                };
                let owner = OWNERS.iter().find(|(owner, schemes)| is_user(owner) || logs_in(owner, schemes));
                if let Some((owner, _)) = owner {
                    let title = format!(
                        "container `{}` logs in as `{owner}`, who owns the whole server",
                        container.key("name").text()
                    );
                    let help = match context.stack {
                        Some(_) => {
                            format!(
                                "write a user of its own in place of `{owner}`: a `[db.NAME]` makes the one that its `user` names"
                            )
                        }
                        None => format!("make a user that owns this one database, and write it in place of `{owner}`"),
                    };
                    findings.add(index, value, title, help);
                }
            });
        });
    }
}
