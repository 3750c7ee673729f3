//! A change of a mounted file reaches the Pods that read it.
//!
//! A directory of a ConfigMap or Secret follows its changes after a minute or so, if the program reads the files again. A single
//! file (`subPath`) never does: the Pod has what was there when it started, until something else replaces it.
//!
//! ```yaml fail
//! apiVersion: apps/v1
//! kind: Deployment
//! metadata: {name: web}
//! spec:
//!   selector: {matchLabels: {app: web}}
//!   template:
//!     metadata: {labels: {app: web}}
//!     spec:
//!       containers:
//!       - name: web
//!         image: "nginx:1.27.3"
//!         volumeMounts: [{name: settings, mountPath: /etc/nginx/nginx.conf, subPath: nginx.conf}]
//!       volumes:
//!       - {name: settings, configMap: {name: settings}}
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [config.settings]
//! data = { "nginx.conf" = "events {}" }
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! mounts."/etc/nginx/nginx.conf" = { config = "settings", file = "nginx.conf" }
//! ```
//!
//! Pods of a stack carry a checksum of what the stack itself holds, so they are replaced when it changes; so are Pods with any
//! annotation that is called a checksum or hash. For the rest: `kubectl rollout restart` after a change, or mount the directory.

use super::pods::{look_at_containers, look_at_template};
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "config-volume-reload",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Info),
    source: include_str!("config_volume_reload.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let lasting = |kind: &str| matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet");
    for (index, object) in context.objects().filter(|(_, object)| lasting(object.kind_name())) {
        let mut sources: Vec<(String, String)> = Vec::new();
        look_at_template(object, &mut |template| {
            if !is_rolled(template) {
                sources = watched(&template.key("spec"));
            }
        });
        if sources.is_empty() {
            continue;
        }
        look_at_containers(object, &mut |container, _| {
            for mount in container.key("volumeMounts").items() {
                let file = mount.key("subPath");
                let source = sources.iter().find(|(name, _)| mount.key("name").is_text(name));
                let Some((_, source)) = source.filter(|_| !file.is_empty()) else { continue };
                let title = format!(
                    "a change of {source} does not reach `{}`: single files are mounted once",
                    mount.key("mountPath").text()
                );
                let help = format!(
                    "type `kubectl rollout restart {}/{}` after a change, or mount the whole directory",
                    object.kind_name().to_lowercase(),
                    object.name()
                );
                findings.add(index, &file, title, help);
            }
        });
    }
}

/// Whether the Pods are replaced when what they read changes.
fn is_rolled(template: &At) -> bool {
    let metadata = template.key("metadata");
    let annotations = metadata.key("annotations");
    annotations.entries().any(|(name, _)| name.contains("checksum") || name.contains("hash"))
}

/// The volumes of ConfigMaps and Secrets, and how these read in a message.
fn watched(spec: &At) -> Vec<(String, String)> {
    let volumes = spec.key("volumes");
    let mut found = Vec::new();
    for volume in volumes.items() {
        let (config, secret) = (volume.key("configMap"), volume.key("secret"));
        let (kind, name) = match (config.is_set(), secret.is_set()) {
            (true, _) => ("ConfigMap", config.key("name").text()),
            (_, true) => ("Secret", secret.key("secretName").text()),
            _ => continue,
        };
        if !has_hash(name) {
            found.push((volume.key("name").text().to_owned(), format!("{kind} `{name}`")));
        }
    }
    found
}

/// Whether the name ends as those do that Kustomize makes: with a hash of the contents, so that a change is another object.
fn has_hash(name: &str) -> bool {
    let hash = name.rsplit_once('-').map_or("", |(_, hash)| hash);
    hash.len() == 10 && hash.bytes().all(|byte| b"bcdfghkmt2456789".contains(&byte))
}
