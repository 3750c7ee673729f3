//! On a cloud a stack has a namespace of its own.
//!
//! In a shared cluster what has no namespace goes wherever the context of whoever types the command points, mostly into `default`: stacks
//! mix, rights and quotas cannot be given to one of them, and cleaning up is by hand.
//!
//! ```toml fail cloud
//! [stack]
//! name = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! ```
//!
//! ```toml pass cloud
//! [stack]
//! name = "shop"
//! namespace = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//! ```
//!
//! Where a tool gives the namespace, as Argo CD does: `[lint.allow] default-namespace = "Argo CD gives it"`. In YAML of others only
//! `namespace: default` is told: without one it is for whoever applies it to say.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::Scope;
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "default-namespace",
    class: Class::Rule,
    levels: Levels::on_cloud(Severity::Info),
    source: include_str!("default_namespace.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    let mut namespaced = context.objects().filter(|(_, object)| object.kind.row().scope == Scope::Namespaced);
    match context.stack {
        Some(stack) if stack.table.namespace.is_none() => {
            let Some((index, object)) = namespaced.find(|(_, object)| object.namespace().is_none()) else { return };
            let root = At::root(&object.root);
            let title = "the stack has no namespace: its objects go wherever the current context of kubectl points";
            let help = "write `namespace = \"NAME\"` below `[stack]`";
            let origin = stack.table.name.as_ref().map_or(stack.origin, |name| name.origin);
            findings.add(index, &root.key("metadata").key("namespace"), title, help).cause = origin.into();
        }
        Some(_) => {}
        None => {
            let Some((index, object)) = namespaced.find(|(_, object)| object.namespace() == Some("default")) else {
                return;
            };
            let root = At::root(&object.root);
            let metadata = root.key("metadata");
            let title = "the namespace `default` belongs to nobody: stacks mix in it";
            findings.add(index, &metadata.key("namespace"), title, "name a namespace for this application alone");
        }
    }
}
