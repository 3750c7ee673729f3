//! Stand-ins for the tools of database engines, and a stage for the scripts that call them.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a stand-in does when it is asked for a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dump {
    /// Writes all of it.
    Whole,
    /// Writes nothing and fails.
    Fails,
    /// Writes a part of it and fails.
    FailsHalfway,
    /// Writes a part of it and succeeds.
    Incomplete,
    /// Writes nothing and succeeds.
    Empty,
}

/// An engine: its functions, and stand-ins for its tools.
pub struct Engine {
    /// Its name here.
    pub name: &'static str,
    /// The end of the names of its dumps.
    pub extension: &'static str,
    script: &'static str,
    /// Names and bodies. `$whole` and `$part` are files with what a dump holds, `emit FILE` dumps into it as the case
    /// wants it, `$loaded` is the file into which a dump is loaded.
    tools: &'static [(&'static str, &'static str)],
    variables: &'static [(&'static str, &'static str)],
    compressed: Compressed,
}

/// Whether a dump is a stream of gzip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compressed {
    ByTheScript,
    ByTheTool,
    No,
}

/// The functions of the tools: how the case wants a dump, and an argument by the start of it.
const COMMON: &str = r#"
printf '%s\n' "$*" >>"$STAGE/called"
emit() {
    case "$STANDIN" in
    whole) cat "$STAGE/whole" >"$1" ;;
    fails) exit 3 ;;
    halfway) cat "$STAGE/part" >"$1"; exit 3 ;;
    incomplete) cat "$STAGE/part" >"$1" ;;
    empty) : >"$1" ;;
    esac
}
argument() {
    start=$1
    shift
    for word; do
        case "$word" in "$start"*) printf '%s' "${word#"$start"}" ;; esac
    done
}
last() {
    for word; do :; done
    printf '%s' "$word"
}
loaded="$STAGE/loaded"
"#;

/// Every script of an engine, and both tools of those that have two.
pub const ENGINES: &[Engine] = &[
    Engine {
        name: "postgres",
        extension: "dump",
        script: include_str!("../../templates/backup/postgres.sh"),
        tools: &[
            ("pg_dump", r#"emit "$(argument --file= "$@")""#),
            (
                "pg_restore",
                r#"file=$(last "$@")
case "$*" in
*--file=/dev/null*) grep -q "end$" "$file" ;;
*--clean*--if-exists*--single-transaction*--dbname=shop*) cat "$file" >"$loaded" ;;
*) exit 9 ;;
esac"#,
            ),
        ],
        variables: &[("PGDATABASE", "shop"), ("PGPASSWORD", "it's")],
        compressed: Compressed::No,
    },
    Engine {
        name: "mysql",
        extension: "sql.gz",
        script: include_str!("../../templates/backup/mysql.sh"),
        tools: &[("mysqldump", MYSQL_DUMP), ("mysql", MYSQL_CLIENT)],
        variables: MYSQL_VARIABLES,
        compressed: Compressed::ByTheScript,
    },
    Engine {
        name: "mariadb",
        extension: "sql.gz",
        script: include_str!("../../templates/backup/mysql.sh"),
        tools: &[("mariadb-dump", MYSQL_DUMP), ("mariadb", MYSQL_CLIENT)],
        variables: MYSQL_VARIABLES,
        compressed: Compressed::ByTheScript,
    },
    Engine {
        name: "mongodb",
        extension: "archive.gz",
        script: include_str!("../../templates/backup/mongodb.sh"),
        tools: &[
            ("mongodump", MONGODB_DUMP),
            (
                "mongorestore",
                r#"case "$*" in *--gzip*--drop*--stopOnError*) gzip -dc "$(argument --archive= "$@")" >"$loaded" ;; *) exit 9 ;; esac"#,
            ),
        ],
        variables: &[
            ("MONGODB_HOST", "db"),
            ("MONGODB_PORT", "27017"),
            ("MONGODB_USER", "me"),
            ("MONGODB_PASSWORD", "it's"),
        ],
        compressed: Compressed::ByTheTool,
    },
    Engine {
        name: "redis",
        extension: "rdb",
        script: include_str!("../../templates/backup/redis.sh"),
        tools: &[
            ("redis-cli", REDIS_CLIENT),
            ("redis-check-rdb", r#"grep -q "end$" "$1""#),
            ("redis-server", REDIS_SERVER),
        ],
        variables: REDIS_VARIABLES,
        compressed: Compressed::No,
    },
    Engine {
        name: "valkey",
        extension: "rdb",
        script: include_str!("../../templates/backup/redis.sh"),
        tools: &[
            ("valkey-cli", REDIS_CLIENT),
            ("valkey-check-rdb", r#"grep -q "end$" "$1""#),
            ("valkey-server", REDIS_SERVER),
        ],
        variables: REDIS_VARIABLES,
        compressed: Compressed::No,
    },
];

const MYSQL_VARIABLES: &[(&str, &str)] = &[
    ("MYSQL_HOST", "db"),
    ("MYSQL_PORT", "3306"),
    ("MYSQL_USER", "me"),
    ("MYSQL_PWD", "it's"),
    ("MYSQL_DATABASE", "shop"),
];

const MYSQL_DUMP: &str = r#"case "$*" in *--single-transaction*shop) emit /dev/stdout ;; *) exit 9 ;; esac"#;

const MYSQL_CLIENT: &str = r#"case "$*" in *--user=me*shop) cat >"$loaded" ;; *) exit 9 ;; esac"#;

/// The password must be in the file, and in no argument.
const MONGODB_DUMP: &str = r#"case "$*" in *"it's"*) exit 9 ;; *--username=me*--authenticationDatabase=admin*--gzip*) ;; *) exit 9 ;; esac
[ "$(cat "$(argument --config= "$@")")" = "password: 'it''s'" ] || exit 9
emit "$(argument --archive= "$@")""#;

const REDIS_VARIABLES: &[(&str, &str)] = &[
    ("REDIS_HOST", "db"),
    ("REDIS_PORT", "6379"),
    ("REDIS_USER", "me"),
    ("REDISCLI_AUTH", "p\"w"),
    ("POD_IP", "10.0.0.9"),
];

/// `told` holds what the server was told, `link` whether it reaches the one that it shall copy.
const REDIS_CLIENT: &str = r#"case "$*" in
*--rdb*) emit "$(last "$@")" ;;
"-p 6380 ping") [ ! -e "$STAGE/up" ] || echo PONG ;;
*INFO*) if [ -e "$STAGE/link" ]; then echo master_link_status:down; else printf 'role:slave\r\nmaster_link_status:up\r\n'; fi ;;
*"--user me")
    read -r command
    printf '%s\n' "$command" >>"$STAGE/told"
    case "$command" in
    "CONFIG GET"*) printf 'masterauth\nbefore\n' ;;
    *) echo OK ;;
    esac
    ;;
