//! PostgreSQL.

use super::configuration::{Configuration, Format, Reserved};
use super::{
    Account, Content, DataDirectory, Databases, EngineFacts, Login, Maker, OWN_PORT, Question, Questions, Scripts,
    Server, Tls, companion, is_alpine, login_variables,
};
use crate::component::words::{BindingWord, Sslmode};
use crate::component::world::TlsQuery;

/// Source: the image `postgres`, its Dockerfiles and its entry point, versions 13 to 18.
pub const ENGINE: EngineFacts = EngineFacts {
    name: "postgres",
    title: "PostgreSQL",
    image: "postgres",
    version: "18",
    port: 5432,
    scheme: "postgresql",
    jdbc: Some("jdbc:postgresql"),
    query: None,
    tls,
    url_variable: "DATABASE_URL",
    binding: BindingWord::Libpq,
    login: Login::Always,
    databases: Databases::Named,
    companions: companion::POSTGRES,
    data,
    variables,
    arguments: |_| Vec::new(),
    configuration: CONFIGURATION,
    scripts: Some(Scripts {
        directory: "/docker-entrypoint-initdb.d",
        endings: &[".sql", ".sh", ".sql.gz", ".sql.xz", ".sql.zst"],
    }),
    questions,
    account,
};

/// The file includes the one that the image makes in the data directory, which says on what addresses the server listens and
/// what `initdb` found out about the machine.
const CONFIGURATION: Configuration = Configuration {
    path: "/etc/postgresql/postgresql.conf",
    program: "postgres",
    arguments: &["-c", "config_file=/etc/postgresql/postgresql.conf"],
    format: Format::Parameters,
    preamble: |server| format!("include '{}/postgresql.conf'\n", data(server.major).path()),
    reserved: &[
        Reserved { name: "port", instead: "write `port` below `[db.NAME]`, and remove it here" },
        Reserved { name: "data_directory", instead: "remove it: the data are on the disk that `storage` describes" },
        Reserved { name: "config_file", instead: "remove it: these settings are the file" },
    ],
};

/// From 18 on the image's volume is one directory higher, and holds a directory for each major version. The higher one
/// serves where no version is known too, because every version takes a PGDATA below it.
///
/// `initdb` insists on owning its directory, which is why the server makes it.
fn data(major: Option<u32>) -> DataDirectory {
    let (mount, below) = match major {
        Some(major @ 18..) => ("/var/lib/postgresql", format!("{major}/docker")),
        Some(_) => ("/var/lib/postgresql/data", "pgdata".to_owned()),
        None => ("/var/lib/postgresql", ENGINE.name.to_owned()),
    };
    DataDirectory { mount, below, maker: Maker::Server }
}

/// URLs of libpq and of its JDBC driver spell it alike.
fn tls(mode: Sslmode) -> Tls {
    let query = match mode {
        Sslmode::Disable => "sslmode=disable",
        Sslmode::Allow => "sslmode=allow",
        Sslmode::Prefer => "sslmode=prefer",
        Sslmode::Require => "sslmode=require",
        Sslmode::VerifyCa => "sslmode=verify-ca",
        Sslmode::VerifyFull => "sslmode=verify-full",
    };
    Tls { scheme: None, query: TlsQuery { url: Some(query), jdbc: Some(query) } }
}

fn variables<'a>(server: &Server<'a>) -> Vec<(&'static str, Content<'a>)> {
    let mut variables = login_variables([
        ("POSTGRES_USER", server.user),
        ("POSTGRES_PASSWORD", server.password),
        ("POSTGRES_DB", server.database),
    ]);
    let rule = "data lie in a directory of the volume, because the root of a disk has a `lost+found`";
    variables.push(("PGDATA", Content::Text(data(server.major).path(), rule)));
    // The server, pg_isready and psql all read it.
    variables.extend(server.port.map(|port| ("PGPORT", Content::Text(port.to_string(), OWN_PORT))));
    variables
}

/// By TCP, because the server of the first start, which runs the scripts, has a socket only.
fn questions(_: &Server) -> Questions {
    Questions::same(Question::shell("exec pg_isready -h 127.0.0.1 -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\""))
}

/// The image on Alpine has the number that Alpine gives the package; it takes no other, for want of an entry in passwd.
fn account(tag: &str) -> Account {
    let number = if is_alpine(tag) { 70 } else { 999 };
    Account { user: number, group: number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_volume_moved_with_version_18() {
        let place = |major| (data(major).mount, data(major).path());
        assert_eq!(place(Some(13)), ("/var/lib/postgresql/data", "/var/lib/postgresql/data/pgdata".into()));
        assert_eq!(place(Some(17)), ("/var/lib/postgresql/data", "/var/lib/postgresql/data/pgdata".into()));
        assert_eq!(place(Some(18)), ("/var/lib/postgresql", "/var/lib/postgresql/18/docker".into()));
        assert_eq!(place(None), ("/var/lib/postgresql", "/var/lib/postgresql/postgres".into()));
    }
}
