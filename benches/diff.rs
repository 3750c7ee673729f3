//! What comparing two profiles costs for stacks of 100 and 1,000 components: the comparison alone, and the whole process; each
//! number is the median of several runs.
#![allow(clippy::disallowed_types, clippy::print_stdout, reason = "a benchmark reads the clock and prints")]

mod measure;

use measure::{Folder, median, milliseconds, process};
use std::time::{Duration, Instant};
use stowplan::diff::{Question, Risks, Side, between, render};
use stowplan::emit::changes::human::human;
use stowplan::emit::report::human::{Color, Style};
use stowplan::profile::Session;
use stowplan::source::Files;

/// How many components.
const SIZES: [usize; 2] = [100, 1_000];

/// How often each is run.
const RUNS: usize = 11;

fn main() {
    let folder = Folder::new("diff");
    println!("{:>10} {:>9} {:>9} {:>9} {:>9} {:>9}", "components", "render", "compare", "print", "process", "objects");
    for size in SIZES {
        let text = measure::stack(size) + &more_on_cloud(size);
        let runs: Vec<_> = (0..RUNS).map(|_| run(&text)).collect();
        let of = |stage: fn(&Run) -> Duration| milliseconds(median(runs.iter().map(stage).collect()));
        let file = folder.file(&format!("{size}.toml"), &text);
        // What differs is exit code 1.
        let process = milliseconds(process(&["diff", "k3d", "cloud", "-q", "-f"], &file, 1, RUNS));
        println!(
            "{size:>10} {:>9} {:>9} {:>9} {process:>9} {:>9}",
            of(|run| run.render),
            of(|run| run.compare),
            of(|run| run.print),
            runs[0].objects
        );
    }
}

/// On a cloud each HPA has more Pods.
fn more_on_cloud(size: usize) -> String {
    (0..size).map(|number| format!("\n[profile.cloud.hpa.service-{number}]\nmin = 4\n")).collect()
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
    let [before, after] = ["k3d", "cloud"].map(|profile| {
        render(&question, Some(profile), &mut session, &Files::default()).expect("the generated stack is right")
    });
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