*) exit 9 ;;
esac"#;

/// Loads the dump that its settings name, and stays.
const REDIS_SERVER: &str = r#"folder=$(sed -n 's/^dir //p' "$1")
grep -q '^requirepass "p\\"w"$' "$1" || exit 9
cat "$folder/dump.rdb" >"$loaded"
: >"$STAGE/up"
exec sleep 100"#;

impl Engine {
    /// The name of a dump of the database `data`.
    pub fn file(&self, stamp: &str) -> String {
        format!("data-{stamp}.{}", self.extension)
    }

    /// A whole dump as a file holds it.
    pub fn whole(&self) -> Vec<u8> {
        self.whole_of("rows")
    }

    /// A whole dump with these rows.
    pub fn whole_of(&self, rows: &str) -> Vec<u8> {
        match self.compressed {
            Compressed::No => self.plain(rows),
            Compressed::ByTheScript | Compressed::ByTheTool => gzip(&self.plain(rows)),
        }
    }

    /// What is in a file whose dump was not finished.
    pub fn part(&self) -> Vec<u8> {
        match self.compressed {
            Compressed::No => b"rows".to_vec(),
            Compressed::ByTheScript => gzip(b"INSERT rows\n"),
            Compressed::ByTheTool => self.whole()[..20].to_vec(),
        }
    }

    /// A whole dump whose checksum does not fit, of an engine whose dumps have one here.
    pub fn damaged(&self) -> Option<Vec<u8>> {
        let mut bytes = (self.compressed != Compressed::No).then(|| self.whole())?;
        let checksum = bytes.len().checked_sub(8)?;
        bytes[checksum] ^= 1;
        Some(bytes)
    }

    fn plain(&self, rows: &str) -> Vec<u8> {
        match self.compressed {
            Compressed::ByTheScript => format!("INSERT {rows}\n\n-- Dump completed on 2026-01-01\n").into_bytes(),
            Compressed::ByTheTool => [b"\x6d\xe2\x99\x81", rows.as_bytes()].concat(),
            Compressed::No => format!("{rows}\nend\n").into_bytes(),
        }
    }

    /// What its tool writes: the whole, and the part.
    fn written(&self) -> (Vec<u8>, Vec<u8>) {
        match self.compressed {
            Compressed::ByTheScript => (self.plain("rows"), b"INSERT rows\n".to_vec()),
            Compressed::ByTheTool | Compressed::No => (self.whole(), self.part()),
        }
    }
}

/// As `gzip` makes it of a stream: the same bytes for the same text.
fn gzip(text: &[u8]) -> Vec<u8> {
    let mut command = Command::new("gzip").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    command.stdin.take().unwrap().write_all(text).unwrap();
    command.wait_with_output().unwrap().stdout
}

