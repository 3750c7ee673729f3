//! Database engines: what an image needs to become a server, one file each.

pub mod settings;
pub mod configuration;
pub mod companion;
mod mariadb;
mod mongodb;
mod mysql;
mod postgres;
mod redis;
mod valkey;

use super::world::{Credential, TlsQuery};
use crate::component::words::{BindingWord, Sslmode};
use crate::document::Value;
use crate::shape::{Kind, Leaf};
use crate::value::Invalid;
use companion::Companions;
use configuration::{Configuration, Format, Reserved};
use std::fmt;

/// Every engine, the usual one first.
pub const ENGINES: [&EngineFacts; 6] =
    [&postgres::ENGINE, &mysql::ENGINE, &mariadb::ENGINE, &redis::ENGINE, &valkey::ENGINE, &mongodb::ENGINE];

/// Stands for an engine that was refused: nothing is known of what an edge to it would give.
static UNKNOWN: EngineFacts = EngineFacts { binding: BindingWord::Default, ..postgres::ENGINE };

const WORDS: [&str; ENGINES.len()] = {
    let mut words = [""; ENGINES.len()];
    let mut at = 0;
    while at < words.len() {
        words[at] = ENGINES[at].name;
        at += 1;
    }
    words
};

/// One of [`ENGINES`].
#[derive(Clone, Copy)]
pub struct Engine(&'static EngineFacts);

impl Engine {
    /// What is known of it.
    pub fn facts(self) -> &'static EngineFacts {
        self.0
    }

    /// Whether there is an operator that we know how to ask for it.
    pub fn has_operator(self) -> bool {
        self == Self(&postgres::ENGINE)
    }
}

impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for Engine {}

impl fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.name)
    }
}

impl Leaf for Engine {
    const KIND: &'static Kind = &Kind::Word { what: "an engine", words: &WORDS };

    fn read(value: &Value) -> Result<Self, Option<Invalid>> {
        let Value::String(text) = value else { return Err(None) };
        ENGINES.into_iter().find(|facts| facts.name == &**text).map(Self).ok_or(None)
    }

    fn placeholder() -> Self {
        Self(&UNKNOWN)
    }
}

/// What is known of an engine and its usual image.
pub struct EngineFacts {
    /// The word in the stack; the name of its port and, where no version is known, of its directory too.
    pub name: &'static str,
    /// Its name in messages.
    pub title: &'static str,
    /// The usual image, without a tag.
    pub image: &'static str,
    /// The tag where the stack names no version: a line of releases that is kept compatible.
    pub version: &'static str,
    /// The port on which it listens by itself.
    pub port: u16,
    /// What its URLs begin with.
    pub scheme: &'static str,
    /// What its JDBC URLs begin with, where there is a driver.
    pub jdbc: Option<&'static str>,
    /// What follows `?` in the URLs of a user.
    pub query: Option<&'static str>,
    /// How its clients are told to use TLS.
    pub tls: fn(Sslmode) -> Tls,
    /// The variable of the `url` binding.
    pub url_variable: &'static str,
    /// What a bare edge binds.
    pub binding: BindingWord,
    /// Which credentials it has where the stack names none.
    pub login: Login,
    /// How its databases are named.
    pub databases: Databases,
    /// What works beside it.
    pub companions: Companions,
    /// Where it keeps its data, by its major version where one is known.
    pub data: fn(Option<u32>) -> DataDirectory,
    /// The variables that its image reads.
    pub variables: for<'a> fn(&Server<'a>) -> Vec<(&'static str, Content<'a>)>,
    /// The arguments that follow those of the image or the stack, with the rule that makes them.
    pub arguments: fn(&Server) -> Vec<(String, &'static str)>,
    /// How it is told its settings.
    pub configuration: Configuration,
    /// How its image takes scripts for the first start, where it does.
    pub scripts: Option<Scripts>,
    /// How its probes ask.
    pub questions: fn(&Server) -> Questions,
    /// Under which account its image runs, by the tag of the image.
    pub account: fn(&str) -> Account,
}

/// How the clients of an engine are told to use TLS.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tls {
    /// What URLs begin with, where TLS has a scheme of its own.
    pub scheme: Option<&'static str>,
    /// What URLs end with.
    pub query: TlsQuery,
}

