//! The files of a stack as they were at a revision in git; nothing is checked out.

use super::disk::{read, reason};
use crate::diagnostic::{Diagnostic, Severity};
use crate::profile::Session;
use crate::source::Inputs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The files relative to a folder at a revision, and the environment.
pub struct Revision {
    folder: PathBuf,
    revision: String,
}

impl Revision {
    /// The revision of this name, as the git of the folder knows it.
    ///
    /// # Errors
    /// What to say where there is no git, no repository or no such revision.
    pub fn find(folder: &Path, revision: &str) -> Result<Self, Box<Diagnostic>> {
        let found = Self { folder: folder.to_owned(), revision: revision.to_owned() };
        let output = found
            .git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")])
            .output();
        match output {
            Ok(output) if output.status.success() => Ok(found),
            Ok(_) => Err(Box::new(found.unknown())),
            Err(error) => {
                let title = format!("git cannot be run: {}", reason(&error));
                Err(Box::new(Diagnostic::error("unknown-revision", title).help("install git, or put it into PATH")))
            }
        }
    }

    /// Says of the errors of the stack as it was then that nobody can mend them, and which other revision to name. What is
    /// no error is of no use to anybody.
    pub fn judge(&self, session: &mut Session) {
        let Session { sources, report, .. } = session;
        let start = format!("{}:", self.revision);
        report.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
        for diagnostic in &mut report.diagnostics {
            let is_old = diagnostic.place().is_some_and(|place| sources.file(place.file).name.starts_with(&start));
            if is_old {
                let help =
                    "compare with a revision in which the stack is right: `git log --oneline -- stack.toml` lists them";
                diagnostic.help = Some(help.to_owned());
                diagnostic.fix = None;
            }
            diagnostic.note = Some(format!("this is of the stack as it was at `{}`, not as it is now", self.revision));
        }
    }

    /// What to say of a revision that git does not know: whether there is anything that it could know.
    fn unknown(&self) -> Diagnostic {
        let knows = |arguments: &[&str]| self.git(arguments).output().is_ok_and(|output| output.status.success());
        let (title, help) = if !knows(&["rev-parse", "--git-dir"]) {
            (
                "the folder of the stack is in no git repository".to_owned(),
                "compare with files in place of a revision: `--against PATH`",
            )
        } else if !knows(&["rev-parse", "--verify", "--quiet", "HEAD"]) {
            (
                "the git repository of the stack has no commit yet".to_owned(),
                "commit the stack first, then compare with that: `--since HEAD`",
            )
        } else {
            (
                format!("git knows no revision `{}` here", self.revision),
                "name a branch, a tag or a commit of the repository in which the stack is, as in `--since main`; in CI fetch it first: `git fetch origin main`",
            )
        };
        Diagnostic::error("unknown-revision", title).help(help)
    }

    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        let folder = if self.folder.as_os_str().is_empty() { Path::new(".") } else { &self.folder };
        command.arg("-C").arg(folder).args(arguments).stdin(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// What git calls a file of the folder.
    fn object(&self, path: &Path) -> io::Result<String> {
        let path = path.to_str().ok_or(io::ErrorKind::InvalidInput)?;
        Ok(format!("{}:./{path}", self.revision))
    }

    /// What git prints; an error where it fails, which for files means that there is none.
    fn output(&self, arguments: &[&str]) -> io::Result<Vec<u8>> {
        let mut child = self.git(arguments).stdout(Stdio::piped()).spawn()?;
        let bytes = child.stdout.take().map_or_else(|| Ok(Vec::new()), read)?;
        if child.wait()?.success() { Ok(bytes) } else { Err(io::ErrorKind::NotFound.into()) }
    }
}

impl Inputs for Revision {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.output(&["cat-file", "blob", &self.object(path)?])
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let listing = self.output(&["ls-tree", "-z", "--full-tree", &self.object(path)?])?;
        let mut files: Vec<PathBuf> = String::from_utf8_lossy(&listing)
            .split('\0')
            .filter_map(|entry| entry.split_once('\t'))
            .filter(|(kind, _)| kind.contains(" blob "))
            .map(|(_, name)| path.join(name))
            .collect();
        files.sort();
        Ok(files)
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn name(&self, path: &Path) -> String {
        format!("{}:{}", self.revision, self.folder.join(path).display())
    }
}
