//! `[secret.NAME]`: credentials, and where they come from.

use super::lint::Allowances;
use super::parts::content::Content;
use super::parts::external_secret::{
    ExternalSecret, ExternalSecretData, ExternalSecretSpec, ExternalSecretTarget, ExternalSecretTemplate, RemoteRef,
    SecretStoreRef,
};
use super::words::Source;
use super::world::{Subject, World, add, text};
use crate::bundle::{Bundle, CauseId, Traced, traced};
use crate::document::OriginId;
use crate::shape::{Keyed, Written};
use crate::value::{ConfigKey, EnvName, Invalid, ObjectName, RelativePath, Scalar};
use crate::{table, traced};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1 as core;
use std::borrow::Cow;

table! {
    /// Credentials: a Secret, an ExternalSecret, or the promise that one exists.
    pub struct Secret("secret") {
        /// The keys in it; what the stack refers to where it is left out.
        keys: Vec<Written<ConfigKey>>,
        /// The type of the Secret; `Opaque` where it is left out.
        kind("type"): Option<Written<String>>,
        /// `existing`, `env`, `file`, `external` or `dev`; the profile says where it is left out.
        source: Option<Written<Source>>,
        /// With `source = "env"`: the environment variable for each key; the key in upper snake case where it is left out.
        env: Keyed<ConfigKey, Written<EnvName>>,
        /// With `source = "file"`: the file for each key, relative to the stack file.
        files: Keyed<ConfigKey, Written<RelativePath>>,
        /// With `source = "external"`: the ClusterSecretStore; `cluster.secret-store` where it is left out.
        store: Option<Written<ObjectName>>,
        /// With `source = "external"`: path and property for each key: "app/db#password".
        remote: Keyed<ConfigKey, Written<Remote>>,
        /// With `source = "dev"`: the text for each key.
        dev: Keyed<ConfigKey, Written<String>>,
        /// Findings of `lint` that are meant, each with the reason: `{ unused-config = "read by an operator" }`.
        allow: Allowances,
    }
}

/// Where a store keeps a value: a path, and behind `#` the property of what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// The path in the store.
    pub path: String,
    /// The property, where what is there has several.
    pub property: Option<String>,
}

impl Scalar for Remote {
    const WHAT: &'static str = "a path in a store such as \"app/db#password\"";
    const EXAMPLE: &'static str = "app/db#password";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let (path, property) = match text.split_once('#') {
            Some((path, property)) => (path, Some(property)),
            None => (text, None),
        };
        let missing = if path.is_empty() { "path before the `#`" } else { "property behind the `#`" };
        if path.is_empty() || property == Some("") {
            return Err(Invalid::new(format!("`{text}` has no {missing}")).help(format!("write {}", Self::WHAT)));
        }
        Ok(Self { path: path.to_owned(), property: property.map(ToOwned::to_owned) })
    }
}

/// A secret that a `[db]` or an `[external]` declares by naming where its credentials are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredSecret {
    /// Its name.
    pub name: Written<String>,
    /// Its keys, each with the text that it has with `source = "dev"`, where that is not any text.
    pub keys: Vec<(Written<String>, Option<Written<String>>)>,
}

/// A value that was written, or that a rule makes of what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// Where it was written, or what it was made of.
    pub origin: OriginId,
    /// The rule, as a sentence, where one made it.
    pub rule: Option<&'static str>,
}

impl<T> Stated<T> {
    /// A value that a rule makes.
    pub fn made(value: T, rule: &'static str, origin: OriginId) -> Self {
        Self { value, origin, rule: Some(rule) }
    }

    fn cause(&self, world: &World) -> CauseId {
        self.rule.map_or_else(|| self.origin.into(), |rule| world.derive(rule, &[self.origin]))
    }

    fn trace<U>(&self, world: &World, convert: impl FnOnce(&T) -> U) -> Traced<U> {
        traced(convert(&self.value), self.cause(world))
    }
}

impl<T> From<Written<T>> for Stated<T> {
    fn from(written: Written<T>) -> Self {
        Self { value: written.value, origin: written.origin, rule: None }
    }
}

