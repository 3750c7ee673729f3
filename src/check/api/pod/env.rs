//! The environment of a container.

use super::Pod;
use super::downward::{divisor, field_ref, resource_ref};
use super::volumes::Source;
use crate::check::format::{CONFIG_KEY, DNS_LABEL, DNS_SUBDOMAIN, ENV_NAME, FORWARD_PATH, Format, STRICT_ENV_NAME};
use crate::check::{At, Checker, Reason, Rule, api_rules};
use std::borrow::Cow;

api_rules! {
    /// A variable has a name: printable ASCII without `=`; before 1.32 letters, digits, `-`, `_` and `.`.
    ENV_001 = "ENV-001";
    /// A variable has a `value` or a `valueFrom`, not both.
    ENV_002 = "ENV-002";
    /// `valueFrom` names a source.
    ENV_003 = "ENV-003";
    /// `valueFrom` names one source only.
    ENV_004 = "ENV-004";
    /// The ConfigMap or Secret of a variable has the name of an object.
    ENV_005 = "ENV-005";
    /// The key of a variable in a ConfigMap or Secret is the key of one.
    ENV_006 = "ENV-006";
    /// A variable may ask for some fields of its Pod: its name, namespace, uid, node, service account, addresses, one label or one annotation.
    ENV_007 = "ENV-007";
    /// A variable from a file names the key, the path and an `emptyDir` volume of the Pod.
    ENV_013 = "ENV-013";
    /// An entry of `envFrom` names one ConfigMap or one Secret.
    ENV_014 = "ENV-014";
    /// The ConfigMap or Secret of an entry of `envFrom` has the name of an object.
    ENV_015 = "ENV-015";
    /// The prefix of an entry of `envFrom` begins the name of a variable.
    ENV_016 = "ENV-016";
}

/// The fields of a Pod that a variable may hold; `status.hostIPs` since 1.29.
const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.podIP",
    "status.podIPs",
    "status.hostIPs",
];

/// The environment of a container: `env` and `envFrom`.
pub fn environment(container: &At, pod: &Pod, checker: &mut Checker) {
    let name_format = if checker.since(32) { &ENV_NAME } else { &STRICT_ENV_NAME };
    for variable in container.key("env").items() {
        let name = variable.key("name");
        if checker.require(&name, &ENV_001, "the name of a variable") {
            checker.follow(&name, &ENV_001, name_format);
        }
        let from = variable.key("valueFrom");
        if from.is_set() {
            value_from(&from, &variable.key("value"), checker);
            references(&from, pod, checker);
        }
    }
    let list = container.key("envFrom");
    for entry in list.items() {
        // The server names the list, not the entry.
        env_from(&entry, &list.with_cause_of(&entry), name_format, checker);
    }
}

/// How many sources a variable has, and whether it has a value besides.
fn value_from(from: &At, value: &At, checker: &mut Checker) {
    let files = checker.since(35);
    let keys = ["configMapKeyRef", "secretKeyRef", "fieldRef", "resourceFieldRef", "fileKeyRef"];
    let known = if files { &keys[..] } else { &keys[..4] };
    let mut sources = known.iter().filter(|key| from.key(key).is_set());
    let Some(first) = sources.next() else {
        // An older server drops the source and then misses one.
        let title = if from.key("fileKeyRef").is_set() {
            format!("`fileKeyRef` is known from Kubernetes 1.35 on, this is 1.{}", checker.kubernetes.minor)
        } else {
            "`valueFrom` names no source".to_owned()
        };
        let all = known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
        checker.refuse(from, &ENV_003, Reason::Invalid, title, format!("write one of {all} below it"));
        return;
    };
    if !value.is_empty() {
        let title = format!("the variable has the value {} and a `valueFrom`", value.value());
        let finding = checker.refuse(from, &ENV_002, Reason::Invalid, title, "keep one of the two");
        finding.related.push((value.cause(), "the value".to_owned()));
    } else if let Some(second) = sources.next() {
        let title = format!("`{first}` and `{second}` exclude each other");
        let finding = checker.refuse(from, &ENV_004, Reason::Invalid, title, "keep one of the two");
        finding.related.push((from.key(second).cause(), "the second one".to_owned()));
    }
}

