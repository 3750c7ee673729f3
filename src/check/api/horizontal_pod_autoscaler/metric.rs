//! What a HorizontalPodAutoscaler measures, and the value that it steers to.

use super::reference;
use crate::check::api::resource_name::CONTAINER_RESOURCE;
use crate::check::format::{DNS_LABEL, METRIC_NAME};
use crate::check::{At, Checker, Reason, Rule, api_rules};
use crate::value::{Quantity, Scalar};

api_rules! {
    /// The type of a metric is `Resource`, `ContainerResource`, `Pods`, `Object` or `External`.
    HPA_006 = "HPA-006";
    /// A metric has the block that is called like its type.
    HPA_007 = "HPA-007";
    /// A metric has no block of another type.
    HPA_008 = "HPA-008";
    /// A metric of a resource names it.
    HPA_009 = "HPA-009";
    /// A metric of a container names a resource and the container.
    HPA_010 = "HPA-010";
    /// The target of a resource is `averageUtilization` or `averageValue`, one of the two.
    HPA_011 = "HPA-011";
    /// The target of a metric of Pods is `averageValue`.
    HPA_012 = "HPA-012";
    /// The target of a metric of an object is `value` or `averageValue`.
    HPA_013 = "HPA-013";
    /// The target of an external metric is `value` or `averageValue`, one of the two.
    HPA_014 = "HPA-014";
    /// The type of a target is `Utilization`, `Value` or `AverageValue`.
    HPA_015 = "HPA-015";
    /// A value to steer to is more than 0.
    HPA_016 = "HPA-016";
    /// A utilization to steer to is 1 percent or more.
    HPA_017 = "HPA-017";
    /// A metric that is no resource has a name.
    HPA_018 = "HPA-018";
    /// An object that is measured has a kind and a name.
    HPA_019 = "HPA-019";
}

/// A source of numbers: its key, the type that is called like it, and its checks.
type Source = (&'static str, &'static str, fn(&At, &mut Checker));

/// In the order in which the server looks: of several it checks the first only.
const SOURCES: [Source; 5] = [
    ("object", "Object", object),
    ("external", "External", external),
    ("pods", "Pods", pods),
    ("resource", "Resource", resource),
    ("containerResource", "ContainerResource", container_resource),
];

/// A metric.
pub fn metric(at: &At, checker: &mut Checker) {
    let kind = at.key("type");
    let types = ["ContainerResource", "External", "Object", "Pods", "Resource"];
    let resource = kind.text().to_ascii_lowercase();
    if matches!(resource.as_str(), "cpu" | "memory") {
        let title = format!("{} is a resource, and not a type of metric", kind.value());
        let help = format!("write `Resource` as the type, and `resource` with `name: {resource}` beside it");
        checker.refuse(&kind, &HPA_006, Reason::NotSupported, title, help);
    } else if checker.require(&kind, &HPA_006, "a type such as `Resource`") {
        checker.choose(&kind, &HPA_006, &types);
    }
    let present = || SOURCES.iter().filter(|(key, ..)| at.key(key).is_set());
    if let Some((key, _, check)) = present().next() {
        check(&at.key(key), checker);
    }
    let expected = SOURCES.iter().find(|(_, name, _)| *name == kind.text()).map(|(key, ..)| *key);
    if let Some(key) = expected {
        let block = at.key(key);
        if !block.is_set() {
            let title = format!("a metric of type {} needs the block `{key}`", kind.text());
            checker.refuse(&block, &HPA_007, Reason::Required, title, format!("write `{key}` with its `target`"));
        }
    }
    if present().nth(1).is_some() {
        for (key, ..) in present().filter(|(key, ..)| Some(*key) != expected) {
            let title = format!("a metric of type {} has no `{key}`", kind.value());
            let help = format!("remove `{key}`, or write another metric with it");
            checker.refuse(&at.key(key), &HPA_008, Reason::Forbidden, title, help);
        }
    }
}

