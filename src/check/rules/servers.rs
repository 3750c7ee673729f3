//! Which database server a container runs.

use super::pods::ContainerRole;
use crate::bundle::Object;
use crate::check::place::At;

/// A database by whose official image a container is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    Mysql,
    /// MariaDB.
    Mariadb,
    /// MongoDB.
    Mongodb,
}

impl Server {
    /// The server that a container runs, where it is one: an official image in a workload that lasts, which neither command
    /// nor arguments make a client.
    pub fn of(object: &Object, container: &At, role: ContainerRole) -> Option<Self> {
        if role != ContainerRole::Main || matches!(object.kind_name(), "Job" | "CronJob") || is_client(container) {
            return None;
        }
        Self::of_image(container.key("image").text())
    }

    /// The server in an official image.
    pub fn of_image(image: &str) -> Option<Self> {
        let name = image.split('@').next().unwrap_or_default();
        let name =
            ["docker.io/", "index.docker.io/"].iter().find_map(|registry| name.strip_prefix(registry)).unwrap_or(name);
        let name = name.strip_prefix("library/").unwrap_or(name);
        match name.split(':').next().unwrap_or_default() {
            "postgres" => Some(Self::Postgres),
            "mysql" => Some(Self::Mysql),
            "mariadb" => Some(Self::Mariadb),
            "mongo" => Some(Self::Mongodb),
            _ => None,
        }
    }
}

/// Whether the container starts something else than the server of its image.
fn is_client(container: &At) -> bool {
    const SERVERS: [&str; 6] = ["docker-entrypoint.sh", "postgres", "mysqld", "mariadbd", "mongod", "-"];
    let starts_server =
        |word: &str| SERVERS.iter().any(|server| word.rsplit('/').next().unwrap_or(word).starts_with(server));
    let (command, args) = (container.key("command"), container.key("args"));
    let first = if command.is_empty() { args.item(0).text() } else { command.item(0).text() };
    !first.is_empty() && !starts_server(first)
}
