//! Databases that live elsewhere, are told their settings, run scripts on their first start, or are run by an operator.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

mod rendered;

use rendered::{Objects, Rendered, at};
use serde_yaml::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use stowplan::pipeline::Note;

const STACK: &str = "[stack]\nname = \"shop\"\nnamespace = \"shop\"\n";

/// The folder with the scripts that the stacks name.
fn folder() -> PathBuf {
    rendered::root().join("tests/data")
}

fn rendering(text: &str, profile: &str) -> Rendered {
    Rendered::of_text(&format!("{STACK}{text}"), &folder(), profile, &[])
}

fn render(text: &str) -> Objects {
    rendering(text, "k3d").objects()
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    at(value, path).as_str().unwrap_or_else(|| panic!("no text at `{path}` in {value:?}"))
}

/// `NAME=text` or `NAME<secret/key` of the main container.
fn environment(workload: &Value) -> Vec<String> {
    let variables = at(workload, "spec.template.spec.containers.0.env").as_sequence().cloned().unwrap_or_default();
    let line = |variable: &Value| {
        let name = text(variable, "name");
        match at(variable, "value").as_str() {
            Some(value) => format!("{name}={value}"),
            None => {
                let key = |part| text(variable, &format!("valueFrom.secretKeyRef.{part}"));
                format!("{name}<{}/{}", key("name"), key("key"))
            }
        }
    };
    variables.iter().map(line).collect()
}

fn arguments(set: &Value) -> Vec<&str> {
    let arguments = at(set, "spec.template.spec.containers.0.args").as_sequence();
    arguments.into_iter().flatten().map(|word| word.as_str().unwrap()).collect()
}

/// The mount at a path, and the source of its volume.
fn mounted<'a>(set: &'a Value, path: &str) -> (&'a Value, &'a Value) {
    let list = |path: &str| at(set, path).as_sequence().unwrap();
    let mount =
        list("spec.template.spec.containers.0.volumeMounts").iter().find(|mount| text(mount, "mountPath") == path);
    let mount = mount.unwrap_or_else(|| panic!("nothing is mounted at {path}"));
    let volume = list("spec.template.spec.volumes").iter().find(|volume| volume["name"] == mount["name"]).unwrap();
    (mount, volume)
}

/// The settings of PostgreSQL.
fn contents(objects: &Objects) -> String {
    objects.get("ConfigMap/db-settings")["data"]["postgresql.conf"].as_str().unwrap().to_owned()
}

const CLIENT: &str = "\n[api.web]\nimage = \"x:1\"\nport = 80\n";

#[test]
fn of_a_managed_database_only_the_way_to_it_is_made() {
    let db =
        "[db.pg]\nengine = \"postgres\"\nmanaged = { host = \"pg.example.com\", port = 6432, sslmode = \"require\" }\n";
    let objects =
        render(&format!("{db}{CLIENT}uses = [\"pg\"]\nenv.URL = \"{{{{ db.pg.url }}}} {{{{ db.pg.host }}}}\""));
    assert_eq!(objects.names(), ["Namespace/shop", "Secret/pg", "Service/web", "Deployment/web"]);
    let expected = [
        "PGHOST=pg.example.com",
        "PGPORT=6432",
        "PGUSER=shop",
        "PGPASSWORD<pg/password",
        "PGDATABASE=shop",
        "PGSSLMODE=require",
        "URL=postgresql://pg.example.com:6432/shop?sslmode=require pg.example.com",
    ];
    assert_eq!(environment(objects.get("Deployment/web")), expected);
    let url = render(&format!("{db}{CLIENT}uses.pg = \"url\"\nwait = [\"pg\"]"));
    let web = url.get("Deployment/web");
    assert_eq!(
        environment(web)[1],
        "DATABASE_URL=postgresql://shop:$(PG_PASSWORD)@pg.example.com:6432/shop?sslmode=require"
    );
    assert!(text(web, "spec.template.spec.initContainers.0.command.2").contains("nc -z -w 2 pg.example.com 6432"));
}

