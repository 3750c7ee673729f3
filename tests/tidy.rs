//! The house rules that a machine can check: imports point down, files and functions stay short, nothing half-done or unordered stays in `src`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The most lines of code of a file, without blank lines, comments and tests.
const FILE_LINES: usize = 400;

/// The most lines of code of a function, from `fn` to its closing brace.
const FUNCTION_LINES: usize = 50;

/// Something that a file may do against a rule.
struct Exception {
    rule: Rule,
    /// As in a message: a path below `src`.
    file: &'static str,
    /// The module, function or word that is meant; empty for the length of the file.
    subject: &'static str,
    /// Why it is better so; for the reader.
    reason: &'static str,
}

/// One that excuses nothing fails the test, as does one without a reason.
const EXCEPTIONS: &[Exception] = &[];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Import,
    LongFile,
    LongFunction,
    HalfDone,
    Printing,
    Unordered,
}

/// A breach of a rule.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    rule: Rule,
    file: String,
    line: usize,
    subject: String,
}

#[test]
fn the_source_keeps_the_house_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files: Vec<(String, String)> = paths_below(&root)
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().display().to_string().replace('\\', "/");
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    assert!(files.len() > 2, "no sources in {}", root.display());
    let modules = modules(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let breaches: Vec<Breach> = files.iter().flat_map(|(name, text)| breaches(name, text, &modules)).collect();
    let report = report(&breaches, EXCEPTIONS);
    assert!(report.is_empty(), "\n{}", report.join("\n"));
}

/// All Rust files below a folder, sorted.
fn paths_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of the sources is readable");
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.expect("its entries are too").path()).collect();
    entries.sort();
    let below = entries.into_iter().flat_map(|path| if path.is_dir() { paths_below(&path) } else { vec![path] });
    below.filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}

/// What to say: breaches that nothing excuses, and exceptions that excuse nothing.
fn report(breaches: &[Breach], exceptions: &[Exception]) -> Vec<String> {
    let excuses = |exception: &Exception, breach: &Breach| {
        exception.rule == breach.rule
            && exception.file == breach.file
            && (exception.subject == breach.subject || breach.rule == Rule::LongFile)
    };
    let unexcused = breaches.iter().filter(|breach| !exceptions.iter().any(|exception| excuses(exception, breach)));
    let mut lines: Vec<String> = unexcused.map(describe).collect();
    for exception in exceptions {
        let name = format!("the exception {:?} {} {}", exception.rule, exception.file, exception.subject);
        if !breaches.iter().any(|breach| excuses(exception, breach)) {
            lines.push(format!("{name} excuses nothing; remove it"));
        }
        if exception.reason.is_empty() {
            lines.push(format!("{name} has no reason; write one"));
        }
    }
    lines
}

fn describe(breach: &Breach) -> String {
    let Breach { rule, file, line, subject } = breach;
    let what = match rule {
        Rule::Import => format!(
            "may not import `{subject}`: a module imports only what its folder declares above it; reorder the `mod` lines, or move what both need above both"
        ),
        Rule::LongFile => format!("has {subject} lines of code, more than {FILE_LINES}; find the seam"),
        Rule::LongFunction => {
            format!("`{subject}` has more than {FUNCTION_LINES} lines of code; take a part out and name it")
        }
        Rule::HalfDone => format!("`{subject}` is for tests and unfinished code"),
        Rule::Printing => format!("`{subject}`: only `cli` prints"),
        Rule::Unordered => format!("`{subject}`: no clock and no unordered collection outside `cli`"),
    };
    format!("src/{file}:{line}: {what}")
}

/// What the file of a module says of others: the `mod` lines in their order, and what its `use` lines name.
struct Declaration {
    children: Vec<Child>,
    /// A name and the path that it stands for, from the root.
    uses: Vec<(String, Vec<String>)>,
}

/// A module that has a file of its own.
struct Child {
    name: String,
    purpose: Purpose,
}

/// What a module is for.
#[derive(PartialEq)]
enum Purpose {
    Product,
    Test,
}

/// Every file by the path of its module.
type Modules<'a> = BTreeMap<Vec<&'a str>, Declaration>;

