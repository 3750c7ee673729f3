//! Databases as they come out, engine by engine.

use super::*;
use crate::bundle::{Cause, CauseId, Field};
use crate::component::fixture::Fixture;
use crate::component::secret::DeclaredSecret;
use crate::component::world::{Connection, Declared};

/// A database of the stack `shop`, and everything around it.
struct Case {
    fixture: Fixture,
    name: Written<Name>,
    db: Db,
}

impl Case {
    /// `[db.NAME]` with these keys, on a cluster with these facts.
    fn new(name: &str, keys: &str, cluster: &str) -> Self {
        let text = format!("[stack]\nname = \"shop\"\n[cluster]\n{cluster}\n[db.{name}]\n{keys}");
        let mut fixture = Fixture::new(&text);
        let db: Db = fixture.decode(&["db", name]);
        Self { fixture, name: Written { value: Name::parse(name).unwrap(), origin: db.origin }, db }
    }

    fn with<T>(&self, ask: impl FnOnce(&World) -> T) -> T {
        self.fixture.with_world(ask)
    }

    fn render(&self) -> Bundle {
        assert!(!self.fixture.report.has_errors(), "{:?}", self.fixture.report);
        let mut bundle = Bundle::default();
        self.with(|world| self.db.lower(&self.name, world, &mut bundle));
        bundle
    }

    fn stateful_set(&self) -> Field {
        let bundle = self.render();
        bundle.objects.into_iter().find(|object| object.kind_name() == "StatefulSet").unwrap().root
    }

    fn connection(&self) -> Connection {
        self.with(|world| self.db.connection(&self.name, world.stack_name()))
    }

    fn secret(&self) -> Option<DeclaredSecret> {
        let password = |secret: &str, key: &str| format!("dev-only-{secret}-{key}");
        self.with(|world| self.db.secret(&self.name, world.stack_name(), password))
    }

    /// Titles of what `check` finds, with those of decoding before.
    fn mistakes(mut self) -> Vec<String> {
        let Self { fixture, name, db } = &mut self;
        fixture.lower(|world, checking, _| db.check(name, world, checking));
        fixture.report.diagnostics.iter().map(|diagnostic| diagnostic.title.clone()).collect()
    }
}

fn db(keys: &str) -> Case {
    Case::new("data", &format!("{keys}\nstorage = \"5Gi\""), "")
}

fn mistakes(keys: &str) -> Vec<String> {
    db(keys).mistakes()
}

fn at<'a>(root: &'a Field, path: &[&str]) -> Option<&'a Field> {
    path.iter().try_fold(root, |field, step| match step.parse::<usize>() {
        Ok(index) => field.items().get(index),
        Err(_) => field.get(step),
    })
}

const CONTAINER: [&str; 5] = ["spec", "template", "spec", "containers", "0"];

fn container<'a>(set: &'a Field, path: &[&str]) -> Option<&'a Field> {
    at(at(set, &CONTAINER)?, path)
}

fn text_at(root: &Field, path: &[&str]) -> Option<String> {
    at(root, path).and_then(Field::as_str).map(str::to_owned)
}

