//! `[secret.NAME]`: credentials, and where they come from.

use crate::shape::{Keyed, Written};
use crate::{table, words};
use crate::value::{ConfigKey, EnvName, RelativePath};

words! {
    /// Where a secret's values come from.
    pub enum Source("a source of secrets") {
        /// It exists in the cluster.
        Existing = "existing",
        /// Values from the environment of `render`.
        Env = "env",
        /// Values from files beside the stack.
        File = "file",
        /// An ExternalSecret.
        External = "external",
        /// Fixed text that shows what it is; local clusters only.
        Dev = "dev",
    }
}

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
        store: Option<Written<String>>,
        /// With `source = "external"`: path and property for each key: "app/db#password".
        remote: Keyed<ConfigKey, Written<String>>,
        /// With `source = "dev"`: the text for each key.
        dev: Keyed<ConfigKey, Written<String>>,
    }
}
