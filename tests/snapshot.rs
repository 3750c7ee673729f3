//! `snapshot`: files beside a stack that are kept in git, written and checked by the command as a shell sees it.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "support/program.rs"]
mod program;

use program::{Folder, Run};
use std::fs;

const STACK: &str = r#"[stack]
name = "shop"
namespace = "shop"
profiles = ["k3d", "cloud"]

[api.web]
image = "registry.example/web:1"
port = 8080

[job.migrate]
image = "registry.example/web:1"
command = ["migrate"]

[profile.cloud.api.web]
replicas = 3
"#;

const MARK: &str = "# Made by `stowplan snapshot`; changes are lost.\n";

impl Folder {
    /// Every file below `snapshots`, sorted.
    fn files(&self) -> Vec<String> {
        let (root, mut files) = (self.path("."), Vec::new());
        let mut folders = vec![self.path("snapshots")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => files.push(path.strip_prefix(&root).unwrap().display().to_string().replace('\\', "/")),
                }
            }
        }
        files.sort();
        files
    }

    fn snapshot(&self, arguments: &[&str]) -> Run {
        self.run(&[&["snapshot"], arguments].concat())
    }

    #[track_caller]
    fn fine(&self, arguments: &[&str]) -> Run {
        let run = self.snapshot(arguments).ends(0);
        assert_eq!(run.out, "");
        run
    }

    /// What `--check` prints where something is wrong.
    #[track_caller]
    fn drift(&self) -> String {
        self.snapshot(&["--check"]).ends(1).out
    }
}

#[test]
fn every_object_of_every_profile_has_a_file() {
    let folder = Folder::of_stack("files", STACK);
    let run = folder.fine(&[]);
    assert_eq!(run.err, "snapshots/k3d: 4 written, 0 unchanged\nsnapshots/cloud: 5 written, 0 unchanged\n");
    let expected = [
        "snapshots/cloud/deployment-web.yaml",
        "snapshots/cloud/job-migrate.yaml",
        "snapshots/cloud/namespace-shop.yaml",
        "snapshots/cloud/poddisruptionbudget-web.yaml",
        "snapshots/cloud/service-web.yaml",
        "snapshots/k3d/deployment-web.yaml",
        "snapshots/k3d/job-migrate.yaml",
        "snapshots/k3d/namespace-shop.yaml",
        "snapshots/k3d/service-web.yaml",
    ];
    assert_eq!(folder.files(), expected);
    let deployment = folder.read("snapshots/cloud/deployment-web.yaml");
    assert!(deployment.starts_with(&format!("{MARK}apiVersion: apps/v1\nkind: Deployment\n")), "{deployment}");
    assert!(deployment.contains("\n  replicas: 3\n"), "{deployment}");
    let again = folder.fine(&[]);
    assert!(again.err.starts_with("snapshots/k3d: 0 written, 4 unchanged\n"), "{}", again.err);
    assert_eq!(folder.fine(&["--check"]).err, "9 snapshots are up to date\n");
}

#[test]
fn the_profiles_can_be_named() {
    let folder = Folder::of_stack("named", STACK);
    folder.fine(&["-p", "cloud"]);
    assert!(folder.files().iter().all(|file| file.starts_with("snapshots/cloud/")));
    folder.fine(&["--check", "-p", "cloud"]);
    let missing = folder.drift();
    assert!(missing.starts_with("missing   snapshots/k3d/namespace-shop.yaml\n"), "{missing}");
    folder.fine(&["-p", "k3d,kind"]);
    assert!(folder.files().contains(&"snapshots/kind/deployment-web.yaml".to_owned()));
    let none = Folder::of_stack("none", &STACK.replace("profiles = [\"k3d\", \"cloud\"]\n", ""));
    none.snapshot(&[]).refused(&["`stack.toml` names no profiles", "-p k3d,cloud"]);
    none.fine(&["-p", "k3d"]);
    folder.snapshot(&["--all-profiles", "-p", "k3d"]).ends(2);
}

