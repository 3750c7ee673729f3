//! What to say of an object that is named and not there.

use super::Context;
use crate::graph::{Edge, Target};
use crate::value::nearest;

/// Title and help for a reference to an object that is not there. `otherwise` says what to type where no name is near.
pub fn absent(context: &Context, edge: &Edge, otherwise: &str) -> (String, String) {
    let Target::Object { kind, namespace, name, .. } = edge.target else {
        return (String::new(), otherwise.to_owned());
    };
    let title = match context.is_foreign() {
        true => format!("there is no {kind} `{name}` among these objects"),
        false => format!("there is no {kind} `{name}` in this stack"),
    };
    let help = match nearest(name, context.graph.names(kind, namespace)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if context.is_foreign() => otherwise.to_owned(),
        None => format!(
            "{otherwise}; where it exists without this stack, write `external = [\"{kind}/{name}\"]` below `[lint]`"
        ),
    };
    (title, help)
}
