//! The metadata that every object has.

use super::labels::labels;
use crate::check::format::{ANNOTATION_KEY, DNS_LABEL, Format, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, Rule, api_rules};
use std::collections::BTreeSet;

api_rules! {
    /// An object has a name, or a beginning of one in `generateName`.
    META_001 = "META-001";
    /// The name has the form that its kind asks for.
    META_002 = "META-002";
    /// `generateName` begins a name of that form.
    META_003 = "META-003";
    /// The namespace is a DNS label.
    META_004 = "META-004";
    /// The keys of labels are qualified names.
    META_006 = "META-006";
    /// The values of labels have at most 63 letters, digits, `-`, `_` and `.`.
    META_007 = "META-007";
    /// The keys of annotations are qualified names, in any case.
    META_008 = "META-008";
    /// All annotations together have at most 256 KiB, keys included.
    META_009 = "META-009";
    /// An owner has an API version, a kind, a name and a uid.
    META_010 = "META-010";
    /// At most one owner is the controller.
    META_011 = "META-011";
    /// A finalizer is a qualified name with a prefix, or one of Kubernetes' own.
    META_012 = "META-012";
    /// Not both `orphan` and `foregroundDeletion` are finalizers.
    META_013 = "META-013";
    /// Labels and annotations of a Pod template follow the rules of any object.
    META_014 = "META-014";
}

/// The size of all annotations of an object, in bytes.
const ANNOTATIONS: usize = 256 * 1024;

/// The metadata of an object whose kind asks for this form of name.
pub fn metadata(object: &At, name_format: &Format, checker: &mut Checker) {
    let at = object.key("metadata");
    names(&at, name_format, checker);
    nameless(&at, checker);
    finalizers(&at.key("finalizers"), checker);
}

/// The metadata of an object of which the server asks no more than of a custom one: any qualified name is a finalizer.
pub fn generic_metadata(object: &At, name_format: &Format, checker: &mut Checker) {
    let at = object.key("metadata");
    names(&at, name_format, checker);
    nameless(&at, checker);
    let finalizers = at.key("finalizers");
    for item in finalizers.items_unspelled() {
        checker.follow_text(&item, item.text(), &META_012, &QUALIFIED_NAME);
    }
    exclusive_finalizers(&finalizers, checker);
}

/// The metadata of a Pod template, of which the server looks at labels and annotations only, and leaves `metadata` out of paths.
pub fn template_metadata(template: &At, checker: &mut Checker) {
    let at = template.key_unspelled("metadata");
    labels(&at.key("labels"), &META_014, &META_014, checker);
    annotations(&at.key("annotations"), checker);
}

/// The metadata of a claim that a Pod makes, of which labels and annotations only may be set.
pub fn claim_metadata(at: &At, checker: &mut Checker) {
    labels(&at.key("labels"), &META_014, &META_014, checker);
    annotations(&at.key("annotations"), checker);
}

/// The metadata of an object to which the server gives a name where it has none.
pub fn metadata_named_by_server(object: &At, name_format: &Format, checker: &mut Checker) {
    let at = object.key("metadata");
    if at.key("name").is_empty() && at.key("generateName").is_empty() {
        nameless(&at, checker);
        finalizers(&at.key("finalizers"), checker);
    } else {
        metadata(object, name_format, checker);
    }
}

/// Names of finalizers: qualified, with a prefix, or of Kubernetes itself. Where one is malformed the server names the list; the
/// path of the others is that of `items`.
pub fn finalizer_names<'p, 'f: 'p>(
    items: impl Iterator<Item = At<'p, 'f>>,
    list: &At,
    rule: &Rule,
    checker: &mut Checker,
) {
    const STANDARD: [&str; 3] = ["kubernetes", "orphan", "foregroundDeletion"];
    for (item, listed) in items.zip(list.items_unspelled()) {
        let well_formed = checker.follow_text(&listed, item.text(), rule, &QUALIFIED_NAME);
        if well_formed && !item.text().contains('/') && !STANDARD.contains(&item.text()) {
            let title = format!("the finalizer {} has no domain before a `/`", item.value());
            checker.refuse(&item, rule, Reason::Invalid, title, "write it as `example.com/name`");
        }
    }
}

fn nameless(at: &At, checker: &mut Checker) {
    checker.follow(&at.key("namespace"), &META_004, &DNS_LABEL);
    labels(&at.key("labels"), &META_006, &META_007, checker);
    annotations(&at.key("annotations"), checker);
    owners(&at.key("ownerReferences"), checker);
}

