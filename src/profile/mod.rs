//! Layers: base, profiles, the stack, its overlays and `--set` become one tree, in which each component is put together.

pub mod merge;
pub mod builtin;
pub mod overlaid;
pub mod chain;
pub mod inherit;
pub mod removal;
pub mod set;
pub mod target;
pub mod template;
pub mod unset;
pub mod overridden;
pub mod part;
pub mod assemble;

use crate::diagnostic::{Diagnostic, Report};
use crate::document::{LayerId, Node, OriginId, Origins, Table, Value, parse};
use crate::shape::{Checker, Kind, TableForm};
use crate::source::{DEFAULTS, FileId, Inputs, Sources, Span};
use chain::Link;
use overridden::Overridden;
use removal::Removed;

/// The declarations of the files that are layers.
pub struct Language {
    /// A stack file.
    pub stack: &'static TableForm,
    /// As a kind of value.
    pub stack_kind: &'static Kind,
    /// An overlay `[profile.NAME]`, and a profile's file, which holds the same tables.
    pub overlay: &'static TableForm,
    /// As a kind of value.
    pub overlay_kind: &'static Kind,
}

/// A layer, for messages and reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// As the user would name it: `stack.toml`, `profile cloud`, `[profile.cloud]`, `--set`.
    pub name: String,
    /// Whether it belongs to the stack or to what stands below it.
    pub role: Role,
}

/// Whether a layer belongs to the stack or to what stands below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The base or a profile's file.
    Profile,
    /// The stack file, an overlay in it, or `--set`.
    Stack,
}

/// What is read, checked and merged in one run.
#[derive(Default)]
pub struct Session {
    /// All texts.
    pub sources: Sources,
    /// All places.
    pub origins: Origins,
    /// All messages.
    pub report: Report,
    /// All layers.
    pub layers: Vec<Layer>,
    /// The subcommand that was typed, for messages that show the whole command; empty for `render`.
    pub command: &'static str,
    /// What was typed behind it beside options, and so belongs to the whole command too.
    pub arguments: Vec<String>,
    /// Whether the stack will be resolved again.
    pub repetition: Repetition,
    /// The stack that was resolved last, where it may be so again.
    pub kept: Kept,
}

/// Whether a stack that is resolved will be so again, for another profile; its text is read but once then.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Repetition {
    /// This is the last time.
    #[default]
    Last,
    /// More profiles come.
    More,
}

/// A stack that was parsed and checked once.
#[derive(Default)]
pub struct Kept(Option<KeptStack>);

struct KeptStack {
    file: FileId,
    node: Node,
    /// What was said about it by itself.
    said: Vec<Diagnostic>,
}

/// What one rendering is asked for.
pub struct Request<'a> {
    /// The stack file, already among the sources.
    pub stack: FileId,
    /// The profile, where the call names one.
    pub profile: Option<&'a str>,
    /// The arguments of `--set`, in order.
    pub set: &'a [String],
}

/// The one tree of a rendering.
pub struct Resolved {
    /// Every table of the stack with all layers merged and each component put together.
    pub root: Node,
    /// The profile.
    pub profile: String,
    /// The names of the profile's chain, its root first and itself last.
    pub chain: Vec<String>,
    /// What `unset` took away and no later layer wrote again.
    pub removed: Vec<Removed>,
    /// What files of profiles beside the stack say in vain.
    pub overridden: Vec<Overridden>,
}

impl Session {
    /// Names a layer.
    pub fn layer(&mut self, name: impl Into<String>, role: Role) -> LayerId {
        self.layers.push(Layer { name: name.into(), role });
        LayerId(u16::try_from(self.layers.len() - 1).unwrap_or(u16::MAX))
    }

    /// Parses a text as a layer; reports what is no TOML.
    pub fn parse(&mut self, file: FileId, layer: LayerId) -> Option<Node> {
        parse::parse(file, &self.sources, layer, &mut self.origins, &mut self.report)
    }

    /// Checks a layer against its declaration and brings it into its long form.
    pub fn check(&mut self, node: &mut Node, kind: &'static Kind) {
        Checker::new(&self.sources, &self.origins, &mut self.report).check(node, kind);
    }

    /// Parses and checks a text that holds a profile.
    fn profile_layer(&mut self, name: impl Into<String>, file: FileId, language: &Language) -> Option<Node> {
        let layer = self.layer(name, Role::Profile);
        let mut node = self.parse(file, layer)?;
        self.check(&mut node, language.overlay_kind);
        Some(node)
    }

    /// Parses and checks a stack file, or takes what became of it before.
    fn stack_layer(&mut self, file: FileId, language: &Language) -> Option<Node> {
        if let Some(kept) = self.kept.0.take_if(|kept| kept.file == file) {
            self.report.diagnostics.extend(kept.said.iter().cloned());
            return Some(match self.repetition {
                Repetition::Last => kept.node,
                Repetition::More => self.kept.0.insert(kept).node.clone(),
            });
        }
        let first = self.report.diagnostics.len();
        let layer = self.layer(self.sources.file(file).name.clone(), Role::Stack);
        let mut node = self.parse(file, layer)?;
        self.check(&mut node, language.stack_kind);
        if self.repetition == Repetition::More {
            let said = self.report.diagnostics[first..].to_vec();
            self.kept = Kept(Some(KeptStack { file, node: node.clone(), said }));
        }
        Some(node)
    }

