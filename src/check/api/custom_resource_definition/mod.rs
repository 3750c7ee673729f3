//! CustomResourceDefinition. Its expressions (`x-kubernetes-validations`) and defaults are not looked at.

pub mod schema;
mod conversion;

use super::custom::instance::are_equal;
use super::metadata::generic_metadata;
use crate::bundle::{Field, FieldValue};
use crate::check::format::{DNS_LABEL_1035, DNS_SUBDOMAIN};
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// A definition is named `PLURAL.GROUP`.
    CRD_001 = "CRD-001";
    /// The group of a definition is a domain with a dot.
    CRD_002 = "CRD-002";
    /// The scope of a definition is `Namespaced` or `Cluster`.
    CRD_003 = "CRD-003";
    /// A definition names its kind and the plural of it; names are DNS labels, kinds in any case.
    CRD_004 = "CRD-004";
    /// The versions of a definition have names of their own, and exactly one is stored.
    CRD_005 = "CRD-005";
    /// Every version has a schema.
    CRD_006 = "CRD-006";
    /// The columns that a definition adds have a name, a type and a path.
    CRD_007 = "CRD-007";
    /// Fields that a schema does not name are kept where it says so, not in the whole object.
    CRD_008 = "CRD-008";
    /// A warning of deprecation stands in a deprecated version, and is short.
    CRD_009 = "CRD-009";
    /// A definition in a group of Kubernetes says who approved it.
    CRD_010 = "CRD-010";
    /// A definition that is converted by a webhook says how it is reached; no other does.
    CRD_011 = "CRD-011";
}

/// A CustomResourceDefinition.
pub fn custom_resource_definition(object: &At, checker: &mut Checker) {
    generic_metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    let (group, scope) = (spec.key("group"), spec.key("scope"));
    let domain = group.text();
    if checker.require(&group, &CRD_002, "a group such as `example.com`")
        && checker.follow(&group, &CRD_002, &DNS_SUBDOMAIN)
        && !domain.contains('.')
    {
        let title = format!("the group {} has no dot", group.value());
        checker.refuse(&group, &CRD_002, Reason::Invalid, title, "write a domain such as `example.com`");
    }
    if checker.require(&scope, &CRD_003, "a scope, `Namespaced` or `Cluster`,") {
        checker.choose(&scope, &CRD_003, &["Cluster", "Namespaced"]);
    }
    name(object, &spec, checker);
    names(&spec.key("names"), checker);
    versions(&spec, checker);
    conversion::conversion(&spec.key("conversion"), checker);
    let keeps = spec.key("preserveUnknownFields");
    if keeps.is_true() {
        let help =
            "remove it, and write `x-kubernetes-preserve-unknown-fields: true` where the schema shall keep fields";
        let title = "a definition cannot keep unknown fields everywhere";
        checker.refuse(&keeps, &CRD_008, Reason::Invalid, title, help);
    }
    approval(object, domain, checker);
}

fn name(object: &At, spec: &At, checker: &mut Checker) {
    let (metadata, names, group) = (object.key("metadata"), spec.key("names"), spec.key("group"));
    let name = metadata.key("name");
    let wanted = format!("{}.{}", names.key("plural").text(), group.text());
    if !name.is_empty() && name.text() != wanted {
        let title = format!("the name {} is not made of plural and group", name.value());
        let finding = checker.refuse(&name, &CRD_001, Reason::Invalid, title, format!("write `name: {wanted}`"));
        finding.related.push((group.cause(), "the group".to_owned()));
    }
}

fn names(at: &At, checker: &mut Checker) {
    let (plural, singular) = (at.key("plural"), at.key("singular"));
    let (kind, list) = (at.key("kind"), at.key("listKind"));
    checker.require(&plural, &CRD_004, "the plural of the kind in lower case");
    checker.require(&kind, &CRD_004, "a kind such as `Widget`");
    if kind.is_empty() {
        // The server makes both of the kind.
        checker.require(&singular, &CRD_004, "the singular of the kind in lower case");
        checker.require(&list, &CRD_004, "the kind of lists");
    }
    for label in [&plural, &singular] {
        checker.follow(label, &CRD_004, &DNS_LABEL_1035);
    }
    for word in [&kind, &list].into_iter().filter(|word| !word.is_empty()) {
        checker.follow_text(word, &word.text().to_lowercase(), &CRD_004, &DNS_LABEL_1035);
    }
    for key in ["shortNames", "categories"] {
        for item in at.key(key).items() {
            checker.follow_text(&item, item.text(), &CRD_004, &DNS_LABEL_1035);
        }
    }
    if !kind.is_empty() && kind.text() == list.text() {
        let title = format!("the kind of lists is {} too", list.value());
        let help = format!("write `listKind: {}List`, or remove it", kind.text());
        checker.refuse(&list, &CRD_004, Reason::Invalid, title, help);
    }
}

