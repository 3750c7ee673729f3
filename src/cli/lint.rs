//! `lint`: everything that is wrong with stacks, or with YAML that others wrote.

mod call;
mod linting;
mod mending;

use super::{Console, Ending, StackOptions, Stop, profile_name};
use crate::diagnostic::{Report, Severity};
use crate::emit::report::{FORMATS, Findings, Format, Remark};
use crate::lint::Amendments;
use crate::value::{KubernetesRange, Scalar};
use call::{Call, Fixing, Level};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use linting::{Linting, Texts, counted};
use mending::Mending;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
What stands on stdout is the report; the exit code is 1 where something in it is at least as bad as `--fail-on` says, and 2 \
where something could not be read.

Examples:
  stowplan lint                                with its first profile
  stowplan lint --all-profiles --format json   with each that it names
  helm template ./chart | stowplan lint -      YAML of others
  stowplan lint manifests/ --kubernetes 1.31..1.37
  stowplan lint --fix --diff                   what --fix would change")]
pub struct Arguments {
    /// YAML or JSON of any origin: files, folders with all in and below them, `-` for stdin, which must bring something; a name that ends in .toml is a stack
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A stack file, a folder with a stack.toml, or `-` for stdin; may be given several times [default: stack.toml here or
    /// in a folder above, where no FILE is given]
    #[arg(short = 'f', long = "file", value_name = "STACK")]
    stacks: Vec<PathBuf>,
    /// The profiles, each by an option of its own or with commas; else STOWPLAN_PROFILE, else the first that the stack names
    #[arg(short, long = "profile", value_name = "NAME", value_parser = profile_name(), hide_possible_values = true)]
    #[arg(value_delimiter = ',')]
    profiles: Vec<String>,
    /// Every profile that the stack names
    #[arg(long, conflicts_with = "profiles")]
    all_profiles: bool,
    /// Set one value over all others, as in `--set vars.tag=1.2.3`; may be given several times
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// The versions of the servers, as in 1.34 or 1.31..1.37 [default: what the profile says; for YAML of others 1.34]
    #[arg(long, value_name = "VERSIONS", value_parser = versions)]
    kubernetes: Option<KubernetesRange>,
    /// From what on the exit code is 1
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: Level,
    /// How the report is written
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = format_parser())]
    format: Format,
    /// Mend in the files what has one right answer, and report the rest
    #[arg(long)]
    fix: bool,
    /// With --fix: show what would be written, as a patch, and write nothing
    #[arg(long, requires = "fix", conflicts_with = "format")]
    diff: bool,
}

fn versions(text: &str) -> Result<KubernetesRange, String> {
    KubernetesRange::parse(text).map_err(|invalid| match invalid.help {
        Some(help) => format!("{}; {help}", invalid.title),
        None => invalid.title,
    })
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    let words = FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.purpose));
    PossibleValuesParser::new(words).map(|name| *Format::find(&name).expect("the parser takes these names alone"))
}

/// Prints the report on stdout, and how much it is on stderr.
///
/// # Errors
/// Where the call is wrong, something cannot be read or written.
pub fn run(arguments: Arguments, before: StackOptions, console: &Console) -> Result<Ending, Stop> {
    let call = Call::of(arguments, before).map_err(|error| console.refuse(*error))?;
    let texts = Texts::read(&call);
    let linting = Linting::of(&texts, &call, &Amendments::default());
    let linting = match call.fixing {
        Fixing::Told => linting,
        Fixing::Written => {
            let mending = Mending::of(linting, &texts, &call);
            mending.write().map_err(|error| console.refuse(*error))?;
            tell_edits(&mending, "mended", console);
            mending.linting
        }
        Fixing::Shown => return show(linting, &texts, &call, console),
    };
    report(linting, &call, console)
}

/// Prints what `--fix` would write. Nothing is written, so that the exit code is the one without `--fix`.
fn show(linting: Linting, texts: &Texts, call: &Call, console: &Console) -> Result<Ending, Stop> {
    let ending = ending(&linting.remarks, &linting.refusals, call);
    let mending = Mending::of(linting, texts, call);
    console.data(&mending.patch())?;
    console
        .report(Report { diagnostics: mending.linting.refusals.diagnostics.clone() }, &mending.linting.session.sources);
    tell_edits(&mending, "would be mended", console);
    if !mending.linting.in_words.is_empty() {
        let left = summarize(&mending.linting.remarks, &mending.linting.in_words);
        console.tell(&format!("then: {}", left.trim_start()));
    }
    ending
}

fn tell_edits(mending: &Mending, verb: &str, console: &Console) {
    console.tell(&match mending.names()[..] {
        [] => "nothing with one right answer was found\n".to_owned(),
        ref names => format!("{} {verb} in {}\n", counted(mending.edits, "mistake"), names.join(", ")),
    });
}

fn ending(remarks: &[Remark], refusals: &Report, call: &Call) -> Result<Ending, Stop> {
    match () {
        () if !refusals.diagnostics.is_empty() => Err(Stop),
        () if remarks.iter().any(|remark| remark.diagnostic.severity >= call.fail_on) => Ok(Ending::Found),
        () => Ok(Ending::Fine),
    }
}

fn report(linting: Linting, call: &Call, console: &Console) -> Result<Ending, Stop> {
    let Linting { session, remarks, refusals, looked_at, in_words } = linting;
    let ending = ending(&remarks, &refusals, call);
    let summary = summarize(&remarks, &in_words);
    let mut findings = Findings { remarks, refusals: refusals.diagnostics, looked_at, fail_on: call.fail_on };
    if console.is_quiet() && call.format.name == FORMATS[0].name {
        // What makes the command fail is never left unsaid.
        findings.remarks.retain(|remark| remark.diagnostic.severity >= call.fail_on);
    }
    if call.format.name == FORMATS[0].name {
        console.fold_data(findings.remarks.iter_mut().map(|remark| &mut remark.diagnostic));
    }
    console.data(&(call.format.print)(&findings, &session.sources, console.style_of_data()))?;
    console.report(Report { diagnostics: findings.refusals }, &session.sources);
    if !in_words.is_empty() {
        console.tell(&summary);
    }
    ending
}

/// `3 errors, 1 warning in stack.toml on k3d, cloud`.
fn summarize(remarks: &[Remark], in_words: &[String]) -> String {
    let count = |severity| remarks.iter().filter(|remark| remark.diagnostic.severity == severity).count();
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "remark")];
    let counts: Vec<String> = counts
        .into_iter()
        .map(|(severity, word)| (count(severity), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| counted(count, word))
        .collect();
    let (space, counts) = match counts.is_empty() {
        true => ("", "nothing is wrong".to_owned()),
        false => ("\n", counts.join(", ")),
    };
    format!("{space}{counts} in {}\n", in_words.join(" and in "))
}
