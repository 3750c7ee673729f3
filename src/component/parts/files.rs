//! Files and folders beside the stack file, and what to say where they are not there.

use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::source::Inputs;
use crate::value::{RelativePath, nearest, unmistakable};
use std::io;
use std::path::{Path, PathBuf};

/// The bytes of a file; `None` where it was reported that it cannot be read.
pub fn read(path: &Written<RelativePath>, inputs: &dyn Inputs, checking: &mut Checking) -> Option<Vec<u8>> {
    let error = match inputs.read(Path::new(path.value.as_str())) {
        Ok(bytes) => return Some(bytes),
        Err(error) => error,
    };
    let diagnostic = match inputs.list(Path::new(path.value.as_str())) {
        Ok(files) => refuse_folder(path, &files, checking),
        Err(_) if error.kind() == io::ErrorKind::NotFound => refuse_missing(path, inputs, checking),
        Err(_) => refuse_unreadable(path, &error, checking),
    };
    checking.report.push(diagnostic);
    None
}

/// The files directly inside a folder, sorted by name; `None` where it was reported that it is no folder.
pub fn list(path: &Written<RelativePath>, inputs: &dyn Inputs, checking: &mut Checking) -> Option<Vec<PathBuf>> {
    let error = match inputs.list(Path::new(path.value.as_str())) {
        Ok(files) => return Some(files),
        Err(error) => error,
    };
    let span = checking.span(path.origin);
    let path_text = &path.value;
    let diagnostic = if inputs.read(Path::new(path.value.as_str())).is_ok() {
        let name = Path::new(path.value.as_str()).file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        Diagnostic::error("unreadable-file", format!("`{path_text}` is a file, not a folder"))
            .at(span, "")
            .help(format!("write it with its key: `{{ \"{name}\" = \"{path_text}\" }}`"))
    } else if error.kind() == io::ErrorKind::NotFound {
        Diagnostic::error("unreadable-file", format!("there is no folder `{path_text}`"))
            .at(span, "looked for beside the stack file")
            .help("make the folder, or correct the path")
    } else {
        refuse_unreadable(path, &error, checking)
    };
    checking.report.push(diagnostic);
    None
}

fn refuse_folder(path: &Written<RelativePath>, files: &[PathBuf], checking: &Checking) -> Diagnostic {
    let help = match files.first() {
        Some(file) => format!("name one file in it: \"{}\"", file.display()),
        None => "name a file: nothing in this folder is one".to_owned(),
    };
    Diagnostic::error("unreadable-file", format!("`{}` is a folder, not a file", path.value))
        .at(checking.span(path.origin), "")
        .help(help)
}

fn refuse_missing(path: &Written<RelativePath>, inputs: &dyn Inputs, checking: &Checking) -> Diagnostic {
    let span = checking.span(path.origin);
    let diagnostic = Diagnostic::error("unreadable-file", format!("there is no file `{}`", path.value))
        .at(span, "looked for beside the stack file");
    let (folder, name) = path.value.as_str().rsplit_once('/').unwrap_or((".", path.value.as_str()));
    let Ok(files) = inputs.list(Path::new(folder)) else {
        if folder == "." {
            return diagnostic.help("correct the path, or make the file");
        }
        return diagnostic.help(format!("there is no folder `{folder}` either: make it, or correct the path"));
    };
    let names: Vec<_> = files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    match nearest(name, names.iter().copied()) {
        Some(near) => {
            let is_sure = unmistakable(name, names.iter().copied()).is_some();
            let near = if folder == "." { near.to_owned() } else { format!("{folder}/{near}") };
            let is_literal = checking.sources.text(span).trim_matches(['"', '\'']) == path.value.as_str();
            let diagnostic = diagnostic.help(format!("did you mean \"{near}\"?"));
            match (is_literal, is_sure) {
                (true, true) => diagnostic.sure_fix(span, format!("\"{near}\"")),
                (true, false) => diagnostic.fix(span, format!("\"{near}\"")),
                (false, _) => diagnostic,
            }
        }
        None if names.is_empty() => diagnostic.help("make the file, or correct the path: no file is in that folder"),
        None => diagnostic.help(format!("correct the path: the files in that folder are {}", enumerate(&names))),
    }
}

fn refuse_unreadable(path: &Written<RelativePath>, error: &io::Error, checking: &Checking) -> Diagnostic {
    // The kind and not the error: the system's words differ between machines.
    Diagnostic::error("unreadable-file", format!("`{}` cannot be read: {}", path.value, error.kind()))
        .at(checking.span(path.origin), "")
        .help("make it readable for the user who runs stowplan")
}

/// The first few names.
fn enumerate(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown}, …") } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fixture::Fixture;

    fn refusal(path: &str) -> (String, String) {
        let mut fixture = Fixture::new(&format!("path = \"{path}\""))
            .file("nginx.conf", "top")
            .file("config/nginx.conf", "inner")
            .file("config/app.toml", "inner");
        let path = fixture.decode(&["path"]);
        let inputs = fixture.inputs();
        assert_eq!(read(&path, &inputs, &mut fixture.checking()), None);
        fixture.only_message()
    }

    #[test]
    fn a_missing_file_is_named_with_the_nearest_one() {
        let (title, help) = refusal("config/ngnix.conf");
        assert_eq!(title, "there is no file `config/ngnix.conf`");
        assert_eq!(help, "did you mean \"config/nginx.conf\"?");
        assert_eq!(refusal("nginx.con").1, "did you mean \"nginx.conf\"?");
        let (_, help) = refusal("config/x");
        assert_eq!(help, "correct the path: the files in that folder are `app.toml`, `nginx.conf`");
        assert!(refusal("settings/x").1.starts_with("there is no folder `settings` either"));
    }

    #[test]
    fn a_folder_is_no_file() {
        let (title, help) = refusal("config");
        assert_eq!(title, "`config` is a folder, not a file");
        assert_eq!(help, "name one file in it: \"config/app.toml\"");
    }

    #[test]
    fn a_file_is_no_folder() {
        let mut fixture = Fixture::new("path = \"a.conf\"\nother = \"b\"").file("a.conf", "text");
        let (path, other) = (fixture.decode(&["path"]), fixture.decode(&["other"]));
        let inputs = fixture.inputs();
        assert_eq!(list(&path, &inputs, &mut fixture.checking()), None);
        assert_eq!(fixture.only_message().1, "write it with its key: `{ \"a.conf\" = \"a.conf\" }`");
        assert_eq!(list(&other, &inputs, &mut fixture.checking()), None);
        assert_eq!(fixture.only_message().0, "there is no folder `b`");
    }
}
