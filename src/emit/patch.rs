//! What changes in texts, as a unified diff, which `git apply` and `patch -p1` take.

use similar::TextDiff;

/// How many lines around a change are shown.
const CONTEXT: usize = 3;

/// The changes of one text; nothing where it stays the same. Of a text that holds a Secret no line around a change is shown,
/// because it may hold a value.
pub fn patch(name: &str, before: &str, after: &str) -> String {
    let context = if holds_secret(before) { 0 } else { CONTEXT };
    // An absolute path is itself on both sides, as `diff` has it.
    let (old, new) = if name.starts_with('/') { ("", "") } else { ("a/", "b/") };
    let header = (format!("{old}{name}"), format!("{new}{name}"));
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(context).header(&header.0, &header.1).to_string()
}

fn holds_secret(text: &str) -> bool {
    text.lines().any(|line| line.replace([' ', '\t', '"', '\''], "").contains("kind:Secret"))
}
