//! `render`: a stack and a profile become manifests.

use super::folder::{Neighbours, neighbours};
use super::{Console, Orphans, Outcome, StackOptions, StackText, Stop, write_files};
use crate::diagnostic::{Class, Diagnostic, Report, Severity};
use crate::document::parse;
use crate::emit::ink::Ink;
use crate::emit::manifests::folder::{self, Purpose};
use crate::emit::manifests::{json, yaml};
use crate::pipeline::{self, Note, Rendering};
use crate::profile::{Request, Session};
use crate::source::{FileId, Sources, Span};
use crate::value::{KubernetesVersion, Scalar, enumerate};
use std::fmt::Write;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  stowplan render -p k3d | kubectl apply -f -
  stowplan render -p cloud --set vars.tag=1.2.3 -o dir:manifests")]
pub struct Arguments {
    #[command(flatten)]
    stack: StackOptions,
    /// How it comes out: yaml, json, or dir:PATH for a file per object
    #[arg(short, long, value_name = "FORMAT", default_value = "yaml", value_parser = output)]
    output: Output,
    /// The version of the API server, in place of the profile's `cluster.kubernetes`
    #[arg(long, value_name = "VERSION", value_parser = version)]
    kubernetes: Option<KubernetesVersion>,
    /// Print the manifests even where an API server would refuse them; what it would say becomes a warning
    #[arg(long)]
    unchecked: bool,
}

fn version(text: &str) -> Result<KubernetesVersion, String> {
    KubernetesVersion::parse(text).map_err(|invalid| {
        let help = invalid.help.map(|help| format!("; {help}, and several versions to `stowplan lint`"));
        format!("{}{}", invalid.title, help.unwrap_or_default())
    })
}

/// How manifests come out.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Output {
    Yaml,
    Json,
    Folder(PathBuf),
}

fn output(text: &str) -> Result<Output, String> {
    match text.split_once(':') {
        None if text == "yaml" => Ok(Output::Yaml),
        None if text == "json" => Ok(Output::Json),
        Some(("dir", path)) if !path.is_empty() => Ok(Output::Folder(path.into())),
        _ => Err("write `yaml`, `json`, or `dir:PATH` with the folder to write to; for one file let the shell write it, as in `stowplan render > manifests.yaml`".into()),
    }
}

/// Compiles the stack and prints what came out; messages go to stderr, and with an error among them nothing else happens.
///
/// # Errors
/// Where the stack is refused, or the manifests cannot be written.
pub fn run(arguments: Arguments, before: StackOptions, console: &Console) -> Outcome {
    let options = arguments.stack.or(before);
    let found = StackText::find(options.file.file.as_deref()).map_err(|error| console.refuse(*error))?;
    let mut session = Session::default();
    let rendering = parse::text_of(&found.name, found.bytes, &session.sources, &mut session.report).and_then(|stack| {
        let profile = options.profile();
        let request = Request { stack, profile: profile.as_deref(), set: &options.set };
        let rendering = pipeline::compile(&mut session, &request, &found.disk)?;
        let versions = arguments.kubernetes.map(Into::into);
        match pipeline::refuse(&rendering, versions, &mut session) {
            0 => Some(rendering),
            count if arguments.unchecked => {
                tolerate(count, &mut session.report);
                Some(rendering)
            }
            _ => None,
        }
    });
    let Some(rendering) = rendering.filter(|_| !session.report.has_errors()) else {
        return Err(refuse(session, &found.name, "rendered", console));
    };
    if rendering.bundle.objects.is_empty() {
        session.report.push(pipeline::empty(&found.name, &rendering.profile));
    }
    console.report(std::mem::take(&mut session.report), &session.sources);
    print(&rendering, &arguments.output, console)?;
    console.tell_person(|| describe(&rendering.notes()));
    // The process ends here: freeing large trees value by value would only take time.
    std::mem::forget(rendering);
    std::mem::forget(session);
    Ok(())
}

/// Makes warnings of what an API server would refuse.
fn tolerate(count: usize, report: &mut Report) {
    for diagnostic in report.diagnostics.iter_mut().filter(|diagnostic| diagnostic.class == Class::Api) {
        diagnostic.severity = Severity::Warning;
    }
    let what = if count == 1 { "1 field".to_owned() } else { format!("{count} fields") };
    let diagnostic = Diagnostic::warning("unchecked", format!("an API server would refuse {what} of these manifests"));
    report.push(diagnostic.help("correct them before they are applied"));
}

