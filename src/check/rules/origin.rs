//! Who made an object, and so in whose words help is to be given.

use super::Context;
use crate::bundle::{Field, Object};
use crate::component::world::COMPONENT_LABEL;

/// The table of the stack that makes an object, as its header reads: `api.web`. None where the object was written as YAML.
pub fn table(context: &Context, object: &Object) -> Option<String> {
    if context.stack.is_none() || object.identity.is_given() {
        return None;
    }
    let label = object.root.follow(&["metadata", "labels", COMPONENT_LABEL]).and_then(Field::as_str);
    label.map(|table| format!("{table}.{}", object.identity.component))
}

/// What to type: a line of the table that makes the object, or what is said of its YAML.
pub fn help(context: &Context, object: &Object, line: &str, yaml: &str) -> String {
    match table(context, object) {
        Some(table) => format!("write `{line}` below `[{table}]`"),
        None => yaml.to_owned(),
    }
}

/// The same for a container, which may have a table of its own below that of its component.
pub fn help_for_container(context: &Context, object: &Object, container: &str, line: &str, yaml: &str) -> String {
    match table(context, object) {
        Some(table) if *object.identity.component == *container => format!("write `{line}` below `[{table}]`"),
        Some(table) => format!("write `{line}` at the container `{container}` of `[{table}]`"),
        None => yaml.to_owned(),
    }
}

/// Whether stowplan adds an object to a component on its own, as the backup and the exporter of a database: the stack says
/// little of it, and what is to be said of the component is said of its workload.
pub fn is_companion(context: &Context, object: &Object) -> bool {
    let made = table(context, object);
    made.is_some_and(|table| table.starts_with("db.")) && object.identity.role != "workload"
}

/// Whether a controller made an object, so that nobody wrote it.
pub fn is_owned(object: &Object) -> bool {
    object.root.follow(&["metadata", "ownerReferences"]).is_some_and(|owners| !owners.items().is_empty())
}

/// Whether a tool makes the object for a moment and deletes it again: a hook of Helm or of Argo CD.
pub fn is_hook(object: &Object) -> bool {
    let annotations = object.root.follow(&["metadata", "annotations"]);
    annotations.is_some_and(|all| ["helm.sh/hook", "argocd.argoproj.io/hook"].iter().any(|key| all.get(key).is_some()))
}
