//! Broken stacks, each a folder in `snapshots/errors`: what is said, and where.
//!
//! In a `stack.toml` the comment `#~ CODE` (several codes are possible) at the end of a line marks that a message with
//! this code has its primary place on that line; `#~~ CODE` on a line of its own is a message without a place. Comments at
//! the top may say `# profile: NAME` (else k3d) and, on several lines, `# set: PATH=VALUE`; `#~~set CODE` marks a message
//! in the argument of `--set`. Other files of the folder are files beside the stack; their lines may have marks too. The
//! marks are written by hand; `STOWPLAN_BLESS=1 cargo test --test errors` writes only `stderr.txt`, the wording.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use stowplan::diagnostic::{Diagnostic, Severity};
use stowplan::document::parse::text_of;
use stowplan::emit::report::human::{Color, Style, render};
use stowplan::pipeline;
use stowplan::profile::{Request, Session};
use stowplan::source::Inputs;

/// A folder with a broken stack.
struct Case {
    name: String,
    folder: PathBuf,
    stack: String,
    files: Folder,
}

/// The files beside a stack, by their paths.
#[derive(Default)]
struct Folder(BTreeMap<PathBuf, Vec<u8>>);

impl Inputs for Folder {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let inside: Vec<_> = self.0.keys().filter(|file| file.parent() == Some(path)).cloned().collect();
        if inside.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(inside) }
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }
}

/// File, line and code of a message; an empty file is none.
type Mark = (String, usize, String);

/// What a run said.
struct Outcome {
    session: Session,
    rendered: bool,
}

#[test]
fn every_broken_stack_is_explained_at_its_places() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/errors");
    let cases = cases(&root);
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    let problems: Vec<String> = cases.iter().flat_map(check).collect();
    assert!(problems.is_empty(), "\n{}\n{} problems", problems.join("\n"), problems.len());
}

#[test]
fn twenty_mistakes_are_twenty_messages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/errors");
    let case = cases(&root).into_iter().find(|case| case.name == "twenty-mistakes").expect("the case is there");
    let outcome = run(&case);
    assert_eq!(outcome.session.report.diagnostics.len(), 20);
}

/// The wrong file by mistake, or a machine that writes keys: nobody reads a million messages, and nobody waits for them.
#[test]
fn of_very_many_unknown_keys_the_first_are_told() {
    let stack: String = (0..100_000).map(|number| format!("key-{number} = 1\n")).collect();
    let case = Case { name: "many".to_owned(), folder: PathBuf::new(), stack, files: Folder::default() };
    let outcome = run(&case);
    let diagnostics = &outcome.session.report.diagnostics;
    assert!(!outcome.rendered && diagnostics.iter().all(|diagnostic| diagnostic.code == "unknown-key"));
    assert_eq!(diagnostics.len(), 501);
    assert_eq!(diagnostics[500].title, "99500 more keys below are not keys of this table either");
}

fn cases(root: &Path) -> Vec<Case> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root).expect("the folder is readable").map(|entry| entry.expect("it is").path()).collect();
    folders.sort();
    folders.into_iter().filter(|folder| folder.is_dir()).map(load).collect()
}

fn load(folder: PathBuf) -> Case {
    let mut files = Folder::default();
    collect(&folder, &folder, &mut files);
    let stack = files.0.remove(Path::new("stack.toml")).expect("a case has a stack.toml");
    files.0.remove(Path::new("stderr.txt"));
    Case {
        name: folder.file_name().expect("it has a name").to_string_lossy().into_owned(),
        stack: String::from_utf8(stack).expect("a case is UTF-8"),
        folder,
        files,
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Folder) {
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("its entries are too").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("it is inside").to_path_buf();
            files.0.insert(name, fs::read(&path).expect("a file is readable"));
        }
    }
}

fn run(case: &Case) -> Outcome {
    let mut session = Session::default();
    let file = session.sources.add("stack.toml", case.stack.as_str());
    let set = headers(&case.stack, "# set: ");
    let profile = headers(&case.stack, "# profile: ").pop().unwrap_or_else(|| "k3d".to_owned());
    let profile = Some(profile.as_str()).filter(|profile| *profile != "none");
    let request = Request { stack: file, profile, set: &set };
    let rendered = pipeline::render(&mut session, &request, &case.files).is_some();
    session.report.sort();
    Outcome { session, rendered }
}

