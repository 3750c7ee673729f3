//! Mutations by lines, which keep most of a text as it can be read: plain bytes seldom get past the readers.

use std::fs;
use std::path::Path;

/// The lines of known texts, from which mutations take theirs.
pub struct Lines(Vec<String>);

impl Lines {
    /// Those of all files with this ending, in and below these folders of the repository.
    pub fn of(folders: &[&str], ending: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("fuzz stands in the repository");
        let mut lines = Vec::new();
        folders.iter().for_each(|folder| gather(&root.join(folder), ending, &mut lines));
        assert!(!lines.is_empty(), "there are texts in {folders:?}");
        Self(lines)
    }

    /// Mutates `data[..size]` in place, to at most `maximum` bytes: one time in three as libFuzzer does, else by lines.
    pub fn mutate(&self, data: &mut [u8], size: usize, maximum: usize, seed: u32) -> usize {
        let mut dice = Dice(u64::from(seed) << 1 | 1);
        let text = std::str::from_utf8(&data[..size]).map(str::to_owned);
        let Some(text) = text.ok().filter(|_| !dice.one_in(3)) else {
            return libfuzzer_sys::fuzzer_mutate(data, size, maximum);
        };
        let mut lines: Vec<&str> = text.split('\n').collect();
        let mut made = Vec::new();
        for _ in 0..=dice.below(3) {
            self.step(&mut lines, &mut made, &mut dice);
        }
        let made = Self::finish(&lines, made);
        let end = (0..=made.len().min(maximum)).rev().find(|end| made.is_char_boundary(*end)).unwrap_or(0);
        data[..end].copy_from_slice(&made.as_bytes()[..end]);
        end
    }

    /// Changes one line; a line that is made anew goes into `made`, with its place.
    fn step<'l>(&'l self, lines: &mut Vec<&'l str>, made: &mut Vec<(usize, String)>, dice: &mut Dice) {
        let at = dice.below(lines.len());
        let other = dice.below(lines.len());
        let known = dice.below(self.0.len());
        match dice.below(8) {
            0 => lines.insert(at, &self.0[known]),
            1 => lines[at] = &self.0[known],
            2 if lines.len() > 1 => drop(lines.drain(at..(at + 1 + dice.below(3)).min(lines.len()))),
            3 => lines.insert(other, lines[at]),
            4 => lines.swap(at, other),
            5 => {
                let block = self.0[known..].iter().take(1 + dice.below(8)).map(String::as_str);
                drop(lines.splice(at..at, block));
            }
            6 => made.push((at, spliced(lines[at], &self.0[known]))),
            _ => made.push((at, indented(lines[at], dice.below(5)))),
        }
        if lines.is_empty() {
            lines.push("");
        }
    }

    fn finish(lines: &[&str], made: Vec<(usize, String)>) -> String {
        let mut lines: Vec<&str> = lines.to_vec();
        for (at, line) in &made {
            if let Some(old) = lines.get_mut(*at) {
                *old = line;
            }
        }
        lines.join("\n")
    }
}

fn gather(folder: &Path, ending: &str, lines: &mut Vec<String>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("the folder can be read").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            gather(&path, ending, lines);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            let text = fs::read_to_string(&path).expect("it is text");
            lines.extend(text.lines().map(str::to_owned));
        }
    }
}

/// The key of one line with the value of the other.
fn spliced(key: &str, value: &str) -> String {
    let end = |line: &str| line.find([':', '=']).map_or(0, |at| at + 1);
    format!("{}{}", &key[..end(key)], &value[end(value)..])
}

fn indented(line: &str, columns: usize) -> String {
    format!("{}{}", "  ".repeat(columns), line.trim_start())
}

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }

    fn one_in(&mut self, end: usize) -> bool {
        self.below(end) == 0
    }
}
