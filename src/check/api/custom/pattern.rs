//! The regular expressions of schemas: those of RE2, matched in time that grows with text and pattern only.

use std::iter::Peekable;
use std::ops::RangeInclusive;
use std::str::Chars;

/// A regular expression as a machine of steps.
#[derive(Debug)]
pub struct Pattern {
    /// As it was written.
    pub text: Box<str>,
    steps: Vec<Step>,
}

/// Repetitions are written out; what is larger is not understood.
const STEPS: usize = 10_000;

/// How deep groups may stand in each other.
const DEPTH: usize = 50;

#[derive(Debug, Clone)]
enum Step {
    /// One character of a set.
    Character(Set),
    /// The text begins here.
    Begin,
    /// The text ends here.
    End,
    /// Go on at both places.
    Split(usize, usize),
    /// Go on there.
    Jump(usize),
    /// It matches.
    Match,
}

/// A set of characters.
#[derive(Debug, Clone, Default)]
struct Set {
    ranges: Vec<RangeInclusive<char>>,
    is_negated: bool,
}

/// A regular expression as it is written.
#[derive(Debug, Clone)]
enum Node {
    Character(Set),
    Begin,
    End,
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Repeat(Box<Node>, usize, Option<usize>),
}

impl Pattern {
    /// Reads a regular expression; none where it is not understood: flags, boundaries of words, classes of Unicode.
    pub fn read(text: &str) -> Option<Self> {
        let mut reader = Reader { characters: text.chars().peekable(), depth: 0 };
        let node = reader.either()?;
        if reader.characters.next().is_some() {
            return None;
        }
        let mut steps = Vec::new();
        compile(&node, &mut steps)?;
        steps.push(Step::Match);
        Some(Self { text: text.into(), steps })
    }

    /// Whether a part of the text matches.
    pub fn matches(&self, text: &str) -> bool {
        let mut here = States::new(self.steps.len());
        let mut next = States::new(self.steps.len());
        let mut characters = text.chars();
        let mut at_begin = true;
        loop {
            let character = characters.next();
            let edges = Edges { begin: at_begin, end: character.is_none() };
            // A match may begin at every character.
            if self.follow(0, &edges, &mut here) {
                return true;
            }
            let Some(character) = character else { return false };
            next.clear();
            let rest = Edges { begin: false, end: characters.as_str().is_empty() };
            for index in 0..here.list.len() {
                let step = here.list[index];
                if matches!(&self.steps[step], Step::Character(set) if set.has(character))
                    && self.follow(step + 1, &rest, &mut next)
                {
                    return true;
                }
            }
            std::mem::swap(&mut here, &mut next);
            at_begin = false;
        }
    }

    /// Adds the steps that wait for a character, from this step on; says whether the end is among them.
    fn follow(&self, from: usize, edges: &Edges, states: &mut States) -> bool {
        let mut waiting = vec![from];
        while let Some(step) = waiting.pop() {
            if !states.add(step) {
                continue;
            }
            match &self.steps[step] {
                Step::Match => return true,
                Step::Jump(to) => waiting.push(*to),
                Step::Split(first, second) => waiting.extend([*second, *first]),
                Step::Begin if edges.begin => waiting.push(step + 1),
                Step::End if edges.end => waiting.push(step + 1),
                Step::Begin | Step::End | Step::Character(_) => {}
            }
        }
        false
    }
}

/// Which ends of the text are here.
struct Edges {
    begin: bool,
    end: bool,
}

/// A set of steps, each once.
struct States {
    list: Vec<usize>,
    has: Vec<bool>,
}

impl States {
    fn new(size: usize) -> Self {
        Self { list: Vec::new(), has: vec![false; size] }
    }

    fn add(&mut self, step: usize) -> bool {
        let new = !std::mem::replace(&mut self.has[step], true);
        if new {
            self.list.push(step);
        }
        new
    }

    fn clear(&mut self) {
        self.list.clear();
        self.has.fill(false);
    }
}

impl Set {
    fn has(&self, character: char) -> bool {
        self.ranges.iter().any(|range| range.contains(&character)) != self.is_negated
    }

