//! The values of Secrets stand in no file.
//!
//! What is in a manifest is in the repository, in its history, and in the log of whoever prints it. Base64 is a way to write bytes, and
//! hides nothing.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [manifest.smtp]
//! yaml = '''
//! apiVersion: v1
//! kind: Secret
//! metadata: {name: smtp}
//! stringData: {password: correct horse}
//! '''
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env-from = ["secret.smtp"]
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [secret.smtp]
//! keys = ["password"]
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! env-from = ["secret.smtp"]
//! ```
//!
//! With `[secret.NAME]` and the names of its `keys` the values come from where the profile says: they exist in the cluster, or an operator
//! brings them; `render` prints the command that makes the Secret. In YAML of others, which may never have been in a file, it is a warning.

use super::origin::table;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Object;
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "secret-in-manifest",
    class: Class::Rule,
    levels: Levels::of(Severity::Warning, Severity::Error).at_most_in_yaml(Severity::Warning),
    source: include_str!("secret_in_manifest.rs"),
    check,
};

/// What the cluster itself fills.
const TOKEN: &str = "kubernetes.io/service-account-token";

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "Secret") {
        let root = At::root(&object.root);
        if table(context, object).is_some() || root.key("type").is_text(TOKEN) {
            continue;
        }
        let maps = ["stringData", "data"].map(|key| root.key(key));
        let Some(map) = maps.iter().find(|map| map.entries().any(|(_, value)| !value.is_empty())) else { continue };
        let but = if map.to_string() == "data" { ": base64 hides nothing" } else { "" };
        let title = format!("the values of Secret `{}` can be read in this file{but}", object.name());
        findings.add(index, map, title, help(context, object));
    }
}

fn help(context: &Context, object: &Object) -> String {
    let name = object.name();
    if context.stack.is_some() {
        format!("write `[secret.{name}]` with the names of its `keys` in place of the manifest")
    } else {
        format!(
            "make it from outside: `kubectl create secret generic {name} --from-env-file=FILE`, or by an ExternalSecret"
        )
    }
}
