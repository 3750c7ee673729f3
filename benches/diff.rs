//! What comparing two profiles costs for stacks of 100 and 1,000 components: the comparison alone, and the whole process; each
//! number is the median of several runs.
#![allow(clippy::disallowed_types, clippy::print_stdout, reason = "a benchmark reads the clock and prints")]

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use stowplan::diff::{Question, Risks, Side, between, render};
use stowplan::emit::changes::human::human;
use stowplan::emit::report::human::{Color, Style};
use stowplan::profile::Session;
use stowplan::source::Inputs;

/// How many components.
const SIZES: [usize; 2] = [100, 1_000];

/// How often each is run.
const RUNS: usize = 11;

struct Nothing;

impl Inputs for Nothing {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

fn main() {
    let folder = std::env::temp_dir().join(format!("stowplan-bench-diff-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    println!("{:>10} {:>9} {:>9} {:>9} {:>9} {:>9}", "components", "render", "compare", "print", "process", "objects");
    for size in SIZES {
        let text = generate(size);
        let runs: Vec<_> = (0..RUNS).map(|_| run(&text)).collect();
        let of = |stage: fn(&Run) -> Duration| milliseconds(median(runs.iter().map(stage).collect()));
        let file = folder.join(format!("{size}.toml"));
        std::fs::write(&file, &text).expect("the temporary folder is writable");
        let process = milliseconds(median((0..RUNS).map(|_| process(&file)).collect()));
        println!(
            "{size:>10} {:>9} {:>9} {:>9} {process:>9} {:>9}",
            of(|run| run.render),
            of(|run| run.compare),
            of(|run| run.print),
            runs[0].objects
        );
    }
    std::fs::remove_dir_all(&folder).expect("the temporary folder is ours");
}

/// What one run took.
struct Run {
    render: Duration,
    compare: Duration,
    print: Duration,
    /// How many objects differ.
    objects: usize,
}

fn run(text: &str) -> Run {
    let mut session = Session::default();
    let stack = session.sources.add("stack.toml", text);
    let question = Question { stack, set: &[], kubernetes: None };
    let start = Instant::now();
    let [before, after] = ["k3d", "cloud"]
        .map(|profile| render(&question, Some(profile), &mut session, &Nothing).expect("the generated stack is right"));
    let rendered = start.elapsed();
    let start = Instant::now();
    let changes = between(Side::of("k3d", &before), Side::of("cloud", &after), &session, Risks::Marked);
    let compare = start.elapsed();
    let start = Instant::now();
    let page = human(&changes, Style { color: Color::Never, width: 120 });
    let print = start.elapsed();
    assert!(!page.is_empty(), "the profiles differ");
    Run { render: rendered, compare, print, objects: changes.objects.len() }
}

fn process(file: &Path) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stowplan"));
    command.args(["diff", "k3d", "cloud", "-q", "-f"]).arg(file).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("the binary was built");
    assert_eq!(status.code(), Some(1), "the profiles differ");
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// A stack of `size` apis, each with probes, variables, resources that one profile says otherwise, and an HPA.
fn generate(size: usize) -> String {
    let mut text = String::from("[stack]\nname = \"big\"\nnamespace = \"big\"\nprofiles = [\"k3d\", \"cloud\"]\n");
    for number in 0..size {
        write!(
            text,
            r#"
[api.service-{number}]
image = "registry.example.com/team/service-{number}:1.2.3"
port = "80:8080"
env = {{ NODE_ENV = "production", PORT = 8080, LOG_LEVEL = "info", REGION = "eu-central-1", FEATURE = true }}
probes.live = {{ http = "/healthz", delay = "10s", period = "10s" }}
probes.ready = {{ http = "/ready", delay = "3s", period = "5s" }}

[hpa.service-{number}]
min = 2
max = 10
cpu = 70

[profile.cloud.hpa.service-{number}]
min = 4
"#
        )
        .expect("a String takes text");
    }
    text
}