#[test]
fn a_check_says_what_differs_and_why() {
    let folder = Folder::of_stack("stale", STACK);
    folder.fine(&[]);
    folder.write("stack.toml", STACK.replace("replicas = 3", "replicas = 4"));
    let run = folder.snapshot(&["--check"]).ends(1).prints(&["spec.replicas: 3 → 4\n", "stack.toml:15"]);
    assert!(run.out.starts_with("stale     snapshots/cloud/deployment-web.yaml\n\nweb\n"), "{run}");
    let summary = "\n1 snapshot is not up to date; run `stowplan snapshot`, and look at the difference\n";
    assert_eq!(run.err, summary);
    assert!(folder.read("snapshots/cloud/deployment-web.yaml").contains("replicas: 3"), "a check writes nothing");
    folder.fine(&[]);
    folder.fine(&["--check"]);
}

#[test]
fn a_job_keeps_its_file_where_its_hash_changes() {
    let folder = Folder::of_stack("job", STACK);
    folder.fine(&[]);
    let before = folder.read("snapshots/k3d/job-migrate.yaml");
    folder.write("stack.toml", STACK.replace("[\"migrate\"]", "[\"migrate\", \"--all\"]"));
    let drift = folder.drift();
    assert!(drift.contains("stale     snapshots/k3d/job-migrate.yaml\n"), "{drift}");
    assert!(!drift.contains("missing") && !drift.contains("orphaned"), "{drift}");
    assert!(drift.contains("command") && drift.contains("--all"), "{drift}");
    folder.fine(&[]);
    let name = |text: &str| text.lines().find(|line| line.starts_with("  name: migrate-")).unwrap().to_owned();
    assert_ne!(name(&before), name(&folder.read("snapshots/k3d/job-migrate.yaml")));
}

#[test]
fn what_is_gone_is_orphaned_until_it_is_pruned() {
    let folder = Folder::of_stack("orphan", STACK);
    folder.fine(&[]);
    folder.write("snapshots/k3d/README.md", "mine");
    let (without_job, _) = STACK.split_once("[job.migrate]").unwrap();
    folder.write("stack.toml", without_job);
    let drift = folder.drift();
    assert!(drift.contains("orphaned  snapshots/k3d/job-migrate.yaml\n"), "{drift}");
    let run = folder.fine(&[]).says(&["snapshots/k3d: 0 written, 3 unchanged, 1 orphaned\n"]);
    assert!(run.err.ends_with("remove the orphaned ones with `stowplan snapshot --prune`\n"), "{}", run.err);
    assert!(folder.files().contains(&"snapshots/k3d/job-migrate.yaml".to_owned()));
    // An orphan alone is not fine.
    let told = folder.snapshot(&["--check"]).ends(1);
    told.says(&["3 snapshots are not up to date; run `stowplan snapshot --prune`"]);
    folder.fine(&["--prune"]).says(&["snapshots/k3d: 0 written, 3 unchanged, 1 removed\n"]);
    assert!(!folder.files().contains(&"snapshots/k3d/job-migrate.yaml".to_owned()));
    assert_eq!(folder.read("snapshots/k3d/README.md"), "mine");
    folder.fine(&["--check"]);
}

#[test]
fn a_profile_that_is_gone_leaves_orphans() {
    let folder = Folder::of_stack("profile", STACK);
    folder.fine(&[]);
    folder.write("snapshots/other/service-a.yaml", "# Made by stowplan; changes are lost.\nkind: Service\n");
    folder.write("stack.toml", STACK.replace("[\"k3d\", \"cloud\"]", "[\"k3d\"]"));
    folder.fine(&["--check", "-p", "k3d"]);
    let drift = folder.drift();
    assert_eq!(drift.lines().filter(|line| line.starts_with("orphaned  snapshots/cloud/")).count(), 5, "{drift}");
    assert!(!drift.contains("other"), "a folder of `render -o dir:` is no snapshot: {drift}");
    folder.fine(&["--prune"]);
    assert!(!folder.path("snapshots/cloud").exists());
    assert_eq!(folder.files().last().unwrap(), "snapshots/other/service-a.yaml");
}

#[test]
fn a_file_of_others_stops_the_run_before_anything_is_written() {
    let folder = Folder::of_stack("foreign", STACK);
    folder.write("snapshots/cloud/service-web.yaml", "kind: Service\n");
    for arguments in [&[][..], &["--prune"], &["--check"]] {
        folder.snapshot(arguments).refused(&["`snapshots/cloud/service-web.yaml` is in the way"]);
    }
    assert_eq!(folder.files(), ["snapshots/cloud/service-web.yaml"]);
    assert_eq!(folder.read("snapshots/cloud/service-web.yaml"), "kind: Service\n");
}