    fn of(ranges: &[(char, char)]) -> Self {
        Self { ranges: ranges.iter().map(|(first, last)| *first..=*last).collect(), is_negated: false }
    }

    fn negated(self) -> Self {
        Self { is_negated: !self.is_negated, ..self }
    }
}

/// Writes the steps of a node behind those that are there; none where they are too many.
fn compile(node: &Node, steps: &mut Vec<Step>) -> Option<()> {
    if steps.len() > STEPS {
        return None;
    }
    match node {
        Node::Character(set) => steps.push(Step::Character(set.clone())),
        Node::Begin => steps.push(Step::Begin),
        Node::End => steps.push(Step::End),
        Node::Sequence(nodes) => nodes.iter().try_for_each(|node| compile(node, steps))?,
        Node::Either(nodes) => compile_either(nodes, steps)?,
        Node::Repeat(node, least, most) => {
            for _ in 0..*least {
                compile(node, steps)?;
            }
            compile_rest(node, most.map(|most| most - least), steps)?;
        }
    }
    Some(())
}

fn compile_either(nodes: &[Node], steps: &mut Vec<Step>) -> Option<()> {
    let mut ends = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        if index + 1 == nodes.len() {
            compile(node, steps)?;
            continue;
        }
        let split = steps.len();
        steps.push(Step::Match);
        compile(node, steps)?;
        ends.push(steps.len());
        steps.push(Step::Match);
        steps[split] = Step::Split(split + 1, steps.len());
    }
    let end = steps.len();
    ends.into_iter().for_each(|place| steps[place] = Step::Jump(end));
    Some(())
}

/// What may follow the least number of repetitions: so many more, or any number.
fn compile_rest(node: &Node, more: Option<usize>, steps: &mut Vec<Step>) -> Option<()> {
    let Some(more) = more else {
        let split = steps.len();
        steps.push(Step::Match);
        compile(node, steps)?;
        steps.push(Step::Jump(split));
        steps[split] = Step::Split(split + 1, steps.len());
        return Some(());
    };
    let mut splits = Vec::new();
    for _ in 0..more {
        splits.push(steps.len());
        steps.push(Step::Match);
        compile(node, steps)?;
    }
    let end = steps.len();
    splits.into_iter().for_each(|place| steps[place] = Step::Split(place + 1, end));
    Some(())
}

struct Reader<'a> {
    characters: Peekable<Chars<'a>>,
    depth: usize,
}

