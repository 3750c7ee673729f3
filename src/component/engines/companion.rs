//! What works beside a server of an engine: the dump of its data, the exporter of its metrics, its pooler.

use super::{Content, is_root, login_variables};
use crate::component::parts::edges::url_encoded;
use crate::component::words::Sslmode;
use crate::component::world::{Credential, Place};

/// What is known of the workloads beside a server.
pub struct Companions {
    /// The functions of the shell by which its data are dumped, checked and loaded.
    pub script: &'static str,
    /// The variables that these functions and the tools that they call read.
    pub client: for<'a> fn(&Client<'a>) -> Vec<(&'static str, Content<'a>)>,
    /// The exporter of its metrics.
    pub exporter: ExporterFacts,
    /// Its pooler, where it has one.
    pub pooler: Option<PoolerFacts>,
}

/// What is known of an exporter.
pub struct ExporterFacts {
    /// The image with its tag.
    pub image: &'static str,
    /// The port on which it gives its metrics at `/metrics`, and an answer that needs no database at `/`.
    pub port: u16,
    /// The numeric user of its image.
    pub user: i64,
    /// The variables that it reads.
    pub variables: for<'a> fn(&Client<'a>) -> Vec<(&'static str, Content<'a>)>,
    /// Its arguments; they may hold `$(NAME)` of the variables.
    pub arguments: fn(&Client) -> Vec<String>,
    /// What stands in the file [`SETTINGS`]`/settings`, where it needs one.
    pub settings: fn(&Client) -> Option<&'static str>,
}

/// Where an exporter sees its settings.
pub const SETTINGS: &str = "/etc/exporter";

/// What is known of a pooler.
pub struct PoolerFacts {
    /// The image with its tag; it has a shell and the program `pgbouncer`.
    pub image: &'static str,
    /// The numeric user of its image.
    pub user: i64,
}

/// A server as those who work beside it reach it.
pub struct Client<'a> {
    /// Its host.
    pub host: &'a str,
    /// Its port.
    pub port: u16,
    /// Whether it is a server of ours, which speaks no TLS, or somebody else's.
    pub place: Place,
    /// The user, where there is one.
    pub user: Option<&'a Credential>,
    /// The password, where there is one.
    pub password: Option<&'a Credential>,
    /// The database, where one is named.
    pub database: Option<&'a Credential>,
    /// How clients use TLS, where the stack says so.
    pub sslmode: Option<Sslmode>,
}

impl Client<'_> {
    /// What the stack says of TLS that every engine can do.
    fn tls(&self) -> Tls {
        match self.sslmode {
            None | Some(Sslmode::Disable | Sslmode::Allow | Sslmode::Prefer) => Tls::Free,
            Some(Sslmode::Require) => Tls::Required,
            Some(Sslmode::VerifyCa | Sslmode::VerifyFull) => Tls::Verified,
        }
    }
}

/// Whether a connection must be one of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    /// It need not.
    Free,
    /// It must; the certificate is not looked at.
    Required,
    /// It must, with a certificate that is verified.
    Verified,
}

/// Sources: the image `prometheuscommunity/postgres-exporter` and its README; the image `edoburu/pgbouncer` and its
/// Dockerfile, where `postgres` is the user that Alpine gives the number 70.
pub(super) const POSTGRES: Companions = Companions {
    script: include_str!("../../../templates/backup/postgres.sh"),
    client: |client| {
        let mut variables = reach(client, ["PGHOST", "PGPORT"]);
        variables.extend(login(client, ["PGUSER", "PGPASSWORD", "PGDATABASE"]));
        variables.extend(client.sslmode.map(|mode| ("PGSSLMODE", Content::Text(mode.as_str().to_owned(), AS_MANAGED))));
        variables
    },
    exporter: ExporterFacts {
        image: "prometheuscommunity/postgres-exporter:v0.20.1",
        port: 9187,
        user: 65534,
        variables: |client| {
            let mut variables = login(client, ["DATA_SOURCE_USER", "DATA_SOURCE_PASS", "DATA_SOURCE_DATABASE"]);
            let database = match client.database {
                Some(Credential::Literal(name)) => {
                    variables.retain(|(name, _)| *name != "DATA_SOURCE_DATABASE");
                    url_encoded(&name.value)
                }
                Some(Credential::Key { .. }) => "$(DATA_SOURCE_DATABASE)".to_owned(),
                None => String::new(),
            };
            let uri = format!("{}:{}/{database}?sslmode={}", client.host, client.port, go_sslmode(client));
            variables.push(("DATA_SOURCE_URI", Content::Text(uri, FINDS)));
            variables
        },
        arguments: |_| Vec::new(),
        settings: |_| None,
    },
    pooler: Some(PoolerFacts { image: "edoburu/pgbouncer:v1.25.2-p0", user: 70 }),
};

