//! The faults of the originals that a change shows: `diff --risk` says each before a cluster does, at the line that makes it.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::fs;
use std::process::Command;

/// What `diff --risk` says where the overlay of `minikube` changes a stack with a database.
fn said(fault: &str, overlay: &str) -> String {
    let folder = std::env::temp_dir().join(format!("stowplan-fault-{fault}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let stack = "[stack]\nname = \"todo\"\nprofiles = [\"kind\", \"minikube\"]\n\n[db.postgres]\nengine = \"postgres\"\nstorage = \"5Gi\"\n\n\
                 [api.web]\nimage = \"web:1.0.0\"\nport = 80\n";
    fs::write(folder.join("stack.toml"), format!("{stack}\n{overlay}")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_stowplan"));
    let output = command
        .args(["diff", "kind", "minikube", "--risk"])
        .current_dir(&folder)
        .env_remove("STOWPLAN_PROFILE")
        .output()
        .unwrap();
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// These texts follow each other.
#[track_caller]
fn follow(said: &str, expected: &[&str]) {
    let mut rest = said;
    for text in expected {
        let at = rest.find(text).unwrap_or_else(|| panic!("no {text:?} behind the one before in\n{said}"));
        rest = &rest[at + text.len()..];
    }
}

#[test]
fn fault_27_another_password_in_the_secret_of_a_database() {
    let said = said("27", "[profile.minikube.secret.postgres]\ndev = { password = \"other\" }\n");
    follow(
        &said,
        &["Secret/postgres", "stack.toml:14", "! hurts: the password in the database `postgres` stays what it was"],
    );
    assert!(!said.contains("\"other\""), "{said}");
}

#[test]
fn fault_71_a_larger_disk_for_a_database() {
    let said = said("71", "[profile.minikube.db.postgres]\nstorage = \"10Gi\"\n");
    let line = "stack.toml:14 [profile.minikube.db.postgres]";
    follow(
        &said,
        &["storage: 5Gi → 10Gi", line, "! refused", "the claim templates of statefulset/postgres cannot change"],
    );
}

#[test]
fn fault_88_a_selector_that_cannot_change() {
    let patch = "[profile.minikube.patch.front]\non = \"Deployment/web\"\n\
                 set.spec = { selector.matchLabels.tier = \"front\", template.metadata.labels.tier = \"front\" }\n";
    let said = said("88", patch);
    follow(
        &said,
        &[
            "spec.selector.matchLabels.tier",
            "stack.toml:15",
            "! refused",
            "the selector of deployment/web cannot change",
        ],
    );
}
