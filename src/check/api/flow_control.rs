//! How the API server shares itself out among its clients.

use super::metadata::metadata;
use crate::check::format::{DNS_LABEL, DNS_SUBDOMAIN};
use crate::check::{At, Checker, Reason, Rule, api_rules};

api_rules! {
    /// A priority level is `Limited`; `Exempt` is the one of that name.
    FLOW_001 = "FLOW-001";
    /// A priority level has the block that is called like its type and no other.
    FLOW_002 = "FLOW-002";
    /// Shares and percentages of a priority level are not negative; what is lent is at most `100`.
    FLOW_003 = "FLOW-003";
    /// Requests above the limit are queued or rejected; queues have a number and a length.
    FLOW_004 = "FLOW-004";
    /// A FlowSchema has a precedence between 2 and 10000; 1 is that of `exempt`.
    FLOW_005 = "FLOW-005";
    /// A FlowSchema names a priority level, and tells flows apart by `ByUser` or `ByNamespace`.
    FLOW_006 = "FLOW-006";
    /// A rule of a FlowSchema has subjects, each with the block that is called like its kind.
    FLOW_007 = "FLOW-007";
    /// A rule of a FlowSchema is about resources or URLs; `*` stands alone.
    FLOW_008 = "FLOW-008";
}

/// A PriorityLevelConfiguration.
pub fn priority_level_configuration(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let (at, spec) = (object.key("metadata"), object.key("spec"));
    let (kind, limited, exempt) = (spec.key("type"), spec.key("limited"), spec.key("exempt"));
    if (at.key("name").text() == "exempt") != (kind.text() == "Exempt") {
        let title = "only the priority level named `exempt` is exempt";
        checker.refuse(&kind, &FLOW_001, Reason::Invalid, title, "write `type: Limited`");
    }
    match kind.text() {
        "Exempt" => {
            checker.forbid(&limited, &FLOW_002, "for a priority level that is exempt");
            shares(&exempt, checker);
        }
        "Limited" => {
            checker.forbid(&exempt, &FLOW_002, "for a priority level that is limited");
            if limited.is_set() {
                self::limited(&limited, checker);
            } else {
                checker.require(&limited, &FLOW_002, "the limit");
            }
        }
        _ => choose_type(&kind, &FLOW_001, &["Exempt", "Limited"], checker),
    }
}

/// A FlowSchema.
pub fn flow_schema(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let (at, spec) = (object.key("metadata"), object.key("spec"));
    let precedence = spec.key("matchingPrecedence");
    // The server fills 1000 in where it is missing or 0.
    checker.bound(&precedence, &FLOW_005, 0..=10000);
    if precedence.integer() == Some(1) && at.key("name").text() != "exempt" {
        let title = "only the schema named `exempt` has the precedence 1";
        checker.refuse(&precedence, &FLOW_005, Reason::Invalid, title, "write a number from 2 on");
    }
    let method = spec.key("distinguisherMethod");
    let kind = method.key("type");
    if method.is_set() {
        checker.choose_text(&kind, kind.text(), &FLOW_006, &["ByNamespace", "ByUser"]);
    }
    let level = spec.key("priorityLevelConfiguration");
    let name = level.key("name");
    if checker.require(&name, &FLOW_006, "the name of a priority level") {
        checker.follow(&name, &FLOW_006, &DNS_SUBDOMAIN);
    }
    for item in spec.key("rules").items() {
        rule(&item, checker);
    }
}

/// A word that must be there; before 1.37 the server calls the empty one unknown.
fn choose_type(at: &At, rule: &Rule, words: &[&str], checker: &mut Checker) {
    if checker.since(37) && !checker.require(at, rule, "a type") {
        return;
    }
    checker.choose_text(at, at.text(), rule, words);
}

fn shares(at: &At, checker: &mut Checker) {
    checker.bound(&at.key("nominalConcurrencyShares"), &FLOW_003, 0..=i64::MAX);
    checker.bound(&at.key("lendablePercent"), &FLOW_003, 0..=100);
}

fn limited(at: &At, checker: &mut Checker) {
    shares(at, checker);
    checker.bound(&at.key("borrowingLimitPercent"), &FLOW_003, 0..=i64::MAX);
    let response = at.key("limitResponse");
    let (kind, queuing) = (response.key("type"), response.key("queuing"));
    match kind.text() {
        "Reject" => drop(checker.forbid(&queuing, &FLOW_004, "where requests are rejected")),
        "Queue" if !queuing.is_set() => drop(checker.require(&queuing, &FLOW_004, "how requests are queued")),
        "Queue" => self::queuing(&queuing, checker),
        _ => choose_type(&kind, &FLOW_004, &["Queue", "Reject"], checker),
    }
}

