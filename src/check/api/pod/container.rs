//! The containers of a Pod.

use super::claims::used_claims;
use super::env::environment;
use super::mounts::mounts;
use super::ports::{host_ports, init_host_ports, ports};
use super::probes::probes;
use super::resources::resources;
use super::restart::{init_resize_policy, init_restart_policy, is_sidecar, resize_policy, restart_policy};
use super::security::container_security;
use super::{PULL_POLICIES, Pod};
use crate::check::format::DNS_LABEL;
use crate::check::{At, Checker, Reason, api_rules, repeated};

api_rules! {
    /// A Pod has a container.
    POD_001 = "POD-001";
    /// A container has a name, a DNS label.
    POD_002 = "POD-002";
    /// The names of the containers of a Pod differ.
    POD_003 = "POD-003";
    /// The name of an init container is that of no other container.
    POD_004 = "POD-004";
    /// A container has an image.
    POD_005 = "POD-005";
    /// The image of a bare Pod has no blanks around it.
    POD_006 = "POD-006";
    /// `imagePullPolicy` is `Always`, `IfNotPresent` or `Never`.
    POD_007 = "POD-007";
    /// `terminationMessagePolicy` is `File` or `FallbackToLogsOnError`.
    POD_008 = "POD-008";
    /// Only an init container that is a sidecar has probes and a `lifecycle`.
    POD_012 = "POD-012";
}

/// All containers of a Pod.
pub fn containers(pod: &Pod, checker: &mut Checker) {
    let (regular, init) = (pod.spec.key("containers"), pod.spec.key("initContainers"));
    checker.require(&regular, &POD_001, "a container");
    for container in regular.items() {
        any_container(&container, pod, checker);
        restart_policy(&container, checker);
        probes(&container, &pod.spec, checker);
    }
    host_ports(&regular, pod, checker);
    for container in init.items() {
        any_container(&container, pod, checker);
        init_restart_policy(&container, checker);
        init_resize_policy(&container, checker);
        if is_sidecar(&container, checker) {
            probes(&container, &pod.spec, checker);
        } else {
            no_probes(&container, checker);
        }
        init_host_ports(container, pod, checker);
    }
    names(&regular, &init, checker);
}

/// What is asked of every container.
fn any_container(at: &At, pod: &Pod, checker: &mut Checker) {
    let (name, image) = (at.key("name"), at.key("image"));
    if checker.require(&name, &POD_002, "the name of a container") {
        checker.follow(&name, &POD_002, &DNS_LABEL);
    }
    if checker.require(&image, &POD_005, "an image") && pod.is_bare() && image.text().trim() != image.text() {
        let title = format!("the image {} has blanks around it", image.value());
        let help = match image.text().trim() {
            "" => "write the name of an image".to_owned(),
            trimmed => format!("write `{trimmed}`"),
        };
        checker.refuse(&image, &POD_006, Reason::Invalid, title, help);
    }
    checker.choose(&at.key("imagePullPolicy"), &POD_007, &PULL_POLICIES);
    checker.choose(&at.key("terminationMessagePolicy"), &POD_008, &["File", "FallbackToLogsOnError"]);
    ports(at, checker);
    environment(at, pod, checker);
    mounts(at, pod, checker);
    resources(at, checker);
    used_claims(at, &pod.spec, checker);
    resize_policy(at, &pod.spec, checker);
    container_security(at, &pod.spec, checker);
}

/// What only containers have that run beside others.
fn no_probes(container: &At, checker: &mut Checker) {
    for key in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
        let field = container.key(key);
        if field.is_set() {
            let title = format!("an init container that is no sidecar has no `{key}`: it ends before the others begin");
            let help = "remove it, or write `restartPolicy: Always` to make the container a sidecar";
            checker.refuse(&field, &POD_012, Reason::Forbidden, title, help);
        }
    }
}

/// The names of all containers, which differ.
fn names(regular: &At, init: &At, checker: &mut Checker) {
    let regular = regular.items().map(|container| (container, &POD_003));
    let all = regular.chain(init.items().map(|container| (container, &POD_004)));
    for ((container, rule), (first, _)) in repeated(all, |(container, _)| name(container)) {
        checker.duplicate(&container.key("name"), rule, "container name", &first.key("name"));
    }
}

/// A name that is compared with others.
fn name<'f>(container: &At<'_, 'f>) -> Option<&'f str> {
    Some(container.key("name").text()).filter(|name| !name.is_empty())
}
