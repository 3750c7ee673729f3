//! Passwords and tokens are not written into variables and arguments.
//!
//! A text there can be read by everybody who may look at the Pod, it stands in the repository for good, and after a rotation it is the
//! old one. A Secret can be kept from most people, and comes from elsewhere.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env = { SMTP_PASSWORD = "correct horse" }
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [secret.smtp]
//! keys = ["password"]
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env = { SMTP_PASSWORD = { secret = "smtp", key = "password" }, SMTP_URL = "smtp://mails:$(SMTP_PASSWORD)@smtp:587" }
//! ```
//!
//! Keep it in a Secret, and refer to it in texts by `$(NAME)`. Names count by their last word, so `PASSWORD_FILE` and `SECRETS_DIR` are
//! none; neither are references, paths and switches. What only looks like a token is a warning. On local clusters nothing is said.

use super::credentials::{Likeness, is_credential, likeness, logins};
use super::origin::table;
use super::pods::look_at_containers;
use super::variables::{look_at_texts, look_at_words};
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Object;
use crate::check::place::At;
use crate::diagnostic::{Class, Lines, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "plaintext-credential",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Error),
    source: include_str!("plaintext_credential.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        let mut told = |severity: Severity, at: &At, what: String, holds: Holds| {
            let help = help(context, object, holds);
            findings.add_milder(severity, index, at, (what, help)).lines = Lines::Secret;
        };
        look_at_containers(object, &mut |container, _| {
            look_at_texts(container, &mut |value, name, text| {
                if let Some(severity) = severity(name, text) {
                    let holds = if likeness(name).is_some() { Holds::Whole(name) } else { Holds::Part };
                    told(severity, value, format!("`{name}` holds a credential in clear text"), holds);
                }
            });
            look_at_words(container, &mut |word, text| {
                let (option, value) = text.trim_start_matches('-').split_once('=').unwrap_or(("", text));
                let severity = if text.starts_with('-') { severity(option, value) } else { of_address(text) };
                if let Some(severity) = severity {
                    let title = match option {
                        "" => format!(
                            "an argument of container `{}` holds a password in clear text",
                            container.key("name").text()
                        ),
                        option => format!("the option `--{option}` holds a credential in clear text"),
                    };
                    told(severity, word, title, Holds::Part);
                }
            });
        });
    }
}

/// How sure it is that a text is a credential; none where it is not.
fn severity(name: &str, text: &str) -> Option<Severity> {
    let by_name = likeness(name).filter(|likeness| is_credential(text, *likeness));
    match by_name {
        Some(Likeness::Password) => Some(Severity::Error),
        Some(Likeness::Key) => of_address(text).or(Some(Severity::Warning)),
        None => of_address(text),
    }
}

fn of_address(text: &str) -> Option<Severity> {
    logins(text).any(|login| !login.password.is_empty()).then_some(Severity::Error)
}

/// How much of a text is the credential.
#[derive(Clone, Copy)]
enum Holds<'n> {
    /// All of the variable with this name.
    Whole(&'n str),
    /// A part of an address or an argument.
    Part,
}

fn help(context: &Context, object: &Object, holds: Holds) -> String {
    let name = match holds {
        Holds::Whole(name) => name,
        Holds::Part => "PASSWORD",
    };
    let rest = match holds {
        Holds::Whole(_) => "in place of this".to_owned(),
        Holds::Part => format!("and `$({name})` in place of the password here"),
    };
    match table(context, object) {
        Some(table) => format!(
            "declare `[secret.NAME]` with `keys = [\"{name}\"]`, and write `{name} = {{ secret = \"NAME\", key = \"{name}\" }}` in \
             `env` of `[{table}]`, {rest}"
        ),
        None => format!(
            "put it into a Secret, and write `{{name: {name}, valueFrom: {{secretKeyRef: {{name: NAME, key: {name}}}}}}}` below `env`, {rest}"
        ),
    }
}
