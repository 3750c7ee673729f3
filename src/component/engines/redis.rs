//! Redis.

use super::{
    Databases, EngineFacts, Login, companion, redis_account, redis_arguments, redis_configuration, redis_data,
    redis_questions, redis_tls, redis_variables,
};
use crate::component::words::BindingWord;

/// Source: the image `redis`, its Dockerfiles and its entry point, version 8.
pub const ENGINE: EngineFacts = EngineFacts {
    name: "redis",
    title: "Redis",
    image: "redis",
    version: "8.6",
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
    configuration: redis_configuration("redis-server", CONFIGURATION_FILE, &[CONFIGURATION_FILE]),
    scripts: None,
    questions: |server| redis_questions("redis-cli", ENGINE.port, server),
    account: redis_account,
};

const CONFIGURATION_FILE: &str = "/usr/local/etc/redis/redis.conf";
