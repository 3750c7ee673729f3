//! MySQL.

use super::{
    Account, Databases, EngineFacts, Login, MysqlNames, Scripts, Tls, companion, mysql_configuration, mysql_data,
    mysql_questions, mysql_tls, mysql_variables,
};
use crate::component::words::{BindingWord, Sslmode};
use crate::component::world::TlsQuery;

/// Source: the image `mysql`, its Dockerfile and its entry point, version 8.4.
pub const ENGINE: EngineFacts = EngineFacts {
    name: "mysql",
    title: "MySQL",
    image: "mysql",
    version: "8.4",
    port: 3306,
    scheme: "mysql",
    jdbc: Some("jdbc:mysql"),
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
    configuration: mysql_configuration("mysqld"),
    scripts: Some(Scripts {
        directory: "/docker-entrypoint-initdb.d",
        endings: &[".sql", ".sh", ".sql.gz", ".sql.bz2", ".sql.xz", ".sql.zst"],
    }),
    questions: |server| mysql_questions("mysqladmin", &NAMES, server),
    account: |_| Account { user: 999, group: 999 },
};

const NAMES: MysqlNames = MysqlNames {
    user: "MYSQL_USER",
    password: "MYSQL_PASSWORD",
    database: "MYSQL_DATABASE",
    root_password: "MYSQL_ROOT_PASSWORD",
    random_root_password: "MYSQL_RANDOM_ROOT_PASSWORD",
};

/// Connector/J has the words of the server under a name of its own.
fn tls(mode: Sslmode) -> Tls {
    let jdbc = match mode {
        Sslmode::Disable => "sslMode=DISABLED",
        Sslmode::Allow | Sslmode::Prefer => "sslMode=PREFERRED",
        Sslmode::Require => "sslMode=REQUIRED",
        Sslmode::VerifyCa => "sslMode=VERIFY_CA",
        Sslmode::VerifyFull => "sslMode=VERIFY_IDENTITY",
    };
    Tls { scheme: None, query: TlsQuery { url: Some(mysql_tls(mode)), jdbc: Some(jdbc) } }
}
