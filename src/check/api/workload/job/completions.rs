//! How the completions of a Job are counted.

use crate::check::At;

/// Whose specification of a Job it is: in a CronJob fewer defaults are filled in, and nothing is dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A Job.
    Job,
    /// The template of a CronJob.
    CronJob,
}

/// How the completions of a Job are counted.
pub struct Completions {
    /// What they are counted by.
    pub mode: Mode,
    /// How many there are, where that is known.
    pub count: Option<i64>,
}

/// What completions are counted by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// One is as good as another.
    NonIndexed,
    /// Each has an index.
    Indexed,
    /// A mode that the server does not know.
    Unknown,
}

impl Completions {
    /// Those of this specification. A Job has one, where neither `completions` nor `parallelism` is written.
    pub fn new(spec: &At, owner: Owner) -> Self {
        let (mode, completions) = (spec.key("completionMode"), spec.key("completions"));
        let single = owner == Owner::Job && !completions.is_set() && !spec.key("parallelism").is_set();
        let mode = match mode.text() {
            "NonIndexed" => Mode::NonIndexed,
            "Indexed" => Mode::Indexed,
            _ if mode.is_set() => Mode::Unknown,
            _ => Mode::NonIndexed,
        };
        Self { mode, count: completions.integer().or(single.then_some(1)) }
    }

    /// Whether they are counted by index.
    pub fn is_indexed(&self) -> bool {
        self.mode == Mode::Indexed
    }

    /// How many indexes there are.
    pub fn indexed(&self) -> Option<i64> {
        self.count.filter(|_| self.is_indexed())
    }
}