    /// Makes the one tree of a rendering; goes on after each mistake. `None` where a layer is no TOML or the profile is unknown.
    pub fn resolve(&mut self, request: &Request, language: &Language, inputs: &dyn Inputs) -> Option<Resolved> {
        let mut stack = self.stack_layer(request.stack, language)?;
        let mut overlays = take_table(&mut stack, "profile");
        let profiles = chain::declared(&stack);
        let links = self.chain(request, &profiles, &overlays, inputs, language);
        let mut sets = set::layers(self, request.set, language);
        let mut links = links?;
        let mut files: Vec<&mut Node> = links.iter_mut().filter_map(|link| link.file.as_mut()).collect();
        overlaid::check_files(&stack, &mut files, language, self);
        let has_file = links.iter().any(|link| link.file.is_some() && builtin::find(&link.name).is_none());
        let named = if has_file { &mut [][..] } else { &mut sets[..] };
        overlaid::check(&stack, &mut overlays, named, language, self);

        let mut merging = unset::Merging::new(language);
        let base = self.sources.add(DEFAULTS, builtin::BASE);
        let base = self.profile_layer("defaults of stowplan", base, language)?;
        let mut root = inherit::empty(stack.origin);
        let names: Vec<String> = links.iter().map(|link| link.name.clone()).collect();
        let mut layers = vec![base];
        let mut overlay_layers = Vec::new();
        let mut overridden = Vec::new();
        for Link { name, file } in links {
            if let Some(file) = file.as_ref().filter(|_| builtin::find(&name).is_none()) {
                overridden.extend(overridden::overridden(&name, file, &stack, language, self));
            }
            layers.extend(file);
            if let Some((_, node)) = overlays.iter().find(|(overlay, _)| ***overlay == *name) {
                overlay_layers.push(self.relabelled(node, format!("[profile.{name}]")));
            }
        }
        for (_, node) in overlays.iter().filter(|(name, _)| !names.iter().any(|link| ***name == *link)) {
            unset::check_paths(node.clone(), language, self);
        }
        layers.push(stack);
        layers.append(&mut overlay_layers);
        layers.extend(sets);
        for layer in layers {
            merging.lay_over(&mut root, layer, self);
        }
        let profile = names.last().cloned().unwrap_or_default();
        let removed = assemble::assemble(&mut root, merging, self);
        overridden::retain_effective(&mut overridden, &root, self);
        Some(Resolved { root, profile, chain: names, removed, overridden })
    }

    /// A copy of an overlay whose values belong to a layer of its own.
    fn relabelled(&mut self, node: &Node, name: String) -> Node {
        let layer = self.layer(name, Role::Stack);
        let mut copy = node.clone();
        self.relabel(&mut copy, layer);
        copy
    }

    fn relabel(&mut self, node: &mut Node, layer: LayerId) {
        let mut origin = *self.origins.get(node.origin);
        origin.layer = layer;
        node.origin = self.origins.add(origin);
        match &mut node.value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.relabel(item, layer)),
            Value::Table(table) => table.values_mut().for_each(|child| self.relabel(child, layer)),
            _ => {}
        }
    }

    /// A message with the key at `origin` as its primary place.
    pub(crate) fn report_at(&mut self, origin: OriginId, text: &str, diagnostic: Diagnostic) {
        let span = self.key_span(origin);
        self.report.push(diagnostic.at(span, text));
    }

    /// The place of a key; of the value where there is none.
    pub(crate) fn key_span(&self, origin: OriginId) -> Span {
        let origin = self.origins.get(origin);
        origin.key.unwrap_or(origin.span)
    }

    /// Whether a value was written under this key, and not under the one that the key is short for.
    fn is_written_as(&self, origin: OriginId, key: &str) -> bool {
        let written = self.origins.get(origin).key.map(|span| self.sources.text(span));
        written.is_some_and(|written| written.trim_matches(['"', '\'']) == key)
    }

    /// Whether a value belongs to the stack or to what stands below it.
    pub(crate) fn role(&self, origin: OriginId) -> Role {
        role(&self.origins, &self.layers, origin)
    }
}

/// Whether a value belongs to the stack or to what stands below it.
pub(crate) fn role(origins: &Origins, layers: &[Layer], origin: OriginId) -> Role {
    let layer = origins.get(origin).layer;
    layers.get(usize::from(layer.0)).map_or(Role::Stack, |layer| layer.role)
}

fn take_table(node: &mut Node, key: &str) -> Table {
    match node.as_table_mut().and_then(|table| table.shift_remove(key)) {
        Some(Node { value: Value::Table(table), .. }) => table,
        _ => Table::default(),
    }
}