/// A folder with scripts, tools and backups.
pub struct Stage {
    /// The folder.
    pub folder: PathBuf,
    /// The scripts as the container has them.
    pub scripts: PathBuf,
    /// The folder of the backups.
    pub backups: PathBuf,
    /// Variables beside those of the engine.
    pub more: Vec<(&'static str, &'static str)>,
    engine: &'static Engine,
}

impl Stage {
    /// The stage of an engine, without a backup.
    pub fn new(engine: &'static Engine) -> Self {
        let folder = folder(engine.name);
        let stage =
            Self { scripts: folder.join("scripts"), backups: folder.join("backups"), folder, engine, more: Vec::new() };
        for below in [&stage.scripts, &stage.backups] {
            fs::create_dir(below).unwrap();
        }
        let scripts = [
            ("backup.sh", include_str!("../../templates/backup/backup.sh")),
            ("restore.sh", include_str!("../../templates/backup/restore.sh")),
            ("engine.sh", engine.script),
        ];
        for (name, text) in scripts {
            fs::write(stage.scripts.join(name), text).unwrap();
        }
        for (name, body) in engine.tools {
            tool(&stage.folder, name, &format!("{COMMON}\n{body}"));
        }
        let (whole, part) = engine.written();
        fs::write(stage.folder.join("whole"), whole).unwrap();
        fs::write(stage.folder.join("part"), part).unwrap();
        stage
    }

    /// Three backups of before, one of another database, and a file that is none; what there is then.
    pub fn old_backups(&self) -> Vec<String> {
        for stamp in ["20200101T000000Z", "20200102T000000Z", "20200103T000000Z"] {
            self.write(&self.engine.file(stamp), b"old");
            self.write(&format!("data-2-{stamp}.{}", self.engine.extension), b"of another database");
        }
        self.write("data-notes.txt", b"by hand");
        self.files()
    }

    /// Writes a file beside the backups.
    pub fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.backups.join(name), content).unwrap();
    }

    /// The names of the files in the folder of the backups, hidden ones too, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.backups).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// What was loaded into the database.
    pub fn loaded(&self) -> String {
        fs::read(self.folder.join("loaded"))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// The arguments of every tool that was called, one call a line.
    pub fn called(&self) -> String {
        fs::read_to_string(self.folder.join("called")).unwrap_or_default()
    }

    /// Runs the backup, which keeps so many.
    pub fn back_up(&self, dump: Dump, keep: u32) -> Output {
        let word = match dump {
            Dump::Whole => "whole",
            Dump::Fails => "fails",
            Dump::FailsHalfway => "halfway",
            Dump::Incomplete => "incomplete",
            Dump::Empty => "empty",
        };
        self.command("backup.sh").env("STANDIN", word).env("BACKUP_KEEP", keep.to_string()).output().unwrap()
    }

    /// Runs the restore, of the newest backup unless one is named.
    pub fn restore(&self, file: Option<&str>) -> Output {
        let mut command = self.command("restore.sh");
        if let Some(file) = file {
            command.env("FILE", file);
        }
        command.output().unwrap()
    }

    fn command(&self, script: &str) -> Command {
        let mut command = Command::new("sh");
        command.arg(self.scripts.join(script)).env_clear().env("PATH", path(&self.folder)).env("STAGE", &self.folder);
        command.env("BACKUP_NAME", "data").env("BACKUP_FOLDER", &self.backups).env("BACKUP_RUN", "run");
        command.envs(self.engine.variables.iter().chain(&self.more).copied());
        command
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What the scripts and the stand-ins call of the system; nothing else of it is in reach, so that no real tool is taken.
const SYSTEM: [&str; 22] = [
    "cat", "date", "dirname", "find", "grep", "gzip", "head", "kill", "ln", "mkdir", "mkfifo", "mktemp", "mv", "od",
    "printf", "rm", "sed", "sh", "sleep", "tail", "touch", "tr",
];

/// The only folder in which commands are looked for; `sleep` does not wait, unless it shall stay.
pub fn path(folder: &Path) -> PathBuf {
    let tools = folder.join("tools");
    fs::create_dir_all(&tools).unwrap();
    for name in SYSTEM {
        let system = ["/bin", "/usr/bin"].map(|folder| Path::new(folder).join(name));
        let found = system.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("there is no {name}"));
        let link = tools.join(name);
        if name == "sleep" {
            tool(folder, name, &format!("[ \"$1\" = 1 ] || exec {} \"$@\"", found.display()));
        } else if !link.exists() {
            symlink(found, link).unwrap();
        }
    }
    tools
}

/// Adds a tool with this body.
pub fn tool(folder: &Path, name: &str, body: &str) {
    let tools = folder.join("tools");
    fs::create_dir_all(&tools).unwrap();
    let file = tools.join(name);
    fs::write(&file, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A new folder, which other users can enter.
pub fn folder(name: &str) -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("stowplan-{}-{number}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}
