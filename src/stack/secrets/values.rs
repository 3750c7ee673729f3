//! What the keys of one secret hold: texts of `dev`, variables, files; nothing of it gets into a message.

use super::{Draft, find};
use crate::component::parts::content::Content;
use crate::component::parts::edges::upper_snake;
use crate::component::parts::files;
use crate::component::secret::{DOCKER_CONFIG, DOCKER_CONFIG_OLD, SSH_AUTH, Stated, demanded_keys, dev_text};
use crate::component::words::Source;
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::path::quoted;
use crate::shape::Written;
use crate::source::SecretValues;

impl Draft<'_> {
    /// The value of a key; `None` where stowplan makes none, or where it was reported as missing.
    pub(super) fn value(&self, key: &Written<String>, checking: &mut Checking) -> Option<Stated<Content>> {
        let value = match self.source.value {
            Source::Existing | Source::External => return None,
            Source::Dev => self.dev(key),
            Source::Env => self.variable(key, checking)?,
            Source::File => self.file(key, checking)?,
        };
        self.check_form(key, &value, checking);
        Some(value)
    }

    fn dev(&self, key: &Written<String>) -> Stated<Content> {
        if let Some(text) = self.table.and_then(|table| find(&table.dev, key)) {
            return text.clone().map(Content::Text).into();
        }
        let declared = self.secrets.declared.iter().filter(|declared| declared.name.value == self.name.value);
        let mut keys = declared.flat_map(|declared| &declared.keys).filter(|(name, _)| name.value == key.value);
        if let Some(text) = keys.find_map(|(_, text)| text.as_ref()) {
            let rule = "on a local cluster a Secret holds what the component that declares it says";
            return Stated::made(Content::Text(text.value.clone()), rule, text.origin);
        }
        let rule = "a secret of source `dev` without a text gets one that shows what it is";
        Stated::made(Content::Text(dev_text(self.name.value, &key.value)), rule, key.origin)
    }

    fn variable(&self, key: &Written<String>, checking: &mut Checking) -> Option<Stated<Content>> {
        let written = self.table.and_then(|table| find(&table.env, key));
        let variable = written.map_or_else(|| upper_snake(&key.value), |written| written.value.to_string());
        let origin = written.map_or(key.origin, |written| written.origin);
        let rule = "the value is read from the environment of `render`";
        if self.secrets.values == SecretValues::Placeholder {
            return Some(Stated::made(self.placeholder(key, &format!("${variable}")), rule, origin));
        }
        if let Some(value) = self.secrets.inputs.variable(&variable) {
            return Some(Stated::made(Content::Text(value), rule, origin));
        }
        let diagnostic =
            Diagnostic::error("unset-variable", format!("the environment variable `{variable}` is not set"))
                .at(
                    checking.span(origin),
                    format!("key `{}` of secret `{}` is read from it", key.value, self.name.value),
                )
                .help(format!("type `export {variable}='…'` before `stowplan render`"));
        checking.report.push(diagnostic);
        None
    }

    fn file(&self, key: &Written<String>, checking: &mut Checking) -> Option<Stated<Content>> {
        let Some(path) = self.table.and_then(|table| find(&table.files, key)) else {
            let diagnostic = Diagnostic::error(
                "missing-key",
                format!("secret `{}` has no file for key `{}`", self.name.value, key.value),
            )
            .at(checking.span(key.origin), "this key is needed")
            .at(checking.span(self.source.origin), "its values come from files")
            .help(format!("add `files.{} = \"PATH\"` to `{}`", quoted(&key.value), self.header()));
            checking.report.push(diagnostic);
            return None;
        };
        let rule = "the value is the contents of the file";
        let content = match self.secrets.values {
            SecretValues::Read => files::read(path, self.secrets.inputs, checking)?.into(),
            SecretValues::Placeholder => self.placeholder(key, path.value.as_str()),
        };
        Some(Stated::made(content, rule, path.origin))
    }

    /// What stands for a value that is not read; it has the form that the API server checks.
    fn placeholder(&self, key: &Written<String>, place: &str) -> Content {
        let is_demanded = self.kind.as_ref().is_some_and(|kind| is_json(&kind.value, &key.value));
        Content::Text(if is_demanded { dev_text(self.name.value, &key.value) } else { format!("<{place}>") })
    }

    /// What the API server refuses; says nothing of the value itself.
    fn check_form(&self, key: &Written<String>, value: &Stated<Content>, checking: &mut Checking) {
        let Some(kind) = &self.kind else { return };
        let problem = match &value.value {
            content if is_json(&kind.value, &key.value) && !is_object(content) => "is no JSON object",
            content if kind.value == SSH_AUTH && key.value == "ssh-privatekey" && content.size() == 0 => "is empty",
            _ => return,
        };
        let title = format!(
            "key `{}` of secret `{}` {problem}, and the type `{}` wants one",
            key.value, self.name.value, kind.value
        );
        let help = match kind.value.as_str() {
            SSH_AUTH => "give it the text of a private key",
            DOCKER_CONFIG => "give it what `docker login` writes to `config.json`: `{\"auths\": { … }}`",
            _ => {
                "write `type = \"kubernetes.io/dockerconfigjson\"` with the key `.dockerconfigjson`, and what `docker login` writes to `config.json`"
            }
        };
        let diagnostic = Diagnostic::error("bad-value", title)
            .at(checking.span(value.origin), "")
            .at(checking.span(kind.origin), "the type comes from here")
            .help(help);
        checking.report.push(diagnostic);
    }
}

/// Whether the API server reads this key of this type as JSON.
fn is_json(kind: &str, key: &str) -> bool {
    matches!(kind, DOCKER_CONFIG | DOCKER_CONFIG_OLD) && demanded_keys(kind).contains(&key)
}

fn is_object(content: &Content) -> bool {
    match content {
        Content::Text(text) => serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok(),
        Content::Bytes(_) => false,
    }
}
