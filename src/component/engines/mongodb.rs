//! MongoDB.

use super::{
    Account, Content, DataDirectory, Databases, EngineFacts, Login, Maker, Question, Questions, Server, companion,
    login_variables, port_arguments,
};
use crate::component::words::BindingWord;

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
    url_variable: "MONGODB_URL",
    binding: BindingWord::Url,
    login: Login::UserAndPassword,
    databases: Databases::Named,
    companions: companion::MONGODB,
    data: |_| DataDirectory { mount: "/data/db", below: ENGINE.name.to_owned(), maker: Maker::Kubelet },
    variables,
    arguments: port_arguments,
    questions: |_| QUESTIONS,
    account: |_| Account { user: 999, group: 999 },
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
