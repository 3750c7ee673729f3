//! `diff`: what differs between profiles of a stack, revisions of it, or what is there already; and why.

use super::disk::read_twice;
use super::render::refuse;
use super::revision::Revision;
use super::stream::StreamText;
use super::{Console, Ending, FileOption, StackOptions, StackText, Stop, profile_name};
use crate::change::Changes;
use crate::diagnostic::Diagnostic;
use crate::diff::{self, Question, Risks, Side};
use crate::document::parse;
use crate::emit::changes::{FORMATS, Format, human, matrix};
use crate::lint;
use crate::pipeline::Rendering;
use crate::profile::Session;
use crate::source::{FileId, Inputs};
use crate::value::{KubernetesRange, KubernetesVersion, Scalar};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "\
The exit code is 0 where nothing differs, 1 where something does, 2 where the input or the call is wrong.

Examples:
  stowplan diff k3d cloud                      field by field, with reasons
  stowplan diff --all                          all profiles beside each other
  stowplan diff -p cloud --since main --risk   what a branch does to a cluster
  kubectl get -o yaml all,ingress,configmap | stowplan diff -p k3d --against -")]
pub struct Arguments {
    /// The two profiles; with `--all`, those that stand beside each other
    #[arg(value_name = "PROFILE", value_parser = profile_name(), hide_possible_values = true, value_delimiter = ',')]
    profiles: Vec<String>,
    #[command(flatten)]
    file: FileOption,
    /// The profile for `--since` and `--against`; else STOWPLAN_PROFILE, else the first that the stack names
    #[arg(short = 'p', long = "profile", value_name = "NAME", value_parser = profile_name(), hide_possible_values = true)]
    #[arg(value_delimiter = ',')]
    named: Vec<String>,
    /// Set one value over all others, as in `--set vars.tag=1.2.3`; may be given several times
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Put all profiles that the stack names beside each other: a row for each field that is not the same everywhere
    #[arg(long, conflicts_with_all = ["summary", "risk", "against", "since"])]
    all: bool,
    /// Compare with rendered YAML: a file, a folder, or `-` for what `kubectl get -o yaml` prints
    #[arg(long, value_name = "PATH", conflicts_with = "since")]
    against: Option<PathBuf>,
    /// Compare with the stack as it was at a revision in git
    #[arg(long, value_name = "REVISION")]
    since: Option<String>,
    /// The version of the API server, in place of the profiles' `cluster.kubernetes`
    #[arg(long, value_name = "VERSION", value_parser = version)]
    kubernetes: Option<KubernetesVersion>,
    /// A line for each object
    #[arg(long, conflicts_with = "format")]
    summary: bool,
    /// Mark what a cluster would refuse, or what hurts, with what to do
    #[arg(long)]
    risk: bool,
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
pub fn run(arguments: Arguments, before: StackOptions, console: &Console) -> Result<Ending, Stop> {
    let Arguments { profiles, file, named, set, all, against, since, kubernetes, summary, risk, format } = arguments;
    let options = StackOptions { file, profile: None, set }.or(before);
    let asked = if all { Asked::All } else { Asked::of(against, since) };
    let profiles = asked.profiles(profiles, named, &options).map_err(|error| console.refuse(*error))?;
    if let Asked::Against(path) = &asked
        && [Some(path), options.file.file.as_ref()].iter().all(|path| path.is_some_and(|path| path == Path::new("-")))
    {
        return Err(console.refuse(*read_twice()));
    }
    if risk && !format.has_risks {
        return Err(console.refuse(no_risks(format)));
    }
    let found = StackText::find(options.file.file.as_deref()).map_err(|error| console.refuse(*error))?;
    let mut session = Session { command: "diff", ..Session::default() };
    let text = parse::text_of(&found.name, found.bytes, &session.sources, &mut session.report);
    let Some(text) = text else { return Err(refuse(session, &found.name, "compared", console)) };
    let risks = if risk { Risks::Marked } else { Risks::Unmarked };
    let output = Output { format, summary, risks, console };
    let kubernetes = kubernetes.map(KubernetesRange::from);
    let stack = Stack { text, name: &found.name, disk: &found.disk, set: &options.set, kubernetes };
    match (asked, &profiles[..]) {
        (Asked::All, _) => stack.beside(profiles, session, &output),
        (Asked::Against(path), profiles) => {
            stack.against(&path, profiles.first().map(String::as_str), session, &output)
        }
        (Asked::Since(revision), profiles) => {
            stack.since(&revision, profiles.first().map(String::as_str), session, &output)
        }
        (Asked::Two, [first, second]) => stack.between((first, second), session, &output),
        (Asked::Two, _) => Err(console.refuse(two_profiles(&profiles))),
    }
}

/// What is compared with what.
enum Asked {
    /// Two profiles.
    Two,
    /// All profiles.
    All,
    /// A profile with YAML.
    Against(PathBuf),
    /// A profile with a revision.
    Since(String),
}

impl Asked {
    fn of(against: Option<PathBuf>, since: Option<String>) -> Self {
        match (against, since) {
            (Some(path), _) => Self::Against(path),
            (_, Some(revision)) => Self::Since(revision),
            (None, None) => Self::Two,
        }
    }

