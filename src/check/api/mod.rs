//! What the API server refuses: one walk for each kind, which emits the ids of the rules that an object breaks.
//!
//! The rules are those of the server's own validation, by their ids; a field that the server does not look at is not looked at
//! here either.

pub mod labels;
pub mod metadata;
mod config_map;
pub mod pod;

use super::{At, Checker, Finding, Rule, pod_security};
use crate::bundle::{Bundle, Object};
use crate::value::KubernetesVersion;

/// The walk over an object of a kind.
type Walk = fn(&At, &mut Checker);

/// The walks by API group and kind. Of one kind, all versions of its API are walked alike.
const WALKS: &[(&str, &str, Walk)] =
    &[("", "ConfigMap", config_map::config_map), ("", "Pod", pod::pod), ("", "PodTemplate", pod::pod_template_object)];

/// The rules of every module, for the page that lists them.
pub const RULES: &[&[&Rule]] = &[
    metadata::RULES,
    labels::RULES,
    config_map::RULES,
    pod::resources::RULES,
    pod::pod_resources::RULES,
    pod::claims::RULES,
    pod::probes::RULES,
    pod::profile::RULES,
    pod::windows::RULES,
    pod::security::RULES,
    pod::affinity::RULES,
    pod::scheduling::RULES,
    pod::spec::RULES,
    pod_security::RULES,
];

/// What a server of this version would refuse of these objects, each taken alone, and of the Pods that their namespaces forbid.
pub fn check(bundle: &Bundle, kubernetes: KubernetesVersion) -> Vec<Finding> {
    let objects = bundle.objects.iter().enumerate();
    let mut findings: Vec<_> = objects.flat_map(|(index, object)| check_object(index, object, kubernetes)).collect();
    findings.extend(pod_security::check(bundle, kubernetes));
    findings
}

/// What a server of this version would refuse of one object; `index` is its place in the bundle.
pub fn check_object(index: usize, object: &Object, kubernetes: KubernetesVersion) -> Vec<Finding> {
    let row = object.kind.row();
    let Some((.., walk)) = WALKS.iter().find(|(group, kind, _)| (*group, *kind) == (row.group, row.kind)) else {
        return Vec::new();
    };
    let mut checker = Checker::new(index, kubernetes);
    walk(&At::root(&object.root), &mut checker);
    checker.into_findings()
}
