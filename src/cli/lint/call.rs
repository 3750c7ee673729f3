//! What a call of `lint` asks for.

use super::Arguments;
use crate::cli::StackOptions;
use crate::cli::disk::read_twice;
use crate::diagnostic::{Diagnostic, Severity};
use crate::emit::report::Format;
use crate::lint::Profiles;
use crate::value::KubernetesRange;
use std::path::{Path, PathBuf};

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Level {
    /// No server takes it, or the stack is wrong
    Error,
    /// Probably not what was meant
    Warning,
    /// Good to know
    Info,
}

/// What becomes of findings with one right answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixing {
    /// They are told like the others.
    Told,
    /// They are mended in the files.
    Written,
    /// What would be written is shown.
    Shown,
}

/// What is asked for.
pub struct Call {
    /// The stacks; `None` is the one that is found here or in a folder above.
    pub stacks: Vec<Option<PathBuf>>,
    /// What holds YAML or JSON.
    pub streams: Vec<PathBuf>,
    /// With which profiles a stack is looked at.
    pub profiles: Profiles,
    /// The arguments of `--set`.
    pub set: Vec<String>,
    /// The versions of the servers.
    pub kubernetes: Option<KubernetesRange>,
    /// From what on the exit code is 1.
    pub fail_on: Severity,
    /// How the report is written.
    pub format: Format,
    /// What becomes of findings with one right answer.
    pub fixing: Fixing,
}

impl Call {
    /// Reads the arguments, and the options `before` the name of the command.
    ///
    /// # Errors
    /// What to say where they do not fit each other.
    pub fn of(arguments: Arguments, before: StackOptions) -> Result<Self, Box<Diagnostic>> {
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
            return Err(read_twice());
        }
        let fixing = match (arguments.fix, arguments.diff) {
            (false, _) => Fixing::Told,
            (true, false) if readings > 0 => return Err(unwritable()),
            (true, false) => Fixing::Written,
            (true, true) => Fixing::Shown,
        };
        let profiles = match StackOptions::default().profile() {
            _ if arguments.all_profiles => Profiles::All,
            _ if !named.is_empty() => Profiles::Named(named),
            Some(names) => Profiles::Named(names.split(',').map(str::to_owned).collect()),
            None => Profiles::First,
        };
        let fail_on = match arguments.fail_on {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Info,
        };
        let (kubernetes, format) = (arguments.kubernetes, arguments.format);
        Ok(Self { stacks, streams, profiles, set, kubernetes, fail_on, format, fixing })
    }
}

fn no_stack() -> Box<Diagnostic> {
    let title = "profiles and `--set` belong to a stack, and only YAML is named";
    let help = "name the stack too, as in `-f stack.toml`; for YAML alone `--kubernetes 1.34` says what it must fit";
    Box::new(Diagnostic::error("bad-call", title).help(help))
}

fn unwritable() -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error("bad-call", "what came from stdin cannot be mended there");
    Box::new(diagnostic.help("name the file, or add `--diff` to see what `--fix` would write"))
}
