//! The scripts that dump and load databases: a backup that went wrong keeps nothing, deletes nothing and says so; what was
//! kept can be loaded again.
//!
//! Most of it runs against stand-ins of the engines' tools; where a PostgreSQL is installed, against that too.

#![allow(clippy::print_stderr, reason = "a test says what it leaves out")]
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod standins;

use standins::{Dump, ENGINES, Engine, Stage, folder};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Every script in `templates`.
fn scripts() -> Vec<PathBuf> {
    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let folders = ["backup", "pooler"].map(|folder| templates.join(folder));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|end| end == "sh")).collect();
    files.sort();
    assert!(files.len() >= 7, "{files:?}");
    files
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn every_shell_can_read_them() {
    for shell in [&["sh"][..], &["dash"], &["bash", "--posix"], &["busybox", "sh"]] {
        for script in scripts() {
            match Command::new(shell[0]).args(&shell[1..]).arg("-n").arg(&script).output() {
                Ok(output) => assert!(output.status.success(), "{shell:?}: {}", text(&output)),
                Err(_) => eprintln!("left out: there is no {}", shell[0]),
            }
        }
    }
}

#[test]
fn shellcheck_finds_nothing() {
    let options = ["--external-sources", "--source-path=SCRIPTDIR"];
    match Command::new("shellcheck").args(options).args(scripts()).output() {
        Ok(output) => assert!(output.status.success(), "{}", text(&output)),
        Err(_) => eprintln!("left out: there is no shellcheck"),
    }
}

#[test]
fn a_dump_that_went_wrong_is_not_kept_and_deletes_nothing() {
    for engine in ENGINES {
        for dump in [Dump::Fails, Dump::FailsHalfway, Dump::Incomplete, Dump::Empty] {
            let stage = Stage::new(engine);
            let before = stage.old_backups();
            let output = stage.back_up(dump, 1);
            let said = text(&output);
            assert!(!output.status.success(), "{} {dump:?}: {said}", engine.name);
            assert_eq!(stage.files(), before, "{} {dump:?}: {said}", engine.name);
            assert!(said.contains("the backup of data failed; older ones were not touched"), "{said}");
            let is_empty = dump == Dump::Empty && engine.extension != "sql.gz";
            assert_eq!(said.contains("the dump is empty"), is_empty, "{} {dump:?}: {said}", engine.name);
        }
    }
}

#[test]
fn a_whole_dump_gets_its_name_and_the_newest_are_kept() {
    for engine in ENGINES {
        let stage = Stage::new(engine);
        let before = stage.old_backups();
        let output = stage.back_up(Dump::Whole, 2);
        assert!(output.status.success(), "{}: {}", engine.name, text(&output));
        let own = |name: &&String| name.starts_with("data-20") && name.ends_with(engine.extension);
        let after = stage.files();
        let kept: Vec<&String> = after.iter().filter(own).collect();
        assert_eq!(kept.len(), 2, "{after:?}");
        assert_eq!(kept[0], before.iter().rfind(own).unwrap(), "the newest of the old ones");
        let stamp = kept[1].strip_prefix("data-").and_then(|name| name.strip_suffix(engine.extension)).unwrap();
        assert_eq!(stamp.replace(|c: char| c.is_ascii_digit(), "0"), "00000000T000000Z.");
        assert_eq!(fs::read(stage.backups.join(kept[1])).unwrap(), engine.whole());
        let others = |files: &[String]| files.iter().filter(|name| !own(name)).cloned().collect::<Vec<_>>();
        assert_eq!(others(&after), others(&before), "those of another database, and what is no backup");
    }
}

#[test]
fn fewer_backups_than_are_to_be_kept_all_stay() {
    let stage = Stage::new(&ENGINES[0]);
    let before = stage.old_backups();
    assert!(stage.back_up(Dump::Whole, 100).status.success());
    assert_eq!(stage.files().len(), before.len() + 1);
}

