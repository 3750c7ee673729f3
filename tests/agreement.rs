//! Replays the verdicts of real API servers: what they refused we refuse at the same field, what they accepted we accept.
//!
//! `tests/agreement/cases/AREA.jsonl` holds documents, `AREA.34.jsonl` what a server of version 1.34 said of them, as
//! `tests/agreement/ask.py` printed it. `tests/agreement/corpus` holds mutants of `tests/agreement/bases` with the verdicts of all
//! versions, `tests/agreement/public` the same of manifests that others published; the README shows the numbers.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "agreement/corpus.rs"]
mod corpus;
#[path = "agreement/ours.rs"]
mod ours;

use corpus::{Counts, Fresh, Mutant};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Of the documents that both refuse, how many may be refused at other fields only, in percent.
const OTHER_FIELDS: usize = 5;

/// The minor versions of the servers that were asked about mutants.
const VERSIONS: [u8; 4] = [29, 31, 34, 37];

/// What was asked of a version, or a part of that.
#[derive(Default)]
struct Numbers {
    asked: usize,
    /// By the server.
    accepted: usize,
    /// Verdicts that are not ours.
    differ: Vec<String>,
    /// Of those that both refuse and that the server gave a field for.
    refused: usize,
    apart: Vec<String>,
}

impl Numbers {
    fn total<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        parts.fold(Self::default(), |mut total, part| {
            total.asked += part.asked;
            total.accepted += part.accepted;
            total.differ.extend_from_slice(&part.differ);
            total.refused += part.refused;
            total.apart.extend_from_slice(&part.apart);
            total
        })
    }

    fn add(&mut self, id: &str, theirs: &BTreeSet<String>, ours: &BTreeSet<String>) {
        self.asked += 1;
        self.accepted += usize::from(theirs.is_empty());
        let line = || format!("{id}: the server says {theirs:?}, we say {ours:?}");
        if theirs.is_empty() != ours.is_empty() {
            self.differ.push(line());
        } else if theirs.iter().any(|cause| cause.contains(' ')) {
            self.refused += 1;
            if theirs.is_disjoint(ours) {
                self.apart.push(line());
            }
        }
    }

    fn counts(&self) -> Counts {
        let (differ, apart) = (self.differ.len(), self.apart.len());
        Counts { asked: self.asked, accepted: self.accepted, differ, refused: self.refused, apart }
    }

    fn assert_fields_agree(&self, what: &str) {
        let apart = &self.apart;
        assert!(
            apart.len() <= self.refused * OTHER_FIELDS / 100,
            "{what}: of {} refused by both, {} at other fields\n{}",
            self.refused,
            apart.len(),
            apart.join("\n")
        );
    }
}

#[test]
fn recorded_verdicts_are_ours() {
    let mut asked = 0;
    for area in areas() {
        let documents = lines(&area);
        for minor in 25..=37 {
            let recorded = area.with_extension(format!("{minor}.jsonl"));
            if recorded.exists() {
                let numbers = compare(&documents, &lines(&recorded), minor);
                let what = format!("{} on 1.{minor}", area.file_name().unwrap().to_string_lossy());
                let differ = &numbers.differ;
                assert!(differ.is_empty(), "{what}: {} verdicts differ\n{}", differ.len(), differ.join("\n"));
                numbers.assert_fields_agree(&what);
                asked += numbers.asked;
            }
        }
    }
    assert!(asked > 0, "there are verdicts");
}

/// Compares all verdicts of a version on the documents of an area.
fn compare(documents: &BTreeMap<String, Value>, verdicts: &BTreeMap<String, Value>, minor: u8) -> Numbers {
    let mut numbers = Numbers::default();
    for (id, verdict) in verdicts {
        let spell = |cause: &Value| spelled(cause[0].as_str().unwrap(), cause[1].as_str().unwrap());
        let theirs = verdict["causes"].as_array().unwrap().iter().map(spell).collect();
        numbers.add(id, &theirs, &refusals(&ours::bundle(&documents[id]["document"]), minor));
    }
    numbers
}

