//! Which profile a rendering uses, and the chain of profiles that it extends.

use super::{Language, Request, Session, builtin};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, OriginId, Table, Value, parse};
use crate::source::{BUILT_IN, Inputs, STDIN, Span};
use crate::value::{abbreviated, nearest, unmistakable};
use std::path::{Path, PathBuf};

/// One profile of a chain.
pub struct Link {
    /// Its name.
    pub name: String,
    /// Its checked layer; none for a profile that only the stack knows.
    pub file: Option<Node>,
}

/// `[stack] profiles`, with places.
pub fn declared(stack: &Node) -> Vec<(String, OriginId)> {
    let Some(Value::Array(names)) = stack.at(&["stack", "profiles"]).map(|node| &node.value) else { return Vec::new() };
    names.iter().filter_map(|name| Some((name.as_str()?.to_owned(), name.origin))).collect()
}

/// The names of the profiles that can be asked for: built in, beside the stack, made by the stack.
fn known(overlays: &Table, files: &[String]) -> Vec<String> {
    let mut names: Vec<String> = builtin::BUILTIN.iter().map(|builtin| builtin.name.to_owned()).collect();
    let made = overlays.iter().filter(|(_, node)| node.get("extends").is_some()).map(|(name, _)| name.to_string());
    for name in files.iter().cloned().chain(made) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn beside_the_stack(inputs: &dyn Inputs) -> Vec<String> {
    let files = inputs.list(Path::new("profiles")).unwrap_or_default();
    let toml = files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    toml.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}

fn file_of(name: &str) -> PathBuf {
    Path::new("profiles").join(format!("{name}.toml"))
}

impl Session {
    /// The chain of the profile asked for, its root first; `None` where there is no such profile.
    pub(super) fn chain(
        &mut self,
        request: &Request,
        declared: &[(String, OriginId)],
        overlays: &Table,
        inputs: &dyn Inputs,
        language: &Language,
    ) -> Option<Vec<Link>> {
        let files = beside_the_stack(inputs);
        let known = known(overlays, &files);
        self.check_files(&files);
        self.check_names(declared, overlays, &known, &files);
        let (wanted, place) = self.wanted(request, declared, &known)?;
        let mut links: Vec<Link> = Vec::new();
        let mut places: Vec<OriginId> = place.into_iter().collect();
        let mut next = Some((wanted, place));
        while let Some((name, place)) = next.take() {
            if let Some(at) = links.iter().position(|link| link.name == name) {
                self.report_cycle(&links[at..], &name, &places);
                return None;
            }
            let (link, extends) = self.link(&name, place, overlays, &known, inputs, language)?;
            links.push(link);
            next = extends.map(|(name, origin)| {
                places.push(origin);
                (name, Some(origin))
            });
        }
        links.reverse();
        self.note_undeclared(request, declared, &links);
        Some(links)
    }

    fn wanted(
        &mut self,
        request: &Request,
        declared: &[(String, OriginId)],
        known: &[String],
    ) -> Option<(String, Option<OriginId>)> {
        if let Some(name) = request.profile {
            return Some((name.to_owned(), None));
        }
        if let Some((name, origin)) = declared.first() {
            return Some((name.clone(), Some(*origin)));
        }
        let diagnostic =
            Diagnostic::error("no-profile", "no profile is chosen: the call names none, and the stack neither").help(
                format!(
                    "name one: `{}`, or write `profiles = [\"k3d\"]` below `[stack]`; there are {}",
                    self.command(request),
                    known.join(", ")
                ),
            );
        self.report.push(diagnostic);
        None
    }

    /// The whole command to retry with a profile.
    fn command(&self, request: &Request) -> String {
        let mut command = format!("stowplan {}", self.subcommand());
        for argument in &self.arguments {
            command.push_str(&format!(" {}", quoted_for_shell(argument)));
        }
        command.push_str(" -p k3d");
        let stack = self.sources.file(request.stack).name.as_str();
        match stack {
            "stack.toml" => {}
            STDIN => command.push_str(" -f -"),
            file => command.push_str(&format!(" -f {}", quoted_for_shell(file))),
        }
        for argument in request.set {
            command.push_str(&format!(" --set {}", quoted_for_shell(argument)));
        }
        command
    }

    fn subcommand(&self) -> &'static str {
        if self.command.is_empty() { "render" } else { self.command }
    }

    /// Loads one profile; with the name of the one that it extends.
    fn link(
        &mut self,
        name: &str,
        place: Option<OriginId>,
        overlays: &Table,
        known: &[String],
        inputs: &dyn Inputs,
        language: &Language,
    ) -> Option<(Link, Option<(String, OriginId)>)> {
        let path = file_of(name);
        let layer = format!("profile {name}");
        let file = if let Some(builtin) = builtin::find(name) {
            let text = self.sources.add(format!("profiles/{name}.toml{BUILT_IN}"), builtin.text);
            Some(self.profile_layer(layer, text, language)?)
        } else if let Ok(bytes) = inputs.read(&path) {
            let text = parse::text_of(&inputs.name(&path), bytes, &self.sources, &mut self.report)?;
            Some(self.profile_layer(layer, text, language)?)
        } else if overlays.get(name).is_some_and(|overlay| overlay.get("extends").is_some()) {
            None
        } else {
            self.report_unknown(name, place, known);
            return None;
        };
        // Nobody knows what it is laid over, and what that would have said would be missed one by one.
        let is_lost = |node: &Node| node.get("extends").is_some_and(|extends| matches!(extends.value, Value::Invalid));
        if file.as_ref().is_some_and(is_lost) || overlays.get(name).is_some_and(is_lost) {
            return None;
        }
        let extends = file.as_ref().and_then(extends).or_else(|| overlays.get(name).and_then(extends));
        Some((Link { name: name.to_owned(), file }, extends))
    }

    fn report_unknown(&mut self, name: &str, place: Option<OriginId>, known: &[String]) {
        let mut diagnostic = Diagnostic::error("unknown-profile", format!("there is no profile `{name}`"));
        if let (None, [first, _, ..]) = (place, &name.split(',').collect::<Vec<_>>()[..]) {
            let subcommand = self.subcommand();
            diagnostic.title = format!("`stowplan {subcommand}` takes one profile, and `{name}` names several");
            let help = format!(
                "name one, as in `stowplan {subcommand} -p {first}`; `stowplan snapshot -p {name}` writes the manifests of each into files"
            );
            self.report.push(diagnostic.help(help));
            return;
        }
        let words = || known.iter().map(String::as_str);
        diagnostic = match nearest(name, words()).or_else(|| abbreviated(name, words())) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!(
                "there are {}; to make your own, write `profiles/{name}.toml` beside the stack, or `[profile.{name}]` with `extends = \"cloud\"`",
                known.join(", ")
            )),
        };
        if let Some(place) = place {
            let meant = unmistakable(name, known.iter().map(String::as_str));
            let span = self.origins.get(place).span;
            diagnostic = diagnostic.at(span, "").renamed(span, &self.sources, name, meant);
        }
        self.report.push(diagnostic);
    }

    fn report_cycle(&mut self, links: &[Link], name: &str, places: &[OriginId]) {
        let names: Vec<_> = links.iter().map(|link| link.name.as_str()).chain([name]).collect();
        let mut diagnostic = Diagnostic::error("cycle", format!("profiles extend each other: {}", names.join(" → ")))
            .help("remove one `extends`, or extend a built-in profile such as `cloud`");
        for place in places.iter().rev().take(links.len()) {
            diagnostic = diagnostic.at(self.origins.get(*place).span, "extends the next one");
        }
        self.report.push(diagnostic);
    }

    /// A file named like a built-in profile would be passed over, or would change every stack's `-p k3d`: neither is meant.
    fn check_files(&mut self, files: &[String]) {
        for name in files.iter().filter(|name| builtin::find(name).is_some()) {
            let path = file_of(name).to_string_lossy().into_owned();
            let file = self.sources.add(path.clone(), "");
            let diagnostic = Diagnostic::error("profile-exists", format!("`{path}` is named like a profile that is built in"))
                .at(Span::new(file, 0..0), "")
                .help(format!(
                    "rename it, as in `profiles/my-{name}.toml` with `extends = \"{name}\"`; or put its tables below `[profile.{name}]` in the stack"
                ));
            self.report.push(diagnostic);
        }
    }

    /// An overlay or a declared profile with an unknown name would never apply, without a word.
    fn check_names(&mut self, declared: &[(String, OriginId)], overlays: &Table, known: &[String], files: &[String]) {
        for (name, node) in overlays {
            if !known.iter().any(|known| **known == **name) {
                self.report_unknown_overlay(name, node.origin, known);
            } else if let Some((_, origin)) = extends(node)
                && (builtin::find(name).is_some() || files.iter().any(|file| **file == **name))
            {
                let diagnostic = Diagnostic::error(
                    "profile-exists",
                    format!("the profile `{name}` is there already, and cannot extend another one here"),
                )
                .help(format!(
                    "remove `extends`: `[profile.{name}]` is laid over the profile; or take another name for a new one"
                ));
                self.report_at(origin, "", diagnostic);
            }
        }
        for (name, origin) in declared {
            if !known.contains(name) {
                self.report_unknown(name, Some(*origin), known);
            }
        }
    }

    fn report_unknown_overlay(&mut self, name: &str, origin: OriginId, known: &[String]) {
        let diagnostic = Diagnostic::error(
            "unknown-profile",
            format!("there is no profile `{name}`, so this overlay never applies"),
        );
        let words = || known.iter().map(String::as_str);
        let help = match nearest(name, words()).or_else(|| abbreviated(name, words())) {
            Some(near) => format!("did you mean `[profile.{near}]`?"),
            None => format!(
                "to make a new profile, add `extends = \"cloud\"` below `[profile.{name}]`; there are {}",
                known.join(", ")
            ),
        };
        let meant = unmistakable(name, known.iter().map(String::as_str));
        let span = self.key_span(origin);
        self.report.push(diagnostic.at(span, "").help(help).renamed(span, &self.sources, name, meant));
    }

    /// A profile outside `[stack] profiles` and their refinements is a finding.
    fn note_undeclared(&mut self, request: &Request, declared: &[(String, OriginId)], links: &[Link]) {
        let Some(name) = request.profile else { return };
        if declared.is_empty() || declared.iter().any(|(declared, _)| links.iter().any(|link| link.name == *declared)) {
            return;
        }
        let names: Vec<_> = declared.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let diagnostic =
            Diagnostic::warning("undeclared-profile", format!("this stack does not say that it supports `{name}`"))
                .help(format!("write `profiles = [{}, \"{name}\"]` below `[stack]`, if it does", names.join(", ")))
                .at(self.origins.get(declared[0].1).span, "");
        self.report.push(diagnostic);
    }
}

/// An argument as a POSIX shell takes it.
fn quoted_for_shell(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./=:,@".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

fn extends(node: &Node) -> Option<(String, OriginId)> {
    let extends = node.get("extends")?;
    Some((extends.as_str()?.to_owned(), extends.origin))
}
