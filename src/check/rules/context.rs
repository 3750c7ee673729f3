//! What rules look at.

use super::LintRule;
use crate::bundle::{Bundle, CauseId, Object};
use crate::check::target::Target;
use crate::component::lint::{Lint, RuleLevel};
use crate::diagnostic::Severity;
use crate::graph::Graph;
use crate::profile::overridden::Overridden;
use crate::stack::Stack;

/// How much of the cluster is to be seen, for rules that miss something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// A stack makes all that it needs, but for what it says is elsewhere.
    Closed,
    /// YAML of others: what is missing may exist elsewhere.
    Open,
    /// YAML of others of which a part cannot be read: what is missing may stand in that part.
    Broken,
}

/// What rules look at: finished objects, what they refer to, and the stack that they were made of.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The objects.
    pub bundle: &'a Bundle,
    /// What they refer to.
    pub graph: &'a Graph<'a>,
    /// The versions of Kubernetes that they must fit.
    pub target: Target,
    /// The stack; none for YAML of others.
    pub stack: Option<&'a Stack>,
    /// How much of the cluster is to be seen.
    pub completeness: Completeness,
    /// What files of profiles say in vain, and where; nothing for YAML of others.
    pub overridden: &'a [Overridden],
    /// Whether somebody wrote a value for this stack, and it is not only a default of a profile.
    pub is_written: &'a (dyn Fn(CauseId) -> bool + Sync),
}

impl<'a> Context<'a> {
    /// Whether the cluster is one of the developer's machine.
    pub fn is_local(&self) -> bool {
        self.stack.is_some_and(|stack| stack.cluster.local.is_some_and(|local| local.value))
    }

    /// The objects with their indices.
    pub fn objects(&self) -> impl Iterator<Item = (usize, &'a Object)> + use<'a> {
        self.bundle.objects.iter().enumerate()
    }

    /// Whether the tables of a stack made an object, so that help speaks in their words; else it stands in YAML.
    pub fn is_of_tables(&self, object: &Object) -> bool {
        self.stack.is_some() && !object.identity.is_given()
    }

    /// Whether nothing but the objects of others is known.
    pub fn is_foreign(&self) -> bool {
        self.stack.is_none()
    }

    /// Whether the stack says that such an object exists without it. `kind` is spelled as in `Deployment`.
    pub fn is_elsewhere(&self, kind: &str, name: &str) -> bool {
        let patterns = self.lint().map(|lint| lint.external.as_slice()).unwrap_or_default();
        patterns.iter().any(|pattern| pattern.value.covers(kind, name))
    }

    /// How bad the findings of a rule are here; `None` where it is silent.
    pub fn severity(&self, rule: &LintRule) -> Option<Severity> {
        let chosen = self.lint().and_then(|lint| lint.level.iter().find(|(name, _)| name.value.as_str() == rule.name));
        match chosen.map(|(_, level)| level.value) {
            Some(RuleLevel::Error) => Some(Severity::Error),
            Some(RuleLevel::Warning) => Some(Severity::Warning),
            Some(RuleLevel::Info) => Some(Severity::Info),
            Some(RuleLevel::Off) => None,
            None if self.is_local() => rule.levels.local,
            None if self.is_foreign() => rule.levels.foreign(),
            None => rule.levels.cloud,
        }
    }

    fn lint(&self) -> Option<&'a Lint> {
        self.stack?.file.tables.lint.as_ref()
    }
}