#[test]
fn each_engine_says_tls_in_its_own_words() {
    let url = |engine: &str, mode: &str, binding: &str| {
        let db = format!(
            "[db.db]\nengine = \"{engine}\"\nuser = \"me\"\nmanaged = {{ host = \"h.example.com\", sslmode = \"{mode}\" }}\n"
        );
        let objects = render(&format!("{db}{CLIENT}uses.db = \"{binding}\""));
        let all = environment(objects.get("Deployment/web"));
        all.into_iter()
            .find(|line| line.contains("://") || line.contains("jdbc:"))
            .unwrap()
            .split_once('=')
            .unwrap()
            .1
            .to_owned()
    };
    assert!(url("mysql", "verify-ca", "url").ends_with("@h.example.com:3306/shop?ssl-mode=VERIFY_CA"));
    assert_eq!(url("mysql", "require", "jdbc"), "jdbc:mysql://h.example.com:3306/shop?sslMode=REQUIRED");
    assert_eq!(url("mariadb", "require", "jdbc"), "jdbc:mariadb://h.example.com:3306/shop?sslMode=trust");
    assert_eq!(url("mariadb", "prefer", "jdbc"), "jdbc:mariadb://h.example.com:3306/shop");
    assert_eq!(url("postgres", "verify-full", "jdbc"), "jdbc:postgresql://h.example.com:5432/shop?sslmode=verify-full");
    assert!(url("redis", "require", "url").starts_with("rediss://me:$(DB_PASSWORD)@h.example.com:6379"));
    assert!(url("redis", "prefer", "url").starts_with("redis://"));
    assert!(url("mongodb", "require", "url").ends_with("@h.example.com:27017/?authSource=admin&tls=true"));
}

#[test]
fn a_service_may_stand_for_the_host() {
    let db = "[db.pg]\nengine = \"postgres\"\nmanaged = { host = \"pg.example.com\", service = true }\n";
    let objects = render(&format!("{db}{CLIENT}uses = [\"pg\"]\nenv.F = \"{{{{ db.pg.fqdn }}}}\""));
    let service = objects.get("Service/pg");
    assert_eq!(text(service, "spec.type"), "ExternalName");
    assert_eq!(text(service, "spec.externalName"), "pg.example.com");
    assert!(at(service, "spec.selector").is_null());
    let environment = environment(objects.get("Deployment/web"));
    assert_eq!(environment[0], "PGHOST=pg");
    assert_eq!(environment.last().unwrap(), "F=pg.shop.svc.cluster.local");
}

#[test]
fn an_overlay_moves_a_database_out_of_the_cluster() {
    let stack = "[db.pg]\nengine = \"postgres\"\nreplicas = 1\nstorage = \"5Gi\"\nsecret = \"pg-login\"\nsettings.max_connections = 5\n\
        scripts = { \"01.sql\" = \"scripts/01.sql\" }\nmounts = { \"/x\" = { config = \"c\" } }\n[config.c]\ndata.a = \"b\"\n\
        [profile.cloud.db.pg]\nmanaged = \"pg.example.com\"\n";
    let local = rendering(stack, "k3d").objects().names();
    for name in ["StatefulSet/pg", "ConfigMap/pg-settings", "ConfigMap/pg-scripts", "Service/pg", "Service/pg-headless"]
    {
        assert!(local.contains(&name.to_owned()), "{name} is not in {local:?}");
    }
    let cloud = rendering(stack, "cloud");
    assert_eq!(cloud.objects().names(), ["Namespace/shop", "ConfigMap/c"]);
    let notes = cloud.rendering.notes();
    let commands = notes.iter().filter(|note| matches!(note, Note::Command { .. }));
    assert!(
        commands.clone().any(|note| format!("{note:?}").contains("secret generic pg-login")),
        "{:?}",
        cloud.rendering.notes()
    );
}

#[test]
fn settings_are_a_file_that_the_server_is_told_of() {
    let cases = [
        (
            "postgres",
            "/etc/postgresql/postgresql.conf",
            "max_connections = 5",
            vec!["-c", "config_file=/etc/postgresql/postgresql.conf"],
        ),
        ("mysql", "/etc/mysql/conf.d/settings.cnf", "max_connections = 5", vec![]),
        ("mariadb", "/etc/mysql/conf.d/settings.cnf", "max_connections = 5", vec![]),
        ("redis", "/usr/local/etc/redis/redis.conf", "max_connections 5", vec!["/usr/local/etc/redis/redis.conf"]),
        ("valkey", "/usr/local/etc/valkey/valkey.conf", "max_connections 5", vec!["/usr/local/etc/valkey/valkey.conf"]),
        ("mongodb", "/etc/mongo/mongod.conf", "max_connections: 5", vec!["--config", "/etc/mongo/mongod.conf"]),
    ];
    for (engine, path, line, expected) in cases {
        let objects = render(&format!("[db.db]\nengine = \"{engine}\"\nsettings.max_connections = 5"));
        let set = objects.get("StatefulSet/db");
        assert_eq!(arguments(set), expected, "{engine}");
        let (mount, volume) = mounted(set, path);
        let file = path.rsplit('/').next().unwrap();
        assert_eq!((text(mount, "subPath"), text(volume, "configMap.name")), (file, "db-settings"), "{engine}");
        let contents = objects.get("ConfigMap/db-settings")["data"][file].as_str().unwrap();
        assert!(contents.lines().any(|found| found == line), "{engine}: {contents}");
        assert!(
            at(render(&format!("[db.db]\nengine = \"{engine}\"")).get("StatefulSet/db"), "spec.template.spec.volumes")
                .is_null()
        );
    }
}

