//! What each stage costs, apart and together, for stacks of 5 to 10,000 components, and what whole processes cost that render and
//! lint them, or lint their manifests; each number is the median of several runs.
#![allow(clippy::disallowed_types, clippy::print_stdout, reason = "a benchmark reads the clock and prints")]

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use stowplan::check::{self, Context, Target};
use stowplan::component::file::LANGUAGE;
use stowplan::emit::manifests::yaml::yaml;
use stowplan::profile::{Request, Role, Session};
use stowplan::source::{Inputs, MAXIMUM_BYTES};
use stowplan::value::{KubernetesVersion, Scalar};
use stowplan::{lower, seal, stack};

/// How many components.
const SIZES: [usize; 4] = [5, 100, 1_000, 10_000];

/// The stages in their order.
const STAGES: [&str; 6] = ["parse", "resolve", "decode", "lower", "check", "emit"];

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

/// The columns.
const COLUMNS: [&str; 15] = [
    "components",
    "parse",
    "resolve",
    "decode",
    "lower",
    "check",
    "emit",
    "together",
    "render",
    "lint",
    "lint yaml",
    "why",
    "µs/component",
    "output",
    "peak",
];

fn main() {
    let folder = std::env::temp_dir().join(format!("stowplan-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    print(COLUMNS.map(str::to_owned));
    for size in SIZES {
        print(measure(size, &folder));
    }
    std::fs::remove_dir_all(&folder).expect("the temporary folder is ours");
}

fn print(cells: [String; 15]) {
    println!("{}", cells.map(|cell| format!("{cell:>12}")).concat());
}

/// The row of a stack of `size` components.
fn measure(size: usize, folder: &Path) -> [String; 15] {
    let text = generate(size);
    let runs = (20_000 / size).clamp(5, 200);
    let mut stages: Vec<Vec<Duration>> = vec![Vec::new(); STAGES.len()];
    let mut manifests = String::new();
    for _ in 0..runs {
        let (times, written) = run(&text);
        manifests = written;
        for (all, time) in stages.iter_mut().zip(times) {
            all.push(time);
        }
    }
    let medians: Vec<Duration> = stages.into_iter().map(median).collect();
    let (stack, yaml) = (folder.join(format!("{size}.toml")), folder.join(format!("{size}.yaml")));
    std::fs::write(&stack, &text).expect("the temporary folder is writable");
    std::fs::write(&yaml, &manifests).expect("the temporary folder is writable");
    let timed = |arguments: &[&str], file: &Path| median((0..runs.min(50)).map(|_| process(arguments, file)).collect());
    let render = timed(&RENDER, &stack);
    let peak = peak(&stack);
    [
        size.to_string(),
        milliseconds(medians[0]),
        milliseconds(medians[1]),
        milliseconds(medians[2]),
        milliseconds(medians[3]),
        milliseconds(medians[4]),
        milliseconds(medians[5]),
        milliseconds(medians.iter().sum()),
        milliseconds(render),
        milliseconds(timed(&["lint", "-p", "k3d", "-q", "-f"], &stack)),
        match manifests.len() {
            ..=MAXIMUM_BYTES => milliseconds(timed(&["lint", "-q"], &yaml)),
            _ => "-".to_owned(),
        },
        milliseconds(timed(&WHY, &stack)),
        format!("{:.1}", render.as_secs_f64() * 1e6 / size as f64),
        format!("{}k", manifests.len() / 1000),
        peak.map_or_else(|| "?".to_owned(), |peak| format!("{:.1}x", peak as f64 / manifests.len() as f64)),
    ]
}

/// The arguments with which one value of a stack is asked for.
const WHY: [&str; 7] =
    ["why", "deployment/service-1", "/spec/template/spec/containers/0/image", "-p", "k3d", "-q", "-f"];

/// The arguments with which a stack is rendered.
const RENDER: [&str; 5] = ["render", "-p", "k3d", "-q", "-f"];

/// The times of the stages, and the manifests.
fn run(text: &str) -> ([Duration; 6], String) {
    let mut parsing = Session::default();
    let file = parsing.sources.add("stack.toml", text);
    let layer = parsing.layer("stack.toml", Role::Stack);
    let start = Instant::now();
    let parsed = parsing.parse(file, layer);
    let parse = start.elapsed();
    drop(parsed.expect("the generated stack is TOML"));

    let mut session = Session::default();
    let file = session.sources.add("stack.toml", text);
    let request = Request { stack: file, profile: Some("k3d"), set: &[] };
    let start = Instant::now();
    let resolved = session.resolve(&request, &LANGUAGE, &Nothing).expect("the generated stack is right");
    let resolve = start.elapsed().saturating_sub(parse);
    let start = Instant::now();
    let stack = stack::build(&resolved, &mut session, &Nothing).expect("the generated stack is right");
    let decode = start.elapsed();
    let start = Instant::now();
    let mut bundle = lower::lower(&stack, &session);
    seal::seal(&mut bundle, &stack);
    let lower = start.elapsed();
    let start = Instant::now();
    let target = Target::of(KubernetesVersion::parse("1.34").expect("it is a version"));
    let findings = check::check(&Context { bundle: &bundle, target });
    let check = start.elapsed();
    assert!(findings.is_empty(), "the generated stack is right");
    let start = Instant::now();
    let text = yaml(&bundle);
    let emit = start.elapsed();
    ([parse, resolve, decode, lower, check, emit], text)
}

fn process(arguments: &[&str], file: &Path) -> Duration {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stowplan"));
    command.args(arguments).arg(file).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("the binary was built");
    assert!(status.success(), "the generated stack is right");
    start.elapsed()
}

/// The most memory that the process held, in bytes; `None` where `time` is not installed.
fn peak(file: &Path) -> Option<u64> {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%M", env!("CARGO_BIN_EXE_stowplan")]).args(RENDER).arg(file).stdout(Stdio::null());
    let output = command.stderr(Stdio::piped()).output().ok()?;
    let kibibytes: u64 = String::from_utf8_lossy(&output.stderr).trim().lines().last()?.parse().ok()?;
    Some(kibibytes * 1024)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// A stack of `size` apis, each with probes, variables, resources and an HPA: three objects a component.
fn generate(size: usize) -> String {
    let mut text = String::from("[stack]\nname = \"big\"\nnamespace = \"big\"\n");
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
resources = {{ cpu = "100m", memory = "128Mi", limits = {{ memory = "256Mi" }} }}

[hpa.service-{number}]
min = 2
max = 10
cpu = 70
"#
        )
        .expect("a String takes text");
    }
    text
}
