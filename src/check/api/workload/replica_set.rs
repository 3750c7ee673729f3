//! ReplicaSet.

use super::selection::{Rules, selection};
use super::template::lasting;
use crate::check::api::metadata::metadata;
use crate::check::api::pod::{Owner, pod_template};
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker, api_rules};

api_rules! {
    /// Replicas, selector and template of a ReplicaSet follow the rules of a Deployment (DEP-001 to DEP-007, DEP-013).
    RS_001 = "RS-001";
}

const SELECTION: Rules = Rules { required: &RS_001, filled: &RS_001, met: &RS_001 };

/// A ReplicaSet.
pub fn replica_set(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    checker.bound(&spec.key("replicas"), &RS_001, 0..=i64::MAX);
    checker.bound(&spec.key("minReadySeconds"), &RS_001, 0..=i64::MAX);
    selection(&spec, &SELECTION, checker);
    let pods = spec.key("template");
    pod_template(&pods, Owner::Template, checker);
    lasting(&pods, &RS_001, &RS_001, checker);
}
