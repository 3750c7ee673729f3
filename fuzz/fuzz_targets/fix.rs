#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use std::sync::LazyLock;
use stowplan_fuzz::laws::fix::check;
use stowplan_fuzz::mutation::Lines;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

static LINES: LazyLock<Lines> = LazyLock::new(|| Lines::of(&["examples", "snapshots/errors"], "toml"));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    LINES.mutate(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| check(data));
