//! What is not wise, and what does not fit together: one file for each rule, which is its page too.

mod context;
mod findings;
mod page;
mod pods;
mod typed;
mod allowances;
pub mod dropped_field;
pub mod duplicate_key_in_list;
pub mod duplicate_object;
pub mod floating_image_tag;

pub use allowances::{Allowed, check_names, judge};
pub use context::{Completeness, Context};
pub use findings::Findings;
pub use page::{Example, Expectation, Page};

use super::finding::Finding;
use crate::diagnostic::{Class, Severity};

/// A rule over whole stacks and streams. What an API server refuses is no such rule.
pub struct LintRule {
    /// Its name in kebab case: the code of its messages, and what `allow` names.
    pub name: &'static str,
    /// [`Class::Reference`] where it says that objects do not fit each other, else [`Class::Rule`].
    pub class: Class,
    /// How bad its findings are.
    pub levels: Levels,
    /// The text of its file, whose `//!` lines are its page.
    pub source: &'static str,
    /// Finds what breaks it.
    pub check: fn(&Context, &mut Findings),
}

/// How bad the findings of a rule are, by where the stack runs; `None` is silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    /// On a cluster of the developer's machine.
    pub local: Option<Severity>,
    /// On a cluster of several nodes, and in YAML of which nothing is known.
    pub cloud: Option<Severity>,
}

impl Levels {
    /// The same everywhere.
    pub const fn everywhere(severity: Severity) -> Self {
        Self { local: Some(severity), cloud: Some(severity) }
    }

    /// Silent on local clusters.
    pub const fn on_cloud(severity: Severity) -> Self {
        Self { local: None, cloud: Some(severity) }
    }

    /// Of one badness on local clusters, of another elsewhere.
    pub const fn of(local: Severity, cloud: Severity) -> Self {
        Self { local: Some(local), cloud: Some(cloud) }
    }
}

/// All rules, by name.
pub const RULES: &[&LintRule] =
    &[&dropped_field::RULE, &duplicate_key_in_list::RULE, &duplicate_object::RULE, &floating_image_tag::RULE];

/// The rule with this name.
pub fn find(name: &str) -> Option<&'static LintRule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// Everything that breaks a rule, in the order of the objects; allowances are not looked at.
pub fn check(context: &Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        let Some(severity) = context.severity(rule) else { continue };
        let mut found = Findings::new(rule, severity, context);
        (rule.check)(context, &mut found);
        findings.append(&mut found.into_vec());
    }
    findings.sort_by_key(|finding| finding.object);
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_every_rule_has_a_page() {
        assert!(RULES.is_sorted_by(|a, b| a.name < b.name), "by name");
        for rule in RULES {
            let page = Page::of(rule);
            assert!(page.summary.ends_with('.'), "{}: the first paragraph is a sentence", rule.name);
            let expects = |wanted| page.examples.iter().any(|example| example.expectation == wanted);
            assert!(
                expects(Expectation::Fail) && expects(Expectation::Pass),
                "{}: a failing and a passing example",
                rule.name
            );
            assert!(matches!(rule.class, Class::Reference | Class::Rule), "{}", rule.name);
        }
    }
}
