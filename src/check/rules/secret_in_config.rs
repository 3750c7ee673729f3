//! ConfigMaps hold nothing secret.
//!
//! Whoever may look at anything in a namespace may mostly look at its ConfigMaps; they are printed, diffed and copied without a thought. Secrets
//! have rights of their own.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [config.settings]
//! data = { SMTP_HOST = "smtp", SMTP_PASSWORD = "correct horse" }
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env-from = ["config.settings"]
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [config.settings]
//! data = { SMTP_HOST = "smtp" }
//!
//! [secret.smtp]
//! keys = ["SMTP_PASSWORD"]
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env-from = ["config.settings", "secret.smtp"]
//! ```
//!
//! Keys count by their last word, as the names of variables do. In longer texts only private keys and addresses with a password are
//! looked for.

use super::credentials::{is_credential, likeness, logins};
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Lines, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "secret-in-config",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("secret_in_config.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "ConfigMap") {
        let root = At::root(&object.root);
        for (key, value) in root.key("data").entries() {
            let Some(what) = secret(key, value.text()) else { continue };
            let title = format!("`{key}` of ConfigMap `{}` holds {what}", object.name());
            let help = match context.stack {
                Some(_) => format!(
                    "declare `[secret.NAME]` with `keys = [\"{key}\"]`, move the value there, and read it by `env-from = [\"secret.NAME\"]` or a mount"
                ),
                None => "put it into a Secret, and read that in place of the ConfigMap".to_owned(),
            };
            findings.add(index, &value, title, help).lines = Lines::Secret;
        }
    }
}

/// What a text holds that is secret.
fn secret(key: &str, text: &str) -> Option<&'static str> {
    let is_comment = |line: &str| ["#", "//", ";"].iter().any(|mark| line.trim_start().starts_with(mark));
    let has_login = |line: &str| logins(line).any(|login| !login.password.is_empty());
    if likeness(key).is_some_and(|likeness| !text.contains('\n') && is_credential(text, likeness)) {
        Some("a credential")
    } else if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        Some("a private key")
    } else if text.lines().any(|line| !is_comment(line) && has_login(line)) {
        Some("an address with a password")
    } else {
        None
    }
}