/// The declarations of all files but `main.rs`, which is a program of its own and would stand for the root.
fn modules<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Modules<'a> {
    files.filter(|(name, _)| *name != "main.rs").map(|(name, text)| (module(name), declaration(name, text))).collect()
}

/// Reads the `mod` and `use` lines of a file.
fn declaration(file: &str, text: &str) -> Declaration {
    let own = module(file);
    let code = without_comments(text);
    let tokens = tokens(&code[..start_of_tests(&code)]);
    let token = |at: usize| tokens.get(at).map_or("", |(_, token)| token);
    let mut declaration = Declaration { children: Vec::new(), uses: Vec::new() };
    for at in 0..tokens.len() {
        if token(at) == "mod" && is_word(token(at + 1)) && token(at + 2) == ";" {
            let purpose = if is_for_tests(&tokens[..at]) { Purpose::Test } else { Purpose::Product };
            declaration.children.push(Child { name: token(at + 1).to_owned(), purpose });
        }
        if token(at) == "use" && is_word(token(at + 1)) {
            let supers = count_supers(&tokens[at + 1..]);
            let mut names = match token(at + 1) {
                "crate" => Vec::new(),
                _ => own[..own.len().saturating_sub(supers)].to_vec(),
            };
            names.extend(Some(token(at + 1)).filter(|word| !matches!(*word, "crate" | "super" | "self")));
            let mut paths = Vec::new();
            let path = CratePath { start: 0, supers: 0, names, alias: None };
            follow(&tokens, at + 2 * supers.max(1), path, &mut paths);
            declaration.uses.extend(paths.into_iter().filter_map(|path| {
                let name = path.alias.or_else(|| path.names.last().copied())?;
                Some((name.to_owned(), path.names.iter().map(|name| (*name).to_owned()).collect()))
            }));
        }
    }
    declaration
}

/// Whether the tokens before a `mod` end in `#[cfg(test)]`, with or without a `pub` behind it.
fn is_for_tests(before: &[(usize, &str)]) -> bool {
    let mut words: Vec<&str> = before.iter().rev().take(11).map(|(_, token)| *token).collect();
    words.reverse();
    let line = words.concat();
    let line = line.strip_suffix("pub(crate)").or_else(|| line.strip_suffix("pub")).unwrap_or(&line);
    line.ends_with("#[cfg(test)]")
}

/// All breaches of one file.
fn breaches(file: &str, text: &str, modules: &Modules) -> Vec<Breach> {
    let code = without_comments(text);
    let product = if is_test_file(file, modules) { "" } else { &code[..start_of_tests(&code)] };
    let mut found = wrong_imports(file, product, modules);
    found.extend(long_file(file, product));
    found.extend(long_functions(file, product));
    found.extend(words(file, product, Rule::HalfDone, |before, word, after| match word {
        "todo" | "unimplemented" | "dbg" => after == "!",
        "unwrap" => matches!(before, "." | "::"),
        _ => false,
    }));
    if module(file).first() != Some(&"cli") {
        found.extend(words(file, &code, Rule::Printing, |_, word, after| {
            matches!(word, "print" | "println" | "eprint" | "eprintln") && after == "!"
        }));
        found.extend(words(file, &code, Rule::Unordered, |_, word, _| {
            word.ends_with("HashMap") || word.ends_with("HashSet") || matches!(word, "SystemTime" | "Instant")
        }));
    }
    found
}

/// Whether a file is compiled for tests only: it, or a folder that it is in, is declared under `#[cfg(test)]`.
fn is_test_file(file: &str, modules: &Modules) -> bool {
    let own = module(file);
    let is_test = |depth: usize| {
        let children = modules.get(&own[..depth]).map_or(&[][..], |parent| &parent.children);
        children.iter().any(|child| child.name == own[depth] && child.purpose == Purpose::Test)
    };
    (0..own.len()).any(is_test)
}

/// Where the tests inside a file begin; its end where it has none. That nothing else follows them is clippy's `items_after_test_module`.
fn start_of_tests(code: &str) -> usize {
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        let module = code[at..].strip_prefix("#[cfg(test)]").and_then(|rest| rest.trim_start().strip_prefix("mod "));
        if module.is_some_and(|rest| rest.trim_start_matches(|letter| letter != '{' && letter != ';').starts_with('{'))
        {
            return at;
        }
        at += line.len();
    }
    code.len()
}

