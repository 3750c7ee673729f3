//! What to say where a patch means no object.

use super::{Places, display};
use crate::bundle::{KindId, Object};
use crate::component::patch::PatchPlan;
use crate::diagnostic::Diagnostic;
use crate::value::{enumerate, nearest};

/// The message, with the nearest object or with those that there are.
pub fn no_object(plan: &PatchPlan, objects: &[Object], profile: &str, places: &Places) -> Diagnostic {
    let on = &plan.on.value;
    let of_kind = || objects.iter().filter(|object| on.matches_kind(object));
    let title = match of_kind().next() {
        Some(object) => format!("no {} of this stack is called `{}`", object.kind_name(), on.name()),
        None => format!("the stack makes no {} for the profile `{profile}`", on.kind()),
    };
    let near = nearest(on.name(), of_kind().map(Object::name));
    let namesakes = || objects.iter().filter(|object| object.name() == on.name());
    let help = match (near, namesakes().next()) {
        (Some(near), _) => format!("did you mean \"{}/{near}\"?", on.kind()),
        (None, Some(_)) => {
            format!("write one of the objects that are called so: {}", enumerate(namesakes().map(display)))
        }
        (None, None) if of_kind().next().is_some() => {
            format!("there are {}", enumerate(of_kind().map(display)))
        }
        (None, None) => match nearest(on.kind(), KindId::all().map(|id| id.row().kind)) {
            Some(near) if !near.eq_ignore_ascii_case(on.kind()) => format!("did you mean \"{near}/{}\"?", on.name()),
            _ => format!(
                "there are {}; a patch for other profiles alone stands in their overlays, as `[profile.NAME.patch.{}]`",
                enumerate(objects.iter().map(display)),
                plan.name.value
            ),
        },
    };
    Diagnostic::error("patch-nothing", title).at(places.span(plan.on.origin), "").help(help)
}
