//! What the README shows is what the program says.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The fenced block that follows `mark`.
fn block_after<'a>(text: &'a str, mark: &str) -> &'a str {
    let at = text.find(mark).unwrap_or_else(|| panic!("the README has no {mark:?}"));
    let fence = at + text[at..].find("```").unwrap();
    let start = fence + text[fence..].find('\n').unwrap() + 1;
    &text[start..start + text[start..].find("\n```").unwrap() + 1]
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("stowplan-readme-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_stowplan"))
            .args(arguments)
            .current_dir(&self.0)
            .env_remove("STOWPLAN_PROFILE")
            .output()
            .unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_first_stack_renders_to_what_the_text_names() {
    let readme = readme();
    let folder = Folder::new("stack");
    fs::write(folder.0.join("stack.toml"), block_after(&readme, "before\nanything reaches the cluster")).unwrap();
    let output = folder.run(&["render", "-p", "k3d"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let yaml = String::from_utf8(output.stdout).unwrap();
    let kinds: Vec<&str> = yaml.lines().filter_map(|line| line.strip_prefix("kind: ")).collect();
    let named = ["Namespace", "Secret", "Service", "Service", "Service", "StatefulSet", "Deployment", "Ingress"];
    assert_eq!(kinds, named);
}

#[test]
fn the_answer_to_a_slip_is_the_one_shown() {
    let readme = readme();
    let stack = block_after(&readme, "before\nanything reaches the cluster");
    let slips = stack.replace("\"5Gi\"", "\"5GB\"").replace("[\"postgres\"] ", "[\"postgress\"]");
    let folder = Folder::new("slip");
    fs::write(folder.0.join("stack.toml"), slips).unwrap();
    let output = folder.run(&["render", "-p", "k3d"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), block_after(&readme, "<!-- mistakes"));
}

#[test]
fn the_profiles_are_those_shown() {
    let readme = readme();
    let shown: Vec<&str> = block_after(&readme, "changes what a stack says")
        .lines()
        .skip(2)
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let output = Folder::new("profiles").run(&["profiles", "list"]);
    let names = String::from_utf8(output.stdout).unwrap();
    assert_eq!(shown, names.lines().collect::<Vec<_>>());
}

#[test]
fn lint_says_of_the_yaml_what_is_shown() {
    let readme = readme();
    let folder = Folder::new("lint");
    fs::write(folder.0.join("web.yaml"), block_after(&readme, "<!-- web.yaml -->")).unwrap();
    let output = folder.run(&["lint", "-q", "web.yaml"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), block_after(&readme, "<!-- lint web.yaml -->"));
}

/// Each line that begins with `$ ` is run, and what follows it is what it prints.
#[test]
fn why_answers_what_is_shown() {
    let readme = readme();
    let shown = block_after(&readme, "<!-- why -->");
    let mut said = String::new();
    for call in shown.lines().filter_map(|line| line.strip_prefix("$ stowplan ")) {
        let words: Vec<String> = call.split(' ').map(|word| word.trim_matches('\'').to_owned()).collect();
        let mut command = Command::new(env!("CARGO_BIN_EXE_stowplan"));
        command.args(words).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("STOWPLAN_PROFILE");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{call}: {}", String::from_utf8_lossy(&output.stderr));
        let space = if said.is_empty() { "" } else { "\n" };
        said += &format!("{space}$ stowplan {call}\n{}", String::from_utf8(output.stdout).unwrap());
    }
    assert_eq!(said, shown);
}

/// The hook, as it is printed, lets a commit through or stops it.
#[test]
#[cfg(unix)]
fn the_hook_stops_a_commit_with_stale_snapshots() {
    let readme = readme();
    let folder = Folder::new("hook");
    let program = Path::new(env!("CARGO_BIN_EXE_stowplan")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let shell = |script: &str| {
        let mut command = Command::new("sh");
        command.args(["-e", "-c", script]).current_dir(&folder.0).env("PATH", &path).env_remove("STOWPLAN_PROFILE");
        for (name, value) in [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_SYSTEM", "/dev/null")] {
            command.env(name, value);
        }
        command.output().unwrap()
    };
    fs::write(
        folder.0.join("stack.toml"),
        "[stack]\nname = \"a\"\nprofiles = [\"k3d\"]\n[worker.a]\nimage = \"a:1\"\n",
    )
    .unwrap();
    let prepared = shell("git init -q . && git config user.name me && git config user.email me@example.com");
    assert!(prepared.status.success(), "{}", String::from_utf8_lossy(&prepared.stderr));
    assert!(shell(block_after(&readme, "<!-- pre-commit -->")).status.success());
    let commit = || shell("git add -A && git commit -q -m change");
    let stopped = commit();
    assert!(!stopped.status.success());
    let said = format!("{}{}", String::from_utf8_lossy(&stopped.stdout), String::from_utf8_lossy(&stopped.stderr));
    assert!(said.contains("missing   snapshots/k3d/deployment-a.yaml"), "{said}");
    assert!(shell("stowplan snapshot").status.success());
    let passed = commit();
    assert!(passed.status.success(), "{}", String::from_utf8_lossy(&passed.stderr));
}

/// Each finding that is shown is one of those that the first stack has, and the number of all of them is right.
#[test]
fn lint_says_of_the_first_stack_what_is_shown() {
    let readme = readme();
    let stack = block_after(&readme, "before\nanything reaches the cluster");
    let overlay = block_after(&readme, "are layers that are merged by the same rules");
    let folder = Folder::new("advice");
    fs::write(folder.0.join("stack.toml"), format!("{stack}\n{overlay}")).unwrap();
    let shown =
        block_after(&readme, "<!-- lint stack.toml -->").strip_prefix("$ stowplan lint --all-profiles\n").unwrap();
    let output = folder.run(&["lint", "--all-profiles"]);
    assert_eq!(output.status.code(), Some(0), "advice fails nothing");
    let said = String::from_utf8(output.stdout).unwrap();
    let (findings, all) = shown.trim_end().rsplit_once("\n\n").unwrap();
    assert_eq!(all, String::from_utf8(output.stderr).unwrap().trim());
    let said: Vec<&str> = said.trim_end().split("\n\n").collect();
    assert_eq!(said.len(), 7, "as the text says");
    for finding in findings.split("\n\n") {
        assert!(said.contains(&finding), "{finding}\nis not one of\n{said:#?}");
    }
    let local = folder.run(&["lint", "-p", "k3d"]);
    assert_eq!(String::from_utf8(local.stderr).unwrap(), "nothing is wrong in stack.toml on k3d\n");
}
