//! The Pod Security labels of the namespace: the strictest level that every Pod of the stack meets is enforced.
//!
//! The levels are those of <https://kubernetes.io/docs/concepts/security/pod-security-standards/> as of Kubernetes 1.37.

use super::set;
use crate::bundle::{Bundle, Field, Object};
use crate::component::words::Level;
use crate::stack::Stack;

/// Labels the Namespace, where the bundle holds one.
pub fn label(bundle: &mut Bundle, stack: &Stack) {
    let is_ours = |object: &Object| object.kind_name() == "Namespace" && !object.identity.is_given();
    let Some(at) = bundle.objects.iter().position(is_ours) else { return };
    let specs = bundle.objects.iter().filter_map(Object::pod_template).filter_map(|template| template.get("spec"));
    let met = specs.map(level).max_by_key(|level| leniency(*level)).unwrap_or(Level::Restricted);
    let Bundle { objects, causes } = bundle;
    let namespace = &mut objects[at].root;
    let from: Vec<_> = causes.origins(namespace.cause).collect();
    let enforced =
        causes.derive("the strictest Pod Security level that every Pod of the stack meets is enforced", &from);
    set(namespace, &["metadata", "labels"], "pod-security.kubernetes.io/enforce", Field::text(met.as_str(), enforced));
    if let Some(goal) = stack.cluster.pod_security {
        for label in ["pod-security.kubernetes.io/audit", "pod-security.kubernetes.io/warn"] {
            set(namespace, &["metadata", "labels"], label, Field::text(goal.value.as_str(), goal.origin));
        }
    }
}

fn leniency(level: Level) -> u8 {
    match level {
        Level::Restricted => 0,
        Level::Baseline => 1,
        Level::Privileged => 2,
    }
}

/// The strictest level that a Pod meets.
fn level(spec: &Field) -> Level {
    if !meets_baseline(spec) {
        Level::Privileged
    } else if meets_restricted(spec) {
        Level::Restricted
    } else {
        Level::Baseline
    }
}

/// All containers of a Pod.
fn containers(spec: &Field) -> impl Iterator<Item = &Field> {
    ["initContainers", "containers"].into_iter().flat_map(|list| spec.get(list).map(Field::items).unwrap_or_default())
}

fn is_true(field: Option<&Field>) -> bool {
    field.and_then(Field::as_boolean) == Some(true)
}

fn texts(field: Option<&Field>) -> impl Iterator<Item = &str> {
    field.map(Field::items).unwrap_or_default().iter().filter_map(Field::as_str)
}

/// The capabilities that the level `baseline` lets a container add.
const BASELINE_CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

fn meets_baseline(spec: &Field) -> bool {
    let host = ["hostNetwork", "hostPID", "hostIPC"].iter().any(|key| is_true(spec.get(key)));
    let host_path =
        spec.get("volumes").map(Field::items).unwrap_or_default().iter().any(|volume| volume.get("hostPath").is_some());
    let unconfined =
        spec.follow(&["securityContext", "seccompProfile", "type"]).and_then(Field::as_str) == Some("Unconfined");
    !host && !host_path && !unconfined && containers(spec).all(container_meets_baseline)
}

fn container_meets_baseline(container: &Field) -> bool {
    let context = container.get("securityContext");
    let in_context = |path: &[&str]| context.and_then(|context| context.follow(path));
    let ports = container.get("ports").map(Field::items).unwrap_or_default();
    let host_port =
        ports.iter().any(|port| port.get("hostPort").and_then(Field::as_integer).is_some_and(|port| port != 0));
    let probes =
        ["livenessProbe", "readinessProbe", "startupProbe"].into_iter().filter_map(|probe| container.get(probe));
    // a probe with a host of its own lets the kubelet reach anything; forbidden from 1.34 on
    let mut handlers =
        probes.flat_map(|probe| [probe.follow(&["httpGet", "host"]), probe.follow(&["tcpSocket", "host"])]);
    let asks_elsewhere = handlers.any(|host| host.and_then(Field::as_str).is_some_and(|host| !host.is_empty()));
    !is_true(in_context(&["privileged"]))
        && !host_port
        && !asks_elsewhere
        && in_context(&["seccompProfile", "type"]).and_then(Field::as_str) != Some("Unconfined")
        && texts(in_context(&["capabilities", "add"])).all(|capability| BASELINE_CAPABILITIES.contains(&capability))
}

/// The kinds of volume that the level `restricted` allows.
const RESTRICTED_VOLUMES: [&str; 8] =
    ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"];

fn meets_restricted(spec: &Field) -> bool {
    let volumes = spec.get("volumes").map(Field::items).unwrap_or_default();
    let allowed = volumes.iter().all(|volume| RESTRICTED_VOLUMES.iter().any(|kind| volume.get(kind).is_some()));
    let pod = spec.get("securityContext");
    let root = |context: Option<&Field>| {
        context.and_then(|context| context.get("runAsUser")).and_then(Field::as_integer) == Some(0)
    };
    allowed
        && !root(pod)
        && containers(spec).all(|container| {
            let context = container.get("securityContext");
            let either = |path: &[&str]| {
                context.and_then(|context| context.follow(path)).or_else(|| pod.and_then(|pod| pod.follow(path)))
            };
            let own = |path: &[&str]| context.and_then(|context| context.follow(path));
            let seccomp = either(&["seccompProfile", "type"]).and_then(Field::as_str);
            is_true(either(&["runAsNonRoot"]))
                && !root(context)
                && matches!(seccomp, Some("RuntimeDefault" | "Localhost"))
                && own(&["allowPrivilegeEscalation"]).and_then(Field::as_boolean) == Some(false)
                && texts(own(&["capabilities", "drop"])).any(|capability| capability == "ALL")
                && texts(own(&["capabilities", "add"])).all(|capability| capability == "NET_BIND_SERVICE")
        })
}
