//! The YAML that a call names: files, folders of them, stdin.

use super::disk::{read, unreadable};
use super::folder::is_read_by_kubectl;
use crate::diagnostic::Diagnostic;
use crate::profile::builtin;
use crate::source::STDIN;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A text as it was found.
pub struct StreamText {
    /// As messages name it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl StreamText {
    /// The texts that a path means: a file, `-` for stdin, or a folder with all `.yaml`, `.yml` and `.json` in it and below,
    /// sorted by path. What begins with a dot is passed over, and links to folders are not followed.
    pub fn find(path: &Path) -> Vec<Result<Self, Box<Diagnostic>>> {
        if path == Path::new("-") {
            let read = read(io::stdin().lock()).map_err(|error| unreadable("stdin", &error));
            return vec![read.map(|bytes| Self { name: STDIN.into(), bytes })];
        }
        if !path.is_dir() {
            return vec![Self::open(path)];
        }
        let mut files = Vec::new();
        if let Err((folder, error)) = collect(path, &mut files) {
            return vec![Err(unreadable(&folder.display().to_string(), &error))];
        }
        if files.is_empty() {
            return vec![Err(Box::new(no_files(path)))];
        }
        files.iter().map(|file| Self::open(file)).collect()
    }

    fn open(path: &Path) -> Result<Self, Box<Diagnostic>> {
        let name = path.display().to_string();
        match File::open(path).and_then(read) {
            Ok(bytes) => Ok(Self { name, bytes }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let diagnostic = Diagnostic::error("missing-file", format!("there is no file or folder `{name}`"));
                Err(Box::new(diagnostic.help(match builtin::find(&name) {
                    Some(_) => format!("name the profile with `-p {name}`"),
                    None => "check the path; `-` reads stdin, `-f` names a stack".to_owned(),
                })))
            }
            Err(error) => Err(unreadable(&name, &error)),
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let told = |error| (folder.to_owned(), error);
    let entries = fs::read_dir(folder).map_err(told)?.collect::<io::Result<Vec<_>>>().map_err(told)?;
    let mut paths: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
    paths.sort();
    for path in paths {
        let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        let is_wanted = is_read_by_kubectl(&path);
        if is_hidden {
            continue;
        }
        if path.is_dir() && !path.is_symlink() {
            collect(&path, files)?;
        } else if is_wanted && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn no_files(folder: &Path) -> Diagnostic {
    let title = format!("the folder `{}` holds no file that ends in .yaml, .yml or .json", folder.display());
    let has_stack = folder.join("stack.toml").is_file();
    Diagnostic::error("missing-file", title).help(match has_stack {
        true => format!("name the stack in it with `-f {}`", folder.display()),
        false => "check the path".to_owned(),
    })
}