/// What we would refuse, as the corpus spells it.
fn refusals(bundle: &stowplan::bundle::Bundle, minor: u8) -> BTreeSet<String> {
    let findings = ours::findings(bundle, minor);
    findings
        .iter()
        .map(|finding| spelled(finding.verdict.reason().map_or("", stowplan::check::Reason::as_str), &finding.field))
        .collect()
}

fn spelled(reason: &str, field: &str) -> String {
    format!("{} {field}", reason.strip_prefix("FieldValue").unwrap_or(reason)).trim_end().to_owned()
}

/// A population of mutants, replayed.
struct Replay {
    mutants: Vec<Mutant>,
    /// By minor version and kind.
    numbers: BTreeMap<(u8, String), Numbers>,
    /// Those of which a verdict differs, by their ids.
    differing: BTreeMap<String, String>,
}

impl Replay {
    /// The numbers of a version, of the kinds that are wanted.
    fn total(&self, minor: u8, is_wanted: impl Fn(&str) -> bool) -> Numbers {
        let of_version = self.numbers.iter().filter(|((of, kind), _)| *of == minor && is_wanted(kind));
        Numbers::total(of_version.map(|(_, numbers)| numbers))
    }
}

static OWN: LazyLock<Replay> = LazyLock::new(|| replay(&folder()));
static PUBLIC: LazyLock<Replay> = LazyLock::new(|| replay(&folder().join("public")));

static FRESH: LazyLock<Fresh> = LazyLock::new(|| Fresh::read(&folder()));
static FRESH_DIFFERING: LazyLock<Replay> = LazyLock::new(|| replay_all(FRESH.differing(&folder())));

fn replay(population: &Path) -> Replay {
    replay_all(corpus::read(population))
}

fn replay_all(mutants: Vec<Mutant>) -> Replay {
    let (mut by_kind, mut differing) = (BTreeMap::<_, Numbers>::new(), BTreeMap::<_, String>::new());
    for mutant in &mutants {
        let bundle = ours::bundle(&mutant.document);
        for (minor, theirs) in &mutant.verdicts {
            let numbers = by_kind.entry((*minor, mutant.kind().to_owned())).or_default();
            let known = numbers.differ.len();
            numbers.add(&mutant.id, theirs, &refusals(&bundle, *minor));
            if let Some(line) = numbers.differ.get(known) {
                let told =
                    differing.entry(mutant.id.clone()).or_insert_with(|| format!("{} {}", mutant.base, mutant.edits));
                write!(told, "\n  1.{minor} {line}").unwrap();
            }
        }
    }
    Replay { mutants, numbers: by_kind, differing }
}

#[test]
fn mutants_are_refused_as_servers_refuse_them() {
    assert!(OWN.mutants.len() >= 10_000, "{} mutants", OWN.mutants.len());
    agree(&OWN, "mutants");
}

#[test]
fn public_manifests_are_refused_as_servers_refuse_them() {
    assert!(PUBLIC.mutants.len() >= 4_000, "{} mutants", PUBLIC.mutants.len());
    agree(&PUBLIC, "public manifests");
}

#[test]
fn fresh_mutants_were_refused_as_servers_refuse_them() {
    let numbers = &FRESH.numbers;
    assert_eq!(numbers.keys().copied().collect::<Vec<u8>>(), VERSIONS);
    for (minor, counts) in numbers {
        let what = format!("fresh mutants on 1.{minor}");
        assert!(counts.asked >= 19_900, "{what}: {} are few", counts.asked);
        assert!(counts.differ * 1000 <= counts.asked, "{what}: {} of {} differ", counts.differ, counts.asked);
        assert!(counts.apart * 100 <= counts.refused * OTHER_FIELDS, "{what}: {} at other fields", counts.apart);
        // What was counted is still so: whoever mends one of them asks about fresh ones again.
        assert_eq!(
            FRESH_DIFFERING.total(*minor, |_| true).differ.len(),
            counts.differ,
            "{what}: `just agreement --new SEED`"
        );
    }
    agree(&FRESH_DIFFERING, "fresh mutants");
}