/// A secret with its source, its keys and, where stowplan makes it, its values.
#[derive(Debug, Clone)]
pub struct SecretPlan {
    /// Its name.
    pub name: Written<String>,
    /// Where it was declared.
    pub origin: OriginId,
    /// Its type; `Opaque` where there is none.
    pub kind: Option<Stated<String>>,
    /// Where its values come from.
    pub source: Written<Source>,
    /// Its keys, as far as they are known.
    pub keys: Vec<SecretKey>,
    /// The ClusterSecretStore, with the source `external`.
    pub store: Option<Written<String>>,
}

/// A key of a secret.
#[derive(Debug, Clone)]
pub struct SecretKey {
    /// Its name.
    pub name: Written<String>,
    /// Its value, with the sources `dev`, `env` and `file`; none where it was reported as missing.
    pub value: Option<Stated<Content>>,
    /// Where the store keeps it, with the source `external`.
    pub remote: Option<Stated<Remote>>,
}

/// Certificate and key, as an Ingress and a Gateway want them.
pub const TLS: &str = "kubernetes.io/tls";
/// The credentials of registries, as `docker login` writes them.
pub const DOCKER_CONFIG: &str = "kubernetes.io/dockerconfigjson";
/// The same in the older form.
pub const DOCKER_CONFIG_OLD: &str = "kubernetes.io/dockercfg";
/// User and password.
pub const BASIC_AUTH: &str = "kubernetes.io/basic-auth";
/// A private key of SSH.
pub const SSH_AUTH: &str = "kubernetes.io/ssh-auth";
/// A token that the cluster writes.
pub const ACCOUNT_TOKEN: &str = "kubernetes.io/service-account-token";

/// The keys that the API server demands of a type; of basic-auth one is enough.
pub fn demanded_keys(kind: &str) -> &'static [&'static str] {
    match kind {
        TLS => &["tls.crt", "tls.key"],
        DOCKER_CONFIG => &[".dockerconfigjson"],
        DOCKER_CONFIG_OLD => &[".dockercfg"],
        BASIC_AUTH => &["username", "password"],
        SSH_AUTH => &["ssh-privatekey"],
        _ => &[],
    }
}

/// The text of a key for which nobody wrote one; it shows what it is.
pub fn dev_text(secret: &str, key: &str) -> String {
    match key {
        ".dockerconfigjson" => r#"{"auths":{}}"#.to_owned(),
        ".dockercfg" => "{}".to_owned(),
        key => format!("dev-only-{secret}-{key}"),
    }
}

/// Adds the Secret or the ExternalSecret; nothing for a Secret that exists.
pub fn lower(plan: &SecretPlan, world: &World, bundle: &mut Bundle) {
    let name = plan.name.value.as_str();
    let subject = Subject { table: "secret", component: name, name, origin: plan.origin };
    match plan.source.value {
        Source::Existing => {}
        Source::External => add(bundle, subject, "external-secret", lower_external(plan, subject, world)),
        Source::Dev | Source::Env | Source::File => add(bundle, subject, "secret", lower_secret(plan, subject, world)),
    }
}

fn lower_secret(plan: &SecretPlan, subject: Subject, world: &World) -> Traced<core::Secret> {
    let mut texts = Vec::new();
    let mut bytes = Vec::new();
    for key in &plan.keys {
        let Some(value) = &key.value else { continue };
        let cause = value.cause(world);
        match &value.value {
            Content::Text(text) => texts.push((key.name.value.clone(), traced(text.clone(), cause))),
            Content::Bytes(content) => bytes.push((key.name.value.clone(), traced(ByteString(content.clone()), cause))),
        }
    }
    let metadata = world.metadata(subject, subject.name);
    traced!(
        plan.origin,
        core::Secret {
            metadata: metadata,
            type_: plan.kind.as_ref().map(|kind| kind.trace(world, String::clone)),
            string_data: texts,
            data: bytes,
        }
    )
}

