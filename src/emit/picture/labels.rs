//! Places for what is said beside the edges of a picture: on their lines where there is room, and not on each other.

use super::layout::{Layout, NODE_HEIGHT, label_width};
use crate::picture::Picture;
use std::collections::BTreeMap;

/// The height of a label, in pixels.
const HEIGHT: i64 = 12;
/// Between two labels beside each other.
const GAP: i64 = 6;
/// A line has so many places for a label.
const STEPS: i64 = 24;

/// A rectangle by its left and right side; its middle has the `y` under which it is kept.
struct Taken {
    left: i64,
    right: i64,
}

/// Of each edge the middle of its label. It is where the line leaves its first node, because there it has no company.
pub fn places(picture: &Picture, layout: &Layout) -> Vec<(i64, i64)> {
    let mut taken: BTreeMap<i64, Vec<Taken>> = BTreeMap::new();
    for frame in &layout.frames {
        for y in [frame.y + HEIGHT / 2, frame.y + NODE_HEIGHT / 2, frame.y + NODE_HEIGHT - HEIGHT / 2] {
            taken.entry(y).or_default().push(Taken { left: frame.x, right: frame.x + frame.width });
        }
    }
    let mut places = vec![(0, 0); picture.edges.len()];
    for (index, (edge, line)) in picture.edges.iter().zip(&layout.lines).enumerate() {
        let half = label_width(edge) / 2;
        let crowd = |(x, y): (i64, i64)| {
            let near = taken.range(y - HEIGHT + 1..y + HEIGHT).flat_map(|(_, row)| row);
            near.filter(|other| other.left < x + half + GAP && x - half - GAP < other.right).count()
        };
        let at = |(step, down)| {
            let (x, y) = on_curve(line[0], line[1], step);
            (x, y + down)
        };
        let (x, y) = candidates().map(at).min_by_key(|at| crowd(*at)).unwrap_or(line[0]);
        taken.entry(y).or_default().push(Taken { left: x - half, right: x + half });
        places[index] = (x, y);
    }
    places
}

/// A place on the line and how far below it: the middle first, then by turns what is before it and behind it; beside the line
/// only where there is no room on it.
fn candidates() -> impl Iterator<Item = (i64, i64)> {
    let middle = STEPS / 2;
    let steps = std::iter::once(middle).chain((1..middle - 2).flat_map(move |away| [middle - away, middle + away]));
    [0, -HEIGHT * 2 / 3, HEIGHT * 2 / 3, -HEIGHT, HEIGHT]
        .into_iter()
        .flat_map(move |down| steps.clone().map(move |step| (step, down)))
}

/// A point of the curve that [`svg`](super::svg) draws from one point to the next; `step` is one of [`STEPS`].
fn on_curve(from: (i64, i64), to: (i64, i64), step: i64) -> (i64, i64) {
    let (done, left, whole) = (step, STEPS - step, STEPS.pow(3));
    let middle = i64::midpoint(from.0, to.0);
    let (near, far) = (left.pow(3), done.pow(3));
    let (one, other) = (3 * done * left.pow(2), 3 * done.pow(2) * left);
    (
        (from.0 * near + middle * (one + other) + to.0 * far) / whole,
        (from.1 * (near + one) + to.1 * (other + far)) / whole,
    )
}
