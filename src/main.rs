//! The `stowplan` command: hands over to the command line and exits with what it says.

/// A stack becomes very many small values, most of which live until the process ends: for a large one the system's allocator takes
/// a quarter longer. Huge pages would save a little more, but a small stack would wait for two of them to be cleared.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    stowplan::cli::main()
}
