//! Reads what a `[config]` holds: its texts, its files, its templates.

mod tags;
mod template;

pub use template::{Context, Fault, environment, render};

use crate::component::config::{Config, ConfigPlan, Files};
use crate::component::parts::content::{Content, MAXIMUM_BYTES};
use crate::component::parts::files;
use crate::diagnostic::Diagnostic;
use crate::document::OriginId;
use crate::document::checking::Checking;
use crate::shape::Written;
use crate::source::{FileId, Inputs, Span};
use crate::value::{ConfigKey, ObjectName, RelativePath, Scalar};
use std::path::Path;

/// Reads the files of a config and renders what is a template; what is wrong is reported and left out.
pub fn read(
    config: &Config,
    name: &Written<ObjectName>,
    inputs: &dyn Inputs,
    context: &dyn Context,
    checking: &mut Checking,
) -> ConfigPlan {
    checking.label_length("config", name.value.as_str(), name.origin);
    let texts = config.data.iter().map(|(key, text)| Piece {
        key: key.as_ref().map(ToString::to_string),
        content: Content::Text(text.value.0.clone()),
        origin: text.origin,
        file: None,
    });
    let mut pieces: Vec<_> = texts.collect();
    for piece in read_files(config, inputs, checking) {
        match pieces.iter().find(|other| other.key.value == piece.key.value) {
            Some(other) => report_twice(&piece, other, checking),
            None => pieces.push(piece),
        }
    }
    if config.template.is_some_and(|template| template.value) {
        let names = context.context(checking.report);
        for piece in &mut pieces {
            piece.render(&names, checking);
        }
    }
    check_size(name, &pieces, checking);
    let data = pieces.into_iter().map(|piece| (piece.key, Written { value: piece.content, origin: piece.origin }));
    ConfigPlan { name: name.as_ref().map(ToString::to_string), origin: config.origin, data: data.collect() }
}

/// One key with what stands under it.
struct Piece {
    key: Written<String>,
    content: Content,
    /// Where the text, or the path of the file, was written.
    origin: OriginId,
    /// The path of the file, where it comes from one.
    file: Option<String>,
}

fn read_files(config: &Config, inputs: &dyn Inputs, checking: &mut Checking) -> Vec<Piece> {
    match &config.files {
        None => Vec::new(),
        Some(Files::Keyed(keyed)) => {
            let read = |(key, path): &(Written<ConfigKey>, Written<RelativePath>)| {
                Some(Piece {
                    key: key.as_ref().map(ToString::to_string),
                    content: files::read(path, inputs, checking)?.into(),
                    origin: path.origin,
                    file: Some(path.value.to_string()),
                })
            };
            keyed.iter().filter_map(read).collect()
        }
        Some(Files::Folder(folder)) => read_folder(folder, inputs, checking),
    }
}

fn read_folder(folder: &Written<RelativePath>, inputs: &dyn Inputs, checking: &mut Checking) -> Vec<Piece> {
    let Some(paths) = files::list(folder, inputs, checking) else { return Vec::new() };
    if paths.is_empty() {
        let diagnostic = Diagnostic::error("unreadable-file", format!("the folder `{}` holds no file", folder.value))
            .at(checking.span(folder.origin), "")
            .help("put files directly into it: folders inside it are not read");
        checking.report.push(diagnostic);
    }
    paths.iter().filter_map(|path| read_entry(path, folder, inputs, checking)).collect()
}

/// A file of a folder, under its own name.
fn read_entry(
    path: &Path,
    folder: &Written<RelativePath>,
    inputs: &dyn Inputs,
    checking: &mut Checking,
) -> Option<Piece> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let shown = format!("{}/{name}", folder.value.as_str().trim_end_matches('/'));
    let path = RelativePath::parse(path.to_str().unwrap_or_default());
    match (ConfigKey::parse(&name), path) {
        (Ok(_), Ok(path)) => Some(Piece {
            key: Written { value: name.into_owned(), origin: folder.origin },
            content: files::read(&Written { value: path, origin: folder.origin }, inputs, checking)?.into(),
            origin: folder.origin,
            file: Some(shown),
        }),
        (Err(invalid), _) | (_, Err(invalid)) => {
            let key = invalid.replacement.unwrap_or_else(|| ConfigKey::EXAMPLE.to_owned());
            let diagnostic =
                Diagnostic::error("bad-name", format!("the file name `{}` cannot be a key", name.escape_debug()))
                    .at(checking.span(folder.origin), "every file of this folder becomes a key")
                    .help(format!(
                        "rename the file, or list the files by key: `{{ \"{key}\" = \"{}\", … }}`",
                        shown.escape_debug()
                    ));
            checking.report.push(diagnostic);
            None
        }
    }
}

