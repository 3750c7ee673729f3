//! Our side of the agreement: reads documents as JSON lines, prints what we would refuse as JSON lines.
//!
//! `cargo run --example verdicts -- 34 < documents > ours`: a line in is `{"id": …, "document": {…}}`, a line out is
//! `{"id": …, "causes": [[REASON, FIELD, RULE], …]}`, sorted; no causes means that we would accept.

#![allow(clippy::expect_used, reason = "a tool of the tests may fail where it stands")]

#[path = "ours.rs"]
mod ours;

use serde_json::{Value, json};
use std::io::{self, BufRead, Write};

fn main() {
    let minor = std::env::args().nth(1).and_then(|minor| minor.parse().ok()).expect("a minor version is given");
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line.expect("the input is readable")).expect("a line is JSON");
        let findings = ours::findings(&ours::bundle(&line["document"]), minor);
        let mut causes: Vec<_> = findings
            .iter()
            .map(|finding| {
                json!([
                    finding.verdict.reason().map_or("", stowplan::check::Reason::as_str),
                    finding.field,
                    finding.rule
                ])
            })
            .collect();
        causes.sort_by_key(ToString::to_string);
        writeln!(out, "{}", json!({"id": line["id"], "causes": causes})).expect("the output is writable");
    }
}