    /// The profiles that are meant, of those that stand alone and those `named` with `-p`.
    fn profiles(
        &self,
        alone: Vec<String>,
        named: Vec<String>,
        options: &StackOptions,
    ) -> Result<Vec<String>, Box<Diagnostic>> {
        let named: Vec<String> = options.profile.iter().cloned().chain(named).collect();
        let has_names = !named.is_empty();
        let mut all: Vec<String> = named.into_iter().chain(alone).collect();
        match self {
            Self::All => Ok(all),
            Self::Two if has_names => Err(Box::new(without_option(&all))),
            Self::Two => Ok(all),
            Self::Against(_) | Self::Since(_) => {
                if all.is_empty() {
                    all.extend(options.profile());
                }
                if all.len() > 1 { Err(Box::new(one_profile(&all))) } else { Ok(all) }
            }
        }
    }
}

fn two_profiles(profiles: &[String]) -> Diagnostic {
    let first = profiles.first().map_or("k3d", String::as_str);
    let second = if first == "cloud" { "k3d" } else { "cloud" };
    let help = format!(
        "name two profiles, as in `stowplan diff {first} {second}`; `--all` puts all of them beside each other, `--since main` compares with a revision, `--against PATH` with rendered YAML"
    );
    let title = match profiles.len() {
        0 => "there is nothing to compare with".to_owned(),
        1 => format!("there is nothing to compare `{first}` with"),
        count => format!("{count} profiles are named, and two are compared"),
    };
    Diagnostic::error("bad-call", title).help(help)
}

/// `-p` says with which profile a stack is compared with something else.
fn without_option(profiles: &[String]) -> Diagnostic {
    match profiles {
        [first, second] => Diagnostic::error("bad-call", "two profiles that are compared are named without `-p`")
            .help(format!("write `stowplan diff {first} {second}`")),
        _ => two_profiles(profiles),
    }
}

fn one_profile(profiles: &[String]) -> Diagnostic {
    let title = format!("{} profiles are named, and one is compared with what is there already", profiles.len());
    Diagnostic::error("bad-call", title).help(format!("name one: `-p {}`", profiles[0]))
}

fn no_risks(format: Format) -> Diagnostic {
    let title = format!("the format `{}` has no place for risks", format.name);
    let names: Vec<_> =
        FORMATS.iter().filter(|format| format.has_risks).map(|format| format!("`{}`", format.name)).collect();
    Diagnostic::error("bad-call", title).help(format!("leave out `--risk`, or write one of {}", names.join(", ")))
}

/// How the differences come out.
struct Output<'c> {
    format: Format,
    summary: bool,
    risks: Risks,
    console: &'c Console,
}

impl Output<'_> {
    fn print(&self, changes: &Changes) -> Result<Ending, Stop> {
        let style = self.console.style_of_data();
        self.console.data(&match self.summary {
            true => human::summary(changes, style),
            false => (self.format.print)(changes, style),
        })?;
        if changes.is_empty() {
            self.console.tell(&format!("nothing differs between {} and {}\n", changes.before, changes.after));
            return Ok(Ending::Fine);
        }
        Ok(Ending::Found)
    }
}

/// The stack that is compared.
struct Stack<'a> {
    text: FileId,
    name: &'a str,
    disk: &'a dyn Inputs,
    set: &'a [String],
    kubernetes: Option<KubernetesRange>,
}

