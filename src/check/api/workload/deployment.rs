//! Deployment.

use super::amount::{amount, at_most_all, size};
use super::selection::{Rules, selection};
use super::template::lasting;
use crate::check::api::metadata::metadata;
use crate::check::api::pod::{Owner, pod_template};
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// `replicas` is at least 0.
    DEP_001 = "DEP-001";
    /// There is a selector.
    DEP_002 = "DEP-002";
    /// The selector is not empty.
    DEP_003 = "DEP-003";
    /// The labels of the template meet the selector.
    DEP_005 = "DEP-005";
    /// `restartPolicy` of the template is `Always`.
    DEP_006 = "DEP-006";
    /// The template has no `activeDeadlineSeconds`.
    DEP_007 = "DEP-007";
    /// The type of the strategy is `RollingUpdate` or `Recreate`.
    DEP_008 = "DEP-008";
    /// `rollingUpdate` does not go with `Recreate`.
    DEP_009 = "DEP-009";
    /// Not both `maxSurge` and `maxUnavailable` are 0.
    DEP_010 = "DEP-010";
    /// `maxSurge` and `maxUnavailable` are counts from 0 on, or percentages.
    DEP_011 = "DEP-011";
    /// `maxUnavailable` is at most `100%`.
    DEP_012 = "DEP-012";
    /// `minReadySeconds` is at least 0.
    DEP_013 = "DEP-013";
    /// `revisionHistoryLimit` is at least 0.
    DEP_014 = "DEP-014";
    /// `progressDeadlineSeconds`, 600 where it is left out, is at least 0 and more than `minReadySeconds`.
    DEP_015 = "DEP-015";
    /// An annotation `deprecated.deployment.rollback.to` holds a whole number from 0 on, or nothing.
    DEP_017 = "DEP-017";
}

const SELECTION: Rules = Rules { required: &DEP_002, filled: &DEP_003, met: &DEP_005 };

/// `progressDeadlineSeconds` where it is left out.
const PROGRESS_DEADLINE: i64 = 600;

/// A revision of long ago, which the server still reads.
const ROLLBACK: &str = "deprecated.deployment.rollback.to";

/// A Deployment.
pub fn deployment(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    rollback(object, checker);
    let spec = object.key("spec");
    checker.bound(&spec.key("replicas"), &DEP_001, 0..=i64::MAX);
    selection(&spec, &SELECTION, checker);
    let pods = spec.key("template");
    pod_template(&pods, Owner::Template, checker);
    lasting(&pods, &DEP_006, &DEP_007, checker);
    strategy(&spec.key("strategy"), checker);
    checker.bound(&spec.key("minReadySeconds"), &DEP_013, 0..=i64::MAX);
    checker.bound(&spec.key("revisionHistoryLimit"), &DEP_014, 0..=i64::MAX);
    progress(&spec, checker);
}

fn rollback(object: &At, checker: &mut Checker) {
    let metadata = object.key("metadata");
    let annotations = metadata.key("annotations");
    let annotation = annotations.entry(ROLLBACK);
    if annotation.is_empty() {
        return;
    }
    let title = format!("the annotation `{ROLLBACK}` takes the number of a revision, not {}", annotation.value());
    match annotation.text().parse::<i64>() {
        Ok(0..) => {}
        Ok(_) => {
            let spec = object.key("spec");
            let rollback = spec.key("rollback");
            let place = rollback.key("version").with_cause_of(&annotation);
            checker.refuse(&place, &DEP_017, Reason::Invalid, title, "remove the annotation");
        }
        Err(_) => {
            // The server cannot read the object, and names no field.
            let place = object.with_cause_of(&annotation);
            checker.refuse(&place, &DEP_017, Reason::BadRequest, title, "remove the annotation");
        }
    }
}

fn strategy(at: &At, checker: &mut Checker) {
    let (kind, rolling) = (at.key("type"), at.key("rollingUpdate"));
    match kind.text() {
        "Recreate" => drop(checker.forbid(&rolling, &DEP_009, "where the strategy is `Recreate`")),
        "" | "RollingUpdate" => rolling_update(&rolling, checker),
        other => {
            let place = at.with_cause_of(&kind);
            checker.choose_text(&place, other, &DEP_008, &["RollingUpdate", "Recreate"]);
        }
    }
}

fn rolling_update(at: &At, checker: &mut Checker) {
    let (surge, unavailable) = (at.key("maxSurge"), at.key("maxUnavailable"));
    let well_formed = checker.passes(|checker| {
        amount(&surge, &DEP_011, checker);
        amount(&unavailable, &DEP_011, checker);
    });
    at_most_all(&unavailable, &DEP_012, checker);
    if well_formed && size(&surge) == Some(0) && size(&unavailable) == Some(0) {
        let title = "a rollout may neither add a Pod nor take one away";
        let help = "write `maxUnavailable: 1`, or `maxSurge: 1`, in a stack write `unavailable = 1` or `surge = 1` in `strategy`";
        let finding = checker.refuse(&unavailable, &DEP_010, Reason::Invalid, title, help);
        finding.related.push((surge.cause(), "this is 0 too".to_owned()));
    }
}

fn progress(spec: &At, checker: &mut Checker) {
    let (deadline, ready) = (spec.key("progressDeadlineSeconds"), spec.key("minReadySeconds"));
    if !checker.bound(&deadline, &DEP_015, 0..=i64::MAX) {
        return;
    }
    let (seconds, least) = (deadline.integer().unwrap_or(PROGRESS_DEADLINE), ready.integer().unwrap_or(0));
    if seconds <= least {
        let place = if deadline.is_set() { deadline } else { deadline.with_cause_of(&ready) };
        let title =
            format!("a rollout fails after {seconds} seconds, and a Pod is ready after {least} at the earliest");
        let help = {
            let least = least.saturating_add(1);
            format!(
                "write `progressDeadlineSeconds` of at least {least}, in a stack write `deadline = \"{least}s\"` or more in `strategy`"
            )
        };
        let finding = checker.refuse(&place, &DEP_015, Reason::Invalid, title, help);
        if deadline.is_set() && ready.is_set() {
            finding.related.push((ready.cause(), "`minReadySeconds` is here".to_owned()));
        }
    }
}
