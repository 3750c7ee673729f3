//! The structural schema in a definition.

use crate::bundle::FieldValue;
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// Every value in a schema has a type that OpenAPI knows; the whole object is a map.
    CRD_020 = "CRD-020";
    /// A list in a schema says what its entries are.
    CRD_021 = "CRD-021";
    /// A map has fields or values of one schema, not both, and the whole object has fields.
    CRD_022 = "CRD-022";
    /// Conditions in a schema do not say types again.
    CRD_023 = "CRD-023";
    /// A schema leaves `metadata` to the server, but for rules about names.
    CRD_024 = "CRD-024";
    /// How entries of a list are told apart is said at lists, by fields that entries have.
    CRD_025 = "CRD-025";
    /// What costs the server too much is not in a schema: unique entries, references, a null for the whole object.
    CRD_026 = "CRD-026";
    /// Marks of Kubernetes in a schema fit to each other and to the type.
    CRD_027 = "CRD-027";
}

/// Where a schema stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Item,
    Field,
}

/// The schema of whole objects.
pub fn root(at: &At, checker: &mut Checker) {
    let nullable = at.key("nullable");
    if nullable.is_true() {
        checker.forbid(&nullable, &CRD_026, "for the whole object");
    }
    schema(at, Level::Root, checker);
}

fn schema(at: &At, level: Level, checker: &mut Checker) {
    kind(at, level, checker);
    costs(at, checker);
    map(at, level, checker);
    let items = at.key("items");
    if at.key("type").text() == "array" && !items.is_set() {
        checker.require(&items, &CRD_021, "the schema of the entries");
    }
    // A text in its place counts as there, and says nothing.
    if is_schema(&items) {
        schema(&items, Level::Item, checker);
    }
    list(at, checker);
    marks(at, checker);
    conditions(at, checker);
    if level == Level::Root {
        metadata(at, checker);
    }
}

fn kind(at: &At, level: Level, checker: &mut Checker) {
    const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
    let kind = at.key("type");
    let int_or_text = at.key("x-kubernetes-int-or-string");
    if kind.is_empty() {
        let open = at.key("x-kubernetes-preserve-unknown-fields").is_true();
        if !int_or_text.is_true() && !open {
            let what = if level == Level::Root { "the type `object`" } else { "a type" };
            checker.require(&kind, &CRD_020, what);
        }
    } else if checker.choose(&kind, &CRD_020, &TYPES) && level == Level::Root && kind.text() != "object" {
        let title = format!("the whole object is {}", kind.value());
        checker.refuse(&kind, &CRD_020, Reason::Invalid, title, "write `type: object`");
    }
}

fn costs(at: &At, checker: &mut Checker) {
    let unique = at.key("uniqueItems");
    if unique.is_true() {
        let title = "the server does not look for equal entries in this way";
        checker.refuse(&unique, &CRD_026, Reason::Forbidden, title, "write `x-kubernetes-list-type: set` instead");
    }
    checker.forbid(&at.key("$ref"), &CRD_026, "in a definition: write the schema itself");
}

fn is_schema(at: &At) -> bool {
    at.field().is_some_and(|field| matches!(field.value, FieldValue::Map(_)))
}

fn map(at: &At, level: Level, checker: &mut Checker) {
    let (properties, additional) = (at.key("properties"), at.key("additionalProperties"));
    for (_, property) in properties.entries() {
        schema(&property, Level::Field, checker);
    }
    if !additional.is_set() {
        return;
    }
    let has_schema = is_schema(&additional);
    if level == Level::Root {
        checker.forbid(&additional, &CRD_022, "for the whole object");
    } else if !properties.is_empty() && (has_schema || !additional.is_true()) {
        checker.forbid(&additional, &CRD_022, "beside `properties`");
    }
    if has_schema {
        schema(&additional, Level::Field, checker);
    }
}