#[test]
fn what_a_killed_run_left_behind_goes_after_a_day() {
    let stage = Stage::new(&ENGINES[0]);
    for name in [".data-dead.partial", ".data-running.partial", ".data.txt"] {
        stage.write(name, b"half");
    }
    for name in [".data-dead.partial", ".data.txt"] {
        let aged = Command::new("touch").args(["-d", "3 days ago"]).arg(stage.backups.join(name)).status();
        assert!(aged.unwrap().success());
    }
    assert!(stage.back_up(Dump::Whole, 7).status.success());
    assert_eq!(stage.files()[..2], [".data-running.partial", ".data.txt"]);
}

#[test]
fn the_newest_backup_is_restored() {
    for engine in ENGINES {
        let stage = Stage::new(engine);
        stage.write(&engine.file("20260101T000000Z"), &engine.whole_of("older"));
        stage.write(&engine.file("20261231T000000Z"), &engine.whole_of("newest"));
        stage.write(&format!("data-2-20270101T000000Z.{}", engine.extension), &engine.whole_of("of another database"));
        let output = stage.restore(None);
        assert!(output.status.success(), "{}: {}", engine.name, text(&output));
        assert!(stage.loaded().contains("newest"), "{}: {}", engine.name, stage.loaded());
        assert!(text(&output).contains(&format!("restored {}", engine.file("20261231T000000Z"))), "{}", text(&output));
    }
}

#[test]
fn a_backup_can_be_chosen() {
    for engine in ENGINES {
        let stage = Stage::new(engine);
        let (older, newest) = (engine.file("20260101T000000Z"), engine.file("20261231T000000Z"));
        stage.write(&older, &engine.whole_of("older"));
        stage.write(&newest, &engine.whole_of("newest"));
        let output = stage.restore(Some(&older));
        assert!(output.status.success(), "{}: {}", engine.name, text(&output));
        assert!(stage.loaded().contains("older"), "{}: {}", engine.name, stage.loaded());
    }
}

#[test]
fn what_cannot_be_restored_fails_before_anything_is_loaded() {
    for engine in ENGINES {
        let stage = Stage::new(engine);
        let refuses = |file: Option<&str>, why: &str| {
            let output = stage.restore(file);
            assert!(!output.status.success(), "{} {why}", engine.name);
            assert!(text(&output).contains(why), "{}: {}", engine.name, text(&output));
            assert_eq!(stage.loaded(), "", "{} {why}", engine.name);
        };
        refuses(None, "there is no backup of data in");
        stage.write(&engine.file("20260101T000000Z"), &engine.whole_of("older"));
        refuses(Some("data-x"), "there is no data-x in");
        for damaged in [Some(engine.part()), engine.damaged()].into_iter().flatten() {
            stage.write(&engine.file("20261231T000000Z"), &damaged);
            refuses(None, "restoring");
        }
    }
}

#[test]
fn no_password_stands_in_the_arguments_of_a_tool() {
    for engine in ENGINES {
        let stage = Stage::new(engine);
        assert!(stage.back_up(Dump::Whole, 1).status.success());
        assert!(stage.restore(None).status.success());
        let called = stage.called();
        assert!(called.lines().count() >= 2, "{}: {called}", engine.name);
        assert!(!called.contains("it's") && !called.contains("p\"w"), "{}: {called}", engine.name);
    }
}

#[test]
fn each_tool_is_told_of_tls_in_its_own_words() {
    for (name, variable, required, verified) in [
        ("mysql", "MYSQL_TLS", "--ssl-mode=REQUIRED", "--ssl-mode=VERIFY_IDENTITY --ssl-ca=/"),
        ("mariadb", "MYSQL_TLS", "--ssl --skip-ssl-verify-server-cert", "--ssl --ssl-verify-server-cert --ssl-ca=/"),
        ("mongodb", "MONGODB_TLS", "--ssl --tlsInsecure", "--ssl --archive"),
        ("redis", "REDIS_TLS", "--tls --insecure", "--tls --rdb"),
        ("valkey", "REDIS_TLS", "--tls --insecure", "--tls --rdb"),
    ] {
        let engine = ENGINES.iter().find(|engine| engine.name == name).unwrap();
        for (word, expected) in [(None, ""), (Some("required"), required), (Some("verified"), verified)] {
            let mut stage = Stage::new(engine);
            stage.more.extend(word.map(|word| (variable, word)));
            let output = stage.back_up(Dump::Whole, 1);
            assert!(output.status.success(), "{name} {word:?}: {}", text(&output));
            let called = stage.called();
            assert!(called.contains(expected), "{name} {word:?}: {called}");
            assert_eq!(
                called.contains("--ssl") || called.contains("--tls"),
                word.is_some(),
                "{name} {word:?}: {called}"
            );
        }
    }
}