/// The driver of the exporter knows no `allow` and no `prefer`, and without a word it insists on TLS, which a server in the
/// cluster does not have. Source: `github.com/lib/pq` 1.10.
fn go_sslmode(client: &Client) -> &'static str {
    match (client.sslmode, client.place) {
        (Some(mode), _) if !matches!(mode, Sslmode::Allow | Sslmode::Prefer) => mode.as_str(),
        (_, Place::Inside) => "disable",
        (_, Place::Outside) => "require",
    }
}

/// Source: the image `prom/mysqld-exporter` and its README.
pub(super) const MYSQL: Companions = Companions {
    script: include_str!("../../../templates/backup/mysql.sh"),
    client: |client| {
        let mut variables = reach(client, ["MYSQL_HOST", "MYSQL_PORT"]);
        variables.extend(login(client, ["MYSQL_USER", "MYSQL_PWD", "MYSQL_DATABASE"]));
        variables.extend(tls_variable(client, "MYSQL_TLS"));
        variables
    },
    exporter: ExporterFacts {
        image: "prom/mysqld-exporter:v0.20.0",
        port: 9104,
        user: 65534,
        variables: |client| {
            login_variables([("MYSQL_USER", client.user), ("MYSQLD_EXPORTER_PASSWORD", client.password)])
        },
        arguments: mysql_arguments,
        settings: |client| (client.tls() == Tls::Verified).then_some("[client]\ntls = true\n"),
    },
    pooler: None,
};

/// What needs rights that the user of one database does not have is left out, because each of it would be an error in the
/// log at each scrape.
fn mysql_arguments(client: &Client) -> Vec<String> {
    let mut arguments = vec![format!("--mysqld.address={}:{}", client.host, client.port)];
    arguments.push("--mysqld.username=$(MYSQL_USER)".to_owned());
    if !is_root(client.user) {
        let collectors = ["slave_status", "info_schema.innodb_cmp", "info_schema.innodb_cmpmem"];
        arguments.extend(collectors.map(|collector| format!("--no-collect.{collector}")));
    }
    match client.tls() {
        Tls::Free => {}
        Tls::Required => arguments.push("--tls.insecure-skip-verify".to_owned()),
        Tls::Verified => arguments.push(format!("--config.my-cnf={SETTINGS}/settings")),
    }
    arguments
}

/// Source: the image `percona/mongodb_exporter` and its README; it collects nothing that it is not told to.
pub(super) const MONGODB: Companions = Companions {
    script: include_str!("../../../templates/backup/mongodb.sh"),
    client: |client| {
        let mut variables = reach(client, ["MONGODB_HOST", "MONGODB_PORT"]);
        variables.extend(login(client, ["MONGODB_USER", "MONGODB_PASSWORD", "MONGODB_DATABASE"]));
        variables.extend(tls_variable(client, "MONGODB_TLS"));
        variables
    },
    exporter: ExporterFacts {
        image: "percona/mongodb_exporter:0.53.0",
        port: 9216,
        user: 65535,
        variables: |client| {
            let mut variables = login_variables([("MONGODB_USER", client.user), ("MONGODB_PASSWORD", client.password)]);
            let tls = if client.tls() == Tls::Free { "" } else { "?tls=true" };
            let uri = format!("mongodb://{}:{}/admin{tls}", client.host, client.port);
            variables.push(("MONGODB_URI", Content::Text(uri, FINDS)));
            variables
        },
        arguments: |_| {
            let collectors = ["diagnosticdata", "dbstats", "topmetrics"];
            collectors.map(|collector| format!("--collector.{collector}")).into()
        },
        settings: |_| None,
    },
    pooler: None,
};

/// Source: the image `oliver006/redis_exporter` and its README; it serves Valkey too.
pub(super) const REDIS: Companions = Companions {
    script: include_str!("../../../templates/backup/redis.sh"),
    client: |client| {
        let mut variables = reach(client, ["REDIS_HOST", "REDIS_PORT"]);
        variables.extend(login_variables([("REDIS_USER", client.user), ("REDISCLI_AUTH", client.password)]));
        variables.extend(tls_variable(client, "REDIS_TLS"));
        variables
    },
    exporter: ExporterFacts {
        image: "oliver006/redis_exporter:v1.88.0",
        port: 9121,
        user: 59000,
        variables: |client| {
            let mut variables = login_variables([("REDIS_USER", client.user), ("REDIS_PASSWORD", client.password)]);
            let scheme = if client.tls() == Tls::Free { "redis" } else { "rediss" };
            let address = format!("{scheme}://{}:{}", client.host, client.port);
            variables.push(("REDIS_ADDR", Content::Text(address, FINDS)));
            if client.tls() == Tls::Required {
                let skip = Content::Text("true".to_owned(), AS_MANAGED);
                variables.push(("REDIS_EXPORTER_SKIP_TLS_VERIFICATION", skip));
            }
            variables
        },
        arguments: |_| Vec::new(),
        settings: |_| None,
    },
    pooler: None,
};

