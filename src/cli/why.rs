//! `why`: where the values of an object come from.

use super::render::refuse;
use super::{Console, Outcome, StackOptions, StackText, Stop};
use crate::diagnostic::Severity;
use crate::document::parse;
use crate::emit::provenance::{FORMATS, Format};
use crate::profile::{Request, Session};
use crate::provenance::Extent;
use crate::why::{Question, answer};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

#[derive(clap::Args)]
#[command(after_help = "\
The winner comes first, then what it replaced. Values of Secrets are not shown. What an API server \
would refuse is explained too.

Examples:
  stowplan why deployment/api spec.replicas -p cloud
  stowplan why deploy/api 'spec.template.spec.containers[name=api].image'
  stowplan why svc/api /spec/ports/0/targetPort
  stowplan why deployment/api                     every field
  stowplan why api                                the objects of a component")]
pub struct Arguments {
    /// The object: KIND/NAME as kubectl takes it, a Job without its hash, or the name of a component
    #[arg(value_name = "OBJECT")]
    object: String,
    /// The field, as kubectl spells it or as a JSON pointer [default: all of them]
    #[arg(value_name = "FIELD")]
    field: Option<String>,
    #[command(flatten)]
    stack: StackOptions,
    /// How it is written
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = format_parser())]
    format: Format,
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let words = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.purpose));
    PossibleValuesParser::new(words).map(|name| *Format::find(&name).expect("the parser takes these names alone"))
}

/// What can be wrong with the call alone.
const CALL: [&str; 4] = ["bad-object", "bad-field", "unknown-object", "unknown-field"];

/// Prints the answer on stdout.
///
/// # Errors
/// Where the stack is refused, there is no such object or field, or stdout cannot be written.
pub fn run(arguments: Arguments, before: StackOptions, console: &Console) -> Outcome {
    let options = arguments.stack.or(before);
    let found = StackText::find(options.file.file.as_deref()).map_err(|error| console.refuse(*error))?;
    let words = [Some(&arguments.object), arguments.field.as_ref()].into_iter().flatten().cloned().collect();
    let mut session = Session { command: "why", arguments: words, ..Session::default() };
    let profile = options.profile();
    let answer = parse::text_of(&found.name, found.bytes, &session.sources, &mut session.report).and_then(|stack| {
        let request = Request { stack, profile: profile.as_deref(), set: &options.set };
        let question = Question { request, object: &arguments.object, field: arguments.field.as_deref() };
        answer(&question, &mut session, &found.disk)
    });
    // Warnings about the stack are no answer: `lint` says them.
    session.report.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    let Some(answer) = answer.filter(|_| !session.report.has_errors()) else {
        if session.report.diagnostics.iter().all(|diagnostic| CALL.contains(&diagnostic.code)) {
            console.report(session.report, &session.sources);
            return Err(Stop);
        }
        return Err(refuse(session, &found.name, "explained", console));
    };
    console.data(&(arguments.format.print)(&answer, console.style_of_lists()))?;
    if let (Extent::Objects, Some(first)) = (answer.extent, answer.objects.first()) {
        console.tell_person(|| format!("\nask for one of them: stowplan why {}\n", first.title));
    }
    std::mem::forget(session);
    Ok(())
}
