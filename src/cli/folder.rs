//! Manifests in a folder: written whole or not at all, and nothing that is not ours is touched.

use super::disk::{read, unreadable};
use super::reason;
use crate::diagnostic::Diagnostic;
use crate::drift::File as Kept;
use crate::emit::manifests::folder::Purpose;
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
    /// Ours from an earlier run, of objects that are gone; removed, or left there.
    pub orphaned: usize,
}

/// What becomes of our files from an earlier run, of objects that are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orphans {
    /// They stay.
    Keep,
    /// They are removed.
    Remove,
}

impl Changes {
    /// `3 written, 9 unchanged, 1 orphaned`; what became of orphans is said where there are any.
    pub fn describe(self, orphans: Orphans) -> String {
        let Self { written, unchanged, orphaned } = self;
        let fate = match (orphaned, orphans) {
            (0, _) => String::new(),
            (count, Orphans::Keep) => format!(", {count} orphaned"),
            (count, Orphans::Remove) => format!(", {count} removed"),
        };
        format!("{written} written, {unchanged} unchanged{fate}")
    }
}

/// Makes the folder hold these files of ours. They are written beside their places first and then renamed, so that an
/// interrupted run leaves no half file.
///
/// # Errors
/// What to say where a file in the way is not ours, and nothing was changed; or where something cannot be written.
pub fn write_files(
    folder: &Path,
    files: &[(String, String)],
    purpose: Purpose,
    orphans: Orphans,
) -> Result<Changes, Box<Diagnostic>> {
    let present = check_way(folder, files.iter().map(|(name, _)| name.as_str()), purpose)?;
    let changed: Vec<_> = files.iter().filter(|(name, text)| !holds(&folder.join(name), text)).collect();
    let stale: Vec<_> = present
        .iter()
        .filter(|file| file.owner == Owner::Stowplan && files.iter().all(|(name, _)| *name != file.name))
        .collect();
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    replace(folder, &changed)?;
    for file in stale.iter().filter(|_| orphans == Orphans::Remove) {
        let path = folder.join(&file.name);
        fs::remove_file(&path).map_err(|error| unwritable(&path, &error))?;
    }
    Ok(Changes { written: changed.len(), unchanged: files.len() - changed.len(), orphaned: stale.len() })
}

/// Our files in a folder, sorted by name; none where there is no such folder.
///
/// # Errors
/// What to say where a file that bears one of `names` is not ours, or where something cannot be read.
pub fn read_files<'n>(
    folder: &Path,
    names: impl Iterator<Item = &'n str>,
    purpose: Purpose,
) -> Result<Vec<Kept>, Box<Diagnostic>> {
    let mut files = Vec::new();
    for Present { name, owner } in check_way(folder, names, purpose)? {
        if owner == Owner::Stowplan {
            let path = folder.join(&name);
            let bytes =
                File::open(&path).and_then(read).map_err(|error| unreadable(&path.display().to_string(), &error))?;
            files.push(Kept { name, text: String::from_utf8_lossy(&bytes).into_owned() });
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

/// What stands beside our manifests in a folder.
pub enum Neighbours {
    /// Nothing that kubectl reads.
    None,
    /// Manifests of others, which `kubectl apply -f FOLDER` applies too: their paths, sorted.
    Manifests(Vec<String>),
    /// A file of Kustomize, which says what of the folder is applied.
    Kustomization,
}

/// What others have put into a folder.
///
/// # Errors
/// Where the folder cannot be read.
pub fn neighbours(folder: &Path, purpose: Purpose) -> Result<Neighbours, Box<Diagnostic>> {
    let present = survey(folder, purpose)?.into_iter().filter(|file| file.owner == Owner::Foreign);
    let mut names: Vec<String> = present.map(|file| file.name).filter(|name| folder.join(name).is_file()).collect();
    if names.iter().any(|name| ["kustomization.yaml", "kustomization.yml", "Kustomization"].contains(&name.as_str())) {
        return Ok(Neighbours::Kustomization);
    }
    names.retain(|name| is_read_by_kubectl(Path::new(name)));
    names.sort();
    let paths: Vec<String> = names.iter().map(|name| folder.join(name).display().to_string()).collect();
    Ok(if paths.is_empty() { Neighbours::None } else { Neighbours::Manifests(paths) })
}

/// Whether kubectl reads a file of this name where it is given the folder.
pub fn is_read_by_kubectl(path: &Path) -> bool {
    path.extension().and_then(|end| end.to_str()).is_some_and(|end| ["yaml", "yml", "json"].contains(&end))
}

/// What is in the folder, where nothing of others bears one of these names.
fn check_way<'n>(
    folder: &Path,
    mut names: impl Iterator<Item = &'n str>,
    purpose: Purpose,
) -> Result<Vec<Present>, Box<Diagnostic>> {
    let present = survey(folder, purpose)?;
    let is_foreign = |name: &&str| present.iter().any(|file| file.name == **name && file.owner == Owner::Foreign);
    match names.find(is_foreign) {
        Some(name) => Err(in_the_way(&folder.join(name), purpose)),
        None => Ok(present),
    }
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

fn survey(folder: &Path, purpose: Purpose) -> Result<Vec<Present>, Box<Diagnostic>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(in_the_way(folder, purpose)),
        Err(error) => return Err(unwritable(folder, &error)),
    };
    let mut present = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| unwritable(folder, &error))?;
        // A name that is no text is none of ours.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_ours = entry.file_type().is_ok_and(|kind| kind.is_file()) && begins_with(&entry.path(), purpose.mark());
        present.push(Present { name, owner: if is_ours { Owner::Stowplan } else { Owner::Foreign } });
    }
    Ok(present)
}

