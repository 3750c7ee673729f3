//! The filters and backends of an HTTPRoute, as the expressions in its definition hold them.

use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// A reference to a Service has a port.
    GW_008 = "GW-008";
    /// A filter has the block that is called like its type and no other; of most types one is allowed.
    GW_007 = "GW-007";
    /// A path that replaces another has the field that is called like its type and no other.
    GW_014 = "GW-014";
    /// A mirror takes a percentage or a fraction, not both, and no more than all requests.
    GW_015 = "GW-015";
    /// `*` stands alone among the origins, methods and headers that CORS allows.
    GW_016 = "GW-016";
}

/// The types of filters and their blocks.
const TYPES: [(&str, &str); 7] = [
    ("CORS", "cors"),
    ("RequestHeaderModifier", "requestHeaderModifier"),
    ("ResponseHeaderModifier", "responseHeaderModifier"),
    ("RequestMirror", "requestMirror"),
    ("RequestRedirect", "requestRedirect"),
    ("URLRewrite", "urlRewrite"),
    ("ExtensionRef", "extensionRef"),
];

/// The types of which a list may have several.
const REPEATABLE: [&str; 2] = ["RequestMirror", "ExtensionRef"];

/// Asks that a reference to a Service has a port.
pub fn backend(at: &At, checker: &mut Checker) {
    let kind = at.key("kind");
    let is_service = at.key("group").is_empty() && (!kind.is_set() || kind.is_text("Service"));
    if at.is_set() && is_service && !at.key("port").is_set() {
        let title = "a reference to a Service needs a port";
        checker.refuse(at, &GW_008, Reason::Invalid, title, "write `port` with the number of a port of the Service");
    }
}

/// A list of filters.
pub fn filters(at: &At, checker: &mut Checker) {
    for item in at.items() {
        filter(&item, checker);
    }
    let of = |kind: &str| at.items().filter(|item| item.key("type").text() == kind).count();
    if of("RequestRedirect") > 0 && of("URLRewrite") > 0 {
        let title = "a request cannot be both redirected and rewritten";
        let help = "remove the filter of type `RequestRedirect` or that of type `URLRewrite`";
        checker.refuse(at, &GW_007, Reason::Invalid, title, help);
    }
    for (kind, _) in TYPES.iter().filter(|(kind, _)| !REPEATABLE.contains(kind) && of(kind) > 1) {
        let title = format!("the filter {kind} may stand only once");
        checker.refuse(at, &GW_007, Reason::Invalid, title, "make one filter of them");
    }
}

/// Whether exactly one of the filters replaces the prefix of a path in this block.
pub fn replaces_prefix(filters: &At, block: &str) -> bool {
    let replaces = |filter: &At| {
        let block = filter.key(block);
        let path = block.key("path");
        path.key("type").text() == "ReplacePrefixMatch" && path.key("replacePrefixMatch").is_set()
    };
    filters.items().filter(|filter| replaces(filter)).count() == 1
}

fn filter(at: &At, checker: &mut Checker) {
    let kind = at.key("type");
    for (name, key) in TYPES {
        let block = at.key(key);
        if name == kind.text() && !block.is_set() {
            let title = format!("a filter of type {name} needs the block `{key}`");
            checker.refuse(at, &GW_007, Reason::Invalid, title, format!("write `{key}` beside `type`"));
        } else if name != kind.text() && block.is_set() {
            let place = at.with_cause_of(&block);
            let title = format!("`{key}` has no place in a filter of type {}", kind.text());
            checker.refuse(&place, &GW_007, Reason::Invalid, title, format!("remove `{key}`, or write `type: {name}`"));
        }
    }
    for key in ["requestRedirect", "urlRewrite"] {
        replaced_path(&at.key(key).key("path"), checker);
    }
    mirror(&at.key("requestMirror"), checker);
    let cors = at.key("cors");
    for key in ["allowOrigins", "allowMethods", "allowHeaders"] {
        let list = cors.key(key);
        if list.len() > 1 && list.items().any(|item| item.text() == "*") {
            let title = format!("`*` stands beside others in `{key}`");
            checker.refuse(&list, &GW_016, Reason::Invalid, title, "keep `*` alone, or remove it");
        }
    }
}

fn replaced_path(at: &At, checker: &mut Checker) {
    let kind = at.key("type");
    for (name, key) in [("ReplaceFullPath", "replaceFullPath"), ("ReplacePrefixMatch", "replacePrefixMatch")] {
        let value = at.key(key);
        if name == kind.text() && !value.is_set() {
            let title = format!("a path of type {name} needs `{key}`");
            checker.refuse(at, &GW_014, Reason::Invalid, title, format!("write `{key}` beside `type`"));
        } else if name != kind.text() && value.is_set() {
            let place = at.with_cause_of(&value);
            let title = format!("`{key}` has no place in a path of type {}", kind.text());
            checker.refuse(&place, &GW_014, Reason::Invalid, title, format!("remove `{key}`, or write `type: {name}`"));
        }
    }
}

fn mirror(at: &At, checker: &mut Checker) {
    backend(&at.key("backendRef"), checker);
    let (percent, fraction) = (at.key("percent"), at.key("fraction"));
    if percent.is_set() && fraction.is_set() {
        let title = "`percent` and `fraction` exclude each other";
        checker.refuse(at, &GW_015, Reason::Invalid, title, "keep one of the two");
    }
    let (part, whole) = (fraction.key("numerator"), fraction.key("denominator"));
    let denominator = whole.integer().unwrap_or(100);
    if part.integer().is_some_and(|part| part > denominator) {
        let place = fraction.with_cause_of(&part);
        let title = format!("{} of {denominator} is more than all requests", part.value());
        checker.refuse(&place, &GW_015, Reason::Invalid, title, "write a `numerator` up to the `denominator`");
    }
}
