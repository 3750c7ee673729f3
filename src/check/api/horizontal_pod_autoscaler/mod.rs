//! HorizontalPodAutoscaler.

pub mod metric;
pub mod behavior;

use super::metadata::metadata;
use crate::check::format::{DNS_SUBDOMAIN, PATH_SEGMENT};
use crate::check::{At, Checker, Reason, Rule, api_rules};

api_rules! {
    /// The least number of replicas is 1 or more; 0, where an `Object` or `External` metric can wake the target, since 1.37.
    HPA_001 = "HPA-001";
    /// The largest number of replicas is 1 or more.
    HPA_002 = "HPA-002";
    /// The largest number of replicas is not less than the least one.
    HPA_003 = "HPA-003";
    /// What is scaled has a kind and a name.
    HPA_004 = "HPA-004";
    /// What is scaled has an API group, since 1.34.
    HPA_005 = "HPA-005";
    /// No metric asks for 0 replicas where only use of resources is measured.
    HPA_021 = "HPA-021";
}

/// A HorizontalPodAutoscaler, of either version of its API.
pub fn horizontal_pod_autoscaler(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    replicas(&spec, checker);
    let target = spec.key("scaleTargetRef");
    reference(&target, &HPA_004, checker);
    if checker.since(34) {
        api_group(&target, checker);
    }
    if object.key("apiVersion").text().ends_with("/v1") {
        utilization(&spec, checker);
        return;
    }
    for item in spec.key("metrics").items() {
        metric::metric(&item, checker);
    }
    let behavior = spec.key("behavior");
    for direction in ["scaleUp", "scaleDown"] {
        behavior::scaling_rules(&behavior.key(direction), checker);
    }
}

/// A reference to an object that has at least a kind and a name.
fn reference(at: &At, rule: &Rule, checker: &mut Checker) {
    for (key, what) in [("kind", "a kind"), ("name", "a name")] {
        let part = at.key(key);
        if checker.require(&part, rule, what) {
            checker.follow(&part, rule, &PATH_SEGMENT);
        }
    }
}

fn replicas(spec: &At, checker: &mut Checker) {
    let (least, most) = (spec.key("minReplicas"), spec.key("maxReplicas"));
    let lowest = if checker.since(37) { 0 } else { 1 };
    checker.bound(&least, &HPA_001, lowest..=i64::MAX);
    if least.integer() == Some(0) && !wakes(spec) {
        let metrics = spec.key("metrics").with_cause_of(&least);
        let title = "nothing can wake the target from 0 replicas: no metric is of type `Object` or `External`";
        checker.refuse(&metrics, &HPA_021, Reason::Forbidden, title, "write `minReplicas: 1`, or add such a metric");
    }
    match most.integer().unwrap_or(0) {
        0 => {
            let reason = if checker.since(37) { Reason::Required } else { Reason::Invalid };
            let title = "the largest number of replicas is missing, or 0";
            checker.refuse(&most, &HPA_002, reason, title, "write `maxReplicas` with a number from 1 on");
        }
        number if number < 0 => drop(checker.bound(&most, &HPA_002, 1..=i64::MAX)),
        number if least.integer().is_some_and(|least| number < least) => {
            let title =
                format!("at most {number} replicas are fewer than the at least {} of `minReplicas`", least.value());
            let help = "write a `maxReplicas` that is not less than `minReplicas`";
            let finding = checker.refuse(&most, &HPA_003, Reason::Invalid, title, help);
            finding.related.push((least.cause(), "the least number".to_owned()));
        }
        _ => {}
    }
}

/// Whether something outside the Pods is measured, which can be asked while there are none.
fn wakes(spec: &At) -> bool {
    spec.key("metrics").items().any(|item| ["Object", "External"].contains(&item.key("type").text()))
}

fn api_group(target: &At, checker: &mut Checker) {
    let version = target.key("apiVersion");
    let text = version.text();
    let group = text.split_once('/').map_or("", |(group, _)| group);
    let of_core = group.is_empty() && target.key("kind").text() == "ReplicationController";
    let title = if text.matches('/').count() > 1 {
        format!("the `apiVersion` {} has more than a group and a version", version.value())
    } else if !group.is_empty() || of_core {
        return;
    } else if text.is_empty() {
        "what is scaled has no `apiVersion`".to_owned()
    } else {
        format!("the `apiVersion` {} has no API group", version.value())
    };
    checker.refuse(&version, &HPA_005, Reason::Invalid, title, "write it as in `apps/v1`");
}

/// The one metric of `autoscaling/v1`; the server speaks of it as `autoscaling/v2` does.
fn utilization(spec: &At, checker: &mut Checker) {
    let spelled = "metrics[0].resource.target.averageUtilization";
    let at = spec.key_spelled("targetCPUUtilizationPercentage", spelled);
    checker.bound(&at, &metric::HPA_017, 1..=i64::MAX);
}
