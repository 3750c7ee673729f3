//! Valkey.

use super::{
    Databases, EngineFacts, Login, companion, redis_account, redis_arguments, redis_configuration, redis_data,
    redis_questions, redis_tls, redis_variables,
};
use crate::component::words::BindingWord;

/// Source: the image `valkey/valkey`, its Dockerfiles and its entry point, version 9; it is reached like Redis, and its
/// client still reads REDISCLI_AUTH, which that of version 7.2 reads alone.
pub const ENGINE: EngineFacts = EngineFacts {
    name: "valkey",
    title: "Valkey",
    image: "valkey/valkey",
    version: "9.0",
    port: 6379,
    scheme: "redis",
    jdbc: None,
    query: None,
    tls: redis_tls,
    url_variable: "REDIS_URL",
    binding: BindingWord::Url,
    login: Login::Password,
    databases: Databases::Numbered,
    companions: companion::REDIS,
    data: |_| redis_data(ENGINE.name),
    variables: redis_variables,
    arguments: redis_arguments,
    configuration: redis_configuration("valkey-server", CONFIGURATION_FILE, &[CONFIGURATION_FILE]),
    scripts: None,
    questions: |server| redis_questions("valkey-cli", ENGINE.port, server),
    account: redis_account,
};

const CONFIGURATION_FILE: &str = "/usr/local/etc/valkey/valkey.conf";