/// Says every mistake, and how many there are; `done` is what was not done because of them.
pub fn refuse(mut session: Session, name: &str, done: &str, console: &Console) -> Stop {
    session.report.sort();
    assert!(session.report.has_errors(), "the pipeline gave nothing and did not say why");
    let summary = summarize(&session, name, done);
    console.report(session.report, &session.sources);
    console.complain(&summary);
    Stop
}

fn summarize(session: &Session, name: &str, done: &str) -> String {
    let errors = || session.report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let count = match errors().count() {
        1 => "1 mistake".to_owned(),
        count => format!("{count} mistakes"),
    };
    // The stack is the first text of a session. Mistakes may also be in a profile, or in the call.
    let is_in_stack = |place: Option<Span>| place.is_some_and(|place| place.file == FileId(0));
    let place = if errors().all(|error| is_in_stack(error.place())) { format!(" in {name}") } else { String::new() };
    format!("\n{}: {count}{place}; nothing was {done}\n", Ink::Error.painted("error"))
}

fn print(rendering: &Rendering, output: &Output, console: &Console) -> Outcome {
    match output {
        Output::Yaml => console.data_in_pieces(|write| yaml::yaml_in_pieces(&rendering.bundle, write)),
        Output::Json => console.data(&json::json(&rendering.bundle)),
        Output::Folder(path) => {
            let files = folder::files(&rendering.bundle, Purpose::Apply);
            let changes = write_files(path, &files, Purpose::Apply, Orphans::Remove);
            let changes = changes.map_err(|error| console.refuse(*error))?;
            let neighbours = neighbours(path, Purpose::Apply).map_err(|error| console.refuse(*error))?;
            console.tell(&format!("{}: {}\n", path.display(), changes.describe(Orphans::Remove)));
            match neighbours {
                Neighbours::None => console.tell(&format!("run   kubectl apply -f {}\n", path.display())),
                Neighbours::Kustomization => console.tell(&format!("run   kubectl apply -k {}\n", path.display())),
                Neighbours::Manifests(names) => {
                    console.report(Report { diagnostics: vec![beside(path, names)] }, &Sources::default());
                }
            }
            Ok(())
        }
    }
}

/// What to say of a folder from which kubectl would apply more than the stack.
fn beside(folder: &Path, foreign: Vec<String>) -> Diagnostic {
    let folder = folder.display();
    let names = enumerate(foreign.into_iter());
    let title = format!("`{folder}` holds what was not made by stowplan: {names}");
    Diagnostic::warning("foreign-file", title).help(format!(
        "`kubectl apply -f {folder}` applies that too: move it away, or give the manifests a folder of their own with `-o dir:PATH`"
    ))
}

/// What a person wants to know next: addresses, what the cluster must have, what to type.
fn describe(notes: &[Note]) -> String {
    let mut text = String::new();
    for note in notes {
        let line = match note {
            Note::Url(address) => format!("open  {address}"),
            Note::Requirement(what) => format!("need  {what}"),
            Note::Command { purpose, command } => format!("run   # {purpose}\n      {command}"),
        };
        writeln!(text, "{line}").expect("a String takes every character");
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_a_word_or_a_folder() {
        assert_eq!(output("yaml"), Ok(Output::Yaml));
        assert_eq!(output("json"), Ok(Output::Json));
        assert_eq!(output("dir:a:b"), Ok(Output::Folder("a:b".into())));
        for wrong in ["", "dir", "dir:", "toml", "yaml:x"] {
            assert!(output(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn notes_are_lines_that_can_be_copied() {
        let notes = [
            Note::Url("http://todo.localhost:8080".into()),
            Note::Requirement("cert-manager".into()),
            Note::Command {
                purpose: "the Secret `db` must exist".into(),
                command: "kubectl create secret generic db".into(),
            },
        ];
        let expected = "
open  http://todo.localhost:8080
need  cert-manager
run   # the Secret `db` must exist
      kubectl create secret generic db
";
        assert_eq!(describe(&notes), expected);
        assert_eq!(describe(&[]), "");
    }

    #[test]
    fn the_summary_counts_errors_and_names_the_stack_where_all_are_in_it() {
        let mut session = Session::default();
        let stack = session.sources.add("stack.toml", "a = 1");
        session.report.push(Diagnostic::warning("w", "w"));
        session.report.push(Diagnostic::error("e", "e").at(Span::new(stack, 0..1), ""));
        assert!(
            summarize(&session, "stack.toml", "rendered")
                .ends_with(": 1 mistake in stack.toml; nothing was rendered\n")
        );
        session.report.push(Diagnostic::error("e", "no place"));
        assert!(summarize(&session, "stack.toml", "rendered").ends_with(": 2 mistakes; nothing was rendered\n"));
    }
}
