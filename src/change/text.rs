//! Which places of two texts are the same one: those of equal texts, and of one text at two revisions the lines that stayed.

use crate::source::{FileId, Sources, Span};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A place, the same for equal texts: the text, where it begins and where it ends.
pub type Spot = (FileId, u32, u32);

/// What stands for a text.
pub struct Text {
    /// The first text that is the same; of an older revision the text as it is now.
    same: FileId,
    /// Of an older revision, for each line the one that it has become, both from 0; none where it is gone.
    lines: Option<Vec<Option<usize>>>,
}

impl Text {
    /// What stands for this text; names of texts of the older revision begin with it and a colon.
    pub fn of(id: FileId, revision: Option<&str>, sources: &Sources) -> Self {
        let file = sources.file(id);
        let name = revision.and_then(|revision| file.name.strip_prefix(revision)?.strip_prefix(':'));
        if let Some((now, text)) = name.and_then(|name| sources.iter().find(|(_, other)| other.name == name)) {
            return Self { same: now, lines: Some(lines(&file.text, &text.text)) };
        }
        let same = sources.iter().find(|(_, other)| other.name == file.name && other.text == file.text);
        Self { same: same.map_or(id, |(id, _)| id), lines: None }
    }

    /// The place that stands for a place of this text.
    pub fn place(&self, span: Span, sources: &Sources) -> Spot {
        let Some(lines) = &self.lines else { return (self.same, span.start, span.end) };
        let (old, new) = (sources.file(span.file).line_starts(), sources.file(self.same).line_starts());
        let line = old.partition_point(|start| *start <= span.start).saturating_sub(1);
        match lines.get(line).copied().flatten().and_then(|line| new.get(line)) {
            Some(start) => {
                let start = start + (span.start - old[line]);
                (self.same, start, start + (span.end - span.start))
            }
            None => (span.file, span.start, span.end),
        }
    }
}

fn lines(old: &str, new: &str) -> Vec<Option<usize>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('\n').collect(), new.split('\n').collect());
    let mut lines = vec![None; old.len()];
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            (0..len).for_each(|step| lines[old_index + step] = Some(new_index + step));
        }
    }
    lines
}
