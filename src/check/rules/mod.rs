//! What is not wise, and what does not fit together: one file for each rule, which is its page too.

mod context;
mod findings;
mod page;
mod pods;
mod absent;
mod routed_port;
mod scale;
mod selected;
mod traffic;
mod allowances;
pub mod config_key_missing;
pub mod config_ref_missing;
pub mod duplicate_object;
pub mod duplicate_route;
pub mod env_shadows_envfrom;
pub mod floating_image_tag;
pub mod hpa_min_replicas;
pub mod hpa_replicas_conflict;
pub mod hpa_target_missing;
pub mod hpa_without_requests;
pub mod httproute_backend_missing;
pub mod httproute_backend_port;
pub mod httproute_parent_missing;
pub mod imagepullsecret_missing;
pub mod ingress_backend_missing;
pub mod ingress_class_not_in_profile;
pub mod ingress_port_missing;
pub mod loadbalancer_pending;
pub mod missing_governing_service;
pub mod missing_pdb;
pub mod missing_readiness_probe;
pub mod namespace_undeclared;
pub mod netpol_cuts_dependency;
pub mod netpol_peer_dangling;
pub mod netpol_selects_nothing;
pub mod no_network_policy;
pub mod orphan_claim;
pub mod pdb_blocks_drain;
pub mod pdb_selects_nothing;
pub mod pdb_vs_hpa;
pub mod probe_port;
pub mod pvc_missing;
pub mod selector_overlap;
pub mod service_selector_matches_nothing;
pub mod service_selects_two_workloads;
pub mod service_targetport_unresolved;
pub mod serviceaccount_missing;
pub mod shared_volume;
pub mod storage_class_not_in_profile;
pub mod unused_config;
pub mod workload_without_service;

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
pub const RULES: &[&LintRule] = &[
    &config_key_missing::RULE,
    &config_ref_missing::RULE,
    &duplicate_object::RULE,
    &duplicate_route::RULE,
    &env_shadows_envfrom::RULE,
    &floating_image_tag::RULE,
    &hpa_min_replicas::RULE,
    &hpa_replicas_conflict::RULE,
    &hpa_target_missing::RULE,
    &hpa_without_requests::RULE,
    &httproute_backend_missing::RULE,
    &httproute_backend_port::RULE,
    &httproute_parent_missing::RULE,
    &imagepullsecret_missing::RULE,
    &ingress_backend_missing::RULE,
    &ingress_class_not_in_profile::RULE,
    &ingress_port_missing::RULE,
    &loadbalancer_pending::RULE,
    &missing_governing_service::RULE,
    &missing_pdb::RULE,
    &missing_readiness_probe::RULE,
    &namespace_undeclared::RULE,
    &netpol_cuts_dependency::RULE,
    &netpol_peer_dangling::RULE,
    &netpol_selects_nothing::RULE,
    &no_network_policy::RULE,
    &orphan_claim::RULE,
    &pdb_blocks_drain::RULE,
    &pdb_selects_nothing::RULE,
    &pdb_vs_hpa::RULE,
    &probe_port::RULE,
    &pvc_missing::RULE,
    &selector_overlap::RULE,
    &service_selector_matches_nothing::RULE,
    &service_selects_two_workloads::RULE,
    &service_targetport_unresolved::RULE,
    &serviceaccount_missing::RULE,
    &shared_volume::RULE,
    &storage_class_not_in_profile::RULE,
    &unused_config::RULE,
    &workload_without_service::RULE,
];

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