impl Stack<'_> {
    fn question(&self) -> Question<'_> {
        Question { stack: self.text, set: self.set, kubernetes: self.kubernetes }
    }

    fn render(&self, profile: Option<&str>, session: &mut Session) -> Option<Rendering> {
        diff::render(&self.question(), profile, session, self.disk)
    }

    fn render_all(&self, profiles: &[&str], session: &mut Session) -> Vec<Option<Rendering>> {
        diff::render_all(&self.question(), profiles, session, self.disk)
    }

    /// What is wrong; nothing was compared then.
    fn refuse(&self, session: Session, output: &Output) -> Stop {
        refuse(session, self.name, "compared", output.console)
    }

    fn between(&self, names: (&str, &str), mut session: Session, output: &Output) -> Result<Ending, Stop> {
        let renderings = self.render_all(&[names.0, names.1], &mut session);
        let ([Some(before), Some(after)], false) = (renderings.as_slice(), session.report.has_errors()) else {
            return Err(self.refuse(session, output));
        };
        output.console.report(std::mem::take(&mut session.report), &session.sources);
        let sides = (Side::of(names.0, before), Side::of(names.1, after));
        let ending = output.print(&diff::between(sides.0, sides.1, &session, output.risks));
        // The process ends here: freeing large trees value by value would only take time.
        std::mem::forget((renderings, session));
        ending
    }

    fn since(
        &self,
        revision: &str,
        profile: Option<&str>,
        mut session: Session,
        output: &Output,
    ) -> Result<Ending, Stop> {
        let path = Path::new(self.name);
        let (Some(folder), Some(file), false) = (path.parent(), path.file_name(), self.name == "<stdin>") else {
            let diagnostic = Diagnostic::error("bad-call", "a stack from stdin has no revisions");
            return Err(output.console.refuse(diagnostic.help("name its file with `-f`")));
        };
        let then = Revision::find(folder, revision).map_err(|error| output.console.refuse(*error))?;
        let Ok(bytes) = then.read(Path::new(file)) else {
            let title = format!("`{}` is not in the revision `{revision}`", self.name);
            let help = "name a revision that has it: `git log --oneline -- stack.toml` lists them";
            return Err(output.console.refuse(Diagnostic::error("missing-file", title).help(help)));
        };
        let name = then.name(Path::new(file));
        let Some(text) = parse::text_of(&name, bytes, &session.sources, &mut session.report) else {
            then.judge(&mut session);
            return Err(self.refuse(session, output));
        };
        let question = Question { stack: text, ..self.question() };
        let before = diff::render_unchecked(&question, profile, &mut session, &then);
        then.judge(&mut session);
        let after = self.render(profile, &mut session);
        let (Some(before), Some(after), false) = (before, after, session.report.has_errors()) else {
            return Err(self.refuse(session, output));
        };
        output.console.report(std::mem::take(&mut session.report), &session.sources);
        let before = Side { revision: Some(revision), ..Side::of(revision, &before) };
        output.print(&diff::between(before, Side::of("now", &after), &session, output.risks))
    }

    fn against(
        &self,
        path: &Path,
        profile: Option<&str>,
        mut session: Session,
        output: &Output,
    ) -> Result<Ending, Stop> {
        if path.extension().is_some_and(|end| end == "toml") {
            let title = format!("`{}` is TOML, and `--against` takes YAML or JSON", path.display());
            let help = "render the other stack first, as in `stowplan render -f old.toml > old.yaml`; an older revision of this one is `--since REVISION`";
            return Err(output.console.refuse(Diagnostic::error("bad-call", title).help(help)));
        }
        let mut files = Vec::new();
        for text in StreamText::find(path) {
            match text {
                Ok(text) => files.extend(parse::text_of(&text.name, text.bytes, &session.sources, &mut session.report)),
                Err(refusal) => session.report.push(*refusal),
            }
        }
        let theirs = diff::read(&files, &mut session);
        let after = self.render(profile, &mut session);
        let (Some(after), false) = (after, session.report.has_errors()) else {
            return Err(self.refuse(session, output));
        };
        output.console.report(std::mem::take(&mut session.report), &session.sources);
        let name = if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() };
        let ours = Side::of(&after.profile, &after);
        output.print(&diff::against((&name, &theirs), ours, &session, output.risks))
    }

    fn beside(&self, mut profiles: Vec<String>, mut session: Session, output: &Output) -> Result<Ending, Stop> {
        let print = matrix::FORMATS.iter().find(|(name, _)| *name == output.format.name);
        let Some((_, print)) = print else {
            let title = format!("the format `{}` shows two profiles, and `--all` many", output.format.name);
            let names: Vec<_> = matrix::FORMATS.iter().map(|(name, _)| format!("`{name}`")).collect();
            let help = format!("write one of {}, or name two profiles in place of `--all`", names.join(", "));
            return Err(output.console.refuse(Diagnostic::error("bad-call", title).help(help)));
        };
        let are_named = !profiles.is_empty();
        if profiles.is_empty() {
            profiles = lint::declared(self.text, &session.sources).unwrap_or_default();
        }
        let names: Vec<&str> = profiles.iter().map(String::as_str).collect();
        let named = profiles.iter().zip(self.render_all(&names, &mut session));
        let renderings: Vec<_> = named.filter_map(|(profile, made)| Some((profile.clone(), made?))).collect();
        if session.report.has_errors() || renderings.len() < profiles.len() {
            return Err(self.refuse(session, output));
        }
        if profiles.len() < 2 {
            let who = if are_named { "the call" } else { self.name };
            let count = match profiles.len() {
                0 => "no profiles",
                _ => "one profile",
            };
            let title = format!("`--all` compares several, and {who} names {count}");
            let help = "write `profiles = [\"k3d\", \"cloud\"]` below `[stack]`, or name them: `stowplan diff --all k3d cloud`";
            return Err(output.console.refuse(Diagnostic::error("bad-call", title).help(help)));
        }
        output.console.report(std::mem::take(&mut session.report), &session.sources);
        let matrix = diff::beside(&renderings, &session);
        output.console.data(&print(&matrix, output.console.style_of_lists()))?;
        if matrix.rows.is_empty() {
            output.console.tell(&format!("nothing differs between {}\n", matrix.columns.join(", ")));
            return Ok(Ending::Fine);
        }
        Ok(Ending::Found)
    }
}
