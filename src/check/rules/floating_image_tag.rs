//! Images are named with a tag that stays the same, or by their digest.
//!
//! An image without a tag is `latest`, which is another image after each release of whoever makes it: a Pod that is started anew
//! runs another version than its neighbour, and there is no older version to go back to. Kubernetes also pulls `latest` at each
//! start, so an image that was loaded into a local cluster is never used.
//!
//! ```toml fail
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:latest"
//! ```
//!
//! ```toml pass
//! [stack]
//! name = "shop"
//!
//! [worker.mails]
//! image = "ghcr.io/example/mails:1.4.0"
//! ```
//!
//! Write the version that you tried. To roll images out by a number that CI knows, write `image = "…:{{ vars.tag }}"` and
//! `--set vars.tag=1.4.0`. A tool that shall always be the newest is meant: `allow = { floating-image-tag = "REASON" }`.

use super::pods::look_at_containers;
use super::{Context, Findings, Levels, LintRule};
use crate::check::place::At;
use crate::diagnostic::{Class, Severity};
use crate::value::{Image, Scalar, quote};

/// The rule.
pub const RULE: LintRule = LintRule {
    name: "floating-image-tag",
    class: Class::Rule,
    levels: Levels::of(Severity::Warning, Severity::Error),
    source: include_str!("floating_image_tag.rs"),
    check,
};

fn check(context: &Context, findings: &mut Findings) {
    for (index, object) in context.objects() {
        look_at_containers(object, &mut |container, _| check_image(index, &container.key("image"), findings));
    }
}

fn check_image(object: usize, at: &At, findings: &mut Findings) {
    // What is no image at all the checks of the API server say, or its tag is not known here.
    let Ok(image) = Image::parse(at.text()) else { return };
    if image.digest().is_some() {
        return;
    }
    let title = match image.tag() {
        None => format!("{} has no tag, which means `latest`: another image after each release", quote(at.text())),
        Some("latest") => format!("{} is another image after each release", quote(at.text())),
        Some(_) => return,
    };
    let repository = at.text().trim_end_matches(":latest");
    findings.add(object, at, title, format!("name the version that you tried: `{repository}:VERSION`"));
}
