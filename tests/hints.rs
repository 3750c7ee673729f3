//! What is said of a call in the words of another tool.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stowplan")).args(arguments).env_remove("STOWPLAN_PROFILE").output().unwrap()
}

/// Exit code 2, nothing on stdout, and this on stderr.
#[track_caller]
fn refused(arguments: &[&str], said: &str) {
    let output = run(arguments);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains(said), "{said} in\n{text}");
}

#[test]
fn a_call_of_another_tool_is_answered_with_ours() {
    refused(&["render", "k3d"], "help: name the profile with `-p`: `stowplan render -p k3d`");
    refused(&["-q", "cluster", "kind"], "`stowplan cluster -p kind`");
    refused(&["render", "vars.tag=1"], "`stowplan render --set vars.tag=1`");
    refused(&["render", "shop/stack.toml"], "`stowplan render -f shop/stack.toml`");
    refused(&["render", "--values", "values.yaml"], "`[profile.NAME]` of the stack");
    refused(&["render", "-n", "shop"], "--set stack.namespace=NAME");
    refused(&["template", "-p", "k3d"], "help: type `stowplan render -p k3d`");
    refused(&["up"], "kubectl apply -f -");
    refused(&["minikube"], "`stowplan render -p minikube`");
    refused(&["render", "-f", "values.yaml"], "a stack file is TOML");
}

#[test]
fn what_clap_says_enough_of_gets_no_help_of_ours() {
    for arguments in [&["render", "--profil", "k3d"][..], &["explain", "--bogus"], &["rendre"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(!String::from_utf8(output.stderr).unwrap().contains("\nhelp: "), "{arguments:?}");
    }
}

#[test]
fn shells_complete_the_built_in_profiles_and_others_are_taken() {
    for shell in ["bash", "zsh", "fish"] {
        let script = String::from_utf8(run(&["completions", shell]).stdout).unwrap();
        for profile in ["k3d", "minikube", "digitalocean"] {
            assert!(script.contains(profile), "{profile} for {shell}");
        }
    }
    refused(&["cluster", "-p", "my-own", "-f", "examples/todo/stack.toml"], "there is no profile `my-own`");
}
