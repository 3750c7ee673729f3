//! ResourceQuota.

use super::metadata::metadata;
use super::resource_name::{QUOTA_RESOURCE, is_counted, is_standard_in_quotas, nearest_in_quotas};
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker, Part, Reason, api_rules};
use crate::value::quote;

api_rules! {
    /// A quota limits resources that it knows, or that have a domain.
    RQ_001 = "RQ-001";
    /// Amounts are not negative.
    RQ_002 = "RQ-002";
    /// What is counted is a whole number.
    RQ_003 = "RQ-003";
    /// A scope is one that Kubernetes knows.
    RQ_004 = "RQ-004";
    /// A scope has to do with every resource of the quota.
    RQ_005 = "RQ-005";
    /// A scope and its opposite do not stand together.
    RQ_006 = "RQ-006";
    /// The operator of a scope is `In`, `NotIn`, `Exists` or `DoesNotExist`; of scopes without values it is `Exists`.
    RQ_007 = "RQ-007";
    /// `In` and `NotIn` have values, `Exists` and `DoesNotExist` have none.
    RQ_008 = "RQ-008";
}

/// Scopes that exclude each other.
const OPPOSITES: [(&str, &str); 2] = [("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")];

/// A ResourceQuota.
pub fn resource_quota(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    let hard = spec.key("hard");
    for (resource, amount) in hard.entries() {
        if !QUOTA_RESOURCE.accepts(resource) {
            let title = format!("{} is nothing that a quota limits", quote(resource));
            let help = match nearest_in_quotas(resource) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write a resource such as `requests.memory`, or `count/RESOURCE.GROUP` for objects".to_owned(),
            };
            checker.refuse(&amount, &RQ_001, Reason::Invalid, title, help).part = Part::Key;
        }
        let thousandths = amount.thousandths().unwrap_or_default();
        if thousandths < 0 {
            let title = format!("the amount {} of `{resource}` is negative", amount.value());
            checker.refuse(&amount, &RQ_002, Reason::Invalid, title, "write 0 or more");
        }
        if is_counted(resource) && thousandths % 1000 != 0 {
            let title = format!("the amount {} of `{resource}` is no whole number", amount.value());
            checker.refuse(
                &amount,
                &RQ_003,
                Reason::Invalid,
                title,
                "write a whole number: it counts objects or devices",
            );
        }
    }
    let scopes = spec.key("scopes");
    for scope in scopes.items_unspelled() {
        known(&scope, scope.text(), checker);
        fitting(&scope, scope.text(), &hard, checker);
    }
    opposites(&scopes, |item| item.text(), checker);
    let selector = spec.key("scopeSelector");
    let expressions = selector.key("matchExpressions");
    for expression in expressions.items_unspelled() {
        requirement(&expression, &hard, checker);
    }
    opposites(&expressions, |item| item.key("scopeName").text(), checker);
}

fn known(at: &At, scope: &str, checker: &mut Checker) {
    let mut scopes = vec![
        "Terminating",
        "NotTerminating",
        "BestEffort",
        "NotBestEffort",
        "PriorityClass",
        "CrossNamespacePodAffinity",
    ];
    if checker.since(34) {
        scopes.push("VolumeAttributesClass");
    }
    if !scopes.contains(&scope) {
        let title = format!("{} is no scope of a quota", quote(scope));
        checker.refuse(at, &RQ_004, Reason::Invalid, title, format!("write one of `{}`", scopes.join("`, `")));
    }
}

/// Asks that a scope has to do with all resources of the quota.
fn fitting(at: &At, scope: &str, hard: &At, checker: &mut Checker) {
    let version = checker.since(34);
    for (resource, amount) in hard.entries() {
        let fits = match scope {
            "BestEffort" => resource == "pods",
            "Terminating" | "NotTerminating" | "NotBestEffort" | "PriorityClass" | "CrossNamespacePodAffinity" => {
                ["pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"]
                    .contains(&resource)
            }
            "VolumeAttributesClass" if version => ["persistentvolumeclaims", "requests.storage"].contains(&resource),
            _ => true,
        };
        if !fits && is_standard_in_quotas(resource) {
            let title = format!("the scope `{scope}` has nothing to do with `{resource}`");
            let help = format!("limit `{resource}` in a quota of its own, without this scope");
            let finding = checker.refuse(at, &RQ_005, Reason::Invalid, title, help);
            finding.related.push((amount.cause(), "the resource".to_owned()));
        }
    }
}

fn opposites<'f>(at: &At<'_, 'f>, name: impl Fn(&At<'_, 'f>) -> &'f str, checker: &mut Checker) {
    for (one, other) in OPPOSITES {
        let has = |scope: &str| at.items().any(|item| name(&item) == scope);
        if has(one) && has(other) {
            let title = format!("`{one}` and `{other}` exclude each other");
            checker.refuse(at, &RQ_006, Reason::Invalid, title, "keep one of the two");
        }
    }
}

fn requirement(at: &At, hard: &At, checker: &mut Checker) {
    let (name, operator, values) = (at.key("scopeName"), at.key("operator"), at.key("values"));
    known(&name, name.text(), checker);
    fitting(at, name.text(), hard, checker);
    let without_values = ["Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "CrossNamespacePodAffinity"];
    if without_values.contains(&name.text()) && !operator.is_text("Exists") {
        let title = format!("the operator of the scope `{}` is not `Exists`", name.text());
        checker.refuse(&operator, &RQ_007, Reason::Invalid, title, "write `Exists`: the scope has no values");
        return;
    }
    match operator.text() {
        "In" | "NotIn" => {
            checker.require(&values, &RQ_008, "a list of values");
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let title = format!("`{}` asks only whether the scope is there", operator.text());
            checker.refuse(&values, &RQ_008, Reason::Invalid, title, "remove `values`, or write `In`");
        }
        "Exists" | "DoesNotExist" => {}
        other => {
            let title = format!("{} is no operator of a scope", quote(other));
            let help = "write `In`, `NotIn`, `Exists` or `DoesNotExist`";
            checker.refuse(&operator, &RQ_007, Reason::Invalid, title, help);
        }
    }
}
