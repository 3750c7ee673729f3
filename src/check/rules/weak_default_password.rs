//! No Secret holds a password from an example.
//!
//! `changeme` and `mysecretpassword` stand in every tutorial, and in every list that is tried first. What was good for the first try goes
//! live with it.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Secret
//! metadata: {name: postgres}
//! stringData: {password: mysecretpassword}
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: Secret
//! metadata: {name: postgres}
//! stringData: {password: ""}
//! ```
//!
//! Make one: `openssl rand -base64 24`. On local clusters nothing is said, and the fixed texts of a stack there are refused on clouds.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Object;
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};
use k8s_openapi::ByteString;
use serde_json::Value;
use std::borrow::Cow;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "weak-default-password",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("weak_default_password.rs"),
    check,
};

/// What examples and tutorials write, in small letters.
const KNOWN: [&str; 28] = [
    "123456",
    "12345678",
    "admin",
    "adminpassword",
    "bitnami",
    "change-me",
    "change_me",
    "changeit",
    "changeme",
    "default",
    "example",
    "guest",
    "letmein",
    "minioadmin",
    "mongo",
    "mypassword",
    "mysecretpassword",
    "mysql",
    "p@ssw0rd",
    "pass",
    "passw0rd",
    "password",
    "password123",
    "postgres",
    "qwerty",
    "root",
    "secret",
    "test",
];

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "Secret") {
        let root = At::root(&object.root);
        for (map, form) in [("stringData", Form::Text), ("data", Form::Base64)] {
            for (key, value) in root.key(map).entries() {
                let is_password = super::credentials::likeness(key).is_some();
                let is_known = |text: &str| KNOWN.contains(&text.trim().to_ascii_lowercase().as_str());
                if is_password && form.text(value.text()).is_some_and(|text| is_known(&text)) {
                    let title =
                        format!("`{key}` of Secret `{}` is a password that everybody tries first", object.name());
                    findings.add(index, &value, title, help(context, object));
                }
            }
        }
    }
}

fn help(context: &Context, object: &Object) -> String {
    let new = "make one that nobody can guess: `openssl rand -base64 24`";
    match context.stack {
        Some(_) => format!("{new}, and keep it out of the stack: `[secret.{}]` with its `keys`", object.name()),
        None => new.to_owned(),
    }
}

/// How the values of a Secret are written.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Base64,
}

impl Form {
    /// The value as a text, where it is one.
    fn text(self, written: &str) -> Option<Cow<'_, str>> {
        match self {
            Self::Text => Some(written.into()),
            Self::Base64 => {
                let bytes: ByteString = serde_json::from_value(Value::String(written.to_owned())).ok()?;
                Some(String::from_utf8(bytes.0).ok()?.into())
            }
        }
    }
}
