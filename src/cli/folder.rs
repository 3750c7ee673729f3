//! Manifests in a folder: written whole or not at all, and nothing that is not ours is touched.

use super::reason;
use crate::diagnostic::Diagnostic;
use crate::emit::manifests::folder::MARK;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What happened to the files of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changes {
    /// New or with another content.
    pub written: usize,
    /// As they were.
    pub unchanged: usize,
    /// Ours from an earlier run, of objects that are gone.
    pub removed: usize,
}

/// Makes the folder hold exactly these files of ours. They are written beside their places first and then renamed, so
/// that an interrupted run leaves no half file.
///
/// # Errors
/// What to say where a file in the way is not ours, and nothing was changed; or where something cannot be written.
pub fn write_files(folder: &Path, files: &[(String, String)]) -> Result<Changes, Box<Diagnostic>> {
    let present = survey(folder)?;
    for (name, _) in files {
        if let Some(file) = present.iter().find(|file| file.name == *name)
            && file.owner == Owner::Foreign
        {
            return Err(in_the_way(&folder.join(name)));
        }
    }
    let changed: Vec<_> = files.iter().filter(|(name, text)| !holds(&folder.join(name), text)).collect();
    let stale: Vec<_> = present
        .iter()
        .filter(|file| file.owner == Owner::Stowplan && files.iter().all(|(name, _)| *name != file.name))
        .collect();
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    replace(folder, &changed)?;
    for file in &stale {
        let path = folder.join(&file.name);
        fs::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
    }
    Ok(Changes { written: changed.len(), unchanged: files.len() - changed.len(), removed: stale.len() })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// It begins with our mark.
    Stowplan,
    /// Anything else, folders and links too.
    Foreign,
}

/// What is in the folder already.
struct Present {
    name: String,
    owner: Owner,
}

fn survey(folder: &Path) -> Result<Vec<Present>, Box<Diagnostic>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(in_the_way(folder)),
        Err(error) => return Err(unwritable(folder, &error)),
    };
    let mut present = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| unwritable(folder, &error))?;
        // A name that is no text is none of ours.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_ours = entry.file_type().is_ok_and(|kind| kind.is_file()) && begins_with_mark(&entry.path());
        present.push(Present { name, owner: if is_ours { Owner::Stowplan } else { Owner::Foreign } });
    }
    Ok(present)
}

fn begins_with_mark(path: &Path) -> bool {
    let mut start = vec![0; MARK.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == MARK.as_bytes()
}

fn holds(path: &Path, text: &str) -> bool {
    fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes())
}

/// Writes the files into a folder of their own, then moves each to its place. That folder is inside the target: where
/// the target is a mount, a folder beside it would be on another disk, from which nothing can be renamed.
fn replace(folder: &Path, files: &[&(String, String)]) -> Result<(), Box<Diagnostic>> {
    if files.is_empty() {
        return Ok(());
    }
    let scratch = Scratch::new(folder).map_err(|error| unwritable(folder, &error))?;
    for (name, text) in files {
        let path = scratch.path.join(name);
        let written = File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| unwritable(&folder.join(name), &error))?;
    }
    for (name, _) in files {
        let path = folder.join(name);
        fs::rename(scratch.path.join(name), &path).map_err(|error| unwritable(&path, &error))?;
    }
    Ok(())
}

/// A folder that is removed with what is left in it, however the writing ends.
struct Scratch {
    path: PathBuf,
}

impl Scratch {
    fn new(folder: &Path) -> io::Result<Self> {
        let path = folder.join(format!(".stowplan-{}", std::process::id()));
        // One of the same name can only be what an interrupted run with our process id left behind.
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir(&path)?,
        }
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed does no harm: it begins with a dot.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn in_the_way(path: &Path) -> Box<Diagnostic> {
    let title = format!("`{}` is in the way and was not made by stowplan; nothing was changed", path.display());
    Box::new(Diagnostic::error("foreign-file", title).help("move it away, or name another folder: `-o dir:PATH`"))
}

fn unwritable(path: &Path, error: &io::Error) -> Box<Diagnostic> {
    let title = format!("`{}` cannot be written: {}", path.display(), reason(error));
    Box::new(Diagnostic::error("cannot-write", title).help("check who may write there and how much space is left"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("stowplan-folder-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        path
    }

    fn ours(name: &str, text: &str) -> (String, String) {
        (name.to_owned(), format!("{MARK}\n{text}"))
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_second_run_changes_only_what_changed() {
        let folder = folder("second").join("deep");
        let first = [ours("a.yaml", "1"), ours("b.yaml", "1"), ours("c.yaml", "1")];
        assert_eq!(write_files(&folder, &first).unwrap(), Changes { written: 3, unchanged: 0, removed: 0 });
        fs::write(folder.join("README.md"), "mine").unwrap();
        let second = [ours("a.yaml", "1"), ours("b.yaml", "2")];
        assert_eq!(write_files(&folder, &second).unwrap(), Changes { written: 1, unchanged: 1, removed: 1 });
        assert_eq!(names(&folder), ["README.md", "a.yaml", "b.yaml"]);
        assert_eq!(fs::read_to_string(folder.join("b.yaml")).unwrap(), second[1].1);
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    }

    #[test]
    fn what_is_not_ours_stops_the_run_before_anything_is_changed() {
        let folder = folder("foreign");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("b.yaml"), "kind: Pod\n").unwrap();
        let error = write_files(&folder, &[ours("a.yaml", "1"), ours("b.yaml", "1")]).unwrap_err();
        assert!(error.title.contains("b.yaml") && error.title.contains("not made by stowplan"), "{}", error.title);
        assert_eq!(names(&folder), ["b.yaml"]);
        fs::create_dir(folder.join("a.yaml")).unwrap();
        assert!(write_files(&folder, &[ours("a.yaml", "1")]).is_err());
        let file = folder.join("b.yaml");
        assert_eq!(write_files(&file, &[ours("a.yaml", "1")]).unwrap_err().code, "foreign-file");
        fs::remove_dir_all(&folder).unwrap();
    }
}
