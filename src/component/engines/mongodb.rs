//! MongoDB.

use super::configuration::{Configuration, Format, Reserved};
use super::{
    Account, Content, DataDirectory, Databases, EngineFacts, Login, Maker, Question, Questions, Scripts, Server, Tls,
    companion, login_variables, port_arguments,
};
use crate::component::words::{BindingWord, Sslmode};
use crate::component::world::TlsQuery;

/// Source: the image `mongo`, its Dockerfile and its entry point, version 8.0.
pub const ENGINE: EngineFacts = EngineFacts {
    name: "mongodb",
    title: "MongoDB",
    image: "mongo",
    version: "8.0",
    port: 27017,
    scheme: "mongodb",
    jdbc: None,
    // The image makes its user in the database `admin`.
    query: Some("authSource=admin"),
    tls,
    url_variable: "MONGODB_URL",
    binding: BindingWord::Url,
    login: Login::UserAndPassword,
    databases: Databases::Named,
    companions: companion::MONGODB,
    data: |_| DataDirectory { mount: "/data/db", below: ENGINE.name.to_owned(), maker: Maker::Kubelet },
    variables,
    arguments: port_arguments,
    configuration: CONFIGURATION,
    scripts: Some(Scripts { directory: "/docker-entrypoint-initdb.d", endings: &[".js", ".sh"] }),
    questions: |_| QUESTIONS,
    account: |_| Account { user: 999, group: 999 },
};

/// <https://www.mongodb.com/docs/manual/reference/connection-string-options/>: with TLS, certificates are looked at.
fn tls(mode: Sslmode) -> Tls {
    let url = match mode {
        Sslmode::Disable => Some("tls=false"),
        Sslmode::Allow | Sslmode::Prefer => None,
        Sslmode::Require | Sslmode::VerifyCa | Sslmode::VerifyFull => Some("tls=true"),
    };
    Tls { scheme: None, query: TlsQuery { url, jdbc: None } }
}

/// The image still listens on every address, unless the file says on which.
const CONFIGURATION: Configuration = Configuration {
    path: "/etc/mongo/mongod.conf",
    program: "mongod",
    arguments: &["--config", "/etc/mongo/mongod.conf"],
    format: Format::Yaml,
    preamble: |_| String::new(),
    reserved: &[
        Reserved { name: "net.port", instead: "write `port` below `[db.NAME]`, and remove it here" },
        Reserved { name: "storage.dbPath", instead: "remove it: the data are on the disk that `storage` describes" },
        Reserved { name: "processManagement.fork", instead: "remove it: a container ends with its first process" },
    ],
};

fn variables<'a>(server: &Server<'a>) -> Vec<(&'static str, Content<'a>)> {
    login_variables([
        ("MONGO_INITDB_ROOT_USERNAME", server.user),
        ("MONGO_INITDB_ROOT_PASSWORD", server.password),
        ("MONGO_INITDB_DATABASE", server.database),
    ])
}

/// A connection, because the shell is a program of 100 MB that takes a second of a core, and logs into the data
/// directory at each call. The server listens once its recovery is over, and that of the first start on the loopback.
const QUESTIONS: Questions = Questions { live: Question::Connection, ready: Question::Connection };
