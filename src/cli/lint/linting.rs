//! What is looked at, and what was found in it.

use super::call::Call;
use crate::cli::disk::StackText;
use crate::cli::stream::StreamText;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::parse;
use crate::emit::report::{LookedAt, Remark};
use crate::lint::{self, Amended, Amendments, Linted, Question};
use crate::profile::Session;
use crate::source::FileId;
use crate::value::KubernetesVersion;

/// The texts that a call names, each read once; what cannot be read is what to say of it.
pub struct Texts {
    stacks: Vec<Result<StackText, Box<Diagnostic>>>,
    streams: Vec<Result<StreamText, Box<Diagnostic>>>,
}

impl Texts {
    /// Reads all of them.
    pub fn read(call: &Call) -> Self {
        let stacks = call.stacks.iter().map(|path| StackText::find(path.as_deref())).collect();
        Self { stacks, streams: call.streams.iter().flat_map(|path| StreamText::find(path)).collect() }
    }
}

/// What was found.
#[derive(Default)]
pub struct Linting {
    /// The texts and places that it speaks of.
    pub session: Session,
    /// What was found.
    pub remarks: Vec<Remark>,
    /// What is wrong with the call.
    pub refusals: Report,
    /// What was looked at.
    pub looked_at: Vec<LookedAt>,
    /// The same for a person.
    pub in_words: Vec<String>,
}

impl Linting {
    /// Looks at the texts, as they are with these amendments.
    pub fn of(texts: &Texts, call: &Call, amendments: &Amendments) -> Self {
        let mut linting = Self { session: Session { command: "lint", ..Session::default() }, ..Self::default() };
        for stack in &texts.stacks {
            match stack {
                Ok(stack) => linting.look_at_stack(stack, call, amendments),
                Err(refusal) => linting.refusals.push((**refusal).clone()),
            }
        }
        linting.look_at_streams(texts, call, amendments);
        linting
    }

    fn look_at_stack(&mut self, text: &StackText, call: &Call, amendments: &Amendments) {
        let Some(stack) = self.add(&text.name, &text.bytes, amendments) else { return };
        let question = Question { stack, profiles: &call.profiles, set: &call.set, kubernetes: call.kubernetes };
        let inputs = Amended { inputs: &text.disk, amendments };
        let Linted { remarks, refusals, profiles } = lint::stack(&question, &mut self.session, &inputs);
        // Of what is no TOML nobody knows the profiles, and something was found in it all the same.
        if !profiles.is_empty() {
            self.in_words.push(format!("{} on {}", text.name, profiles.join(", ")));
        } else if !remarks.is_empty() {
            self.in_words.push(text.name.clone());
        }
        if !profiles.is_empty() || !remarks.is_empty() {
            self.looked_at.push(LookedAt { file: stack, with: profiles });
        }
        self.remarks.extend(remarks);
        self.refusals.diagnostics.extend(refusals);
    }

    fn look_at_streams(&mut self, texts: &Texts, call: &Call, amendments: &Amendments) {
        let mut files = Vec::new();
        for text in &texts.streams {
            match text {
                Ok(text) => files.extend(self.add(&text.name, &text.bytes, amendments)),
                Err(refusal) => self.refusals.push((**refusal).clone()),
            }
        }
        let [first, rest @ ..] = &files[..] else { return };
        let kubernetes = call.kubernetes.unwrap_or(KubernetesVersion::USUAL.into());
        let found = lint::streams(&files, kubernetes, &mut self.session);
        let name = match rest.len() {
            0 => self.session.sources.file(*first).name.clone(),
            more => format!("{} files", more + 1),
        };
        let objects = counted(found.objects, "object");
        self.in_words.push(format!("{objects} of {name}, for Kubernetes {kubernetes}"));
        let looked_at = |file| LookedAt { file, with: vec![format!("Kubernetes {kubernetes}")] };
        self.looked_at.extend(files.into_iter().map(looked_at));
        self.remarks.extend(found.remarks);
    }

    fn add(&mut self, name: &str, bytes: &[u8], amendments: &Amendments) -> Option<FileId> {
        let bytes = amendments.texts.get(name).map_or(bytes, String::as_bytes).to_vec();
        parse::text_of(name, bytes, &self.session.sources, &mut self.refusals)
    }
}

/// `1 error`, `2 errors`.
pub fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