#[test]
fn redis_is_its_own_master_again_whatever_happens() {
    let engine: &Engine = ENGINES.iter().find(|engine| engine.name == "redis").unwrap();
    let commands = |stage: &Stage| fs::read_to_string(stage.folder.join("told")).unwrap_or_default();
    let told = "CONFIG GET masterauth\nCONFIG SET masterauth \"p\\\"w\"\nREPLICAOF 10.0.0.9 6380\n\
        REPLICAOF NO ONE\nCONFIG SET masterauth \"before\"\n";
    let stage = Stage::new(engine);
    stage.write(&engine.file("20260101T000000Z"), &engine.whole());
    assert!(stage.restore(None).status.success());
    assert_eq!(commands(&stage), told);

    let stage = Stage::new(engine);
    stage.write(&engine.file("20260101T000000Z"), &engine.whole());
    fs::write(stage.folder.join("link"), "lost").unwrap();
    assert!(!stage.restore(None).status.success());
    assert_eq!(commands(&stage), told);
}

#[test]
fn without_the_program_for_it_a_dump_of_redis_is_looked_at() {
    let engine: &Engine = ENGINES.iter().find(|engine| engine.name == "redis").unwrap();
    for (dump, succeeds) in [(&b"REDIS0011rows\xff12345678"[..], true), (b"REDIS0011rows\xff1234567", false)] {
        let stage = Stage::new(engine);
        fs::remove_file(stage.folder.join("tools/redis-check-rdb")).unwrap();
        fs::write(stage.folder.join("whole"), dump).unwrap();
        let output = stage.back_up(Dump::Whole, 1);
        assert_eq!(output.status.success(), succeeds, "{}", text(&output));
        assert_eq!(stage.files().len(), usize::from(succeeds));
    }
}

#[test]
fn the_pooler_lets_its_one_login_in() {
    let folder = folder("pooler");
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/pooler/start.sh"), folder.join("start.sh")).unwrap();
    standins::tool(&folder, "pgbouncer", "printf '%s' \"$1\" >\"$(dirname \"$1\")/started\"");
    let mut command = Command::new("sh");
    command.arg(folder.join("start.sh")).arg(&folder).env("PATH", standins::path(&folder));
    let output = command.env("PGUSER", "shop").env("PGPASSWORD", "a\"b\\c d").output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let list = folder.join("userlist.txt");
    assert_eq!(fs::read_to_string(&list).unwrap(), "\"shop\" \"a\"\"b\\c d\"\n");
    assert_eq!(fs::metadata(&list).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(folder.join("started")).unwrap(), folder.join("pgbouncer.ini").to_str().unwrap());
    assert!(!Command::new("sh").arg(folder.join("start.sh")).arg(&folder).output().unwrap().status.success());
    fs::remove_dir_all(folder).unwrap();
}

/// A PostgreSQL of its own, which ends with the test.
struct Postgres {
    tools: PathBuf,
    folder: PathBuf,
    port: u16,
}

/// The user that stands in for root, which PostgreSQL refuses.
const NOBODY: u32 = 65534;