fn names(at: &At, format: &Format, checker: &mut Checker) {
    let (name, prefix) = (at.key("name"), at.key("generateName"));
    if prefix.is_empty() && name.is_empty() {
        checker.refuse(&name, &META_001, Reason::Required, "the object has no name", "write `name` below `metadata`");
    }
    let begins_well = prefix.is_empty() || checker.follow_text(&prefix, &masked(prefix.text()), &META_003, format);
    if begins_well && name.is_empty() && !prefix.is_empty() {
        // The server makes the name before it looks at it.
        checker.follow_text(&name.with_cause_of(&prefix), &generated(prefix.text()), &META_003, format);
    }
    checker.follow(&name, &META_002, format);
}

/// A prefix as the server looks at it: where it ends in `-`, its last two characters count as one letter.
fn masked(prefix: &str) -> String {
    let stem = prefix.strip_suffix('-').and_then(|stem| Some(&stem[..stem.char_indices().next_back()?.0]));
    stem.map_or_else(|| prefix.to_owned(), |stem| format!("{stem}a"))
}

/// A name that begins with at most 58 bytes of a prefix, and ends in five random characters.
fn generated(prefix: &str) -> String {
    let end = (0..=prefix.len().min(58)).rev().find(|end| prefix.is_char_boundary(*end)).unwrap_or_default();
    format!("{}aaaaa", &prefix[..end])
}

fn annotations(at: &At, checker: &mut Checker) {
    let mut size = 0;
    for (key, value) in at.entries() {
        size += key.len() + value.text().len();
        checker.follow_key(&at.with_cause_of(&value), key, &META_008, &ANNOTATION_KEY);
    }
    if size > ANNOTATIONS {
        let title = format!("the annotations have {size} bytes, {ANNOTATIONS} are allowed");
        let largest = at.entries().max_by_key(|(key, value)| key.len() + value.text().len());
        let place = largest.map_or(*at, |(_, value)| at.with_cause_of(&value));
        checker.refuse(&place, &META_009, Reason::TooLong, title, "put large texts into a ConfigMap");
    }
}

fn finalizers(at: &At, checker: &mut Checker) {
    finalizer_names(at.items(), at, &META_012, checker);
    exclusive_finalizers(at, checker);
}

fn exclusive_finalizers(at: &At, checker: &mut Checker) {
    let has = |name: &str| at.items().any(|item| item.text() == name);
    if has("orphan") && has("foregroundDeletion") {
        let title = "`orphan` and `foregroundDeletion` exclude each other";
        checker.refuse(at, &META_013, Reason::Invalid, title, "keep one of the two finalizers");
    }
}

fn owners(at: &At, checker: &mut Checker) {
    // Before 1.37 the server names the list, not the entry, and calls an empty field invalid.
    let counted = checker.since(37);
    let reason = if counted { Reason::Required } else { Reason::Invalid };
    let mut seen = BTreeSet::new();
    let kept = at.items().zip(at.items_unspelled()).filter(|(owner, _)| seen.insert(statement(owner)));
    let items: Vec<_> = kept
        .enumerate()
        .map(|(index, (item, unspelled))| if counted { item.numbered(index) } else { unspelled })
        .collect();
    for owner in &items {
        let version = owner.key("apiVersion");
        for (key, what) in [("apiVersion", "an API version"), ("kind", "a kind"), ("name", "a name"), ("uid", "a uid")]
        {
            let part = owner.key(key);
            if part.is_empty() {
                checker.refuse(&part, &META_010, reason, format!("an owner needs {what}"), format!("write `{key}`"));
            }
        }
        if version.text().matches('/').count() > 1 {
            let title = format!("{} is no API version", version.value());
            checker.refuse(&version, &META_010, Reason::Invalid, title, "write it as `GROUP/VERSION` or `VERSION`");
        }
    }
    if items.iter().filter(|owner| owner.key("controller").is_true()).count() > 1 {
        let title = "more than one owner is the controller";
        checker.refuse(at, &META_011, Reason::Invalid, title, "keep `controller: true` on one of them");
    }
}

/// What an owner says. The server keeps the first of those that say the same.
fn statement<'f>(owner: &At<'_, 'f>) -> ([&'f str; 4], [Option<bool>; 2]) {
    let texts = ["apiVersion", "kind", "name", "uid"].map(|key| owner.key(key).text());
    let truths = ["controller", "blockOwnerDeletion"].map(|key| {
        let truth = owner.key(key);
        truth.is_set().then(|| truth.is_true())
    });
    (texts, truths)
}
