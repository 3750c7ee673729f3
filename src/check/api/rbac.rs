//! Roles and the bindings of roles.

use super::labels::selector;
use super::metadata::metadata;
use crate::check::format::{DNS_SUBDOMAIN, PATH_SEGMENT};
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// A rule of a role has verbs.
    RBAC_001 = "RBAC-001";
    /// A rule about resources names API groups.
    RBAC_002 = "RBAC-002";
    /// A rule about resources names resources.
    RBAC_003 = "RBAC-003";
    /// A rule about URLs stands in a ClusterRole, and is about nothing else.
    RBAC_004 = "RBAC-004";
    /// The API group of a role is `rbac.authorization.k8s.io`.
    RBAC_005 = "RBAC-005";
    /// A RoleBinding binds a Role or a ClusterRole, a ClusterRoleBinding a ClusterRole.
    RBAC_006 = "RBAC-006";
    /// A binding names its role.
    RBAC_007 = "RBAC-007";
    /// Who gets a role is a `ServiceAccount`, `User` or `Group`.
    RBAC_008 = "RBAC-008";
    /// Who gets a role has a name; a ServiceAccount one of its form.
    RBAC_009 = "RBAC-009";
    /// A ServiceAccount has no API group, a `User` or `Group` that of RBAC.
    RBAC_010 = "RBAC-010";
    /// A ServiceAccount that gets a role in the whole cluster has a namespace.
    RBAC_011 = "RBAC-011";
    /// A ClusterRole that gathers others says by which labels.
    RBAC_012 = "RBAC-012";
}

const GROUP: &str = "rbac.authorization.k8s.io";

/// A Role.
pub fn role(object: &At, checker: &mut Checker) {
    metadata(object, &PATH_SEGMENT, checker);
    for item in object.key("rules").items() {
        let urls = item.key("nonResourceURLs");
        if !urls.is_empty() {
            let title = "a Role cannot allow URLs: they belong to no namespace";
            checker.refuse(&urls, &RBAC_004, Reason::Invalid, title, "move the rule to a ClusterRole");
        }
        policy_rule(&item, checker);
    }
}

/// A ClusterRole.
pub fn cluster_role(object: &At, checker: &mut Checker) {
    metadata(object, &PATH_SEGMENT, checker);
    for item in object.key("rules").items() {
        policy_rule(&item, checker);
    }
    let aggregation = object.key("aggregationRule");
    let selectors = aggregation.key("clusterRoleSelectors");
    if aggregation.is_set() {
        checker.require(&selectors, &RBAC_012, "a list of selectors");
    }
    for item in selectors.items() {
        selector(&item, checker);
    }
}

/// A RoleBinding.
pub fn role_binding(object: &At, checker: &mut Checker) {
    metadata(object, &PATH_SEGMENT, checker);
    role_reference(&object.key("roleRef"), &["ClusterRole", "Role"], checker);
    for item in object.key("subjects").items() {
        subject(&item, checker);
    }
}

/// A ClusterRoleBinding.
pub fn cluster_role_binding(object: &At, checker: &mut Checker) {
    metadata(object, &PATH_SEGMENT, checker);
    role_reference(&object.key("roleRef"), &["ClusterRole"], checker);
    for item in object.key("subjects").items() {
        subject(&item, checker);
        if item.key("kind").text() == "ServiceAccount" {
            checker.require(&item.key("namespace"), &RBAC_011, "the namespace of the ServiceAccount");
        }
    }
}

fn policy_rule(at: &At, checker: &mut Checker) {
    let (urls, groups, resources) = (at.key("nonResourceURLs"), at.key("apiGroups"), at.key("resources"));
    checker.require(&at.key("verbs"), &RBAC_001, "a list of verbs");
    if urls.is_empty() {
        if groups.is_empty() {
            let help = "write `apiGroups: [\"\"]` for Pods, Services and the like, or the group of the resources";
            checker.refuse(&groups, &RBAC_002, Reason::Required, "the rule names no API group", help);
        }
        checker.require(&resources, &RBAC_003, "a list of resources");
    } else if !(groups.is_empty() && resources.is_empty() && at.key("resourceNames").is_empty()) {
        let title = "a rule cannot be about URLs and resources";
        checker.refuse(&urls, &RBAC_004, Reason::Invalid, title, "make two rules of it");
    }
}

fn role_reference(at: &At, kinds: &[&str], checker: &mut Checker) {
    let (kind, name) = (at.key("kind"), at.key("name"));
    checker.choose(&at.key("apiGroup"), &RBAC_005, &[GROUP]);
    checker.choose_text(&kind, kind.text(), &RBAC_006, kinds);
    if checker.require(&name, &RBAC_007, "the name of a role") {
        checker.follow(&name, &RBAC_007, &PATH_SEGMENT);
    }
}

fn subject(at: &At, checker: &mut Checker) {
    let (kind, name, group) = (at.key("kind"), at.key("name"), at.key("apiGroup"));
    checker.require(&name, &RBAC_009, "a name");
    match kind.text() {
        "ServiceAccount" => {
            checker.follow(&name, &RBAC_009, &DNS_SUBDOMAIN);
            if !group.is_empty() {
                let title = format!("a ServiceAccount has no `apiGroup`, and here it is {}", group.value());
                checker.refuse(&group, &RBAC_010, Reason::NotSupported, title, "remove `apiGroup`");
            }
        }
        "User" | "Group" => drop(checker.choose(&group, &RBAC_010, &[GROUP])),
        other => drop(checker.choose_text(&kind, other, &RBAC_008, &["Group", "ServiceAccount", "User"])),
    }
}
