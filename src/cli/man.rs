//! `man`: the manual page.

use super::{Console, Outcome};
use crate::diagnostic::Diagnostic;
use crate::value::nearest;
use clap_mangen::Man;

/// Print the manual page.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  stowplan man | man -l -\n  stowplan man render > stowplan-render.1")]
pub struct Arguments {
    /// The command whose page is wanted [default: stowplan itself]
    command: Option<String>,
}

/// Prints the page in the language of man pages.
///
/// # Errors
/// Where there is no such command, or stdout cannot be written.
pub fn run(arguments: &Arguments, mut command: clap::Command, console: &Console) -> Outcome {
    command.build();
    let page = match &arguments.command {
        None => command,
        Some(name) => match command.find_subcommand(name) {
            Some(found) => found.clone().display_name(format!("stowplan-{name}")),
            None => return Err(console.refuse(unknown(name, &command))),
        },
    };
    let mut text = Vec::new();
    let source = concat!("stowplan ", env!("CARGO_PKG_VERSION"));
    Man::new(page).source(source).render(&mut text).expect("a Vec takes every byte");
    console.data(&String::from_utf8_lossy(&text))
}

fn unknown(name: &str, command: &clap::Command) -> Diagnostic {
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let diagnostic = Diagnostic::error("unknown-command", format!("there is no command `{name}`"));
    diagnostic.help(match nearest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of {}", names.join(", ")),
    })
}
