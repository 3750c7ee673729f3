//! Connections to a database may use TLS.
//!
//! With `sslmode=disable` the client never asks for TLS, even where the server could: password and data cross the network as they are, and
//! with `require` on the server the connection fails.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env = { PGHOST = "db.example.com", PGSSLMODE = "disable" }
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env = { PGHOST = "db.example.com", PGSSLMODE = "require" }
//! ```
//!
//! `prefer` uses TLS where the server has it, `verify-full` holds against somebody in between. What goes to the same Pod (`localhost`), and
//! what stowplan sets up beside a database of the stack, is let be.

use super::origin::is_companion;
use super::pods::look_at_containers;
use super::variables::{look_at_texts, look_at_words};
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Lines, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "db-tls-disabled",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("db_tls_disabled.rs"),
    check,
};

/// How texts say that there shall be no TLS, in small letters.
const PHRASES: [(&str, &str); 4] = [
    ("sslmode=disabled", "sslMode=REQUIRED"),
    ("sslmode=disable", "sslmode=require"),
    ("usessl=false", "useSSL=true"),
    ("ssl-mode=disabled", "ssl-mode=REQUIRED"),
];

/// The length of the shortest of them.
const SHORTEST: usize = "usessl=false".len();

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        if is_companion(context, object) {
            continue;
        }
        look_at_containers(object, &mut |container, _| {
            look_at_texts(container, &mut |value, name, text| {
                let is_off = text.eq_ignore_ascii_case("disable") || text.eq_ignore_ascii_case("disabled");
                if is_off && name.to_ascii_lowercase().replace('_', "").ends_with("sslmode") {
                    let title = format!("`{name}` is `{text}`: the connection to the database is not encrypted");
                    let help = "write `require` in place of it, or `verify-full` with the certificate of the authority";
                    findings.add(index, value, title, help);
                } else if let Some((phrase, instead)) = phrase(text) {
                    let title = format!("`{name}` says `{phrase}`: the connection to the database is not encrypted");
                    let help = format!("write `{instead}` in place of `{phrase}`");
                    findings.add(index, value, title, help).lines = Lines::Secret;
                }
            });
            look_at_words(container, &mut |word, text| {
                if let Some((phrase, instead)) = phrase(text) {
                    let title = format!("an argument says `{phrase}`: the connection to the database is not encrypted");
                    let help = format!("write `{instead}` in place of `{phrase}`");
                    findings.add(index, word, title, help).lines = Lines::Secret;
                }
            });
        });
    }
}

/// What switches TLS off in an address of another host, and what switches it on.
fn phrase(text: &str) -> Option<(&'static str, &'static str)> {
    if text.len() < SHORTEST {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let is_near = ["localhost", "127.0.0.1", "host=/"].iter().any(|host| text.contains(host));
    PHRASES.iter().copied().find(|(phrase, _)| text.contains(phrase)).filter(|_| !is_near)
}
