//! What servers of several versions would refuse, each thing once, with the versions that refuse it.

use super::check;
use super::finding::{Finding, Verdict};
use super::target::{Context, Target};
use crate::bundle::{Bundle, CauseId};
use crate::document::OriginId;
use crate::value::{KubernetesRange, KubernetesVersion};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// What makes two findings of two versions one: object, rule, field, cause, verdict and words, in which versions do not count;
/// and how many such were found before it in its version.
type Sameness = (usize, &'static str, String, CauseId, Verdict, String, usize);

/// Everything that a server of any of these versions would refuse, in the order of the objects. What only some refuse says
/// which. `origin` is the place where the version is written, for messages.
pub fn check_versions(bundle: &Bundle, versions: KubernetesRange, origin: Option<OriginId>) -> Vec<Finding> {
    let ask = |version| check(&Context { bundle, target: Target { origin, ..Target::of(version) } });
    if versions.oldest == versions.newest {
        return ask(versions.oldest);
    }
    let mut all: IndexMap<Sameness, (Finding, Vec<KubernetesVersion>), FxBuildHasher> = IndexMap::default();
    for version in versions.versions() {
        let mut told: IndexMap<Sameness, usize, FxBuildHasher> = IndexMap::default();
        for finding in ask(version) {
            let Finding { object, rule, verdict, cause, .. } = finding;
            let words = without_versions(&finding.title);
            let mut sameness = (object, rule, finding.field.clone(), cause, verdict, words, 0);
            let count = told.entry(sameness.clone()).or_default();
            sameness.6 = *count;
            *count += 1;
            all.entry(sameness).or_insert_with(|| (finding, Vec::new())).1.push(version);
        }
    }
    let mut findings: Vec<Finding> =
        all.into_values().map(|(finding, which)| limited(finding, &which, versions)).collect();
    findings.sort_by_key(|finding| finding.object);
    findings
}

/// A title without the digits behind each `1.`.
fn without_versions(title: &str) -> String {
    let parts = title.split("1.").map(|part| part.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    parts.collect::<Vec<_>>().join("1.")
}

/// A finding that says which of the versions refuse, where not all do.
fn limited(mut finding: Finding, which: &[KubernetesVersion], all: KubernetesRange) -> Finding {
    let (Some(first), Some(last)) = (which.first(), which.last()) else { return finding };
    let unbroken = usize::from(last.minor - first.minor) + 1 == which.len();
    let phrase = match (*first == all.oldest, *last == all.newest) {
        (true, true) if unbroken => return finding,
        (true, false) if unbroken => format!("up to Kubernetes {last}"),
        (false, true) if unbroken => format!("from Kubernetes {first} on"),
        _ => format!("on Kubernetes {}", which.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    };
    finding.title = format!("{} ({phrase})", finding.title);
    finding
}
