//! StorageClass.

use super::metadata::metadata;
use crate::check::format::{ANNOTATION_KEY, DNS_SUBDOMAIN, Format, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, api_rules, repeated};
use std::collections::{BTreeMap, BTreeSet};

api_rules! {
    /// A storage class has a provisioner, a qualified name in any case.
    SC_001 = "SC-001";
    /// The parameters are at most 512, of 256 KiB together, and none has an empty key.
    SC_002 = "SC-002";
    /// Volumes are reclaimed by `Delete` or `Retain`.
    SC_003 = "SC-003";
    /// Volumes are bound by `Immediate` or `WaitForFirstConsumer`.
    SC_004 = "SC-004";
    /// Topologies differ, as do the keys in one of them and the values of a key, of which there is at least one.
    SC_005 = "SC-005";
}

/// How many parameters there may be.
const PARAMETERS: usize = 512;

/// The size of all parameters, in bytes.
const SIZE: usize = 256 * 1024;

/// The name of a provisioner.
const PROVISIONER: Format =
    Format { what: "the name of a provisioner", example: "ebs.csi.aws.com", check: ANNOTATION_KEY.check };

/// A StorageClass.
pub fn storage_class(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let provisioner = object.key("provisioner");
    if checker.require(&provisioner, &SC_001, "a provisioner") {
        checker.follow(&provisioner, &SC_001, &PROVISIONER);
    }
    parameters(&object.key("parameters"), checker);
    checker.choose(&object.key("reclaimPolicy"), &SC_003, &["Delete", "Retain"]);
    let binding = object.key("volumeBindingMode");
    if binding.is_set() {
        checker.choose_text(&binding, binding.text(), &SC_004, &["Immediate", "WaitForFirstConsumer"]);
    }
    topologies(&object.key("allowedTopologies"), checker);
}

fn parameters(at: &At, checker: &mut Checker) {
    if at.len() > PARAMETERS {
        let title = format!("{} parameters, {PARAMETERS} are allowed", at.len());
        checker.refuse(at, &SC_002, Reason::TooLong, title, "remove those that the provisioner does not know");
        return;
    }
    let mut size = 0;
    for (key, value) in at.entries() {
        size += key.len() + value.text().len();
        if key.is_empty() {
            let title = "a parameter has an empty key";
            checker.refuse(&at.with_cause_of(&value), &SC_002, Reason::Invalid, title, "give it a key, or remove it");
        }
    }
    if size > SIZE {
        let title = format!("the parameters have {size} bytes, {SIZE} are allowed");
        checker.refuse(at, &SC_002, Reason::TooLong, title, "shorten them");
    }
}

fn topologies(at: &At, checker: &mut Checker) {
    for term in at.items() {
        let expressions = term.key("matchLabelExpressions");
        for expression in expressions.items() {
            requirement(&expression, checker);
        }
        for (second, first) in repeated(expressions.items(), |expression| Some(expression.key("key").text())) {
            checker.duplicate(&second.key("key"), &SC_005, "key", &first.key("key"));
        }
        if expressions.is_empty() {
            let title = "a topology has no expressions";
            let help = "write `matchLabelExpressions` with `key` and `values`, or remove the topology";
            checker.refuse(&expressions, &SC_005, Reason::Duplicate, title, help);
        }
    }
    for (second, first) in repeated(at.items(), meaning) {
        let place = second.key("matchLabelExpressions");
        let title = "a topology stands here for the second time";
        let finding = checker.refuse(&place, &SC_005, Reason::Duplicate, title, "remove one of the two");
        finding.related.push((first.cause(), "the first one".to_owned()));
    }
}

fn requirement(at: &At, checker: &mut Checker) {
    let (key, values) = (at.key("key"), at.key("values"));
    checker.require(&values, &SC_005, "a list of values");
    for (second, first) in repeated(values.items(), |value| Some(value.text())) {
        checker.duplicate(&second, &SC_005, "value", &first);
    }
    checker.follow_text(&key, key.text(), &SC_005, &QUALIFIED_NAME);
}

/// The values of each key of a topology, by which two of them are compared; none where it has no expressions.
fn meaning<'f>(term: &At<'_, 'f>) -> Option<BTreeMap<&'f str, BTreeSet<&'f str>>> {
    let expressions = term.key("matchLabelExpressions");
    let values = |expression: &At<'_, 'f>| expression.key("values").items().map(|value| value.text()).collect();
    let terms = expressions.items().map(|expression| (expression.key("key").text(), values(&expression)));
    Some(terms.collect()).filter(|terms: &BTreeMap<_, _>| !terms.is_empty())
}