#[test]
fn values_of_secrets_from_outside_are_never_kept_nor_needed() {
    let stack = format!(
        "{STACK}[secret.shell]\nsource = \"env\"\nenv = {{ token = \"SHELL_TOKEN\" }}\n[secret.disk]\nsource = \"file\"\nfiles = {{ key = \"disk.key\" }}\n\
         [worker.mail]\nimage = \"a:1\"\nenv-from = [\"secret.shell\", \"secret.disk\"]\n"
    );
    let folder = Folder::of_stack("secrets", &stack);
    folder.fine(&[]);
    let shell = folder.read("snapshots/k3d/secret-shell.yaml");
    assert!(shell.ends_with("stringData:\n  token: \"<$SHELL_TOKEN>\"\n"), "{shell}");
    let disk = folder.read("snapshots/k3d/secret-disk.yaml");
    assert!(disk.ends_with("stringData:\n  key: \"<disk.key>\"\n"), "{disk}");
    assert!(!folder.read("snapshots/k3d/deployment-mail.yaml").contains("stowplan/checksum"));
    folder.write("disk.key", "hunter2");
    // Values change nothing.
    folder.call(&["snapshot", "--check"]).variable("SHELL_TOKEN", "hunter2").run().ends(0);
    folder.call(&["snapshot"]).variable("SHELL_TOKEN", "hunter2").run().ends(0);
    for file in folder.files() {
        assert!(!folder.read(&file).contains("hunter2"), "{file}");
    }
}

#[test]
fn a_check_never_shows_the_value_of_a_secret() {
    let stack = |token: &str| {
        format!(
            "{STACK}[secret.app]\ndev = {{ token = \"{token}\" }}\n[worker.mail]\nimage = \"a:1\"\nenv-from = [\"secret.app\"]\n"
        )
    };
    let folder = Folder::of_stack("dev", &stack("first-value"));
    folder.fine(&[]);
    folder.write("stack.toml", stack("second-value"));
    let told = folder.snapshot(&["--check"]).ends(1).prints(&["stale     snapshots/k3d/secret-app.yaml"]);
    told.never(&["first-value", "second-value"]);
}

#[test]
fn a_refused_stack_leaves_the_files_as_they_are() {
    let folder = Folder::of_stack("refused", STACK);
    folder.fine(&[]);
    let before: Vec<_> = folder.files().iter().map(|file| folder.read(file)).collect();
    folder.write("stack.toml", STACK.replace("port = 8080", "prot = 8080").replace("replicas = 3", "replicas = -3"));
    for arguments in [&[][..], &["--check"], &["--prune"]] {
        // The mistakes of every profile, and what both have once.
        let run = folder.snapshot(arguments).refused(&["-3"]);
        assert_eq!(run.err.matches("error[unknown-key]").count(), 1, "{run}");
    }
    let after: Vec<_> = folder.files().iter().map(|file| folder.read(file)).collect();
    assert_eq!(before, after);
}

#[test]
fn ends_of_lines_and_the_form_of_a_file_are_told_apart_from_its_meaning() {
    let folder = Folder::of_stack("form", STACK);
    folder.fine(&[]);
    let service = "snapshots/k3d/service-web.yaml";
    let text = folder.read(service);
    folder.write(service, text.replace('\n', "\r\n"));
    folder.fine(&["--check"]);
    folder.write(service, format!("{text}# a note\n"));
    let drift = folder.drift();
    assert_eq!(drift, format!("stale     {service}\n\nonly the form of the stale files differs, not what they mean\n"));
    folder.write(service, format!("{MARK}: [\n"));
    let drift = folder.drift();
    assert!(drift.starts_with(&format!("stale     {service}\n")), "{drift}");
    folder.fine(&[]);
    assert_eq!(folder.read(service), text);
}

/// From a folder below, the files are beside the stack all the same.
#[test]
fn the_files_are_beside_the_stack() {
    let folder = Folder::of_stack("below", STACK);
    let below = folder.below("src").run(&["snapshot", "-p", "k3d"]).ends(0);
    assert_eq!(below.err, "../snapshots/k3d: 4 written, 0 unchanged\n");
    assert_eq!(folder.files().len(), 4);
}