fn list(at: &At, checker: &mut Checker) {
    let (merge, keys, kind) = (at.key("x-kubernetes-list-type"), at.key("x-kubernetes-list-map-keys"), at.key("type"));
    if merge.is_set() {
        if kind.text() != "array" {
            let reason = if kind.is_empty() { Reason::Required } else { Reason::Invalid };
            let title = "only a list has an `x-kubernetes-list-type`";
            checker.refuse(&kind, &CRD_025, reason, title, "write `type: array`, or remove it");
        }
        checker.choose_text(&merge, merge.text(), &CRD_025, &["atomic", "map", "set"]);
    }
    if !keys.is_empty() && merge.text() != "map" {
        let reason = if merge.is_set() { Reason::Invalid } else { Reason::Required };
        let title = "keys of entries are named, but the list is no map";
        checker.refuse(&merge, &CRD_025, reason, title, "write `x-kubernetes-list-type: map`");
    }
    match merge.text() {
        "map" => {
            list_map(at, &keys, checker);
            null_entries(at, "of a list that is a map", checker);
        }
        "set" if kind.text() == "array" => {
            set(&at.key("items"), checker);
            null_entries(at, "of a list that is a set", checker);
        }
        _ => {}
    }
}

fn null_entries(at: &At, which: &str, checker: &mut Checker) {
    let items = at.key("items");
    let nullable = items.key("nullable");
    if nullable.is_true() {
        checker.forbid(&nullable, &CRD_025, &format!("for the entries {which}"));
    }
}

/// Entries of a set are compared as a whole, so they must change as a whole.
fn set(items: &At, checker: &mut Checker) {
    let (key, fits) = match items.key("type").text() {
        "array" => {
            let merge = items.key("x-kubernetes-list-type");
            ("x-kubernetes-list-type", !merge.is_set() || merge.is_text("atomic"))
        }
        "object" => ("x-kubernetes-map-type", items.key("x-kubernetes-map-type").is_text("atomic")),
        _ => return,
    };
    if !fits {
        let title = "the entries of a set are replaced as a whole";
        checker.refuse(&items.key(key), &CRD_025, Reason::Invalid, title, format!("write `{key}: atomic`"));
    }
}

fn list_map(at: &At, keys: &At, checker: &mut Checker) {
    let items = at.key("items");
    checker.require(keys, &CRD_025, "a list of the keys of entries");
    let kind = items.key("type");
    if items.is_set() && kind.text() != "object" {
        let title = "the entries of a list that is a map are maps themselves";
        checker.refuse(&kind, &CRD_025, Reason::Invalid, title, "write `type: object`");
        return;
    }
    let properties = items.key("properties");
    let mut seen: Vec<&str> = Vec::new();
    for key in keys.items() {
        let property = properties.entry(key.text());
        let place = keys.with_cause_of(&key);
        if seen.contains(&key.text()) {
            let title = format!("the key {} stands here for the second time", key.value());
            checker.refuse(&place, &CRD_025, Reason::Invalid, title, "remove it");
        }
        seen.push(key.text());
        if !property.is_set() {
            let title = format!("entries have no field {}", key.value());
            checker.refuse(&place, &CRD_025, Reason::Invalid, title, "name a field that entries have");
            continue;
        }
        let kind = property.key("type");
        if ["array", "object"].contains(&kind.text()) {
            let title = format!("{} is no key of entries: it is no text, number or truth value", key.value());
            checker.refuse(&kind, &CRD_025, Reason::Invalid, title, "name another field");
        }
        let required = items.key("required").items().any(|name| name.text() == key.text());
        let default = property.key("default");
        if !required && !default.is_set() {
            let title = format!("the key {} of entries may be missing", key.value());
            checker.refuse(&default, &CRD_025, Reason::Required, title, "add it to `required`, or give it a `default`");
        }
        let nullable = property.key("nullable");
        if nullable.is_true() {
            checker.forbid(&nullable, &CRD_025, "for a key of entries");
        }
    }
}

