//! MySQL.

use super::{
    Account, Databases, EngineFacts, Login, MysqlNames, companion, mysql_data, mysql_questions, mysql_variables,
};
use crate::component::words::BindingWord;

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
    url_variable: "DATABASE_URL",
    binding: BindingWord::Url,
    login: Login::Always,
    databases: Databases::Named,
    companions: companion::MYSQL,
    data: |_| mysql_data(ENGINE.name),
    variables: |server| mysql_variables(&NAMES, server),
    arguments: |_| Vec::new(),
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
