//! `diff`: what differs between two profiles of a stack, and why.

use super::render::refuse;
use super::{Console, Ending, FileOption, ProfileName, StackText, Stop};
use crate::diagnostic::Diagnostic;
use crate::diff::{self, Question};
use crate::document::parse;
use crate::emit::changes::{FORMATS, Format, human};
use crate::profile::Session;
use crate::value::{KubernetesRange, KubernetesVersion, Scalar};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

/// Say what differs between two profiles of a stack, and why.
#[derive(clap::Args)]
#[command(after_help = "\
The exit code is 0 where nothing differs, 1 where something does, 2 where the input or the call is wrong.

Examples:
  stowplan diff k3d cloud                        field by field, each with its reason
  stowplan diff k3d cloud --summary              a line for each object")]
pub struct Arguments {
    /// The two profiles
    #[arg(value_name = "PROFILE", value_parser = ProfileName, hide_possible_values = true, num_args = 0..=2)]
    profiles: Vec<String>,
    #[command(flatten)]
    file: FileOption,
    /// Set one value over all others, as in `--set vars.tag=1.2.3`; may be given several times
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// The version of the API server, in place of the profiles' `cluster.kubernetes`
    #[arg(long, value_name = "VERSION", value_parser = version)]
    kubernetes: Option<KubernetesVersion>,
    /// A line for each object
    #[arg(long, conflicts_with = "format")]
    summary: bool,
    /// How the differences are written
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = format_parser())]
    format: Format,
}

fn version(text: &str) -> Result<KubernetesVersion, String> {
    KubernetesVersion::parse(text).map_err(|invalid| match invalid.help {
        Some(help) => format!("{}; {help}", invalid.title),
        None => invalid.title,
    })
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let words = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.purpose));
    PossibleValuesParser::new(words).map(|name| *Format::find(&name).expect("the parser takes these names alone"))
}

/// Prints the differences on stdout.
///
/// # Errors
/// Where the call is wrong, the stack is refused, or stdout cannot be written.
pub fn run(arguments: Arguments, before: super::StackOptions, console: &Console) -> Result<Ending, Stop> {
    let [first, second] = &arguments.profiles[..] else { return Err(console.refuse(two_profiles())) };
    let file = arguments.file.or(before.file);
    let set: Vec<String> = before.set.into_iter().chain(arguments.set).collect();
    let found = StackText::find(file.file.as_deref()).map_err(|error| console.refuse(*error))?;
    let mut session = Session { command: "diff", ..Session::default() };
    let text = parse::text_of(&found.name, found.bytes, &session.sources, &mut session.report);
    let kubernetes = arguments.kubernetes.map(KubernetesRange::from);
    let mut render = |profile: &str| {
        let question = Question { stack: text?, set: &set, kubernetes };
        diff::render(&question, Some(profile), &mut session, &found.disk)
    };
    let (before, after) = (render(first), render(second));
    let (Some(before), Some(after), false) = (before, after, session.report.has_errors()) else {
        return Err(refuse(session, &found.name, "compared", console));
    };
    console.report(std::mem::take(&mut session.report), &session.sources);
    let changes = diff::between((first, &before), (second, &after), &session);
    let style = console.style_of_data();
    console.data(&match arguments.summary {
        true => human::summary(&changes, style),
        false => (arguments.format.print)(&changes, style),
    })?;
    Ok(if changes.is_empty() { Ending::Fine } else { Ending::Found })
}

fn two_profiles() -> Diagnostic {
    Diagnostic::error("bad-call", "two profiles are compared").help("name both, as in `stowplan diff k3d cloud`")
}