fn report_twice(piece: &Piece, other: &Piece, checking: &mut Checking) {
    let diagnostic =
        Diagnostic::error("duplicate-key", format!("`{}` stands in `data` and in `files`", piece.key.value))
            .at(checking.key_span(piece.key.origin), "from a file")
            .at(checking.key_span(other.key.origin), "written here")
            .help("remove one of the two");
    checking.report.push(diagnostic);
}

impl Piece {
    /// Evaluates what is in the text; bytes are no template.
    fn render(&mut self, names: &minijinja::Value, checking: &mut Checking) {
        let Content::Text(text) = &self.content else { return };
        // Among the sources, so that what it reads is known to be read.
        let file = self.file.as_ref().map(|file| checking.sources.add(file, text.as_str()));
        match render(text, names) {
            Ok(rendered) => self.content = Content::Text(rendered),
            Err(fault) => {
                let diagnostic = refuse_template(text, fault, checking.span(self.origin), file, checking);
                checking.report.push(diagnostic);
            }
        }
    }
}

/// The message about a template that was `written` there. It points into the file, or into the text as it was typed; where
/// escapes make that impossible, at all of it.
pub fn refuse_template(
    text: &str,
    fault: Fault,
    written: Span,
    file: Option<FileId>,
    checking: &Checking,
) -> Diagnostic {
    if let Some(file) = file {
        return Diagnostic::error("bad-template", fault.title)
            .at(Span::new(file, fault.at), "")
            .at(written, "the file is named here")
            .help(fault.help);
    }
    let diagnostic = match literal_start(checking.sources.text(written), text) {
        Some(start) => {
            let place = written.part(start + fault.at.start..start + fault.at.end);
            Diagnostic::error("bad-template", fault.title).at(place, "")
        }
        None => {
            let line = text[..fault.at.start].matches('\n').count() + 1;
            Diagnostic::error("bad-template", format!("{}, in line {line} of this text", fault.title)).at(written, "")
        }
    };
    diagnostic.help(fault.help)
}

/// How many bytes of a TOML literal stand before its text, where the text is spelled as it is.
pub fn literal_start(literal: &str, text: &str) -> Option<usize> {
    // One quote, three, three and a newline, three and a newline of Windows.
    [1, 3, 4, 5].into_iter().find(|start| {
        literal
            .get(*start..)
            .is_some_and(|rest| rest.strip_prefix(text).is_some_and(|end| matches!(end, "\"" | "'" | "\"\"\"" | "'''")))
    })
}

