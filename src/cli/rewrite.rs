//! A file whose text is replaced: as a whole or not at all, and only where it is still the one that was read.

use super::disk::reason;
use crate::diagnostic::Diagnostic;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Puts `after` in place of `before`, with the permissions that the file has. A byte order mark stays; a link leads where it
/// led.
///
/// # Errors
/// What to say where the file holds something else by now, may not be written, or cannot be.
pub fn rewrite(path: &Path, before: &str, after: &str) -> Result<(), Box<Diagnostic>> {
    let unwritable = |error: &io::Error| {
        let title = format!("`{}` cannot be written: {}", path.display(), reason(error));
        Box::new(Diagnostic::error("cannot-write", title).help("check who may write there and how much space is left"))
    };
    let real = fs::canonicalize(path).map_err(|error| unwritable(&error))?;
    let bytes = fs::read(&real).map_err(|error| unwritable(&error))?;
    let (mark, text) = bytes.strip_prefix(MARK).map_or((&[][..], &bytes[..]), |text| (MARK, text));
    if text != before.as_bytes() {
        let title = format!("`{}` has changed since it was read; it stays as it is", path.display());
        return Err(Box::new(Diagnostic::error("changed-file", title).help("type the command again")));
    }
    let permissions = fs::metadata(&real).map_err(|error| unwritable(&error))?.permissions();
    if permissions.readonly() {
        return Err(unwritable(&io::ErrorKind::PermissionDenied.into()));
    }
    let scratch = Scratch::beside(&real);
    let written = File::create_new(&scratch.0).and_then(|mut file| {
        file.write_all(mark)?;
        file.write_all(after.as_bytes())?;
        file.set_permissions(permissions)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&scratch.0, &real)).map_err(|error| unwritable(&error))
}

/// A byte order mark.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// A file beside another one that is removed where it was not moved.
struct Scratch(PathBuf);

impl Scratch {
    fn beside(path: &Path) -> Self {
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".stowplan-{}", std::process::id()));
        let scratch = path.with_file_name(name);
        // One of the same name can only be what an interrupted run with our process id left behind.
        let _ = fs::remove_file(&scratch);
        Self(scratch)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Where it was moved there is none.
        let _ = fs::remove_file(&self.0);
    }
}