/// Which credentials an engine has where the stack names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// User, password and database: its image makes them on the first start.
    Always,
    /// None; user and password as soon as the stack names a secret, a key or a user.
    UserAndPassword,
    /// None; a password as soon as the stack names a secret, a key or a user, and a user only where it is named.
    Password,
}

/// How the databases of an engine are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Databases {
    /// By any name.
    Named,
    /// By a number from 0.
    Numbered,
}

/// A database as its engine must know it.
pub struct Server<'a> {
    /// The major version, where one is known.
    pub major: Option<u32>,
    /// The port on which it shall listen, where that is not the engine's own.
    pub port: Option<u16>,
    /// The user, where there is one.
    pub user: Option<&'a Credential>,
    /// The password, where there is one.
    pub password: Option<&'a Credential>,
    /// The database, where one is named.
    pub database: Option<&'a Credential>,
}

impl Server<'_> {
    /// Whether the stack says that applications log in as root.
    pub fn is_root(&self) -> bool {
        is_root(self.user)
    }
}

/// Whether a user is root by the text of the stack.
fn is_root(user: Option<&Credential>) -> bool {
    matches!(user, Some(Credential::Literal(user)) if user.value == "root")
}

/// What an environment variable holds.
pub enum Content<'a> {
    /// A part of the login, written in the stack or kept in a Secret.
    Login(&'a Credential),
    /// A text, and the rule that makes it.
    Text(String, &'static str),
}

/// Where an engine keeps its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDirectory {
    /// Where the volume is mounted.
    pub mount: &'static str,
    /// The directory below it that holds the data.
    pub below: String,
    /// Who makes that directory.
    pub maker: Maker,
}

impl DataDirectory {
    /// The whole path in the container, where the server makes the directory.
    pub fn path(&self) -> String {
        format!("{}/{}", self.mount, self.below)
    }
}

/// Who makes the directory for the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// The server, as its own user: needed where it insists on owning the directory.
    Server,
    /// The kubelet (`subPath`), with the mode of the volume: the server finds its data where its image expects them.
    Kubelet,
}

/// How an image takes scripts for the first start: it runs them in the order of their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scripts {
    /// Where it looks for them.
    pub directory: &'static str,
    /// What the names of those end in that it runs, the plainest first.
    pub endings: &'static [&'static str],
}

/// How probes ask a server.
#[derive(Debug, PartialEq, Eq)]
pub struct Questions {
    /// Whether it is alive.
    pub live: Question,
    /// Whether it answers; asked while it starts too.
    pub ready: Question,
}

impl Questions {
    /// One question for both.
    pub fn same(question: Question) -> Self {
        Self { live: question.clone(), ready: question }
    }
}

/// How one probe asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// By a command that must exit with 0.
    Command(Vec<String>),
    /// By a connection to the port.
    Connection,
}

impl Question {
    /// A line for the shell, which knows the variables of the container.
    pub fn shell(line: impl Into<String>) -> Self {
        Self::Command(vec!["sh".into(), "-c".into(), line.into()])
    }
}

/// Under which account an image runs. Source: the Dockerfiles of the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// The numeric user.
    pub user: i64,
    /// The numeric group.
    pub group: i64,
}

/// The names of the variables that the image of MySQL reads, or that of MariaDB.
struct MysqlNames {
    user: &'static str,
    password: &'static str,
    database: &'static str,
    root_password: &'static str,
    random_root_password: &'static str,
}

/// The images refuse root as a user: its password has a variable of its own, and one of the two must be there.
fn mysql_variables<'a>(names: &MysqlNames, server: &Server<'a>) -> Vec<(&'static str, Content<'a>)> {
    let mut variables = match server.is_root() {
        true => login_variables([(names.root_password, server.password), (names.database, server.database)]),
        false => login_variables([
            (names.user, server.user),
            (names.password, server.password),
            (names.database, server.database),
        ]),
    };
    if !server.is_root() {
        let rule = "root gets a random password where applications log in as another user";
        variables.push((names.random_root_password, Content::Text("yes".into(), rule)));
    }
    // Server and clients of both engines read it.
    variables.extend(server.port.map(|port| ("MYSQL_TCP_PORT", Content::Text(port.to_string(), OWN_PORT))));
    variables
}

