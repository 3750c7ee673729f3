//! `man`: the manual pages.

use super::{Console, EXIT_CODES, FIRST_STEPS, Offered, Outcome, command_names};
use crate::diagnostic::Diagnostic;
use crate::value::nearest;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  stowplan man | man -l -
  stowplan man profiles show | man -l -
  stowplan man render > stowplan-render.1")]
pub struct Arguments {
    /// The command whose page is wanted [default: stowplan itself]
    #[arg(value_name = "COMMAND", value_parser = Offered(command_names), hide_possible_values = true)]
    command: Vec<String>,
}

/// Prints the page in the language of man pages.
///
/// # Errors
/// Where there is no such command, or stdout cannot be written.
pub fn run(arguments: &Arguments, mut command: Command, console: &Console) -> Outcome {
    command.build();
    let mut page = &command;
    for name in &arguments.command {
        page = page.find_subcommand(name).ok_or_else(|| console.refuse(unknown(name, page)))?;
    }
    let title = std::iter::once("stowplan").chain(arguments.command.iter().map(String::as_str));
    let title = title.collect::<Vec<_>>().join("-");
    let mut text = Vec::new();
    write(page.clone().display_name(title), &mut text);
    console.data(&String::from_utf8_lossy(&text))?;
    if console.is_read_by_person() {
        let words = std::iter::once("stowplan man").chain(arguments.command.iter().map(String::as_str));
        console.tell(&format!("\nread it with   {} | man -l -\n", words.collect::<Vec<_>>().join(" ")));
    }
    Ok(())
}

fn unknown(name: &str, command: &Command) -> Diagnostic {
    let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    let diagnostic = Diagnostic::error("unknown-command", format!("there is no command `{name}`"));
    diagnostic.help(match (nearest(name, names.iter().copied()), names.is_empty()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, false) => format!("write one of {}", names.join(", ")),
        (None, true) => format!("leave it out: `{}` has no commands of its own", command.get_name()),
    })
}

/// The page of a command, with what its help has below the options as sections of their own.
fn write(mut page: Command, text: &mut Vec<u8>) {
    let help = page.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (prose, examples) = match help.find("Example") {
        Some(at) => (help[..at].trim().to_owned(), help[at..].lines().skip(1).map(str::to_owned).collect()),
        None if help == EXIT_CODES => (String::new(), FIRST_STEPS.lines().map(|line| format!("  {line}")).collect()),
        None => (help.trim().to_owned(), Vec::new()),
    };
    let about = page.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = page.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let source = concat!("stowplan ", env!("CARGO_PKG_VERSION"));
    // The version stands in the footer.
    let page = page
        .override_usage(usage)
        .long_about(format!("{about}.\n\n{prose}"))
        .after_help(None::<&str>)
        .version(None::<&'static str>);
    let page = Man::new(page).source(source).render(text).and_then(|()| sections(&examples).to_writer(text));
    page.expect("a Vec takes every byte");
}

/// Examples as they are, because their columns mean something, and the exit codes.
fn sections(examples: &[String]) -> Roff {
    let mut roff = Roff::new();
    if !examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]).control("nf", []);
        for line in examples {
            roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
        }
        roff.control("fi", []);
    }
    let codes = EXIT_CODES.lines().find_map(|line| line.strip_prefix("Exit codes: ")).unwrap_or(EXIT_CODES);
    roff.control("SH", ["EXIT STATUS"]).text([roman(codes)]);
    roff
}
