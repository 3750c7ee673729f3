//! `cluster`: what makes the cluster of a profile.

use super::{Console, Disk, Outcome, StackOptions, StackText};
use crate::component::secret::shell_word;
use crate::diagnostic::Diagnostic;
use crate::document::checking::Checking;
use crate::document::parse;
use crate::emit::cluster::{self, Facts, Plan, on_one_line};
use crate::emit::ink::Ink;
use crate::pipeline;
use crate::profile::{Request, Session};
use std::fmt::Write;

#[derive(clap::Args)]
#[command(after_help = "\
The ports are those of the profile and the node ports of the stack. Without a stack.toml the cluster is called `stowplan`.

Examples:
  stowplan cluster -p k3d | k3d cluster create --config -
  stowplan cluster -p kind | kind create cluster --config -
  stowplan cluster -p minikube | sh
  stowplan cluster -p eks | kubectl apply -f -")]
pub struct Arguments {
    #[command(flatten)]
    stack: StackOptions,
}

/// Prints the file or script; what must be done beside it is said to a person on stderr.
///
/// # Errors
/// Where the stack is refused, the tool takes no cluster of that name, or stdout cannot be written.
pub fn run(arguments: Arguments, before: StackOptions, console: &Console) -> Outcome {
    let options = arguments.stack.or(before);
    let profile = options.profile();
    let found = find(&options, profile.as_deref()).map_err(|error| console.refuse(*error))?;
    let mut session = Session { command: "cluster", ..Session::default() };
    let rendering = parse::text_of(&found.name, found.bytes, &session.sources, &mut session.report).and_then(|stack| {
        let request = Request { stack, profile: profile.as_deref(), set: &options.set };
        pipeline::render(&mut session, &request, &found.disk)
    });
    if let Some(rendering) = &rendering {
        let Session { sources, origins, report, .. } = &mut session;
        cluster::check(&rendering.made_of.0, &mut Checking { sources, origins, report });
    }
    let Some(rendering) = rendering.filter(|_| !session.report.has_errors()) else {
        return Err(super::render::refuse(session, &found.name, "printed", console));
    };
    console.report(std::mem::take(&mut session.report), &session.sources);
    let call = call(&options, &rendering.profile);
    let plan = cluster::plan(&Facts::collect(&rendering.made_of.0, &rendering.bundle, call));
    console.data(&plan.text)?;
    console.tell(&remarks(&plan));
    if !console.is_read_by_person() {
        console.tell_person(|| next(&plan));
    }
    Ok(())
}

/// What stands for a stack where there is none: a cluster can be made before anything runs on it.
const NO_STACK: &str = "[stack]\nname = \"stowplan\"\n";

fn find(options: &StackOptions, profile: Option<&str>) -> Result<StackText, Box<Diagnostic>> {
    match StackText::find(options.file.file.as_deref()) {
        Err(error) if options.file.file.is_some() => Err(error),
        Err(_) if profile.is_none() => {
            let title = "no profile is named, and there is no stack.toml here or in a folder above that names one";
            Err(Box::new(Diagnostic::error("no-profile", title).help("name one: `stowplan cluster -p k3d`")))
        }
        Err(_) => Ok(StackText { name: "no stack.toml".into(), bytes: NO_STACK.into(), disk: Disk::new("") }),
        found => found,
    }
}

/// The call that prints the same again.
fn call(options: &StackOptions, profile: &str) -> String {
    let mut call = format!("stowplan cluster -p {}", shell_word(profile));
    if let Some(file) = &options.file.file {
        call.push_str(&format!(" -f {}", shell_word(&file.display().to_string())));
    }
    for argument in &options.set {
        call.push_str(&format!(" --set {}", shell_word(argument)));
    }
    on_one_line(&call)
}

fn remarks(plan: &Plan) -> String {
    plan.remarks.iter().map(|remark| format!("{}: {remark}\n", Ink::Note.painted("note"))).collect()
}

/// What to do with the text, for somebody who does not see it.
fn next(plan: &Plan) -> String {
    let mut text = String::new();
    for step in &plan.steps {
        let line = match &step.command {
            Some(command) => format!("run   # {}\n      {command}", step.purpose),
            None => format!("need  {}", step.purpose),
        };
        writeln!(text, "{line}").expect("a String takes every character");
    }
    if text.is_empty() { text } else { format!("\nonce the cluster is there\n\n{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_can_be_typed_again() {
        let set = vec!["vars.a=b c".to_owned(), "vars.it='s".to_owned()];
        let options = StackOptions { set, ..StackOptions::default() };
        assert_eq!(call(&options, "k3d"), r"stowplan cluster -p k3d --set 'vars.a=b c' --set 'vars.it='\''s'");
    }
}