impl Reader<'_> {
    fn either(&mut self) -> Option<Node> {
        let mut nodes = vec![self.sequence()?];
        while self.characters.next_if_eq(&'|').is_some() {
            nodes.push(self.sequence()?);
        }
        if nodes.len() == 1 { nodes.pop() } else { Some(Node::Either(nodes)) }
    }

    fn sequence(&mut self) -> Option<Node> {
        let mut nodes = Vec::new();
        while self.characters.peek().is_some_and(|character| !['|', ')'].contains(character)) {
            let node = self.atom()?;
            nodes.push(self.repeated(node)?);
        }
        Some(Node::Sequence(nodes))
    }

    fn repeated(&mut self, mut node: Node) -> Option<Node> {
        while let Some(character) = self.characters.next_if(|character| ['*', '+', '?', '{'].contains(character)) {
            let (least, most) = match character {
                '*' => (0, None),
                '+' => (1, None),
                '?' => (0, Some(1)),
                _ => self.counts()?,
            };
            // Whether as much or as little as possible is taken makes no difference to whether there is a match.
            self.characters.next_if_eq(&'?');
            if most.is_some_and(|most| most < least) || least.max(most.unwrap_or(0)) > 1000 {
                return None;
            }
            node = Node::Repeat(Box::new(node), least, most);
        }
        Some(node)
    }

    /// `3}`, `3,}` or `3,5}`. RE2 reads a brace with anything else as itself; no schema means that.
    fn counts(&mut self) -> Option<(usize, Option<usize>)> {
        let least = self.count()?;
        let most = match self.characters.next()? {
            '}' => return Some((least, Some(least))),
            ',' if self.characters.peek() == Some(&'}') => None,
            ',' => Some(self.count()?),
            _ => return None,
        };
        (self.characters.next()? == '}').then_some((least, most))
    }

    fn count(&mut self) -> Option<usize> {
        let mut digits = String::new();
        while let Some(digit) = self.characters.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().ok()
    }

    fn atom(&mut self) -> Option<Node> {
        Some(match self.characters.next()? {
            '^' => Node::Begin,
            '$' => Node::End,
            '.' => Node::Character(Set::of(&[('\n', '\n')]).negated()),
            '(' => self.group()?,
            '[' => Node::Character(self.class()?),
            '\\' => match self.characters.peek()? {
                'A' => self.edge(Node::Begin),
                'z' => self.edge(Node::End),
                _ => Node::Character(self.escaped()?),
            },
            '*' | '+' | '?' | '{' => return None,
            character => Node::Character(Set::of(&[(character, character)])),
        })
    }

    fn edge(&mut self, node: Node) -> Node {
        self.characters.next();
        node
    }

    fn group(&mut self) -> Option<Node> {
        if self.characters.next_if_eq(&'?').is_some() {
            match self.characters.next()? {
                ':' => {}
                'P' if self.characters.next()? == '<' => while self.characters.next()? != '>' {},
                _ => return None,
            }
        }
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let node = self.either()?;
        self.depth -= 1;
        (self.characters.next()? == ')').then_some(node)
    }

    /// The characters in brackets; a `]` in front is one of them.
    fn class(&mut self) -> Option<Set> {
        let is_negated = self.characters.next_if_eq(&'^').is_some();
        let mut ranges = Vec::new();
        loop {
            let first = match self.characters.next()? {
                ']' if !ranges.is_empty() => return Some(Set { ranges, is_negated }),
                '[' if self.characters.peek() == Some(&':') => {
                    ranges.extend(self.named_class()?.ranges);
                    continue;
                }
                '\\' => match self.member()? {
                    Member::One(character) => character,
                    Member::Many(set) => {
                        ranges.extend(set.ranges);
                        continue;
                    }
                },
                character => character,
            };
            let mut ahead = self.characters.clone();
            let is_range = ahead.next() == Some('-') && ahead.peek().is_some_and(|character| *character != ']');
            let last = if is_range { self.last_of_range()? } else { first };
            if last < first {
                return None;
            }
            ranges.push(first..=last);
        }
    }

    fn last_of_range(&mut self) -> Option<char> {
        self.characters.next();
        match self.characters.next()? {
            '\\' => match self.member()? {
                Member::One(character) => Some(character),
                Member::Many(_) => None,
            },
            character => Some(character),
        }
    }

    /// What stands behind a backslash in brackets.
    fn member(&mut self) -> Option<Member> {
        let set = self.escaped()?;
        match set.ranges.as_slice() {
            _ if set.is_negated => None,
            [one] if one.start() == one.end() => Some(Member::One(*one.start())),
            _ => Some(Member::Many(set)),
        }
    }

    /// `[:alpha:]` and its kin, behind the first bracket.
    fn named_class(&mut self) -> Option<Set> {
        self.characters.next();
        let mut name = String::new();
        loop {
            match self.characters.next()? {
                ':' => break,
                character => name.push(character),
            }
        }
        let set = match name.as_str() {
            "alnum" => Set::of(&[('0', '9'), ('A', 'Z'), ('a', 'z')]),
            "alpha" => Set::of(&[('A', 'Z'), ('a', 'z')]),
            "digit" => Set::of(&[('0', '9')]),
            "lower" => Set::of(&[('a', 'z')]),
            "upper" => Set::of(&[('A', 'Z')]),
            "space" => Set::of(&[('\t', '\r'), (' ', ' ')]),
            "xdigit" => Set::of(&[('0', '9'), ('A', 'F'), ('a', 'f')]),
            "word" => Set::of(&[('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_')]),
            "print" => Set::of(&[(' ', '~')]),
            "graph" => Set::of(&[('!', '~')]),
            "punct" => Set::of(&[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')]),
            _ => return None,
        };
        (self.characters.next()? == ']').then_some(set)
    }

    fn escaped(&mut self) -> Option<Set> {
        let digits = Set::of(&[('0', '9')]);
        let word = Set::of(&[('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_')]);
        let space = Set::of(&[('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')]);
        Some(match self.characters.next()? {
            'd' => digits,
            'D' => digits.negated(),
            'w' => word,
            'W' => word.negated(),
            's' => space,
            'S' => space.negated(),
            'n' => Set::of(&[('\n', '\n')]),
            't' => Set::of(&[('\t', '\t')]),
            'r' => Set::of(&[('\r', '\r')]),
            'x' => self.hexadecimal()?,
            character if character.is_ascii_punctuation() => Set::of(&[(character, character)]),
            _ => return None,
        })
    }

    /// `7f` or `{10ffff}`.
    fn hexadecimal(&mut self) -> Option<Set> {
        let mut digits = String::new();
        if self.characters.next_if_eq(&'{').is_some() {
            loop {
                match self.characters.next()? {
                    '}' => break,
                    digit => digits.push(digit),
                }
            }
        } else {
            digits.extend([self.characters.next()?, self.characters.next()?]);
        }
        let character = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)?;
        Some(Set::of(&[(character, character)]))
    }
}

