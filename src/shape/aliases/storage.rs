//! Words for disks, mounts and databases.

use super::{CONTAINERS, Row, Show, Tables, WORKLOADS, Word, at, other, same, say, scalar};
use crate::document::inline::{inline, literal, table};
use crate::document::{Table, Value};

/// The words.
pub const ROWS: &[Row] = &[
    other(&["volumes", "volumeMounts", "volume", "mount", "extraVolumeMounts"], "mounts", mounts),
    say(&["tmpfs", "emptyDir"], CONTAINERS, "mounts", "write `mounts = { \"/tmp\" = { scratch = \"64Mi\" } }`"),
    say(&["volumeClaimTemplates"], WORKLOADS, "mounts", "write `mounts = { \"/data\" = { storage = \"5Gi\" } }`"),
    Row {
        words: &["persistence", "storage"],
        tables: Tables::Named(&["api", "worker", "job", "cronjob"]),
        key: "mounts",
        show: Show::Of(disk),
    },
    say(&["emptyDir", "tmpfs"], MOUNT, "scratch", "write `scratch = \"1Gi\"`"),
    Row {
        words: &["persistentVolumeClaim", "pvc", "claimName", "existingClaim"],
        tables: MOUNT,
        key: "claim",
        show: Show::Of(claim),
    },
    Row { words: &["hostPath", "bind"], tables: MOUNT, key: "host", show: Show::Of(host) },
    say(
        &["mountPath", "path", "target"],
        MOUNT,
        "",
        "remove it: the path is the key, as in `mounts = { \"/data\" = { … } }`",
    ),
    say(&["subPath", "key"], MOUNT, "file", "write `file = VALUE`: mounts this one key as the file at the path"),
    same(&["defaultMode"], "mode"),
    same(&["sizeLimit"], "scratch"),
    same(&["ro"], "read-only"),
    Row {
        words: &["size", "capacity", "disk"],
        tables: Tables::Named(&["volume", "db"]),
        key: "storage",
        show: Show::Value,
    },
    Row {
        words: &["persistence", "volume", "volumes", "resources.requests.storage"],
        tables: DB,
        key: "storage",
        show: Show::Of(size),
    },
    Row { words: &["resources"], tables: Tables::Named(&["volume"]), key: "storage", show: Show::Of(size) },
    same(&["storageClassName", "storageClass"], "class"),
    say(
        &["storageClassName", "storageClass", "class"],
        DB,
        "storage",
        "write `storage = { size = \"5Gi\", class = VALUE }`",
    ),
    Row { words: &["accessModes", "accessMode"], tables: Tables::WithKey, key: "access", show: Show::Of(access) },
    Row { words: &["type", "kind", "driver"], tables: DB, key: "engine", show: Show::Value },
    Row { words: &["dbname", "databaseName", "name"], tables: DB, key: "database", show: Show::Value },
    Row { words: &["username", "login"], tables: CONNECTED, key: "user", show: Show::Value },
    say(
        &["password", "rootPassword", "auth", "pass"],
        CONNECTED,
        "keys",
        "write `secret = \"NAME\"` and `keys = { password = \"KEY\" }`: a stack holds no passwords",
    ),
    say(&["existingSecret", "secretName"], CONNECTED, "secret", "write `secret = VALUE`"),
    say(&["tag"], DB, "version", "write `version = VALUE`"),
    say(&["command"], DB, "args", "write `args = VALUE`: the image's own entry point makes the database"),
    say(&["uses", "depends_on", "wait"], DB, "", "write `uses` in the component that connects to the database"),
    say(
        &["config", "configuration", "parameters", "conf", "my.cnf", "postgresql.conf", "redis.conf", "mysqld"],
        DB,
        "settings",
        "write `settings = { max_connections = 200 }`, with the names of the engine's manual",
    ),
    say(
        &["external", "externalDatabase"],
        DB,
        "managed",
        "for a database outside the cluster write `managed = { host = \"db.example.com\" }`",
    ),
    say(&["operator"], DB, "via", "write `via = \"cloudnative-pg\"`"),
    say(
        &["replication", "highAvailability", "readReplicas", "architecture"],
        DB,
        "replicas",
        "write `replicas = 3`, which is the primary and 2 replicas, and `via = \"cloudnative-pg\"`, the operator that runs them",
    ),
    say(
        &["initdb", "initdbScripts", "initScripts", "init"],
        DB,
        "scripts",
        "put the SQL into a file `db/01.sql`, and write `scripts = { \"01.sql\" = \"db/01.sql\" }`",
    ),
];

