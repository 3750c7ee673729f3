//! The ExternalSecret of External Secrets, as far as we write it; k8s-openapi has no kinds of other projects.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{NamespaceResourceScope, Resource};
use serde::Serialize;

/// Asks the operator to keep a Secret equal to what a store holds. Source: the API reference of External Secrets, `external-secrets.io/v1`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecret {
    /// `external-secrets.io/v1`.
    pub api_version: &'static str,
    /// `ExternalSecret`.
    pub kind: &'static str,
    /// Name, namespace and labels.
    pub metadata: ObjectMeta,
    /// What is asked for.
    pub spec: ExternalSecretSpec,
}

impl Default for ExternalSecret {
    fn default() -> Self {
        Self {
            api_version: Self::API_VERSION,
            kind: Self::KIND,
            metadata: ObjectMeta::default(),
            spec: ExternalSecretSpec::default(),
        }
    }
}

impl Resource for ExternalSecret {
    const API_VERSION: &'static str = "external-secrets.io/v1";
    const GROUP: &'static str = "external-secrets.io";
    const KIND: &'static str = "ExternalSecret";
    const VERSION: &'static str = "v1";
    const URL_PATH_SEGMENT: &'static str = "externalsecrets";
    type Scope = NamespaceResourceScope;
}

/// What an ExternalSecret asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecretSpec {
    /// Where the values are.
    pub secret_store_ref: SecretStoreRef,
    /// The Secret that is made.
    pub target: ExternalSecretTarget,
    /// Its keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<ExternalSecretData>,
}

/// A store.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretStoreRef {
    /// Its name.
    pub name: String,
    /// `SecretStore` or `ClusterSecretStore`.
    pub kind: String,
}

/// The Secret that is made.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecretTarget {
    /// Its name.
    pub name: String,
    /// How it is made, where it is not simply the values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<ExternalSecretTemplate>,
}

/// How the Secret is made; without data of its own it takes over the values.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecretTemplate {
    /// The type of the Secret.
    #[serde(rename = "type")]
    pub type_: String,
}

/// One key of the Secret.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSecretData {
    /// The key.
    pub secret_key: String,
    /// Where its value is.
    pub remote_ref: RemoteRef,
}

/// A value in a store.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RemoteRef {
    /// The path in the store.
    pub key: String,
    /// The property of what is there, where it has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
}
