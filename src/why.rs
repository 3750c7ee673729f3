//! Where the values of a stack's objects come from: which layers wrote them, which rules made them.

use crate::bundle::{Object, Pointer};
use crate::diagnostic::Diagnostic;
use crate::pipeline::{self, Rendering};
use crate::profile::{Request, Session};
use crate::provenance::{
    Answer, Extent, Secrecy, Tracer, find_field, find_objects, note_field, note_object, respelled,
};
use crate::source::{Inputs, WithoutSecrets};

/// What is asked.
pub struct Question<'a> {
    /// The stack, the profile, the arguments of `--set`.
    pub request: Request<'a>,
    /// The objects: `deployment/api`, a component, or anything else that [`find_objects`] takes.
    pub object: &'a str,
    /// A field of them, as a path or a JSON pointer; without it, all of them.
    pub field: Option<&'a str>,
}

/// Compiles the stack and follows the fields back to where they were written. What an API server would refuse is explained all
/// the same. Messages are in `session`; `None` means that one of them is an error. Values of secrets are neither read nor shown.
pub fn answer(question: &Question, session: &mut Session, inputs: &dyn Inputs) -> Option<Answer> {
    let rendering = pipeline::compile(session, &question.request, &WithoutSecrets(inputs))?;
    let found = meant(question, &rendering, session)
        .and_then(|meant| Ok((wanted(question, &meant, &rendering, session)?, meant)));
    let answer = match found {
        Err(refusal) => {
            let secrecy = Secrecy::new(&rendering.made_of.0, &rendering.bundle, &session.origins);
            session.report.push(secrecy.conceal(*refusal, &session.sources));
            None
        }
        Ok((wanted, meant)) => {
            let tracer = Tracer::new(&rendering.bundle, &rendering.made_of.0, session);
            let (extent, objects) = match wanted {
                Wanted::Field(fields) => {
                    let fields = fields.iter().map(|(object, pointer)| tracer.fields(object, pointer));
                    (Extent::Field, fields.collect())
                }
                Wanted::Object(object) => (Extent::Object, vec![tracer.fields(object, &Pointer::default())]),
                Wanted::Objects => (Extent::Objects, meant.iter().map(|object| tracer.object(object)).collect()),
            };
            Some(Answer { profile: rendering.profile.clone(), extent, objects })
        }
    };
    // Freeing large trees value by value would only take time, and the process ends soon.
    std::mem::forget(rendering);
    answer
}

/// What is wanted of the objects that are meant.
enum Wanted<'o> {
    /// This field of each.
    Field(Vec<(&'o Object, Pointer)>),
    /// Everything of the only one.
    Object(&'o Object),
    /// Which there are.
    Objects,
}

/// The objects that are meant.
fn meant<'o>(
    question: &Question,
    rendering: &'o Rendering,
    session: &Session,
) -> Result<Vec<&'o Object>, Box<Diagnostic>> {
    let objects = &rendering.bundle.objects;
    match find_objects(question.object, objects, &rendering.profile) {
        Ok(found) => Ok(found.into_iter().map(|at| &objects[at]).collect()),
        Err(refusal) => {
            let (stack, resolved) = &rendering.made_of;
            Err(Box::new(note_object(question.object, *refusal, (stack, resolved), &session.origins)))
        }
    }
}

fn wanted<'o>(
    question: &Question,
    meant: &[&'o Object],
    rendering: &Rendering,
    session: &Session,
) -> Result<Wanted<'o>, Box<Diagnostic>> {
    match (question.field, meant) {
        (Some(field), meant) => find_field(field, meant).map(Wanted::Field).map_err(|refusal| {
            let (stack, resolved) = &rendering.made_of;
            let note = |field: &str, refusal: Diagnostic| {
                Box::new(note_field(field, refusal, meant, (stack, resolved), &session.origins))
            };
            match respelled(field, meant) {
                Some(near) => note(&near, refusal.help(format!("did you mean `{near}`? That is not there either"))),
                None => note(field, *refusal),
            }
        }),
        (None, [only]) => Ok(Wanted::Object(only)),
        (None, _) => Ok(Wanted::Objects),
    }
}
