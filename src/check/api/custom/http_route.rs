//! What the expressions in the definition of HTTPRoute ask for, written out. Source: gateway.networking.k8s.io/v1, release 1.6.

use super::http_filter;
use super::pattern::Pattern;
use crate::check::{At, Checker, Reason, api_rules};
use crate::value::quote;
use std::sync::OnceLock;

api_rules! {
    /// Two references of an HTTPRoute to one parent name sections of it, each its own.
    GW_001 = "GW-001";
    /// The rules of an HTTPRoute have at most 128 matches together.
    GW_003 = "GW-003";
    /// A path of type `Exact` or `PathPrefix` begins with `/` and holds only what a path may hold.
    GW_005 = "GW-005";
    /// The time for one backend is not longer than the time for the whole request.
    GW_010 = "GW-010";
    /// A redirect does not stand beside backends.
    GW_012 = "GW-012";
    /// Replacing the prefix of a path asks for exactly one match, of type `PathPrefix`.
    GW_013 = "GW-013";
}

/// The matches of all rules together.
const MATCHES: usize = 128;

/// An HTTPRoute.
pub fn http_route(object: &At, checker: &mut Checker) {
    let spec = object.key("spec");
    parents(&spec.key("parentRefs"), checker);
    let rules = spec.key("rules");
    for item in rules.items() {
        rule(&item, checker);
    }
    let count: usize = rules.items().map(|rule| matches(&rule).max(usize::from(!rule.key("matches").is_set()))).sum();
    if count > MATCHES {
        let title = format!("the rules have {count} matches together, {MATCHES} are allowed");
        checker.refuse(&rules, &GW_003, Reason::Invalid, title, "divide the route into two");
    }
}

fn matches(rule: &At) -> usize {
    rule.key("matches").len()
}

/// The text of a field, or what is filled in for it.
fn text_or<'f>(at: &At<'_, 'f>, default: &'f str) -> &'f str {
    if at.is_set() { at.text() } else { default }
}

fn parents(at: &At, checker: &mut Checker) {
    for (index, item) in at.items().enumerate() {
        let section = item.key("sectionName");
        let Some(first) = at.items().take(index).find(|other| {
            let other_section = other.key("sectionName");
            let comparable = section.is_empty() != other_section.is_empty() || section.text() == other_section.text();
            is_same_parent(&item, other) && comparable
        }) else {
            continue;
        };
        let place = at.with_cause_of(&item);
        let title = format!("the parent {} stands here for the second time", item.key("name").value());
        let help = "give each reference to it a `sectionName` of its own, or remove one";
        let finding = checker.refuse(&place, &GW_001, Reason::Invalid, title, help);
        finding.related.push((first.cause(), "the first one".to_owned()));
    }
}

fn is_same_parent(left: &At, right: &At) -> bool {
    let same = |key: &str, default: &'static str| {
        let (left, right) = (left.key(key), right.key(key));
        text_or(&left, default) == text_or(&right, default)
    };
    same("group", "gateway.networking.k8s.io") && same("kind", "Gateway") && same("name", "") && same("namespace", "")
}

fn rule(at: &At, checker: &mut Checker) {
    for item in at.key("matches").items() {
        path(&item.key("path"), checker);
    }
    let (filters, backends) = (at.key("filters"), at.key("backendRefs"));
    http_filter::filters(&filters, checker);
    for item in backends.items() {
        http_filter::backend(&item, checker);
        http_filter::filters(&item.key("filters"), checker);
    }
    let redirect = filters.items().find(|filter| filter.key("requestRedirect").is_set());
    if let Some(redirect) = redirect.filter(|_| !backends.is_empty()) {
        let place = at.with_cause_of(&redirect);
        let title = "a rule that redirects sends nothing to backends";
        let finding = checker.refuse(&place, &GW_012, Reason::Invalid, title, "remove `backendRefs`, or the redirect");
        finding.related.push((backends.cause(), "the backends".to_owned()));
    }
    prefixes(at, checker);
    timeouts(&at.key("timeouts"), checker);
}

