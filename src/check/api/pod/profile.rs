//! Profiles of seccomp and AppArmor, as fields and as the annotations that were there before them.

use super::lists::every_container;
use crate::check::format::DESCENDING_PATH;
use crate::check::{At, Checker, Part, Reason, Rule, api_rules};
use crate::value::quote;

api_rules! {
    /// The type of a seccomp profile is `RuntimeDefault`, `Unconfined` or `Localhost`.
    SCX_007 = "SCX-007";
    /// Only a seccomp profile of type `Localhost` has a `localhostProfile`, a relative path.
    SCX_008 = "SCX-008";
    /// Since 1.30 the type of an AppArmor profile is `RuntimeDefault`, `Unconfined` or `Localhost`; only the last has a `localhostProfile`.
    SCX_009 = "SCX-009";
    /// The old annotations for seccomp and AppArmor are well-formed, and agree with the fields.
    SCX_010 = "SCX-010";
}

const TYPES: [&str; 3] = ["Localhost", "RuntimeDefault", "Unconfined"];
const LOCALHOST: &str = "localhost/";
const SECCOMP_POD: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_CONTAINER: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR: &str = "container.apparmor.security.beta.kubernetes.io/";
/// The longest path of Linux, in bytes.
const PATH: usize = 4095;

/// The profiles of the security context of a Pod or a container.
pub fn profiles(context: &At, checker: &mut Checker) {
    seccomp(&context.key("seccompProfile"), checker);
    if checker.since(30) {
        app_armor(&context.key("appArmorProfile"), checker);
    }
}

/// The annotations of a Pod or a template that stand for profiles. `metadata` is there for a bare Pod.
pub fn annotations(at: &At, spec: &At, metadata: Option<&At>, checker: &mut Checker) {
    for (key, value) in at.entries() {
        let (place, text) = (at.key(key), value.text());
        if key == SECCOMP_POD || key.starts_with(SECCOMP_CONTAINER) {
            seccomp_annotation(&place, checker);
        } else if let Some(container) = key.strip_prefix(APP_ARMOR) {
            if !every_container(spec).any(|list| list.items().any(|other| other.key("name").text() == container)) {
                let title = format!("the annotation names the container {}, and there is none", quote(container));
                let help = "write the name of a container behind the `/`";
                checker.refuse(&value, &SCX_010, Reason::Invalid, title, help).part = Part::Key;
            }
            if !matches!(text, "" | "runtime/default" | "unconfined") && !text.starts_with(LOCALHOST) {
                let title = format!("{} is no AppArmor profile", value.value());
                let help = "write `runtime/default`, `unconfined` or `localhost/NAME`";
                checker.refuse(&value, &SCX_010, Reason::Invalid, title, help);
            }
        }
    }
    if at
        .entries()
        .any(|(key, _)| key == SECCOMP_POD || key.starts_with(SECCOMP_CONTAINER) || key.starts_with(APP_ARMOR))
    {
        agreement(at, spec, metadata, checker);
    }
}

fn seccomp(at: &At, checker: &mut Checker) {
    if !at.is_set() {
        return;
    }
    let (kind, path) = (at.key("type"), at.key("localhostProfile"));
    typed(&kind, &SCX_007, checker);
    if kind.text() != "Localhost" {
        only_localhost(&path, &SCX_008, checker);
    } else if path.is_set() {
        checker.follow_text(&path, path.text(), &SCX_008, &DESCENDING_PATH);
    } else {
        checker.require(&path, &SCX_008, "the path of the profile on the node");
    }
}

fn app_armor(at: &At, checker: &mut Checker) {
    if !at.is_set() {
        return;
    }
    let (kind, name) = (at.key("type"), at.key("localhostProfile"));
    let text = name.text();
    if kind.text() != "Localhost" {
        if typed(&kind, &SCX_009, checker) {
            only_localhost(&name, &SCX_009, checker);
        }
        return;
    }
    if text.trim() != text {
        let title = format!("the name of the profile {} has blanks around it", name.value());
        checker.refuse(&name, &SCX_009, Reason::Invalid, title, format!("write `{}`", text.trim()));
    } else {
        checker.require(&name, &SCX_009, "the name of the profile on the node");
    }
    if text.len() > PATH {
        let title = format!("the name of the profile has {} bytes, {PATH} are allowed", text.len());
        checker.refuse(&name, &SCX_009, Reason::TooLong, title, "write a shorter name");
    }
}

