//! `init`: a starter stack.

use super::disk::is_folder;
use super::{Console, Outcome, reason};
use crate::diagnostic::Diagnostic;
use crate::value::{Name, Scalar};
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  stowplan init
  stowplan init shop --with db,cronjob,ingress,hpa")]
pub struct Arguments {
    /// The name of the stack
    #[arg(default_value = "app", value_parser = name)]
    name: Name,
    /// What it has beside an api
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    with: Vec<Part>,
}

/// What a starter may have beside an api.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// A PostgreSQL database that the others use
    Db,
    /// A process that nothing connects to
    Worker,
    /// Runs by the clock
    Cronjob,
    /// One run, such as a migration
    Job,
    /// A host name for the api
    Ingress,
    /// As many Pods of the api as the load asks for
    Hpa,
}

fn name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|invalid| match invalid.help {
        Some(help) => format!("{}; {help}", invalid.title),
        None => invalid.title,
    })
}

const PATH: &str = "stack.toml";

/// Writes the file and says what to type next.
///
/// # Errors
/// Where there is a stack already, or it cannot be written.
pub fn run(arguments: &Arguments, console: &Console) -> Outcome {
    write(&starter(arguments)).map_err(|error| console.refuse(*error))?;
    console.tell(&format!(
        "wrote {PATH}; put your image into it, then type\n\n  stowplan render -p k3d | kubectl apply -f -\n"
    ));
    Ok(())
}

/// The parts of a starter in the order in which they stand; those without a word of their own are always there.
const PARTS: [(Option<Part>, &str, &str); 8] = [
    (None, "stack", include_str!("../../templates/init/stack.toml")),
    (Some(Part::Db), "db", include_str!("../../templates/init/db.toml")),
    (None, "api", include_str!("../../templates/init/api.toml")),
    (Some(Part::Worker), "worker", include_str!("../../templates/init/worker.toml")),
    (Some(Part::Cronjob), "cronjob", include_str!("../../templates/init/cronjob.toml")),
    (Some(Part::Job), "job", include_str!("../../templates/init/job.toml")),
    (Some(Part::Hpa), "hpa", include_str!("../../templates/init/hpa.toml")),
    (Some(Part::Ingress), "ingress", include_str!("../../templates/init/ingress.toml")),
];

fn starter(arguments: &Arguments) -> String {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let syntax = SyntaxConfig::builder().trim_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.expect("the usual delimiters are valid"));
    let has = |part: Option<Part>| part.is_none_or(|part| arguments.with.contains(&part));
    let mut facts: BTreeMap<&str, Value> = PARTS.iter().map(|(part, name, _)| (*name, has(*part).into())).collect();
    facts.insert("name", arguments.name.as_str().into());
    let facts = Value::from(facts);
    let parts = PARTS.iter().filter(|(part, ..)| has(*part)).map(|(_, _, template)| {
        environment.render_str(template, &facts).expect("the templates are ours: a test renders all of them")
    });
    parts.collect::<Vec<_>>().join("\n")
}

fn write(text: &str) -> Result<(), Box<Diagnostic>> {
    let mut file = File::create_new(PATH).map_err(|error| match error.kind() {
        _ if Path::new(PATH).is_dir() => is_folder(),
        ErrorKind::AlreadyExists => in_the_way(),
        _ => unwritable(&error),
    })?;
    file.write_all(text.as_bytes()).map_err(|error| {
        // Half a stack would be in the way of the next try; where it cannot be removed, that try says so.
        let _ = fs::remove_file(PATH);
        unwritable(&error)
    })
}

fn in_the_way() -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error("file-exists", format!("there is a {PATH} here already"));
    Box::new(diagnostic.help(format!("go on with it: `stowplan render -p k3d`; or move it away: `mv {PATH} old.toml`")))
}

fn unwritable(error: &std::io::Error) -> Box<Diagnostic> {
    let title = format!("`{PATH}` cannot be written: {}", reason(error));
    Box::new(Diagnostic::error("cannot-write", title).help("go to a folder of your own with some space left"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    fn with(with: Vec<Part>) -> String {
        starter(&Arguments { name: name("shop").unwrap(), with })
    }

    #[test]
    fn every_combination_is_toml_without_traces_of_the_template() {
        for bits in 0..1_u32 << Part::value_variants().len() {
            let parts = Part::value_variants().iter().enumerate();
            let parts: Vec<Part> = parts.filter(|(at, _)| bits >> at & 1 == 1).map(|(_, part)| *part).collect();
            let text = with(parts.clone());
            let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{parts:?}: {error}\n{text}"));
            assert!(!text.contains("{%") && !text.contains("{{") && !text.contains("\n\n\n"), "{text}");
            for (part, table_name, _) in PARTS {
                let wanted = part.is_none_or(|part| parts.contains(&part));
                assert_eq!(table.contains_key(table_name), wanted, "{table_name} in\n{text}");
            }
        }
    }

    #[test]
    fn the_name_is_checked_and_used() {
        assert!(with(Vec::new()).contains("name = \"shop\""));
        assert!(name("My Shop").is_err());
    }
}
