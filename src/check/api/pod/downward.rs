//! What a container may ask of its own Pod: `fieldRef` and `resourceFieldRef`, in its environment and in volumes.

use crate::check::format::{ANNOTATION_KEY, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, Rule, api_rules};
use crate::value::{Quantity, quote, unmistakable};

api_rules! {
    /// The key of a label or annotation in a `fieldRef` is a qualified name.
    ENV_008 = "ENV-008";
    /// A `fieldRef` is of version `v1`.
    ENV_009 = "ENV-009";
    /// A `resourceFieldRef` names a limit or a request of `cpu`, `memory`, `ephemeral-storage` or huge pages.
    ENV_010 = "ENV-010";
    /// The divisor of a `resourceFieldRef` is `1` or `1m` for `cpu`, `1` or one of a suffix (`1k`, `1Mi`) for all others.
    ENV_011 = "ENV-011";
}

/// The fields of a Pod that the server knows at all, and an old name of `spec.nodeName`, `spec.host`; where they may be used is narrower.
const KNOWN: [&str; 14] = [
    "metadata.annotations",
    "metadata.labels",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.phase",
    "status.podIP",
    "status.podIPs",
];

/// The amounts of a container.
const RESOURCES: [&str; 6] = [
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
];

/// A `fieldRef`: one of these fields, or one label or annotation. `rule` is the one about which fields these are.
pub fn field_ref(at: &At, fields: &[&str], rule: &Rule, checker: &mut Checker) {
    let (path, version) = (at.key("fieldPath"), at.key("apiVersion"));
    if !checker.require(&path, rule, "the path of a field") {
        return;
    }
    if !version.is_empty() && version.text() != "v1" {
        let title = format!("a `fieldRef` of version {} is not known", version.value());
        let place = path.with_cause_of(&version);
        checker.refuse(&place, &ENV_009, Reason::Invalid, title, "write `v1`, or remove `apiVersion`");
        return;
    }
    // The server names the reference where the key of a label is wrong.
    let place = at.with_cause_of(&path);
    let asked = if path.text() == "spec.host" { "spec.nodeName" } else { path.text() };
    match subscript(asked) {
        Some(("metadata.labels", key)) => drop(checker.follow_text(&place, key, &ENV_008, &QUALIFIED_NAME)),
        Some(("metadata.annotations", key)) => drop(checker.follow_text(&place, key, &ENV_008, &ANNOTATION_KEY)),
        None if fields.contains(&asked) => {}
        found => {
            let known = found.is_none() && KNOWN.contains(&asked);
            let reason = if known { Reason::NotSupported } else { Reason::Invalid };
            let title = format!("{} is not a field that can be read here", path.value());
            checker.refuse(&path, rule, reason, title, help(path.text(), fields));
        }
    }
}

/// A path with a key at its end: `metadata.labels['app']` is `metadata.labels` and `app`.
fn subscript(path: &str) -> Option<(&str, &str)> {
    path.strip_suffix("']")?.split_once("['").filter(|(path, _)| !path.is_empty())
}

fn help(path: &str, fields: &[&str]) -> String {
    let map = path.split_once('[').map_or(path, |(map, _)| map);
    if !path.contains("['") && matches!(map, "metadata.labels" | "metadata.annotations") {
        return format!("name one entry, as in `{map}['app.kubernetes.io/name']`");
    }
    let all = fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ");
    if path == "spec.hostname" {
        return "write `metadata.name`, which is the name of its host too".to_owned();
    }
    match unmistakable(path, fields.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? It may be {all}"),
        None => format!("write one of {all}, `metadata.labels['KEY']` or `metadata.annotations['KEY']`"),
    }
}

/// A `resourceFieldRef` without a look at its container.
pub fn resource_ref(at: &At, checker: &mut Checker) {
    let resource = at.key("resource");
    if checker.require(&resource, &ENV_010, "an amount such as `limits.memory`") && !is_huge_pages(resource.text()) {
        checker.choose(&resource, &ENV_010, &RESOURCES);
    }
}

