//! What the process does with memory that it has freed.

use std::hint::black_box;

/// Just below the largest block, in bytes, whose freeing tells glibc anything: 32 MiB with its head.
/// <https://sourceware.org/glibc/manual/latest/html_node/Malloc-Tunable-Parameters.html>
const LARGEST: usize = 31 << 20;

/// Lets glibc keep large blocks that are freed, in place of giving them back to the kernel: what the parser of TOML leaves
/// behind holds most of what comes later, and fresh pages cost more than all that is written into them. glibc learns this
/// from a large block that is freed; nothing of it is touched. Other allocators see one block come and go.
pub fn keep_freed_memory() {
    let mut block: Vec<u8> = Vec::new();
    // Without room for it there is nothing to learn, and nothing is wrong.
    if block.try_reserve_exact(LARGEST).is_ok() {
        drop(black_box(block));
    }
}
