//! What is not wise, and what does not fit together: one file for each rule, which is its page too.

mod context;
mod findings;
mod page;
mod pods;
mod typed;
mod absent;
mod scale;
mod selected;
mod replicas;
mod traffic;
mod origin;
mod routed_port;
mod hardening;
mod credentials;
mod variables;
mod servers;
mod databases;
mod gathering;
mod allowances;
pub mod app_uses_db_superuser;
pub mod automount_token;
pub mod backup_hides_failure;
pub mod bare_pod;
pub mod config_key_missing;
pub mod config_ref_missing;
pub mod config_volume_reload;
pub mod db_env_convention;
pub mod db_password_missing;
pub mod db_replicas_without_replication;
pub mod db_tls_disabled;
pub mod db_without_backup;
pub mod default_namespace;
pub mod deprecated_api;
pub mod direct_replicaset;
pub mod dropped_field;
pub mod dsn_incomplete;
pub mod duplicate_key_in_list;
pub mod duplicate_nodeport;
pub mod duplicate_object;
pub mod duplicate_route;
pub mod env_duplicate;
pub mod env_ref_undefined;
pub mod env_shadows_envfrom;
pub mod fixed_nodeport;
pub mod floating_image_tag;
pub mod host_namespace;
pub mod host_path;
pub mod host_port;
pub mod host_port_in_text;
pub mod hpa_min_replicas;
pub mod hpa_replicas_conflict;
pub mod hpa_target_missing;
pub mod hpa_without_requests;
pub mod http_port_name;
pub mod httproute_backend_missing;
pub mod httproute_backend_port;
pub mod httproute_parent_missing;
pub mod image_pull_secret_missing;
pub mod ingress_backend_missing;
pub mod ingress_class_not_in_profile;
pub mod ingress_port_missing;
pub mod ingress_without_tls;
pub mod loadbalancer_pending;
pub mod missing_governing_service;
pub mod missing_job_ttl;
pub mod missing_memory_limit;
pub mod missing_pdb;
pub mod missing_readiness_probe;
pub mod missing_resources;
pub mod missing_seccomp;
pub mod missing_security_context;
pub mod missing_spread;
pub mod missing_starting_deadline;
pub mod mount_hides_directory;
pub mod namespace_undeclared;
pub mod netpol_cuts_dependency;
pub mod netpol_peer_dangling;
pub mod netpol_selects_nothing;
pub mod nginx_snippet;
pub mod no_network_policy;
pub mod obsolete_kind;
pub mod orphan_claim;
pub mod overridden_by_stack;
pub mod pdb_blocks_drain;
pub mod pdb_selects_nothing;
pub mod pdb_unhealthy_eviction;
pub mod pdb_vs_hpa;
pub mod plaintext_credential;
pub mod port_mismatch;
pub mod privilege_escalation;
pub mod privileged_container;
pub mod probe_port;
pub mod probe_same_endpoint;
pub mod pvc_missing;
pub mod reclaim_delete_on_db;
pub mod recreate_downtime;
pub mod removed_provisioner;
pub mod repeated_image;
pub mod rollout_capacity_dip;
pub mod rollout_no_surge;
pub mod rollout_rounding;
pub mod rollout_surge_capacity;
pub mod run_as_root;
pub mod secret_in_config;
pub mod secret_in_manifest;
pub mod selector_overlap;
pub mod self_hosted_database;
pub mod service_selector_matches_nothing;
pub mod service_selects_two_workloads;
pub mod service_targetport_unresolved;
pub mod serviceaccount_missing;
pub mod shared_volume;
pub mod shell_variable;
pub mod single_replica;
pub mod storage_class_not_in_profile;
pub mod template_name_ignored;
pub mod too_large_to_apply;
pub mod undropped_capabilities;
pub mod unknown_pull_secret;
pub mod unmasked_proc;
pub mod unsafe_sysctl;
pub mod unused_config;
pub mod weak_default_password;
pub mod workload_without_service;
pub mod writable_root_filesystem;

pub use allowances::{Allowed, check_names, judge};
pub use context::{Completeness, Context};
pub use findings::Findings;
pub use page::{Example, Expectation, Page};

use super::MANY;
use super::finding::Finding;
use crate::diagnostic::{Class, Severity};
use crate::parallel;

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
    /// The most that a finding is in YAML of others.
    most_foreign: Severity,
}

impl Levels {
    /// The same everywhere.
    pub const fn everywhere(severity: Severity) -> Self {
        Self::of(severity, severity)
    }

    /// Silent on local clusters.
    pub const fn on_cloud(severity: Severity) -> Self {
        Self { local: None, cloud: Some(severity), most_foreign: Severity::Error }
    }

    /// Of one badness on local clusters, of another elsewhere.
    pub const fn of(local: Severity, cloud: Severity) -> Self {
        Self { local: Some(local), cloud: Some(cloud), most_foreign: Severity::Error }
    }

    /// The same, but no worse than this in YAML of others.
    pub const fn at_most_in_yaml(self, severity: Severity) -> Self {
        Self { most_foreign: severity, ..self }
    }

