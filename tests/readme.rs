//! What the README shows is what the program says.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

#[path = "support/program.rs"]
mod program;

use program::Folder;

fn readme() -> String {
    Folder::of_repository(".").read("README.md")
}

/// The fenced block that follows `mark`.
fn block_after<'a>(text: &'a str, mark: &str) -> &'a str {
    let at = text.find(mark).unwrap_or_else(|| panic!("the README has no {mark:?}"));
    let fence = at + text[at..].find("```").unwrap();
    let start = fence + text[fence..].find('\n').unwrap() + 1;
    &text[start..start + text[start..].find("\n```").unwrap() + 1]
}

#[test]
fn the_first_stack_renders_to_what_the_text_names() {
    let readme = readme();
    let folder = Folder::of_stack("stack", block_after(&readme, "before\nanything reaches the cluster"));
    let yaml = folder.run(&["render", "-p", "k3d"]).ends(0).out;
    let kinds: Vec<&str> = yaml.lines().filter_map(|line| line.strip_prefix("kind: ")).collect();
    let named = ["Namespace", "Secret", "Service", "Service", "Service", "StatefulSet", "Deployment", "Ingress"];
    assert_eq!(kinds, named);
}

#[test]
fn the_answer_to_a_slip_is_the_one_shown() {
    let readme = readme();
    let stack = block_after(&readme, "before\nanything reaches the cluster");
    let slips = stack.replace("\"5Gi\"", "\"5GB\"").replace("[\"postgres\"] ", "[\"postgress\"]");
    let told = Folder::of_stack("slip", &slips).run(&["render", "-p", "k3d"]).ends(2);
    assert_eq!(told.err, block_after(&readme, "<!-- mistakes"));
}

#[test]
fn the_profiles_are_those_shown() {
    let readme = readme();
    let shown: Vec<&str> = block_after(&readme, "changes what a stack says")
        .lines()
        .skip(2)
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let names = Folder::new("profiles", &[]).run(&["profiles", "list"]).out;
    assert_eq!(shown, names.lines().collect::<Vec<_>>());
}

#[test]
fn lint_says_of_the_yaml_what_is_shown() {
    let readme = readme();
    let folder = Folder::new("lint", &[("web.yaml", block_after(&readme, "<!-- web.yaml -->"))]);
    let told = folder.run(&["lint", "-q", "web.yaml"]).ends(1);
    assert_eq!(told.out, block_after(&readme, "<!-- lint web.yaml -->"));
}

/// Each line that begins with `$ ` is run, and what follows it is what it prints.
#[test]
fn why_answers_what_is_shown() {
    let readme = readme();
    let shown = block_after(&readme, "<!-- why -->");
    let mut said = String::new();
    for call in shown.lines().filter_map(|line| line.strip_prefix("$ stowplan ")) {
        let words: Vec<&str> = call.split(' ').map(|word| word.trim_matches('\'')).collect();
        let answer = Folder::of_repository(".").run(&words).ends(0).out;
        let space = if said.is_empty() { "" } else { "\n" };
        said += &format!("{space}$ stowplan {call}\n{answer}");
    }
    assert_eq!(said, shown);
}

/// The hook, as it is printed, lets a commit through or stops it.
#[test]
#[cfg(unix)]
fn the_hook_stops_a_commit_with_stale_snapshots() {
    let readme = readme();
    let stack = "[stack]\nname = \"a\"\nprofiles = [\"k3d\"]\n[worker.a]\nimage = \"a:1\"\n";
    let folder = Folder::of_stack("hook", stack);
    folder.shell("git init -q . && git config user.name me && git config user.email me@example.com").ends(0);
    folder.shell(block_after(&readme, "<!-- pre-commit -->")).ends(0);
    let commit = || folder.shell("git add -A && git commit -q -m change");
    let stopped = commit();
    assert_ne!(stopped.code, 0);
    let said = format!("{}{}", stopped.out, stopped.err);
    assert!(said.contains("missing   snapshots/k3d/deployment-a.yaml"), "{said}");
    folder.shell("stowplan snapshot").ends(0);
    commit().ends(0);
}

/// Each finding that is shown is one of those that the first stack has, and the number of all of them is right.
#[test]
fn lint_says_of_the_first_stack_what_is_shown() {
    let readme = readme();
    let stack = block_after(&readme, "before\nanything reaches the cluster");
    let overlay = block_after(&readme, "are layers that are merged by the same rules");
    let folder = Folder::of_stack("advice", &format!("{stack}\n{overlay}"));
    let shown =
        block_after(&readme, "<!-- lint stack.toml -->").strip_prefix("$ stowplan lint --all-profiles\n").unwrap();
    let told = folder.run(&["lint", "--all-profiles"]);
    assert_eq!(told.code, 0, "advice fails nothing");
    let (findings, all) = shown.trim_end().rsplit_once("\n\n").unwrap();
    assert_eq!(all, told.err.trim());
    let said: Vec<&str> = told.out.trim_end().split("\n\n").collect();
    assert_eq!(said.len(), 7, "as the text says");
    for finding in findings.split("\n\n") {
        assert!(said.contains(&finding), "{finding}\nis not one of\n{said:#?}");
    }
    assert_eq!(folder.run(&["lint", "-p", "k3d"]).err, "nothing is wrong in stack.toml on k3d\n");
}
