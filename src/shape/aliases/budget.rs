//! Words for how many Pods a drain may take away.

use super::{Row, Word, other, scalar};

/// The words.
pub const ROWS: &[Row] = &[other(&["minAvailable", "available"], "unavailable", available)];

/// A budget in the other direction: how many Pods must stay, where ours says how many may go.
fn available(word: &Word) -> Option<String> {
    let text = scalar(word.value)?;
    let replicas = word.around.and_then(|around| around.replicas);
    let share = text.strip_suffix('%').and_then(|share| share.parse::<i64>().ok());
    let meaning = "a budget says here how many Pods may be missing, not how many must stay";
    let (least, count) = match (share, text.parse::<i64>().ok(), replicas) {
        (Some(share @ 0..=100), _, _) => {
            let rest = 100 - share;
            return Some(match rest {
                0 => format!("{meaning}: write `unavailable = 1`, because 0 stops every drain"),
                rest => format!("{meaning}: write `unavailable = \"{rest}%\"`"),
            });
        }
        (None, Some(least @ 0..), Some(count)) => (least, count),
        (None, Some(least @ 0..), None) => {
            return Some(format!("{meaning}: write `unavailable = NUMBER`, the replicas less {least}"));
        }
        _ => return None,
    };
    let rest = count.saturating_sub(least);
    Some(match rest {
        ..=0 => format!(
            "{meaning}: write `unavailable = 1`; with {count} replicas, {least} that must stay stop every drain"
        ),
        rest => format!("{meaning}: with {count} replicas write `unavailable = {rest}`"),
    })
}
