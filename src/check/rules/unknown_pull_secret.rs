//! A Secret with which images are pulled exists.
//!
//! Kubernetes passes over a pull Secret that is not there, and the registry refuses: `ImagePullBackOff`.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   imagePullSecrets: [{name: regcred}]
//!   containers: [{name: web, image: "registry.example.com/web:1.4.0"}]
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: Secret
//! metadata: {name: regcred}
//! type: kubernetes.io/dockerconfigjson
//! data: {.dockerconfigjson: e30=}
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   imagePullSecrets: [{name: regcred}]
//!   containers: [{name: web, image: "registry.example.com/web:1.4.0"}]
//! ```
//!
//! Correct the name, or declare the Secret: `[secret.NAME]` with `type = "kubernetes.io/dockerconfigjson"`. Those of
//! `cluster.images.pull-secrets` exist. In YAML of others this is good to know only.

use super::absent::absent;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use crate::graph::Relation;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "unknown-pull-secret",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("unknown_pull_secret.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for edge in context.graph.related(Relation::Pulls).filter(|edge| edge.is_missing()) {
        let otherwise = match (context.is_foreign(), edge.named()) {
            (false, Some((_, name))) => {
                format!("declare it: `[secret.{name}]` with `type = \"kubernetes.io/dockerconfigjson\"`")
            }
            (_, named) => {
                let name = named.map_or("NAME", |(_, name)| name);
                format!(
                    "make it before this is applied: `kubectl create secret docker-registry {name} --docker-server=HOST --docker-username=USER --docker-password=PASSWORD`"
                )
            }
        };
        findings.missing_at(Severity::Info, edge, absent(context, edge, &otherwise));
    }
}