fn begins_with(path: &Path, mark: &str) -> bool {
    let mut start = vec![0; mark.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == mark.as_bytes()
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

fn in_the_way(path: &Path, purpose: Purpose) -> Box<Diagnostic> {
    let title = format!("`{}` is in the way and was not made by stowplan; nothing was changed", path.display());
    let help = match purpose {
        Purpose::Apply => "move it away, or name another folder: `-o dir:PATH`",
        Purpose::Snapshot => "move it away: a snapshot is kept there",
    };
    Box::new(Diagnostic::error("foreign-file", title).help(help))
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
        (name.to_owned(), format!("{}\n{text}", Purpose::Apply.mark()))
    }

    fn write(folder: &Path, files: &[(String, String)]) -> Result<Changes, Box<Diagnostic>> {
        write_files(folder, files, Purpose::Apply, Orphans::Remove)
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
        assert_eq!(write(&folder, &first).unwrap(), Changes { written: 3, unchanged: 0, orphaned: 0 });
        fs::write(folder.join("README.md"), "mine").unwrap();
        let second = [ours("a.yaml", "1"), ours("b.yaml", "2")];
        assert_eq!(write(&folder, &second).unwrap(), Changes { written: 1, unchanged: 1, orphaned: 1 });
        assert_eq!(names(&folder), ["README.md", "a.yaml", "b.yaml"]);
        assert_eq!(fs::read_to_string(folder.join("b.yaml")).unwrap(), second[1].1);
        fs::remove_dir_all(folder.parent().unwrap()).unwrap();
    }

    #[test]
    fn files_of_another_purpose_are_not_ours() {
        let folder = folder("purpose");
        write(&folder, &[ours("a.yaml", "1"), ours("b.yaml", "1")]).unwrap();
        assert_eq!(read_files(&folder, ["c.yaml"].into_iter(), Purpose::Snapshot).unwrap(), []);
        assert_eq!(read_files(&folder, ["b.yaml"].into_iter(), Purpose::Snapshot).unwrap_err().code, "foreign-file");
        let kept = read_files(&folder, std::iter::empty(), Purpose::Apply).unwrap();
        assert_eq!(kept.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["a.yaml", "b.yaml"]);
        let changes = write_files(&folder, &[ours("a.yaml", "1")], Purpose::Apply, Orphans::Keep).unwrap();
        assert_eq!(changes, Changes { written: 0, unchanged: 1, orphaned: 1 });
        assert_eq!(names(&folder), ["a.yaml", "b.yaml"]);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_not_ours_stops_the_run_before_anything_is_changed() {
        let folder = folder("foreign");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("b.yaml"), "kind: Pod\n").unwrap();
        let error = write(&folder, &[ours("a.yaml", "1"), ours("b.yaml", "1")]).unwrap_err();
        assert!(error.title.contains("b.yaml") && error.title.contains("not made by stowplan"), "{}", error.title);
        assert_eq!(names(&folder), ["b.yaml"]);
        fs::create_dir(folder.join("a.yaml")).unwrap();
        assert!(write(&folder, &[ours("a.yaml", "1")]).is_err());
        let file = folder.join("b.yaml");
        assert_eq!(write(&file, &[ours("a.yaml", "1")]).unwrap_err().code, "foreign-file");
        fs::remove_dir_all(&folder).unwrap();
    }
}
