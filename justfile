# The tests.
test *filter:
    cargo test {{ filter }}

# Writes what the tests compare with anew; read the difference before committing it.
bless:
    STOWPLAN_BLESS=1 cargo test

# Format, lints and documentation, without a warning; the scripts too.
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps
    shellcheck .ci/run fuzz/run tests/cluster/build tests/cluster/start tests/cluster/cluster tests/cluster/stop tests/cluster/rollout

# The benchmarks.
bench:
    cargo bench

# Starts a simulated cluster in target/cluster; `tests/cluster/stop` ends it.
cluster:
    tests/cluster/cluster
    @echo "export KUBECONFIG={{ justfile_directory() }}/target/cluster/kubeconfig"

# Rolls every example out on a simulated cluster.
rollout:
    cargo build --release
    tests/cluster/rollout target/release/stowplan

# Asks API servers of four versions about every mutant again, and reports; `just agreement --new SEED` asks about 20,000 fresh ones.
agreement *options:
    tests/agreement/agreement {{ options }}

# Asks API servers of four versions whether they take what every example renders to.
apply *minors:
    cargo build --release
    tests/agreement/apply target/release/stowplan {{ minors }}

# Asks API servers of four versions whether they take what random stacks render to: `just stacks --seed 7 --count 1000`.
stacks *options:
    cargo build --quiet
    tests/agreement/stacks {{ options }}

# Records anew what a simulated cluster makes of the examples, into tests/data/live.
record-live:
    cargo build --release
    tests/agreement/record-live target/release/stowplan

# Looks for inputs that break a law of fuzz/src/laws; the targets are in fuzz/fuzz_targets.
fuzz target seconds="300":
    fuzz/run {{ target }} {{ seconds }}

# All that has to hold before a change lands.
ci:
    .ci/run
