//! Explains keys and tables that are written twice, with the place of the first writing.

use super::{Kind, Statement, Token, Tokens};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::ops::Range;

/// Whether the reader's message is about two places, not about the syntax of one.
pub fn is_conflict(message: &str) -> bool {
    message.starts_with("duplicate key") || message.starts_with("cannot extend value")
}

/// How a name meets one that was written before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clash {
    /// It is written a second time.
    Again,
    /// A key below it is written, but its value takes none.
    Below,
}

impl Clash {
    /// What the reader's message says of the name that it points at.
    pub fn of(message: &str) -> Self {
        if message.starts_with("cannot extend") { Self::Below } else { Self::Again }
    }
}

/// Explains clashes at the names that begin at these places, which are sorted, in a text of sound statements.
pub fn explain(text: &str, file: FileId, statements: &[Statement], clashes: &[(usize, Clash)]) -> Vec<Diagnostic> {
    let mut outline = Outline::new(text, clashes);
    for statement in statements {
        let range = statement.range.clone();
        let tokens = Tokens { text: &text[..range.end], at: range.start };
        if text.as_bytes()[range.start] == b'[' {
            outline.header(tokens);
        } else {
            outline.entry(tokens);
        }
    }
    outline.conflicts.into_iter().map(|conflict| conflict.explain(file)).collect()
}

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// Only as a part of a longer header: not yet a table of its own.
    Implied,
    /// As the last name of a header.
    Header,
    /// Before `=`.
    Key,
}

struct Place {
    parent: usize,
    /// `None` for the root and the entries of lists.
    name: Option<Range<usize>>,
    written: Written,
    /// What keys below a header belong to: this place, or the newest entry of a `[[list]]`.
    element: usize,
}

struct Conflict {
    clash: Clash,
    path: String,
    name: Range<usize>,
    written: Written,
    first: Option<(Range<usize>, Written)>,
}

/// Every name of a text with the place where it was first written.
struct Outline<'t> {
    text: &'t str,
    clashes: &'t [(usize, Clash)],
    places: Vec<Place>,
    children: IndexMap<(usize, &'t str), usize, FxBuildHasher>,
    /// The table whose keys follow.
    table: usize,
    conflicts: Vec<Conflict>,
}

impl<'t> Outline<'t> {
    fn new(text: &'t str, clashes: &'t [(usize, Clash)]) -> Self {
        let root = Place { parent: 0, name: None, written: Written::Header, element: 0 };
        Self { text, clashes, places: vec![root], children: IndexMap::default(), table: 0, conflicts: Vec::new() }
    }

    fn header(&mut self, tokens: Tokens<'t>) {
        let tokens: Vec<Token> = tokens.take_while(|token| token.kind != Kind::Close).collect();
        let is_list = tokens.iter().take_while(|token| token.kind == Kind::Open).count() > 1;
        let names: Vec<Range<usize>> = tokens.iter().flat_map(|token| names(self.text, *token)).collect();
        let mut place = 0;
        for (index, name) in names.iter().enumerate() {
            let written = if index + 1 == names.len() { Written::Header } else { Written::Implied };
            let child = self.visit(place, name.clone(), written);
            place = self.places[child].element;
            if is_list && written == Written::Header {
                place = self.entry_of(child);
                self.places[child].element = place;
            }
        }
        self.table = place;
    }

    /// A table without a name: an entry of a list, or a value between brackets.
    fn entry_of(&mut self, parent: usize) -> usize {
        let id = self.places.len();
        self.places.push(Place { parent, name: None, written: Written::Header, element: id });
        id
    }

    fn entry(&mut self, tokens: Tokens<'t>) {
        let mut around = Vec::new();
        let (mut table, mut name, mut in_list, mut is_key) = (self.table, self.table, false, true);
        for token in tokens {
            match token.kind {
                Kind::Word | Kind::Text if is_key => {
                    for part in names(self.text, token) {
                        name = self.visit(name, part, Written::Key);
                    }
                }
                Kind::Equals => is_key = false,
                Kind::Open => {
                    around.push((table, in_list));
                    in_list = self.text.as_bytes()[token.start] == b'[';
                    table = if in_list { name } else { self.value_of(name, table) };
                    (name, is_key) = (table, !in_list);
                }
                Kind::Close => {
                    (table, in_list) = around.pop().unwrap_or((self.table, false));
                    (name, is_key) = (table, false);
                }
                Kind::Comma if !around.is_empty() => (name, is_key) = (table, !in_list),
                _ => {}
            }
        }
    }

