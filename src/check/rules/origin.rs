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

/// The same for an entry of a key, which may stand in one line with its entries, so that no line of its own can be added.
pub fn help_in(context: &Context, object: &Object, key: &str, entry: &str, yaml: &str) -> String {
    match table(context, object) {
        Some(table) => format!("write `{entry}` in `{key}` of `[{table}]`"),
        None => yaml.to_owned(),
    }
}

/// The same for a container, which may be an entry of its component.
pub fn help_for_container(context: &Context, object: &Object, container: &str, line: &str, yaml: &str) -> String {
    match entry(context, object, container) {
        Some(key) => help_in(context, object, &key, line, yaml),
        None => help(context, object, line, yaml),
    }
}

/// The same for an entry of the `security` of a container, which may stand there already with other entries.
pub fn help_for_security(context: &Context, object: &Object, container: &str, line: &str, yaml: &str) -> String {
    help_in(context, object, &key_of_container(context, object, container, "security"), line, yaml)
}

/// The key of a container that is not the main one of its component: `sidecar.metrics`.
fn entry(context: &Context, object: &Object, container: &str) -> Option<String> {
    let mut workloads = context.stack?.file.tables.workloads();
    let (_, _, workload) = workloads.find(|(_, name, _)| name.value.as_str() == &*object.identity.component)?;
    let is_init = workload.init.iter().any(|(name, _)| name.value.as_str() == container);
    let is_sidecar = workload.sidecar.iter().any(|(name, _)| name.value.as_str() == container);
    let key = match (is_init, is_sidecar) {
        (true, _) => "init",
        (_, true) => "sidecar",
        _ => return None,
    };
    Some(format!("{key}.{container}"))
}

/// A key of a container as it is spelled in the table of its component: `sidecar.metrics.resources`, of the main one `resources`.
pub fn key_of_container(context: &Context, object: &Object, container: &str, key: &str) -> String {
    entry(context, object, container).map_or_else(|| key.to_owned(), |entry| format!("{entry}.{key}"))
}

/// How a finding is allowed at the table that help has named.
pub fn or_allow(rule: &str) -> String {
    format!("or allow it there: `allow = {{ {rule} = \"REASON\" }}`")
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
