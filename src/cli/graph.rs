//! `graph`: a stack as a picture.

use super::render::refuse;
use super::{Console, Outcome, StackOptions, StackText, profile_name};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::parse;
use crate::emit::picture::{Capacity, FORMATS, Format};
use crate::lint;
use crate::picture::{Extent, Picture};
use crate::pipeline;
use crate::profile::{Request, Session};
use crate::source::WithoutSecrets;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

#[derive(clap::Args)]
#[command(after_help = "\
The picture goes to stdout. Of Secrets it has names alone. What an API server would refuse is drawn too.

Examples:
  stowplan graph -p k3d                        Mermaid, for Markdown
  stowplan graph --format svg > stack.svg
  stowplan graph --format html > stack.html    a page with all profiles
  stowplan graph --objects --format dot | dot -Tpdf > objects.pdf")]
pub struct Arguments {
    #[command(flatten)]
    file: super::FileOption,
    /// The profile, several for `html`; else STOWPLAN_PROFILE, else the first that the stack names, for `html` all of them
    #[arg(short, long = "profile", value_name = "NAME", value_parser = profile_name(), hide_possible_values = true)]
    #[arg(value_delimiter = ',')]
    profiles: Vec<String>,
    /// Set one value over all others, as in `--set vars.tag=1.2.3`; may be given several times
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Draw the Kubernetes objects and their references
    #[arg(long)]
    objects: bool,
    /// How the picture is written
    #[arg(long, value_name = "FORMAT", default_value = "mermaid", value_parser = format_parser())]
    format: Format,
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let words = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.purpose));
    PossibleValuesParser::new(words).map(|name| *Format::find(&name).expect("the parser takes these names alone"))
}

/// Prints the picture on stdout.
///
/// # Errors
/// Where the call is wrong, the stack is refused, or stdout cannot be written.
pub fn run(arguments: Arguments, before: StackOptions, console: &Console) -> Outcome {
    let Arguments { file, profiles, set, objects, format } = arguments;
    let options = StackOptions { file, profile: None, set }.or(before);
    let found = StackText::find(options.file.file.as_deref()).map_err(|error| console.refuse(*error))?;
    let mut session = Session { command: "graph", ..Session::default() };
    let Some(stack) = parse::text_of(&found.name, found.bytes, &session.sources, &mut session.report) else {
        return Err(refuse(session, &found.name, "drawn", console));
    };
    let profiles = wanted(profiles, &options, format, || lint::declared(stack, &session.sources));
    let profiles = profiles.map_err(|error| console.refuse(*error))?;
    let extent = if objects { Extent::Objects } else { Extent::Components };
    let inputs = WithoutSecrets(&found.disk);
    let mut pictures = Vec::new();
    for profile in &profiles {
        let request = Request { stack, profile: profile.as_deref(), set: &options.set };
        if let Some(rendering) = pipeline::compile(&mut session, &request, &inputs) {
            pictures.push(Picture::of(&rendering.made_of.0, &rendering.bundle, &session, extent));
        }
    }
    // Warnings about the stack are no picture: `lint` says them.
    session.report.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    if session.report.has_errors() || pictures.len() < profiles.len() {
        return Err(refuse(session, &found.name, "drawn", console));
    }
    session.report.diagnostics.extend(pictures.iter().filter_map(|picture| too_large(picture, format)));
    console.report(session.report, &session.sources);
    console.data(&(format.print)(&pictures))
}

/// What to do about a picture that the readers of its format refuse.
fn too_large(picture: &Picture, format: Format) -> Option<Diagnostic> {
    let most = format.most_edges.filter(|most| picture.edges.len() > *most)?;
    let title = format!("this picture has {} edges, and readers of `{}` draw {most}", picture.edges.len(), format.name);
    let help = "write `--format svg` or `--format html`; a page of your own draws more where its `maxEdges` says so";
    Some(Diagnostic::warning("too-many-edges", title).help(help))
}

/// The profiles to draw; `None` among them is the first that the stack names, or a mistake that the pipeline tells.
fn wanted(
    mut profiles: Vec<String>,
    options: &StackOptions,
    format: Format,
    declared: impl FnOnce() -> Option<Vec<String>>,
) -> Result<Vec<Option<String>>, Box<Diagnostic>> {
    if profiles.is_empty() {
        profiles.extend(options.profile());
    }
    if profiles.is_empty() && format.capacity == Capacity::Many {
        profiles = declared().unwrap_or_default();
    }
    if profiles.len() > 1 && format.capacity == Capacity::One {
        let title = format!("{} profiles are named, and `{}` holds one picture", profiles.len(), format.name);
        let help = format!("name one, as in `stowplan graph -p {}`", profiles[0]);
        return Err(Box::new(Diagnostic::error("bad-call", title).help(help)));
    }
    Ok(if profiles.is_empty() { vec![None] } else { profiles.into_iter().map(Some).collect() })
}