#[test]
fn the_file_stands_behind_the_program_and_before_other_arguments() {
    let redis = |args: &str| {
        let objects =
            render(&format!("[db.db]\nengine = \"redis\"\nsecret = \"db\"\nport = 7000\nsettings.a = 1\n{args}"));
        arguments(objects.get("StatefulSet/db")).join(" ")
    };
    let file = "/usr/local/etc/redis/redis.conf";
    let login = "--requirepass $(REDISCLI_AUTH) --port 7000";
    assert_eq!(redis(""), format!("{file} {login}"));
    assert_eq!(redis("args = [\"--save\", \"\"]"), format!("{file} --save  {login}"));
    assert_eq!(
        redis("args = [\"redis-server\", \"--loglevel\", \"verbose\"]"),
        format!("redis-server {file} --loglevel verbose {login}")
    );
}

#[test]
fn a_changed_setting_rolls_the_pods() {
    let sum = |value: u32| {
        let objects = render(&format!("[db.db]\nengine = \"mysql\"\nsettings.max_connections = {value}"));
        text(objects.get("StatefulSet/db"), "spec.template.metadata.annotations.stowplan/checksum").to_owned()
    };
    assert_eq!(sum(1), sum(1));
    assert_ne!(sum(1), sum(2));
}

#[test]
fn an_overlay_adds_to_the_settings() {
    let stack = "[db.db]\nengine = \"postgres\"\nsettings = { max_connections = 5, work_mem = \"4MB\" }\n\
        [profile.k3d.db.db.settings]\nwork_mem = \"8MB\"\njit = false\n";
    let contents = contents(&render(stack));
    assert!(contents.ends_with("max_connections = 5\nwork_mem = '8MB'\njit = off\n"), "{contents}");
}

