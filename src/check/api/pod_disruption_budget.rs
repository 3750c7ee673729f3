//! PodDisruptionBudget.

use super::labels::selector;
use super::metadata::generic_metadata;
use crate::bundle::FieldValue;
use crate::check::format::{PATH_SEGMENT, PERCENT};
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// Either `minAvailable` or `maxUnavailable` is set, not both.
    PDB_001 = "PDB-001";
    /// How many may be missing is a number from 0 on, or a percentage.
    PDB_002 = "PDB-002";
    /// A percentage is at most `100%`.
    PDB_003 = "PDB-003";
    /// `unhealthyPodEvictionPolicy` is `IfHealthyBudget` or `AlwaysAllow`.
    PDB_005 = "PDB-005";
}

/// A PodDisruptionBudget.
pub fn pod_disruption_budget(object: &At, checker: &mut Checker) {
    generic_metadata(object, &PATH_SEGMENT, checker);
    let spec = object.key("spec");
    let (least, most) = (spec.key("minAvailable"), spec.key("maxUnavailable"));
    if least.is_set() && most.is_set() {
        let title = "`minAvailable` and `maxUnavailable` exclude each other";
        let place = spec.with_cause_of(&least);
        let finding = checker.refuse(&place, &PDB_001, Reason::Invalid, title, "keep one of the two");
        finding.related.push((most.cause(), "the other one".to_owned()));
    }
    count_or_percent(&least, checker);
    count_or_percent(&most, checker);
    selector(&spec.key("selector"), checker);
    let policy = spec.key("unhealthyPodEvictionPolicy");
    if policy.is_set() {
        checker.choose_text(&policy, policy.text(), &PDB_005, &["AlwaysAllow", "IfHealthyBudget"]);
    }
}

fn count_or_percent(at: &At, checker: &mut Checker) {
    match at.field().map(|field| &field.value) {
        Some(FieldValue::Integer(_)) => drop(checker.bound(at, &PDB_002, 0..=i64::MAX)),
        Some(FieldValue::String(text)) if checker.follow_text(at, text, &PDB_002, &PERCENT) => {
            let digits = text.trim_end_matches('%').trim_start_matches('0');
            if digits.len() > 3 || digits.parse().is_ok_and(|percent: u32| percent > 100) {
                let title = format!("{} is more than all of them", at.value());
                checker.refuse(at, &PDB_003, Reason::Invalid, title, "write at most `100%`");
            }
        }
        _ => {}
    }
}
