//! Keys, tokens and facts of the Pod as files: together in one directory, or those of one config or secret.

use super::env::Table;
use crate::bundle::{Traced, traced};
use crate::component::world::text;
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::shape::{Decoder, Keyed, Leaf, Short, Written, entry};
use crate::value::{ConfigKey, Duration, Invalid, LabelName, ObjectName, Scalar, VolumePath};
use crate::{table, traced};
use k8s_openapi::api::core::v1 as core;

/// A field of the Pod that a volume can hold, such as `metadata.labels`.
///
/// `validVolumeDownwardAPIFieldPathExpressions` of the Kubernetes API server: fewer than a variable can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodField(Box<str>);

const FIELDS: [&str; 5] =
    ["metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels", "metadata.annotations"];

impl Scalar for PodField {
    const WHAT: &'static str = "a field of the Pod such as \"metadata.labels\"";
    const EXAMPLE: &'static str = "metadata.labels";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let entry = |table: &str| text.strip_prefix(table)?.strip_prefix("['")?.strip_suffix("']");
        let key = entry("metadata.labels").or_else(|| entry("metadata.annotations"));
        if FIELDS.contains(&text) || key.is_some_and(|key| LabelName::parse(key).is_ok()) {
            return Ok(Self(text.into()));
        }
        let help = format!("write one of {}, or one entry, as in \"metadata.labels['app']\"", FIELDS.join(", "));
        Err(Invalid {
            title: format!("`{text}` is not a field of the Pod that a file can hold"),
            help: Some(help),
            at: None,
            replacement: None,
        })
    }
}

impl std::fmt::Display for PodField {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

table! {
    /// A token of the Pod's account, which the kubelet renews.
    pub struct Token("token") {
        /// Who shall accept it; the Kubernetes API where it is left out.
        audience: Option<Written<String>>,
        /// How long it is valid, 10m or more; 1h where it is left out.
        expires: Option<Written<Duration>>,
    }
    form {
        short: Some(Short {
            what: "an audience such as \"vault\"",
            kind: <String as Leaf>::KIND,
            expand: |node| entry(node, "audience"),
        }),
    }
    validate check_token;
}

table! {
    /// One source of a directory: exactly one of `config`, `secret`, `token`, `field`.
    pub struct Source("projected source") {
        /// The `[config]` whose keys become files.
        config: Option<Written<ObjectName>>,
        /// The `[secret]` whose keys become files.
        secret: Option<Written<ObjectName>>,
        /// A token of the Pod's account: its audience, or a table.
        token: Option<Token>,
        /// A field of the Pod, such as `metadata.labels`.
        field: Option<Written<PodField>>,
        /// With `config` or `secret`: the keys to mount and the file names they get.
        items: Keyed<ConfigKey, Written<VolumePath>>,
        /// With `token` or `field`: the name of the file; a token's is `token` where it is left out.
        path: Option<Written<VolumePath>>,
        /// With `config` or `secret`: starts the Pod even where it is missing.
        optional: Option<Written<bool>>,
    }
    form {
        exclusive: &[&KINDS],
    }
    validate check_source;
}

const KINDS: [&str; 4] = ["config", "secret", "token", "field"];

/// A config or secret that becomes files.
pub struct FileSource<'a> {
    /// Which of the two.
    pub table: Table,
    /// Its name.
    pub name: &'a Written<ObjectName>,
    /// The keys that must be in it.
    pub keys: Vec<&'a Written<ConfigKey>>,
}

impl Source {
    /// The config or secret, where it is one.
    pub fn files(&self) -> Option<FileSource<'_>> {
        let (table, name) = match (&self.config, &self.secret) {
            (Some(name), _) => (Table::Config, name),
            (None, Some(name)) => (Table::Secret, name),
            (None, None) => return None,
        };
        let optional = self.optional.is_some_and(|optional| optional.value);
        let keys = self.items.iter().filter(|_| !optional).map(|(key, _)| key);
        Some(FileSource { table, name, keys: keys.collect() })
    }

    /// The source as the volume has it.
    pub fn lower(&self) -> Traced<core::VolumeProjection> {
        let optional = || self.optional.map(|optional| traced(optional.value, optional.origin));
        traced!(
            self.origin,
            core::VolumeProjection {
                config_map: self.config.as_ref().map(|name| {
                    traced!(
                        name.origin,
                        core::ConfigMapProjection {
                            name: text(name),
                            items: lower_items(&self.items),
                            optional: optional()
                        }
                    )
                }),
                secret: self.secret.as_ref().map(|name| {
                    traced!(
                        name.origin,
                        core::SecretProjection {
                            name: text(name),
                            items: lower_items(&self.items),
                            optional: optional()
                        }
                    )
                }),
                service_account_token: self.token.as_ref().map(|token| {
                    traced!(
                        token.origin,
                        core::ServiceAccountTokenProjection {
                            audience: token.audience.as_ref().map(text),
                            expiration_seconds: token.expires.map(|time| traced(time.value.seconds(), time.origin)),
                            path: self.path.as_ref().map_or_else(|| traced(TOKEN.to_owned(), token.origin), text),
                        }
                    )
                }),
                downward_api: self.field.as_ref().map(|field| self.lower_field(field)),
            }
        )
    }

    fn lower_field(&self, field: &Written<PodField>) -> Traced<core::DownwardAPIProjection> {
        let file = traced!(
            field.origin,
            core::DownwardAPIVolumeFile {
                path: self.path.as_ref().map_or_else(|| text(field), text),
                field_ref: traced!(field.origin, core::ObjectFieldSelector { field_path: text(field) }),
            }
        );
        traced!(field.origin, core::DownwardAPIProjection { items: vec![file] })
    }

    /// The files whose names are known, with the places that name them.
    fn paths(&self) -> Vec<(&str, OriginId)> {
        let mut paths: Vec<_> = self.items.iter().map(|(_, path)| (path.value.as_str(), path.origin)).collect();
        match (&self.path, &self.token) {
            (Some(path), _) => paths.push((path.value.as_str(), path.origin)),
            (None, Some(token)) => paths.push((TOKEN, token.origin)),
            (None, None) => {}
        }
        paths
    }
}

