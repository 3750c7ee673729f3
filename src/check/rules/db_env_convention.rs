//! A container that is told the user of a database is told its host.
//!
//! libpq reads host, user, password and database from `PGHOST`, `PGUSER`, `PGPASSWORD` and `PGDATABASE`. Without `PGHOST` it looks for a
//! server beside it, on `localhost`, and the program ends with `ECONNREFUSED 127.0.0.1:5432`. A `DB_HOST` it does not know.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env = { DB_HOST = "postgres", PGUSER = "mails", PGDATABASE = "shop" }
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
//! uses = ["postgres"]
//! ```
//!
//! An edge gives all of them: `uses = ["postgres"]`. Where the host is an argument, in an address or in a file that the Pod mounts,
//! nothing is said.

use super::origin::help_for_container;
use super::pods::look_at_containers;
use super::variables::{has_any, is_open, look_at_texts, look_at_words};
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Field;
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "db-env-convention",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("db_env_convention.rs"),
    check,
};

/// Of these variables a program says who it is.
const LOGIN: [&str; 3] = ["PGUSER", "PGPASSWORD", "PGDATABASE"];
/// By these it knows where the server is.
const PLACE: [&str; 5] = ["PGHOST", "PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "DATABASE_URL"];
/// By these other programs know it.
const OTHERS: [&str; 4] = ["DB_HOST", "DATABASE_HOST", "POSTGRES_HOST", "POSTGRESQL_HOST"];
/// By these an image knows that it is the server itself.
const SERVER: [&str; 4] = ["POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", "POSTGRES_HOST_AUTH_METHOD", "PGDATA"];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_containers(object, &mut |container, _| {
            let env = container.key("env");
            let Some(login) = env.items().find(|variable| LOGIN.contains(&variable.key("name").text())) else { return };
            let is_told = has_any(container, &PLACE) || is_open(container) || names_place(container);
            if is_told || has_any(container, &SERVER) || reads_place(context, index) {
                return;
            }
            let (name, known) = (container.key("name").text(), login.key("name").text());
            let other = env.items().find(|variable| OTHERS.contains(&variable.key("name").text()));
            let title = match &other {
                Some(other) => format!(
                    "container `{name}` has `{known}` and no `PGHOST`: libpq does not read `{}`",
                    other.key("name").text()
                ),
                None => format!(
                    "container `{name}` has `{known}` and no `PGHOST`, so it looks for the database on `localhost`"
                ),
            };
            let yaml = "add `PGHOST` with the name of the database's Service";
            let help = help_for_container(context, object, name, "uses = [\"NAME\"]", yaml);
            let help = if help == yaml {
                help
            } else {
                format!("{help}, with the name of the database: it gives all of them")
            };
            let help = match &other {
                Some(other) => format!("rename `{}` to `PGHOST`; or {help}", other.key("name").text()),
                None => help,
            };
            let finding = findings.add(index, &login.key("name"), title, help);
            finding.related.extend(other.map(|other| (other.key("name").cause(), "nobody reads this".to_owned())));
        });
    }
}

/// Whether a file of a ConfigMap that the Pod mounts says where a server is: `host=db`, `host: db`, `"host": "db"`.
fn reads_place(context: &Context, workload: usize) -> bool {
    let mounts = context.graph.edges_from(workload).iter().filter(|edge| edge.relation == Relation::Mounts);
    let objects = mounts.flat_map(|edge| &edge.found).map(|found| &context.bundle.objects[*found]);
    let files = objects.filter_map(|object| object.root.get("data")).flat_map(Field::entries);
    files.filter_map(|(_, file)| file.as_str()).any(has_host)
}

/// Whether a text sets something whose name ends with `host`.
fn has_host(text: &str) -> bool {
    text.match_indices("host").any(|(start, word)| {
        let behind = text[start + word.len()..].trim_start_matches(['"', '\'', ' ']);
        behind.starts_with(['=', ':'])
    })
}

/// Whether a text or an argument says where the server is.
fn names_place(container: &At) -> bool {
    let mut found = false;
    look_at_texts(container, &mut |_, _, text| found |= text.contains("host=") || text.contains("://"));
    look_at_words(container, &mut |_, text| {
        let options = ["-h", "--host", "host=", "://"];
        found |= options.iter().any(|option| text.contains(option));
    });
    found
}
