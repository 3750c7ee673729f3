//! The mutants that are kept, with what servers said of them: `corpus/KIND.jsonl`, written by `corpus.py`, which tells the format.

use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A document that differs from a base in a field or two.
pub struct Mutant {
    pub id: String,
    /// Of the kind, then a space and a name.
    pub base: String,
    pub edits: Value,
    pub document: Value,
    /// What a server of each minor version refused: the reason, and behind a space the field; nothing where it accepted.
    pub verdicts: BTreeMap<u8, BTreeSet<String>>,
}

impl Mutant {
    pub fn kind(&self) -> &str {
        self.base.split(' ').next().unwrap()
    }
}

/// All mutants of a population: the folder that holds `bases` and `corpus`.
pub fn read(population: &Path) -> Vec<Mutant> {
    let bases = bases(&population.join("bases"));
    let files = files(&population.join("corpus"));
    let texts = files.iter().map(|path| fs::read_to_string(path).unwrap());
    texts.flat_map(|text| text.lines().map(|text| mutant(line(text), &bases)).collect::<Vec<_>>()).collect()
}

/// What came out for mutants that were drawn once and not kept: `fresh.json`, written by `agreement --new`.
#[derive(Deserialize)]
pub struct Fresh {
    pub seed: u64,
    /// By minor version.
    pub numbers: BTreeMap<u8, Counts>,
    /// Those that were refused by one side only, as in `corpus/`.
    differing: Vec<Line>,
}

/// The numbers of a version.
#[derive(Clone, Copy, Deserialize)]
pub struct Counts {
    pub asked: usize,
    pub accepted: usize,
    pub differ: usize,
    /// By both, of those that the server gave a field for.
    #[serde(rename = "refused at fields")]
    pub refused: usize,
    /// Of these, at other fields only.
    pub apart: usize,
}

impl Fresh {
    pub fn read(population: &Path) -> Self {
        let text = fs::read_to_string(population.join("fresh.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// Those on which the verdicts differed.
    pub fn differing(&self, population: &Path) -> Vec<Mutant> {
        let bases = bases(&population.join("bases"));
        self.differing.iter().map(|line| mutant(line.clone(), &bases)).collect()
    }
}

/// Of a mutant: id, base, edits, and verdicts by groups of minor versions.
type Line = (String, String, Value, BTreeMap<String, BTreeSet<String>>);

fn line(text: &str) -> Line {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn bases(folder: &Path) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for path in files(folder) {
        let kind = path.file_stem().unwrap().to_string_lossy().into_owned();
        let documents: BTreeMap<String, Value> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        found.extend(documents.into_iter().map(|(name, document)| (format!("{kind} {name}"), document)));
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn mutant((id, base, edits, groups): Line, bases: &BTreeMap<String, Value>) -> Mutant {
    let mut document = bases.get(&base).unwrap_or_else(|| panic!("{id}: no base {base:?}")).clone();
    for edit in edits.as_array().unwrap() {
        apply(&mut document, edit);
    }
    let each = |(minors, refused): (&String, &BTreeSet<String>)| {
        let minors = minors.split(' ').map(|minor| minor.parse().unwrap());
        minors.map(|minor| (minor, refused.clone())).collect::<Vec<_>>()
    };
    let verdicts = groups.iter().flat_map(each).collect();
    Mutant { id, base, edits, document, verdicts }
}

/// As `edits.py` does it.
fn apply(document: &mut Value, edit: &Value) {
    let (last, path) = edit[1].as_array().unwrap().split_last().unwrap();
    let owner = path.iter().fold(document, |owner, step| at(owner, step));
    match edit[0].as_str().unwrap() {
        "set" => put(owner, last, edit[2].clone()),
        "fill" => {
            let times = edit[3].as_u64().unwrap().try_into().unwrap();
            put(owner, last, edit[2].as_str().unwrap().repeat(times).into());
        }
        "remove" => drop(take(owner, last)),
        "rename" => {
            let value = take(owner, last);
            put(owner, &edit[2], value);
        }
        "repeat" => {
            let item = at(owner, last).clone();
            let times = edit[2].as_u64().unwrap().try_into().unwrap();
            owner.as_array_mut().unwrap().extend(std::iter::repeat_n(item, times));
        }
        "reverse" => at(owner, last).as_array_mut().unwrap().reverse(),
        other => panic!("unknown edit {other:?}"),
    }
}

fn at<'a>(owner: &'a mut Value, step: &Value) -> &'a mut Value {
    match step.as_str() {
        Some(key) => owner.get_mut(key),
        None => owner.get_mut(index(step)),
    }
    .unwrap_or_else(|| panic!("{step} is there"))
}

fn put(owner: &mut Value, step: &Value, value: Value) {
    match step.as_str() {
        Some(key) => drop(owner.as_object_mut().unwrap().insert(key.to_owned(), value)),
        None => *at(owner, step) = value,
    }
}

fn take(owner: &mut Value, step: &Value) -> Value {
    match step.as_str() {
        Some(key) => owner.as_object_mut().unwrap().remove(key).unwrap(),
        None => owner.as_array_mut().unwrap().remove(index(step)),
    }
}

fn index(step: &Value) -> usize {
    step.as_u64().unwrap().try_into().unwrap()
}
