//! The examples on all profiles: the snapshots, and what holds for every difference.

use super::PLAIN;
use crate::rendered::{examples, profiles, root};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};
use stowplan::bundle::Bundle;
use stowplan::change::Changes;
use stowplan::diff::{Question, Risks, Side, between, render};
use stowplan::emit::changes::{FORMATS, Format};
use stowplan::emit::manifests::yaml::{document, yaml};
use stowplan::pipeline::Rendering;
use stowplan::profile::Session;
use stowplan::source::{DEFAULTS, Inputs};

struct Disk(PathBuf);

impl Inputs for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(path))
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(self.0.join(path))?.map(|entry| path.join(entry.unwrap().file_name()));
        let mut files: Vec<_> = entries.filter(|file| self.0.join(file).is_file()).collect();
        files.sort();
        Ok(files)
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

/// An example on several profiles.
struct Example {
    session: Session,
    renderings: Vec<(String, Rendering)>,
}

impl Example {
    fn of<'p>(name: &str, profiles: impl IntoIterator<Item = &'p str>) -> Self {
        let folder = root().join("examples").join(name);
        let mut session = Session::default();
        let stack = session.sources.add("stack.toml", fs::read_to_string(folder.join("stack.toml")).unwrap());
        let question = Question { stack, set: &[], kubernetes: None };
        let mut rendered = |profile: &str| render(&question, Some(profile), &mut session, &Disk(folder.clone()));
        let renderings = profiles.into_iter().map(|profile| (profile.to_owned(), rendered(profile).unwrap())).collect();
        Self { session, renderings }
    }

    fn between(&self, before: usize, after: usize) -> Changes<'_> {
        let side = |at: usize| Side::of(&self.renderings[at].0, &self.renderings[at].1);
        between(side(before), side(after), &self.session, Risks::Unmarked)
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let count = self.renderings.len();
        (0..count).flat_map(move |before| (before + 1..count).map(move |after| (before, after)))
    }
}

#[test]
fn every_pair_of_profiles_reads_as_its_snapshot() {
    let bless = env::var_os("STOWPLAN_BLESS").is_some();
    for name in ["todo", "slack-metrics"] {
        let example = Example::of(name, profiles());
        let folder = root().join("snapshots/diff").join(name);
        let mut known: Vec<String> = Vec::new();
        for (before, after) in example.pairs() {
            let changes = example.between(before, after);
            let text = stowplan::emit::changes::human::human(&changes, PLAIN);
            let file = format!("{}-{}.txt", changes.before, changes.after);
            if bless {
                fs::create_dir_all(&folder).unwrap();
                fs::write(folder.join(&file), &text).unwrap();
            }
            let committed = fs::read_to_string(folder.join(&file)).unwrap_or_default();
            assert_eq!(committed, text, "{name} {file}; look at it, `just bless` writes it anew");
            known.push(file);
        }
        for entry in fs::read_dir(&folder).unwrap() {
            let file = entry.unwrap().file_name().to_str().unwrap().to_owned();
            assert!(known.contains(&file), "{name} {file}: no pair of profiles makes it any more");
        }
    }
}

#[test]
fn every_difference_has_a_reason_with_a_place_and_none_with_itself() {
    let mut seen = 0;
    for name in examples() {
        let example = Example::of(&name, profiles());
        for (before, after) in example.pairs() {
            let changes = example.between(before, after);
            for object in &changes.objects {
                let which = format!("{name} {}-{} {}", changes.before, changes.after, object.object().name());
                assert_eq!(object.changes.is_empty(), !object.reasons.is_empty(), "{which}");
                for change in &object.changes {
                    assert!(!change.reasons.is_empty(), "{which} {}", change.field);
                    seen += 1;
                }
                let reasons = object.changes.iter().flat_map(|change| &change.reasons).chain(&object.reasons);
                for reason in reasons {
                    let is_named = reason.file.ends_with(".toml") || reason.file.ends_with(".toml (built in)");
                    assert!(reason.line > 0 && (is_named || reason.file == DEFAULTS), "{which} {reason:?}");
                }
            }
            assert!(example.between(after, after).is_empty(), "{name}");
        }
    }
    assert!(seen > 500, "{seen}");
}

#[test]
fn no_format_shows_a_value_of_a_secret() {
    for name in examples() {
        let example = Example::of(&name, ["k3d", "cloud"]);
        for (before, after) in [(0, 1), (1, 0)] {
            let changes = example.between(before, after);
            for format in FORMATS {
                let text = (format.print)(&changes, PLAIN);
                assert!(!text.contains("dev-only"), "{name} as {}:\n{text}", format.name);
            }
        }
    }
}

/// The documents of a stream, those of Secrets apart.
fn documents(text: &str) -> (Vec<String>, Vec<String>) {
    let documents = text.split("---\n").map(str::to_owned);
    documents.partition(|document| document.contains("kind: Secret\n"))
}

#[test]
fn the_unified_format_is_a_patch_of_the_first_render() {
    let folder = env::temp_dir().join(format!("stowplan-unified-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for name in examples() {
        let example = Example::of(&name, ["k3d", "kind", "cloud", "gke", "eks"]);
        for (before, after) in example.pairs().flat_map(|(one, other)| [(one, other), (other, one)]) {
            let changes = example.between(before, after);
            let text = (Format::find("unified").unwrap().print)(&changes, PLAIN);
            let bundle = |at: usize| -> &Bundle { &example.renderings[at].1.bundle };
            let (first, patch) = (folder.join("first.yaml"), folder.join("changes.patch"));
            fs::write(&first, yaml(bundle(before))).unwrap();
            fs::write(&patch, &text).unwrap();
            if text.contains("@@") {
                let mut command = Command::new("patch");
                command.args(["--fuzz=0", "--no-backup-if-mismatch", "-s"]).arg(&first).arg(&patch);
                let output = command.output().unwrap();
                let said = String::from_utf8_lossy(&output.stdout);
                assert!(output.status.success() && !said.contains("offset"), "{name} {before}-{after}: {said}\n{text}");
            }
            let (secrets, made) = documents(&fs::read_to_string(&first).unwrap());
            let expected: Vec<String> = bundle(after)
                .objects
                .iter()
                .filter(|object| object.kind_name() != "Secret")
                .map(|object| document(&object.root))
                .collect();
            assert_eq!(made, expected, "{name} {before}-{after}");
            assert_eq!(secrets, documents(&yaml(bundle(before))).0, "{name} {before}-{after}");
        }
    }
    fs::remove_dir_all(&folder).unwrap();
}
