//! Collects what the checks of one object find; the sentences that all of them share are made here.

use super::address::{CIDR, IP_ADDRESS, LENIENT_CIDR, LENIENT_IP_ADDRESS};
use super::finding::{Correction, Finding, Part, Reason};
use super::format::Format;
use super::nearby::nearby;
use super::place::At;
use super::rule::Rule;
use crate::value::{KubernetesVersion, nearest, quote, unmistakable};

/// What the checks of one object know, and what they have found.
pub struct Checker {
    /// The version of the server that is asked.
    pub kubernetes: KubernetesVersion,
    findings: Vec<Finding>,
    object: usize,
}

impl Checker {
    /// Nothing found yet, of an object with this index in its bundle, for a server of this version.
    pub fn new(object: usize, kubernetes: KubernetesVersion) -> Self {
        Self { kubernetes, findings: Vec::new(), object }
    }

    /// One for the same object that has found nothing yet: for alternatives, of which it is not known whether they must hold.
    pub fn trial(&self) -> Self {
        Self::new(self.object, self.kubernetes)
    }

    /// Takes over what a trial has found.
    pub fn adopt(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }

    /// Whether the server is of version 1.`minor` or newer.
    pub fn since(&self, minor: u8) -> bool {
        self.kubernetes.minor >= minor
    }

