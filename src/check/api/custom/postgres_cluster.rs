//! What the expressions in the definition of CloudNativePG's Cluster ask for, written out. Source: postgresql.cnpg.io/v1, release 1.27.

use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// A Cluster names an image or a catalog of images, not both; the catalog is one of CloudNativePG.
    PG_001 = "PG-001";
    /// What belongs to one provider of locales stands beside its name.
    PG_002 = "PG-002";
    /// One replica or more is synchronous, and where durability is preferred none is named.
    PG_003 = "PG-003";
    /// An extension names its image.
    PG_004 = "PG-004";
}

/// A Cluster.
pub fn postgres_cluster(object: &At, checker: &mut Checker) {
    let spec = object.key("spec");
    images(&spec, checker);
    let bootstrap = spec.key("bootstrap");
    locales(&bootstrap.key("initdb"), checker);
    let postgresql = spec.key("postgresql");
    synchronous(&postgresql.key("synchronous"), checker);
    for extension in postgresql.key("extensions").items() {
        let image = extension.key("image");
        if image.is_set() && !image.key("reference").is_set() {
            let help = "write `reference` below `image`";
            checker.refuse(&image, &PG_004, Reason::Invalid, "the extension names no image", help);
        }
    }
}

fn images(spec: &At, checker: &mut Checker) {
    let (catalog, image) = (spec.key("imageCatalogRef"), spec.key("imageName"));
    if catalog.is_set() && image.is_set() {
        let title = "`imageName` and `imageCatalogRef` exclude each other";
        let place = spec.with_cause_of(&image);
        let finding = checker.refuse(&place, &PG_001, Reason::Invalid, title, "keep one of the two");
        finding.related.push((catalog.cause(), "the other one".to_owned()));
    }
    let (group, kind) = (catalog.key("apiGroup"), catalog.key("kind"));
    let known = group.is_text("postgresql.cnpg.io") && ["ImageCatalog", "ClusterImageCatalog"].contains(&kind.text());
    if catalog.is_set() && !known {
        let help = "write `apiGroup: postgresql.cnpg.io` and `kind: ImageCatalog` or `ClusterImageCatalog`";
        checker.refuse(&catalog, &PG_001, Reason::Invalid, "this is no catalog of images of CloudNativePG", help);
    }
}

fn locales(initdb: &At, checker: &mut Checker) {
    let provider = initdb.key("localeProvider");
    for (key, name) in [("builtinLocale", "builtin"), ("icuLocale", "icu"), ("icuRules", "icu")] {
        let value = initdb.key(key);
        if value.is_set() && !provider.is_text(name) {
            let title = format!("`{key}` holds only where the provider of locales is `{name}`");
            let help = format!("write `localeProvider: {name}`, or remove `{key}`");
            checker.refuse(&initdb.with_cause_of(&value), &PG_002, Reason::Invalid, title, help);
        }
    }
}

fn synchronous(at: &At, checker: &mut Checker) {
    let number = at.key("number");
    if number.integer().is_some_and(|number| number < 1) {
        let title = format!("{} replicas are synchronous", number.value());
        checker.refuse(&number, &PG_003, Reason::Invalid, title, "write a number from 1 on");
    }
    let named = ["standbyNamesPre", "standbyNamesPost"].into_iter().find(|key| !at.key(key).is_empty());
    if let Some(key) = named.filter(|_| at.key("dataDurability").is_text("preferred")) {
        let title = format!("`{key}` names replicas, but durability is only preferred");
        let place = at.with_cause_of(&at.key(key));
        checker.refuse(
            &place,
            &PG_003,
            Reason::Invalid,
            title,
            "remove the names, or write `dataDurability: required`",
        );
    }
}
