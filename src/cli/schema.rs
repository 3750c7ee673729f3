//! `schema`: what editors need to help with our files.

use super::{Console, Outcome};
use crate::emit::schema;

#[derive(clap::Args)]
#[command(after_help = "\
An editor that knows Taplo (Even Better TOML) reads the name of the schema from the first line of a file:
  #:schema ./stack.schema.json

Examples:
  stowplan schema > stack.schema.json
  stowplan schema profile > profile.schema.json")]
pub struct Arguments {
    /// Whose schema
    #[arg(default_value = "stack")]
    file: File,
}

/// The files that people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum File {
    /// stack.toml
    Stack,
    /// profiles/NAME.toml
    Profile,
}

/// Prints the schema.
///
/// # Errors
/// Where stdout cannot be written.
pub fn run(arguments: &Arguments, console: &Console) -> Outcome {
    console.data(&match arguments.file {
        File::Stack => schema::stack(),
        File::Profile => schema::profile(),
    })
}
