//! Words for what stands beside a database: backups, exporters, poolers.

use super::{Row, Show, Tables, same, say};

/// The words.
pub const ROWS: &[Row] = &[
    Row { words: &["backups", "dump", "dumps", "snapshot", "snapshots"], tables: DB, key: "backup", show: Show::Value },
    say(
        &["metrics", "monitoring", "prometheus", "serviceMonitor", "exporters"],
        DB,
        "exporter",
        "write `exporter = true`: metrics for Prometheus, behind a Service of their own",
    ),
    say(
        &["pgbouncer", "pooling", "pool", "connectionPooler", "connectionPool", "pgpool"],
        DB,
        "pooler",
        "write `pooler = true`: components that `uses` names this database in then connect through PgBouncer",
    ),
    say(
        &["restore", "recovery"],
        DB,
        "backup",
        "write `backup = { schedule = \"0 2 * * *\", storage = \"20Gi\" }`: a suspended Job that restores comes with it",
    ),
    Row {
        words: &["retain", "retention", "copies", "keepLast", "history", "max"],
        tables: BACKUP,
        key: "keep",
        show: Show::Value,
    },
    Row {
        words: &["size", "capacity", "disk", "volume", "pvc", "persistence"],
        tables: BACKUP,
        key: "storage",
        show: Show::Value,
    },
    say(
        &["storageClassName", "storageClass", "class"],
        BACKUP,
        "storage",
        "write `storage = { size = \"20Gi\", class = VALUE }`",
    ),
    say(
        &["image", "command", "args", "script"],
        BACKUP,
        "",
        "remove it: a backup is made by the tools of the server's own image",
    ),
    say(
        &["bucket", "s3", "destination", "target"],
        BACKUP,
        "storage",
        "write `storage = \"20Gi\"`: backups are files on a disk; a `[cronjob]` of your own can mount it and copy them elsewhere",
    ),
    same(&["poolMode"], "mode"),
    Row { words: &["poolSize", "defaultPoolSize"], tables: POOLER, key: "size", show: Show::Value },
    Row { words: &["instances", "count"], tables: POOLER, key: "replicas", show: Show::Value },
    say(
        &["enabled"],
        BESIDE,
        "",
        "remove it: the table alone switches it on, and `false` in place of the table switches it off",
    ),
];

const DB: Tables = Tables::Named(&["db"]);
const BACKUP: Tables = Tables::Named(&["backup"]);
const POOLER: Tables = Tables::Named(&["pooler"]);
const BESIDE: Tables = Tables::Named(&["backup", "exporter", "pooler"]);