fn lower_external(plan: &SecretPlan, subject: Subject, world: &World) -> Traced<ExternalSecret> {
    let template =
        plan.kind.as_ref().map(|kind| traced!(kind.cause(world), ExternalSecretTemplate { type_: kind.value.clone() }));
    let entry = |key: &SecretKey| {
        let remote = key.remote.as_ref()?;
        let reference = traced!(
            remote.cause(world),
            RemoteRef {
                key: remote.value.path.clone(),
                property: remote.value.property.clone().map(|property| traced(property, remote.cause(world))),
            }
        );
        Some(traced!(key.name.origin, ExternalSecretData { secret_key: text(&key.name), remote_ref: reference }))
    };
    let store = plan
        .store
        .as_ref()
        .map(|store| traced!(store.origin, SecretStoreRef { name: text(store), kind: "ClusterSecretStore" }));
    let target = traced!(plan.origin, ExternalSecretTarget { name: text(&plan.name), template: template });
    let spec = traced!(
        plan.origin,
        ExternalSecretSpec {
            secret_store_ref: store.unwrap_or_else(|| traced(SecretStoreRef::default(), plan.origin)),
            target: target,
            data: plan.keys.iter().filter_map(entry).collect::<Vec<_>>(),
        }
    );
    let metadata = world.metadata(subject, subject.name);
    traced!(plan.origin, ExternalSecret { metadata: metadata, spec: spec })
}

/// The command that makes an `existing` secret, for bash, zsh and fish.
///
/// `$(cat)` reads a value from the terminal up to Ctrl-D, so that none gets into the history of the shell.
pub fn creation_command(plan: &SecretPlan, namespace: Option<&str>) -> String {
    let name = &plan.name.value;
    let place = namespace.map(|namespace| format!(" --namespace {namespace}")).unwrap_or_default();
    let kind = plan.kind.as_ref().map(|kind| kind.value.as_str());
    match kind {
        Some(TLS) => format!("kubectl create secret tls {name}{place} --cert=tls.crt --key=tls.key"),
        Some(DOCKER_CONFIG) => login_command(name.as_str(), namespace),
        kind => {
            let kind = kind.map(|kind| format!(" --type={}", shell_word(kind))).unwrap_or_default();
            let literal = |key: &SecretKey| match key.name.value.as_str() {
                "ssh-privatekey" => " --from-file=ssh-privatekey=id_ed25519".to_owned(),
                key => format!(" --from-literal={key}={TYPED}"),
            };
            let mut keys: String = plan.keys.iter().map(literal).collect();
            if keys.is_empty() {
                keys = format!(" --from-literal=KEY={TYPED}");
            }
            format!("kubectl create secret generic {name}{place}{kind}{keys}")
        }
    }
}

/// Whether a secret holds the login to a registry.
pub fn is_registry_login(plan: &SecretPlan) -> bool {
    plan.kind.as_ref().is_some_and(|kind| kind.value.as_str() == DOCKER_CONFIG)
}

/// The command that makes a secret with the login to a registry.
pub fn login_command(name: &str, namespace: Option<&str>) -> String {
    let place = namespace.map(|namespace| format!(" --namespace {namespace}")).unwrap_or_default();
    format!(
        "kubectl create secret docker-registry {name}{place} --docker-server=REGISTRY --docker-username=USER --docker-password={TYPED}"
    )
}

/// A value that the shell reads from the terminal.
const TYPED: &str = "\"$(cat)\"";

