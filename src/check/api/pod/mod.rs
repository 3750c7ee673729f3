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
pub mod downward;
pub mod volumes;
pub mod env;
pub mod mounts;
pub mod ports;
pub mod restart;
pub mod container;

#[cfg(test)]
mod tests;

use super::metadata::{metadata, template_metadata};
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker, Reason, api_rules};
use volumes::{Volumes, volumes};

api_rules! {
    /// Nobody creates a Pod with `ephemeralContainers`; they are added to a running one.
    POD_015 = "POD-015";
}

/// When an image is pulled, of containers and of volumes.
const PULL_POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];

/// Whose specification of a Pod it is: some things the server asks of bare Pods only, as it did not always ask them of templates.
#[derive(Clone, Copy)]
pub enum Owner<'p, 'f> {
    /// A bare Pod, with this metadata.
    Pod(At<'p, 'f>),
    /// The template of a workload.
    Template,
    /// The template of a StatefulSet, whose Pods get a volume for each of its claim templates, this list.
    StatefulSet(At<'p, 'f>),
}

/// A bare Pod.
pub fn pod(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let (metadata, spec) = (object.key("metadata"), object.key("spec"));
    spec::annotations(&metadata.key("annotations"), &spec, Some(&metadata), checker);
    pod_spec(&spec, Owner::Pod(metadata), checker);
}

/// The template of a workload's Pods.
pub fn pod_template(template: &At, owner: Owner, checker: &mut Checker) {
    template_metadata(template, checker);
    let (metadata, spec) = (template.key_unspelled("metadata"), template.key("spec"));
    spec::annotations(&metadata.key("annotations"), &spec, None, checker);
    pod_spec(&spec, owner, checker);
}

/// A PodTemplate.
pub fn pod_template_object(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    pod_template(&object.key("template"), Owner::Template, checker);
}

/// The specification of a Pod.
pub fn pod_spec(at: &At, owner: Owner, checker: &mut Checker) {
    let pod = Pod { spec: *at, owner, volumes: Volumes::new(at, owner, checker) };
    volumes(&pod.volumes, checker);
    container::containers(&pod, checker);
    spec::spec(at, pod.metadata(), checker);
    let ephemeral = at.key("ephemeralContainers");
    if !ephemeral.is_empty() {
        let title = "`ephemeralContainers` may not be set when a Pod is created";
        let help = "remove it; `kubectl debug` adds such containers to a running Pod";
        checker.refuse(&ephemeral, &POD_015, Reason::Forbidden, title, help);
    }
}

/// What the checks of a container must know of its Pod.
pub struct Pod<'p, 'f> {
    /// Its specification.
    pub spec: At<'p, 'f>,
    /// Whose it is.
    pub owner: Owner<'p, 'f>,
    /// What its containers may mount.
    pub volumes: Volumes<'p, 'f>,
}

impl<'p, 'f> Pod<'p, 'f> {
    /// The metadata of a bare Pod, which no workload makes.
    fn metadata(&self) -> Option<&At<'p, 'f>> {
        match &self.owner {
            Owner::Pod(metadata) => Some(metadata),
            Owner::Template | Owner::StatefulSet(_) => None,
        }
    }

    /// Whether no workload makes it.
    fn is_bare(&self) -> bool {
        self.metadata().is_some()
    }

    /// Whether its containers use the network of the node.
    fn uses_host_network(&self) -> bool {
        self.spec.key("hostNetwork").is_true()
    }
}
