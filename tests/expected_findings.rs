//! What `lint` says of the examples: each finding stands in `expected_findings.txt`, with the reason for it.
//!
//! A line is `EXAMPLE PROFILE RULE OBJECT  # REASON`. PROFILE may be several with commas between them. On local profiles only
//! examples that show a fault have findings; on a cloud each is one that a reviewer would raise.
//! `STOWPLAN_BLESS=1 cargo test --test expected_findings` writes the findings; the reasons of those that stay are kept, the others are to
//! be written by hand.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod rendered;

use rendered::root;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use stowplan::diagnostic::{Class, Severity};
use stowplan::emit::report::Remark;
use stowplan::lint::{self, Profiles, Question};
use stowplan::profile::Session;
use stowplan::source::Inputs;
use stowplan::value::KubernetesVersion;

/// Example, rule and object; the object as `Kind/name`.
type Finding = (String, String, String);

/// The profiles of a finding, in the order of the stack.
type Findings = BTreeMap<Finding, Vec<String>>;

/// The files beside an example, without an environment.
struct Folder(PathBuf);

impl Inputs for Folder {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(path))
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(self.0.join(path))?;
        let mut paths = entries.map(|entry| Ok(path.join(entry?.file_name()))).collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        Ok(paths)
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

/// The folders with a stack, as paths below `examples`.
fn examples() -> Vec<String> {
    let folders = ["", "gallery"].map(|folder| root().join("examples").join(folder));
    let paths = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let stacks = paths.filter(|path| path.join("stack.toml").is_file());
    let name =
        |path: PathBuf| path.strip_prefix(root().join("examples")).unwrap().display().to_string().replace('\\', "/");
    let mut names: Vec<String> = stacks.map(name).collect();
    names.sort();
    names
}

/// What is found in an example with all profiles that it names; with every local one, and one cloud, where it names none.
fn found(example: &str) -> Findings {
    let folder = root().join("examples").join(example);
    let text = fs::read_to_string(folder.join("stack.toml")).unwrap();
    let mut session = Session { command: "lint", ..Session::default() };
    let names_profiles = text.contains("\nprofiles = ");
    let stack = session.sources.add("stack.toml", text);
    let all = ["k3d", "minikube", "kind", "cloud"].map(str::to_owned).to_vec();
    let profiles = if names_profiles { Profiles::All } else { Profiles::Named(all) };
    let question = Question { stack, profiles: &profiles, set: &[], kubernetes: None };
    let linted = lint::stack(&question, &mut session, &Folder(folder));
    assert!(linted.refusals.is_empty(), "{example}: {:?}", linted.refusals);
    let mut found = Findings::new();
    for remark in &linted.remarks {
        let diagnostic = &remark.diagnostic;
        let object = diagnostic.subject.as_ref().map_or_else(
            || "-".to_owned(),
            |subject| {
                let part = |part: &Option<String>| part.clone().unwrap_or_default();
                format!("{}/{}", part(&subject.kind), without_hash(&part(&subject.name)))
            },
        );
        let profiles = found.entry((example.to_owned(), diagnostic.code.to_owned(), object)).or_default();
        for profile in &remark.profiles {
            if !profiles.contains(profile) {
                profiles.push(profile.clone());
            }
        }
    }
    found
}

/// The name of an object; that of a Job without the hash of its template, which changes with everything.
fn without_hash(name: &str) -> String {
    let is_hash = |end: &str| end.len() == 8 && end.bytes().all(|byte| byte.is_ascii_hexdigit());
    match name.rsplit_once('-') {
        Some((name, end)) if is_hash(end) => format!("{name}-*"),
        _ => name.to_owned(),
    }
}

/// The lines of the file, each with its reason.
fn expected(text: &str) -> BTreeMap<Finding, (Vec<String>, String)> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let read = |line: &str| {
        let (words, reason) = line.split_once("  # ").unwrap_or_else(|| panic!("without a reason: {line}"));
        let words: Vec<&str> = words.split(' ').collect();
        let [example, profiles, rule, object] = words[..] else { panic!("not four words: {line}") };
        let key = (example.to_owned(), rule.to_owned(), object.to_owned());
        (key, (profiles.split(',').map(str::to_owned).collect(), reason.to_owned()))
    };
    lines.map(read).collect()
}

#[test]
fn every_finding_in_an_example_is_expected() {
    let path = root().join("tests/expected_findings.txt");
    let text = fs::read_to_string(&path).unwrap_or_default();
    let expected = expected(&text);
    let mut found = Findings::new();
    for example in examples() {
        found.append(&mut self::found(&example));
    }
    settle(&path, &text, &expected, &found);
}

/// Compares what is found with what is expected, or writes it.
fn settle(path: &Path, text: &str, expected: &BTreeMap<Finding, (Vec<String>, String)>, found: &Findings) {
    if std::env::var_os("STOWPLAN_BLESS").is_some() {
        let head: String = text.lines().filter(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
        let line = |(key, profiles): (&Finding, &Vec<String>)| {
            let reason = expected.get(key).map_or("", |(_, reason)| reason);
            format!("{} {} {} {}  # {reason}\n", key.0, profiles.join(","), key.1, key.2)
        };
        fs::write(path, head + &found.iter().map(line).collect::<String>()).unwrap();
        return;
    }
    let unexpected: Vec<_> =
        found.iter().filter(|(key, profiles)| expected.get(*key).is_none_or(|(known, _)| known != *profiles)).collect();
    let gone: Vec<_> = expected.keys().filter(|key| !found.contains_key(*key)).collect();
    assert!(unexpected.is_empty() && gone.is_empty(), "unexpected: {unexpected:#?}\nno longer found: {gone:#?}");
    let without: Vec<_> = expected.iter().filter(|(_, (_, reason))| reason.trim().is_empty()).collect();
    assert!(without.is_empty(), "without a reason: {without:#?}");
}

/// The public manifests, as streams by their sources.
fn public() -> BTreeMap<String, String> {
    let mut streams: BTreeMap<String, String> = BTreeMap::new();
    for file in fs::read_dir(root().join("tests/agreement/public/bases")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let objects: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
        for (name, object) in objects {
            let source = name.split('/').next().unwrap().to_owned();
            streams.entry(source).or_default().push_str(&format!("---\n{object}\n"));
        }
    }
    streams
}

/// Rules of which most public manifests say nothing new: they are examples for a first try, and many are versions of one another.
const USUAL: [&str; 2] = ["duplicate-object", "floating-image-tag"];

/// Errors of rules in manifests that others publish and run: each is one that they would want to know of.
#[test]
fn errors_in_public_manifests_are_few_and_right() {
    let path = root().join("tests/expected_public.txt");
    let text = fs::read_to_string(&path).unwrap_or_default();
    let expected = expected(&text);
    let mut found = Findings::new();
    for (source, stream) in public() {
        let mut session = Session { command: "lint", ..Session::default() };
        let file = session.sources.add("input.yaml", stream);
        let remarks = lint::streams(&[file], KubernetesVersion::USUAL.into(), &mut session).remarks;
        for Remark { diagnostic, .. } in remarks {
            let is_of_rule =
                matches!(diagnostic.class, Class::Rule | Class::Reference) && !USUAL.contains(&diagnostic.code);
            if let Some(subject) = diagnostic.subject.filter(|_| is_of_rule && diagnostic.severity == Severity::Error) {
                let object = format!("{}/{}", subject.kind.unwrap_or_default(), subject.name.unwrap_or_default());
                found.insert((source.clone(), diagnostic.code.to_owned(), object), vec!["-".to_owned()]);
            }
        }
    }
    settle(&path, &text, &expected, &found);
}
