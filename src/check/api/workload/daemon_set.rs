//! DaemonSet.

use super::amount::{amount, at_most_all, size};
use super::selection::{Rules, selected};
use super::template::lasting;
use crate::check::api::labels::selector;
use crate::check::api::metadata::metadata;
use crate::check::api::pod::{Owner, pod_template};
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// There is a selector, and it is not empty.
    DS_001 = "DS-001";
    /// The labels of the template meet the selector; its Pods are always restarted and have no deadline.
    DS_002 = "DS-002";
    /// The type of the update strategy is `RollingUpdate` or `OnDelete`.
    DS_003 = "DS-003";
    /// `maxSurge` and `maxUnavailable` are counts from 0 on, or percentages up to `100%`.
    DS_004 = "DS-004";
    /// One of `maxSurge`, 0 where it is left out, and `maxUnavailable`, 1 where it is left out, is 0, the other is not.
    DS_005 = "DS-005";
    /// `minReadySeconds` and `revisionHistoryLimit` are at least 0; an annotation `deprecated.daemonset.template.generation`
    /// holds a whole number.
    DS_006 = "DS-006";
}

const SELECTION: Rules = Rules { required: &DS_001, filled: &DS_001, met: &DS_002 };

/// A field of long ago, which the server keeps in an annotation and reads.
const GENERATION: &str = "deprecated.daemonset.template.generation";

/// A DaemonSet.
pub fn daemon_set(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    generation(object, checker);
    let spec = object.key("spec");
    selection(&spec, checker);
    let pods = spec.key("template");
    pod_template(&pods, Owner::Template, checker);
    lasting(&pods, &DS_002, &DS_002, checker);
    update_strategy(&spec.key("updateStrategy"), checker);
    checker.bound(&spec.key("minReadySeconds"), &DS_006, 0..=i64::MAX);
    checker.bound(&spec.key("revisionHistoryLimit"), &DS_006, 0..=i64::MAX);
}

fn generation(object: &At, checker: &mut Checker) {
    let metadata = object.key("metadata");
    let annotations = metadata.key("annotations");
    let Some((_, generation)) = annotations.entries().find(|(key, _)| *key == GENERATION) else { return };
    if generation.text().parse::<i64>().is_err() {
        // The server cannot read the object, and names no field.
        let title = format!("the annotation `{GENERATION}` takes a whole number, not {}", generation.value());
        let place = object.with_cause_of(&generation);
        checker.refuse(&place, &DS_006, Reason::BadRequest, title, "remove the annotation");
    }
}

fn selection(spec: &At, checker: &mut Checker) {
    let (at, pods) = (spec.key("selector"), spec.key("template"));
    if at.is_set() {
        if checker.passes(|checker| selector(&at, checker)) {
            selected(spec, &at, &SELECTION, checker);
        }
        return;
    }
    // The server takes a missing selector for one that no labels meet.
    let metadata = pods.key("metadata");
    let place = metadata.key("labels").with_cause_of(spec);
    let help = "write `selector`, with the labels of the template below `matchLabels`";
    checker.refuse(&place, &DS_001, Reason::Invalid, "the selector is missing", help);
}

fn update_strategy(at: &At, checker: &mut Checker) {
    let kind = at.key("type");
    match kind.text() {
        "OnDelete" => {}
        "" | "RollingUpdate" => rolling_update(&at.key("rollingUpdate"), checker),
        other => {
            let place = at.with_cause_of(&kind);
            checker.choose_text(&place, other, &DS_003, &["RollingUpdate", "OnDelete"]);
        }
    }
}

fn rolling_update(at: &At, checker: &mut Checker) {
    let (surge, unavailable) = (at.key("maxSurge"), at.key("maxUnavailable"));
    let well_formed = checker.passes(|checker| {
        for amount_at in [&surge, &unavailable] {
            amount(amount_at, &DS_004, checker);
            at_most_all(amount_at, &DS_004, checker);
        }
    });
    if !well_formed {
        return;
    }
    let (adds, removes) = (size(&surge).unwrap_or(0) != 0, size(&unavailable).unwrap_or(1) != 0);
    if adds && removes {
        let default = if unavailable.is_set() { "" } else { ", which is 1 where it is left out" };
        let title = format!("`maxSurge` of a DaemonSet goes only with a `maxUnavailable` of 0{default}");
        let help = "write `maxUnavailable: 0` beside it, in a stack write `unavailable = 0` beside it";
        let finding = checker.refuse(&surge, &DS_005, Reason::Invalid, title, help);
        if unavailable.is_set() {
            finding.related.push((unavailable.cause(), "`maxUnavailable` is here".to_owned()));
        }
    } else if !adds && !removes {
        let title = "an update may neither add a Pod nor take one away";
        let help = "write `maxUnavailable: 1` or `maxSurge: 1`, in a stack write `unavailable = 1` or `surge = 1` in `strategy`";
        checker.refuse(&unavailable, &DS_005, Reason::Required, title, help);
    }
}