fn check_size(name: &Written<ObjectName>, pieces: &[Piece], checking: &mut Checking) {
    let size: usize = pieces.iter().map(|piece| piece.content.size()).sum();
    let Some(largest) = pieces.iter().max_by_key(|piece| piece.content.size()).filter(|_| size > MAXIMUM_BYTES) else {
        return;
    };
    let title = format!("config `{}` holds {size} bytes, and a ConfigMap takes {MAXIMUM_BYTES}", name.value);
    let diagnostic = Diagnostic::error("too-large", title)
        .at(checking.key_span(name.origin), "")
        .at(
            checking.span(largest.origin),
            format!("the largest part, `{}`: {} bytes", largest.key.value, largest.content.size()),
        )
        .help("put large files into the image or on a `[volume]`, or split the config in two");
    checking.report.push(diagnostic);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fixture::Fixture;
    use crate::diagnostic::Report;
    use crate::shape::Keyed;
    use minijinja::{Value, context};

    struct Vars;

    impl Context for Vars {
        fn context(&self, _: &mut Report) -> Value {
            context! { vars => context! { port => "8080" } }
        }
    }

    fn plan(fixture: &mut Fixture) -> Vec<(String, Content)> {
        let configs: Keyed<ObjectName, Config> = fixture.decode(&["config"]);
        let (name, config) = &configs.entries[0];
        let inputs = fixture.inputs();
        let plan = read(config, name, &inputs, &Vars, &mut fixture.checking());
        plan.data.into_iter().map(|(key, content)| (key.value, content.value)).collect()
    }

    fn text(key: &str, text: &str) -> (String, Content) {
        (key.to_owned(), Content::Text(text.to_owned()))
    }

    #[test]
    fn texts_files_and_bytes_become_keys() {
        let mut fixture = Fixture::new(
            "[config.web]\ndata = { PORT = 80, HTML = \"{{ x }}\" }\nfiles = { \"b\" = \"c/b\", \"a\" = \"c/a\" }",
        )
        .file("c/a", "text a")
        .file("c/b", [0xff]);
        let expected = [
            text("PORT", "80"),
            text("HTML", "{{ x }}"),
            ("b".into(), Content::Bytes(vec![0xff])),
            text("a", "text a"),
        ];
        assert_eq!(plan(&mut fixture), expected);
        assert!(fixture.report.diagnostics.is_empty());
    }

    #[test]
    fn every_file_of_a_folder_is_a_key() {
        let mut fixture =
            Fixture::new("[config.web]\nfiles = \"c\"").file("c/b.conf", "b").file("c/.env", "a").file("c/deep/x", "x");
        assert_eq!(plan(&mut fixture), [text(".env", "a"), text("b.conf", "b")]);
        let mut odd = Fixture::new("[config.web]\nfiles = \"c\"").file("c/two words", "");
        assert_eq!(plan(&mut odd), []);
        let (title, help) = odd.only_message();
        assert_eq!(title, "the file name `two words` cannot be a key");
        assert_eq!(help, "rename the file, or list the files by key: `{ \"two-words\" = \"c/two words\", … }`");
    }

    #[test]
    fn a_key_stands_once() {
        let mut fixture = Fixture::new("[config.web]\ndata.a = \"x\"\nfiles = { \"a\" = \"f\" }").file("f", "y");
        assert_eq!(plan(&mut fixture), [text("a", "x")]);
        assert_eq!(fixture.labelled(), ["\"a\"", "a"]);
        assert_eq!(fixture.only_message().0, "`a` stands in `data` and in `files`");
    }

    #[test]
    fn templates_are_rendered_in_texts_and_files() {
        let mut fixture = Fixture::new(
            "[config.web]\ntemplate = true\ndata.a = \"p={{ vars.port }}\"\nfiles.b = \"f\"\nfiles.c = \"g\"",
        )
        .file("f", "{% for i in range(2) %}{{ i }}{% endfor %}\n")
        .file("g", [0xff, b'{', b'{']);
        assert_eq!(
            plan(&mut fixture),
            [text("a", "p=8080"), text("b", "01\n"), ("c".into(), Content::Bytes(vec![0xff, b'{', b'{']))]
        );
    }

    #[test]
    fn a_wrong_name_is_pointed_at_in_the_text() {
        for data in ["\"p={{ vars.prot }}\"", "\"\"\"\np={{ vars.prot }}\n\"\"\"", "'''p={{ vars.prot }}'''"] {
            let mut fixture = Fixture::new(&format!("[config.web]\ntemplate = true\ndata.a = {data}"));
            plan(&mut fixture);
            assert_eq!(fixture.labelled(), ["vars.prot"], "{data}");
            assert_eq!(
                fixture.only_message(),
                ("`vars.prot` is not defined".into(), "did you mean `vars.port`?".into())
            );
        }
        let mut escaped = Fixture::new("[config.web]\ntemplate = true\ndata.a = \"\\n\\n{{ vars.prot }}\"");
        plan(&mut escaped);
        assert_eq!(escaped.only_message().0, "`vars.prot` is not defined, in line 3 of this text");
    }

    #[test]
    fn a_wrong_name_is_pointed_at_in_the_file() {
        let mut fixture =
            Fixture::new("[config.web]\ntemplate = true\nfiles.a = \"c/f\"").file("c/f", "ok\n{{ vars.prot }}\n");
        plan(&mut fixture);
        assert_eq!(fixture.labelled(), ["vars.prot", "\"c/f\""]);
        let place = fixture.report.diagnostics[0].place().unwrap();
        assert_eq!(fixture.sources.file(place.file).name, "c/f");
        assert_eq!(fixture.sources.file(place.file).line_column(place.bytes().start), (2, 4));
    }

    #[test]
    fn a_config_is_at_most_a_mebibyte() {
        let half = MAXIMUM_BYTES / 2;
        let stack = "[config.web]\nfiles = { a = \"a\", b = \"b\" }";
        let mut fits = Fixture::new(stack).file("a", vec![b'x'; half]).file("b", vec![b'x'; half]);
        plan(&mut fits);
        assert!(fits.report.diagnostics.is_empty());
        let mut large = Fixture::new(stack).file("a", vec![b'x'; half]).file("b", vec![b'x'; half + 1]);
        plan(&mut large);
        assert_eq!(large.labelled(), ["web", "\"b\""]);
        assert_eq!(large.only_message().0, "config `web` holds 1048577 bytes, and a ConfigMap takes 1048576");
    }

    #[test]
    fn a_name_must_fit_a_label() {
        let name = "a".repeat(64);
        let mut fixture = Fixture::new(&format!("[config.{name}]\ndata.a = \"x\""));
        plan(&mut fixture);
        assert!(fixture.only_message().0.contains("has 64 characters"));
    }
}
