//! Differences as a patch of the first bundle's YAML, which `patch -p1` and `git apply` take.

use crate::bundle::{Field, Object};
use crate::change::{Changes, Matching, ObjectChange, apply, pairs};
use crate::emit::manifests::yaml;
use similar::{Algorithm, ChangeTag, capture_diff_slices};
use std::fmt::Write;

/// A unified diff with three lines of context; the empty text where nothing differs. It is of the file that the first bundle
/// was read from, else of `PROFILE.yaml`, where `stowplan render -p PROFILE` is kept.
///
/// Values of Secrets stand in no line of it: what differs in Secrets is said in lines before the diff, which `patch` passes
/// over, and stays undone.
pub fn unified(changes: &Changes) -> String {
    let (before, after) = texts(changes);
    let mut text: String = changes.objects.iter().filter(|object| is_secret(object.object())).map(note).collect();
    let body = hunks(&before, &after);
    if !body.is_empty() {
        text.push_str(&header(changes));
        text.push_str(&body);
    }
    text
}

/// Both sides are one file, which is patched; what the bundles are called stands where `diff` has the time.
fn header(changes: &Changes) -> String {
    let one_line = |name: &str| name.replace(['\n', '\t'], " ");
    let (before, after) = (one_line(&changes.before), one_line(&changes.after));
    let is_file = [".yaml", ".yml", ".json"].iter().any(|end| before.ends_with(end));
    let file = if is_file { before.clone() } else { format!("{before}.yaml") };
    // An absolute path is itself on both sides, as `diff` has it.
    let (old, new) = if file.starts_with('/') { ("", "") } else { ("a/", "b/") };
    format!("--- {old}{file}\t{before}\n+++ {new}{file}\t{after}\n")
}

/// So many lines around a difference are shown.
const CONTEXT: usize = 3;

/// A line of a stream, and whether it may be shown.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Line {
    text: String,
    is_secret: bool,
}

fn is_secret(object: &Object) -> bool {
    object.kind_name() == "Secret"
}

fn note(object: &ObjectChange) -> String {
    let what = match (object.before, object.after) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    };
    format!("# Secret/{}: (secret, {what})\n", object.object().name())
}

/// The documents of both streams. The second one has what differs from the second bundle and the rest from the first, so
/// that an order that means nothing is no line; Secrets stay as they are.
fn texts(changes: &Changes) -> (Vec<Line>, Vec<Line>) {
    let (before, after) = changes.bundles;
    let place = |object: &Object| before.objects.iter().position(|other| std::ptr::eq(other, object));
    let changed = |object: &Object| {
        let is_it = |change: &&ObjectChange| change.after.is_some_and(|other| std::ptr::eq(other, object));
        changes.objects.iter().find(is_it)
    };
    let partners = pairs(before, after, changes.matching);
    let partner = |object: &Object| {
        let is_it =
            |pair: &&(Option<&Object>, Option<&Object>)| pair.1.is_some_and(|other| std::ptr::eq(other, object));
        partners.iter().find(is_it).and_then(|pair| pair.0)
    };
    let mut second: Vec<(Option<usize>, Vec<Line>)> = Vec::new();
    for object in &after.objects {
        match (partner(object), changed(object)) {
            (Some(old), Some(change)) if !is_secret(object) => {
                let root = match changes.matching {
                    Matching::Identity | Matching::File => object.root.clone(),
                    Matching::Name => apply(&old.root, &change.changes),
                };
                second.push((place(old), lines(&root, object)));
            }
            (Some(old), _) => second.push((place(old), lines(&old.root, old))),
            (None, _) if is_secret(object) => {}
            (None, _) => second.push((None, lines(&object.root, object))),
        }
    }
    for (index, object) in before.objects.iter().enumerate() {
        let is_gone =
            partners.iter().any(|(old, new)| new.is_none() && old.is_some_and(|old| std::ptr::eq(old, object)));
        let is_reported = changes
            .objects
            .iter()
            .any(|change| change.after.is_none() && change.before.is_some_and(|old| std::ptr::eq(old, object)));
        if is_gone && (is_secret(object) || !is_reported) {
            let at =
                second.iter().rposition(|(place, _)| place.is_some_and(|place| place < index)).map_or(0, |at| at + 1);
            second.insert(at, (Some(index), lines(&object.root, object)));
        }
    }
    let first = before.objects.iter().map(|object| lines(&object.root, object)).collect();
    (stream(first), stream(second.into_iter().map(|(_, lines)| lines).collect()))
}

