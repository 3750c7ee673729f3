//! The address of a database holds the login, or none is given beside it.
//!
//! `postgresql://postgres:5432/shop` reads as if `postgres` were the user; it is the host, and there is no user. A program that reads the
//! address alone connects under the name of its process and without a password, whatever stands in `DB_USERNAME`.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [db.postgres]
//! engine = "postgres"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! uses.postgres = { DB_USERNAME = "user", DB_PASSWORD = "password" }
//! env = { DATABASE_URL = "postgresql://postgres:5432/shop" }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [db.postgres]
//! engine = "postgres"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! uses.postgres = "url"
//! ```
//!
//! An edge gives a whole one: `uses.postgres = "url"`, or `{ NAME = "url" }` for a name of your own. JDBC keeps the login beside the
//! address, so nothing is said of `jdbc:`. A program that puts both together is meant: `allow = { dsn-incomplete = "REASON" }`.

use super::credentials::{Likeness, likeness, logins};
use super::origin::table;
use super::pods::look_at_containers;
use super::variables::look_at_texts;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "dsn-incomplete",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("dsn_incomplete.rs"),
    check,
};

/// How addresses of databases begin that mostly want a login.
const SCHEMES: [&str; 5] = ["postgres://", "postgresql://", "mysql://", "mariadb://", "mongodb://"];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_containers(object, &mut |container, _| {
            let Some(password) = password(container) else { return };
            look_at_texts(container, &mut |value, name, text| {
                let is_address = SCHEMES.iter().any(|scheme| text.starts_with(scheme));
                if !is_address || logins(text).next().is_some() {
                    return;
                }
                let title =
                    format!("the address in `{name}` has no user, and `{password}` beside it is not part of it");
                let help = match table(context, object) {
                    Some(table) => {
                        let databases = context.stack.map(|stack| &stack.file.tables.db);
                        let database =
                            databases.and_then(|all| all.iter().next()).map_or("NAME", |(name, _)| name.value.as_str());
                        format!(
                            "write `uses.{database} = {{ {name} = \"url\" }}` below `[{table}]`, and remove `{name}` from `env`: the URL gets user and password"
                        )
                    }
                    None => format!(
                        "write `SCHEME://$(USER_VARIABLE):$({password})@HOST/DATABASE`, and define both variables above it"
                    ),
                };
                findings.add(index, value, title, help);
            });
        });
    }
}

/// The variable that holds the password of a database.
fn password(container: &At) -> Option<String> {
    let env = container.key("env");
    let is_of_database =
        |name: &str| ["DB", "DATABASE", "PG", "POSTGRES", "MYSQL", "MONGO"].iter().any(|word| name.contains(word));
    let mut names = env.items().map(|variable| variable.key("name").text());
    let found = names.find(|name| likeness(name) == Some(Likeness::Password) && is_of_database(name));
    found.map(str::to_owned)
}
