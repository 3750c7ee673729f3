//! A ConfigMap, Secret or ServiceAccount is used by somebody.
//!
//! What nobody uses is a rest of something, or is called otherwise where it should be used; whoever changes it waits for an effect.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [config.settings]
//! data = { LOG = "debug" }
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [config.settings]
//! data = { LOG = "debug" }
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! env-from = ["config.settings"]
//! ```
//!
//! Use it, as in `env-from = ["config.NAME"]`, or remove it. What is named in an argument, a variable or an object of an unknown kind
//! counts as used, as does what a program of the set may ask the API server for, and what a label like `grafana_dashboard: "1"` marks for others.

use super::origin::is_hook;
use super::pods::look_at_containers;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, Field, Object};
use crate::diagnostic::{Class, Severity};
use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "unused-config",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Info),
    source: include_str!("unused_config.rs"),
    check,
};

const KINDS: [&str; 3] = ["ConfigMap", "Secret", "ServiceAccount"];

fn check(context: &Context, findings: &mut Findings) {
    let asked = asked(context);
    let is_free = |(index, object): &(usize, &Object)| {
        KINDS.contains(&object.kind_name())
            && context.graph.edges_to(*index).next().is_none()
            && !context.graph.is_mentioned(object.name())
            && !is_for_others(object)
            && !asked.contains(&object.kind_name())
    };
    let candidates: Vec<(usize, &Object)> = context.objects().filter(is_free).collect();
    // a set without Pods is there for the Pods of another
    if candidates.is_empty() || context.is_foreign() && context.graph.pods().is_empty() {
        return;
    }
    let words = words(context);
    for (index, object) in candidates.into_iter().filter(|(_, object)| !words.contains(object.name())) {
        let root = At::root(&object.root);
        let metadata = root.key("metadata");
        let name = metadata.key("name");
        let title = format!("nothing uses the {} `{}`", object.kind_name(), object.name());
        let help = match (context.is_of_tables(object), object.kind_name()) {
            (true, "ConfigMap") => format!("use it, as in `env-from = [\"config.{}\"]`, or remove it", object.name()),
            (true, "Secret") => format!("use it, as in `env-from = [\"secret.{}\"]`, or remove it", object.name()),
            _ => "name it where it should be used, or remove it".to_owned(),
        };
        findings.missing(index, (name.to_string(), name.cause()), title, help);
    }
}

/// The kinds whose objects a program of the set may ask the API server for, as its rights say.
fn asked(context: &Context) -> Vec<&'static str> {
    let plurals = [("configmaps", "ConfigMap"), ("secrets", "Secret")];
    let roles = context.objects().filter(|(_, object)| matches!(object.kind_name(), "Role" | "ClusterRole"));
    let rules = roles.filter_map(|(_, role)| role.root.get("rules")).flat_map(Field::items);
    let resources: IndexSet<&str, FxBuildHasher> =
        rules.filter_map(|rule| rule.get("resources")).flat_map(Field::items).filter_map(Field::as_str).collect();
    let is_asked = |plural: &str| resources.contains(plural) || resources.contains("*");
    plurals.into_iter().filter(|(plural, _)| is_asked(plural)).map(|(_, kind)| kind).collect()
}

/// Whether an object is there for somebody who is not to be seen: a mark for a sidecar or operator, a token, the namespace's own.
fn is_for_others(object: &Object) -> bool {
    let labels = object.root.follow(&["metadata", "labels"]).map_or(&[][..], Field::entries);
    let is_marked = labels.iter().any(|(_, value)| matches!(value.as_str(), Some("1" | "true")));
    let kind = object.root.get("type").and_then(Field::as_str).unwrap_or_default();
    let is_of_cluster = object.name() == "default" || object.namespace().is_some_and(|name| name.starts_with("kube-"));
    is_marked
        || is_hook(object)
        || is_of_cluster
        || matches!(kind, "kubernetes.io/service-account-token" | "helm.sh/release.v1")
}

/// The words in what containers are told: arguments and variables.
fn words(context: &Context) -> IndexSet<String, FxBuildHasher> {
    let mut words = IndexSet::default();
    for (_, object) in context.objects() {
        look_at_containers(object, &mut |container, _| {
            let mut note = |at: At| {
                let parts = at.text().split(|letter: char| !letter.is_ascii_alphanumeric() && !"-.".contains(letter));
                words.extend(parts.map(str::to_owned));
            };
            for list in ["command", "args"] {
                container.key(list).items().for_each(&mut note);
            }
            container.key("env").items().for_each(|variable| note(variable.key("value")));
        });
    }
    words
}
