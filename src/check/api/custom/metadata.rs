//! The metadata of an object of a custom kind, of which the server reads the fields as strictly as those of any object.

use super::instance::instance;
use super::schema::Schema;
use crate::bundle::traced;
use crate::check::api::metadata::generic_metadata;
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker, Finding, Reason, Verdict};
use crate::document::OriginId;
use std::sync::OnceLock;

/// The metadata of an object.
pub fn metadata(object: &At, checker: &mut Checker) {
    let mut trial = checker.trial();
    let at = object.key("metadata");
    if let Some(schema) = schema().filter(|_| at.is_set()) {
        instance(&at, schema, &mut trial);
    }
    let findings = trial.into_findings();
    let unreadable = !findings.is_empty();
    checker.adopt(
        findings
            .into_iter()
            .map(|finding| Finding { verdict: Verdict::Refused(Reason::BadRequest), ..finding })
            .collect(),
    );
    if !unreadable {
        generic_metadata(object, &DNS_SUBDOMAIN, checker);
    }
}

fn schema() -> Option<&'static Schema> {
    static SCHEMA: OnceLock<Option<Schema>> = OnceLock::new();
    let read = || {
        let document: serde_json::Value = serde_json::from_str(include_str!("definitions/object_meta.json")).ok()?;
        // The cause is never asked for: messages are about objects.
        Some(Schema::read(&traced(document, OriginId(0)).into_field()))
    };
    SCHEMA.get_or_init(read).as_ref()
}