    /// The form of IP addresses that the server takes.
    pub fn ip_address(&self) -> &'static Format {
        if self.since(36) { &IP_ADDRESS } else { &LENIENT_IP_ADDRESS }
    }

    /// The form of ranges of IP addresses that the server takes.
    pub fn cidr(&self) -> &'static Format {
        if self.since(36) { &CIDR } else { &LENIENT_CIDR }
    }

    /// What was found.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Runs a check, and says whether it found nothing.
    pub fn passes(&mut self, check: impl FnOnce(&mut Self)) -> bool {
        let before = self.findings.len();
        check(self);
        self.findings.len() == before
    }

    /// Says that something is wrong; what the others of this kind say with one fixed sentence each.
    pub fn refuse(
        &mut self,
        at: &At,
        rule: &Rule,
        reason: Reason,
        title: impl Into<String>,
        help: impl Into<String>,
    ) -> &mut Finding {
        let finding = Finding::new(rule, reason, at.cause(), title.into(), help.into());
        self.findings.push(Finding { object: self.object, field: at.to_string(), ..finding });
        self.findings.last_mut().expect("it was just added")
    }

    /// Asks that a field is there and not empty. `what` names it with its article: "a name". Says whether it is.
    pub fn require(&mut self, at: &At, rule: &Rule, what: &str) -> bool {
        let empty = at.is_empty();
        if empty {
            let title = format!("`{}` is {}", tail(&at.to_string(), 2), if at.is_set() { "empty" } else { "missing" });
            self.refuse(at, rule, Reason::Required, title, format!("write {what} at `{at}`"));
        }
        !empty
    }

    /// Asks that a text, where it is not empty, follows a format.
    pub fn follow(&mut self, at: &At, rule: &Rule, format: &Format) -> bool {
        at.is_empty() || self.follow_text(at, at.text(), rule, format)
    }

    /// Asks that a text follows a format; the empty one too.
    pub fn follow_text(&mut self, at: &At, text: &str, rule: &Rule, format: &Format) -> bool {
        let Err(problem) = (format.check)(text) else { return true };
        let title = format!("{} is not {}: it {problem}", quote(text), format.what);
        let help = match nearby(text, format) {
            Some(near) => format!("write `{near}`"),
            None => format!("write {} such as `{}`", format.what, format.example),
        };
        self.refuse(at, rule, Reason::Invalid, title, help);
        false
    }

    /// Asks that the key of an entry follows a format; it is shown, and not the value. `at` is what the server names.
    pub fn follow_key(&mut self, at: &At, key: &str, rule: &Rule, format: &Format) -> bool {
        let follows = self.follow_text(at, key, rule, format);
        if let Some(finding) = self.findings.last_mut().filter(|_| !follows) {
            finding.part = Part::Key;
        }
        follows
    }

    /// Asks that a text, where it is not empty, is one of these words.
    pub fn choose(&mut self, at: &At, rule: &Rule, words: &[&str]) -> bool {
        at.is_empty() || self.choose_text(at, at.text(), rule, words)
    }

    /// Asks that a text is one of these words; the empty one too.
    pub fn choose_text(&mut self, at: &At, text: &str, rule: &Rule, words: &[&str]) -> bool {
        if words.contains(&text) {
            return true;
        }
        let listed = |but: Option<&str>| {
            let others = words.iter().filter(|word| Some(**word) != but);
            others.map(|word| format!("`{word}`")).collect::<Vec<_>>()
        };
        let help =
            match (nearest(text, words.iter().copied()).filter(|_| !is_above_tcp(text, words)), &listed(None)[..]) {
                (None, _) if is_above_tcp(text, words) => "write `TCP`, which it runs over".to_owned(),
                (Some(near), [_]) => format!("did you mean `{near}`?"),
                (Some(near), _) => format!("did you mean `{near}`? It may be {} too", listed(Some(near)).join(", ")),
                (None, [only]) => format!("write {only}"),
                (None, [one, other]) => format!("write {one} or {other}"),
                (None, all) => format!("write one of {}", all.join(", ")),
            };
        let meant = unmistakable(text, words.iter().copied()).filter(|_| !is_above_tcp(text, words));
        let title = format!("{} is not a value of `{}`", quote(text), tail(&at.to_string(), 1));
        let finding = self.refuse(at, rule, Reason::NotSupported, title, help);
        finding.correction = meant.map(|meant| Correction::Rename(text.to_owned(), meant.to_owned()));
        false
    }

    /// Asks that a whole number, where it is there, is in a range with both its ends.
    pub fn bound(&mut self, at: &At, rule: &Rule, range: std::ops::RangeInclusive<i64>) -> bool {
        let Some(number) = at.integer().filter(|number| !range.contains(number)) else { return true };
        let (least, most) = (*range.start(), *range.end());
        let (is, help) = match (least, most) {
            (least, i64::MAX) => (format!("less than {least}"), format!("write a number from {least} on")),
            (i64::MIN, most) => (format!("more than {most}"), format!("write a number up to {most}")),
            _ => (format!("not between {least} and {most}"), format!("write a number from {least} to {most}")),
        };
        let title = format!("`{}` is {number}, {is}", tail(&at.to_string(), 1));
        self.refuse(at, rule, Reason::Invalid, title, help);
        false
    }

    /// Says that a value stands twice. `what` is what it is, without article: "port name".
    pub fn duplicate(&mut self, at: &At, rule: &Rule, what: &str, first: &At) {
        let value = at.value();
        let title = format!("the {what} {value} stands here for the second time");
        let finding = self.refuse(at, rule, Reason::Duplicate, title, format!("give each its own {what}"));
        finding.related.push((first.cause(), "the first one".to_owned()));
    }

    /// Asks that a field is not there. `why` says when it may not: "for a Service of type ClusterIP".
    pub fn forbid(&mut self, at: &At, rule: &Rule, why: &str) -> bool {
        let set = at.is_set();
        if set {
            self.refuse(at, rule, Reason::Forbidden, format!("`{at}` may not be set {why}"), format!("remove `{at}`"));
        }
        !set
    }
}

/// The last keys of a path, the very last without the number of its entry; the whole key of an annotation, in which dots may stand.
fn tail(path: &str, keys: usize) -> String {
    if let Some((_, key)) = path.split_once("annotations.").or_else(|| path.split_once("labels.")) {
        return key.to_owned();
    }
    let mut last: Vec<&str> = path.rsplit('.').take(keys).collect();
    if let Some(key) = last.first_mut() {
        *key = key.split('[').next().unwrap_or(key);
    }
    last.reverse();
    last.join(".")
}

/// Whether a word is a protocol that runs over TCP, where the protocol of a port is asked for.
fn is_above_tcp(text: &str, words: &[&str]) -> bool {
    words.contains(&"SCTP")
        && ["HTTP", "HTTPS", "HTTP2", "GRPC", "TLS"].iter().any(|word| text.eq_ignore_ascii_case(word))
}
