//! Whether the clusters serve the API that an object asks for.

use super::strict;
use crate::bundle::schema::ServedKind;
use crate::bundle::{Field, FieldValue, Object, Pointer};
use crate::check::{Correction, Finding, Reason, Target};
use crate::value::{nearest, unmistakable};

/// The built-in kind of an object; `None` where it is a custom one, or where what is wrong was found here.
pub fn find(object: &Object, index: usize, target: Target, findings: &mut Vec<Finding>) -> Option<ServedKind> {
    let mut refuse = |key: &str, words: (String, String)| {
        let pointer = Pointer::from_iter([key]);
        findings.push(Finding::at((index, object), &pointer, "DEC-012", Reason::NotFound, words));
    };
    for key in ["apiVersion", "kind"] {
        if object.root.get(key).and_then(Field::as_str).is_none_or(str::is_empty) {
            refuse(key, missing(object.root.get(key), key));
            return None;
        }
    }
    let (api_version, kind) = (object.api_version(), object.kind_name());
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let Some(found) = ServedKind::find(group, version, kind) else {
        if let Some((key, words)) = unknown(api_version, group, kind, target) {
            refuse(key, words);
            let (correction, more) = correction(key, (index, object), group, target);
            findings.last_mut()?.correction = correction;
            findings.extend(more);
        }
        return None;
    };
    if is_served(found, target) {
        return Some(found);
    }
    refuse("apiVersion", out_of_range(found, target));
    let (correction, more) = correction("apiVersion", (index, object), group, target);
    findings.last_mut()?.correction = correction;
    let at_fault = if found.is_in(target.oldest) { "goes up to" } else { "is" };
    let finding = findings.last_mut()?;
    let cluster = if found.is_in(target.oldest) { target.newest } else { target.oldest };
    let phrase = format!("the cluster {at_fault} Kubernetes {cluster}");
    finding.related.extend(target.origin.map(|origin| (origin.into(), phrase)));
    findings.extend(more);
    None
}

/// The kind that was meant; or the version in which the whole object reads as it is. One that means another thing there has no
/// answer that could be given without asking. Beside it what is wrong with the object in that version as in any other.
fn correction(
    key: &str,
    (index, object): (usize, &Object),
    group: &str,
    target: Target,
) -> (Option<Correction>, Vec<Finding>) {
    let (api_version, kind) = (object.api_version(), object.kind_name());
    let served = || ServedKind::all().filter(|other| is_served(*other, target));
    if key == "kind" {
        let of_version = served().filter(|other| other.api_version() == api_version);
        let meant = unmistakable(kind, of_version.map(ServedKind::kind));
        return (meant.map(|meant| Correction::Rename(kind.to_owned(), meant.to_owned())), Vec::new());
    }
    let same = || served().filter(|other| other.kind() == kind);
    let Some(other) = best(same().filter(|other| other.group() == group)).or_else(|| best(same())) else {
        return (None, Vec::new());
    };
    let unread = misread(object, index, other, target);
    if !unread.iter().all(is_wrong_anywhere) || means_otherwise(object) {
        return (None, Vec::new());
    }
    (Some(Correction::Rename(api_version.to_owned(), other.api_version().to_owned())), unread)
}

fn misread(object: &Object, index: usize, kind: ServedKind, target: Target) -> Vec<Finding> {
    let mut unread = Vec::new();
    strict::read(object, index, kind, target, &mut unread);
    unread
}

/// Whether it is one value of another type than its field has, and so no matter of versions.
fn is_wrong_anywhere(finding: &Finding) -> bool {
    matches!(finding.correction, Some(Correction::Quote | Correction::Unquote(_)))
}

/// An empty selector is no Pod in policy/v1beta1, and every Pod since.
fn means_otherwise(object: &Object) -> bool {
    let selector = object.root.follow(&["spec", "selector"]);
    object.kind_name() == "PodDisruptionBudget" && selector.is_none_or(|selector| selector.entries().is_empty())
}

fn missing(field: Option<&Field>, key: &str) -> (String, String) {
    let example = if key == "kind" { "Deployment" } else { "apps/v1" };
    let message = match field.map(|field| &field.value) {
        None | Some(FieldValue::Null) => format!("the object has no `{key}`"),
        Some(value) => format!("`{key}` takes a text, and this is {}", describe(value)),
    };
    (message, format!("write the object's `{key}`, as in `{key}: {example}`"))
}

fn describe(value: &FieldValue) -> &'static str {
    if matches!(value, FieldValue::String(_)) { "an empty one" } else { value.describe() }
}

/// What to say of an API that no version serves; nothing where it may be a custom one. Those have a dot in their group, and
/// the groups of Kubernetes are no place for them.
fn unknown(api_version: &str, group: &str, kind: &str, target: Target) -> Option<(&'static str, (String, String))> {
    let is_built_in = |other: &ServedKind| other.group() == group;
    if group.contains('.') && !ServedKind::all().any(|other| is_built_in(&other)) {
        return None;
    }
    let message = format!("there is no {kind} in `{api_version}`");
    if kind == "List" || kind.ends_with("List") && kind.len() > 4 {
        let help = "write each object of the list as a document of its own".to_owned();
        return Some(("kind", (message, help)));
    }
    let same = || ServedKind::all().filter(|other| other.kind() == kind && is_served(*other, target));
    let same = best(same().filter(is_built_in)).or_else(|| best(same()));
    if let Some(same) = same {
        return Some(("apiVersion", (message, format!("write `apiVersion: {}`", same.api_version()))));
    }
    let near = nearest(kind, ServedKind::all().filter(is_built_in).map(ServedKind::kind));
    let near = near.or_else(|| nearest(kind, ServedKind::all().map(ServedKind::kind)));
    let help = match near {
        Some(near) => format!("did you mean {near}?"),
        None => format!("write a kind that `{api_version}` has, or the group of the custom kind"),
    };
    Some(("kind", (message, help)))
}

fn out_of_range(found: ServedKind, target: Target) -> (String, String) {
    let api = format!("`{}` {}", found.api_version(), found.kind());
    let message = if found.is_in(target.oldest) || found.first() <= target.oldest {
        format!("{api} is gone since Kubernetes 1.{}, and the cluster is {}", found.last().minor + 1, target.newest)
    } else {
        format!("{api} exists from Kubernetes {} on, and the cluster is {}", found.first(), target.oldest)
    };
    let served = found.versions().filter(|other| is_served(*other, target));
    let help = match best(served) {
        Some(other) => format!("write `apiVersion: {}`", other.api_version()),
        None if found.first() > target.oldest => {
            format!("leave the object out, or {}", target.newer(found.first()))
        }
        None => "leave the object out: no version of its API is served there any more".to_owned(),
    };
    (message, help)
}

/// The stablest version: without alpha or beta, and the newest of those.
fn best(kinds: impl Iterator<Item = ServedKind>) -> Option<ServedKind> {
    kinds.max_by_key(|kind| (!kind.version().contains("alpha"), !kind.version().contains("beta"), kind.version()))
}

fn is_served(kind: ServedKind, target: Target) -> bool {
    kind.is_in(target.oldest) && kind.is_in(target.newest)
}