fn queuing(at: &At, checker: &mut Checker) {
    // Zero is filled in like what is missing.
    let number = |key: &str, default: i64| at.key(key).integer().filter(|number| *number != 0).unwrap_or(default);
    let (queues, hand) = (number("queues", 64), number("handSize", 8));
    checker.bound(&at.key("queueLengthLimit"), &FLOW_004, 0..=i64::MAX);
    checker.bound(&at.key("queues"), &FLOW_004, 0..=10_000_000);
    let size = at.key("handSize");
    // The shuffling has 60 bits, of which each card takes as many as tell the queues apart.
    let bits = (queues.max(1) as f64).log2() * hand as f64;
    if hand < 0 || hand > queues || bits.ceil() > 60.0 {
        let title = format!("a hand of {hand} does not fit {queues} queues");
        checker.refuse(&size, &FLOW_004, Reason::Invalid, title, "write a smaller `handSize`");
    }
}

fn rule(at: &At, checker: &mut Checker) {
    let (resources, urls) = (at.key("resourceRules"), at.key("nonResourceRules"));
    let subjects = at.key("subjects");
    checker.require(&subjects, &FLOW_007, "a list of subjects");
    for item in subjects.items() {
        subject(&item, checker);
    }
    if resources.is_empty() && urls.is_empty() {
        let title = "the rule is about nothing";
        checker.refuse(at, &FLOW_008, Reason::Required, title, "write `resourceRules` or `nonResourceRules`");
    }
    for item in resources.items() {
        verbs(&item, checker);
        alone(&item.key("apiGroups"), "a list of API groups", checker);
        alone(&item.key("resources"), "a list of resources", checker);
        let namespaces = item.key("namespaces");
        if namespaces.is_empty() && item.key("clusterScope").is_true() {
            continue;
        }
        if alone(&namespaces, "a list of namespaces", checker) {
            for name in namespaces.items() {
                checker.follow_text(&name, name.text(), &FLOW_008, &DNS_LABEL);
            }
        }
    }
    for item in urls.items() {
        verbs(&item, checker);
        let urls = item.key("nonResourceURLs");
        if alone(&urls, "a list of URLs", checker) {
            for url in urls.items() {
                self::url(&url, checker);
            }
        }
    }
}

fn subject(at: &At, checker: &mut Checker) {
    const KINDS: [(&str, &str); 3] = [("ServiceAccount", "serviceAccount"), ("User", "user"), ("Group", "group")];
    let kind = at.key("kind");
    if !checker.choose_text(&kind, kind.text(), &FLOW_007, &KINDS.map(|(name, _)| name)) {
        return;
    }
    for (name, key) in KINDS {
        let block = at.key(key);
        if name != kind.text() {
            checker.forbid(&block, &FLOW_007, "for a subject of another kind");
        } else if !block.is_set() {
            checker.require(&block, &FLOW_007, "the subject");
        } else {
            let account = block.key("name");
            checker.require(&account, &FLOW_007, "a name");
            if key == "serviceAccount" {
                let namespace = block.key("namespace");
                if account.text() != "*" {
                    checker.follow(&account, &FLOW_007, &DNS_SUBDOMAIN);
                }
                checker.require(&namespace, &FLOW_007, "a namespace");
                checker.follow(&namespace, &FLOW_007, &DNS_LABEL);
            }
        }
    }
}

fn verbs(at: &At, checker: &mut Checker) {
    const VERBS: [&str; 9] =
        ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];
    let verbs = at.key("verbs");
    if alone(&verbs, "a list of verbs", checker)
        && let Some(verb) = verbs.items().find(|verb| !VERBS.contains(&verb.text()))
    {
        checker.choose_text(&verbs.with_cause_of(&verb), verb.text(), &FLOW_008, &VERBS);
    }
}

/// A list that is not empty, and of which `*` is the only entry where it is one. Says whether it lists names.
fn alone(at: &At, what: &str, checker: &mut Checker) -> bool {
    if !checker.require(at, &FLOW_008, what) {
        return false;
    }
    let wild = at.items().any(|item| item.text() == "*");
    if wild && at.len() > 1 {
        checker.refuse(at, &FLOW_008, Reason::Invalid, "`*` stands beside others", "keep `*` alone, or remove it");
    }
    !wild
}

fn url(at: &At, checker: &mut Checker) {
    let text = at.text();
    let stars = text.matches('*').count();
    let plain = text.starts_with('/') && !text.contains(' ') && !text.contains("//");
    if text != "/" && (!plain || stars > 1 || stars == 1 && !text.ends_with("/*")) {
        let title = format!("{} is no URL of the API server", at.value());
        let help = "write a path such as `/healthz`, or `/metrics/*` for all below it";
        checker.refuse(at, &FLOW_008, Reason::Invalid, title, help);
    }
}
