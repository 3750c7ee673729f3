//! `snapshot`: the manifests of every profile as files beside the stack.

use super::render::refuse;
use super::{
    Changes, Console, Disk, Ending, FileOption, Orphans, StackOptions, StackText, Stop, profile_name, read_files,
    write_files,
};
use crate::diagnostic::{Diagnostic, Report};
use crate::document::parse;
use crate::drift::File;
use crate::emit::drift;
use crate::emit::manifests::folder::Purpose;
use crate::lint::Profiles;
use crate::profile::Session;
use crate::snapshot::{FOLDER, Question, Snapshot, snapshots};
use std::fs;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "\
Each object is a file `snapshots/PROFILE/KIND-NAME.yaml` beside the stack; a Job keeps its file \
where its hash changes. Kept in git, they show in review what a change of the stack, or another \
version of stowplan, does. Values of secrets from variables and files are never in them.

Examples:
  stowplan snapshot            write them, for every profile of the stack
  stowplan snapshot --check    write nothing; exit with 1 where one is not right
  stowplan snapshot --prune    write them, and remove those of objects gone")]
pub struct Arguments {
    #[command(flatten)]
    file: FileOption,
    /// The profiles, each by an option of its own or with commas [default: all that the stack names]
    #[arg(short, long = "profile", value_name = "NAME", value_parser = profile_name(), hide_possible_values = true)]
    #[arg(value_delimiter = ',')]
    profiles: Vec<String>,
    /// Every profile that the stack names, as without this option
    #[arg(long, conflicts_with = "profiles")]
    all_profiles: bool,
    /// Set one value over all others, as in `--set vars.tag=1.2.3`; may be given several times
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Write nothing; say which files are missing, stale or orphaned, and what differs
    #[arg(long)]
    check: bool,
    /// Remove our files of objects and profiles that are gone
    #[arg(long, conflicts_with = "check")]
    prune: bool,
}

/// Writes the files, or prints on stdout what is wrong with them.
///
/// # Errors
/// Where the stack is refused for one of the profiles, and nothing was written; or where something cannot be read or written.
pub fn run(arguments: Arguments, before: StackOptions, console: &Console) -> Result<Ending, Stop> {
    let file = arguments.file.or(before.file);
    let found = StackText::find(file.file.as_deref()).map_err(|error| console.refuse(*error))?;
    let mut session = Session { command: "snapshot", ..Session::default() };
    let mut report = Report::default();
    let Some(stack) = parse::text_of(&found.name, found.bytes, &session.sources, &mut report) else {
        console.report(report, &session.sources);
        return Err(Stop);
    };
    let named: Vec<String> = before.profile.into_iter().chain(arguments.profiles).collect();
    let profiles = match named.is_empty() || arguments.all_profiles {
        true => Profiles::All,
        false => Profiles::Named(named),
    };
    let set: Vec<String> = before.set.into_iter().chain(arguments.set).collect();
    let question = Question { stack, profiles: &profiles, set: &set };
    let done = if arguments.check { "compared" } else { "written" };
    let made = match snapshots(&question, &mut session, &found.disk) {
        Ok(made) => made,
        Err(diagnostics) => {
            session.report = Report { diagnostics };
            return Err(refuse(session, &found.name, done, console));
        }
    };
    if let Some(snapshot) = made.iter().find(|snapshot| leads_away(&snapshot.profile)) {
        let title = format!("`{}` is the name of no folder", snapshot.profile);
        return Err(console.refuse(Diagnostic::error("bad-call", title).help("rename the profile")));
    }
    let kept = Kept { disk: &found.disk, snapshots: &made, extent: Extent::of(&profiles) };
    let outcome = match () {
        () if arguments.check => kept.check(&mut session, console),
        () if arguments.prune => kept.write(Orphans::Remove, console),
        () => kept.write(Orphans::Keep, console),
    };
    // The process ends here: freeing large trees value by value would only take time.
    std::mem::forget(made);
    std::mem::forget(session);
    outcome.map_err(|refusal| console.refuse(*refusal))?
}

/// Whether a profile is called like a path to somewhere else.
fn leads_away(profile: &str) -> bool {
    profile.starts_with('.') || profile.contains(['/', '\\'])
}

/// How much of the folder is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// All of it: a profile that the stack does not name is gone.
    Whole,
    /// The folders of some profiles.
    Profiles,
}

impl Extent {
    fn of(profiles: &Profiles) -> Self {
        if *profiles == Profiles::All { Self::Whole } else { Self::Profiles }
    }
}

/// The files beside a stack.
struct Kept<'a> {
    disk: &'a Disk,
    snapshots: &'a [Snapshot],
    extent: Extent,
}

