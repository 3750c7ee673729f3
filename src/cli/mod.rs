//! The command line: the only module that reads, prints or exits.

mod disk;
mod console;
mod offered;
mod completions;
mod explain;
mod fault;
mod folder;
mod init;
mod man;
mod mistake;
mod profiles;
mod render;
mod stream;
mod rewrite;
mod lint;
mod why;
mod snapshot;
mod cluster;
mod schema;
mod revision;
mod diff;
mod graph;

use crate::emit::ink::Ink;
use clap::error::ContextKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use console::{Color, Console, Stop, Talk};
use disk::{Disk, StackText, reason};
use folder::{Changes, Orphans, read_files, write_files};
use offered::{Offered, profile_name};
use std::path::PathBuf;
use std::process::ExitCode;

/// Runs the command line and says how the process ends: 0 fine, 1 something was found, 2 the input or the call is wrong, 3 a
/// fault of ours.
pub fn main() -> ExitCode {
    ExitCode::from(fault::guard(|| match run() {
        Ok(Ending::Fine) => 0,
        Ok(Ending::Found) => 1,
        Err(Stop) => 2,
    }))
}

/// How a command ends that did what it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// There is nothing to say.
    Fine,
    /// It looked for something, and found it.
    Found,
}

/// What every command gives back; the command has said itself why it stops.
type Outcome = Result<(), Stop>;

const FIRST_STEPS: &str = "\
stowplan init                                 write a starter stack.toml
stowplan render -p k3d | kubectl apply -f -   make its manifests, and apply them
stowplan lint --all-profiles                  all that is wrong with it, offline
stowplan explain api                          every table and key, offline";

const EXIT_CODES: &str = "\
Data goes to stdout, talk to stderr.
Exit codes: 0 fine, 1 `lint`, `diff` or `snapshot --check` found something, 2 the input or \
the call is wrong, 3 a fault of stowplan.";

const HELP: &str = "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}\n";