fn typed(kind: &At, rule: &Rule, checker: &mut Checker) -> bool {
    if kind.is_empty() {
        let title = "the profile has no type";
        checker.refuse(kind, rule, Reason::Required, title, "write `type: RuntimeDefault`");
        return false;
    }
    checker.choose(kind, rule, &TYPES)
}

fn only_localhost(path: &At, rule: &Rule, checker: &mut Checker) {
    if path.is_set() {
        let title = "only a profile of type `Localhost` has a `localhostProfile`";
        checker.refuse(path, rule, Reason::Invalid, title, "remove `localhostProfile`, or write `type: Localhost`");
    }
}

fn seccomp_annotation(at: &At, checker: &mut Checker) {
    match at.text() {
        "runtime/default" | "docker/default" | "unconfined" => {}
        text => match text.strip_prefix(LOCALHOST) {
            Some(path) => drop(checker.follow_text(at, path, &SCX_010, &DESCENDING_PATH)),
            None => {
                let title = format!("{} is no seccomp profile", at.value());
                let help = "remove the annotation and write `seccompProfile` into the `securityContext`";
                checker.refuse(at, &SCX_010, Reason::Invalid, title, help);
            }
        },
    }
}

/// Fields and annotations say the same where both are there.
fn agreement(annotations: &At, spec: &At, metadata: Option<&At>, checker: &mut Checker) {
    let context = spec.key("securityContext");
    let (seccomp, of_pod) = (context.key("seccompProfile"), context.key("appArmorProfile"));
    agree(&seccomp, &seccomp, (annotations, SECCOMP_POD), checker);
    let windows = spec.key("os").key("name").text() == "windows";
    for list in every_container(spec) {
        for container in list.items() {
            let (context, name) = (container.key("securityContext"), container.key("name"));
            let (seccomp, app_armor) = (context.key("seccompProfile"), context.key("appArmorProfile"));
            let key = format!("{SECCOMP_CONTAINER}{}", name.text());
            agree(&seccomp, &seccomp, (annotations, &key), checker);
            let key = format!("{APP_ARMOR}{}", name.text());
            let annotation = annotations.entry(&key);
            // Of a bare Pod the server makes a field of the annotation where there is none.
            let made = metadata.is_some() && !app_armor.is_set() && !matches!(annotation.text(), "" | LOCALHOST);
            if checker.since(30) && !windows && !made {
                let profile = if app_armor.is_set() { &app_armor } else { &of_pod };
                agree(profile, &app_armor, (annotations, &key), checker);
            }
        }
    }
}

/// The server speaks of the field at `place`, where the profile may come from the Pod.
fn agree(profile: &At, place: &At, (annotations, name): (&At, &str), checker: &mut Checker) {
    if !profile.is_set() || !annotations.has(name) {
        return;
    }
    let annotation = annotations.entry(name);
    let (kind, path, text) = (profile.key("type"), profile.key("localhostProfile"), annotation.text());
    let behind = text.strip_prefix(LOCALHOST);
    let (wrong, right) = match kind.text() {
        "Unconfined" => ("type", text == "unconfined"),
        "RuntimeDefault" => ("type", matches!(text, "runtime/default" | "docker/default")),
        "Localhost" if behind.is_none() => ("type", false),
        "Localhost" => ("localhostProfile", path.is_set() && behind == Some(path.text())),
        _ => return,
    };
    if !right {
        let field = profile.key(wrong);
        let title = format!("the field says {}, the annotation {}", field.value(), annotation.value());
        let at = place.key(wrong);
        let finding =
            checker.refuse(&at.with_cause_of(&field), &SCX_010, Reason::Forbidden, title, "remove the annotation");
        finding.related.push((annotation.cause(), "the annotation".to_owned()));
    }
}