/// The divisor of a `resourceFieldRef`; 0 is none. Of a resource that is not known the server does not look at it.
pub fn divisor(at: &At, checker: &mut Checker) {
    let (resource, divisor) = (at.key("resource").text(), at.key("divisor"));
    let (allowed, words): (&[&str], _) = match resource {
        "limits.cpu" | "requests.cpu" => (&["1", "1m"], "write `1` for cores or `1m` for thousandths of a core"),
        _ if RESOURCES.contains(&resource) || is_huge_pages(resource) => (
            &["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"],
            "write `1` for bytes, or `1Ki`, `1Mi`, `1Gi` and so on",
        ),
        _ => return,
    };
    let Some(amount) = divisor.quantity() else { return };
    if amount != quantity("0") && !is_written_as(&amount, allowed) {
        let title = format!("{} is no divisor of {}", quote(amount.as_str()), quote(resource));
        checker.refuse(&divisor, &ENV_011, Reason::Invalid, title, words);
    }
}

fn is_huge_pages(resource: &str) -> bool {
    resource.starts_with("limits.hugepages-") || resource.starts_with("requests.hugepages-")
}

/// Whether the server writes an amount as one of these texts: a number that seems canonical to it stays as it was typed, with a
/// sign and zeros before it; others it writes anew, in powers of 1000, of 1024 or with an exponent as before, but those below
/// 1024 never in powers of 1024.
fn is_written_as(amount: &Quantity, texts: &[&str]) -> bool {
    let text = amount.as_str();
    if texts.contains(&text) || stays(text) {
        return texts.contains(&text);
    }
    let binary = text.ends_with('i') && (*amount >= quantity("1024") || *amount <= quantity("-1024"));
    let forms = texts.iter().filter(|form| match exponent(text) {
        Some(_) => **form == "1",
        None => form.ends_with('i') == binary,
    });
    forms.map(|form| quantity(form)).any(|form| form == *amount)
}

/// Whether a number seems canonical to the server: with powers of 1024 one that is whole and no multiple of 8, else one whose last
/// digit stands for a power of 1000, and that does not end in three zeros.
fn stays(text: &str) -> bool {
    let number = text.trim_start_matches(['+', '-']).trim_start_matches('0');
    let end = number.find(|digit: char| !digit.is_ascii_digit() && digit != '.').unwrap_or(number.len());
    let (whole, fraction) = number[..end].split_once('.').unwrap_or((&number[..end], ""));
    if text.ends_with('i') {
        let last: u32 = whole[whole.len().saturating_sub(3)..].parse().unwrap_or_default();
        return fraction.is_empty() && !last.is_multiple_of(8);
    }
    let digits = if fraction.is_empty() { whole } else { fraction };
    let zeros =
        digits.ends_with("000") || fraction == "00" && whole.ends_with('0') || fraction == "0" && whole.ends_with("00");
    let places = i64::try_from(fraction.len()).unwrap_or_default();
    !whole.is_empty() && !zeros && (exponent(text).unwrap_or_default() - places) % 3 == 0
}

/// The number behind `e` or `E`, where it is not the suffix `E`.
fn exponent(text: &str) -> Option<i64> {
    let (_, digits) = text.split_once(['e', 'E'])?;
    digits.parse().ok()
}

fn quantity(text: &str) -> Quantity {
    Quantity::signed(text).expect("a constant is an amount")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divisors_are_compared_as_the_server_writes_them() {
        let sizes = ["1", "1k", "1M", "1Ki", "1Mi"];
        let verdict = |text: &str| is_written_as(&quantity(text), &sizes);
        for accepted in
            ["1", "1000", "1k", "1000k", "1Ki", "1024Ki", "0.9765625Ki", "10e-1", "1000e-3", "1000m", "1.0", "0.001k"]
        {
            assert!(verdict(accepted), "{accepted}");
        }
        for refused in
            ["2", "1024", "1e3", "1e0", "1000Ki", "0.9765625Mi", "-1", "10m", "-1Ki", "+1", "01", "1.", "01Ki", "1E0"]
        {
            assert!(!verdict(refused), "{refused}");
        }
    }

    #[test]
    fn a_key_stands_between_brackets_and_quotes() {
        assert_eq!(subscript("metadata.labels['a']"), Some(("metadata.labels", "a")));
        assert_eq!(subscript("metadata.labels['a']['b']"), Some(("metadata.labels", "a']['b")));
        assert_eq!((subscript("metadata.labels"), subscript("['a']"), subscript("a[b]")), (None, None, None));
    }
}
