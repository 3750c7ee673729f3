//! What each stage costs, apart and together, for stacks of 5 to 10,000 components, and what whole processes cost that render and
//! lint them, or lint their manifests; each number is the median of several runs.
#![allow(clippy::disallowed_types, clippy::print_stdout, reason = "a benchmark reads the clock and prints")]

mod measure;

use measure::{Folder, median, milliseconds, process};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use stowplan::check::{self, Context, Target};
use stowplan::component::file::LANGUAGE;
use stowplan::emit::manifests::yaml::yaml;
use stowplan::profile::{Request, Role, Session};
use stowplan::source::{Files, MAXIMUM_BYTES};
use stowplan::value::{KubernetesVersion, Scalar};
use stowplan::{lower, seal, stack};

/// How many components.
const SIZES: [usize; 4] = [5, 100, 1_000, 10_000];

/// The stages in their order.
const STAGES: [&str; 6] = ["parse", "resolve", "decode", "lower", "check", "emit"];

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
    let folder = Folder::new("render");
    print(COLUMNS.map(str::to_owned));
    for size in SIZES {
        print(measure(size, &folder));
    }
}

fn print(cells: [String; 15]) {
    println!("{}", cells.map(|cell| format!("{cell:>12}")).concat());
}

/// The row of a stack of `size` components.
fn measure(size: usize, folder: &Folder) -> [String; 15] {
    let text = measure::stack(size);
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
    let stack = folder.file(&format!("{size}.toml"), &text);
    let yaml = folder.file(&format!("{size}.yaml"), &manifests);
    let timed = |arguments: &[&str], file: &Path| process(arguments, file, 0, runs.min(50));
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
    let resolved = session.resolve(&request, &LANGUAGE, &Files::default()).expect("the generated stack is right");
    let resolve = start.elapsed().saturating_sub(parse);
    let start = Instant::now();
    let stack = stack::build(&resolved, &mut session, &Files::default()).expect("the generated stack is right");
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

/// The most memory that the process held, in bytes; `None` where `time` is not installed.
fn peak(file: &Path) -> Option<u64> {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%M", env!("CARGO_BIN_EXE_stowplan")]).args(RENDER).arg(file).stdout(Stdio::null());
    let output = command.stderr(Stdio::piped()).output().ok()?;
    let kibibytes: u64 = String::from_utf8_lossy(&output.stderr).trim().lines().last()?.parse().ok()?;
    Some(kibibytes * 1024)
}
