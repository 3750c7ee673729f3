//! What is answered to words that people type: each answer is followed, and the stack is right then.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "support/program.rs"]
mod program;

use program::Folder;

/// A component with more keys.
fn web(keys: &str) -> String {
    format!("[stack]\nname = \"a\"\nnamespace = \"a\"\n\n[api.web]\nimage = \"x/web:1.0\"\nport = 80\n{keys}\n")
}

/// The stack is refused with this help, and `--fix` touches nothing.
#[track_caller]
fn answered(name: &str, stack: &str, help: &str) {
    let folder = Folder::of_stack(name, stack);
    let run = folder.run(&["lint", "-p", "eks", "--fix"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains(help), "{help}\nis not said:\n{}", run.out);
    assert_eq!(folder.read("stack.toml"), stack, "a person has to decide");
}

/// The stack renders, and these lines are in it.
#[track_caller]
fn renders(name: &str, stack: &str, lines: &[&str]) {
    let run = Folder::of_stack(name, stack).run(&["render", "-p", "eks"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for line in lines {
        assert!(run.out.contains(line), "{line}\nis not in\n{}", run.out);
    }
}

#[test]
fn a_budget_in_the_other_direction_is_turned_round_and_never_fixed() {
    let pdb = |replicas: &str, budget: &str| web(&format!("{replicas}\npdb = {{ {budget} }}"));
    for (name, replicas, budget, help) in [
        (
            "share",
            "replicas = 4",
            "minAvailable = \"80%\"",
            "missing, not how many must stay: write `unavailable = \"20%\"`",
        ),
        ("count", "replicas = 4", "min-available = 3", "with 4 replicas write `unavailable = 1`"),
        ("unknown", "", "minAvailable = 1", "write `unavailable = NUMBER`, the replicas less 1"),
        ("text", "replicas = 3", "min_available = \"1\"", "with 3 replicas write `unavailable = 2`"),
        (
            "all",
            "replicas = 2",
            "minAvailable = 2",
            "write `unavailable = 1`; with 2 replicas, 2 that must stay stop every drain",
        ),
        ("whole", "replicas = 2", "minAvailable = \"100%\"", "write `unavailable = 1`, because 0 stops every drain"),
        ("both", "replicas = 4", "unavailable = 1, minAvailable = 3", "with 4 replicas write `unavailable = 1`"),
        ("short", "replicas = 4", "min-avail = 3", "its keys are unavailable"),
    ] {
        answered(&format!("budget-{name}"), &pdb(replicas, budget), help);
    }
    renders("budget-followed", &pdb("replicas = 4", "unavailable = 1"), &["  maxUnavailable: 1\n"]);
}
