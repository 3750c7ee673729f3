//! The fields that are told to be dropped are those that real servers drop: `tests/agreement/dropped.txt`.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use stowplan::bundle::schema::{ServedKind, TypeId};
use stowplan::check::rules::dropped_field::last_to_drop;

/// The minor versions of the servers that were asked.
const VERSIONS: [u8; 4] = [29, 31, 34, 37];

/// What servers drop and then refuse for what is left, in which case the refusal says why.
const REFUSED: [(&str, &str); 2] = [("core.v1.EnvVarSource", "fileKeyRef"), ("core.v1.LifecycleHandler", "sleep")];

fn recorded() -> BTreeMap<(String, String), BTreeSet<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agreement/dropped.txt");
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let entry = |line: &str| {
        let mut words = line.split(' ').map(str::to_owned);
        let name = (words.next().unwrap(), words.next().unwrap());
        (name, words.map(|minor| minor.parse().unwrap()).collect())
    };
    lines.map(entry).collect()
}

/// All types that an object of a built-in kind may have in it, by name.
fn types() -> BTreeMap<&'static str, TypeId> {
    let mut found = BTreeMap::new();
    let mut open: Vec<TypeId> = ServedKind::all().map(ServedKind::type_id).collect();
    while let Some(id) = open.pop() {
        if found.insert(id.name(), id).is_none() {
            open.extend(id.fields().iter().filter_map(|row| row.value().item().1.type_id()));
        }
    }
    found
}

#[test]
fn what_servers_drop_is_told() {
    let recorded = recorded();
    assert!(recorded.len() > 30, "{}", recorded.len());
    for ((owner, field), minors) in &recorded {
        if REFUSED.contains(&(owner, field)) {
            continue;
        }
        let last =
            last_to_drop(owner, field).unwrap_or_else(|| panic!("{owner} {field} is dropped by {minors:?}")).minor;
        let newest = *minors.last().unwrap();
        let next = VERSIONS.into_iter().find(|minor| *minor > newest).unwrap_or(u8::MAX);
        assert!((newest..next).contains(&last), "{owner} {field}: dropped by {minors:?}, not until 1.{last}");
    }
}

#[test]
fn what_is_told_to_be_dropped_servers_drop() {
    let recorded = recorded();
    let mut told = 0;
    for (owner, id) in types() {
        for row in id.fields() {
            let Some(last) = last_to_drop(owner, row.name()) else { continue };
            told += 1;
            assert!(row.first() <= last, "{owner} {}: no server has it that drops it", row.name());
            let asked: Vec<u8> =
                VERSIONS.into_iter().filter(|minor| (row.first().minor..=last.minor).contains(minor)).collect();
            let name = (owner.to_owned(), row.name().to_owned());
            // What is dropped for some values only is recorded as kept.
            let is_partial = ["procMount"].contains(&row.name());
            assert!(asked.is_empty() || is_partial || recorded.contains_key(&name), "{name:?}: kept by {asked:?}");
        }
    }
    assert!(told > 40, "{told}");
}
