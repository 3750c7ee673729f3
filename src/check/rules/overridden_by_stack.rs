//! What the file of a profile says of a component, the stack does not say otherwise.
//!
//! A stack is laid over its profiles, so what it says holds on each of them: a `replicas` or a `host` in `profiles/NAME.toml` counts only
//! where the stack leaves it out. What shall differ on one profile is an overlay in the stack, `[profile.NAME]`, which is laid over the
//! rest of the stack.
//!
//! ```toml fail production
//! [stack]
//! name = "shop"
//! namespace = "shop"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//!
//! # profiles/production.toml
//! extends = "k3d"
//!
//! [stack]
//! namespace = "shop-production"
//! ```
//!
//! ```toml pass production
//! [stack]
//! name = "shop"
//! namespace = "shop"
//!
//! [profile.production.stack]
//! namespace = "shop-production"
//!
//! [api.web]
//! image = "nginx:1.27.3"
//! port = 80
//!
//! # profiles/production.toml
//! extends = "k3d"
//! ```
//!
//! Move the line to the overlay, or remove the stack's own where every profile says it. Nothing is said of `[defaults]`, `[cluster]`,
//! `[template]` and `[vars]`, which a stack may say again for itself, nor of what an overlay or `--set` says.

use super::origin::table;
use super::{Context, Findings, Levels, LintRule};
use crate::diagnostic::{Class, Severity};
use std::collections::BTreeMap;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "overridden-by-stack",
    class: Class::Rule,
    levels: Levels::everywhere(Severity::Warning),
    source: include_str!("overridden_by_stack.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    if context.overridden.is_empty() {
        return;
    }
    let mut first = BTreeMap::new();
    for (index, object) in context.objects() {
        if let Some(table) = table(context, object) {
            first.entry(table).or_insert(index);
        }
    }
    for overridden in context.overridden {
        let whose = overridden.table.to_string();
        // what makes no object is told beside the first of all, and so is what holds for all
        let own = first.get(&whose).copied();
        let Some(object) = own.or_else(|| context.objects().next().map(|(index, _)| index)) else { return };
        let (key, profile) = (&overridden.key, &overridden.profile);
        let title = format!("the stack overrides `{whose}.{key}` of the profile `{profile}`");
        let place = match key.segments() {
            [_] => String::new(),
            _ => format!("as `{key}` "),
        };
        let help = format!(
            "move it {place}to `[profile.{profile}.{whose}]` in the stack file, which is laid over the rest, or remove what the stack says"
        );
        let finding = findings.add_written(object, overridden.lower, (title, help));
        finding.label = Some("this is not used".to_owned());
        finding.related.push((overridden.upper.into(), "the stack says it here".to_owned()));
    }
}