fn texts(list: Option<&Field>) -> Vec<String> {
    list.map(Field::items).unwrap_or_default().iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// `NAME=text` or `NAME<secret/key`.
fn environment(set: &Field) -> Vec<String> {
    let line = |variable: &Field| {
        let name = text_at(variable, &["name"]).unwrap();
        let key = at(variable, &["valueFrom", "secretKeyRef"]);
        match (text_at(variable, &["value"]), key) {
            (Some(value), _) => format!("{name}={value}"),
            (None, Some(key)) => {
                format!("{name}<{}/{}", text_at(key, &["name"]).unwrap(), text_at(key, &["key"]).unwrap())
            }
            (None, None) => panic!("{name} has no value"),
        }
    };
    container(set, &["env"]).map(Field::items).unwrap_or_default().iter().map(line).collect()
}

/// Mount path, subpath and the name of the volume.
fn mount(set: &Field) -> (String, Option<String>, String) {
    let mount = container(set, &["volumeMounts", "0"]).unwrap();
    (text_at(mount, &["mountPath"]).unwrap(), text_at(mount, &["subPath"]), text_at(mount, &["name"]).unwrap())
}

fn image(set: &Field) -> String {
    text_at(container(set, &["image"]).unwrap(), &[]).unwrap()
}

fn probe_command(set: &Field, probe: &str) -> String {
    texts(container(set, &[probe, "exec", "command"])).join(" ")
}

#[test]
fn postgres_17_and_18_mount_their_volume_where_the_image_expects_it() {
    let set = db("engine = \"postgres\"\nversion = \"17-alpine\"").stateful_set();
    assert_eq!(image(&set), "postgres:17-alpine");
    assert_eq!(mount(&set), ("/var/lib/postgresql/data".into(), None, "data".into()));
    assert!(environment(&set).contains(&"PGDATA=/var/lib/postgresql/data/pgdata".into()));
    let set = db("engine = \"postgres\"").stateful_set();
    assert_eq!(image(&set), "postgres:18");
    assert_eq!(mount(&set), ("/var/lib/postgresql".into(), None, "data".into()));
    assert!(environment(&set).contains(&"PGDATA=/var/lib/postgresql/18/docker".into()));
}

#[test]
fn the_version_of_an_own_image_is_the_engines() {
    let set = db("engine = \"postgres\"\nimage = \"pgvector/pgvector:pg17\"\nversion = 17").stateful_set();
    assert_eq!(image(&set), "pgvector/pgvector:pg17");
    assert_eq!(mount(&set).0, "/var/lib/postgresql/data");
    let set = db("engine = \"postgres\"\nimage = \"pgvector/pgvector:pg17\"").stateful_set();
    assert!(environment(&set).contains(&"PGDATA=/var/lib/postgresql/postgres".into()));
}

#[test]
fn postgres_reads_its_login_from_the_secret_or_the_stack() {
    let set = db("engine = \"postgres\"\nversion = 16").stateful_set();
    let pgdata = "PGDATA=/var/lib/postgresql/data/pgdata";
    assert_eq!(
        environment(&set),
        ["POSTGRES_USER=shop", "POSTGRES_PASSWORD<data/password", "POSTGRES_DB=shop", pgdata]
    );
    let keys = "engine = \"postgres\"\nversion = 16\ndatabase = \"todos\"\nsecret = \"s\"\n\
        keys = { user = \"U\", password = \"P\", database = \"D\" }";
    assert_eq!(
        environment(&db(keys).stateful_set()),
        ["POSTGRES_USER<s/U", "POSTGRES_PASSWORD<s/P", "POSTGRES_DB<s/D", pgdata]
    );
}

#[test]
fn mysql_and_mariadb_know_root_from_other_users() {
    for (engine, prefix) in [("mysql", "MYSQL"), ("mariadb", "MARIADB")] {
        let line = |text: &str| text.replace("X_", &format!("{prefix}_"));
        let set = db(&format!("engine = \"{engine}\"\nuser = \"app\"")).stateful_set();
        let expected = ["X_USER=app", "X_PASSWORD<data/password", "X_DATABASE=shop", "X_RANDOM_ROOT_PASSWORD=yes"];
        assert_eq!(environment(&set), expected.map(line));
        let question = probe_command(&set, "readinessProbe");
        assert!(
            question.contains(&line("MYSQL_PWD=\"$X_PASSWORD\"").replace(&format!("{prefix}_PWD"), "MYSQL_PWD")),
            "{question}"
        );
        let set = db(&format!("engine = \"{engine}\"\nuser = \"root\"")).stateful_set();
        assert_eq!(environment(&set), ["X_ROOT_PASSWORD<data/password", "X_DATABASE=shop"].map(line));
        assert!(probe_command(&set, "readinessProbe").ends_with("-u root"));
        assert_eq!(mount(&set), ("/var/lib/mysql".into(), Some(engine.into()), "data".into()));
    }
}

#[test]
fn redis_and_valkey_ask_for_a_password_only_where_one_is_named() {
    for (engine, image_name) in [("redis", "redis:8.6"), ("valkey", "valkey/valkey:9.0")] {
        let set = db(&format!("engine = \"{engine}\"")).stateful_set();
        assert_eq!((image(&set).as_str(), environment(&set).len()), (image_name, 0));
        assert!(container(&set, &["args"]).is_none());
        assert_eq!(mount(&set), ("/data".into(), Some(engine.into()), "data".into()));
        let client = format!("{engine}-cli -h 127.0.0.1 -p 6379 ping");
        assert_eq!(probe_command(&set, "livenessProbe"), client);
        assert_eq!(probe_command(&set, "startupProbe"), format!("sh -c test \"$({client})\" = PONG"));
        let set =
            db(&format!("engine = \"{engine}\"\nsecret = \"s\"\nargs = [\"--appendonly\", \"yes\"]")).stateful_set();
        assert_eq!(environment(&set), ["REDISCLI_AUTH<s/password"]);
        let expected = ["--appendonly", "yes", "--requirepass", "$(REDISCLI_AUTH)"];
        assert_eq!(texts(container(&set, &["args"])), expected);
        let set = db(&format!("engine = \"{engine}\"\nuser = \"app\"")).stateful_set();
        assert_eq!(environment(&set), ["REDIS_USER=app", "REDISCLI_AUTH<data/password"]);
        assert!(texts(container(&set, &["args"])).contains(&">$(REDISCLI_AUTH)".into()));
    }
}

#[test]
fn mongodb_makes_a_user_where_one_is_named() {
    let set = db("engine = \"mongodb\"").stateful_set();
    assert_eq!((image(&set).as_str(), environment(&set).len()), ("mongo:8.0", 0));
    assert_eq!(mount(&set), ("/data/db".into(), Some("mongodb".into()), "data".into()));
    assert_eq!(
        text_at(&set, &[&CONTAINER[..], &["readinessProbe", "tcpSocket", "port"]].concat()).as_deref(),
        Some("mongodb")
    );
    let set = db("engine = \"mongodb\"\nsecret = \"s\"\ndatabase = \"items\"").stateful_set();
    let expected =
        ["MONGO_INITDB_ROOT_USERNAME=shop", "MONGO_INITDB_ROOT_PASSWORD<s/password", "MONGO_INITDB_DATABASE=items"];
    assert_eq!(environment(&set), expected);
}

#[test]
fn a_written_variable_takes_the_place_of_the_images() {
    let keys = "engine = \"postgres\"\nenv = { POSTGRES_DB = \"other\", POSTGRES_INITDB_ARGS = \"-k\" }";
    let variables = environment(&db(keys).stateful_set());
    assert!(!variables.contains(&"POSTGRES_DB=shop".into()));
    assert_eq!(variables[3..], ["POSTGRES_DB=other", "POSTGRES_INITDB_ARGS=-k"]);
}

#[test]
fn services_and_server_share_the_port() {
    let usual =
        [("postgres", 5432), ("mysql", 3306), ("mariadb", 3306), ("redis", 6379), ("valkey", 6379), ("mongodb", 27017)];
    for (engine, port) in usual {
        for (keys, port) in [("", port), ("port = 7000", 7000)] {
            let case = db(&format!("engine = \"{engine}\"\n{keys}"));
            let bundle = case.render();
            let names: Vec<_> = bundle.objects.iter().map(|object| (object.kind_name(), object.name())).collect();
            assert_eq!(names, [("Service", "data"), ("Service", "data-headless"), ("StatefulSet", "data")]);
            for service in &bundle.objects[..2] {
                assert_eq!(at(&service.root, &["spec", "ports", "0", "port"]).and_then(Field::as_integer), Some(port));
                assert_eq!(text_at(&service.root, &["spec", "ports", "0", "name"]).as_deref(), Some(engine));
            }
            let set = &bundle.objects[2].root;
            assert_eq!(container(set, &["ports", "0", "containerPort"]).and_then(Field::as_integer), Some(port));
            assert_eq!(text_at(set, &["spec", "serviceName"]).as_deref(), Some("data-headless"));
            assert_eq!(i64::from(case.connection().ports[0].number.value), port);
            let said = environment(set).into_iter().chain(texts(container(set, &["args"])));
            assert_eq!(said.filter(|word| word.ends_with("7000")).count(), usize::from(port == 7000), "{engine}");
        }
    }
}

#[test]
fn the_headless_service_governs_and_publishes_what_is_not_ready() {
    let bundle = db("engine = \"postgres\"").render();
    let headless = &bundle.objects[1].root;
    assert_eq!(text_at(headless, &["spec", "clusterIP"]).as_deref(), Some("None"));
    assert_eq!(at(headless, &["spec", "publishNotReadyAddresses"]).and_then(Field::as_boolean), Some(true));
    assert!(at(&bundle.objects[0].root, &["spec", "clusterIP"]).is_none());
}

#[test]
fn a_disk_is_a_claim_template_a_volume_or_nothing() {
    let claim = ["spec", "volumeClaimTemplates", "0"];
    let case = Case::new(
        "pg",
        "engine = \"postgres\"\nstorage = { size = \"5Gi\", claim = \"files\" }",
        "storage.class = \"fast\"",
    );
    let set = case.stateful_set();
    assert_eq!(mount(&set).2, "files");
    assert_eq!(text_at(&set, &[&claim[..], &["metadata", "name"]].concat()).as_deref(), Some("files"));
    assert_eq!(text_at(&set, &[&claim[..], &["spec", "storageClassName"]].concat()).as_deref(), Some("fast"));
    let own = "engine = \"postgres\"\nstorage = { size = \"5Gi\", class = \"slow\" }";
    let set = Case::new("pg", own, "storage.class = \"fast\"").stateful_set();
    assert_eq!(text_at(&set, &[&claim[..], &["spec", "storageClassName"]].concat()).as_deref(), Some("slow"));
    let set = Case::new("pg", "engine = \"postgres\"\nstorage = \"5Gi\"", "storage.class = \"\"").stateful_set();
    assert!(at(&set, &[&claim[..], &["spec", "storageClassName"]].concat()).is_none());
    let volume = ["spec", "template", "spec", "volumes", "0"];
    let set = Case::new("pg", "engine = \"postgres\"\nstorage = { volume = \"disk\" }", "").stateful_set();
    assert!(at(&set, &claim).is_none());
    assert_eq!(
        text_at(&set, &[&volume[..], &["persistentVolumeClaim", "claimName"]].concat()).as_deref(),
        Some("disk")
    );
    let set = Case::new("pg", "engine = \"postgres\"\nstorage = false", "").stateful_set();
    assert!(at(&set, &claim).is_none() && at(&set, &[&volume[..], &["emptyDir"]].concat()).is_some());
    assert_eq!(mount(&set).2, "data");
}

#[test]
fn restricted_runs_under_the_account_of_the_image() {
    let context = |keys: &str, cluster: &str| {
        let set = Case::new("pg", &format!("{keys}\nstorage = \"5Gi\""), cluster).stateful_set();
        let number =
            |key: &str| at(&set, &["spec", "template", "spec", "securityContext", key]).and_then(Field::as_integer);
        (number("runAsUser"), number("runAsGroup"), number("fsGroup"))
    };
    let owns = "storage.fs-group = true";
    assert_eq!(context("engine = \"postgres\"\nsecurity = \"baseline\"", ""), (None, None, None));
    assert_eq!(context("engine = \"postgres\"\nsecurity = \"baseline\"", owns), (None, None, Some(999)));
    let alpine = "engine = \"postgres\"\nversion = \"16-alpine\"\nsecurity = \"restricted\"";
    assert_eq!(context(alpine, owns), (Some(70), Some(70), Some(70)));
    let own = "engine = \"redis\"\nsecurity = { level = \"restricted\", user = 5000 }";
    assert_eq!(context(own, owns), (Some(5000), None, Some(5000)));
}

#[test]
fn probes_of_the_engine_are_patient_and_give_way_one_by_one() {
    let set = db("engine = \"postgres\"\nprobes.ready = { tcp = true, period = \"3s\" }").stateful_set();
    assert!(container(&set, &["readinessProbe", "exec"]).is_none());
    assert_eq!(
        text_at(&set, &[&CONTAINER[..], &["readinessProbe", "tcpSocket", "port"]].concat()).as_deref(),
        Some("postgres")
    );
    assert!(probe_command(&set, "livenessProbe").contains("pg_isready -h 127.0.0.1"));
    for probe in ["livenessProbe", "startupProbe"] {
        assert_eq!(container(&set, &[probe, "timeoutSeconds"]).and_then(Field::as_integer), Some(5));
    }
    let number = |key| container(&set, &["startupProbe", key]).and_then(Field::as_integer).unwrap();
    assert_eq!(number("periodSeconds") * number("failureThreshold"), 3600);
}

#[test]
fn the_secret_holds_what_the_database_reads() {
    let keys = |secret: DeclaredSecret| -> Vec<_> {
        secret.keys.into_iter().map(|(key, text)| (key.value, text.map(|text| text.value))).collect()
    };
    let secret = db("engine = \"postgres\"").secret().unwrap();
    assert_eq!(secret.name.value, "data");
    assert_eq!(keys(secret), [("password".to_owned(), None)]);
    let all = "engine = \"postgres\"\nsecret = \"s\"\ndatabase = \"my db\"\n\
        keys = { user = \"U\", password = \"P\", database = \"D\", url = \"URL\" }";
    let secret = db(all).secret().unwrap();
    assert_eq!(secret.name.value, "s");
    let url = "postgresql://shop:dev-only-s-P@data:5432/my%20db".to_owned();
    let expected = [("U", Some("shop".into())), ("P", None), ("D", Some("my db".into())), ("URL", Some(url))];
    assert_eq!(keys(secret), expected.map(|(key, text)| (key.to_owned(), text)));
    assert_eq!(db("engine = \"redis\"").secret(), None);
    assert_eq!(db("engine = \"mongodb\"\ndatabase = \"items\"").secret(), None);
}

#[test]
fn urls_are_those_of_the_engine() {
    let url = |keys: &str| keys_url(&db(&format!("{keys}\nkeys = {{ url = \"URL\" }}")));
    assert_eq!(url("engine = \"postgres\""), "postgresql://shop:dev-only-data-password@data:5432/shop");
    assert_eq!(url("engine = \"mysql\"\nuser = \"root\""), "mysql://root:dev-only-data-password@data:3306/shop");
    assert_eq!(url("engine = \"mariadb\"\nport = 3307"), "mysql://shop:dev-only-data-password@data:3307/shop");
    assert_eq!(url("engine = \"redis\""), "redis://:dev-only-data-password@data:6379");
    assert_eq!(url("engine = \"valkey\"\ndatabase = \"1\""), "redis://:dev-only-data-password@data:6379/1");
    assert_eq!(url("engine = \"mongodb\""), "mongodb://shop:dev-only-data-password@data:27017/?authSource=admin");
}

fn keys_url(case: &Case) -> String {
    case.secret().unwrap().keys.into_iter().find(|(key, _)| key.value == "URL").unwrap().1.unwrap().value
}

#[test]
fn a_connection_prefers_the_secret_to_the_literal() {
    let connection = db("engine = \"postgres\"\ndatabase = \"todos\"\nkeys = { database = \"D\" }").connection();
    assert!(matches!(connection.database, Some(Credential::Key { key, .. }) if key.value == "D"));
    assert!(matches!(connection.user, Some(Credential::Literal(user)) if user.value == "shop"));
    assert!(matches!(connection.password, Some(Credential::Key { key, .. }) if key.value == "password"));
    assert_eq!((connection.scheme, connection.jdbc, connection.query), ("postgresql", Some("jdbc:postgresql"), None));
    let connection = db("engine = \"mongodb\"").connection();
    assert!(connection.user.is_none() && connection.password.is_none() && connection.query.is_none());
}

#[test]
fn a_written_value_has_its_own_place_as_the_cause() {
    let case = db("engine = \"postgres\"\ndatabase = \"todos\"");
    let set = case.stateful_set();
    let cause = |path: &[&str]| container(&set, path).unwrap().cause;
    let written = case.db.database.as_ref().unwrap().origin;
    assert_eq!(cause(&["env", "2", "value"]), CauseId::from(written));
    let Cause::Derived(rule) = cause(&["env", "3", "value"]).view() else { panic!("PGDATA is made by a rule") };
    assert_eq!(*case.fixture.causes.borrow().get(rule).from, [case.db.engine.origin]);
}

#[test]
fn what_cannot_work_is_refused() {
    assert_eq!(mistakes("engine = \"postgres\"\nreplicas = 3"), ["3 replicas would be 3 separate databases"]);
    assert!(mistakes("engine = \"postgres\"\nreplicas = 1").is_empty());
    assert_eq!(mistakes("engine = \"postgres\"\nuser = \"\""), ["an empty text is no user"]);
    let title = "`cache` is not a database of Redis, which has numbers for them";
    assert_eq!(mistakes("engine = \"redis\"\ndatabase = \"cache\""), [title]);
    assert!(mistakes("engine = \"redis\"\ndatabase = \"1\"").is_empty());
    assert_eq!(Case::new("pg", "engine = \"postgres\"", "").mistakes(), ["this database has no size for its disk"]);
    let missing = Case::new("pg", "engine = \"postgres\"\nstorage = { volume = \"disk\" }", "");
    assert_eq!(missing.mistakes(), ["there is no volume `disk` in this stack"]);
}

#[test]
fn a_name_leaves_room_for_what_kubernetes_appends() {
    let keys = "engine = \"postgres\"\nstorage = \"1Gi\"";
    assert!(Case::new(&"a".repeat(52), keys, "").mistakes().is_empty());
    assert_eq!(Case::new(&"a".repeat(53), keys, "").mistakes().len(), 1);
}

#[test]
fn the_keys_of_a_listed_secret_must_be_in_the_list() {
    let listed = |keys: &[&str]| {
        let mut case = db("engine = \"postgres\"\nsecret = \"s\"\nkeys = { user = \"U\", password = \"P\" }");
        let keys = keys.iter().map(|key| Box::from(*key)).collect();
        case.fixture
            .names
            .secrets
            .insert("s".into(), Declared { table: "secret", origin: case.name.origin, keys: Some(keys) });
        case.mistakes()
    };
    assert!(listed(&["U", "P"]).is_empty());
    assert_eq!(listed(&["P"]), ["the secret `s` has no key `U`"]);
}
