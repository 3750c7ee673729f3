//! The rules of the API server that a stack may break, each with a case of `snapshots/errors`: `tests/rules_in_stacks.txt` lists them.
#![allow(clippy::unwrap_used, reason = "all of it is tests, its functions without `#[test]` too")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use stowplan::check::api::RULES;

/// Rules about how values are read and what form they have. No walk over an object has their ids: it names the rule of the
/// field, and types of the language stop most of them before there is an object.
const OF_FORM: &[&str] = &[
    "CJ-005", "CRON-001", "CRON-002", "CRON-003", "CRON-005", "CRON-006", "CRON-009", "CRON-011", "CRON-012",
    "CRON-013", "CRON-014", "DEC-001", "DEC-002", "DEC-003", "DEC-004", "DEC-005", "DEC-006", "DEC-007", "DEC-010",
    "DEC-011", "GW-002", "IOS-001", "IOS-002", "IOS-003", "NAME-001", "NAME-002", "NAME-003", "NAME-004", "NAME-005",
    "QTY-001", "QTY-002", "QTY-004", "QTY-009", "SEL-007", "STS-008", "STS-009", "VER-025",
];

/// A row of the table.
struct Row {
    rule: String,
    case: String,
    line: usize,
    code: String,
    via: String,
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/errors")
}

fn table() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules_in_stacks.txt")).unwrap()
}

fn rows() -> Vec<Row> {
    let text = table();
    let rows = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [rule, case, number, code, via] = words[..] else { panic!("five words are a row: {line}") };
        let [rule, case, code, via] = [rule, case, code, via].map(str::to_owned);
        Row { rule, case, line: number.parse().unwrap(), code, via }
    });
    rows.collect()
}

/// Rules that the code has, and those of form.
fn known() -> BTreeSet<&'static str> {
    RULES.iter().flat_map(|rules| rules.iter()).map(|rule| rule.id).chain(OF_FORM.iter().copied()).collect()
}

/// How what stands on a line of a stack gets into an object: by the table that the line is in.
fn via(stack: &str, line: usize) -> &'static str {
    let headers = stack.lines().take(line).filter_map(|line| line.strip_prefix('['));
    let table = headers.last().unwrap_or_default().trim_start_matches('[');
    match table.split('.').next().unwrap() {
        "patch" => "patch",
        "manifest" => "manifest",
        _ => "stack",
    }
}

#[test]
fn at_least_two_hundred_rules_have_a_case_and_most_of_them_a_key() {
    let mut ways: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Row { rule, via, .. } in rows() {
        assert!(matches!(&*via, "stack" | "patch" | "manifest"), "{rule}: {via}");
        ways.entry(rule).or_default().insert(via);
    }
    let by_key = ways.values().filter(|ways| ways.contains("stack")).count();
    assert!(ways.len() >= 200, "{} rules", ways.len());
    assert!(3 * by_key >= 2 * ways.len(), "{by_key} of {} rules without a patch or a manifest", ways.len());
}

#[test]
fn every_row_names_a_rule_and_a_message_at_its_line() {
    let known = known();
    let mut problems = Vec::new();
    for Row { rule, case, line, code, via: told } in rows() {
        if !known.contains(&*rule) {
            problems.push(format!("{rule} is no rule"));
        }
        let Ok(stack) = fs::read_to_string(cases().join(&case).join("stack.toml")) else {
            problems.push(format!("{rule}: there is no case `{case}`"));
            continue;
        };
        let marked = stack.lines().nth(line - 1).and_then(|line| line.split_once("#~")).map_or("", |(_, codes)| codes);
        if !marked.split_whitespace().any(|marked| marked == code) {
            problems.push(format!("{rule}: line {line} of `{case}` has no mark `{code}`"));
        }
        if via(&stack, line) != told {
            problems.push(format!("{rule}: line {line} of `{case}` is in a {}", via(&stack, line)));
        }
        if known.contains(&*code) && code != rule && RULES.iter().flat_map(|rules| rules.iter()).any(|it| it.id == rule)
        {
            problems.push(format!("{rule}: `{code}` is the code of another rule"));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn what_cannot_happen_has_a_reason_and_no_case() {
    let (text, known) = (table(), known());
    let with_case: BTreeSet<String> = rows().into_iter().filter(|row| row.via == "stack").map(|row| row.rule).collect();
    let excused: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("# cannot happen: ")).collect();
    assert!(!excused.is_empty());
    for line in excused {
        let (rule, reason) = line.split_once(' ').unwrap();
        assert!(known.contains(rule), "{rule} is no rule");
        assert!(reason.len() > 10 && !with_case.contains(rule), "{line}");
    }
}

#[test]
fn rules_of_form_are_none_of_a_walk() {
    let of_walks: BTreeSet<&str> = RULES.iter().flat_map(|rules| rules.iter()).map(|rule| rule.id).collect();
    let twice: Vec<_> = OF_FORM.iter().filter(|id| of_walks.contains(*id)).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
