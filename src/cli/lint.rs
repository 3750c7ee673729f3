//! `lint`: everything that is wrong with stacks, or with YAML that others wrote.

use super::stream::StreamText;
use super::{Console, Ending, ProfileName, StackOptions, StackText, Stop};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::document::parse;
use crate::emit::report::{FORMATS, Findings, Format, LookedAt, Remark};
use crate::lint::{self, Linted, Profiles, Question};
use crate::profile::Session;
use crate::value::{KubernetesRange, KubernetesVersion, Scalar};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::path::{Path, PathBuf};

/// Say everything that is wrong with a stack, or with YAML of any origin.
#[derive(clap::Args)]
#[command(after_help = "\
What stands on stdout is the report; the exit code is 1 where something in it is at least as bad as `--fail-on` says, and 2
where something could not be read.

Examples:
  stowplan lint                                  the stack here, with its first profile
  stowplan lint --all-profiles --format json     with each profile that it names
  helm template ./chart | stowplan lint -        YAML of others
  stowplan lint manifests/ --kubernetes 1.31..1.37")]
pub struct Arguments {
    /// YAML or JSON of any origin: files, folders with all in and below them, `-` for stdin; a name that ends in .toml is a stack
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A stack file, a folder with a stack.toml, or `-` for stdin; may be given several times [default: stack.toml here or
    /// in a folder above, where no FILE is given]
    #[arg(short = 'f', long = "file", value_name = "STACK")]
    stacks: Vec<PathBuf>,
    /// The profiles, each by an option of its own or with commas; else STOWPLAN_PROFILE, else the first that the stack names
    #[arg(short, long = "profile", value_name = "NAME", value_parser = ProfileName, hide_possible_values = true)]
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
}

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Level {
    /// No server takes it, or the stack is wrong
    Error,
    /// Probably not what was meant
    Warning,
    /// Good to know
    Info,
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
/// Where the call is wrong, something cannot be read, or stdout cannot be written.
pub fn run(arguments: Arguments, before: StackOptions, console: &Console) -> Result<Ending, Stop> {
    let call = Call::of(arguments, before).map_err(|error| console.refuse(*error))?;
    let mut linting = Linting { session: Session { command: "lint", ..Session::default() }, ..Linting::default() };
    for stack in &call.stacks {
        linting.look_at_stack(stack.as_deref(), &call);
    }
    linting.look_at_streams(&call);
    let Linting { session, remarks, refusals, looked_at, in_words } = linting;
    let is_refused = !refusals.diagnostics.is_empty();
    let is_found = remarks.iter().any(|remark| remark.diagnostic.severity >= call.fail_on);
    let summary = summarize(&remarks, &in_words);
    let mut findings = Findings { remarks, refusals: refusals.diagnostics, looked_at, fail_on: call.fail_on };
    if console.is_quiet() && call.format.name == FORMATS[0].name {
        findings.remarks.retain(|remark| remark.diagnostic.severity == Severity::Error);
    }
    console.data(&(call.format.print)(&findings, &session.sources, console.style_of_data()))?;
    console.report(Report { diagnostics: findings.refusals }, &session.sources);
    if !in_words.is_empty() {
        console.tell(&summary);
    }
    match () {
        () if is_refused => Err(Stop),
        () if is_found => Ok(Ending::Found),
        () => Ok(Ending::Fine),
    }
}

/// What is asked for.
struct Call {
    /// The stacks; `None` is the one that is found here or in a folder above.
    stacks: Vec<Option<PathBuf>>,
    /// What holds YAML or JSON.
    streams: Vec<PathBuf>,
    profiles: Profiles,
    set: Vec<String>,
    kubernetes: Option<KubernetesRange>,
    fail_on: Severity,
    format: Format,
}

impl Call {
    fn of(arguments: Arguments, before: StackOptions) -> Result<Self, Box<Diagnostic>> {
        let is_stack = |path: &PathBuf| path.extension().is_some_and(|end| end == "toml");
        let (more, streams): (Vec<_>, Vec<_>) = arguments.files.into_iter().partition(is_stack);
        let mut stacks: Vec<_> =
            before.file.file.iter().cloned().chain(arguments.stacks).chain(more).map(Some).collect();
        if stacks.is_empty() && streams.is_empty() {
            stacks.push(None);
        }
        let named: Vec<String> = before.profile.iter().cloned().chain(arguments.profiles).collect();
        let set: Vec<String> = before.set.iter().cloned().chain(arguments.set).collect();
        if stacks.is_empty() && !(named.is_empty() && set.is_empty() && !arguments.all_profiles) {
            return Err(no_stack());
        }
        let stdin = |path: &Path| path == Path::new("-");
        let readings = stacks.iter().flatten().chain(&streams).filter(|path| stdin(path)).count();
        if readings > 1 {
            let diagnostic = Diagnostic::error("bad-call", "stdin is named more than once, and can be read once only");
            return Err(Box::new(diagnostic.help("keep one `-`")));
        }
        let profiles = match StackOptions::default().profile() {
            _ if arguments.all_profiles => Profiles::All,
            _ if !named.is_empty() => Profiles::Named(named),
            Some(name) => Profiles::Named(vec![name]),
            None => Profiles::First,
        };
        let fail_on = match arguments.fail_on {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Info,
        };
        let (kubernetes, format) = (arguments.kubernetes, arguments.format);
        Ok(Self { stacks, streams, profiles, set, kubernetes, fail_on, format })
    }
}

fn no_stack() -> Box<Diagnostic> {
    let title = "profiles and `--set` belong to a stack, and only YAML is named";
    let help = "name the stack too, as in `-f stack.toml`; for YAML alone `--kubernetes 1.34` says what it must fit";
    Box::new(Diagnostic::error("bad-call", title).help(help))
}

/// What was found so far.
#[derive(Default)]
struct Linting {
    session: Session,
    remarks: Vec<Remark>,
    refusals: Report,
    looked_at: Vec<LookedAt>,
    /// What was looked at, for a person.
    in_words: Vec<String>,
}

impl Linting {
    fn look_at_stack(&mut self, path: Option<&Path>, call: &Call) {
        let found = match StackText::find(path) {
            Ok(found) => found,
            Err(refusal) => return self.refusals.push(*refusal),
        };
        let file = parse::text_of(&found.name, found.bytes, &self.session.sources, &mut self.refusals);
        let Some(stack) = file else { return };
        let question = Question { stack, profiles: &call.profiles, set: &call.set, kubernetes: call.kubernetes };
        let Linted { remarks, refusals, profiles } = lint::stack(&question, &mut self.session, &found.disk);
        self.remarks.extend(remarks);
        self.refusals.diagnostics.extend(refusals);
        if !profiles.is_empty() {
            self.in_words.push(format!("{} on {}", found.name, profiles.join(", ")));
            self.looked_at.push(LookedAt { file: stack, with: profiles });
        }
    }

    fn look_at_streams(&mut self, call: &Call) {
        let mut files = Vec::new();
        for text in call.streams.iter().flat_map(|path| StreamText::find(path)) {
            match text {
                Ok(text) => {
                    files.extend(parse::text_of(&text.name, text.bytes, &self.session.sources, &mut self.refusals));
                }
                Err(refusal) => self.refusals.push(*refusal),
            }
        }
        let [first, rest @ ..] = &files[..] else { return };
        let kubernetes = call.kubernetes.unwrap_or(KubernetesVersion::USUAL.into());
        let found = lint::streams(&files, kubernetes, &mut self.session);
        let name = match rest.len() {
            0 => self.session.sources.file(*first).name.clone(),
            more => format!("{} files", more + 1),
        };
        let objects = counted(found.objects, "object");
        self.in_words.push(format!("{objects} of {name}, for Kubernetes {kubernetes}"));
        let looked_at = |file| LookedAt { file, with: vec![format!("Kubernetes {kubernetes}")] };
        self.looked_at.extend(files.into_iter().map(looked_at));
        self.remarks.extend(found.remarks);
    }
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

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
