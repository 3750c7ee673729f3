//! StatefulSet.

use super::amount::{amount, at_most_all, size};
use super::selection::{Rules, selection};
use super::template::lasting;
use crate::check::api::metadata::{metadata, template_metadata};
use crate::check::api::persistent_volume_claim::claim_spec;
use crate::check::api::pod::{Owner, pod_template};
use crate::check::format::DNS_LABEL;
use crate::check::{At, Checker, Reason, Rule, api_rules};
use crate::value::{nearest, quote};

api_rules! {
    /// There is a selector, it is not empty, and the labels of the template meet it.
    STS_001 = "STS-001";
    /// `podManagementPolicy` is `OrderedReady` or `Parallel`.
    STS_002 = "STS-002";
    /// The type of the update strategy is `RollingUpdate` or `OnDelete`.
    STS_003 = "STS-003";
    /// `rollingUpdate` does not go with `OnDelete`.
    STS_004 = "STS-004";
    /// `partition` is at least 0.
    STS_005 = "STS-005";
    /// Since 1.37 `maxUnavailable` is a count from 1 on, or a percentage from `1%` to `100%`; before it is dropped.
    STS_006 = "STS-006";
    /// What `persistentVolumeClaimRetentionPolicy` says is `Retain` or `Delete`.
    STS_007 = "STS-007";
    /// `replicas` and `minReadySeconds` are at least 0.
    STS_011 = "STS-011";
    /// `ordinals.start` is at least 0.
    STS_012 = "STS-012";
    /// Since 1.33 `serviceName` is a DNS label.
    STS_013 = "STS-013";
    /// `restartPolicy` of the template is `Always`, and it has no `activeDeadlineSeconds`.
    STS_015 = "STS-015";
}

const SELECTION: Rules = Rules { required: &STS_001, filled: &STS_001, met: &STS_001 };

/// A StatefulSet.
pub fn stateful_set(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_LABEL, checker);
    let spec = object.key("spec");
    checker.bound(&spec.key("replicas"), &STS_011, 0..=i64::MAX);
    checker.bound(&spec.key("minReadySeconds"), &STS_011, 0..=i64::MAX);
    selection(&spec, &SELECTION, checker);
    template(&spec, checker);
    let management = spec.key("podManagementPolicy");
    choose_invalid(&management, management.text(), &STS_002, ["OrderedReady", "Parallel"], checker);
    update_strategy(&spec.key("updateStrategy"), checker);
    let retention = spec.key("persistentVolumeClaimRetentionPolicy");
    for key in ["whenDeleted", "whenScaled"] {
        checker.choose(&retention.key(key), &STS_007, &["Retain", "Delete"]);
    }
    checker.bound(&spec.key("ordinals").key("start"), &STS_012, 0..=i64::MAX);
    if checker.since(33) {
        checker.follow(&spec.key("serviceName"), &STS_013, &DNS_LABEL);
    }
}

fn template(spec: &At, checker: &mut Checker) {
    let at = spec.key("template");
    lasting(&at, &STS_015, &STS_015, checker);
    if checker.since(34) {
        let claims = spec.key("volumeClaimTemplates");
        pod_template(&at, Owner::StatefulSet(claims), checker);
        for claim in claims.items() {
            claim_spec(&claim.key("spec"), checker);
        }
        return;
    }
    // Before 1.34 the server looked at nothing else of the Pods, so no rule of theirs refuses an unknown policy.
    template_metadata(&at, checker);
    let pods = at.key("spec");
    let policy = pods.key("restartPolicy");
    if !matches!(policy.text(), "OnFailure" | "Never") {
        checker.choose(&policy, &STS_015, &["Always"]);
    }
}

fn update_strategy(at: &At, checker: &mut Checker) {
    let (kind, rolling) = (at.key("type"), at.key("rollingUpdate"));
    match kind.text() {
        "OnDelete" if rolling.is_set() => {
            let title = "`rollingUpdate` does not go with `OnDelete`";
            let help = "remove `rollingUpdate`, or write `type: RollingUpdate`";
            let finding = checker.refuse(&rolling, &STS_004, Reason::Invalid, title, help);
            finding.related.push((kind.cause(), "`OnDelete` is here".to_owned()));
        }
        "" | "RollingUpdate" => rolling_update(&rolling, checker),
        other => choose_invalid(&at.with_cause_of(&kind), other, &STS_003, ["RollingUpdate", "OnDelete"], checker),
    }
}

fn rolling_update(at: &At, checker: &mut Checker) {
    checker.bound(&at.key("partition"), &STS_005, 0..=i64::MAX);
    let unavailable = at.key("maxUnavailable");
    if !checker.since(37) || !checker.passes(|checker| amount(&unavailable, &STS_006, checker)) {
        return;
    }
    at_most_all(&unavailable, &STS_006, checker);
    if size(&unavailable) == Some(0) {
        let title = "an update may not take a Pod away, and a StatefulSet adds none";
        checker.refuse(
            &unavailable,
            &STS_006,
            Reason::Invalid,
            title,
            "write `maxUnavailable: 1` or more, in a stack write `unavailable = 1` or more in `strategy`",
        );
    }
}

/// Asks that a text, where it is not empty, is one of two words. Here the server calls another word invalid.
fn choose_invalid(at: &At, text: &str, rule: &Rule, words: [&'static str; 2], checker: &mut Checker) {
    if text.is_empty() || words.contains(&text) {
        return;
    }
    let help = match nearest(text, words.into_iter()) {
        Some(near) => format!("write `{near}`"),
        None => format!("write `{}` or `{}`", words[0], words[1]),
    };
    checker.refuse(at, rule, Reason::Invalid, format!("{} is not known here", quote(text)), help);
}