/// Host and port under these names.
fn reach<'a>(client: &Client<'a>, [host, port]: [&'static str; 2]) -> Vec<(&'static str, Content<'a>)> {
    vec![(host, Content::Text(client.host.to_owned(), FINDS)), (port, Content::Text(client.port.to_string(), FINDS))]
}

/// `required` or `verified`, where the connection must be one of TLS: the scripts know what each tool calls it.
fn tls_variable<'a>(client: &Client, name: &'static str) -> Option<(&'static str, Content<'a>)> {
    let word = match client.tls() {
        Tls::Free => return None,
        Tls::Required => "required",
        Tls::Verified => "verified",
    };
    Some((name, Content::Text(word.to_owned(), AS_MANAGED)))
}

/// User, password and database under these names.
fn login<'a>(client: &Client<'a>, [user, password, database]: [&'static str; 3]) -> Vec<(&'static str, Content<'a>)> {
    login_variables([(user, client.user), (password, client.password), (database, client.database)])
}

/// The rule behind host and port.
const FINDS: &str = "what works beside a database finds the server by these variables";

/// The rule behind a mode of TLS.
const AS_MANAGED: &str = "what works beside a database uses TLS as applications do";

#[cfg(test)]
mod tests {
    use super::super::ENGINES;
    use super::*;
    use crate::document::OriginId;
    use crate::shape::Written;
    use crate::value::{Image, Scalar};

    fn literal(text: &str) -> Credential {
        Credential::Literal(Written { value: text.to_owned(), origin: OriginId(0) })
    }

    fn client<'a>(place: Place, sslmode: Option<Sslmode>, user: Option<&'a Credential>) -> Client<'a> {
        Client { host: "db", port: 1, place, user, password: None, database: None, sslmode }
    }

    #[test]
    fn images_are_pinned_and_no_user_is_root() {
        for facts in ENGINES {
            let companions = &facts.companions;
            let exporter = (companions.exporter.image, companions.exporter.user);
            let pooler = companions.pooler.as_ref().map(|pooler| (pooler.image, pooler.user));
            for (image, user) in std::iter::once(exporter).chain(pooler) {
                let tag = Image::parse(image).unwrap().tag().unwrap_or_default().to_owned();
                assert!(tag.bytes().filter(|byte| *byte == b'.').count() == 2, "{image}");
                assert!(user > 0, "{image}");
            }
        }
    }

    #[test]
    fn only_postgres_has_a_pooler() {
        let with: Vec<_> = ENGINES.iter().filter(|facts| facts.companions.pooler.is_some()).collect();
        assert_eq!(with.iter().map(|facts| facts.name).collect::<Vec<_>>(), ["postgres"]);
    }

    #[test]
    fn the_driver_of_the_exporter_gets_only_modes_that_it_knows() {
        let mode = |place, sslmode| go_sslmode(&client(place, sslmode, None));
        assert_eq!(mode(Place::Inside, None), "disable");
        assert_eq!(mode(Place::Outside, None), "require");
        assert_eq!(mode(Place::Outside, Some(Sslmode::Prefer)), "require");
        assert_eq!(mode(Place::Outside, Some(Sslmode::Disable)), "disable");
        assert_eq!(mode(Place::Outside, Some(Sslmode::VerifyFull)), "verify-full");
    }

    #[test]
    fn only_root_may_look_at_the_whole_server_of_mysql() {
        let (root, user) = (literal("root"), literal("shop"));
        let arguments = |user| mysql_arguments(&client(Place::Inside, None, Some(user)));
        assert_eq!(arguments(&root), ["--mysqld.address=db:1", "--mysqld.username=$(MYSQL_USER)"]);
        assert!(arguments(&user).contains(&"--no-collect.slave_status".to_owned()));
    }

    #[test]
    fn every_script_defines_what_the_scripts_around_it_call() {
        for facts in ENGINES {
            for part in ["\nextension=", "\ndump() {", "\ncheck() {", "\nload() {"] {
                assert!(facts.companions.script.contains(part), "{}: {part}", facts.name);
            }
        }
    }
}
