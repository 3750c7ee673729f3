//! `explain`: the language, offline.

use super::{Console, Outcome};
use crate::emit::docs;

/// Explain a table, a key, a fact about the cluster or a rule of lint.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  stowplan explain                        every table
  stowplan explain api                    its keys
  stowplan explain api.probes.live        one key
  stowplan explain cluster.storage.class  a fact, with its value by profile
  stowplan explain rules                  every rule of lint
  stowplan explain floating-image-tag     a rule; POD-018 is one of the server")]
pub struct Arguments {
    /// A table, a key or a path to one, or a rule; every table where nothing is named
    words: Vec<String>,
}

/// Prints the text.
///
/// # Errors
/// Where nothing has that name, or stdout cannot be written.
pub fn run(arguments: &Arguments, console: &Console) -> Outcome {
    let width = console.text_width();
    if arguments.words.is_empty() {
        return console.data(&docs::topics(width));
    }
    let text = docs::explain(&arguments.words.join("."), width).map_err(|error| console.refuse(*error))?;
    console.data(&text)
}
