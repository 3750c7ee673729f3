//! `lint --fix` of a stack or a stream: what it writes is read again, and a second time it writes nothing.

use super::reading::{report, text};
use stowplan::bundle::yaml::{Place, Stream, read};
use stowplan::diagnostic::{Diagnostic, Report};
use stowplan::document::{LayerId, Origins, parse};
use stowplan::emit::report::Remark;
use stowplan::lint::{self, Amended, Amendments, Profiles, Question};
use stowplan::profile::Session;
use stowplan::source::{FileId, Files, Sources, Span};
use stowplan::value::{KubernetesRange, KubernetesVersion};

/// As many rounds as the command has.
const ROUNDS: usize = 10;

/// Lints and mends the text as a stack, and as YAML.
pub fn check(bytes: &[u8]) {
    for (name, lint) in [("stack.toml", as_stack as Linter), ("input.yaml", as_stream)] {
        let first = mended(name, bytes, lint);
        // What is no text is not touched, and what stands for it here is another one.
        if std::str::from_utf8(bytes).is_err() {
            continue;
        }
        let second = mended(name, first.as_bytes(), lint);
        assert_eq!(second, first, "mended twice, from {:?}", String::from_utf8_lossy(bytes));
        for reads in [as_toml, as_yaml] {
            let before = std::str::from_utf8(bytes).is_ok_and(reads);
            assert!(!before || reads(&first), "what was read before is not after:\n{first}");
            if before {
                break;
            }
        }
    }
}

/// With the edit that a message shows the text can still be read, though it may have another mistake then. The name that was
/// meant by a key may stand there already.
fn is_readable_with(remark: &Remark, file: FileId, sources: &Sources) {
    let fix = remark.diagnostic.fix.as_ref().filter(|fix| fix.span.file == file);
    let Some(fix) = fix.filter(|_| !["unknown-key", "bad-name"].contains(&remark.diagnostic.code)) else { return };
    let text = &sources.file(file).text;
    let mut edited = text.clone();
    edited.replace_range(fix.span.bytes(), &fix.replacement);
    for reads in [as_toml, as_yaml] {
        assert!(!reads(text) || reads(&edited), "{:?} makes of {text}\n{edited}", remark.diagnostic);
    }
}

type Linter = fn(FileId, &mut Session, &Amendments) -> (Vec<Remark>, Vec<Diagnostic>);

/// The text as `--fix` leaves it.
fn mended(name: &str, bytes: &[u8], lint: Linter) -> String {
    let mut amendments = Amendments::default();
    for _ in 0..=ROUNDS {
        let mut session = Session::default();
        let now = amendments.texts.get(name).map_or(bytes, String::as_bytes);
        let Some(file) = text(name, now, &mut session) else { break };
        let (remarks, refusals) = lint(file, &mut session, &amendments);
        remarks.iter().for_each(|remark| is_readable_with(remark, file, &session.sources));
        let is_more = amendments.add(&remarks, &session.sources);
        report(remarks, refusals, file, &session.sources);
        if !is_more {
            break;
        }
    }
    amendments.texts.remove(name).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned())
}

fn as_stack(stack: FileId, session: &mut Session, amendments: &Amendments) -> (Vec<Remark>, Vec<Diagnostic>) {
    let profiles = Profiles::Named(vec!["k3d".to_owned(), "cloud".to_owned()]);
    let question = Question { stack, profiles: &profiles, set: &[], kubernetes: None };
    let linted = lint::stack(&question, session, &Amended { inputs: &Files::default(), amendments });
    (linted.remarks, linted.refusals)
}

fn as_stream(file: FileId, session: &mut Session, _: &Amendments) -> (Vec<Remark>, Vec<Diagnostic>) {
    let versions = KubernetesRange { newest: KubernetesVersion::NEWEST, ..KubernetesVersion::USUAL.into() };
    (lint::streams(&[file], versions, session).remarks, Vec::new())
}

fn as_toml(text: &str) -> bool {
    let sources = Sources::default();
    let file = sources.add("stack.toml", text);
    parse::parse(file, &sources, LayerId(0), &mut Origins::default(), &mut Report::default()).is_some()
}

fn as_yaml(text: &str) -> bool {
    let (sources, mut report) = (Sources::default(), Report::default());
    let place = Place::Verbatim(Span::new(sources.add("input.yaml", text), 0..text.len()));
    read(Stream { text, place, layer: LayerId(0) }, &mut Origins::default(), &mut report);
    !report.has_errors()
}