/// By TCP, because the server of the first start, which runs the scripts, has a socket only. The password is in the
/// environment of the command and not in its arguments, which every process can read.
fn mysql_questions(client: &str, names: &MysqlNames, server: &Server) -> Questions {
    let (user, password) = match server.is_root() {
        true => ("root".to_owned(), names.root_password),
        false => (format!("\"${}\"", names.user), names.password),
    };
    Questions::same(Question::shell(format!("MYSQL_PWD=\"${password}\" {client} ping -h 127.0.0.1 -u {user}")))
}

/// The images read every file of this directory, behind their own settings.
const fn mysql_configuration(program: &'static str) -> Configuration {
    Configuration {
        path: "/etc/mysql/conf.d/settings.cnf",
        program,
        arguments: &[],
        format: Format::OptionFile,
        preamble: |_| "[mysqld]\n".to_owned(),
        reserved: &[
            Reserved { name: "port", instead: "write `port` below `[db.NAME]`, and remove it here" },
            Reserved { name: "datadir", instead: "remove it: the data are on the disk that `storage` describes" },
        ],
    }
}

/// The URLs of MySQL: <https://dev.mysql.com/doc/refman/8.4/en/connecting-using-uri-or-key-value-pairs.html>. Clients of
/// MariaDB read the same ones; it has no standard of its own.
fn mysql_tls(mode: Sslmode) -> &'static str {
    match mode {
        Sslmode::Disable => "ssl-mode=DISABLED",
        Sslmode::Allow | Sslmode::Prefer => "ssl-mode=PREFERRED",
        Sslmode::Require => "ssl-mode=REQUIRED",
        Sslmode::VerifyCa => "ssl-mode=VERIFY_CA",
        Sslmode::VerifyFull => "ssl-mode=VERIFY_IDENTITY",
    }
}

/// A server of this family upgrades its data in place, so the directory has no version in its name.
fn mysql_data(name: &str) -> DataDirectory {
    DataDirectory { mount: "/var/lib/mysql", below: name.to_owned(), maker: Maker::Kubelet }
}

/// The images of Redis and Valkey read none of these: the arguments below and the command-line clients do.
fn redis_variables<'a>(server: &Server<'a>) -> Vec<(&'static str, Content<'a>)> {
    login_variables([("REDIS_USER", server.user), ("REDISCLI_AUTH", server.password)])
}

/// A user of one's own may do everything, as the default user may; both have the same password.
fn redis_arguments(server: &Server) -> Vec<(String, &'static str)> {
    let mut arguments = Vec::new();
    if server.password.is_some() {
        let rule = "the server takes its password as an argument";
        arguments.extend(["--requirepass", "$(REDISCLI_AUTH)"].map(|word| (word.to_owned(), rule)));
        if server.user.is_some() {
            let rule = "the server takes its users as arguments";
            let words = ["--user", "$(REDIS_USER)", "on", ">$(REDISCLI_AUTH)", "~*", "&*", "+@all"];
            arguments.extend(words.map(|word| (word.to_owned(), rule)));
        }
    }
    arguments.extend(port_arguments(server));
    arguments
}

/// While a server loads its data it answers, but not with PONG: it is alive and not ready. The client exits with 0 for
/// both.
fn redis_questions(client: &str, port: u16, server: &Server) -> Questions {
    let port = server.port.unwrap_or(port).to_string();
    let command = [client, "-h", "127.0.0.1", "-p", &port, "ping"].map(str::to_owned);
    Questions {
        ready: Question::shell(format!("test \"$({})\" = PONG", command.join(" "))),
        live: Question::Command(command.into()),
    }
}

/// The server takes a file as its first argument only; what is an argument too wins over the file.
const fn redis_configuration(
    program: &'static str,
    path: &'static str,
    arguments: &'static [&'static str],
) -> Configuration {
    const SECRET: &str = "remove it, and write `secret = \"NAME\"` below `[db.NAME]`: a stack holds no passwords";
    Configuration {
        path,
        program,
        arguments,
        format: Format::Directives,
        preamble: |_| String::new(),
        reserved: &[
            Reserved { name: "port", instead: "write `port` below `[db.NAME]`, and remove it here" },
            Reserved { name: "dir", instead: "remove it: the data are on the disk that `storage` describes" },
            Reserved { name: "requirepass", instead: SECRET },
            Reserved { name: "user", instead: "write `user` and `secret` below `[db.NAME]`, and remove it here" },
            Reserved { name: "daemonize", instead: "remove it: a container ends with its first process" },
        ],
    }
}

