//! The gallery: well-known applications, written from the description of the language alone, render for every profile that they name.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod rendered;

use rendered::{Rendered, root};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// The stacks with the profiles that they are made for.
fn stacks() -> Vec<(PathBuf, Vec<String>)> {
    let folders = fs::read_dir(root().join("examples/gallery")).unwrap().map(|entry| entry.unwrap().path());
    let mut stacks: Vec<_> = folders.map(|folder| folder.join("stack.toml")).filter(|stack| stack.is_file()).collect();
    stacks.sort();
    let profiles = |stack: &PathBuf| -> Vec<String> {
        let table: toml::Table = fs::read_to_string(stack).unwrap().parse().unwrap();
        let profiles = table["stack"]["profiles"].as_array().unwrap();
        profiles.iter().map(|profile| profile.as_str().unwrap().to_owned()).collect()
    };
    stacks.into_iter().map(|stack| (stack.clone(), profiles(&stack))).collect()
}

#[test]
fn every_stack_renders_for_k3d_and_two_clouds() {
    let stacks = stacks();
    assert!(stacks.len() >= 9, "{}", stacks.len());
    for (stack, profiles) in stacks {
        assert!(profiles.len() == 3 && profiles[0] == "k3d", "{}", stack.display());
        for profile in profiles {
            let rendered = Rendered::of_file(&stack, &profile, &[]);
            let named: BTreeSet<_> = rendered.objects().names().into_iter().collect();
            assert_eq!(named.len(), rendered.objects().0.len(), "each object once");
        }
    }
}

/// Each says what it was compared with, under which licence, and how long both are.
#[test]
fn every_stack_has_its_origin_beside_it() {
    for (stack, _) in stacks() {
        let about = fs::read_to_string(stack.with_file_name("ABOUT.md")).unwrap();
        for word in ["## Compared with", "lines", "`stack.toml`"] {
            assert!(about.contains(word), "{}: {word}", stack.display());
        }
    }
}
