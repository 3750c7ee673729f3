//! What every example becomes on every profile, line for line: the files below `snapshots/render`.

mod rendered;

use rendered::{Rendered, examples, profiles, root};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[test]
fn every_example_becomes_its_snapshot_on_every_profile() {
    let folder = root().join("snapshots/render");
    let bless = env::var_os("STOWPLAN_BLESS").is_some();
    let mut orphans: BTreeSet<PathBuf> = files_below(&folder).into_iter().collect();
    let mut wrong = Vec::new();
    for example in examples() {
        for profile in profiles() {
            let path = folder.join(&example).join(format!("{profile}.yaml"));
            orphans.remove(&path);
            let yaml = Rendered::of_example(&example, profile).yaml;
            let known = fs::read_to_string(&path).unwrap_or_default();
            if known == yaml {
                continue;
            }
            if bless {
                fs::create_dir_all(folder.join(&example)).expect("the repository can be written");
                fs::write(&path, yaml).expect("the repository can be written");
            } else {
                wrong.push(format!("{}: {}", shown(&path), difference(&known, &yaml)));
            }
        }
    }
    for orphan in orphans {
        if bless {
            fs::remove_file(&orphan).expect("the repository can be written");
        } else {
            wrong.push(format!("{}: no example makes it any more", shown(&orphan)));
        }
    }
    assert!(wrong.is_empty(), "\n{}\nlook at each; `just bless` writes them anew", wrong.join("\n"));
}

#[test]
fn no_example_makes_stowplan_warn() {
    for example in examples() {
        for profile in profiles() {
            assert_eq!(Rendered::of_example(&example, profile).warnings(), [""; 0], "{example} on {profile}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for example in examples() {
        for profile in profiles() {
            let render = || Rendered::of_example(&example, profile).yaml;
            assert_eq!(render(), render(), "{example} on {profile}");
        }
    }
}

#[test]
fn the_folder_of_a_stack_changes_nothing() {
    let stack = fs::read_to_string(root().join("examples/todo/stack.toml")).unwrap();
    let elsewhere = Rendered::of_text(&stack, &root().join("tests/data"), "cloud", &[]);
    assert_eq!(elsewhere.yaml, Rendered::of_example("todo", "cloud").yaml);
}

#[test]
fn the_stack_of_the_design_renders_unchanged() {
    let render = |profile| Rendered::of_file(&root().join("tests/data/design-section-2.toml"), profile, &[]);
    let local = [
        "Namespace/app",
        "Secret/postgres-secret",
        "Service/postgres",
        "Service/postgres-headless",
        "Service/api",
        "StatefulSet/postgres",
        "Deployment/api",
        "CronJob/report",
        "HorizontalPodAutoscaler/api",
        "Ingress/web",
    ];
    assert_eq!(render("k3d").objects().names(), local);
    let cloud = [
        "Namespace/app",
        "Service/postgres",
        "Service/postgres-headless",
        "Service/api",
        "StatefulSet/postgres",
        "Deployment/api",
        "CronJob/report",
        "HorizontalPodAutoscaler/api",
        "PodDisruptionBudget/api",
        "Ingress/web",
    ];
    assert_eq!(render("cloud").objects().names(), cloud);
    for profile in ["k3d", "cloud"] {
        assert_eq!(render(profile).warnings(), [""; 0]);
    }
}

#[test]
fn the_smallest_stack_is_a_service_and_a_deployment() {
    let stack = "[api.hello]\nimage = \"kicbase/echo-server:1.0\"\nport = 8080\n";
    for profile in profiles() {
        let rendered = Rendered::of_text(stack, &root().join("tests/data"), profile, &[]);
        assert_eq!(rendered.objects().names(), ["Service/hello", "Deployment/hello"], "{profile}");
    }
}

/// All files below a folder, sorted; none where it is not there.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    let mut files: Vec<PathBuf> =
        paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

/// A path as it stands in the repository.
fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The first line that differs.
fn difference(known: &str, made: &str) -> String {
    if known.is_empty() {
        return "is missing".to_owned();
    }
    let lines = known.lines().count().max(made.lines().count());
    let line = |text: &str, at: usize| text.lines().nth(at).unwrap_or("(nothing)").to_owned();
    let at = (0..lines).find(|at| line(known, *at) != line(made, *at)).unwrap_or(lines);
    format!("line {} is `{}`, and now `{}`", at + 1, line(known, at), line(made, at))
}