fn marks(at: &At, checker: &mut Checker) {
    let (keeps, kind) = (at.key("x-kubernetes-preserve-unknown-fields"), at.key("type"));
    if keeps.is_set() && !keeps.is_true() {
        let title = "unknown fields are not kept anyway";
        checker.refuse(&keeps, &CRD_027, Reason::Invalid, title, "write `true`, or remove it");
    }
    let int_or_text = at.key("x-kubernetes-int-or-string").is_true();
    for key in ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] {
        let mark = at.key(key);
        if int_or_text && mark.is_true() {
            let title = format!("a number or text has no `{key}`");
            checker.refuse(&mark, &CRD_027, Reason::Invalid, title, format!("remove `{key}`"));
        }
    }
    if at.key("x-kubernetes-embedded-resource").is_true() {
        embedded(at, checker);
    }
    if at.key("x-kubernetes-embedded-resource").is_true() && kind.text() != "object" {
        let reason = if kind.is_empty() { Reason::Required } else { Reason::Invalid };
        checker.refuse(&kind, &CRD_027, reason, "an object within the object is a map", "write `type: object`");
    }
    let merge = at.key("x-kubernetes-map-type");
    if merge.is_set() {
        if kind.text() != "object" {
            let reason = if kind.is_empty() { Reason::Required } else { Reason::Invalid };
            let title = "only a map has an `x-kubernetes-map-type`";
            checker.refuse(&kind, &CRD_027, reason, title, "write `type: object`, or remove it");
        }
        checker.choose_text(&merge, merge.text(), &CRD_027, &["atomic", "granular"]);
    }
}

fn embedded(at: &At, checker: &mut Checker) {
    let (properties, additional) = (at.key("properties"), at.key("additionalProperties"));
    if additional.is_set() {
        checker.forbid(&additional, &CRD_027, "for an object within the object");
    }
    if properties.is_empty() && !at.key("x-kubernetes-preserve-unknown-fields").is_true() {
        checker.require(&properties, &CRD_027, "the fields of the object within the object");
    }
}

fn conditions(at: &At, checker: &mut Checker) {
    // A number or text may be written in two ways, both of which say types in a condition.
    let is_int_or_text = at.key("x-kubernetes-int-or-string").is_true();
    for key in ["anyOf", "allOf", "oneOf"] {
        for item in at.key(key).items() {
            if !is_int_or_text {
                condition(&item, checker);
            }
        }
    }
    let not = at.key("not");
    if not.is_set() {
        condition(&not, checker);
    }
}

fn condition(at: &At, checker: &mut Checker) {
    for key in ["type", "additionalProperties", "default", "nullable", "title", "description"] {
        let part = at.key(key);
        if part.is_set() && !part.is_empty() {
            checker.forbid(&part, &CRD_023, "in a condition");
        }
    }
    for (_, property) in at.key("properties").entries() {
        condition(&property, checker);
    }
    let items = at.key("items");
    if items.is_set() {
        condition(&items, checker);
    }
    conditions(at, checker);
}

fn metadata(at: &At, checker: &mut Checker) {
    let properties = at.key("properties");
    for key in ["kind", "apiVersion"] {
        let property = properties.entry(key);
        let kind = property.key("type");
        if property.is_set() && kind.text() != "string" {
            let title = format!("`{key}` of an object is a text");
            checker.refuse(&kind, &CRD_024, Reason::Invalid, title, "write `type: string`");
        }
    }
    let metadata = properties.entry("metadata");
    if !metadata.is_set() {
        return;
    }
    let kind = metadata.key("type");
    if kind.text() != "object" {
        checker.refuse(&kind, &CRD_024, Reason::Invalid, "`metadata` of an object is a map", "write `type: object`");
    }
    let named = |name: &str| ["name", "generateName"].contains(&name);
    let only_names = metadata.key("properties").entries().all(|(name, _)| named(name));
    let only_known = metadata.entries().all(|(key, _)| ["type", "properties"].contains(&key));
    if !only_names || !only_known {
        let title = "the server itself says what `metadata` holds";
        let help = "leave `type: object`, and at most `properties` with `name` and `generateName`";
        checker.refuse(&metadata, &CRD_024, Reason::Forbidden, title, help);
    }
}
