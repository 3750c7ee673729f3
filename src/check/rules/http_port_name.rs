//! A port that is called `http` speaks HTTP.
//!
//! Service meshes, ingress controllers and monitors go by the names of ports: what is called `http` is read as HTTP, and a connection of
//! another protocol breaks after the first bytes. `port` is short for `ports.http`.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [api.queue]
//! image = "rabbitmq:4.1"
//! port = 5672
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [api.queue]
//! image = "rabbitmq:4.1"
//! ports = { amqp = 5672 }
//! ```
//!
//! Write `ports` with a name of the protocol. Only numbers that belong to one other protocol by custom are told.

use super::origin::table;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "http-port-name",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("http_port_name.rs"),
    check,
};

/// Ports of other protocols, and what such a port is called.
const OTHERS: [(i64, &str); 19] = [
    (21, "ftp"),
    (22, "ssh"),
    (25, "smtp"),
    (53, "dns"),
    (389, "ldap"),
    (587, "submission"),
    (636, "ldaps"),
    (1433, "mssql"),
    (1521, "oracle"),
    (1883, "mqtt"),
    (3306, "mysql"),
    (4222, "nats"),
    (5432, "postgres"),
    (5672, "amqp"),
    (6379, "redis"),
    (9042, "cql"),
    (9092, "kafka"),
    (11211, "memcached"),
    (27017, "mongodb"),
];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "Service") {
        let root = At::root(&object.root);
        let spec = root.key("spec");
        for port in spec.key("ports").items() {
            let (name, number) = (port.key("name"), port.key("port"));
            let is_http = name.text() == "http" || name.text().starts_with("http-");
            let other = OTHERS.iter().find(|(other, _)| number.integer() == Some(*other)).filter(|_| is_http);
            let Some((other, protocol)) = other else { continue };
            let title = format!(
                "port {other} of Service `{}` is named `{}`, and {other} is the port of {protocol}",
                object.name(),
                name.text()
            );
            let help = match table(context, object) {
                Some(table) => {
                    format!("write `ports = {{ {protocol} = {other} }}` below `[{table}]` in place of `port`")
                }
                None => format!("write `name: {protocol}`, here and at the container"),
            };
            findings.add(index, &number, title, help);
        }
    }
}
