//! The `stowplan` command: hands over to the command line and exits with what it says.

/// A stack becomes very many small values, most of which live until the process ends. The allocator of the system takes a third
/// longer for them, half of that in the kernel, from which it gets its memory in pages of 4 KiB.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    stowplan::cli::main()
}