/// PostgreSQL itself reads what we write, where it is installed: `postgres -C NAME` prints a setting without a server.
#[test]
#[allow(clippy::print_stdout, reason = "a test that was skipped says so")]
fn postgres_reads_the_file_and_keeps_what_its_image_says() {
    let Some(server) = installed_postgres() else {
        return println!("skipped: no PostgreSQL is installed");
    };
    let prefix = "it's \\n \"%m\" # no comment";
    let stack = format!(
        "[db.db]\nengine = \"postgres\"\nsettings = {{ max_connections = 77, jit = false, log_line_prefix = {prefix:?}, \
         search_path = [\"a\", \"b\"], seq_page_cost = 0.5, app.flag = \"x\" }}"
    );
    let objects = render(&stack);
    let contents = contents(&objects);
    let folder = std::env::temp_dir().join(format!("stowplan-settings-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("postgresql.conf"), "listen_addresses = '*'\nmax_connections = 100\n").unwrap();
    let data = contents.lines().next().unwrap().split('\'').nth(1).unwrap().trim_end_matches("/postgresql.conf");
    let file = folder.join("settings.conf");
    fs::write(&file, contents.replace(data, folder.to_str().unwrap())).unwrap();
    let ask = |name: &str| {
        let mut command = Command::new(&server);
        command.args(["-C", name, "-D"]).arg(&folder).arg("-c").arg(format!("config_file={}", file.display()));
        let output = command.output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
    };
    let expected = [
        ("listen_addresses", "*"),
        ("max_connections", "77"),
        ("jit", "off"),
        ("log_line_prefix", prefix),
        ("search_path", "a, b"),
        ("seq_page_cost", "0.5"),
        ("app.flag", "x"),
    ];
    let found = expected.map(|(name, _)| ask(name));
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(found, expected.map(|(_, value)| value.to_owned()));
}

fn installed_postgres() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    versions.filter_map(|entry| Some(entry.ok()?.path().join("bin/postgres"))).find(|path| path.is_file())
}

#[test]
fn scripts_are_mounted_where_the_image_runs_them() {
    for (engine, name) in [("postgres", "01.sql"), ("mysql", "01.sql"), ("mariadb", "01.sql"), ("mongodb", "01.js")] {
        let objects =
            render(&format!("[db.db]\nengine = \"{engine}\"\nscripts = {{ \"{name}\" = \"scripts/01.sql\" }}"));
        let (mount, volume) = mounted(objects.get("StatefulSet/db"), "/docker-entrypoint-initdb.d");
        assert_eq!((at(mount, "readOnly"), text(volume, "configMap.name")), (&Value::from(true), "db-scripts"));
        assert_eq!(objects.get("ConfigMap/db-scripts")["data"][name], "create table items (id integer primary key);\n");
    }
    let packed = render("[db.db]\nengine = \"postgres\"\nscripts = { \"02.sql.gz\" = \"scripts/02.sql.gz\" }");
    let config = packed.get("ConfigMap/db-scripts");
    assert!(at(config, "data").is_null() && config["binaryData"]["02.sql.gz"].as_str().unwrap().starts_with("H4sI"));
}

#[test]
fn a_database_takes_service_mounts_budget_and_spread_of_a_workload() {
    let objects = render(
        "[db.db]\nengine = \"postgres\"\nservice = { type = \"node-port\", node-port = 30432 }\npdb = { unavailable = 0 }\n\
         spread = \"zone\"\nmounts = { \"/etc/more\" = { config = \"data\" }, \"/tls\" = { secret = \"tls\" } }\n\
         [config.data]\ndata.a = \"b\"\n[secret.tls]\nkeys = [\"tls.crt\"]\n",
    );
    assert_eq!(at(objects.get("Service/db"), "spec.ports.0.nodePort"), &Value::from(30432));
    assert_eq!(at(objects.get("PodDisruptionBudget/db"), "spec.maxUnavailable"), &Value::from(0));
    let set = objects.get("StatefulSet/db");
    assert_eq!(text(set, "spec.template.spec.topologySpreadConstraints.0.topologyKey"), "topology.kubernetes.io/zone");
    // a volume that is called like the disk would be hidden by the claim
    let (mount, volume) = mounted(set, "/etc/more");
    assert_eq!((text(mount, "name"), text(volume, "configMap.name")), ("data-2", "data"));
    assert_eq!(text(mounted(set, "/tls").1, "secret.secretName"), "tls");
    let headless = render("[db.db]\nengine = \"redis\"\nservice = \"headless\"");
    assert_eq!(headless.names()[1..], ["Service/db", "StatefulSet/db"]);
    assert_eq!(text(headless.get("StatefulSet/db"), "spec.serviceName"), "db");
}

/// The place that a field goes back to, as it was typed.
fn place(rendered: &Rendered, kind: &str, path: &str) -> Vec<String> {
    let bundle = &rendered.rendering.bundle;
    let object = bundle.objects.iter().find(|object| object.kind_name() == kind).unwrap();
    let field = object.root.find(&path.parse().unwrap()).unwrap_or_else(|| panic!("no field at {path}"));
    let origins = bundle.causes.origins(field.cause);
    let spans = origins.map(|origin| rendered.session.origins.get(origin).span);
    spans.map(|span| rendered.session.sources.text(span).to_owned()).collect()
}

#[test]
fn fields_lead_back_to_what_was_written() {
    let cluster = rendering(&format!("{OPERATED}settings = {{ max_connections = 200 }}"), "k3d");
    let of = |path: &str| place(&cluster, "Cluster", path);
    assert_eq!(of("spec.instances"), ["3"]);
    assert_eq!(of("spec.postgresql.parameters.max_connections"), ["200"]);
    assert_eq!(of("spec.bootstrap.initdb.owner"), ["\"me\""]);
    assert_eq!(of("spec.imageName"), ["\"17\"", "\"cloudnative-pg\""]);
    assert_eq!(of("spec.storage.storageClass"), ["\"fast\""]);
    let file = rendering("[db.db]\nengine = \"redis\"\nsettings = { maxmemory = \"1gb\" }", "k3d");
    assert_eq!(place(&file, "ConfigMap", "metadata.name"), ["{ maxmemory = \"1gb\" }"]);
    assert_eq!(place(&file, "StatefulSet", "spec.template.spec.containers[0].args[0]"), ["{ maxmemory = \"1gb\" }"]);
    let managed = "[db.db]\nengine = \"redis\"\nmanaged = { host = \"r.example.com\", service = true }";
    assert_eq!(place(&rendering(managed, "k3d"), "Service", "spec.externalName"), ["\"r.example.com\""]);
}

const OPERATED: &str = "[db.pg]\nengine = \"postgres\"\nversion = \"17\"\nvia = \"cloudnative-pg\"\nreplicas = 3\n\
    storage = { size = \"10Gi\", class = \"fast\" }\nuser = \"me\"\ndatabase = \"orders\"\n";

#[test]
fn an_operator_gets_a_cluster() {
    let more = "settings = { max_connections = 200, jit = false, shared_preload_libraries = [\"pg_cron\"], auto_explain.log_analyze = true }\n\
        scripts = { \"02.sql\" = \"scripts/01.sql\", \"01.sql\" = \"scripts/01.sql\" }\nnode-selector = { disk = \"ssd\" }\n\
        spread = \"node\"\nlabels = { team = \"a\" }\nenv = { LANG = \"C\" }\npdb = false\nresources = { cpu = \"1\", memory = \"2Gi\" }\n";
    let objects = render(&format!("{OPERATED}{more}"));
    assert_eq!(objects.names(), ["Namespace/shop", "Secret/pg", "ConfigMap/pg-scripts", "Cluster/pg"]);
    let cluster = objects.get("Cluster/pg");
    assert_eq!(text(cluster, "apiVersion"), "postgresql.cnpg.io/v1");
    let expected: Value = serde_yaml::from_str(
        "
instances: 3
imageName: ghcr.io/cloudnative-pg/postgresql:17
imagePullPolicy: IfNotPresent
inheritedMetadata: { labels: { team: a } }
postgresql:
  parameters: { max_connections: '200', jit: 'off', auto_explain.log_analyze: 'on' }
  shared_preload_libraries: [pg_cron]
bootstrap:
  initdb:
    database: orders
    owner: me
    secret: { name: pg }
    postInitApplicationSQLRefs:
      configMapRefs: [{ name: pg-scripts, key: 01.sql }, { name: pg-scripts, key: 02.sql }]
storage: { size: 10Gi, storageClass: fast }
resources: { requests: { cpu: '1', memory: 2Gi } }
env: [{ name: LANG, value: C }]
affinity: { nodeSelector: { disk: ssd } }
topologySpreadConstraints:
- maxSkew: 1
  topologyKey: kubernetes.io/hostname
  whenUnsatisfiable: ScheduleAnyway
  labelSelector: { matchLabels: { cnpg.io/cluster: pg } }
enablePDB: false
",
    )
    .unwrap();
    assert_eq!(cluster["spec"], expected);
}

#[test]
fn clients_find_the_service_for_writing() {
    let objects = render(&format!("{OPERATED}{CLIENT}uses = [\"pg\"]"));
    let expected = ["PGHOST=pg-rw", "PGPORT=5432", "PGUSER<pg/username", "PGPASSWORD<pg/password", "PGDATABASE=orders"];
    assert_eq!(environment(objects.get("Deployment/web")), expected);
}

#[test]
fn the_secret_of_an_operator_has_its_type_and_its_keys_from_every_source() {
    let dev = render(OPERATED);
    let secret = dev.get("Secret/pg");
    assert_eq!(text(secret, "type"), "kubernetes.io/basic-auth");
    assert_eq!(
        (text(secret, "stringData.username"), text(secret, "stringData.password")),
        ("me", "dev-only-pg-password")
    );
    let external = render(&format!("{OPERATED}[secret.pg]\nsource = \"external\"\nstore = \"vault\"\n"));
    let secret = external.get("ExternalSecret/pg");
    assert_eq!(text(secret, "spec.target.template.type"), "kubernetes.io/basic-auth");
    let keys = at(secret, "spec.data").as_sequence().unwrap().iter().map(|entry| text(entry, "secretKey"));
    assert_eq!(keys.collect::<Vec<_>>(), ["username", "password"]);
    let existing = rendering(OPERATED, "cloud");
    let expected = [
        Note::Requirement("CloudNativePG, which runs `db.pg`".into()),
        Note::Command {
            purpose: "the Secret `pg` must exist, with `me` as username; type each value, then Enter and Ctrl-D".into(),
            command: "kubectl create secret generic pg --namespace shop --type=kubernetes.io/basic-auth \
                --from-literal=username=\"$(cat)\" --from-literal=password=\"$(cat)\""
                .into(),
        },
    ];
    assert_eq!(existing.rendering.notes(), expected);
    let known = rendering(&format!("{OPERATED}[profile.cloud.cluster]\nrequires = [\"cloudnative-pg 1.30\"]"), "cloud");
    assert_eq!(known.rendering.notes()[0], Note::Requirement("cloudnative-pg 1.30".into()));
    assert_eq!(known.rendering.notes().len(), 2);
}