/// The text as a shell takes it for one word.
pub fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:,@=".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        text.into()
    } else {
        format!("'{}'", text.replace('\'', r"'\''")).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fixture::{Fixture, json};
    use serde_json::json;

    const NOWHERE: OriginId = OriginId(0);

    fn written<T>(value: T) -> Written<T> {
        Written { value, origin: NOWHERE }
    }

    fn plan(source: Source, kind: Option<&str>, keys: &[(&str, Content)]) -> SecretPlan {
        let key = |(name, content): &(&str, Content)| SecretKey {
            name: written((*name).to_owned()),
            value: Some(written(content.clone()).into()),
            remote: Some(Stated::made(
                Remote { path: "db".into(), property: Some((*name).to_owned()) },
                "a rule",
                NOWHERE,
            )),
        };
        SecretPlan {
            name: written("db".into()),
            origin: NOWHERE,
            kind: kind.map(|kind| written(kind.to_owned()).into()),
            source: written(source),
            keys: keys.iter().map(key).collect(),
            store: Some(written("vault".into())),
        }
    }

    fn lowered(plan: &SecretPlan) -> Bundle {
        Fixture::new("stack = { name = \"todo\" }").lower(|world, _, bundle| lower(plan, world, bundle))
    }

    #[test]
    fn texts_stand_as_they_are_and_bytes_in_base64() {
        let keys = [("password", Content::Text("x".into())), ("key", Content::Bytes(vec![0xff]))];
        let bundle = lowered(&plan(Source::File, Some("acme/x"), &keys));
        let root = &bundle.objects[0].root;
        assert_eq!(json(root, &["stringData"]), json!({ "password": "x" }));
        assert_eq!(json(root, &["data"]), json!({ "key": "/w==" }));
        assert_eq!(json(root, &["type"]), "acme/x");
    }

    #[test]
    fn what_exists_is_not_made() {
        assert!(lowered(&plan(Source::Existing, None, &[("a", Content::Text("x".into()))])).objects.is_empty());
    }

    #[test]
    fn an_external_secret_names_store_and_keys_and_no_value() {
        let bundle = lowered(&plan(Source::External, Some(TLS), &[("tls.crt", Content::Text("hidden".into()))]));
        let object = &bundle.objects[0];
        assert_eq!((object.api_version(), object.kind_name()), ("external-secrets.io/v1", "ExternalSecret"));
        assert_eq!(object.kind.row().kind, "ExternalSecret");
        let spec = json!({
            "secretStoreRef": { "name": "vault", "kind": "ClusterSecretStore" },
            "target": { "name": "db", "template": { "type": "kubernetes.io/tls" } },
            "data": [{ "secretKey": "tls.crt", "remoteRef": { "key": "db", "property": "tls.crt" } }],
        });
        assert_eq!(json(&object.root, &["spec"]), spec);
        let cause = object
            .root
            .follow(&["spec", "data"])
            .and_then(|data| data.items()[0].follow(&["remoteRef", "key"]))
            .unwrap()
            .cause;
        assert_eq!(bundle.causes.origins(cause).collect::<Vec<_>>(), [NOWHERE]);
        assert_ne!(cause, NOWHERE.into());
    }

    #[test]
    fn the_command_makes_each_type_in_its_own_way() {
        let command = |kind: Option<&str>, keys: &[&str], namespace| {
            let keys: Vec<_> = keys.iter().map(|key| (*key, Content::Text("hidden".into()))).collect();
            creation_command(&plan(Source::Existing, kind, &keys), namespace)
        };
        assert_eq!(
            command(None, &["user", "password"], Some("app")),
            "kubectl create secret generic db --namespace app --from-literal=user=\"$(cat)\" --from-literal=password=\"$(cat)\""
        );
        assert_eq!(command(None, &[], None), "kubectl create secret generic db --from-literal=KEY=\"$(cat)\"");
        assert_eq!(command(Some(TLS), &["tls.crt"], None), "kubectl create secret tls db --cert=tls.crt --key=tls.key");
        assert!(command(Some(DOCKER_CONFIG), &[], None).contains("--docker-password=\"$(cat)\""));
        assert!(
            command(Some(SSH_AUTH), &["ssh-privatekey"], None)
                .ends_with("--type=kubernetes.io/ssh-auth --from-file=ssh-privatekey=id_ed25519")
        );
        assert!(command(Some("it's"), &[], None).contains(r"--type='it'\''s'"));
    }

    #[test]
    fn a_remote_is_a_path_and_a_property() {
        let remote = |text: &str| Remote::parse(text).map(|remote| (remote.path, remote.property));
        assert_eq!(remote("app/db#password"), Ok(("app/db".into(), Some("password".into()))));
        assert_eq!(remote("app/db"), Ok(("app/db".into(), None)));
        assert_eq!(remote("#x").unwrap_err().title, "`#x` has no path before the `#`");
        assert_eq!(remote("x#").unwrap_err().title, "`x#` has no property behind the `#`");
    }
}
