//! An Ingress holds no pieces of nginx configuration.
//!
//! A snippet is put into the configuration of the controller as it stands. Whoever may write an Ingress reads by it every Secret that the
//! controller can read (CVE-2021-25742), so controllers refuse snippets by default, and no other controller understands them.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//!
//! [ingress.web]
//! routes = { "/" = "web" }
//! annotations = { "nginx.ingress.kubernetes.io/configuration-snippet" = "more_set_headers 'X-A: b';" }
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//!
//! [ingress.web]
//! routes = { "/" = "web" }
//! ```
//!
//! Use the annotation that the controller has for the purpose, or let the application do it.

use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "nginx-snippet",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("nginx_snippet.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "Ingress") {
        let root = At::root(&object.root);
        let metadata = root.key("metadata");
        let annotations = metadata.key("annotations");
        for (name, annotation) in annotations.entries() {
            let is_snippet = name
                .split_once('/')
                .is_some_and(|(prefix, name)| prefix.starts_with("nginx.") && name.ends_with("-snippet"));
            if is_snippet {
                let title = format!(
                    "`{name}` puts text into the configuration of the controller, and most controllers refuse snippets"
                );
                let help = "remove it, and do the same in the application, or by an annotation of the controller that is no snippet";
                findings.add(index, &annotation, title, help);
            }
        }
    }
}
