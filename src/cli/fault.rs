//! What happens where our own code is wrong: a message that says so, and an exit code of its own.

use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};

/// The exit code for a fault of ours.
const FAULT: u8 = 3;

/// Runs the program; a panic is described on stderr and becomes the exit code 3.
pub fn guard(run: impl FnOnce() -> u8) -> u8 {
    set_hook(Box::new(|panic| {
        // Where stderr is closed or full there is nobody left to tell.
        let _ = anstream::stderr().write_all(describe(panic).as_bytes());
    }));
    // What the panic left half-done is not looked at again: the process ends.
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(FAULT)
}

fn describe(panic: &PanicHookInfo) -> String {
    let what = panic.payload_as_str().unwrap_or("no description");
    let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    message(what, &place)
}

fn message(what: &str, place: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "error: this is a fault of stowplan, not of your input\n  \
         what:    {what}\n  \
         where:   {place}\n  \
         version: {version}\n\
         help: report these lines to the authors of stowplan, with the command that you typed and, where you may show it, the stack file\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_of_ours() {
        assert_eq!(guard(|| 2), 2);
        assert_eq!(guard(|| panic!("a fault made by a test")), FAULT);
        let _ = std::panic::take_hook();
    }

    #[test]
    fn the_message_says_whose_fault_it_is_and_where() {
        let text = message("index out of bounds", "src/lib.rs:1:2");
        assert!(text.starts_with("error: this is a fault of stowplan"));
        assert!(
            text.contains("index out of bounds") && text.contains("src/lib.rs:1:2") && text.contains("help: report")
        );
    }
}