/// The path of a file's module: `check/rules/mod.rs` is `check`, `rules`; `lib.rs` and `main.rs` are the root.
fn module(file: &str) -> Vec<&str> {
    let mut path: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    if matches!(path.as_slice(), ["lib" | "main"]) || path.last() == Some(&"mod") {
        path.pop();
    }
    path
}

/// Paths into a module that the folder of both does not declare above this one, by its own name or by a name that the folder gives it.
fn wrong_imports(file: &str, code: &str, modules: &Modules) -> Vec<Breach> {
    let own = module(file);
    let mut found = Vec::new();
    for path in paths(code) {
        let above = if path.supers == 0 { 0 } else { own.len().saturating_sub(path.supers) };
        let written: Vec<&str> = own.iter().take(above).chain(&path.names).copied().collect();
        if let Some(target) = unseal(&own, &written, modules).into_iter().find(|path| is_wrong(&own, path, modules)) {
            let subject = target.join("::");
            found.push(Breach { rule: Rule::Import, file: file.to_owned(), line: line_at(code, path.start), subject });
        }
    }
    found
}

/// The modules that a path may lead to: where a folder around `own` gives a name, the one that it stands for; `*` is all of its names.
fn unseal<'a>(own: &[&str], written: &[&'a str], modules: &'a Modules) -> Vec<Vec<&'a str>> {
    let shared = shared(own, written);
    let folder = modules.get(&written[..shared]).filter(|_| shared < own.len());
    let mut targets = vec![written.to_vec()];
    if let (Some(folder), Some(written)) = (folder, written.get(shared)) {
        let named = folder.uses.iter().filter(|(name, _)| *written == "*" || written == name);
        targets.extend(named.map(|(_, path)| path.iter().map(String::as_str).collect()));
    }
    targets
}

/// Whether a path leads into a module that stands beside `own`, or beside a folder that it is in, and not above.
fn is_wrong(own: &[&str], target: &[&str], modules: &Modules) -> bool {
    let shared = shared(own, target);
    if shared == own.len() || shared == target.len() || !modules.contains_key(&target[..=shared]) {
        return false;
    }
    let siblings = modules.get(&own[..shared]).map_or(&[][..], |folder| &folder.children);
    let place = |name: &str| siblings.iter().position(|child| child.name == name);
    match (place(own[shared]), place(target[shared])) {
        (Some(own), Some(target)) => target > own,
        _ => true,
    }
}

/// How many names two paths have in common at their beginning.
fn shared(own: &[&str], target: &[&str]) -> usize {
    own.iter().zip(target).take_while(|(own, target)| own == target).count()
}

/// A path that begins with `crate` or `super`.
#[derive(Clone)]
struct CratePath<'a> {
    start: usize,
    /// How often it says `super`; 0 begins at `crate`.
    supers: usize,
    names: Vec<&'a str>,
    /// The name behind `as`.
    alias: Option<&'a str>,
}

/// Every path of a text, those in the braces of a `use` each for itself.
fn paths(code: &str) -> Vec<CratePath<'_>> {
    let tokens = tokens(code);
    let mut found = Vec::new();
    for (at, (start, token)) in tokens.iter().enumerate() {
        if matches!(*token, "crate" | "super") && (at == 0 || tokens[at - 1].1 != "::") {
            let supers = count_supers(&tokens[at..]);
            let path = CratePath { start: *start, supers, names: Vec::new(), alias: None };
            follow(&tokens, at + 2 * supers.max(1) - 1, path, &mut found);
        }
    }
    found
}

/// How often the path that begins here says `super`.
fn count_supers(tokens: &[(usize, &str)]) -> usize {
    tokens.iter().step_by(2).take_while(|(_, token)| *token == "super").count()
}