fn headers(stack: &str, word: &str) -> Vec<String> {
    let top = stack.lines().take_while(|line| line.starts_with('#'));
    top.filter_map(|line| Some(line.strip_prefix(word)?.to_owned())).collect()
}

/// Everything that is wrong with a case.
fn check(case: &Case) -> Vec<String> {
    let outcome = run(case);
    let report = &outcome.session.report;
    let mut problems = Vec::new();
    let expected = expected(case);
    let mut said: Vec<Mark> = report.diagnostics.iter().map(|diagnostic| mark(diagnostic, &outcome)).collect();
    said.sort();
    problems.extend(missing(&expected, &said).map(|mark| format!("nobody says {mark:?}")));
    problems.extend(missing(&said, &expected).map(|mark| format!("nobody expects {mark:?}")));
    for diagnostic in &report.diagnostics {
        problems.extend(unhelpful(diagnostic));
    }
    if report.has_errors() && outcome.rendered {
        problems.push("it is rendered in spite of an error".to_owned());
    }
    let text = render(report, &outcome.session.sources, Style { color: Color::Never, width: 120 });
    let path = case.folder.join("stderr.txt");
    if std::env::var_os("STOWPLAN_BLESS").is_some() {
        fs::write(&path, &text).expect("a snapshot can be written");
    } else if fs::read_to_string(&path).unwrap_or_default() != text {
        problems.push(format!("other words than in stderr.txt (BLESS=1 writes them):\n{text}"));
    }
    problems.into_iter().map(|problem| format!("{}: {problem}", case.name)).collect()
}

/// Every mark of the one list that the other does not have, as often as it does not.
fn missing<'a>(marks: &'a [Mark], others: &[Mark]) -> impl Iterator<Item = &'a Mark> {
    let mut others = others.to_vec();
    marks.iter().filter(move |mark| match others.iter().position(|other| other == *mark) {
        Some(at) => {
            others.remove(at);
            false
        }
        None => true,
    })
}

fn expected(case: &Case) -> Vec<Mark> {
    let mut marks = marks_of("stack.toml", &case.stack);
    for (path, bytes) in &case.files.0 {
        marks.extend(marks_of(&path.to_string_lossy(), &String::from_utf8_lossy(bytes)));
    }
    marks.sort();
    marks
}

fn marks_of(file: &str, text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let Some((_, marked)) = line.split_once("#~") else { continue };
        let (file, line, codes) = match (marked.strip_prefix("~set "), marked.strip_prefix('~')) {
            (Some(codes), _) => ("--set", 1, codes),
            (None, Some(codes)) => ("", 0, codes),
            (None, None) => (file, at + 1, marked),
        };
        marks.extend(codes.split_whitespace().map(|code| (file.to_owned(), line, code.to_owned())));
    }
    marks
}

fn mark(diagnostic: &Diagnostic, outcome: &Outcome) -> Mark {
    let code = diagnostic.code.to_owned();
    match diagnostic.place() {
        None => (String::new(), 0, code),
        Some(place) => {
            let file = outcome.session.sources.file(place.file);
            (file.name.clone(), file.line_column(place.start as usize).0, code)
        }
    }
}

/// What a message lacks: an error says what to type next, a title is a phrase.
fn unhelpful(diagnostic: &Diagnostic) -> Vec<String> {
    let Diagnostic { code, title, help, severity, labels, .. } = diagnostic;
    let mut lacks = Vec::new();
    if *severity == Severity::Error && help.as_ref().is_none_or(String::is_empty) {
        lacks.push(format!("`{code}` has no help: {title}"));
    }
    if title.ends_with('.') || title.starts_with(char::is_uppercase) {
        lacks.push(format!("the title of `{code}` is no lower-case phrase: {title}"));
    }
    let first = labels.first().map(|label| label.span);
    if labels.iter().skip(1).any(|label| Some(label.span) == first) {
        lacks.push(format!("`{code}` has its place twice: {title}"));
    }
    lacks
}

mod no_panic {
    use super::*;
    use proptest::prelude::*;

