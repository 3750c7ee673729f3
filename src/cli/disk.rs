//! The disk as the pipeline sees it, and the stack file on it.

use crate::diagnostic::Diagnostic;
use crate::source::{Inputs, MAXIMUM_BYTES, STDIN};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Files relative to the folder of the stack file, and the environment.
pub struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// The files relative to this folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Where a file stands that is named relative to the stack.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.join(path)
    }
}

impl Inputs for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        read(File::open(self.folder.join(path))?)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.folder.join(path))? {
            let entry = entry?;
            if fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_file()) {
                files.push(path.join(entry.file_name()));
            }
        }
        files.sort();
        Ok(files)
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn name(&self, path: &Path) -> String {
        self.folder.join(path).display().to_string()
    }
}

/// One byte more than is allowed is enough to know that a file is too large; `/dev/zero` has no end.
pub fn read(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAXIMUM_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A stack file as it was found.
pub struct StackText {
    /// As messages name it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What its paths are relative to.
    pub disk: Disk,
}

/// The name of a stack file where the call names none.
const STACK_FILE: &str = "stack.toml";

impl StackText {
    /// The stack file that the call means: a file, a folder with a `stack.toml`, `-` for stdin, or the next `stack.toml`
    /// in the current folder and those above it.
    ///
    /// # Errors
    /// What to say where there is none, or where it cannot be read.
    pub fn find(file: Option<&Path>) -> Result<Self, Box<Diagnostic>> {
        match file {
            Some(path) if path == Path::new("-") => {
                let bytes = read(io::stdin().lock()).map_err(|error| unreadable("stdin", &error))?;
                Ok(Self { name: STDIN.into(), bytes, disk: Disk::new("") })
            }
            Some(path) if is_yaml(path) => Err(values_file(path)),
            Some(path) if path.is_dir() => Self::open(&path.join(STACK_FILE), |_| {
                Diagnostic::error("missing-file", format!("the folder `{}` holds no {STACK_FILE}", path.display()))
                    .help(format!("name the file: `-f {}`", path.join("NAME.toml").display()))
            }),
            Some(path) => Self::open(path, |path| {
                Diagnostic::error("missing-file", format!("there is no file `{path}`"))
                    .help("check the path; `stowplan init` writes a starter stack.toml")
            }),
            None => match search_upwards() {
                Some(path) => Self::open(&path, |path| Diagnostic::error("missing-file", format!("`{path}` is gone"))),
                None => Err(nowhere()),
            },
        }
    }

    fn open(path: &Path, missing: impl Fn(&str) -> Diagnostic) -> Result<Self, Box<Diagnostic>> {
        let name = path.display().to_string();
        match File::open(path).and_then(read) {
            Ok(bytes) => Ok(Self { name, bytes, disk: Disk::new(path.parent().unwrap_or(Path::new(""))) }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(missing(&name).into()),
            Err(error) => Err(unreadable(&name, &error)),
        }
    }
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") && !path.is_dir()
}

/// `-f values.yaml` is how Helm is called.
fn values_file(path: &Path) -> Box<Diagnostic> {
    let title = format!("`{}` is YAML, and a stack file is TOML", path.display());
    let help = "name the stack file: `-f stack.toml`; what Helm has in its values stands in `[vars]` and `[profile.NAME]` of the stack, and one value is `--set vars.tag=1.2.3`";
    Box::new(Diagnostic::error("not-a-stack", title).help(help))
}

/// The path is relative, `../stack.toml`, as a person would type it.
fn search_upwards() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let mut folder = PathBuf::new();
    for _ in here.ancestors() {
        let path = folder.join(STACK_FILE);
        if path.is_file() {
            return Some(path);
        }
        folder.push("..");
    }
    None
}

fn nowhere() -> Box<Diagnostic> {
    if Path::new(STACK_FILE).is_dir() {
        return is_folder();
    }
    let diagnostic = Diagnostic::error("missing-file", format!("there is no {STACK_FILE} here or in a folder above"));
    Box::new(diagnostic.help("name one with `-f PATH`, or write a starter with `stowplan init`"))
}

/// What to say where a folder bears the name of the stack file.
pub fn is_folder() -> Box<Diagnostic> {
    let diagnostic =
        Diagnostic::error("missing-file", format!("`{STACK_FILE}` is a folder here, and a stack is a file"));
    Box::new(
        diagnostic.help(format!("rename the folder: `mv {STACK_FILE} stack`; then `stowplan init` writes a starter")),
    )
}

/// What to say where a call names stdin twice.
pub fn read_twice() -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error("bad-call", "stdin is named more than once, and can be read once only");
    Box::new(diagnostic.help("keep one `-`"))
}

/// What to say of a text that cannot be read.
pub fn unreadable(name: &str, error: &io::Error) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error("unreadable-file", format!("`{name}` cannot be read: {}", reason(error)));
    Box::new(diagnostic.help("check what it is and who may read it"))
}

/// What the system says, in words and without its number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_lowercase(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_relative_to_the_folder_and_sorted() {
        let disk = Disk::new(env!("CARGO_MANIFEST_DIR"));
        let profiles = disk.list(Path::new("profiles")).unwrap();
        assert_eq!(profiles[..2], [PathBuf::from("profiles/aks.toml"), PathBuf::from("profiles/base.toml")]);
        assert!(disk.read(&profiles[0]).unwrap().starts_with(b"#"));
        assert!(disk.list(Path::new("Cargo.toml")).is_err());
        assert!(disk.read(Path::new("src")).is_err());
    }

    #[test]
    fn no_name_of_a_variable_panics() {
        let disk = Disk::new("");
        assert!(disk.variable("PATH").is_some());
        assert_eq!(["", "A=B", "A\0"].map(|name| disk.variable(name)), [None, None, None]);
    }

    #[test]
    fn reasons_are_words() {
        assert_eq!(reason(&io::Error::from_raw_os_error(13)), "permission denied");
        assert_eq!(reason(&io::Error::other("odd")), "odd");
    }
}