    /// What the keys between braces belong to: the key before them, or an entry of the list around them.
    fn value_of(&mut self, name: usize, table: usize) -> usize {
        if name == table { self.entry_of(table) } else { name }
    }

    /// The place of a name in a table; remembers the conflict where the reader found one here.
    fn visit(&mut self, parent: usize, name: Range<usize>, written: Written) -> usize {
        let key = (parent, unquoted(&self.text[name.clone()]));
        let known = self.children.get(&key).copied();
        if let Ok(found) = self.clashes.binary_search_by_key(&name.start, |(start, _)| *start) {
            self.remember(self.clashes[found].1, parent, known, name.clone(), written);
        }
        match known {
            Some(id) => {
                if self.places[id].written == Written::Implied && written != Written::Implied {
                    self.places[id].written = written;
                    self.places[id].name = Some(name);
                }
                id
            }
            None => {
                let id = self.places.len();
                self.places.push(Place { parent, name: Some(name), written, element: id });
                self.children.insert(key, id);
                id
            }
        }
    }

    fn remember(&mut self, clash: Clash, parent: usize, known: Option<usize>, name: Range<usize>, written: Written) {
        let mut names = vec![&self.text[name.clone()]];
        let mut around = Vec::new();
        let mut place = parent;
        while place != 0 {
            around.extend(self.places[place].name.clone());
            place = self.places[place].parent;
        }
        names.extend(around.iter().map(|name| &self.text[name.clone()]));
        names.reverse();
        // Where the name itself is new, the table around it is what takes no more names.
        let known = known.map(|id| &self.places[id]).filter(|known| known.written != Written::Implied);
        let first = match known {
            Some(known) => known.name.clone().map(|first| (first, known.written)),
            None => around.first().map(|first| (first.clone(), self.places[parent].written)),
        };
        self.conflicts.push(Conflict { clash, path: names.join("."), name, written, first });
    }
}

/// The places of the names in a token: a quoted one, or those between dots.
fn names(text: &str, token: Token) -> Vec<Range<usize>> {
    let separators: &[char] = match token.kind {
        Kind::Text => &[],
        Kind::Word => &['.'],
        _ => return Vec::new(),
    };
    let mut start = token.start;
    let mut names = Vec::new();
    for name in text[token.start..token.end].split(separators) {
        if !name.is_empty() {
            names.push(start..start + name.len());
        }
        start += name.len() + 1;
    }
    names
}

/// A name without its quotes. Escapes stay as they are: a name that is spelled in two ways is only shown once.
fn unquoted(name: &str) -> &str {
    name.strip_prefix(['"', '\'']).and_then(|name| name.strip_suffix(['"', '\''])).unwrap_or(name)
}

impl Conflict {
    fn explain(&self, file: FileId) -> Diagnostic {
        let path = &self.path;
        let first_written = self.first.as_ref().map(|(_, written)| *written);
        let (title, help) = match (self.clash, self.written, first_written) {
            (Clash::Below, ..) => (
                format!("`{path}` has its value already and takes no more keys"),
                "write all of its keys in one place: in one table between braces, or each on a line of its own",
            ),
            (_, Written::Key, Some(Written::Key) | None) => {
                (format!("the key `{path}` is written twice"), "keep one of them")
            }
            (_, Written::Header | Written::Implied, Some(Written::Header) | None) => {
                (format!("the table `[{path}]` is written twice"), "put all of its keys below one header")
            }
            _ => (
                format!("`{path}` is written both as a key and as a header"),
                "choose one: a key with its value, or a header with keys below it",
            ),
        };
        let again = if self.clash == Clash::Below { "a key below it" } else { "written again" };
        let message = Diagnostic::error("duplicate-key", title).at(Span::new(file, self.name.clone()), again);
        let message = match &self.first {
            Some((first, _)) => message.at(Span::new(file, first.clone()), "first written here"),
            None => message,
        };
        message.help(help)
    }
}
