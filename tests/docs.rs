//! The pages that are made from the code: committed as they are made. `STOWPLAN_BLESS=1 cargo test --test docs` writes them.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "support/program.rs"]
mod program;
mod support;

use program::Folder;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use stowplan::component::file::StackFile;
use stowplan::emit::docs;
use stowplan::emit::ink::Style;

#[track_caller]
fn compare(path: &str, made: &str) {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("STOWPLAN_BLESS").is_some() {
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(&full, made).unwrap();
    }
    let committed = fs::read_to_string(&full).unwrap_or_default();
    assert!(committed == made, "{path} is not up to date; STOWPLAN_BLESS=1 writes it");
}

#[test]
fn the_page_of_the_stack_file_is_up_to_date() {
    compare("docs/stack.md", &docs::reference());
}

#[test]
fn the_page_of_the_commands_is_up_to_date() {
    compare("docs/cli.md", &commands());
}

#[test]
fn the_pages_of_the_rules_are_up_to_date() {
    compare("docs/rules.md", &docs::rules::page());
    compare("docs/api-rules.md", &docs::rules::api_page());
    compare("docs/codes.md", &docs::codes::page());
}

#[test]
fn every_link_leads_to_a_heading_and_every_table_has_one() {
    let page = docs::reference();
    let anchor = |title: &str| -> String {
        let kept = title.chars().filter(|character| character.is_alphanumeric() || " -_".contains(*character));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    };
    let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let anchors: BTreeSet<String> = headings.iter().map(|title| anchor(title)).collect();
    assert_eq!(anchors.len(), headings.len(), "two headings have one name");
    let links: BTreeSet<&str> = page.split("](#").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
    assert!(links.len() > 40, "{}", links.len());
    for link in &links {
        assert!(anchors.contains(*link), "{link} leads nowhere");
    }
    for key in StackFile::FORM.all_keys() {
        let wanted = [format!("[{}.NAME]", key.name), format!("[{}]", key.name), format!("[{}.KEY]", key.name)];
        assert!(
            headings.iter().any(|title| wanted.contains(&(*title).to_owned()) || *title == key.name),
            "{}",
            key.name
        );
    }
}

#[test]
fn rows_have_as_many_cells_as_their_table() {
    let page = docs::reference();
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let mut width = None;
    for line in page.lines() {
        match line.starts_with('|') {
            true => assert_eq!(*width.get_or_insert(cells(line)), cells(line), "{line}"),
            false => width = None,
        }
    }
    let has = |needle: &str| assert!(page.contains(needle), "{needle}");
    has("| `security` | ");
    has("`\"baseline\"`");
    has("**Required.**");
    has("| `class` | a text | `\"local-path\"` (k3d); `\"standard\"` (minikube, kind); ");
}

/// What `--help` says of the program and of each command.
fn commands() -> String {
    let mut page = String::from(
        "<!-- Made from the help of the program: `STOWPLAN_BLESS=1 cargo test --test docs` writes it. -->\n# The commands\n",
    );
    let whole = help(&[]);
    write!(page, "\n```text\n{whole}```\n").unwrap();
    let mut pending: Vec<Vec<String>> = names(&whole).into_iter().map(|name| vec![name]).rev().collect();
    assert!(pending.len() > 5, "{whole}");
    while let Some(path) = pending.pop() {
        let text = help(&path.iter().map(String::as_str).collect::<Vec<_>>());
        write!(page, "\n## stowplan {}\n\n```text\n{text}```\n", path.join(" ")).unwrap();
        let below = names(&text).into_iter().filter(|name| name != "help");
        pending.extend(below.map(|name| [path.clone(), vec![name]].concat()).rev());
    }
    page
}

fn help(path: &[&str]) -> String {
    let call = Folder::of_repository(".").call(&[path, &["--help"]].concat()).variable("COLUMNS", "100");
    let text = call.run().ends(0).out;
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The names of the commands that a help lists.
fn names(help: &str) -> Vec<String> {
    let rows = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    rows.filter(|row| row.starts_with("  ") && !row.starts_with("   "))
        .filter_map(|row| row.split_whitespace().next().map(str::to_owned))
        .collect()
}

/// What `explain uses` says of each engine is what a component gets.
#[test]
fn the_variables_of_each_engine_are_those_that_a_component_gets() {
    let text = docs::explain("uses", Style::plain(400)).unwrap();
    for engine in ["postgres", "mysql", "mariadb", "redis", "valkey", "mongodb"] {
        let start = format!("  {engine} ");
        let said = text.lines().find(|line| line.starts_with(&start)).unwrap_or_else(|| panic!("{engine}: {text}"));
        for part in said[start.len()..].split(';').map(str::trim) {
            let (binding, named) = part.split_once(": ").unwrap();
            let (binding, is_default) = match binding.split_once(',') {
                Some((word, _)) => (word, true),
                None => (binding, false),
            };
            let words = named.split(|character: char| !character.is_ascii_uppercase() && character != '_');
            let named: BTreeSet<String> = words.filter(|word| word.len() > 4).map(str::to_owned).collect();
            let uses = format!("{{ data = \"{binding}\" }}");
            assert_eq!(variables(engine, &uses), named, "{engine} by {binding}");
            if is_default {
                assert_eq!(variables(engine, "[\"data\"]"), named, "{engine} by default");
            }
        }
    }
    for field in ["host", "fqdn", "port", "address", "url", "user", "password", "database", "sslmode"] {
        assert!(text.contains(&format!("\n  {field} ")), "{field}");
        let uses = format!("{{ data = {{ VALUE = \"{field}\" }} }}");
        assert!(variables("postgres", &uses).contains("VALUE"), "{field}");
    }
}

/// The variables of a component with these edges to a database of this engine, but those that only a URL is built from.
fn variables(engine: &str, uses: &str) -> BTreeSet<String> {
    let stack = format!(
        "[stack]\nname = \"shop\"\nnamespace = \"shop\"\n[db.data]\nengine = \"{engine}\"\nkeys.password = \"password\"\n[worker.w]\nimage = \"w:1\"\nuses = {uses}\n"
    );
    let objects = support::render(&stack, "k3d", &[], &[]).unwrap();
    let env = support::container(support::object(&objects, "Deployment", "w"))["env"].as_sequence().unwrap().clone();
    let names = env.iter().map(|variable| variable["name"].as_str().unwrap().to_owned());
    names.filter(|name| !name.starts_with("DATA_")).collect()
}
