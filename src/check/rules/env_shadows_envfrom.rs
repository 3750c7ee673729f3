//! A variable is set in one place.
//!
//! Of two entries of `envFrom` with one key the later wins, and of `env` and `envFrom` always `env`. Whoever changes the other value sees
//! no effect, and finds no reason.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: settings}
//! data: {LOG: debug}
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   containers:
//!   - name: web
//!     image: nginx:1.27.3
//!     envFrom: [{configMapRef: {name: settings}}]
//!     env: [{name: LOG, value: info}]
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: ConfigMap
//! metadata: {name: settings}
//! data: {LOG: debug}
//! ---
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   containers:
//!   - name: web
//!     image: nginx:1.27.3
//!     envFrom: [{configMapRef: {name: settings}}]
//!     env: [{name: COLOR, value: blue}]
//! ```
//!
//! Remove one of the two. A value that overrides a shared default is meant: `allow = { env-shadows-envfrom = "REASON" }`.

use super::pods::look_at_containers;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, CauseId, Field};
use crate::diagnostic::{Class, Severity};
use crate::graph::Edge;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "env-shadows-envfrom",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("env_shadows_envfrom.rs"),
    check,
};

/// A variable that a whole ConfigMap or Secret gives: where it is, and whose key it is.
struct Given {
    cause: CauseId,
    whose: String,
}

type Variables = IndexMap<String, Given, FxBuildHasher>;

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_containers(object, &mut |container, _| {
            let sources = container.key("envFrom");
            if sources.is_empty() {
                return;
            }
            let mut variables = Variables::default();
            for source in sources.items() {
                add_source(context, index, &source, &mut variables, findings);
            }
            for entry in container.key("env").items() {
                let name = entry.key("name");
                let Some(given) = variables.get(name.text()) else { continue };
                let title = format!("`{}` is set here, and by {} too, which has no effect", name.text(), given.whose);
                let help = "remove one of the two";
                let finding = findings.add(index, &name, title, help);
                finding.related.push((given.cause, "it has no effect here".to_owned()));
            }
        });
    }
}

fn add_source(context: &Context, index: usize, source: &At, variables: &mut Variables, findings: &mut Findings) {
    let prefix = source.key("prefix").text();
    for kind in ["configMapRef", "secretRef"] {
        let reference = source.key(kind);
        let at = reference.key("name");
        if !at.is_set() {
            continue;
        }
        let place = at.to_string();
        let edge = context.graph.edges_from(index).iter().find(|edge| edge.place.field == place);
        let Some(object) = edge.and_then(found).map(|found| &context.bundle.objects[found]) else { continue };
        let whose = format!("{} `{}`", object.kind_name(), object.name());
        let maps = ["data", "stringData"].into_iter().filter_map(|map| object.root.get(map));
        for (key, value) in maps.flat_map(Field::entries) {
            let given = Given { cause: value.cause, whose: whose.clone() };
            let name = format!("{prefix}{key}");
            let earlier = variables.insert(name.clone(), given).filter(|earlier| earlier.whose != whose);
            if let Some(earlier) = earlier {
                let title =
                    format!("`{name}` of {} has no effect: {whose} sets it too, and stands later", earlier.whose);
                let finding =
                    findings.add(index, &at, title, "remove the key from one of the two, or give one a `prefix`");
                finding.related.push((earlier.cause, "it has no effect here".to_owned()));
            }
        }
    }
}

fn found(edge: &Edge) -> Option<usize> {
    edge.found.first().copied()
}
