//! What stands beside a database as it comes out: backup, restore, exporter, pooler.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod rendered;

use rendered::{Objects, Rendered, at, root};
use serde_yaml::Value;
use stowplan::pipeline::Note;

/// The database of the tutorial for readers from another platform, with its backup and its exporter.
const MYAPP: &str = r#"
[stack]
name = "myapp"
namespace = "prod"

[db.postgres]
engine = "postgres"
version = "15"
database = "myapp"
storage = { size = "20Gi", class = "fast-ssd", claim = "postgres-storage" }
secret = "postgres-secret"
keys = { user = "username", password = "password" }
backup = { schedule = "0 2 * * *", storage = { size = "100Gi", class = "fast-ssd" }, keep = 14 }
exporter = { resources = { cpu = "50m", memory = "64Mi", limits = { cpu = "100m", memory = "128Mi" } } }
"#;

fn render(stack: &str, profile: &str) -> Rendered {
    Rendered::of_text(stack, &root().join("tests/data"), profile, &[])
}

/// A stack with one database with these keys, and more tables behind it.
fn objects(keys: &str, more: &str, profile: &str) -> Objects {
    render(&format!("stack.name = \"shop\"\n[db.main]\n{keys}\n{more}"), profile).objects()
}

fn pod(object: &Value) -> &Value {
    match at(object, "spec.jobTemplate.spec.template.spec") {
        Value::Null => at(object, "spec.template.spec"),
        spec => spec,
    }
}

fn container(object: &Value) -> &Value {
    at(pod(object), "containers.0")
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_sequence().into_iter().flatten().map(|item| item.as_str().unwrap()).collect()
}

/// The variables of a container: `NAME=text`, `NAME<secret/key`, `NAME?config/key`, `NAME@field`.
fn variables(object: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let key = |reference: &Value| Some(format!("{}/{}", text(at(reference, "name"))?, text(at(reference, "key"))?));
    let variable = |variable: &Value| {
        let value = text(at(variable, "value")).map(|value| format!("={value}"));
        let secret = || key(at(variable, "valueFrom.secretKeyRef")).map(|key| format!("<{key}"));
        let config = || key(at(variable, "valueFrom.configMapKeyRef")).map(|key| format!("?{key}"));
        let field = || text(at(variable, "valueFrom.fieldRef.fieldPath")).map(|field| format!("@{field}"));
        let value = value.or_else(secret).or_else(config).or_else(field).unwrap();
        format!("{}{value}", at(variable, "name").as_str().unwrap())
    };
    at(container(object), "env").as_sequence().into_iter().flatten().map(variable).collect()
}

