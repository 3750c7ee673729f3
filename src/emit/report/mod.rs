//! Messages as text, one file per format.

pub mod human;
mod identity;
mod words;
mod place;
pub mod json;
pub mod sarif;
pub mod github;
pub mod gitlab;
pub mod junit;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{FileId, Sources};

/// What `lint` found once: a message, and where it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The message.
    pub diagnostic: Diagnostic,
    /// The profiles with which it was found; none where there is no stack.
    pub profiles: Vec<String>,
    /// What was looked at when it was found; its place may be in another file.
    pub file: FileId,
}

/// A text that `lint` has looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedAt {
    /// The stack, or the YAML.
    pub file: FileId,
    /// With what: `k3d` for a profile, `Kubernetes 1.34` for YAML; nothing where no profile could be asked for.
    pub with: Vec<String>,
}

/// All that one run of `lint` has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// What was found.
    pub remarks: Vec<Remark>,
    /// What is wrong with the call, so that something could not be looked at.
    pub refusals: Vec<Diagnostic>,
    /// What was looked at, whether anything was found there or not.
    pub looked_at: Vec<LookedAt>,
    /// From what on something is a failure.
    pub fail_on: Severity,
}

/// A format of the report of `lint`.
#[derive(Clone, Copy)]
pub struct Format {
    /// As `--format` takes it.
    pub name: &'static str,
    /// What it is for, as the help says it.
    pub purpose: &'static str,
    /// The whole report; in formats for machines the style does not count.
    pub print: fn(&Findings, &Sources, human::Style) -> String,
}

/// All formats, the one for people first.
pub const FORMATS: &[Format] = &[
    Format {
        name: "human",
        purpose: "The source lines with carets, and what to type next",
        print: |findings, sources, style| human::remarks(&findings.remarks, sources, style),
    },
    Format {
        name: "json",
        purpose: "One document with a list of findings",
        print: |findings, sources, _| json::json(findings, sources),
    },
    Format {
        name: "sarif",
        purpose: "SARIF 2.1.0, for code scanning on GitHub and for editors",
        print: |findings, sources, _| sarif::sarif(findings, sources),
    },
    Format {
        name: "github",
        purpose: "Annotations of lines, from a job of GitHub Actions",
        print: |findings, sources, _| github::github(findings, sources),
    },
    Format {
        name: "gitlab",
        purpose: "A Code Quality report, for merge requests on GitLab",
        print: |findings, sources, _| gitlab::gitlab(findings, sources),
    },
    Format {
        name: "junit",
        purpose: "JUnit XML, a test for each profile of each stack",
        print: |findings, sources, _| junit::junit(findings, sources),
    },
];

impl Format {
    /// The format with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }
}
