//! An init container or sidecar with the component's image has what the component has.
//!
//! A container of its own image gets nothing of the component's: no variables, no connections, no mounts. One that repeats the
//! component's image is hardly meant so: a migration that does not know its database asks `localhost` for it.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [db.postgres]
//! engine = "postgres"
//!
//! [api.web]
//! image = "ghcr.io/example/web:1.4.0"
//! port = 8080
//! uses = ["postgres"]
//! init.migrate = { image = "ghcr.io/example/web:1.4.0", command = ["migrate"] }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [db.postgres]
//! engine = "postgres"
//!
//! [api.web]
//! image = "ghcr.io/example/web:1.4.0"
//! port = 8080
//! uses = ["postgres"]
//! init.migrate = { command = ["migrate"] }
//! ```
//!
//! Leave `image` out: the container is then the component's own with another command, and takes over its image, env, uses and mounts.
//! Nothing is said of a container that has a variable or a mount of the component's, or where the component has none.

use super::origin::key_of_container;
use super::{Context, Findings, Levels, LintRule};
use crate::bundle::At;
use crate::check::rules::pods::look_at_template;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "repeated-image",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("repeated_image.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| context.is_of_tables(object)) {
        look_at_template(object, &mut |template| {
            let spec = template.key("spec");
            let containers = spec.key("containers");
            let Some(main) = containers.items().next() else { return };
            let others = spec.key("initContainers");
            for container in others.items().chain(containers.items().skip(1)) {
                let image = container.key("image");
                let lost = lost(&main, &container);
                if !image.is_text(main.key("image").text()) || lost.is_empty() {
                    continue;
                }
                let name = container.key("name").text();
                let title = format!(
                    "container `{name}` has the image of the component, and none of its {}",
                    lost.join(" and ")
                );
                let key = key_of_container(context, object, name, "image");
                let help = format!(
                    "remove `{key}`: without it the container takes over the component's image, env, uses and mounts"
                );
                let finding = findings.add(index, &image, title, help);
                finding.related.push((main.key("image").cause(), "the same image".to_owned()));
            }
        });
    }
}

/// What the main container has and the other one has nothing of.
fn lost(main: &At, other: &At) -> Vec<&'static str> {
    let shares = |list: &str, key: &str| {
        let own = main.key(list);
        own.items().any(|own| other.key(list).items().any(|other| other.key(key).is_text(own.key(key).text())))
    };
    let has = |container: &At, list: &str| !container.key(list).is_empty();
    let variables = has(main, "env") || has(main, "envFrom");
    let has_variables = shares("env", "name") || has(other, "envFrom");
    let lost = [
        (variables && !has_variables, "variables"),
        (has(main, "volumeMounts") && !shares("volumeMounts", "mountPath"), "mounts"),
    ];
    if has_variables || shares("volumeMounts", "mountPath") {
        return Vec::new();
    }
    lost.into_iter().filter(|(is_lost, _)| *is_lost).map(|(_, what)| what).collect()
}
