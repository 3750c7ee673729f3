//! The `stowplan` command: hands over to the command line and exits with what it says.

/// A stack becomes very many small values, most of which live until the process ends: for a large one the system's allocator takes
/// a third longer. Most of that is page faults, of which memory in huge pages has hardly any.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    stowplan::cli::main()
}
