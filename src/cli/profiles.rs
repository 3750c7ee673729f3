//! `profiles`: the clusters that stowplan knows, and those that the stack makes.

use super::{Console, Disk, FileOption, Outcome, StackText, Stop, profile_name};
use crate::diagnostic::Diagnostic;
use crate::document::{LayerId, Node, OriginId, Value, parse};
use crate::emit::docs::wrap;
use crate::emit::ink::{Ink, Style};
use crate::profile::{Session, builtin};
use crate::source::{FileId, Inputs};
use crate::value::nearest;
use std::ops::Range;
use std::path::Path;

#[derive(clap::Args)]
#[command(after_help = "Examples:\n  stowplan profiles\n  stowplan profiles show eks")]
pub struct Arguments {
    #[command(flatten)]
    file: FileOption,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List the built-in profiles and the stack's own
    List {
        #[command(flatten)]
        file: FileOption,
    },
    /// Print the text of one
    Show {
        #[command(flatten)]
        file: FileOption,
        /// Its name; `base` is what every profile is laid over
        #[arg(value_parser = profile_name(), hide_possible_values = true)]
        name: String,
    },
}

/// Prints the list or the text.
///
/// # Errors
/// Where there is no such profile, the stack file cannot be read, or stdout cannot be written.
pub fn run(arguments: Arguments, before: FileOption, console: &Console) -> Outcome {
    let file = arguments.file.or(before);
    match arguments.command {
        Some(Command::Show { file: own, name }) => show(&name, &own.or(file), console),
        Some(Command::List { file: own }) => list(&own.or(file), console),
        None => list(&file, console),
    }
}

/// Nothing is laid over anything here, so nobody asks for the layer of a value.
const ANY_LAYER: LayerId = LayerId(0);

fn list(file: &FileOption, console: &Console) -> Outcome {
    let own = own(file, console)?;
    let mut profiles = built_in();
    profiles.extend(own.profiles);
    let text: String = if console.is_read_by_person() {
        let style = console.style_of_text();
        let widest =
            |of: fn(&Profile) -> &str| profiles.iter().map(|profile| of(profile).chars().count()).max().unwrap_or(0);
        let (first, second) = (widest(|profile| &profile.name), widest(Profile::base).max("EXTENDS".len()));
        let line = |profile: &Profile| {
            let (name, base) = (style.paint(Ink::Code, &format!("{:first$}", profile.name)), profile.base());
            let margin = first + 2 + second + 2;
            let lines = wrap(description(profile), style.width.saturating_sub(margin));
            let description = lines.join(&format!("\n{}", " ".repeat(margin)));
            format!("{}\n", format!("{name}  {base:second$}  {description}").trim_end())
        };
        let head = style.paint(Ink::Heading, &format!("{:first$}  EXTENDS", "NAME"));
        format!("{head}\n{}", profiles.iter().map(line).collect::<String>())
    } else {
        profiles.iter().map(|profile| format!("{}\n", profile.name)).collect()
    };
    console.data(&text)?;
    refuse(own.session, console)
}

/// Says what is wrong with the stack and the files beside it, after what could be told all the same.
fn refuse(session: Session, console: &Console) -> Outcome {
    let is_wrong = session.report.has_errors();
    console.report(session.report, &session.sources);
    if is_wrong { Err(Stop) } else { Ok(()) }
}

fn show(name: &str, file: &FileOption, console: &Console) -> Outcome {
    let mut profiles = built_in();
    if profiles.iter().all(|profile| profile.name != name) {
        let own = own(file, console)?;
        if own.profiles.iter().all(|profile| profile.name != name) {
            refuse(own.session, console)?;
        }
        profiles.extend(own.profiles);
    }
    let known = profiles.iter().map(|profile| profile.name.as_str());
    let style = console.style_of_data();
    match profiles.iter().find(|profile| profile.name == name) {
        Some(profile) => console.data(&painted(&format!("{}{}", chain(profile, &profiles), profile.text), style)),
        None if name == "base" => console.data(&painted(builtin::BASE, style)),
        None => {
            let diagnostic = Diagnostic::error("unknown-profile", format!("there is no profile `{name}`"));
            Err(console.refuse(diagnostic.help(match nearest(name, known.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", known.collect::<Vec<_>>().join(", ")),
            })))
        }
    }
}

/// The text of a profile with its comments, headers and keys in colors, line by line.
fn painted(text: &str, style: Style) -> String {
    text.split_inclusive('\n')
        .map(|whole| {
            let line = whole.trim_end_matches('\n');
            let end = &whole[line.len()..];
            match (line.as_bytes().first(), line.find(" = ")) {
                (Some(b'#'), _) => format!("{}{end}", style.paint(Ink::Aside, line)),
                (Some(b'['), _) => format!("{}{end}", style.paint(Ink::Heading, line)),
                (Some(_), Some(at)) => format!("{}{}{end}", style.paint(Ink::Code, &line[..at]), &line[at..]),
                _ => whole.to_owned(),
            }
        })
        .collect()
}

/// A profile as it is listed.
struct Profile {
    name: String,
    extends: Option<String>,
    /// Its text; of one that the stack makes, the lines of the stack that belong to it.
    text: String,
}

impl Profile {
    /// The profile that it extends; a dash where it extends none.
    fn base(&self) -> &str {
        self.extends.as_deref().unwrap_or("-")
    }
}

fn built_in() -> Vec<Profile> {
    let mut session = Session::default();
    let built_in = builtin::BUILTIN.iter().map(|builtin| {
        let file = session.sources.add(builtin.name, builtin.text);
        Profile { name: builtin.name.to_owned(), extends: extends(&mut session, file), text: builtin.text.to_owned() }
    });
    built_in.collect()
}