/// What a command ends with, where nothing stands in its way.
type Outcome = Result<Result<Ending, Stop>, Box<Diagnostic>>;

impl Kept<'_> {
    /// Prints what is wrong with the files.
    fn check(&self, session: &mut Session, console: &Console) -> Outcome {
        let style = console.style_of_data();
        let (mut text, mut wrong, mut orphaned, mut all) = (String::new(), 0, 0, 0);
        for snapshot in self.snapshots {
            let path = self.folder(&snapshot.profile);
            let present = self.present(snapshot)?;
            let shown = path.display().to_string();
            let drift = snapshot.drift(&present, &shown, session);
            all += snapshot.files.len();
            orphaned += drift.orphaned.len();
            wrong += drift.missing.len() + drift.stale.len();
            append(&mut text, &drift::human(&shown, &drift, &snapshot.changes(&drift, session), style));
        }
        for (path, files) in self.gone()? {
            orphaned += files.len();
            let lines = files.iter().map(|file| drift::orphaned(&path.join(&file.name).display().to_string(), style));
            append(&mut text, &lines.collect::<String>());
        }
        if wrong + orphaned == 0 {
            console.tell(&format!("{} are up to date\n", counted(all, "snapshot")));
            return Ok(Ok(Ending::Fine));
        }
        let printed = console.data(&text);
        console.tell(&summary(wrong + orphaned, orphaned));
        Ok(printed.map(|()| Ending::Found))
    }

    /// Writes the files of all profiles; nothing at all where something of others is in the way of one.
    fn write(&self, orphans: Orphans, console: &Console) -> Outcome {
        for snapshot in self.snapshots {
            self.present(snapshot)?;
        }
        let gone = self.gone()?;
        let mut left = 0;
        for snapshot in self.snapshots {
            let path = self.folder(&snapshot.profile);
            let files: Vec<_> = snapshot.files.iter().map(|file| (file.name.clone(), file.text.clone())).collect();
            let changes = write_files(&path, &files, Purpose::Snapshot, orphans)?;
            left += changes.orphaned;
            console.tell(&describe(&path, changes, orphans));
        }
        for (path, files) in gone {
            left += files.len();
            let changes = Changes { written: 0, unchanged: 0, orphaned: files.len() };
            if orphans == Orphans::Remove {
                write_files(&path, &[], Purpose::Snapshot, orphans)?;
                // what others put there stays, and the folder with it
                let _ = fs::remove_dir(&path);
            }
            console.tell(&describe(&path, changes, orphans));
        }
        if left > 0 && orphans == Orphans::Keep {
            console.tell("remove the orphaned ones with `stowplan snapshot --prune`\n");
        }
        Ok(Ok(Ending::Fine))
    }

    fn folder(&self, profile: &str) -> PathBuf {
        self.disk.path(Path::new(FOLDER).join(profile))
    }

    /// Our files in the folder of a profile.
    fn present(&self, snapshot: &Snapshot) -> Result<Vec<File>, Box<Diagnostic>> {
        let names = snapshot.files.iter().map(|file| file.name.as_str());
        read_files(&self.folder(&snapshot.profile), names, Purpose::Snapshot)
    }

    /// Folders of profiles that the stack does not name any more, with our files in them.
    fn gone(&self) -> Result<Vec<(PathBuf, Vec<File>)>, Box<Diagnostic>> {
        let Some(entries) = fs::read_dir(self.disk.path(FOLDER)).ok().filter(|_| self.extent == Extent::Whole) else {
            return Ok(Vec::new());
        };
        let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let is_ours = |path: &PathBuf| self.snapshots.iter().any(|snapshot| self.folder(&snapshot.profile) == *path);
        let mut gone = Vec::new();
        for path in folders.map(|entry| entry.path()).filter(|path| !is_ours(path)) {
            let files = read_files(&path, std::iter::empty(), Purpose::Snapshot)?;
            if !files.is_empty() {
                gone.push((path, files));
            }
        }
        gone.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(gone)
    }
}

/// Adds a text behind a blank line, where there is something to part it from.
fn append(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push('\n');
    }
    text.push_str(more);
}

/// How many files are not as they should be, and what to type.
fn summary(wrong: usize, orphaned: usize) -> String {
    let what = if wrong == 1 { "1 snapshot is".to_owned() } else { format!("{wrong} snapshots are") };
    let option = if orphaned == 0 { "" } else { " --prune" };
    format!("\n{what} not up to date; run `stowplan snapshot{option}`, and look at the difference\n")
}

/// `snapshots/k3d: 3 written, 9 unchanged, 1 orphaned`.
fn describe(path: &Path, changes: Changes, orphans: Orphans) -> String {
    format!("{}: {}\n", path.display(), changes.describe(orphans))
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
