//! MariaDB.

use super::{
    Account, Databases, EngineFacts, Login, MysqlNames, companion, mysql_data, mysql_questions, mysql_variables,
};
use crate::component::words::BindingWord;

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
    url_variable: "DATABASE_URL",
    binding: BindingWord::Url,
    login: Login::Always,
    databases: Databases::Named,
    companions: companion::MYSQL,
    data: |_| mysql_data(ENGINE.name),
    variables: |server| mysql_variables(&NAMES, server),
    arguments: |_| Vec::new(),
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
