//! Places for the nodes of a picture: in layers from left to right, so that most edges lead forward.
//!
//! Longest paths give the layers, means of neighbours the order in them (K. Sugiyama, 1981). By hand because `layout-rs` draws
//! in its own colors only, and `rust-sugiyama` gives no bends for long edges.

use crate::picture::{Edge, Picture};
use std::collections::{BTreeMap, VecDeque};
use unicode_width::UnicodeWidthStr;

/// Height of a node, in pixels like everything here.
pub const NODE_HEIGHT: i64 = 44;
/// Width of a character of a name.
const CHARACTER: i64 = 8;
/// Width of a character beside an edge.
const SMALL_CHARACTER: i64 = 6;
/// Beside a name, left and right together.
const PADDING: i64 = 32;
/// Above a node, and below it.
const NODE_MARGIN: i64 = 14;
/// Between two layers, beside the longest label.
const LAYER_GAP: i64 = 56;
/// What each label between two layers adds to the room there, and how much all may add: many lines need flat curves.
const SPREAD: i64 = 5;
/// See [`SPREAD`].
const MOST_SPREAD: i64 = 300;
/// Around everything.
const MARGIN: i64 = 16;
/// The room that a passing edge takes in a layer.
const LANE: i64 = 6;
/// Above such an edge, and below it.
const LANE_MARGIN: i64 = 4;
/// Nodes that nothing leads to or from stand in so many columns at most.
const COLUMNS: usize = 4;
/// How often the order is mended in each direction; more changes little.
const SWEEPS: usize = 4;

/// Where a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Its left side.
    pub x: i64,
    /// Its upper side.
    pub y: i64,
    /// Its width; every node is [`NODE_HEIGHT`] high.
    pub width: i64,
}

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Of the whole.
    pub width: i64,
    /// Of the whole.
    pub height: i64,
    /// Of each node.
    pub frames: Vec<Frame>,
    /// Of each edge the points that it passes, from its beginning to its end.
    pub lines: Vec<Vec<(i64, i64)>>,
}

/// Finds a place for everything.
pub fn lay_out(picture: &Picture) -> Layout {
    let layers = layers(picture);
    let mut grid = Grid::of(picture, &layers);
    for _ in 0..SWEEPS {
        (1..grid.layers.len()).for_each(|layer| grid.reorder(layer, Side::Before));
        (0..grid.layers.len().saturating_sub(1)).rev().for_each(|layer| grid.reorder(layer, Side::After));
    }
    (0..grid.layers.len()).for_each(|layer| grid.stack(layer));
    for _ in 0..SWEEPS {
        (1..grid.layers.len()).for_each(|layer| grid.straighten(layer, Side::Before));
        (0..grid.layers.len().saturating_sub(1)).rev().for_each(|layer| grid.straighten(layer, Side::After));
    }
    (0..grid.layers.len()).for_each(|layer| grid.straighten(layer, Side::Both));
    (0..grid.layers.len()).rev().for_each(|layer| grid.straighten(layer, Side::Both));
    grid.finish(picture, &layers)
}

/// How wide the label of an edge is.
pub fn label_width(edge: &Edge) -> i64 {
    i64::try_from(edge.short_label().width()).unwrap_or(0) * SMALL_CHARACTER
}

/// The layer of each node: as far to the right as what it leads to lets it, so that users stand beside what they use; what more
/// lead to than it leads to stands as far to the left as those let it.
fn layers(picture: &Picture) -> Vec<usize> {
    let ranks = ranks(picture);
    let (mut before, mut after) = (vec![Vec::new(); ranks.len()], vec![Vec::new(); ranks.len()]);
    for edge in &picture.edges {
        let (left, right) = match ranks[edge.from] < ranks[edge.to] {
            true => (edge.from, edge.to),
            false => (edge.to, edge.from),
        };
        after[left].push(right);
        before[right].push(left);
    }
    let mut order: Vec<usize> = (0..ranks.len()).collect();
    order.sort_by_key(|node| ranks[*node]);
    let mut heights = vec![0_usize; ranks.len()];
    for &node in order.iter().rev() {
        heights[node] = after[node].iter().map(|other| heights[*other] + 1).max().unwrap_or(0);
    }
    let last = heights.iter().max().copied().unwrap_or(0);
    let mut layers: Vec<usize> = heights.iter().map(|height| last - height).collect();
    for &node in &order {
        if before[node].len() > after[node].len() {
            layers[node] = before[node].iter().map(|other| layers[*other] + 1).max().unwrap_or(0);
        }
    }
    let (alone, tied): (Vec<usize>, Vec<usize>) =
        order.into_iter().partition(|node| before[*node].is_empty() && after[*node].is_empty());
    let mut filled = vec![0_usize; (last + 1).max((alone.len() / COLUMNS + 1).min(COLUMNS))];
    tied.iter().for_each(|node| filled[layers[*node]] += 1);
    for node in alone {
        layers[node] = (0..filled.len()).min_by_key(|layer| filled[*layer]).unwrap_or(0);
        filled[layers[node]] += 1;
    }
    layers
}