/// One TOML file and a cluster profile become Kubernetes manifests.
#[derive(Parser)]
#[command(name = "stowplan", version, before_help = FIRST_STEPS, after_help = EXIT_CODES, max_term_width = 100)]
#[command(help_template = HELP, disable_help_subcommand = true)]
struct Call {
    #[command(flatten)]
    stack: StackOptions,
    /// When to use colors: auto, always or never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_default_value = true)]
    #[arg(hide_possible_values = true)]
    color: Color,
    /// Say nothing but errors
    #[arg(short, long, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

// The options of a command are made known to clap only when it is called, because those of all take longer than a small stack; so what each
// is for stands here, where the help of the whole program finds it.
#[derive(Subcommand)]
#[command(defer = true)]
enum Command {
    /// Print the manifests of a stack for one profile.
    Render(render::Arguments),
    /// Say everything that is wrong with a stack, or with YAML of any origin.
    Lint(lint::Arguments),
    /// Say what differs between profiles of a stack, or from what is there already, and why.
    Diff(diff::Arguments),
    /// Say where a value comes from, layer by layer.
    Why(why::Arguments),
    /// Keep the manifests of every profile as files beside the stack, or check those that are kept.
    Snapshot(snapshot::Arguments),
    /// Draw the stack: its components and what they are to each other.
    Graph(graph::Arguments),
    /// Print what makes the cluster of a profile: a k3d or kind file, a minikube script, or what a cloud must have.
    Cluster(cluster::Arguments),
    /// Write a starter stack.toml into the current folder.
    Init(init::Arguments),
    /// List the profiles, or show one.
    Profiles(profiles::Arguments),
    /// Explain a table, a key, a fact about the cluster, a rule or the code of a message.
    Explain(explain::Arguments),
    /// Print the JSON Schema of a stack file or a profile file, for editors.
    Schema(schema::Arguments),
    /// Print a script that completes commands and options in a shell.
    Completions(completions::Arguments),
    /// Print a manual page.
    Man(man::Arguments),
}

// Which stack, which profile, and what is changed in it. Taken before and after the name of the command. (A doc comment would become
// the sentence about the command that takes these.)
#[derive(clap::Args, Default)]
struct StackOptions {
    #[command(flatten)]
    file: FileOption,
    /// The profile; else STOWPLAN_PROFILE, else the first that the stack names
    #[arg(short, long, value_name = "NAME", value_parser = profile_name(), hide_possible_values = true)]
    profile: Option<String>,
    /// Set one value over all others, as in `--set vars.tag=1.2.3`; may be given several times
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
}

#[derive(clap::Args, Default)]
struct FileOption {
    /// The stack file, a folder with a stack.toml, or `-` for stdin [default: stack.toml here or in a folder above]
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl StackOptions {
    /// These options where they say something, else those `before` the name of the command.
    fn or(self, before: Self) -> Self {
        let mut set = before.set;
        set.extend(self.set);
        Self { file: self.file.or(before.file), profile: self.profile.or(before.profile), set }
    }

    /// The profile that the call or the environment names.
    fn profile(&self) -> Option<String> {
        // An empty variable is how a shell or a CI job leaves it out; an empty argument is a mistake and stays one.
        let environment = || std::env::var(console::PROFILE).ok().filter(|name| !name.is_empty());
        self.profile.clone().or_else(environment)
    }
}

impl FileOption {
    fn or(self, before: Self) -> Self {
        Self { file: self.file.or(before.file) }
    }
}

/// The names of all commands.
fn command_names() -> Vec<String> {
    Call::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}

fn run() -> Result<Ending, Stop> {
    let call = match Call::try_parse() {
        Ok(call) => call,
        Err(error) => return say(error).map(|()| Ending::Fine),
    };
    let talk = if call.quiet { Talk::Errors } else { Talk::All };
    let console = Console::new(call.color, talk);
    let outcome = match call.command {
        Command::Lint(arguments) => return lint::run(arguments, call.stack, &console),
        Command::Snapshot(arguments) => return snapshot::run(arguments, call.stack, &console),
        Command::Diff(arguments) => return diff::run(arguments, call.stack, &console),
        Command::Render(arguments) => render::run(arguments, call.stack, &console),
        Command::Why(arguments) => why::run(arguments, call.stack, &console),
        Command::Graph(arguments) => graph::run(arguments, call.stack, &console),
        Command::Cluster(arguments) => cluster::run(arguments, call.stack, &console),
        Command::Init(arguments) => init::run(&arguments, &console),
        Command::Profiles(arguments) => profiles::run(arguments, call.stack.file, &console),
        Command::Explain(arguments) => explain::run(&arguments, &console),
        Command::Schema(arguments) => schema::run(&arguments, &console),
        Command::Completions(arguments) => completions::run(&arguments, Call::command(), &console),
        Command::Man(arguments) => man::run(&arguments, Call::command(), &console),
    };
    outcome.map(|()| Ending::Fine)
}

/// What `--color` says in a call that clap does not read to its end.
fn color_of_call(arguments: impl Iterator<Item = String>) -> Color {
    let mut arguments = arguments.take_while(|argument| argument != "--");
    let mut color = Color::Auto;
    while let Some(argument) = arguments.next() {
        let word = match argument.strip_prefix("--color") {
            Some("") => arguments.next(),
            Some(word) => word.strip_prefix('=').map(str::to_owned),
            None => None,
        };
        color = word.and_then(|word| Color::from_str(&word, false).ok()).unwrap_or(color);
    }
    color
}

/// Prints what clap has to say: the help that was asked for, or what is wrong with the call.
fn say(mut error: clap::Error) -> Outcome {
    let console = Console::new(color_of_call(std::env::args().skip(1)), Talk::All);
    if error.use_stderr() {
        let known = Call::command();
        let command = std::env::args().find(|word| known.find_subcommand(word).is_some());
        let help = mistake::help(&error, command.as_deref());
        if help.is_some() {
            // What only looks alike would stand in its way.
            for guess in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::Suggested] {
                error.remove(guess);
            }
        }
        let help = help.map(|help| format!("\n{}: {help}\n", Ink::Help.painted("help"))).unwrap_or_default();
        console.complain(&format!("{}{help}", error.render().ansi()));
        return Err(Stop);
    }
    console.data(&error.render().ansi().to_string())
}
