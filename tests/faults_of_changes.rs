//! The faults of the originals that a change shows: `diff --risk` says each before a cluster does, at the line that makes it.

#[path = "support/program.rs"]
mod program;

use program::Folder;

/// What `diff --risk` says where the overlay of `minikube` changes a stack with a database.
#[track_caller]
fn said(fault: &str, overlay: &str) -> String {
    let stack = "[stack]\nname = \"todo\"\nprofiles = [\"kind\", \"minikube\"]\n\n[db.postgres]\nengine = \"postgres\"\nstorage = \"5Gi\"\n\n\
                 [api.web]\nimage = \"web:1.0.0\"\nport = 80\n";
    let folder = Folder::of_stack(fault, &format!("{stack}\n{overlay}"));
    folder.run(&["diff", "kind", "minikube", "--risk"]).ends(1).out
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
