//! Webhooks that the API server asks: those of admission, and their clients.

use super::labels::selector;
use super::metadata::generic_metadata;
use crate::check::format::{DNS_LABEL_1035, DNS_SUBDOMAIN, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, Rule, api_rules, repeated};

api_rules! {
    /// A webhook is named by a domain of at least three parts, each its own.
    WH_001 = "WH-001";
    /// A rule of a webhook names operations, API groups, versions and resources; `*` stands alone.
    WH_002 = "WH-002";
    /// The words of a webhook are those that the server knows.
    WH_003 = "WH-003";
    /// A webhook says that it has no side effects, or none in a dry run.
    WH_004 = "WH-004";
    /// A webhook answers within 1 to 30 seconds.
    WH_005 = "WH-005";
    /// A webhook is reached by a URL or a Service, one of the two.
    WH_006 = "WH-006";
    /// The URL of a webhook is `https://HOST/PATH` and nothing more.
    WH_007 = "WH-007";
    /// The Service of a webhook has a name, a namespace, a port, and a path of plain segments.
    WH_008 = "WH-008";
    /// A webhook understands a version of reviews that the server sends.
    WH_009 = "WH-009";
    /// The conditions of a webhook have names, each its own, and expressions.
    WH_010 = "WH-010";
}

/// A ValidatingWebhookConfiguration.
pub fn validating_webhook_configuration(object: &At, checker: &mut Checker) {
    configuration(object, checker);
}

/// A MutatingWebhookConfiguration.
pub fn mutating_webhook_configuration(object: &At, checker: &mut Checker) {
    configuration(object, checker);
    for hook in object.key("webhooks").items() {
        word(&hook.key("reinvocationPolicy"), &["IfNeeded", "Never"], checker);
    }
}

/// How a webhook is reached.
pub fn client(at: &At, checker: &mut Checker) {
    let (url, service) = (at.key("url"), at.key("service"));
    if url.is_set() == service.is_set() {
        let title =
            if url.is_set() { "the webhook has both `url` and `service`" } else { "nobody answers the webhook" };
        checker.refuse(at, &WH_006, Reason::Required, title, "write one of `url` and `service`");
    } else if url.is_set() {
        self::url(&url, checker);
    } else {
        self::service(&service, checker);
    }
}

/// The versions of reviews that a webhook understands.
pub fn review_versions(at: &At, checker: &mut Checker) {
    if !checker.require(at, &WH_009, "a list of versions such as `v1`") {
        return;
    }
    for item in at.items() {
        checker.follow_text(&item, item.text(), &WH_009, &DNS_LABEL_1035);
    }
    for (item, first) in repeated(at.items(), |item| Some(item.text())) {
        let title = format!("the version {} stands here for the second time", item.value());
        let finding = checker.refuse(&item, &WH_009, Reason::Invalid, title, "remove it");
        finding.related.push((first.cause(), "the first one".to_owned()));
    }
    if !at.items().any(|item| ["v1", "v1beta1"].contains(&item.text())) {
        let title = "the webhook understands no review that the server sends";
        checker.refuse(at, &WH_009, Reason::Invalid, title, "add `v1`");
    }
}

fn configuration(object: &At, checker: &mut Checker) {
    generic_metadata(object, &DNS_SUBDOMAIN, checker);
    let hooks = object.key("webhooks");
    for hook in hooks.items() {
        webhook(&hook, checker);
    }
    let names = |hook: &At| Some(hook.key("name").text().to_owned()).filter(|name| !name.is_empty());
    for (hook, first) in repeated(hooks.items(), names) {
        checker.duplicate(&hook.key("name"), &WH_001, "webhook name", &first.key("name"));
    }
}

fn webhook(at: &At, checker: &mut Checker) {
    let name = at.key("name");
    if checker.require(&name, &WH_001, "a name such as `check.example.com`")
        && checker.follow(&name, &WH_001, &DNS_SUBDOMAIN)
        && name.text().split('.').count() < 3
    {
        let title = format!("the name {} has fewer than three parts", name.value());
        checker.refuse(&name, &WH_001, Reason::Invalid, title, "write it as in `check.example.com`");
    }
    for item in at.key("rules").items() {
        rule(&item, checker);
    }
    word(&at.key("failurePolicy"), &["Fail", "Ignore"], checker);
    word(&at.key("matchPolicy"), &["Equivalent", "Exact"], checker);
    let effects = at.key("sideEffects");
    if effects.is_set() {
        checker.choose_text(&effects, effects.text(), &WH_004, &["None", "NoneOnDryRun"]);
    } else {
        let help = "write `sideEffects: None`, or `NoneOnDryRun`";
        checker.refuse(&effects, &WH_004, Reason::Required, "the webhook does not say what else it does", help);
    }
    checker.bound(&at.key("timeoutSeconds"), &WH_005, 1..=30);
    selector(&at.key("namespaceSelector"), checker);
    selector(&at.key("objectSelector"), checker);
    client(&at.key("clientConfig"), checker);
    review_versions(&at.key("admissionReviewVersions"), checker);
    conditions(&at.key("matchConditions"), checker);
}

fn word(at: &At, words: &[&str], checker: &mut Checker) {
    if at.is_set() {
        checker.choose_text(at, at.text(), &WH_003, words);
    }
}