fn object(at: &At, checker: &mut Checker) {
    let described = at.key("describedObject");
    reference(&described, &HPA_019, checker);
    let version = described.key("apiVersion");
    if checker.since(34) && version.text().matches('/').count() > 1 {
        let title = format!("{} is no API version", version.value());
        checker.refuse(&version, &HPA_019, Reason::Invalid, title, "write it as `GROUP/VERSION` or `VERSION`");
    }
    name(at, checker);
    let target = at.key("target");
    values(&target, checker);
    let average = target.key("averageValue");
    if !target.key("value").is_set() && !average.is_set() {
        checker.require(&average, &HPA_013, "a value to steer to");
    }
}

fn external(at: &At, checker: &mut Checker) {
    name(at, checker);
    let target = at.key("target");
    values(&target, checker);
    let (value, average) = (target.key("value"), target.key("averageValue"));
    if value.is_set() && average.is_set() {
        checker.forbid(&value, &HPA_014, "beside `averageValue`");
    } else if !value.is_set() && !average.is_set() {
        checker.require(&average, &HPA_014, "a value to steer to");
    }
}

fn pods(at: &At, checker: &mut Checker) {
    name(at, checker);
    let target = at.key("target");
    values(&target, checker);
    let average = target.key("averageValue");
    if !average.is_set() {
        without_average(target.key("type").text(), &average, &HPA_012, checker);
    }
}

fn resource(at: &At, checker: &mut Checker) {
    checker.require(&at.key("name"), &HPA_009, "the name of a resource such as `cpu`");
    resource_target(&at.key("target"), checker);
}

fn container_resource(at: &At, checker: &mut Checker) {
    let (name, container) = (at.key("name"), at.key("container"));
    if checker.require(&name, &HPA_010, "the name of a resource such as `cpu`") {
        checker.follow(&name, &HPA_010, &CONTAINER_RESOURCE);
    }
    if checker.require(&container, &HPA_010, "the name of a container") {
        checker.follow(&container, &HPA_010, &DNS_LABEL);
    }
    resource_target(&at.key("target"), checker);
}

fn resource_target(target: &At, checker: &mut Checker) {
    values(target, checker);
    let (utilization, average) = (target.key("averageUtilization"), target.key("averageValue"));
    if utilization.is_set() && average.is_set() {
        checker.forbid(&average, &HPA_011, "beside `averageUtilization`");
    } else if !utilization.is_set() && !average.is_set() {
        match target.key("type").text() {
            "Value" => without_average("Value", &utilization, &HPA_011, checker),
            _ => drop(checker.require(&utilization, &HPA_011, "a percentage of what the Pods request")),
        }
    }
}

/// Metrics of Pods are averages, whatever `type` says.
fn without_average(kind: &str, at: &At, rule: &Rule, checker: &mut Checker) {
    let help = "write `type: AverageValue` and `averageValue` in the `target`";
    let title = match kind {
        "Value" => "this metric is an average, and its target has `type: Value`",
        _ => "the target of this metric has no `averageValue`",
    };
    checker.refuse(at, rule, Reason::Required, title, help);
}

fn name(at: &At, checker: &mut Checker) {
    let metric = at.key("metric");
    let name = metric.key("name");
    if checker.require(&name, &HPA_018, "the name of a metric") {
        checker.follow(&name, &HPA_018, &METRIC_NAME);
    }
}

fn values(target: &At, checker: &mut Checker) {
    const TYPES: [&str; 3] = ["Utilization", "Value", "AverageValue"];
    let kind = target.key("type");
    if checker.require(&kind, &HPA_015, "a type such as `Utilization`") && !TYPES.contains(&kind.text()) {
        let title = format!("{} is no type of target", kind.value());
        let help = "write `Utilization`, `Value` or `AverageValue`";
        checker.refuse(&kind, &HPA_015, Reason::Invalid, title, help);
    }
    for key in ["value", "averageValue"] {
        let value = target.key(key);
        if value.quantity().is_some_and(|amount| !is_positive(&amount)) {
            let title = format!("a target of {} can never be reached", value.value());
            checker.refuse(&value, &HPA_016, Reason::Invalid, title, "write an amount above 0");
        }
    }
    checker.bound(&target.key("averageUtilization"), &HPA_017, 1..=i64::MAX);
}

fn is_positive(amount: &Quantity) -> bool {
    Quantity::parse("0").is_ok_and(|zero| *amount > zero)
}
