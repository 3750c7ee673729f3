//! What is said of a call in the words of another tool.

#[path = "support/program.rs"]
mod program;

use program::{Folder, Run};

fn run(arguments: &[&str]) -> Run {
    Folder::of_repository(".").run(arguments)
}

#[track_caller]
fn refused(arguments: &[&str], said: &str) {
    run(arguments).refused(&[said]);
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
        run(arguments).ends(2).never(&["\nhelp: "]);
    }
}

#[test]
fn shells_complete_the_built_in_profiles_and_others_are_taken() {
    for shell in ["bash", "zsh", "fish"] {
        run(&["completions", shell]).prints(&["k3d", "minikube", "digitalocean"]);
    }
    refused(&["cluster", "-p", "my-own", "-f", "examples/todo/stack.toml"], "there is no profile `my-own`");
}