/// The profiles beside the stack and in it.
struct Own {
    profiles: Vec<Profile>,
    /// What was read, and what is wrong with it.
    session: Session,
}

/// Those beside the stack alone where the call names no stack and there is none.
fn own(option: &FileOption, console: &Console) -> Result<Own, Stop> {
    let mut session = Session::default();
    let found = match StackText::find(option.file.as_deref()) {
        Ok(found) => found,
        Err(_) if option.file.is_none() => {
            let profiles = beside(&Disk::new(""), &mut session);
            return Ok(Own { profiles, session });
        }
        Err(error) => return Err(console.refuse(*error)),
    };
    let mut profiles = beside(&found.disk, &mut session);
    let file = parse::text_of(&found.name, found.bytes, &session.sources, &mut session.report);
    let root = file.and_then(|file| Some((file, session.parse(file, ANY_LAYER)?)));
    if let Some((file, root)) = &root
        && let Some(overlays) = root.get("profile").and_then(Node::as_table)
    {
        for (name, overlay) in overlays {
            if let Some(base) = overlay.get("extends").and_then(Node::as_str) {
                let text = lines_of(overlay, *file, &session);
                profiles.push(Profile { name: name.to_string(), extends: Some(base.to_owned()), text });
            }
        }
    }
    Ok(Own { profiles, session })
}

/// The files in the folder `profiles` beside the stack; mistakes in them are reported.
fn beside(disk: &Disk, session: &mut Session) -> Vec<Profile> {
    let mut profiles = Vec::new();
    for path in disk.list(Path::new("profiles")).unwrap_or_default() {
        let is_profile = path.extension().is_some_and(|extension| extension == "toml");
        let (true, Some(name), Ok(bytes)) =
            (is_profile, path.file_stem().and_then(|stem| stem.to_str()), disk.read(&path))
        else {
            continue;
        };
        let file = parse::text_of(&path.to_string_lossy(), bytes, &session.sources, &mut session.report);
        if let Some(file) = file {
            let extends = extends(session, file);
            profiles.push(Profile { name: name.to_owned(), extends, text: session.sources.file(file).text.clone() });
        }
    }
    profiles
}

fn extends(session: &mut Session, file: FileId) -> Option<String> {
    let root = session.parse(file, ANY_LAYER)?;
    Some(root.get("extends")?.as_str()?.to_owned())
}

/// What a profile is for: the first sentence of the comment that its text begins with, without the profile's own name.
fn description(profile: &Profile) -> &str {
    let comment = profile.text.lines().next().and_then(|line| line.strip_prefix('#')).map_or("", str::trim);
    let comment = comment.strip_prefix(&profile.name).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(comment);
    comment.split_once(". ").map_or(comment, |(first, _)| first).trim_end_matches('.')
}

/// A comment that says which profiles a profile is laid over; nothing where it stands on the base alone.
fn chain(profile: &Profile, profiles: &[Profile]) -> String {
    let mut names = Vec::new();
    let mut next = profile.extends.as_deref();
    while let Some(name) = next.take() {
        if names.contains(&name) {
            break;
        }
        names.push(name);
        next = profiles.iter().find(|profile| profile.name == name).and_then(|profile| profile.extends.as_deref());
    }
    if names.is_empty() {
        return String::new();
    }
    names.reverse();
    format!("# Laid over base, {}.\n", names.join(", "))
}

/// The lines of the stack file in which an overlay is written, tables apart by a blank line.
fn lines_of(overlay: &Node, file: FileId, session: &Session) -> String {
    let source = session.sources.file(file);
    let lines: Vec<&str> = source.text.lines().collect();
    let mut is_wanted = vec![false; lines.len()];
    let mut pending = vec![overlay];
    while let Some(node) = pending.pop() {
        for number in lines_of_origin(node.origin, session) {
            is_wanted[number.min(lines.len() - 1)] = true;
        }
        match &node.value {
            Value::Table(table) => pending.extend(table.values()),
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate().filter(|(number, _)| is_wanted[*number]) {
        if line.trim_start().starts_with('[') && !text.is_empty() && !is_wanted[number - 1] {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// The lines that a value takes with its key, counted from 0.
fn lines_of_origin(origin: OriginId, session: &Session) -> Range<usize> {
    let origin = session.origins.get(origin);
    let file = session.sources.file(origin.span.file);
    let start = origin.key.unwrap_or(origin.span).start.min(origin.span.start);
    let (first, _) = file.line_column(start as usize);
    let (last, _) = file.line_column(origin.span.end as usize);
    first - 1..last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_built_in_profile_has_a_description_and_a_chain() {
        let profiles = built_in();
        for profile in &profiles {
            assert!(description(profile).len() > 20, "{}", profile.name);
        }
        let find = |name: &str| profiles.iter().find(|profile| profile.name == name).unwrap();
        assert_eq!(chain(find("k3d"), &profiles), "");
        assert_eq!(chain(find("eks"), &profiles), "# Laid over base, cloud.\n");
    }

    #[test]
    fn an_overlay_is_the_lines_that_are_written_for_it() {
        let mut session = Session::default();
        let text = "[profile.a]\nextends = \"k3d\"\n# why\nunset = [\n  \"hpa.web\",\n]\n\n[api.web]\nimage = \"x\"\n\n[profile.a.api.web]\nreplicas = 1\n";
        let file = session.sources.add("stack.toml", text);
        let root = session.parse(file, ANY_LAYER).unwrap();
        let overlay = root.at(&["profile", "a"]).unwrap();
        let expected =
            "[profile.a]\nextends = \"k3d\"\nunset = [\n  \"hpa.web\",\n]\n\n[profile.a.api.web]\nreplicas = 1\n";
        assert_eq!(lines_of(overlay, file, &session), expected);
    }
}
