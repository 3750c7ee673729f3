//! `diff`: what it finds between profiles, revisions and clusters, why, and in which format.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

#[path = "../support/program.rs"]
mod program;
#[path = "../rendered/mod.rs"]
mod rendered;
#[path = "../support/mod.rs"]
mod support;

mod applied;
mod calls;
mod examples;
mod live;
mod lists;
mod risks;

use stowplan::change::Changes;
use stowplan::diff::{Question, Risks, Side, between, render};
use stowplan::emit::report::human::{self, Color, Style};
use stowplan::pipeline::Rendering;
use stowplan::profile::Session;
use support::Files;

/// How texts are drawn that are compared.
pub const PLAIN: Style = Style { color: Color::Never, width: 120 };

/// Two stacks of one session, rendered for a profile each.
pub struct Two {
    /// What was read and said.
    pub session: Session,
    /// The first and the second one.
    pub both: [Rendering; 2],
}

impl Two {
    /// Two stacks for one profile.
    pub fn stacks(before: &str, after: &str, profile: &str) -> Self {
        Self::of([(before, profile), (after, profile)])
    }

    /// One stack for two profiles.
    pub fn profiles(stack: &str, before: &str, after: &str) -> Self {
        Self::of([(stack, before), (stack, after)])
    }

    fn of(stacks: [(&str, &str); 2]) -> Self {
        let mut session = Session::default();
        let both = stacks.map(|(text, profile)| {
            let stack = session.sources.add("stack.toml", text);
            let question = Question { stack, set: &[], kubernetes: None };
            let rendering = render(&question, Some(profile), &mut session, &Files::new(&[]));
            let said = human::render(&session.report, &session.sources, PLAIN);
            rendering.unwrap_or_else(|| panic!("{text}\n{said}"))
        });
        Self { session, both }
    }

    /// What differs.
    pub fn changes(&self) -> Changes<'_> {
        self.between(0, 1)
    }

    /// What differs, seen from the other side.
    pub fn mirrored(&self) -> Changes<'_> {
        self.between(1, 0)
    }

    /// What differs between one of the two and one of the two.
    pub fn between(&self, before: usize, after: usize) -> Changes<'_> {
        let side = |at: usize| Side::of(["a", "b"][at], &self.both[at]);
        between(side(before), side(after), &self.session, Risks::Marked)
    }

    /// The differences as a person reads them.
    pub fn text(&self) -> String {
        stowplan::emit::changes::human::human(&self.changes(), PLAIN)
    }
}
