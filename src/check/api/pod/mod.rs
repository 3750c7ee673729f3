//! Pods, bare ones and those that a workload makes from a template.

pub mod lists;
pub mod resources;
pub mod pod_resources;
pub mod claims;
pub mod probes;
pub mod profile;
pub mod windows;
pub mod security;
pub mod affinity;
pub mod scheduling;
pub mod spec;

use super::metadata::{metadata, template_metadata};
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker};

/// A bare Pod.
pub fn pod(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let (metadata, spec) = (object.key("metadata"), object.key("spec"));
    spec::annotations(&metadata.key("annotations"), &spec, Some(&metadata), checker);
    pod_spec(&spec, Some(&metadata), checker);
}

/// A PodTemplate.
pub fn pod_template_object(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    pod_template(&object.key("template"), checker);
}

/// The template of a workload's Pods.
pub fn pod_template(template: &At, checker: &mut Checker) {
    template_metadata(template, checker);
    let (metadata, spec) = (template.key_unspelled("metadata"), template.key("spec"));
    spec::annotations(&metadata.key("annotations"), &spec, None, checker);
    pod_spec(&spec, None, checker);
}

/// The specification of a Pod. `metadata` is there for a bare Pod.
fn pod_spec(at: &At, metadata: Option<&At>, checker: &mut Checker) {
    for list in lists::every_container(at) {
        for container in list.items() {
            resources::resources(&container, checker);
            claims::used_claims(&container, at, checker);
            security::container_security(&container, at, checker);
        }
    }
    for container in at.key("containers").items() {
        probes::probes(&container, at, checker);
    }
    for container in at.key("initContainers").items() {
        if container.key("restartPolicy").text() == "Always" {
            probes::probes(&container, at, checker);
        }
    }
    spec::spec(at, metadata, checker);
}
