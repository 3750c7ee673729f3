//! MariaDB.

use super::{
    Account, Databases, EngineFacts, Login, MysqlNames, Scripts, Tls, companion, mysql_configuration, mysql_data,
    mysql_questions, mysql_tls, mysql_variables,
};
use crate::component::words::{BindingWord, Sslmode};
use crate::component::world::TlsQuery;

/// Source: the image `mariadb`, its Dockerfile and its entry point, version 11.8.
pub const ENGINE: EngineFacts = EngineFacts {
    name: "mariadb",
    title: "MariaDB",
    image: "mariadb",
    version: "11.8",
    port: 3306,
    // Clients of both engines know this one; `mariadb://` only few.
    scheme: "mysql",
    jdbc: Some("jdbc:mariadb"),
    query: None,
    tls,
    url_variable: "DATABASE_URL",
    binding: BindingWord::Url,
    login: Login::Always,
    databases: Databases::Named,
    companions: companion::MYSQL,
    data: |_| mysql_data(ENGINE.name),
    variables: |server| mysql_variables(&NAMES, server),
    arguments: |_| Vec::new(),
    configuration: mysql_configuration("mariadbd"),
    scripts: Some(Scripts {
        directory: "/docker-entrypoint-initdb.d",
        endings: &[".sql", ".sh", ".sql.gz", ".sql.xz", ".sql.zst"],
    }),
    questions: |server| mysql_questions("mariadb-admin", &NAMES, server),
    account: |_| Account { user: 999, group: 999 },
};

const NAMES: MysqlNames = MysqlNames {
    user: "MARIADB_USER",
    password: "MARIADB_PASSWORD",
    database: "MARIADB_DATABASE",
    root_password: "MARIADB_ROOT_PASSWORD",
    random_root_password: "MARIADB_RANDOM_ROOT_PASSWORD",
};

/// Connector/J of MariaDB cannot try TLS and do without.
fn tls(mode: Sslmode) -> Tls {
    let jdbc = match mode {
        Sslmode::Disable => Some("sslMode=disable"),
        Sslmode::Allow | Sslmode::Prefer => None,
        Sslmode::Require => Some("sslMode=trust"),
        Sslmode::VerifyCa => Some("sslMode=verify-ca"),
        Sslmode::VerifyFull => Some("sslMode=verify-full"),
    };
    Tls { scheme: None, query: TlsQuery { url: Some(mysql_tls(mode)), jdbc } }
}