fn variable(object: &Value, name: &str) -> Option<String> {
    variables(object).into_iter().find_map(|variable| Some(variable.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

#[test]
fn r14_myapp_backup() {
    let objects = render(MYAPP, "cloud").objects();
    let job = objects.get("CronJob/postgres-backup");
    assert_eq!(at(job, "metadata.namespace"), "prod");
    assert_eq!(at(job, "spec.schedule"), "0 2 * * *");
    assert_eq!(at(job, "spec.timeZone"), "Etc/UTC");
    assert_eq!(at(job, "spec.concurrencyPolicy"), "Forbid");
    assert_eq!(at(job, "spec.startingDeadlineSeconds"), 3600);
    assert_eq!(at(job, "spec.successfulJobsHistoryLimit"), 3);
    assert_eq!(at(job, "spec.failedJobsHistoryLimit"), 3);
    assert_eq!(at(job, "spec.jobTemplate.spec.backoffLimit"), 2);
    assert_eq!(at(pod(job), "restartPolicy"), "OnFailure");
    assert_eq!(at(pod(job), "automountServiceAccountToken").as_bool(), Some(false));
    let server = objects.get("StatefulSet/postgres");
    assert_eq!(at(container(job), "image"), "postgres:15");
    assert_eq!(at(container(job), "image"), at(container(server), "image"));
    assert_eq!(texts(at(container(job), "command")), ["sh", "/scripts/backup.sh"]);
    let expected = [
        "PGHOST=postgres",
        "PGPORT=5432",
        "PGUSER<postgres-secret/username",
        "PGPASSWORD<postgres-secret/password",
        "PGDATABASE=myapp",
        "BACKUP_NAME=postgres",
        "BACKUP_FOLDER=/backup",
        "BACKUP_KEEP=14",
        "BACKUP_RUN@metadata.name",
    ];
    assert_eq!(variables(job), expected);
    assert_eq!(at(container(job), "resources.requests.memory"), "128Mi");
    let claim = objects.get("PersistentVolumeClaim/postgres-backup");
    assert_eq!(at(claim, "spec.resources.requests.storage"), "100Gi");
    assert_eq!(at(claim, "spec.storageClassName"), "fast-ssd");
    assert_eq!(at(claim, "spec.accessModes.0"), "ReadWriteOnce");
}

/// The path in the container, and what is mounted there.
fn mounts(object: &Value) -> Vec<(&str, String)> {
    let volumes = at(pod(object), "volumes").as_sequence().unwrap();
    let source = |name: &Value| {
        let volume = volumes.iter().find(|volume| at(volume, "name") == name).unwrap();
        let claim = at(volume, "persistentVolumeClaim.claimName").as_str();
        let config = at(volume, "configMap.name").as_str();
        claim.map(|name| format!("claim {name}")).or(config.map(|name| format!("config {name}"))).unwrap_or_default()
    };
    let mounts = at(container(object), "volumeMounts").as_sequence().unwrap().iter();
    mounts.map(|mount| (at(mount, "mountPath").as_str().unwrap(), source(at(mount, "name")))).collect()
}

#[test]
fn r15_myapp_restore() {
    let rendered = render(MYAPP, "cloud");
    let objects = rendered.objects();
    let job = objects.get("Job/postgres-restore-*");
    let name = at(job, "metadata.name").as_str().unwrap();
    assert_eq!(name.len(), "postgres-restore-00000000".len());
    assert_eq!(at(job, "spec.suspend").as_bool(), Some(true));
    assert_eq!(at(job, "spec.backoffLimit"), 0);
    assert_eq!(at(job, "spec.ttlSecondsAfterFinished"), 86400);
    assert_eq!(at(pod(job), "restartPolicy"), "Never");
    assert_eq!(texts(at(container(job), "command")), ["sh", "/scripts/restore.sh"]);
    assert_eq!(variables(job)[..7], variables(objects.get("CronJob/postgres-backup"))[..7]);
    assert_eq!(variables(job)[7..], ["FILE?postgres-restore/FILE", "POD_IP@status.podIP"]);
    assert_eq!(at(container(job), "env.7.valueFrom.configMapKeyRef.optional").as_bool(), Some(true));
    let expected = [
        ("/backup", "claim postgres-backup".to_owned()),
        ("/scripts", "config postgres-backup".to_owned()),
        ("/tmp", String::new()),
    ];
    assert_eq!(mounts(job), expected);
    assert_eq!(mounts(objects.get("CronJob/postgres-backup")), expected);
    let scripts = objects.get("ConfigMap/postgres-backup");
    for (key, script) in [("backup.sh", "backup"), ("restore.sh", "restore"), ("engine.sh", "postgres")] {
        let text = std::fs::read_to_string(root().join(format!("templates/backup/{script}.sh"))).unwrap();
        assert_eq!(at(scripts, "data").get(key).unwrap(), text.as_str());
    }
    let purpose = "only to restore `postgres`: its newest backup takes the place of what it holds now; before the next \
        time, delete this Job and apply the manifests again";
    let command = format!("kubectl patch job {name} --namespace prod --patch '{{\"spec\":{{\"suspend\":false}}}}'");
    let note = Note::Command { purpose: purpose.to_owned(), command };
    assert_eq!(rendered.rendering.notes().last(), Some(&note));
}

#[test]
fn r17_myapp_exporter() {
    let objects = render(MYAPP, "cloud").objects();
    let deployment = objects.get("Deployment/postgres-exporter");
    assert_eq!(at(deployment, "spec.replicas"), 1);
    let image = at(container(deployment), "image").as_str().unwrap();
    assert!(image.starts_with("prometheuscommunity/postgres-exporter:v0."), "{image}");
    let expected = [
        "DATA_SOURCE_USER<postgres-secret/username",
        "DATA_SOURCE_PASS<postgres-secret/password",
        "DATA_SOURCE_URI=postgres:5432/myapp?sslmode=disable",
    ];
    assert_eq!(variables(deployment), expected);
    assert_eq!(at(container(deployment), "ports.0.name"), "metrics");
    assert_eq!(at(container(deployment), "ports.0.containerPort"), 9187);
    assert_eq!(at(container(deployment), "resources.limits.memory"), "128Mi");
    for probe in ["livenessProbe", "readinessProbe"] {
        assert_eq!(at(container(deployment), &format!("{probe}.httpGet.port")), "metrics");
    }
    assert_eq!(at(pod(deployment), "securityContext.runAsUser"), 65534);
    let service = objects.get("Service/postgres-exporter");
    assert_eq!(at(service, "spec.ports.0.name"), "metrics");
    assert_eq!(at(service, "spec.ports.0.port"), 9187);
    assert_eq!(at(service, "spec.ports.0.targetPort"), "metrics");
    let annotations = at(service, "metadata.annotations");
    assert_eq!(annotations.get("prometheus.io/scrape").unwrap(), "true");
    assert_eq!(annotations.get("prometheus.io/port").unwrap(), "9187");
}

#[test]
fn no_service_selects_the_pods_of_another() {
    let stack = format!("{MYAPP}\npooler = true\n");
    let objects = render(&stack, "k3d").objects();
    let label = "app.kubernetes.io/name";
    for (service, pods) in [
        ("Service/postgres", "StatefulSet/postgres"),
        ("Service/postgres-exporter", "Deployment/postgres-exporter"),
        ("Service/postgres-pooler", "Deployment/postgres-pooler"),
    ] {
        let selector = at(objects.get(service), "spec.selector");
        let labels = |name: &str| match at(objects.get(name), "spec.jobTemplate.spec.template.metadata.labels") {
            Value::Null => at(objects.get(name), "spec.template.metadata.labels").clone(),
            labels => labels.clone(),
        };
        let workloads = [
            "StatefulSet/postgres",
            "Deployment/postgres-exporter",
            "Deployment/postgres-pooler",
            "CronJob/postgres-backup",
            "Job/postgres-restore-*",
        ];
        for name in workloads {
            let selected = labels(name).get(label) == selector.get(label);
            assert_eq!(selected, name == pods, "{service} and {name}");
        }
    }
}

#[test]
fn applications_reach_the_pooler_and_the_rest_reaches_the_server() {
    let stack = r#"
        engine = "postgres"
        port = 5433
        pooler = { replicas = 2, mode = "session", size = 30 }
        exporter = true
        backup = { schedule = "0 2 * * *", storage = "1Gi" }
        [api.web]
        image = "acme/web:1.0.0"
        port = 80
        uses = { main = { DB_HOST = "host", DB_PORT = "port", DB_ADDRESS = "address" } }
        env = { TEXT = "{{ db.main.host }}" }
        [worker.mail]
        image = "acme/web:1.0.0"
        uses.main = "url"
        wait = ["main"]
        [cronjob.report]
        image = "acme/web:1.0.0"
        schedule = "0 6 * * *"
        uses = ["main"]
        [job.migrate]
        image = "acme/web:1.0.0"
        uses = ["main"]
        wait = ["main"]
        "#;
    let objects = objects(stack, "", "k3d");
    let web = objects.get("Deployment/web");
    assert_eq!(
        variables(web),
        ["DB_HOST=main-pooler", "DB_PORT=5433", "DB_ADDRESS=main-pooler:5433", "TEXT=main-pooler"]
    );
    assert!(variable(objects.get("Deployment/mail"), "DATABASE_URL").unwrap().contains("@main-pooler:5433/shop"));
    assert_eq!(variable(objects.get("CronJob/report"), "PGHOST").as_deref(), Some("main-pooler"));
    for server in ["Job/migrate-*", "CronJob/main-backup", "Job/main-restore-*"] {
        assert_eq!(variable(objects.get(server), "PGHOST").as_deref(), Some("main"), "{server}");
    }
    let waits = |name: &str| at(pod(objects.get(name)), "initContainers.0.command.2").as_str().unwrap().to_owned();
    assert!(waits("Deployment/mail").contains("main-pooler 5433") && waits("Job/migrate-*").contains("main 5433"));
    let uri = variable(objects.get("Deployment/main-exporter"), "DATA_SOURCE_URI");
    assert_eq!(uri.as_deref(), Some("main:5433/shop?sslmode=disable"));
}

#[test]
fn a_pooler_is_pgbouncer_in_front_of_the_server() {
    let keys = "engine = \"postgres\"\npooler = { replicas = 2, mode = \"session\", size = 30 }\n";
    let objects = objects(keys, "", "cloud");
    let deployment = objects.get("Deployment/main-pooler");
    assert_eq!(at(deployment, "spec.replicas"), 2);
    assert_eq!(variables(deployment), ["PGUSER=shop", "PGPASSWORD<main/password"]);
    assert_eq!(texts(at(container(deployment), "command")), ["sh", "/etc/pgbouncer/start.sh", "/run/pgbouncer"]);
    assert_eq!(at(container(deployment), "ports.0.containerPort"), 5432);
    assert_eq!(at(objects.get("Service/main-pooler"), "spec.ports.0.port"), 5432);
    let settings = at(objects.get("ConfigMap/main-pooler"), "data").get("pgbouncer.ini").unwrap().as_str().unwrap();
    let lines: Vec<&str> = settings.lines().collect();
    for line in [
        "* = host=main port=5432",
        "listen_port = 5432",
        "auth_type = scram-sha-256",
        "auth_file = /run/pgbouncer/userlist.txt",
        "pool_mode = session",
        "default_pool_size = 30",
        "server_tls_sslmode = prefer",
    ] {
        assert!(lines.contains(&line), "{line} is not in\n{settings}");
    }
    let plain = self::objects("engine = \"postgres\"\npooler = true\n", "", "cloud");
    let settings = at(plain.get("ConfigMap/main-pooler"), "data").get("pgbouncer.ini").unwrap().as_str().unwrap();
    assert!(settings.contains("pool_mode = transaction\n") && settings.contains("default_pool_size = 20\n"));
}

#[test]
fn a_change_of_the_settings_rolls_the_pooler() {
    let sum = |keys: &str| {
        let objects = objects(&format!("engine = \"postgres\"\npooler = {keys}\n"), "", "cloud");
        let annotations = at(objects.get("Deployment/main-pooler"), "spec.template.metadata.annotations");
        annotations.get("stowplan/checksum").unwrap().as_str().unwrap().to_owned()
    };
    assert_eq!(sum("true"), sum("{ mode = \"transaction\" }"));
    assert_ne!(sum("true"), sum("{ size = 21 }"));
}

#[test]
fn servers_beside_a_database_need_no_rights_at_all() {
    let objects = objects("engine = \"postgres\"\nexporter = true\npooler = true\n", "", "cloud");
    for name in ["Deployment/main-exporter", "Deployment/main-pooler"] {
        let deployment = objects.get(name);
        assert_eq!(at(pod(deployment), "securityContext.runAsNonRoot").as_bool(), Some(true));
        assert!(at(pod(deployment), "securityContext.runAsUser").as_u64().unwrap() > 0);
        assert_eq!(at(pod(deployment), "securityContext.seccompProfile.type"), "RuntimeDefault");
        assert_eq!(at(pod(deployment), "automountServiceAccountToken").as_bool(), Some(false));
        let context = at(container(deployment), "securityContext");
        assert_eq!(at(context, "allowPrivilegeEscalation").as_bool(), Some(false));
        assert_eq!(at(context, "readOnlyRootFilesystem").as_bool(), Some(true));
        assert_eq!(texts(at(context, "capabilities.drop")), ["ALL"]);
    }
}

#[test]
fn a_backup_runs_with_the_rights_of_its_server() {
    let backup = "backup = { schedule = \"0 2 * * *\", storage = \"1Gi\" }";
    let keys = format!(
        "engine = \"postgres\"\nversion = \"17-alpine\"\nstorage = false\nsecurity = \"restricted\"\n{backup}\n"
    );
    let restricted = objects(&keys, "", "cloud");
    for name in ["CronJob/main-backup", "Job/main-restore-*"] {
        let context = at(pod(restricted.get(name)), "securityContext");
        assert_eq!(at(context, "runAsUser"), 70, "{name}");
        assert_eq!(at(context, "fsGroup"), 70, "the disk of backups is there where the server has none");
        assert_eq!(texts(at(container(restricted.get(name)), "securityContext.capabilities.drop")), ["ALL"]);
    }
    let baseline = objects(&format!("engine = \"redis\"\n{backup}\n"), "", "minikube");
    let context = at(pod(baseline.get("CronJob/main-backup")), "securityContext");
    assert!(at(context, "runAsUser").is_null() && at(context, "fsGroup").is_null());
}

#[test]
fn backups_may_lie_on_a_disk_of_ones_own() {
    let keys = "engine = \"mysql\"\nbackup = { schedule = \"0 2 * * *\", storage = { volume = \"dumps\" }, timezone = \"Asia/Tokyo\" }";
    let objects = objects(keys, "[volume.dumps]\nstorage = \"9Gi\"", "k3d");
    assert!(!objects.names().contains(&"PersistentVolumeClaim/main-backup".to_owned()));
    assert_eq!(mounts(objects.get("CronJob/main-backup"))[0], ("/backup", "claim dumps".to_owned()));
    assert_eq!(mounts(objects.get("Job/main-restore-*"))[0], ("/backup", "claim dumps".to_owned()));
    assert_eq!(at(objects.get("CronJob/main-backup"), "spec.timeZone"), "Asia/Tokyo");
    assert_eq!(variable(objects.get("CronJob/main-backup"), "BACKUP_KEEP").as_deref(), Some("7"));
}

#[test]
fn every_engine_is_dumped_and_measured_with_its_own_variables() {
    let cases = [
        (
            "mysql",
            "",
            &[
                "MYSQL_HOST=main",
                "MYSQL_PORT=3306",
                "MYSQL_USER=shop",
                "MYSQL_PWD<main/password",
                "MYSQL_DATABASE=shop",
            ][..],
            &["MYSQL_USER=shop", "MYSQLD_EXPORTER_PASSWORD<main/password"][..],
            9104,
        ),
        (
            "mariadb",
            "user = \"root\"",
            &[
                "MYSQL_HOST=main",
                "MYSQL_PORT=3306",
                "MYSQL_USER=root",
                "MYSQL_PWD<main/password",
                "MYSQL_DATABASE=shop",
            ],
            &["MYSQL_USER=root", "MYSQLD_EXPORTER_PASSWORD<main/password"],
            9104,
        ),
        ("redis", "", &["REDIS_HOST=main", "REDIS_PORT=6379"], &["REDIS_ADDR=redis://main:6379"], 9121),
        (
            "valkey",
            "secret = \"s\"\nport = 7000",
            &["REDIS_HOST=main", "REDIS_PORT=7000", "REDISCLI_AUTH<s/password"],
            &["REDIS_PASSWORD<s/password", "REDIS_ADDR=redis://main:7000"],
            9121,
        ),
        (
            "mongodb",
            "user = \"me\"\ndatabase = \"docs\"",
            &[
                "MONGODB_HOST=main",
                "MONGODB_PORT=27017",
                "MONGODB_USER=me",
                "MONGODB_PASSWORD<main/password",
                "MONGODB_DATABASE=docs",
            ],
            &["MONGODB_USER=me", "MONGODB_PASSWORD<main/password", "MONGODB_URI=mongodb://main:27017/admin"],
            9216,
        ),
    ];
    for (engine, keys, dumped, measured, port) in cases {
        let keys = format!(
            "engine = \"{engine}\"\n{keys}\nexporter = true\nbackup = {{ schedule = \"0 2 * * *\", storage = \"1Gi\" }}\n"
        );
        let objects = objects(&keys, "", "cloud");
        let of_tools: Vec<_> = variables(objects.get("CronJob/main-backup"));
        assert_eq!(of_tools[..of_tools.len() - 4], *dumped, "{engine}");
        assert_eq!(variables(objects.get("Deployment/main-exporter")), measured, "{engine}");
        assert_eq!(at(objects.get("Service/main-exporter"), "spec.ports.0.port"), port, "{engine}");
    }
}

#[test]
fn a_database_named_in_a_secret_is_read_from_there() {
    let keys = "engine = \"postgres\"\nkeys = { user = \"U\", password = \"P\", database = \"D\" }\nexporter = true\n";
    let objects = objects(keys, "", "cloud");
    let expected = [
        "DATA_SOURCE_USER<main/U",
        "DATA_SOURCE_PASS<main/P",
        "DATA_SOURCE_DATABASE<main/D",
        "DATA_SOURCE_URI=main:5432/$(DATA_SOURCE_DATABASE)?sslmode=disable",
    ];
    assert_eq!(variables(objects.get("Deployment/main-exporter")), expected);
}

#[test]
fn an_overlay_switches_them_off_and_says_more_of_them() {
    let stack = r#"
        stack.name = "shop"
        [db.main]
        engine = "postgres"
        backup = { schedule = "0 2 * * *", storage = "1Gi", keep = 3 }
        exporter = true
        pooler = { mode = "session" }
        [defaults.db]
        exporter = { resources = { cpu = "7m" } }
        [worker.w]
        image = "a:1.0.0"
        uses = ["main"]
        [profile.k3d.db.main]
        backup = false
        exporter = false
        pooler = false
        [profile.cloud.db.main]
        backup.storage = "2Gi"
        pooler.size = 5
        "#;
    let local = render(stack, "k3d").objects();
    let companions =
        |name: &String| ["-backup", "-restore", "-exporter", "-pooler"].iter().any(|end| name.contains(end));
    assert_eq!(local.names().into_iter().filter(companions).collect::<Vec<_>>(), [""; 0]);
    assert_eq!(variable(local.get("Deployment/w"), "PGHOST").as_deref(), Some("main"));
    let cloud = render(stack, "cloud").objects();
    assert_eq!(at(cloud.get("PersistentVolumeClaim/main-backup"), "spec.resources.requests.storage"), "2Gi");
    assert_eq!(variable(cloud.get("CronJob/main-backup"), "BACKUP_KEEP").as_deref(), Some("3"));
    let settings = at(cloud.get("ConfigMap/main-pooler"), "data").get("pgbouncer.ini").unwrap().as_str().unwrap();
    assert!(settings.contains("pool_mode = session\ndefault_pool_size = 5\n"), "{settings}");
    assert_eq!(at(container(cloud.get("Deployment/main-exporter")), "resources.requests.cpu"), "7m");
    assert_eq!(variable(cloud.get("Deployment/w"), "PGHOST").as_deref(), Some("main-pooler"));
}

#[test]
fn images_of_ones_own_are_taken() {
    let keys = "engine = \"postgres\"\nimage = \"acme/postgres:17\"\nversion = 17\npull-secrets = [\"registry\"]\n\
        backup = { schedule = \"0 2 * * *\", storage = \"1Gi\", resources = { memory = \"1Gi\" } }\n\
        exporter = { image = \"acme/exporter:1.0\" }\npooler = { image = \"acme/pgbouncer:1.0\" }\n";
    let objects = objects(keys, "[secret.registry]\ntype = \"kubernetes.io/dockerconfigjson\"", "cloud");
    for (name, image) in [
        ("CronJob/main-backup", "acme/postgres:17"),
        ("Job/main-restore-*", "acme/postgres:17"),
        ("Deployment/main-exporter", "acme/exporter:1.0"),
        ("Deployment/main-pooler", "acme/pgbouncer:1.0"),
    ] {
        assert_eq!(at(container(objects.get(name)), "image"), image);
        assert_eq!(at(pod(objects.get(name)), "imagePullSecrets.0.name"), "registry");
    }
    assert_eq!(at(container(objects.get("CronJob/main-backup")), "resources.requests.memory"), "1Gi");
}

#[test]
fn a_managed_database_is_dumped_measured_and_pooled_where_it_is() {
    let keys = "engine = \"postgres\"\nversion = \"17\"\nexporter = true\npooler = true\n\
        managed = { host = \"db.example.com\", port = 6432, sslmode = \"verify-full\" }\n\
        backup = { schedule = \"0 2 * * *\", storage = \"1Gi\" }\n";
    let uses =
        "[worker.w]\nimage = \"a:1.0.0\"\nuses.main = \"url\"\n[worker.v]\nimage = \"a:1.0.0\"\nuses = [\"main\"]\n";
    let objects = objects(keys, uses, "cloud");
    let job = objects.get("CronJob/main-backup");
    assert_eq!(at(container(job), "image"), "postgres:17");
    for (name, value) in [("PGHOST", "db.example.com"), ("PGPORT", "6432"), ("PGSSLMODE", "verify-full")] {
        assert_eq!(variable(job, name).as_deref(), Some(value));
    }
    let uri = variable(objects.get("Deployment/main-exporter"), "DATA_SOURCE_URI");
    assert_eq!(uri.as_deref(), Some("db.example.com:6432/shop?sslmode=verify-full"));
    let settings = at(objects.get("ConfigMap/main-pooler"), "data").get("pgbouncer.ini").unwrap().as_str().unwrap();
    assert!(settings.contains("* = host=db.example.com port=6432\n"), "{settings}");
    assert!(settings.contains("server_tls_sslmode = verify-full\nserver_tls_ca_file = /etc/ssl/certs/"), "{settings}");
    // TLS ends at the pooler, which has no certificate
    let url = variable(objects.get("Deployment/w"), "DATABASE_URL").unwrap();
    assert!(url.ends_with("@main-pooler:6432/shop"), "{url}");
    assert_eq!(variable(objects.get("Deployment/v"), "PGSSLMODE"), None);
}

#[test]
fn a_managed_database_without_a_word_about_tls_is_asked_for_it_where_there_is_no_middle_way() {
    for service in ["true", "false"] {
        let managed = format!("managed = {{ host = \"db.example.com\", service = {service} }}");
        let objects = objects(&format!("engine = \"postgres\"\nexporter = true\n{managed}\n"), "", "cloud");
        let uri = variable(objects.get("Deployment/main-exporter"), "DATA_SOURCE_URI").unwrap();
        assert!(uri.ends_with("?sslmode=require"), "{uri}");
    }
}

#[test]
fn each_engine_is_told_of_tls_in_its_own_words() {
    let managed = |engine: &str, mode: &str| {
        let managed = format!("managed = {{ host = \"db.example.com\", sslmode = \"{mode}\" }}");
        let backup = "backup = { schedule = \"0 2 * * *\", storage = \"1Gi\" }";
        objects(&format!("engine = \"{engine}\"\nexporter = true\n{managed}\n{backup}\n"), "", "cloud")
    };
    let exporter = "Deployment/main-exporter";
    let dumped = |objects: &Objects, name: &str| variable(objects.get("CronJob/main-backup"), name);
    for engine in ["mysql", "mariadb"] {
        let [free, required, verified] = ["prefer", "require", "verify-ca"].map(|mode| managed(engine, mode));
        let arguments = |objects: &Objects| texts(at(container(objects.get(exporter)), "args")).join(" ");
        assert!(!arguments(&free).contains("tls") && !arguments(&free).contains("my-cnf"));
        assert!(arguments(&required).contains("--tls.insecure-skip-verify"));
        assert!(arguments(&verified).contains("--config.my-cnf=/etc/exporter/settings"));
        assert_eq!(mounts(verified.get(exporter)), [("/etc/exporter", "config main-exporter".to_owned())]);
        assert_eq!(at(verified.get("ConfigMap/main-exporter"), "data.settings"), "[client]\ntls = true\n");
        assert!(!required.names().contains(&"ConfigMap/main-exporter".to_owned()));
        let words = [&free, &required, &verified].map(|objects| dumped(objects, "MYSQL_TLS"));
        assert_eq!(words, [None, Some("required".to_owned()), Some("verified".to_owned())]);
    }
    let [free, required, verified] = ["prefer", "require", "verify-full"].map(|mode| managed("redis", mode));
    let address = |objects: &Objects| variable(objects.get(exporter), "REDIS_ADDR").unwrap();
    assert_eq!(address(&free), "redis://db.example.com:6379");
    assert_eq!([address(&required), address(&verified)], ["rediss://db.example.com:6379"; 2]);
    let skips = |objects: &Objects| variable(objects.get(exporter), "REDIS_EXPORTER_SKIP_TLS_VERIFICATION");
    assert_eq!((skips(&required).as_deref(), skips(&verified)), (Some("true"), None));
    assert_eq!(dumped(&verified, "REDIS_TLS").as_deref(), Some("verified"));
    let required = managed("mongodb", "require");
    let uri = variable(required.get(exporter), "MONGODB_URI");
    assert_eq!(uri.as_deref(), Some("mongodb://db.example.com:27017/admin?tls=true"));
    assert_eq!(dumped(&required, "MONGODB_TLS").as_deref(), Some("required"));
}
