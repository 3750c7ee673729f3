//! `completions`: what a shell needs to complete our words.

use super::{Console, Outcome};
use clap_complete::Shell;

#[derive(clap::Args)]
#[command(after_help = "Example:\n  stowplan completions bash > ~/.stowplan.bash   and `source` that in ~/.bashrc")]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints the script.
///
/// # Errors
/// Where stdout cannot be written.
pub fn run(arguments: &Arguments, mut command: clap::Command, console: &Console) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "stowplan", &mut script);
    console.data(&String::from_utf8_lossy(&script))
}
