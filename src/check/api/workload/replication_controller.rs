//! ReplicationController.

use super::selection::{label, refuse_labels, unmet_label};
use super::template::lasting;
use crate::check::api::metadata::metadata;
use crate::check::api::pod::{Owner, pod_template};
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker, Reason, api_rules};

api_rules! {
    /// `replicas` and `minReadySeconds` are at least 0.
    RC_001 = "RC-001";
    /// There is a selector, or the template has labels to make it from.
    RC_002 = "RC-002";
    /// There is a template.
    RC_003 = "RC-003";
    /// The labels of the template meet the selector.
    RC_004 = "RC-004";
    /// `restartPolicy` of the template is `Always`, and it has no `activeDeadlineSeconds`.
    RC_005 = "RC-005";
}

/// A ReplicationController.
pub fn replication_controller(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    checker.bound(&spec.key("replicas"), &RC_001, 0..=i64::MAX);
    checker.bound(&spec.key("minReadySeconds"), &RC_001, 0..=i64::MAX);
    let (selector, pods) = (spec.key("selector"), spec.key("template"));
    let metadata = pods.key("metadata");
    let labels = metadata.key("labels");
    if selector.is_empty() && labels.is_empty() {
        let help = "write labels below `metadata.labels` of the template";
        checker.refuse(&selector, &RC_002, Reason::Required, "there is nothing to select Pods by", help);
    }
    if !pods.is_set() {
        checker.refuse(&pods, &RC_003, Reason::Required, "the template is missing", "write `template`");
        return;
    }
    // Without a selector the server takes the labels of the template.
    if let Some(unmet) = unmet_label(&selector, |name| label(&labels, name)) {
        refuse_labels(&labels, &RC_004, unmet, checker);
    }
    pod_template(&pods, Owner::Template, checker);
    lasting(&pods, &RC_005, &RC_005, checker);
}