fn agree(replay: &Replay, what: &str) {
    let known = known();
    let kinds: BTreeMap<&str, &str> = replay.mutants.iter().map(|mutant| (mutant.id.as_str(), mutant.kind())).collect();
    let is_known = |id: &str| known.contains_key(id) || known.contains_key(kinds[id]);
    let unknown = replay.differing.iter().filter(|(id, _)| !is_known(id)).map(|(_, told)| told.as_str());
    let unknown: Vec<&str> = unknown.collect();
    let shown = &unknown[..unknown.len().min(20)];
    assert!(unknown.is_empty(), "{} {what} differ:\n{}", unknown.len(), shown.join("\n"));
    for minor in VERSIONS {
        replay.total(minor, |kind| !known.contains_key(kind)).assert_fields_agree(&format!("{what} on 1.{minor}"));
    }
}

#[test]
fn what_is_known_to_differ_still_does() {
    let of = |replay: &'static Replay| {
        let mutants = replay.mutants.iter().filter(|mutant| replay.differing.contains_key(&mutant.id));
        mutants.flat_map(|mutant| [mutant.id.as_str(), mutant.kind()])
    };
    let still: BTreeSet<&str> = of(&OWN).chain(of(&PUBLIC)).chain(of(&FRESH_DIFFERING)).collect();
    let known = known();
    let gone: Vec<&String> = known.keys().filter(|name| !still.contains(name.as_str())).collect();
    assert!(gone.is_empty(), "tests/agreement/known.txt names what agrees by now: {gone:?}");
}

/// The disagreements that we know: the id of a mutant or a whole kind, and the reason.
fn known() -> BTreeMap<String, String> {
    let text = fs::read_to_string(folder().join("known.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pair = |line: &str| {
        let (name, reason) = line.split_once(' ').unwrap_or_else(|| panic!("{line:?} gives no reason"));
        (name.to_owned(), reason.to_owned())
    };
    lines.map(pair).collect()
}

#[test]
fn the_numbers_of_the_readme_are_those_of_the_corpus() {
    let mut table =
        "| documents | Kubernetes | asked | accepted | same verdict | same field |\n|---|---|---|---|---|---|\n"
            .to_owned();
    let mut rows = |what: &str, counts: &dyn Fn(u8) -> Counts| {
        for minor in VERSIONS {
            let Counts { asked, accepted, differ, refused, apart } = counts(minor);
            let (accepted, verdicts) = (percent(accepted, asked), percent(asked - differ, asked));
            let fields = percent(refused - apart, refused);
            writeln!(table, "| {what} | 1.{minor} | {asked} | {accepted} | {verdicts} | {fields} |").unwrap();
        }
    };
    rows("mutants", &|minor| OWN.total(minor, |_| true).counts());
    rows(&format!("fresh mutants, seed {}", FRESH.seed), &|minor| FRESH.numbers[&minor]);
    rows("public manifests", &|minor| PUBLIC.total(minor, |_| true).counts());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (head, rest) = readme.split_once("<!-- agreement -->\n").expect("the README marks the table");
    let (shown, tail) = rest.split_once("<!-- end of agreement -->").expect("the README marks its end");
    if std::env::var_os("STOWPLAN_BLESS").is_some() {
        let written = format!("{head}<!-- agreement -->\n{table}<!-- end of agreement -->{tail}");
        fs::write(&path, written).unwrap();
    } else {
        assert_eq!(shown, table, "STOWPLAN_BLESS=1 cargo test --test agreement writes it");
    }
}

/// Rounded down, so that 100 % means all.
fn percent(part: usize, whole: usize) -> String {
    let hundredths = part * 10_000 / whole.max(1);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// The files with documents.
fn areas() -> Vec<PathBuf> {
    let paths = fs::read_dir(folder().join("cases")).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut areas: Vec<_> = paths.filter(|path| name(path).matches('.').count() == 1).collect();
    areas.sort();
    areas
}

/// The lines of a file by their ids.
fn lines(path: &Path) -> BTreeMap<String, Value> {
    let text = fs::read_to_string(path).unwrap();
    let entries = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    entries.map(|entry| (entry["id"].as_str().unwrap().to_owned(), entry)).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agreement")
}