/// Follows a path from the place where `::` or its end is expected, and returns the place behind it.
fn follow<'a>(
    tokens: &[(usize, &'a str)],
    mut at: usize,
    mut path: CratePath<'a>,
    found: &mut Vec<CratePath<'a>>,
) -> usize {
    let token = |at: usize| tokens.get(at).map_or("", |(_, token)| token);
    while token(at) == "::" {
        match token(at + 1) {
            "{" => {
                at += 2;
                while !matches!(token(at), "}" | "") {
                    at = match token(at) {
                        "as" => at + 2,
                        name if is_word(name) || name == "*" => {
                            let mut path = path.clone();
                            path.names.extend((name != "self").then_some(name));
                            follow(tokens, at + 1, path, found)
                        }
                        _ => at + 1,
                    };
                }
                return at + 1;
            }
            name if is_word(name) || name == "*" => path.names.push(name),
            _ => break,
        }
        at += 2;
    }
    path.alias = (token(at) == "as").then(|| token(at + 1));
    found.push(path);
    at
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// Words, `::` and single other characters, each with its place; blanks are left out.
fn tokens(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let length = match first {
            _ if first.is_alphanumeric() || first == '_' => {
                rest.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(rest.len())
            }
            ':' if rest.starts_with("::") => 2,
            _ => first.len_utf8(),
        };
        if !first.is_whitespace() {
            found.push((at, &rest[..length]));
        }
        at += length;
    }
    found
}

fn long_file(file: &str, code: &str) -> Option<Breach> {
    let lines = lines_of_code(code);
    (lines > FILE_LINES).then(|| Breach {
        rule: Rule::LongFile,
        file: file.to_owned(),
        line: 1,
        subject: lines.to_string(),
    })
}

fn lines_of_code(code: &str) -> usize {
    code.lines().filter(|line| !line.trim().is_empty()).count()
}

fn long_functions(file: &str, code: &str) -> Vec<Breach> {
    let tokens = tokens(code);
    let functions = tokens.windows(2).enumerate().filter(|(_, pair)| pair[0].1 == "fn" && is_word(pair[1].1));
    let long = functions.filter_map(|(at, pair)| {
        let (start, name) = (pair[0].0, pair[1].1);
        let end = end_of_function(&tokens[at..])?;
        (lines_of_code(&code[start..end]) > FUNCTION_LINES).then(|| Breach {
            rule: Rule::LongFunction,
            file: file.to_owned(),
            line: line_at(code, start),
            subject: name.to_owned(),
        })
    });
    long.collect()
}

/// The place behind the closing brace of a function; none where it has no body.
fn end_of_function(tokens: &[(usize, &str)]) -> Option<usize> {
    let mut open = Vec::new();
    for (place, token) in tokens {
        match *token {
            "(" | "[" | "{" => open.push(*token),
            ")" | "]" => drop(open.pop()),
            "}" if open.len() == 1 => return Some(place + 1),
            "}" => drop(open.pop()),
            ";" if open.is_empty() => return None,
            _ => {}
        }
    }
    None
}

/// The words of a text that break a rule; `breaks` is given the token before, the word and the token behind.
fn words(file: &str, code: &str, rule: Rule, breaks: fn(&str, &str, &str) -> bool) -> Vec<Breach> {
    let tokens = tokens(code);
    let around = |at: usize| tokens.get(at).map_or("", |(_, token)| token);
    let found =
        tokens.iter().enumerate().filter(|(at, (_, word))| breaks(around(at.wrapping_sub(1)), word, around(at + 1)));
    found
        .map(|(_, (start, word))| Breach {
            rule,
            file: file.to_owned(),
            line: line_at(code, *start),
            subject: (*word).to_owned(),
        })
        .collect()
}

/// The line of a place, counted from 1.
fn line_at(code: &str, place: usize) -> usize {
    code[..place].matches('\n').count() + 1
}

/// A text whose comments are blanks and whose texts are quotes, line by line where it was.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, filler) = match first {
            '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), Some(' ')),
            '/' if rest.starts_with("/*") => (length_of_comment(rest), Some(' ')),
            '"' => (length_of_text(rest, '"'), Some('"')),
            '\'' if is_character(rest) => (length_of_text(rest, '\''), Some('"')),
            _ if is_word(rest) => length_of_word(rest),
            _ => (first.len_utf8(), None),
        };
        let (token, next) = rest.split_at(length);
        match filler {
            Some(filler) => code.extend(token.chars().map(|letter| if letter == '\n' { '\n' } else { filler })),
            None => code.push_str(token),
        }
        rest = next;
    }
    code
}

