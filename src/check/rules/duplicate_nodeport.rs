//! A port of the nodes leads to one Service.
//!
//! A cluster gives each port of its nodes away once, whatever the protocol and the namespace. The first of two Services with one
//! number is made, the second is refused: `provided port is already allocated`. A dry run does not tell, because it takes no port.
//!
//! ```yaml fail
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec:
//!   type: NodePort
//!   selector: {app: web}
//!   ports: [{port: 80, nodePort: 30080}]
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: {name: admin}
//! spec:
//!   type: NodePort
//!   selector: {app: admin}
//!   ports: [{port: 80, nodePort: 30080}]
//! ```
//!
//! ```yaml pass
//! apiVersion: v1
//! kind: Service
//! metadata: {name: web}
//! spec:
//!   type: NodePort
//!   selector: {app: web}
//!   ports: [{port: 80, nodePort: 30080}]
//! ---
//! apiVersion: v1
//! kind: Service
//! metadata: {name: admin}
//! spec:
//!   type: NodePort
//!   selector: {app: admin}
//!   ports: [{port: 80, nodePort: 30081}]
//! ```
//!
//! Give one of them another number, or none: then the cluster takes a free one. Two ports of one Service may have one number where
//! their protocols differ.

use super::{Context, Findings, Levels, LintRule};
use crate::bundle::{At, CauseId, Object};
use crate::diagnostic::{Class, Severity};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "duplicate-nodeport",
    class: Class::Reference,
    levels: Levels::everywhere(Severity::Error),
    source: include_str!("duplicate_nodeport.rs"),
    check,
};

/// Who has a port of the nodes, and where it says so.
type Taken<'f> = IndexMap<i64, (&'f Object, CauseId), FxBuildHasher>;

fn check(context: &Context, findings: &mut Findings) {
    let mut taken = Taken::default();
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "Service") {
        let root = At::root(&object.root);
        let spec = root.key("spec");
        for port in spec.key("ports").items() {
            take(&port.key("nodePort"), index, object, &mut taken, context, findings);
        }
        take(&spec.key("healthCheckNodePort"), index, object, &mut taken, context, findings);
    }
}

/// Takes the port that a field names, or reports who has it.
fn take<'f>(
    field: &At<'_, 'f>,
    index: usize,
    object: &'f Object,
    taken: &mut Taken<'f>,
    context: &Context,
    findings: &mut Findings,
) {
    let Some(number) = field.integer().filter(|number| *number > 0) else { return };
    let (owner, first) = *taken.entry(number).or_insert((object, field.cause()));
    // ports of one Service are held against each other by the checks of the API
    if owner.name() == object.name() && owner.namespace() == object.namespace() {
        return;
    }
    let title =
        format!("Service `{}` takes port {number} of the nodes, which Service `{}` has", object.name(), owner.name());
    let key = if context.stack.is_some() { "node-port" } else { "nodePort" };
    let help =
        format!("give one of them another `{key}` from 30000 to 32767, or none: then the cluster takes a free one");
    findings.add(index, field, title, help).related.push((first, "the first one".to_owned()));
}