/// What a variable is taken from.
fn references(from: &At, pod: &Pod, checker: &mut Checker) {
    for key in ["configMapKeyRef", "secretKeyRef"] {
        let source = from.key(key);
        if source.is_set() {
            let (name, key) = (source.key("name"), source.key("key"));
            checker.follow_text(&name, name.text(), &ENV_005, &DNS_SUBDOMAIN);
            required(&key, &ENV_006, "a key", &CONFIG_KEY, checker);
        }
    }
    let field = from.key("fieldRef");
    if field.is_set() {
        let fields = if checker.since(29) { &FIELDS[..] } else { &FIELDS[..FIELDS.len() - 1] };
        field_ref(&field, fields, &ENV_007, checker);
    }
    let resource = from.key("resourceFieldRef");
    if resource.is_set() {
        resource_ref(&resource, checker);
        divisor(&resource, checker);
    }
    let file = from.key("fileKeyRef");
    if file.is_set() && checker.since(35) {
        file_key(&file, pod, checker);
    }
}

fn file_key(at: &At, pod: &Pod, checker: &mut Checker) {
    required(&at.key("key"), &ENV_013, "a key", &ENV_NAME, checker);
    required(&at.key("path"), &ENV_013, "the path of a file", &FORWARD_PATH, checker);
    let name = at.key("volumeName");
    if !required(&name, &ENV_013, "the name of a volume", &DNS_LABEL, checker) {
        return;
    }
    match pod.volumes.find(name.text()) {
        Some(volume) if volume.source() == Source::EmptyDir => {}
        Some(volume) => {
            let title = format!("the volume {} is no `emptyDir`", name.value());
            let finding = checker.refuse(&name, &ENV_013, Reason::Invalid, title, "name an `emptyDir` volume");
            finding.related.push((volume.cause(), "the volume".to_owned()));
        }
        None => {
            let title = format!("no volume of the Pod is named {}", name.value());
            checker.refuse(&name, &ENV_013, Reason::NotFound, title, pod.volumes.suggest(name.text()));
        }
    }
}

/// An entry of `envFrom`; `place` is where the server says that it is wrong as a whole.
fn env_from(entry: &At, place: &At, name_format: &Format, checker: &mut Checker) {
    let prefix = entry.key("prefix");
    if let Some(equal) = prefix.text().find('=').filter(|_| !name_format.accepts(prefix.text())) {
        let title = format!("the prefix {} of variables has a `=` in it", prefix.value());
        let help = match &prefix.text()[..equal] {
            "" => "write a prefix such as `APP_`".to_owned(),
            name => format!("write `{name}_`"),
        };
        checker.refuse(&prefix, &ENV_016, Reason::Invalid, title, help);
    } else {
        checker.follow(&prefix, &ENV_016, name_format);
    }
    let mut sources = 0;
    for key in ["configMapRef", "secretRef"] {
        let source = entry.key(key);
        if source.is_set() {
            sources += 1;
            let name = source.key("name");
            // What is refused in its place is refused as it is.
            if checker.require(&name, &ENV_015, "the name of an object") && !DNS_SUBDOMAIN.accepts(&masked(name.text()))
            {
                checker.follow(&name, &ENV_015, &DNS_SUBDOMAIN);
            }
        }
    }
    if sources == 0 {
        let help = "write `configMapRef` or `secretRef` below it";
        checker.refuse(place, &ENV_014, Reason::Invalid, "the entry of `envFrom` names no source", help);
    } else if sources > 1 {
        let help = "make two entries of it";
        checker.refuse(place, &ENV_014, Reason::Invalid, "`configMapRef` and `secretRef` exclude each other", help);
    }
}

/// Asks that a text is there and follows a format.
fn required(at: &At, rule: &Rule, what: &str, format: &Format, checker: &mut Checker) -> bool {
    checker.require(at, rule, what) && checker.follow(at, rule, format)
}

/// A name as the server checks it where it takes it for the beginning of one: a `-` at its end, and what is before it, is an `a`.
fn masked(name: &str) -> Cow<'_, str> {
    let stem = name.strip_suffix('-').and_then(|stem| stem.get(..stem.len().checked_sub(1)?));
    stem.map_or(Cow::Borrowed(name), |stem| Cow::Owned(format!("{stem}a")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_is_masked_as_the_server_does() {
        let all = [("cfg-", "cfa"), ("A-", "a"), ("-", "-"), ("a", "a"), ("é-", "é-"), ("", "")];
        for (name, expected) in all {
            assert_eq!(masked(name), expected, "{name}");
        }
    }
}