/// The place of each node in an order in which most edges lead forward. Nodes are taken when all that lead to them are; where a
/// circle lets none be taken, the one is that the fewest are missing for, rather one that was reached and that leads to much. The
/// edges to it lead backward.
fn ranks(picture: &Picture) -> Vec<usize> {
    let count = picture.nodes.len();
    let (mut leading, mut pending) = (vec![Vec::new(); count], vec![0_usize; count]);
    for edge in &picture.edges {
        leading[edge.from].push(edge.to);
        pending[edge.to] += 1;
    }
    let all = pending.clone();
    let mut ready: VecDeque<usize> = (0..count).filter(|node| pending[*node] == 0).collect();
    let mut ranks: Vec<Option<usize>> = vec![None; count];
    for rank in 0..count {
        let next = ready.pop_front().or_else(|| {
            let is_open = |node: &usize| ranks[*node].is_none();
            let lead = |node: usize| leading[node].iter().filter(|to| is_open(to)).count();
            let key = |node: &usize| (pending[*node], pending[*node] == all[*node], usize::MAX - lead(*node));
            (0..count).filter(is_open).min_by_key(key)
        });
        let Some(node) = next else { break };
        ranks[node] = Some(rank);
        for &to in &leading[node] {
            pending[to] -= 1;
            if pending[to] == 0 && ranks[to].is_none() {
                ready.push_back(to);
            }
        }
    }
    ranks.into_iter().map(Option::unwrap_or_default).collect()
}

#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
    Both,
}

/// Something that takes room in a layer: a node, or an edge that passes.
struct Item {
    height: i64,
    width: i64,
    /// Above it, and below it.
    margin: i64,
    /// Its middle.
    y: i64,
    before: Vec<usize>,
    after: Vec<usize>,
}

/// All items; those of the nodes come first.
struct Grid {
    items: Vec<Item>,
    /// Of each layer the items from top to bottom.
    layers: Vec<Vec<usize>>,
    /// Of each edge the items that it passes, from left to right.
    chains: Vec<Vec<usize>>,
}

impl Grid {
    fn of(picture: &Picture, layers: &[usize]) -> Self {
        let count = layers.iter().max().map_or(0, |last| last + 1);
        let mut grid = Self { items: Vec::new(), layers: vec![Vec::new(); count], chains: Vec::new() };
        for (node, layer) in picture.nodes.iter().zip(layers) {
            let text = node.name.width().max(node.kind.width());
            grid.add(*layer, NODE_HEIGHT, i64::try_from(text).unwrap_or(0) * CHARACTER + PADDING);
        }
        let mut lanes = BTreeMap::new();
        for edge in &picture.edges {
            let (left, right) = match layers[edge.from] < layers[edge.to] {
                true => (edge.from, edge.to),
                false => (edge.to, edge.from),
            };
            let mut chain = vec![left];
            for layer in layers[left] + 1..layers[right] {
                // edges to one node go the same way, so that there are not more lines than nodes
                let lane = lanes.entry((edge.to, left == edge.to, layer)).or_insert_with(|| grid.add(layer, LANE, 0));
                chain.push(*lane);
            }
            chain.push(right);
            for pair in chain.windows(2) {
                grid.items[pair[0]].after.push(pair[1]);
                grid.items[pair[1]].before.push(pair[0]);
            }
            grid.chains.push(chain);
        }
        grid
    }

    fn add(&mut self, layer: usize, height: i64, width: i64) -> usize {
        let index = self.items.len();
        let y = i64::try_from(self.layers[layer].len()).unwrap_or(0);
        let margin = if height == LANE { LANE_MARGIN } else { NODE_MARGIN };
        self.items.push(Item { height, width, margin, y, before: Vec::new(), after: Vec::new() });
        self.layers[layer].push(index);
        index
    }