    /// The stack of the design, which is right.
    const GOOD: &str = include_str!("../examples/todo/stack.toml");

    /// Whether a text can be compiled at all; what counts is that it comes back.
    fn compile(text: &str) -> bool {
        let mut session = Session::default();
        let Some(file) = text_of("stack.toml", text.as_bytes().to_vec(), &session.sources, &mut session.report) else {
            return false;
        };
        let request = Request { stack: file, profile: Some("k3d"), set: &[] };
        let rendered = pipeline::render(&mut session, &request, &Folder::default()).is_some();
        render(&session.report, &session.sources, Style { color: Color::Never, width: 120 });
        assert!(rendered || session.report.has_errors(), "nothing is made, and nobody says why");
        rendered
    }

    /// Words, texts, signs and spaces.
    fn tokens(text: &str) -> Vec<String> {
        let mut tokens: Vec<String> = Vec::new();
        for character in text.chars() {
            let joins = |last: &String| character.is_alphanumeric() && last.chars().all(char::is_alphanumeric);
            match tokens.last_mut() {
                Some(last) if joins(last) => last.push(character),
                _ => tokens.push(character.to_string()),
            }
        }
        tokens
    }

    #[derive(Debug, Clone)]
    enum Change {
        Delete(usize),
        Double(usize),
        Swap(usize, usize),
        Replace(usize, String),
    }

    fn change() -> impl Strategy<Value = Change> {
        let pieces = prop::sample::select(vec![
            "",
            "[",
            "]",
            "[[",
            "{",
            "}",
            "\"",
            "'",
            "=",
            ".",
            ",",
            "\n",
            "#",
            "-1",
            "0",
            "99999999999999999999",
            "true",
            "{{ vars.x }}",
            "{{",
            "}}",
            "api",
            "db",
            "uses",
            "env",
            "unset",
            "extends",
            "profile",
            "template",
            "defaults",
            "port",
            "ports",
            "\"\"\"",
            "\\",
            "é",
            "\u{0}",
            "…",
            "\"...\"",
            "1979-05-27",
            "inf",
            "null",
            "k3d",
            "http",
        ]);
        prop_oneof![
            any::<usize>().prop_map(Change::Delete),
            any::<usize>().prop_map(Change::Double),
            (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Change::Swap(a, b)),
            (any::<usize>(), pieces).prop_map(|(at, text)| Change::Replace(at, text.to_owned())),
        ]
    }

    fn apply(changes: Vec<Change>) -> String {
        let mut tokens = tokens(GOOD);
        for change in changes {
            let length = tokens.len();
            match change {
                Change::Delete(at) => drop(tokens.remove(at % length)),
                Change::Double(at) => tokens.insert(at % length, tokens[at % length].clone()),
                Change::Swap(a, b) => tokens.swap(a % length, b % length),
                Change::Replace(at, text) => tokens[at % length] = text,
            }
        }
        tokens.concat()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn a_changed_stack_is_explained(changes in prop::collection::vec(change(), 1..8)) {
            compile(&apply(changes));
        }
    }

    #[test]
    fn strange_files_are_explained() {
        assert!(compile(""), "an empty stack is a stack");
        assert!(!compile(&"[".repeat(400_000)));
        assert!(!compile(&"x".repeat(5 << 20)));
        assert!(!compile(&format!("a = \"{}\"", "y".repeat(5 << 20))));
        assert!(!compile(&format!("a = {}", "[".repeat(100_000))));
        assert!(!compile(&format!("{} = 1", "a.".repeat(50_000))));
    }

    #[test]
    fn bytes_that_are_no_text_are_explained() {
        let mut session = Session::default();
        for bytes in [&b"name = \"\xff\""[..], b"\xff\xfea\0", b"[api.x]\nimage = \"a\xc3\"\n"] {
            assert_eq!(text_of("stack.toml", bytes.to_vec(), &session.sources, &mut session.report), None);
        }
        let messages = &session.report.diagnostics;
        assert_eq!(messages.iter().map(|message| message.code).collect::<Vec<_>>(), vec!["not-utf8"; 3]);
        assert!(messages.iter().all(|message| message.help.is_some()));
    }
}
