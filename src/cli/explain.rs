//! `explain`: the language, offline.

use super::{Console, Offered, Outcome};
use crate::emit::docs;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  stowplan explain                        every table
  stowplan explain api                    its keys
  stowplan explain api.probes.live        one key
  stowplan explain cluster.storage.class  a fact, with its value by profile
  stowplan explain rules                  every rule of lint
  stowplan explain floating-image-tag     a rule; POD-018 is one of the server
  stowplan explain codes                  every other code of a message
  stowplan explain unknown-key            one of them")]
pub struct Arguments {
    /// A table, a key or a path to one, a rule, or the code of a message; every table where nothing is named
    #[arg(value_parser = Offered(topics), hide_possible_values = true)]
    words: Vec<String>,
}

/// The words that mean something by themselves.
fn topics() -> Vec<String> {
    docs::names().map(str::to_owned).collect()
}

/// Prints the text.
///
/// # Errors
/// Where nothing has that name, or stdout cannot be written.
pub fn run(arguments: &Arguments, console: &Console) -> Outcome {
    let style = console.style_of_text();
    if arguments.words.is_empty() {
        return console.data(&docs::topics(style));
    }
    let text = docs::explain(&arguments.words.join("."), style).map_err(|error| console.refuse(*error))?;
    console.data(&text)
}