/// The length of a block comment, others inside it included.
fn length_of_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while let Some(next) = rest.get(at..).and_then(|rest| rest.find(['/', '*'])) {
        at += next;
        match rest.get(at..at + 2) {
            Some("/*") => depth += 1,
            Some("*/") => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// The length of a literal, its quotes included.
fn length_of_text(rest: &str, quote: char) -> usize {
    let mut escaped = true;
    for (at, letter) in rest.char_indices() {
        if letter == quote && !escaped {
            return at + 1;
        }
        escaped = at > 0 && letter == '\\' && !escaped;
    }
    rest.len()
}

/// Whether a quote begins a character and not a lifetime.
fn is_character(rest: &str) -> bool {
    let mut letters = rest.chars().skip(1);
    letters.next() == Some('\\') || letters.next() == Some('\'')
}

/// The length of a word, or of the raw text that it begins, with what to put in its place.
fn length_of_word(rest: &str) -> (usize, Option<char>) {
    let length = rest.find(|next: char| !next.is_alphanumeric() && next != '_').unwrap_or(rest.len());
    let behind = &rest[length..];
    let inner = behind.trim_start_matches('#');
    if !matches!(&rest[..length], "r" | "br" | "cr") || !inner.starts_with('"') {
        return (length, None);
    }
    let hashes = &behind[..behind.len() - inner.len()];
    let begin = length + hashes.len() + 1;
    let end = rest[begin..].find(&format!("\"{hashes}")).map_or(rest.len(), |end| begin + end + 1 + hashes.len());
    (end, Some('"'))
}

/// The rules that a text breaks, as a file of that name among some others.
fn broken(file: &str, text: &str) -> Vec<(Rule, usize, String)> {
    let files = [
        ("lib.rs", "pub mod source;\npub mod document;\npub mod shape;\npub mod emit;\npub mod cli;\n"),
        ("source.rs", ""),
        (
            "document/mod.rs",
            "mod path;\npub mod parse;\nmod merge;\n#[cfg(test)]\npub(crate) mod fixture;\npub use merge::{Layer, lay as merge_layers};\npub use path::Path;\nuse crate::source::Span;\npub struct Node;\n",
        ),
        ("document/path.rs", ""),
        ("document/parse.rs", "mod mistake;\n#[cfg(test)]\nmod tests;\n"),
        ("document/parse/mistake.rs", ""),
        ("document/parse/tests.rs", ""),
        ("document/merge.rs", ""),
        ("document/fixture.rs", ""),
        ("shape.rs", ""),
        ("emit.rs", ""),
        ("cli.rs", ""),
    ];
    breaches(file, text, &modules(files.into_iter()))
        .into_iter()
        .map(|breach| (breach.rule, breach.line, breach.subject))
        .collect()
}

#[test]
fn an_import_of_a_later_module_is_found() {
    let found = |text| broken("document/parse.rs", text);
    let breach = |line, subject: &str| vec![(Rule::Import, line, subject.to_owned())];
    assert_eq!(found("use crate::source::Span;\nuse crate::document::Node;\nuse super::Value;\n"), vec![]);
    assert_eq!(found("\nuse crate::cli::run;\n"), breach(2, "cli::run"));
    assert_eq!(found("use crate::cli::*;\n"), breach(1, "cli::*"));
    assert_eq!(found("pub(super) struct A;\n"), vec![]);
    assert_eq!(found("use crate::{source::{self, Span as Place}, shape::{Key}};\n"), breach(1, "shape::Key"));
    assert_eq!(found("fn f() {\n    crate::emit::write::<u8>();\n}\n"), breach(2, "emit::write"));
    assert_eq!(found("use super::super::shape;\n"), breach(1, "shape"));
    assert_eq!(found("crate::table! {}\n"), vec![], "a macro of the crate is no module");
    assert_eq!(found("pub(crate) fn f() {}\n// crate::cli\nconst A: &str = \"crate::cli\";\n"), vec![]);
    assert_eq!(broken("lib.rs", "pub use crate::cli::main;\n"), vec![]);
    assert_eq!(
        broken("novelty.rs", "use crate::source::Span;\n"),
        breach(1, "source::Span"),
        "it has no place in the order"
    );
}

#[test]
fn an_import_of_a_sibling_declared_below_is_found() {
    let found = |text| broken("document/parse.rs", text);
    let breach = |subject: &str| vec![(Rule::Import, 1, subject.to_owned())];
    assert_eq!(found("use super::path::Path;\nuse crate::document::path;\n"), vec![], "it stands above");
    assert_eq!(found("use super::merge::Layer;\n"), breach("document::merge::Layer"));
    assert_eq!(found("use crate::document::merge::Layer;\n"), breach("document::merge::Layer"));
    assert_eq!(broken("document/path.rs", "use super::parse::parse;\n"), breach("document::parse::parse"));
    assert_eq!(broken("document/parse/mistake.rs", "use super::super::path::Path;\n"), vec![]);
    let nested = broken("document/parse/mistake.rs", "use crate::document::merge::lay;\n");
    assert_eq!(nested, breach("document::merge::lay"), "the folder stands above it");
    assert_eq!(broken("document/mod.rs", "use crate::document::parse::parse;\n"), vec![]);
    assert_eq!(broken("document/parse.rs", "use mistake::Mistake;\n"), vec![]);
}

#[test]
fn an_import_through_the_parent_is_one_of_the_sibling() {
    let found = |text| broken("document/parse.rs", text);
    let breach = |subject: &str| vec![(Rule::Import, 1, subject.to_owned())];
    assert_eq!(found("use super::{Node, Path};\n"), vec![], "one is the parent's own, the other stands above");
    assert_eq!(found("use super::Layer;\n"), breach("document::merge::Layer"));
    assert_eq!(found("use crate::document::{Node, merge_layers};\n"), breach("document::merge::lay"));
    assert_eq!(found("use super::*;\n"), breach("document::merge::Layer"));
    assert_eq!(found("use super::{self, *};\n"), breach("document::merge::Layer"));
    assert_eq!(broken("document/path.rs", "use super::Span;\n"), vec![], "it stands above the folder");
    assert_eq!(broken("shape.rs", "use crate::document::Layer;\n"), vec![]);
}

#[test]
fn modules_for_tests_may_import_and_unwrap() {
    let text = "use super::merge;\nuse crate::emit;\nfn f() { a.unwrap() }\n".to_owned() + &"b();\n".repeat(500);
    assert_eq!(broken("document/fixture.rs", &text), vec![]);
    assert_eq!(broken("document/parse/tests.rs", &text), vec![]);
    assert_eq!(broken("document/path.rs", &format!("#[cfg(test)]\nmod tests {{\n{text}}}\n")), vec![]);
    let declared_first = "#[cfg(test)]\nmod tests;\nuse super::merge;\n";
    assert_eq!(broken("document/parse.rs", declared_first), vec![(Rule::Import, 3, "document::merge".to_owned())]);
    assert_eq!(broken("source/tests.rs", "a.unwrap();\n"), vec![(Rule::HalfDone, 1, "unwrap".to_owned())]);
}

#[test]
fn a_long_file_is_found() {
    let full = "const A: u8 = 1;\n".repeat(400);
    let padding = "\n// a comment\n/* two\nlines */\n".repeat(100);
    let tests = "#[cfg(test)]\nmod tests {\n".to_owned() + &"    // one\n    const B: u8 = 1;\n".repeat(100) + "}\n";
    assert_eq!(broken("source.rs", &format!("{padding}{full}{tests}")), vec![]);
    let long = format!("{full}#[cfg(test)]\nuse a::B;\n");
    assert_eq!(broken("source.rs", &long), vec![(Rule::LongFile, 1, "402".to_owned())]);
}

#[test]
fn a_long_function_is_found() {
    let function =
        |lines: usize| format!("\npub fn long(a: [u8; 4]) -> char {{\n{}    '{{'\n}}\n", "    a();\n\n".repeat(lines));
    assert_eq!(broken("source.rs", &function(47)), vec![]);
    assert_eq!(broken("source.rs", &function(48)), vec![(Rule::LongFunction, 2, "long".to_owned())]);
    let declared = format!("trait T {{\n    fn short(&self);\n{}}}\n", "    const A: u8;\n".repeat(60));
    assert_eq!(broken("source.rs", &declared), vec![]);
}

#[test]
fn what_is_half_done_is_found() {
    let breach = |line, word: &str| vec![(Rule::HalfDone, line, word.to_owned())];
    assert_eq!(broken("cli/mod.rs", "fn f() { todo!() }\n"), breach(1, "todo"));
    assert_eq!(broken("source.rs", "\nlet a = b\n    .unwrap();\n"), breach(3, "unwrap"));
    assert_eq!(broken("source.rs", "a.map(Option::unwrap);\n"), breach(1, "unwrap"));
    assert_eq!(broken("source.rs", "dbg!(a);\n"), breach(1, "dbg"));
    assert_eq!(broken("source.rs", "a.unwrap_or(b); // todo!() .unwrap()\nlet a = r#\"dbg!(\"a\")\"#;\n"), vec![]);
    assert_eq!(broken("source.rs", "#[cfg(test)]\nmod tests {\n    a.unwrap();\n}\n"), vec![]);
}

#[test]
fn printing_outside_the_command_line_is_found() {
    let breach = |word: &str| vec![(Rule::Printing, 1, word.to_owned())];
    assert_eq!(broken("emit/human.rs", "println!(\"a\");\n"), breach("println"));
    assert_eq!(broken("emit/human.rs", "eprintln!(\"a\");\n"), breach("eprintln"));
    assert_eq!(broken("emit/human.rs", "writeln!(out, \"println!\");\n"), vec![]);
    assert_eq!(broken("cli/render.rs", "println!(\"a\");\n"), vec![]);
}

#[test]
fn clocks_and_unordered_collections_are_found() {
    let breach = |line, word: &str| vec![(Rule::Unordered, line, word.to_owned())];
    assert_eq!(broken("graph/mod.rs", "use std::collections::HashMap;\n"), breach(1, "HashMap"));
    assert_eq!(broken("graph/mod.rs", "use rustc_hash::FxHashSet;\n"), breach(1, "FxHashSet"));
    assert_eq!(broken("graph/mod.rs", "\nlet a = std::time::Instant::now();\n"), breach(2, "Instant"));
    assert_eq!(broken("graph/mod.rs", "use std::time::SystemTime;\n"), breach(1, "SystemTime"));
    assert_eq!(broken("graph/mod.rs", "use indexmap::IndexMap; /* no HashMap /* at */ all HashMap */\n"), vec![]);
    assert_eq!(broken("cli/mod.rs", "use std::time::Instant;\n"), vec![]);
}

#[test]
fn an_exception_excuses_what_it_names_and_nothing_else() {
    let breach = |subject: &str| Breach {
        rule: Rule::LongFunction,
        file: "a.rs".to_owned(),
        line: 3,
        subject: subject.to_owned(),
    };
    let exception = |subject, reason| Exception { rule: Rule::LongFunction, file: "a.rs", subject, reason };
    assert_eq!(report(&[breach("f")], &[exception("f", "a table")]), Vec::<String>::new());
    assert_eq!(report(&[breach("g")], &[exception("f", "a table")]).len(), 2, "one breach, one exception too many");
    assert_eq!(
        report(&[breach("f")], &[exception("f", "")]),
        ["the exception LongFunction a.rs f has no reason; write one"]
    );
}

#[test]
fn comments_and_texts_are_lexed_away() {
    assert_eq!(without_comments("a // b\nc"), "a     \nc");
    assert_eq!(without_comments("a /* b /* c */\n d */ e"), "a             \n      e");
    assert_eq!(without_comments(r#"a "b\"c" d"#), r#"a """""" d"#);
    assert_eq!(without_comments("r#\"a\"b\"# c"), "\"\"\"\"\"\"\"\" c");
    assert_eq!(without_comments(r"'\'' '{' 'a b'a"), r#""""" """ 'a b'a"#);
    assert_eq!(without_comments("br\"\\\" r#type"), "\"\"\"\"\" r#type");
}
