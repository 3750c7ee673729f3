//! What the user changes of the finished objects: `[patch]`, and the objects of `[manifest]` that meet ours.

mod fields;
mod merge;
mod removal;
mod absent;
mod meeting;

use crate::bundle::{Bundle, Causes, Field, Object, Slot};
use crate::component::patch::{Fields, PatchPlan};
use crate::diagnostic::{Diagnostic, Report};
use crate::document::{OriginId, Origins};
use crate::profile::Session;
use crate::source::Span;
use crate::stack::Stack;
use merge::{Dialect, Merging};

/// Reports objects that stand twice, and makes the changes of all patches in the order of the stack. A change that cannot be
/// made is reported, and the next ones are made all the same.
pub fn patch(bundle: &mut Bundle, stack: &Stack, session: &mut Session) {
    let Bundle { objects, causes } = bundle;
    let mut places = Places { origins: &mut session.origins, causes, report: &mut session.report };
    if !stack.manifests.is_empty() {
        meeting::check(objects, &mut places);
    }
    for plan in &stack.patches {
        apply(plan, objects, &stack.profile, &mut places);
    }
}

/// Where values come from, and what was found.
struct Places<'a> {
    origins: &'a mut Origins,
    causes: &'a Causes,
    report: &'a mut Report,
}

impl Places<'_> {
    /// The place of a value.
    fn span(&self, origin: OriginId) -> Span {
        self.origins.get(origin).span
    }

    /// The place of what a field was made from; of its key, where it has one.
    fn key_span(&self, field: &Field) -> Option<Span> {
        let origin = self.origins.get(self.causes.origins(field.cause).next()?);
        Some(origin.key.unwrap_or(origin.span))
    }

    /// A message at the key of a field.
    fn error_at(&self, field: &Field, code: &'static str, title: String) -> Diagnostic {
        let diagnostic = Diagnostic::error(code, title);
        match self.key_span(field) {
            Some(span) => diagnostic.at(span, ""),
            None => diagnostic,
        }
    }
}

/// `Deployment/web`.
fn display(object: &Object) -> String {
    format!("{}/{}", object.kind_name(), object.name())
}

fn apply(plan: &PatchPlan, objects: &mut [Object], profile: &str, places: &mut Places) {
    if !objects.iter().any(|object| plan.on.value.matches(object)) {
        let diagnostic = absent::no_object(plan, objects, profile, places);
        places.report.push(diagnostic);
        return;
    }
    let mut matching: Vec<&mut Object> = objects.iter_mut().filter(|object| plan.on.value.matches(object)).collect();
    removal::remove(&plan.remove, &mut matching, places);
    for object in matching {
        let slot = Slot::of(object);
        if let Some(yaml) = &plan.yaml {
            Merging::new(Dialect::Yaml, places).lay_over(object, yaml.clone(), slot);
        }
        if let Some(Fields(node)) = &plan.set {
            Merging::new(Dialect::Toml, places).lay_over(object, fields::field(node, slot), slot);
        }
    }
}
