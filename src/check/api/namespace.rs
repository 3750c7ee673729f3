//! Namespace.

use super::metadata::{finalizer_names, metadata};
use crate::check::format::{DNS_LABEL, Format};
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// The level of Pod Security in a label is `privileged`, `baseline` or `restricted`.
    NSP_001 = "NSP-001";
    /// The version of Pod Security in a label is `latest` or that of a release, as in `v1.34`.
    NSP_002 = "NSP-002";
    /// The finalizers of the specification are qualified names with a prefix, or those of Kubernetes.
    NSP_003 = "NSP-003";
}

/// What stands before the name of a label of Pod Security.
const POD_SECURITY: &str = "pod-security.kubernetes.io/";

/// The levels of Pod Security: <https://kubernetes.io/docs/concepts/security/pod-security-standards/>.
const LEVELS: [&str; 3] = ["privileged", "baseline", "restricted"];

/// The version of the rules of Pod Security.
const VERSION: Format = Format { what: "a version of Pod Security", example: "v1.34", check: version };

/// A Namespace.
pub fn namespace(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_LABEL, checker);
    let spec = object.key("spec");
    let finalizers = spec.key("finalizers");
    finalizer_names(finalizers.items_unspelled(), &finalizers, &NSP_003, checker);
    for (key, value) in object.key("metadata").key("labels").entries() {
        let Some(mode) = key.strip_prefix(POD_SECURITY) else { continue };
        match mode {
            "enforce" | "audit" | "warn" => level(&value, checker),
            "enforce-version" | "audit-version" | "warn-version" => {
                checker.follow_text(&value, value.text(), &NSP_002, &VERSION);
            }
            _ => {}
        }
    }
}

fn level(at: &At, checker: &mut Checker) {
    if !LEVELS.contains(&at.text()) {
        let title = format!("{} is no level of Pod Security", crate::value::quote(at.text()));
        checker.refuse(at, &NSP_001, Reason::Invalid, title, "write `privileged`, `baseline` or `restricted`");
    }
}

fn version(text: &str) -> Result<(), &'static str> {
    let minor = text.strip_prefix("v1.").unwrap_or_default();
    let plain = minor == "0" || !minor.starts_with('0');
    if text == "latest" || plain && !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err("is neither `latest` nor `v1.` and a number")
    }
}