    /// Where the neighbours on a side are in the middle; where it is itself, if there are none.
    fn pull(&self, item: usize, side: Side, scale: i64) -> i64 {
        let Item { before, after, .. } = &self.items[item];
        let (one, other): (&[usize], &[usize]) = match side {
            Side::Before => (before, &[]),
            Side::After => (after, &[]),
            Side::Both => (before, after),
        };
        let sum: i64 = one.iter().chain(other).map(|other| self.items[*other].y * scale).sum();
        match i64::try_from(one.len() + other.len()) {
            Ok(count @ 1..) => sum / count,
            _ => self.items[item].y * scale,
        }
    }

    /// Whether nothing leads to it or from it.
    fn is_alone(&self, item: usize) -> bool {
        self.items[item].before.is_empty() && self.items[item].after.is_empty()
    }

    /// Orders a layer by the places of its neighbours, what has none last; `y` counts items here.
    fn reorder(&mut self, layer: usize, side: Side) {
        const SCALE: i64 = 1000;
        let mut order = std::mem::take(&mut self.layers[layer]);
        order.sort_by_cached_key(|item| (self.is_alone(*item), self.pull(*item, side, SCALE)));
        for (place, item) in (0..).zip(&order) {
            self.items[*item].y = place;
        }
        self.layers[layer] = order;
    }

    /// Puts the items of a layer below each other.
    fn stack(&mut self, layer: usize) {
        let mut y = 0;
        for item in &self.layers[layer] {
            let item = &mut self.items[*item];
            item.y = y + item.margin + item.height / 2;
            y += item.height + 2 * item.margin;
        }
    }

    /// Moves the items of a layer towards their neighbours, as far as their order and room let them.
    fn straighten(&mut self, layer: usize, side: Side) {
        let order = std::mem::take(&mut self.layers[layer]);
        let wanted: Vec<i64> = order.iter().map(|item| self.pull(*item, side, 1)).collect();
        let (mut free, mut moved, mut tied) = (i64::MIN / 2, 0, 0);
        for (index, wanted) in order.iter().zip(&wanted) {
            let (is_alone, item) = (self.is_alone(*index), &mut self.items[*index]);
            let least = free + item.margin + item.height / 2;
            item.y = if is_alone && free > i64::MIN / 2 { least } else { least.max(*wanted) };
            free = item.y + item.height / 2 + item.margin;
            if !is_alone {
                moved += item.y - wanted;
                tied += 1;
            }
        }
        // who was pushed was pushed down; the layer as a whole goes back up by as much
        let back = moved / tied.max(1);
        order.iter().for_each(|item| self.items[*item].y -= back);
        self.layers[layer] = order;
    }

    fn finish(self, picture: &Picture, layers: &[usize]) -> Layout {
        let top = self.items.iter().map(|item| item.y - item.height / 2).min().unwrap_or(0) - MARGIN;
        let bottom = self.items.iter().map(|item| item.y + item.height / 2).max().unwrap_or(0) + MARGIN;
        let mut said = vec![(0, 0); self.layers.len()];
        for edge in &picture.edges {
            let is_forward = layers[edge.from] < layers[edge.to];
            let layer = &mut said[layers[edge.from] - usize::from(!is_forward)];
            *layer = (label_width(edge).max(layer.0), layer.1 + 1);
        }
        let mut columns = Vec::new();
        let mut x = MARGIN;
        for (layer, (label, count)) in self.layers.iter().zip(&said) {
            let width = layer.iter().map(|item| self.items[*item].width).max().unwrap_or(0);
            columns.push((x, width));
            x += width + label + LAYER_GAP + MOST_SPREAD.min(count * SPREAD);
        }
        let frame = |(node, layer): (usize, &usize)| {
            let ((x, room), item) = (columns[*layer], &self.items[node]);
            Frame { x: x + (room - item.width) / 2, y: item.y - item.height / 2 - top, width: item.width }
        };
        let frames: Vec<Frame> = layers.iter().enumerate().map(frame).collect();
        let lines = picture.edges.iter().zip(&self.chains).map(|(edge, chain)| {
            let (first, last) = (chain[0], chain[chain.len() - 1]);
            let middle = |item: usize| self.items[item].y - top;
            let mut line = vec![(frames[first].x + frames[first].width, middle(first))];
            for (item, (x, width)) in chain[1..chain.len() - 1].iter().zip(&columns[layers[first] + 1..]) {
                line.extend([(*x, middle(*item)), (x + width, middle(*item))]);
            }
            line.push((frames[last].x, middle(last)));
            if first != edge.from {
                line.reverse();
            }
            line
        });
        let lines = lines.collect();
        let width = columns.last().map_or(2 * MARGIN, |(x, width)| x + width + MARGIN);
        Layout { width, height: bottom - top, frames, lines }
    }
}