/// Replaced prefixes, of the rule and of its backends: exactly one place that replaces is looked at.
fn prefixes(at: &At, checker: &mut Checker) {
    let matches = at.key("matches");
    let first = matches.items().next();
    let of_prefix = first.is_none_or(|first| {
        let path = first.key("path");
        let kind = path.key("type");
        text_or(&kind, "PathPrefix") == "PathPrefix"
    });
    let count = if matches.is_set() { matches.len() } else { 1 };
    if count == 1 && of_prefix {
        return;
    }
    for key in ["requestRedirect", "urlRewrite"] {
        let filters = at.key("filters");
        let own = http_filter::replaces_prefix(&filters, key);
        let backends = at.key("backendRefs");
        let below =
            backends.items().filter(|item| http_filter::replaces_prefix(&item.key("filters"), key)).count() == 1;
        if own || below {
            let title = "a prefix is replaced, but the rule has no single match of type `PathPrefix`";
            let place = at.with_cause_of(&matches);
            checker.refuse(&place, &GW_013, Reason::Invalid, title, "give the rule one match, of type `PathPrefix`");
        }
    }
}

fn path(at: &At, checker: &mut Checker) {
    static PATH: OnceLock<Option<Pattern>> = OnceLock::new();
    let (kind, value) = (at.key("type"), at.key("value"));
    let text = text_or(&value, "/");
    if !at.is_set() || !["Exact", "PathPrefix"].contains(&text_or(&kind, "PathPrefix")) {
        return;
    }
    let inside = ["//", "/./", "/../", "%2f", "%2F", "#"].into_iter().find(|part| text.contains(part));
    let behind = ["/..", "/."].into_iter().find(|part| text.ends_with(part));
    let pattern = PATH.get_or_init(|| Pattern::read(r"^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$"));
    let problem = if !text.starts_with('/') {
        "does not begin with `/`".to_owned()
    } else if let Some(part) = inside {
        format!("has `{part}` in it")
    } else if let Some(part) = behind {
        format!("ends in `{part}`")
    } else if pattern.as_ref().is_some_and(|pattern| !pattern.matches(text)) {
        "has characters that no path has".to_owned()
    } else {
        return;
    };
    let place = at.with_cause_of(&value);
    let title = format!("the path {} {problem}", quote(text));
    checker.refuse(&place, &GW_005, Reason::Invalid, title, "write the path as a browser would ask for it");
}

fn timeouts(at: &At, checker: &mut Checker) {
    let (request, backend) = (at.key("request"), at.key("backendRequest"));
    let (Some(whole), Some(one)) = (milliseconds(request.text()), milliseconds(backend.text())) else { return };
    if whole != 0 && one > whole {
        let title = format!(
            "the time for a backend, {}, is longer than that for the request, {}",
            backend.value(),
            request.value()
        );
        let place = at.with_cause_of(&backend);
        let help = "write a `backendRequest` that is not longer than `request`";
        let finding = checker.refuse(&place, &GW_010, Reason::Invalid, title, help);
        finding.related.push((request.cause(), "the time for the request".to_owned()));
    }
}

/// A duration of the Gateway API, such as `1h2m3s4ms`; what is none has been refused.
fn milliseconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut sum = 0_u64;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let units = [("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];
        let (unit, factor) = units.into_iter().find(|(unit, _)| rest.starts_with(unit))?;
        rest = rest.get(unit.len()..)?;
        sum = sum.checked_add(number.checked_mul(factor)?)?;
    }
    (!text.is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn durations_of_the_gateway_api() {
        assert_eq!(milliseconds("1h2m3s4ms"), Some(3_723_004));
        assert_eq!((milliseconds("0s"), milliseconds("10ms")), (Some(0), Some(10)));
        assert_eq!(
            (milliseconds(""), milliseconds("1"), milliseconds("s"), milliseconds("1d")),
            (None, None, None, None)
        );
    }
}
