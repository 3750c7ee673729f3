//! Every Pod has the credentials for the registry of its image.
//!
//! Where one Pod pulls from a repository with a pull Secret, that repository is a private one; a Pod without the Secret ends in
//! `ImagePullBackOff` on each node that does not have the image yet.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [secret.registry]
//! type = "kubernetes.io/dockerconfigjson"
//!
//! [api.web]
//! image = "ghcr.io/example/web:1.0"
//! port = 8080
//! pull-secrets = ["registry"]
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//!
//! [secret.registry]
//! type = "kubernetes.io/dockerconfigjson"
//!
//! [cluster]
//! images = { pull-secrets = ["registry"] }
//!
//! [api.web]
//! image = "ghcr.io/example/web:1.0"
//! port = 8080
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! ```
//!
//! `cluster.images.pull-secrets` gives it to all Pods. Accounts that hold the Secret count too. An image that is public all the same:
//! `allow = { image-pull-secret-missing = "REASON" }`.

use super::origin::help;
use super::pods::{look_at_containers, look_at_template};
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Object;
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};
use std::collections::BTreeMap;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "image-pull-secret-missing",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Warning),
    source: include_str!("image_pull_secret_missing.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let mut private: BTreeMap<String, String> = BTreeMap::new();
    let mut unarmed: Vec<(usize, &Object)> = Vec::new();
    for (index, object) in context.objects() {
        look_at_template(object, &mut |template| match pull_secret(context, object, &template.key("spec")) {
            Some(secret) => look_at_containers(object, &mut |container, _| {
                let owner = owner(container.key("image").text()).map(str::to_owned);
                private.extend(owner.map(|owner| (owner, secret.clone())));
            }),
            None => unarmed.push((index, object)),
        });
    }
    if private.is_empty() {
        return;
    }
    for (index, object) in unarmed {
        look_at_containers(object, &mut |container, _| {
            let image = container.key("image");
            let Some((owner, secret)) = owner(image.text()).and_then(|owner| private.get_key_value(owner)) else {
                return;
            };
            let title = format!(
                "the Pods of {} `{}` have no pull Secret, and others pull from `{owner}` with `{secret}`",
                object.kind_name(),
                object.name()
            );
            let yaml = format!("write `imagePullSecrets: [{{name: {secret}}}]` in the specification of the Pod");
            findings.add(index, &image, title, help(context, object, &format!("pull-secrets = [\"{secret}\"]"), &yaml));
        });
    }
}

/// The Secret with which a Pod pulls, its own or that of its account.
fn pull_secret(context: &Context, object: &Object, spec: &At) -> Option<String> {
    let own = spec.key("imagePullSecrets");
    let name = own.item(0).key("name").text();
    if !name.is_empty() {
        return Some(name.to_owned());
    }
    let account = spec.key("serviceAccountName").text();
    let account = if account.is_empty() { "default" } else { account };
    let (_, account) = context.graph.find("ServiceAccount", object.namespace(), account)?;
    let root = At::root(&account.root);
    let secrets = root.key("imagePullSecrets");
    Some(secrets.item(0).key("name").text().to_owned()).filter(|name| !name.is_empty())
}

/// Registry and owner of an image: `ghcr.io/example` of `ghcr.io/example/web:1.0`. An official image has no owner.
fn owner(image: &str) -> Option<&str> {
    let (owner, _) = image.split('@').next()?.rsplit_once('/')?;
    (owner != "library" && owner != "docker.io/library").then_some(owner)
}
