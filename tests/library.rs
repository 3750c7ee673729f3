//! The programs in `examples/rust` do what they say.
#![allow(dead_code, reason = "each has a `main` of its own")]
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "../examples/rust/lint.rs"]
mod lint;
#[path = "../examples/rust/render.rs"]
mod render;
#[path = "../examples/rust/snapshot.rs"]
mod snapshot;
#[path = "../examples/rust/why.rs"]
mod why;

use std::fs;
use std::path::Path;
use stowplan::drift::File;

const TODO: &str = include_str!("../examples/todo/stack.toml");

#[test]
fn render_gives_the_manifests_or_the_mistakes() {
    let manifests = render::manifests(TODO, "k3d").unwrap();
    assert_eq!(manifests, include_str!("../snapshots/render/todo/k3d.yaml"));
    let said = render::manifests(&TODO.replace("replicas = 2", "replica = 2"), "k3d").unwrap_err();
    assert!(said.starts_with("error[unknown-key]: ") && said.contains("--> stack.toml:20:1"), "{said}");
}

#[test]
fn lint_names_each_finding_with_its_place() {
    let errors = |stack: &str| -> Vec<String> {
        lint::findings(stack).into_iter().filter(|line| line.contains(": error[")).collect()
    };
    assert_eq!(errors(TODO), [""; 0]);
    let found = errors(&TODO.replace("\"80:3000\"", "\"80:300000\""));
    assert_eq!(found.len(), 1, "once for all profiles: {found:?}");
    assert!(found[0].starts_with("stack.toml:19:"), "{found:?}");
}

#[test]
fn why_lists_the_layers() {
    let expected = ["stack.toml:54 [profile.cloud]: min = 4", "stack.toml:37 stack.toml: min = 2"];
    assert_eq!(why::writings(TODO, "cloud", "hpa/api", "spec.minReplicas"), expected);
    let none = why::writings(TODO, "cloud", "hpa/api", "spec.minReplica");
    assert_eq!(none, ["`HorizontalPodAutoscaler/api` has no `spec.minReplica`"]);
}

#[test]
fn snapshot_compares_with_the_files_that_are_there() {
    let all = snapshot::drift(TODO, |_| Vec::new()).unwrap();
    assert!(all.contains(&"missing: snapshots/kind/deployment-api.yaml".to_owned()), "{all:?}");
    let old = File { name: "job-old.yaml".into(), text: String::new() };
    let stale = File { name: "service-api.yaml".into(), text: "kind: Service\n".into() };
    let some = snapshot::drift(TODO, |_| vec![old.clone(), stale.clone()]).unwrap();
    for line in ["orphaned: snapshots/k3d/job-old.yaml", "stale: snapshots/cloud/service-api.yaml"] {
        assert!(some.iter().any(|known| known == line), "{line}: {some:?}");
    }
    assert!(snapshot::drift("[stack]\nnam = \"x\"\nprofiles = [\"k3d\"]\n", |_| Vec::new()).is_err());
}

/// Each is listed in `Cargo.toml`, so that `cargo run --example` finds it and `cargo test` compiles it.
#[test]
fn every_program_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest: toml::Table = fs::read_to_string(root.join("Cargo.toml")).unwrap().parse().unwrap();
    let listed: Vec<&str> =
        manifest["example"].as_array().unwrap().iter().map(|e| e["path"].as_str().unwrap()).collect();
    let mut programs = 0;
    for entry in fs::read_dir(root.join("examples/rust")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(listed.contains(&format!("examples/rust/{name}").as_str()), "{name}");
        programs += 1;
    }
    assert!(programs >= 4, "{programs}");
}