/// TLS or no TLS is a matter of the scheme; certificates are looked at unless a client is told otherwise.
fn redis_tls(mode: Sslmode) -> Tls {
    let scheme = match mode {
        Sslmode::Disable | Sslmode::Allow | Sslmode::Prefer => None,
        Sslmode::Require | Sslmode::VerifyCa | Sslmode::VerifyFull => Some("rediss"),
    };
    Tls { scheme, query: TlsQuery::default() }
}

/// The images look at what else is in `/data` before they take it over; in a directory of its own there is nothing.
fn redis_data(name: &str) -> DataDirectory {
    DataDirectory { mount: "/data", below: name.to_owned(), maker: Maker::Kubelet }
}

/// On Alpine the group 999 is taken.
fn redis_account(tag: &str) -> Account {
    Account { user: 999, group: if is_alpine(tag) { 1000 } else { 999 } }
}

/// The variables of those parts of the login that there are.
fn login_variables<'a, const COUNT: usize>(
    parts: [(&'static str, Option<&'a Credential>); COUNT],
) -> Vec<(&'static str, Content<'a>)> {
    parts.into_iter().filter_map(|(name, part)| Some((name, Content::Login(part?)))).collect()
}

/// The arguments for a port that is not the engine's own.
fn port_arguments(server: &Server) -> Vec<(String, &'static str)> {
    let words = server.port.map(|port| ["--port".to_owned(), port.to_string()]);
    words.into_iter().flatten().map(|word| (word, OWN_PORT)).collect()
}

/// Whether the tag is that of an image on Alpine, where other numbers are free for accounts.
fn is_alpine(tag: &str) -> bool {
    tag.contains("alpine")
}

/// The rule behind a port of the stack's own.
const OWN_PORT: &str = "the server listens on the port that the stack names";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Image, PortName, Scalar, Version};

    #[test]
    fn every_engine_is_found_by_its_word() {
        for facts in ENGINES {
            let engine = Engine::read(&Value::String(facts.name.into())).unwrap();
            assert_eq!(engine.facts().name, facts.name);
        }
        assert!(Engine::read(&Value::String("oracle".into())).is_err());
        assert_eq!(Engine::placeholder().facts().name, "postgres");
    }

    #[test]
    fn names_images_and_versions_are_valid_values() {
        for facts in ENGINES {
            assert!(PortName::parse(facts.name).is_ok(), "{}", facts.name);
            assert!(Version::parse(facts.version).unwrap().major().is_some(), "{}", facts.name);
            assert!(Image::parse(&format!("{}:{}", facts.image, facts.version)).is_ok(), "{}", facts.name);
        }
    }

    #[test]
    fn data_always_lie_in_a_directory_of_the_volume() {
        for facts in ENGINES {
            for major in [None, Some(1), Some(17), Some(18), Some(99)] {
                let data = (facts.data)(major);
                assert!(!data.below.is_empty() && !data.below.starts_with('/'), "{}", facts.name);
            }
            assert_eq!((facts.data)(None).below, facts.name);
        }
    }

    #[test]
    fn no_account_is_root() {
        for facts in ENGINES {
            for tag in ["1", "1-alpine", ""] {
                let account = (facts.account)(tag);
                assert!(account.user > 0 && account.group > 0, "{}", facts.name);
            }
        }
    }

    #[test]
    fn alpine_has_other_accounts() {
        let accounts =
            |tag: &str| ENGINES.map(|facts| (facts.account)(tag)).map(|account| (account.user, account.group));
        let debian = (999, 999);
        assert_eq!(accounts("1"), [debian; 6]);
        assert_eq!(accounts("1-alpine3.22"), [(70, 70), debian, debian, (999, 1000), (999, 1000), debian]);
    }
}
