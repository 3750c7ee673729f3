//! The claims of devices (`resourceClaims`) of a Pod, and which of its containers use them.

use crate::check::format::{DNS_LABEL, DNS_SUBDOMAIN};
use crate::check::{At, Checker, Reason, api_rules, repeated};
use crate::value::nearest;

api_rules! {
    /// A container uses a claim of its Pod, each part of it once.
    RES_009 = "RES-009";
    /// A claim has a name of its own, a DNS label, and names either a ResourceClaim or a ResourceClaimTemplate.
    RES_014 = "RES-014";
}

/// The claims of a Pod. Servers before 1.34 drop them.
pub fn claims(spec: &At, checker: &mut Checker) {
    let list = spec.key("resourceClaims");
    if !checker.since(34) {
        return;
    }
    for claim in list.items() {
        let name = claim.key("name");
        if checker.require(&name, &RES_014, "the name of a claim") {
            checker.follow(&name, &RES_014, &DNS_LABEL);
        }
        let (one, template) = (claim.key("resourceClaimName"), claim.key("resourceClaimTemplateName"));
        if one.is_set() == template.is_set() {
            let title = if one.is_set() {
                "a claim names a ResourceClaim and a ResourceClaimTemplate"
            } else {
                "a claim names neither a ResourceClaim nor a ResourceClaimTemplate"
            };
            let help = "write one of `resourceClaimName` and `resourceClaimTemplateName`";
            checker.refuse(&claim, &RES_014, Reason::Invalid, title, help);
        }
        for name in [one, template].iter().filter(|name| name.is_set()) {
            checker.follow_text(name, name.text(), &RES_014, &DNS_SUBDOMAIN);
        }
    }
    for (claim, first) in repeated(list.items(), |claim| Some(claim.key("name").text()).filter(|name| !name.is_empty()))
    {
        checker.duplicate(&claim.key("name"), &RES_014, "claim name", &first.key("name"));
    }
}

/// The claims that a container uses.
pub fn used_claims(container: &At, spec: &At, checker: &mut Checker) {
    let resources = container.key("resources");
    let list = resources.key("claims");
    if list.is_empty() || !checker.since(34) {
        return;
    }
    let known = spec.key("resourceClaims");
    for (index, used) in list.items().enumerate() {
        let (name, request) = (used.key("name"), used.key("request"));
        if name.is_empty() {
            let title = "the name of a claim is missing";
            checker.refuse(&used, &RES_009, Reason::Required, title, "write `name`, one of those in `resourceClaims`");
            continue;
        }
        checker.follow(&request, &RES_009, &DNS_LABEL);
        // A whole claim overlaps with each of its parts.
        let overlaps = |other: &At| {
            let part = other.key("request").text();
            other.key("name").text() == name.text() && (request.is_empty() || part.is_empty() || part == request.text())
        };
        if let Some(first) = list.items().take(index).find(overlaps) {
            let title = format!("the claim {} is used here for the second time", name.value());
            let finding = checker.refuse(&used, &RES_009, Reason::Duplicate, title, "remove one of the two");
            finding.related.push((first.cause(), "the first one".to_owned()));
        }
        if !known.items().any(|claim| claim.key("name").text() == name.text()) {
            let title = format!("no claim of the Pod is named {}", name.value());
            let near = known.items().map(|claim| claim.key("name").text()).filter(|name| !name.is_empty());
            let help = match nearest(name.text(), near) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add `{}` to `resourceClaims` of the Pod", name.text()),
            };
            checker.refuse(&used, &RES_009, Reason::NotFound, title, help);
        }
    }
}