const MOUNT: Tables = Tables::Named(&["mount"]);
const DB: Tables = Tables::Named(&["db"]);
const CONNECTED: Tables = Tables::Named(&["db", "external"]);

/// Compose's list of "SOURCE:PATH", or Kubernetes' list of tables.
fn mounts(word: &Word) -> Option<String> {
    let Value::Array(items) = word.value else { return None };
    let mut mounts = Vec::new();
    let mut declared = Vec::new();
    for item in items {
        let (path, source, declares) = mount(&item.value)?;
        mounts.push((path.to_owned(), source));
        declared.extend(declares);
    }
    let mounts = table(mounts.iter().map(|(path, source)| (path.as_str(), source.clone())));
    Some(match declared.join(" and ").as_str() {
        "" => format!("write `mounts = {mounts}`"),
        declared => format!("write `mounts = {mounts}`, and declare {declared}"),
    })
}

fn claim(word: &Word) -> Option<String> {
    let name = word.value_table().map_or(Some(word.value), |table| at(table, &["claimName"])).and_then(scalar);
    let name = literal(name.unwrap_or("NAME"));
    Some(format!("write `volume = {name}` for a `[volume]` of the stack, `claim = {name}` for one that exists"))
}

fn host(word: &Word) -> Option<String> {
    let path = word.value_table().map_or(Some(word.value), |table| at(table, &["path"])).and_then(scalar);
    Some(format!("write `host = {}`", literal(path.unwrap_or("/PATH"))))
}

/// Path, source, and what must be declared for it.
fn mount(item: &Value) -> Option<(&str, String, Option<String>)> {
    match item {
        Value::String(text) => {
            let mut parts = text.split(':');
            let first = parts.next()?;
            match parts.next() {
                None => Some((first, table([("scratch", literal("1Gi"))]), None)),
                Some(path) => {
                    let (source, declared) = bound(first);
                    Some((path, source, Some(declared)))
                }
            }
        }
        Value::Table(entry) => {
            let of = |words: &[&str]| words.iter().find_map(|word| scalar(&entry.get(word)?.value));
            let path = of(&["mountPath", "target"])?;
            let name = of(&["name", "source"]).unwrap_or("NAME");
            let (source, declared) = bound(name);
            Some((path, source, Some(declared)))
        }
        _ => None,
    }
}

/// A file or folder beside the stack is a config, a name is a volume.
fn bound(source: &str) -> (String, String) {
    if source.starts_with(['.', '~', '/']) {
        let name: String =
            source.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '-' }).collect();
        let name = name.trim_matches('-').to_lowercase();
        let name = if name.is_empty() { "files".to_owned() } else { name };
        let path = source.trim_start_matches("./");
        let file = path.rsplit('/').next().filter(|file| file.trim_start_matches('.').contains('.'));
        return match file {
            Some(file) => (
                table([("config", literal(&name)), ("file", literal(file))]),
                format!("`[config.{name}]` with `files = {}`", table([(file, literal(path))])),
            ),
            None => {
                (table([("config", literal(&name))]), format!("`[config.{name}]` with `files = {}`", literal(path)))
            }
        };
    }
    let volume = table([("volume", literal(source))]);
    (volume, format!("`[volume.{source}]` with `storage = \"1Gi\"`"))
}

/// The same where a disk is a table of its own.
fn disk(word: &Word) -> Option<String> {
    let size = match word.value {
        Value::Table(table) => find_size(table),
        value => scalar(value).map(str::to_owned),
    };
    Some(format!(
        "write `mounts = {{ \"/data\" = {{ volume = \"NAME\" }} }}`, and declare `[volume.NAME]` with `storage = {}`",
        literal(size.as_deref().unwrap_or("1Gi"))
    ))
}

/// `persistence = { size = "5Gi" }`, or a claim's `resources = { requests = { storage = "5Gi" } }`.
fn size(word: &Word) -> Option<String> {
    let size = match word.value {
        Value::Table(table) => find_size(table)?,
        value => scalar(value)?.to_owned(),
    };
    Some(format!("write `storage = {}`", literal(&size)))
}

fn find_size(table: &Table) -> Option<String> {
    let own = ["size", "storage"].into_iter().find_map(|word| scalar(&table.get(word)?.value));
    own.map(str::to_owned).or_else(|| find_size(table.get("requests")?.as_table()?))
}

fn access(word: &Word) -> Option<String> {
    let mode = match word.value {
        Value::Array(items) => inline(&items.first()?.value),
        value => inline(value),
    };
    Some(format!("write `access = {mode}`"))
}