impl Postgres {
    /// Starts one; `None` where none is installed.
    fn start() -> Option<Self> {
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
        let mut tools: Vec<PathBuf> = versions.map(|version| version.unwrap().path().join("bin")).collect();
        tools.sort();
        let tools =
            tools.into_iter().rfind(|tools| tools.join("initdb").is_file() && tools.join("pg_ctl").is_file())?;
        let folder = folder("postgres");
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { tools, folder, port };
        fs::write(server.folder.join("password"), PASSWORD).unwrap();
        if is_root() {
            std::os::unix::fs::chown(&server.folder, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let initdb = ["--pgdata=data", "--username=shop", "--pwfile=password", "--auth=scram-sha-256", "--no-sync"];
        server.succeed(server.command("initdb").args(initdb));
        let options = format!("-p {port} -h 127.0.0.1 -k {}", server.folder.display());
        server.succeed(server.command("pg_ctl").args(["start", "-w", "-D", "data", "-l", "log", "-o", &options]));
        Some(server)
    }

    /// A program in the folder of the server, as a user who may be that of a server.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = format!("{}:{}", self.tools.display(), std::env::var("PATH").unwrap());
        command
            .current_dir(&self.folder)
            .env("PATH", path)
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", self.port.to_string());
        command.env("PGUSER", "shop").env("PGPASSWORD", PASSWORD).env("PGDATABASE", "shop").env("HOME", &self.folder);
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    fn succeed(&self, command: &mut Command) -> String {
        let output = command.output().unwrap();
        let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        assert!(output.status.success(), "{command:?}: {}\n{}", text(&output), log());
        String::from_utf8(output.stdout).unwrap()
    }

    fn ask(&self, sql: &str) -> String {
        let options = ["--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--command", sql];
        self.succeed(self.command("psql").args(options)).trim().to_owned()
    }

    fn script(&self, name: &str, stage: &Stage) -> Command {
        let mut command = self.command("sh");
        command.arg(stage.scripts.join(name)).env("BACKUP_NAME", "data").env("BACKUP_FOLDER", &stage.backups);
        command.env("BACKUP_KEEP", "7").env("BACKUP_RUN", "run");
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.command("pg_ctl").args(["stop", "-m", "immediate", "-D", "data"]).output();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// With the characters that quoting gets wrong.
const PASSWORD: &str = "p'a\"s\\s w:ö";

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[test]
fn rows_of_a_real_postgresql_come_back() {
    let Some(server) = Postgres::start() else {
        eprintln!("left out: there is no PostgreSQL");
        return;
    };
    let stage = Stage::new(&ENGINES[0]);
    for path in [&stage.folder, &stage.backups] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    }
    server.succeed(server.command("createdb").args(["--maintenance-db=postgres", "shop"]));
    server.ask(
        "CREATE TABLE item (id serial PRIMARY KEY, name text NOT NULL); \
         INSERT INTO item (name) SELECT 'item ' || n FROM generate_series(1, 5000) n; \
         CREATE VIEW few AS SELECT * FROM item WHERE id < 3",
    );
    server.succeed(&mut server.script("backup.sh", &stage));
    let [file] = &stage.files()[..] else { panic!("{:?}", stage.files()) };

    let wrong = server.script("backup.sh", &stage).env("PGPASSWORD", "wrong").output().unwrap();
    assert!(!wrong.status.success() && text(&wrong).contains("authentication failed"), "{}", text(&wrong));
    assert_eq!(stage.files(), std::slice::from_ref(file));

    server.ask("DROP VIEW few; DELETE FROM item WHERE id > 1; UPDATE item SET name = 'changed'");
    let half = fs::read(stage.backups.join(file)).unwrap();
    stage.write("data-20991231T000000Z.dump", &half[..half.len() / 2]);
    let refused = server.script("restore.sh", &stage).output().unwrap();
    assert!(!refused.status.success(), "{}", text(&refused));
    assert_eq!(server.ask("SELECT name FROM item"), "changed");

    server.succeed(server.script("restore.sh", &stage).env("FILE", file));
    assert_eq!(server.ask("SELECT count(*), max(name) FROM item"), "5000|item 999");
    assert_eq!(server.ask("SELECT string_agg(name, ',') FROM few"), "item 1,item 2");
    assert_eq!(server.ask("INSERT INTO item (name) VALUES ('next') RETURNING id").lines().next(), Some("5001"));

    fs::remove_file(stage.backups.join("data-20991231T000000Z.dump")).unwrap();
    server.ask("DROP TABLE item CASCADE");
    server.succeed(&mut server.script("restore.sh", &stage));
    assert_eq!(server.ask("SELECT count(*) FROM item"), "5000");
}