fn rule(at: &At, checker: &mut Checker) {
    let operations = at.key("operations");
    alone(&operations, "a list of operations", checker);
    for item in operations.items() {
        checker.choose_text(&item, item.text(), &WH_003, &["*", "CONNECT", "CREATE", "DELETE", "UPDATE"]);
    }
    alone(&at.key("apiGroups"), "a list of API groups", checker);
    let versions = at.key("apiVersions");
    alone(&versions, "a list of versions", checker);
    for item in versions.items() {
        checker.require(&item, &WH_002, "a version");
    }
    resources(&at.key("resources"), checker);
    word(&at.key("scope"), &["*", "Cluster", "Namespaced"], checker);
}

/// A list that is not empty, and of which `*` is the only entry where it is one.
fn alone(at: &At, what: &str, checker: &mut Checker) {
    if checker.require(at, &WH_002, what) && at.len() > 1 && at.items().any(|item| item.text() == "*") {
        checker.refuse(at, &WH_002, Reason::Invalid, "`*` stands beside others", "keep `*` alone, or remove it");
    }
}

fn resources(at: &At, checker: &mut Checker) {
    checker.require(at, &WH_002, "a list of resources");
    let (mut all_below, mut all_above) = (Vec::new(), Vec::new());
    let mut plain = false;
    for item in at.items() {
        if !checker.require(&item, &WH_002, "a resource") {
            continue;
        }
        let Some((resource, sub)) = item.text().split_once('/') else {
            plain = item.text() != "*";
            continue;
        };
        if all_below.contains(&resource) || all_above.contains(&sub) {
            let title = format!("an entry above is about {} already", item.value());
            checker.refuse(&item, &WH_002, Reason::Invalid, title, "remove it");
        }
        if sub == "*" {
            all_below.push(resource);
        }
        if resource == "*" {
            all_above.push(sub);
        }
    }
    let has = |text: &str| at.items().any(|item| item.text() == text);
    if at.len() > 1 && has("*/*") || has("*") && plain {
        let title = "the wildcard is about the others already";
        checker.refuse(at, &WH_002, Reason::Invalid, title, "keep the wildcard alone, or remove it");
    }
}

/// Of a URL the server asks for scheme and host, and that there is nothing but a path.
fn url(at: &At, checker: &mut Checker) {
    let text = at.text();
    let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
    let (before, query) = before.split_once('?').unwrap_or((before, ""));
    let (scheme, rest) = before.split_once("://").unwrap_or(("", before));
    let authority = rest.split('/').next().unwrap_or_default();
    let problem = if !scheme.eq_ignore_ascii_case("https") {
        "does not begin with `https://`"
    } else if authority.is_empty() {
        "has no host"
    } else if authority.contains('@') {
        "has a user"
    } else if !fragment.is_empty() {
        "has a fragment"
    } else if !query.is_empty() {
        "has a query"
    } else {
        return;
    };
    let title = format!("the URL {} {problem}", at.value());
    checker.refuse(at, &WH_007, Reason::Invalid, title, "write it as `https://HOST/PATH`");
}

fn service(at: &At, checker: &mut Checker) {
    // The server calls each by the name of the other.
    for (key, spelled) in [("name", "namespace"), ("namespace", "name")] {
        let part = at.key_spelled(key, spelled);
        if part.is_empty() {
            let title = format!("the Service of the webhook has no {key}");
            checker.refuse(&part, &WH_008, Reason::Required, title, format!("write `{key}` below `service`"));
        }
    }
    checker.bound(&at.key("port"), &WH_008, 1..=65535);
    let path = at.key("path");
    let text = path.text();
    if ["", "/"].contains(&text) {
        return;
    }
    let inner = text.strip_prefix('/').unwrap_or(text);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    if !text.starts_with('/') {
        let title = format!("the path {} does not begin with `/`", path.value());
        checker.refuse(&path, &WH_008, Reason::Invalid, title, format!("write `/{text}`"));
    } else if inner.split('/').any(|segment| !DNS_SUBDOMAIN.accepts(segment)) {
        let title = format!("the path {} has a part that is no DNS subdomain", path.value());
        checker.refuse(&path, &WH_008, Reason::Invalid, title, "use only a-z, 0-9, `-` and `.` between the slashes");
    }
}

fn conditions(at: &At, checker: &mut Checker) {
    const MOST: usize = 64;
    if at.len() > MOST {
        let title = format!("{} conditions are too many: {MOST} are allowed", at.len());
        checker.refuse(at, &WH_010, Reason::TooMany, title, "join some of them by `&&`");
        return;
    }
    for item in at.items() {
        let (name, expression) = (item.key("name"), item.key("expression"));
        if checker.require(&name, &WH_010, "a name") {
            checker.follow(&name, &WH_010, &QUALIFIED_NAME);
        }
        require_text(&expression, &WH_010, checker);
    }
    let names = |item: &At| Some(item.key("name").text().to_owned()).filter(|name| !name.is_empty());
    for (item, first) in repeated(at.items(), names) {
        checker.duplicate(&item.key("name"), &WH_010, "condition name", &first.key("name"));
    }
}

fn require_text(at: &At, rule: &Rule, checker: &mut Checker) {
    if at.text().trim().is_empty() {
        checker.refuse(at, rule, Reason::Required, "the expression is missing", format!("write one at `{at}`"));
    }
}
