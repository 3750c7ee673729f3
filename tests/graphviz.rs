//! The pictures for Graphviz, drawn by Graphviz. Where it is not installed, this says so and passes.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "support/program.rs"]
mod program;

use program::Folder;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The folders with a stack below `examples`.
fn examples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let below = |folder: &str| fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = below("examples").chain(below("examples/gallery")).collect();
    folders.retain(|folder| folder.join("stack.toml").is_file());
    folders.sort();
    folders
}

/// What a program makes of a text; none where it is not installed.
fn filter(program: &str, arguments: &[&str], text: &[u8]) -> Option<Output> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    child.stdin.take().unwrap().write_all(text).unwrap();
    Some(child.wait_with_output().unwrap())
}

#[test]
#[allow(clippy::print_stdout, reason = "a test that was skipped says so")]
fn graphviz_draws_every_node_and_every_edge() {
    for folder in examples() {
        for extent in [&[][..], &["--objects"]] {
            let arguments = [&["graph", "-p", "k3d", "--format", "dot"], extent].concat();
            let text = Folder::of_repository(&folder).run(&arguments).ends(0).out;
            let Some(drawn) = filter("dot", &["-Tsvg"], text.as_bytes()) else {
                return println!("skipped: no Graphviz is installed");
            };
            let said = String::from_utf8(drawn.stderr).unwrap();
            assert!(drawn.status.success() && said.is_empty(), "{} {extent:?}: {said}", folder.display());
            let edges = text.lines().filter(|line| line.contains(" -> ")).count();
            let nodes = text.lines().filter(|line| line.contains("shape=")).count();
            let groups = text.lines().filter(|line| line.contains("subgraph ")).count();
            let svg = String::from_utf8(drawn.stdout).unwrap();
            let count = |class: &str| svg.matches(&format!("class=\"{class}\"")).count();
            assert_eq!(
                (count("node"), count("edge"), count("cluster")),
                (nodes, edges, groups),
                "{}",
                folder.display()
            );
            assert!(nodes > 0, "{}", folder.display());
        }
    }
}