/// The lines of one document; of a Secret those with its values are marked.
fn lines(root: &Field, object: &Object) -> Vec<Line> {
    let text = yaml::document(root);
    let mut is_value = false;
    let line = |line: &str| {
        if !line.starts_with([' ', '-']) {
            is_value = is_secret(object) && (line.starts_with("data:") || line.starts_with("stringData:"));
        }
        let is_annotation = is_secret(object) && line.contains("last-applied-configuration");
        Line { text: line.to_owned(), is_secret: is_value || is_annotation }
    };
    text.lines().map(line).collect()
}

fn stream(documents: Vec<Vec<Line>>) -> Vec<Line> {
    let mut all = Vec::new();
    for (position, document) in documents.into_iter().enumerate() {
        if position > 0 {
            all.push(Line { text: "---".to_owned(), is_secret: false });
        }
        all.extend(document);
    }
    all
}

/// A line of the diff: its sign, and its places in both texts, from 0.
struct Step<'l> {
    sign: char,
    line: &'l Line,
    places: (usize, usize),
}

fn hunks(before: &[Line], after: &[Line]) -> String {
    let mut steps: Vec<Step> = Vec::new();
    let mut places = (0, 0);
    for op in capture_diff_slices(Algorithm::Myers, before, after) {
        for change in op.iter_changes(before, after) {
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            let line = if sign == '+' { &after[places.1] } else { &before[places.0] };
            steps.push(Step { sign, line, places });
            places = (places.0 + usize::from(sign != '+'), places.1 + usize::from(sign != '-'));
        }
    }
    let mut text = String::new();
    let mut rest = 0;
    while let Some(first) = (rest..steps.len()).find(|at| steps[*at].sign != ' ') {
        let last = last_of_hunk(&steps, first);
        let around = context(&steps, first, last, rest);
        hunk(&steps[first - around.0..=last + around.1], &mut text);
        rest = last + 1;
    }
    text
}

/// The last difference that stands so near to the one before it that the lines between are shown whole.
fn last_of_hunk(steps: &[Step], first: usize) -> usize {
    let mut last = first;
    for (at, step) in steps.iter().enumerate().skip(first) {
        if step.sign != ' ' {
            last = at;
        } else if at - last > 2 * CONTEXT || step.line.is_secret {
            break;
        }
    }
    last
}

/// How many lines of context stand before and behind a hunk. `patch` takes a hunk that has fewer at one end for one at the
/// end of the file, so lines that may not be shown shorten both.
fn context(steps: &[Step], first: usize, last: usize, rest: usize) -> (usize, usize) {
    let is_open = |step: &&Step| step.sign == ' ' && !step.line.is_secret;
    let before = steps[rest..first].iter().rev().take(CONTEXT).take_while(is_open).count();
    let behind = steps[last + 1..].iter().take(CONTEXT).take_while(is_open).count();
    let reaches_start = first - before == 0;
    let reaches_end = last + behind + 1 == steps.len();
    if reaches_start || reaches_end { (before, behind) } else { (before.min(behind), before.min(behind)) }
}

fn hunk(steps: &[Step], text: &mut String) {
    let Some(first) = steps.first() else { return };
    let count = |other: char| steps.iter().filter(|step| step.sign != other).count();
    // An empty side is at the line before it.
    let start = |place: usize, count: usize| if count == 0 { place } else { place + 1 };
    let (old, new) = (count('+'), count('-'));
    let (from, to) = (start(first.places.0, old), start(first.places.1, new));
    writeln!(text, "@@ -{from},{old} +{to},{new} @@").expect("a String takes text");
    for step in steps {
        writeln!(text, "{}{}", step.sign, step.line.text).expect("a String takes text");
    }
}