/// What stands behind a backslash in brackets.
enum Member {
    One(char),
    Many(Set),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, accepted: &[&str], refused: &[&str]) {
        let machine = Pattern::read(pattern).unwrap();
        for text in accepted {
            assert!(machine.matches(text), "{pattern} matches {text:?}");
        }
        for text in refused {
            assert!(!machine.matches(text), "{pattern} does not match {text:?}");
        }
    }

    #[test]
    fn names_durations_and_amounts() {
        let label = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
        matches(label, &["a", "a-b.c", "0"], &["", "-a", "a.", "A", "a..b", "a\n"]);
        matches(r"^([0-9]{1,5}(h|m|s|ms)){1,4}$", &["10s", "1h2m3s4ms"], &["s", "123456s", "1s1s1s1s1s", "1.5s"]);
        matches(r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$", &["X-Foo", "a`b^"], &["a b", ""]);
        let amount = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";
        matches(amount, &["1Gi", ".5", "-1e3", "100m"], &["1gb", "", "1 Gi"]);
    }

    #[test]
    fn a_match_may_begin_and_end_anywhere_without_edges() {
        matches("b+", &["abbc", "b"], &["", "ac"]);
        matches("^a|b$", &["ax", "xb"], &["xa", "bx"]);
        matches("^$|^a$", &["", "a"], &["b", "aa"]);
        matches("^(?:a|(?P<n>bc)){2}$", &["abc", "aa"], &["a", "bcbcbc"]);
        matches(r"^\d{2,}\s?[[:alpha:]]*$", &["12", "123 abc"], &["1", "12  a"]);
        matches(r"^[^a-c\]]$", &["d", "é"], &["a", "]", "", "dd"]);
        matches("^.{2}$", &["éé"], &["é", "a\n"]);
        matches("(a*)*$", &["", "aaa", "b"], &[]);
        matches(r"^[]a-]+$", &["]-a"], &["b"]);
    }

    #[test]
    fn what_is_not_understood_is_no_pattern() {
        for pattern in ["(?i)a", r"\bword", r"\pL", "a{2,1}", "(", "a)", "[a", "*", r"[\D]", "(a{1000}){1000}", "a{,3}"]
        {
            assert!(Pattern::read(pattern).is_none(), "{pattern}");
        }
        assert!(Pattern::read(&"(".repeat(100_000)).is_none(), "deep groups");
    }

    #[test]
    fn long_texts_take_linear_time() {
        let machine = Pattern::read("^(a|aa)+$").unwrap();
        assert!(!machine.matches(&format!("{}b", "a".repeat(10_000))));
    }
}