    /// How bad the findings are in YAML of others.
    pub fn foreign(&self) -> Option<Severity> {
        self.cloud.map(|severity| severity.min(self.most_foreign))
    }
}

/// All rules, by name.
pub const RULES: &[&LintRule] = &[
    &app_uses_db_superuser::RULE,
    &automount_token::RULE,
    &backup_hides_failure::RULE,
    &bare_pod::RULE,
    &config_key_missing::RULE,
    &config_ref_missing::RULE,
    &config_volume_reload::RULE,
    &db_env_convention::RULE,
    &db_password_missing::RULE,
    &db_replicas_without_replication::RULE,
    &db_tls_disabled::RULE,
    &db_without_backup::RULE,
    &default_namespace::RULE,
    &deprecated_api::RULE,
    &direct_replicaset::RULE,
    &dropped_field::RULE,
    &dsn_incomplete::RULE,
    &duplicate_key_in_list::RULE,
    &duplicate_nodeport::RULE,
    &duplicate_object::RULE,
    &duplicate_route::RULE,
    &env_duplicate::RULE,
    &env_ref_undefined::RULE,
    &env_shadows_envfrom::RULE,
    &fixed_nodeport::RULE,
    &floating_image_tag::RULE,
    &host_namespace::RULE,
    &host_path::RULE,
    &host_port::RULE,
    &host_port_in_text::RULE,
    &hpa_min_replicas::RULE,
    &hpa_replicas_conflict::RULE,
    &hpa_target_missing::RULE,
    &hpa_without_requests::RULE,
    &http_port_name::RULE,
    &httproute_backend_missing::RULE,
    &httproute_backend_port::RULE,
    &httproute_parent_missing::RULE,
    &image_pull_secret_missing::RULE,
    &ingress_backend_missing::RULE,
    &ingress_class_not_in_profile::RULE,
    &ingress_port_missing::RULE,
    &ingress_without_tls::RULE,
    &loadbalancer_pending::RULE,
    &missing_governing_service::RULE,
    &missing_job_ttl::RULE,
    &missing_memory_limit::RULE,
    &missing_pdb::RULE,
    &missing_readiness_probe::RULE,
    &missing_resources::RULE,
    &missing_seccomp::RULE,
    &missing_security_context::RULE,
    &missing_spread::RULE,
    &missing_starting_deadline::RULE,
    &mount_hides_directory::RULE,
    &namespace_undeclared::RULE,
    &netpol_cuts_dependency::RULE,
    &netpol_peer_dangling::RULE,
    &netpol_selects_nothing::RULE,
    &nginx_snippet::RULE,
    &no_network_policy::RULE,
    &obsolete_kind::RULE,
    &orphan_claim::RULE,
    &overridden_by_stack::RULE,
    &pdb_blocks_drain::RULE,
    &pdb_selects_nothing::RULE,
    &pdb_unhealthy_eviction::RULE,
    &pdb_vs_hpa::RULE,
    &plaintext_credential::RULE,
    &port_mismatch::RULE,
    &privilege_escalation::RULE,
    &privileged_container::RULE,
    &probe_port::RULE,
    &probe_same_endpoint::RULE,
    &pvc_missing::RULE,
    &reclaim_delete_on_db::RULE,
    &recreate_downtime::RULE,
    &removed_provisioner::RULE,
    &repeated_image::RULE,
    &rollout_capacity_dip::RULE,
    &rollout_no_surge::RULE,
    &rollout_rounding::RULE,
    &rollout_surge_capacity::RULE,
    &run_as_root::RULE,
    &secret_in_config::RULE,
    &secret_in_manifest::RULE,
    &selector_overlap::RULE,
    &self_hosted_database::RULE,
    &service_selector_matches_nothing::RULE,
    &service_selects_two_workloads::RULE,
    &service_targetport_unresolved::RULE,
    &serviceaccount_missing::RULE,
    &shared_volume::RULE,
    &shell_variable::RULE,
    &single_replica::RULE,
    &storage_class_not_in_profile::RULE,
    &template_name_ignored::RULE,
    &too_large_to_apply::RULE,
    &undropped_capabilities::RULE,
    &unknown_pull_secret::RULE,
    &unmasked_proc::RULE,
    &unsafe_sysctl::RULE,
    &unused_config::RULE,
    &weak_default_password::RULE,
    &workload_without_service::RULE,
    &writable_root_filesystem::RULE,
];

/// The rule with this name.
pub fn find(name: &str) -> Option<&'static LintRule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

/// Everything that breaks a rule, in the order of the objects; allowances are not looked at.
pub fn check(context: &Context) -> Vec<Finding> {
    let ask = |rule: &'static LintRule| {
        let Some(severity) = context.severity(rule) else { return Vec::new() };
        let mut found = Findings::new(rule, severity, context);
        (rule.check)(context, &mut found);
        found.into_vec()
    };
    let mut findings = match context.bundle.objects.len() {
        ..MANY => RULES.iter().flat_map(|rule| ask(rule)).collect(),
        _ => parallel::map(RULES.len(), |rule| ask(RULES[rule])).concat(),
    };
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