/// The file of a token where none is named: what clients of the Kubernetes API look for.
const TOKEN: &str = "token";

/// Keys and the files that they become.
pub fn lower_items(items: &Keyed<ConfigKey, Written<VolumePath>>) -> Vec<Traced<core::KeyToPath>> {
    let lower = |(key, path): &(Written<ConfigKey>, Written<VolumePath>)| {
        traced!(path.origin, core::KeyToPath { key: text(key), path: text(path) })
    };
    items.iter().map(lower).collect()
}

/// Reports two sources that make one file: the server refuses them.
pub fn check_paths(sources: &[Source], decoder: &mut Decoder) {
    let mut seen: Vec<(&str, OriginId)> = Vec::new();
    for (path, origin) in sources.iter().flat_map(Source::paths) {
        match seen.iter().find(|(known, _)| *known == path) {
            Some((_, first)) => {
                let diagnostic = Diagnostic::error("duplicate-path", format!("two sources make the file `{path}`"))
                    .at(decoder.span(origin), "the second one")
                    .at(decoder.span(*first), "the first one")
                    .help("give one of them another name, with `path` or in `items`");
                decoder.report.push(diagnostic);
            }
            None => seen.push((path, origin)),
        }
    }
}

fn check_source(source: &Source, decoder: &mut Decoder) {
    let has_kind =
        source.config.is_some() || source.secret.is_some() || source.token.is_some() || source.field.is_some();
    if !has_kind {
        if !decoder.is_doubtful(&KINDS) {
            let diagnostic = Diagnostic::error("missing-key", "this source does not say what it holds")
                .at(decoder.span(source.origin), "needs one of `config`, `secret`, `token`, `field`")
                .help("write `{ config = \"NAME\" }`, `{ secret = \"NAME\" }` or `{ token = \"AUDIENCE\" }`");
            decoder.report.push(diagnostic);
        }
        return;
    }
    let holds_keys = source.config.is_some() || source.secret.is_some();
    let misplaced = [
        (source.items.origin.filter(|_| !holds_keys), "items", "`config` or `secret`"),
        (source.optional.map(|optional| optional.origin).filter(|_| !holds_keys), "optional", "`config` or `secret`"),
        (source.path.as_ref().map(|path| path.origin).filter(|_| holds_keys), "path", "`token` or `field`"),
    ];
    for (origin, key, owner) in misplaced {
        report_misplaced(origin, key, owner, decoder);
    }
    if let (Some(field), None, false) = (&source.field, &source.path, decoder.is_doubtful(&["path"])) {
        let diagnostic = Diagnostic::error("missing-key", format!("the file for `{}` has no name", field.value))
            .at(decoder.span(source.origin), "needs `path`")
            .help("add `path = \"NAME\"`, the file in which it stands");
        decoder.report.push(diagnostic);
    }
}

/// Reports a key that says nothing beside what is mounted; `owner` is what it belongs to.
pub fn report_misplaced(origin: Option<OriginId>, key: &str, owner: &str, decoder: &mut Decoder) {
    let Some(origin) = origin else { return };
    let diagnostic = Diagnostic::error("misplaced-key", format!("`{key}` goes with {owner}"))
        .at(decoder.key_span(origin), "it has no effect here")
        .help(format!("remove `{key}`"));
    decoder.report.push(diagnostic);
}

/// The shortest life of a token, in seconds: the API server refuses less.
const SHORTEST_LIFE: i64 = 600;

fn check_token(token: &Token, decoder: &mut Decoder) {
    let Some(expires) = token.expires.filter(|expires| expires.value.seconds() < SHORTEST_LIFE) else { return };
    let diagnostic = Diagnostic::error("bad-value", "a token is valid for at least ten minutes, and this is less")
        .at(decoder.span(expires.origin), "")
        .help("write \"10m\" or more");
    decoder.report.push(diagnostic);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_what_the_server_lets_a_volume_hold() {
        for field in ["metadata.labels", "metadata.uid", "metadata.annotations['a.b/c']", "metadata.labels['app']"] {
            assert!(PodField::parse(field).is_ok(), "{field}");
        }
        for field in ["status.podIP", "spec.nodeName", "metadata", "metadata.labels['']", "metadata.name['a']", ""] {
            assert!(PodField::parse(field).is_err(), "{field}");
        }
    }
}