fn versions(spec: &At, checker: &mut Checker) {
    let versions = spec.key("versions");
    for item in versions.items() {
        let name = item.key("name");
        checker.follow_text(&name, name.text(), &CRD_005, &DNS_LABEL_1035);
        deprecation(&item, checker);
    }
    let mut seen: Vec<&str> = Vec::new();
    for item in versions.items() {
        let name = item.key("name").text();
        if seen.contains(&name) {
            let place = versions.with_cause_of(&item);
            let title = format!("the version `{name}` stands here for the second time");
            checker.refuse(&place, &CRD_005, Reason::Invalid, title, "give each version its own name");
        }
        seen.push(name);
    }
    let stored = versions.items().filter(|item| item.key("storage").is_true()).count();
    if stored != 1 {
        let title = format!("{stored} versions are stored");
        let help = "write `storage: true` in exactly one version, and `storage: false` in the others";
        checker.refuse(&versions, &CRD_005, Reason::Invalid, title, help);
    }
    schemas(spec, &versions, checker);
    columns(spec, &versions, checker);
}

/// The server speaks of what all versions have alike as if it stood in `spec`.
fn schemas(spec: &At, versions: &At, checker: &mut Checker) {
    let alike = are_alike(versions, "schema");
    let moved = spec.key_spelled("versions", "validation");
    for (item, unspelled) in versions.items().zip(moved.items_unspelled()) {
        let (own, common) = (item.key("schema"), unspelled.key_unspelled("schema"));
        let schema = if alike { common.key("openAPIV3Schema") } else { own.key("openAPIV3Schema") };
        if schema.is_set() {
            schema::root(&schema, checker);
        } else {
            let missing = own.key("openAPIV3Schema");
            let help = "write `schema` with `openAPIV3Schema: { type: object }` and its `properties`";
            checker.refuse(&missing, &CRD_006, Reason::Required, "the version has no schema", help);
        }
        if alike && schema.is_set() {
            break;
        }
    }
}

fn columns(spec: &At, versions: &At, checker: &mut Checker) {
    const KEY: &str = "additionalPrinterColumns";
    let alike = are_alike(versions, KEY);
    let moved = spec.key_unspelled("versions");
    for (item, unspelled) in versions.items().zip(moved.items_unspelled()) {
        let columns = if alike { unspelled.key(KEY) } else { item.key(KEY) };
        for column in columns.items() {
            self::column(&column, checker);
        }
        if alike {
            break;
        }
    }
}

fn are_alike(versions: &At, key: &str) -> bool {
    let part = |version: &At| version.key(key).field().cloned();
    let mut parts = versions.items().map(|version| part(&version));
    let first = parts.next().flatten();
    let same = |other: Option<Field>| match (&first, &other) {
        (Some(first), Some(other)) => are_equal(&first.value, &other.value),
        (first, other) => first.is_none() && other.is_none(),
    };
    parts.all(same)
}

fn column(at: &At, checker: &mut Checker) {
    const TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];
    const FORMATS: [&str; 8] = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
    let (kind, format) = (at.key("type"), at.key("format"));
    checker.require(&at.key("name"), &CRD_007, "a name");
    if checker.require(&kind, &CRD_007, "a type such as `string`") && !TYPES.contains(&kind.text()) {
        let title = format!("{} is no type of a column", kind.value());
        checker.refuse(&kind, &CRD_007, Reason::Invalid, title, format!("write one of {}", TYPES.join(", ")));
    }
    if !format.is_empty() && !FORMATS.contains(&format.text()) {
        let title = format!("{} is no format of a column", format.value());
        checker.refuse(&format, &CRD_007, Reason::Invalid, title, format!("write one of {}", FORMATS.join(", ")));
    }
    let path = at.key_spelled("jsonPath", "JSONPath");
    if checker.require(&path, &CRD_007, "a path such as `.spec.replicas`") && !path.text().starts_with('.') {
        let title = format!("the path {} does not begin with a dot", path.value());
        checker.refuse(&path, &CRD_007, Reason::Invalid, title, format!("write `.{}`", path.text()));
    }
}

fn deprecation(version: &At, checker: &mut Checker) {
    const LENGTH: usize = 256;
    let warning = version.key("deprecationWarning");
    let Some(FieldValue::String(text)) = warning.field().map(|field| &field.value) else { return };
    let problem = if !version.key("deprecated").is_true() {
        "a version that is not deprecated warns"
    } else if text.len() > LENGTH {
        "the warning has more than 256 characters"
    } else if text.is_empty() {
        "the warning is empty"
    } else if text.chars().any(char::is_control) {
        "the warning has characters that cannot be printed"
    } else {
        return;
    };
    let help = "write `deprecated: true` and a warning of one line, or remove `deprecationWarning`";
    checker.refuse(&warning, &CRD_009, Reason::Invalid, problem, help);
}

fn approval(object: &At, group: &str, checker: &mut Checker) {
    const KEY: &str = "api-approved.kubernetes.io";
    let protected =
        ["k8s.io", "kubernetes.io"].iter().any(|domain| group == *domain || group.ends_with(&format!(".{domain}")));
    if !protected {
        return;
    }
    let metadata = object.key("metadata");
    let annotations = metadata.key("annotations");
    let approved = annotations.entry(KEY);
    let text = approved.text();
    let help = format!("use a domain of your own as group, or write the annotation `{KEY}: unapproved`");
    if text.is_empty() {
        let title = "the group belongs to Kubernetes, and nobody approved the definition";
        checker.refuse(&approved, &CRD_010, Reason::Required, title, help);
    } else if !text.starts_with("unapproved") && !text.starts_with("https://") && !text.starts_with("http://") {
        let title = format!("{} is no URL of an approval", approved.value());
        checker.refuse(&approved, &CRD_010, Reason::Invalid, title, help);
    }
}
