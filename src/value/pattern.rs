//! What the texts of one kind consist of: the same data checks a text and says what is wrong with it.

use super::{Invalid, literal, quote};

/// A text of certain characters, with a rule for its first and its last one. Never empty, always ASCII.
pub struct Pattern {
    /// With its article, as in "a port name".
    pub what: &'static str,
    /// The characters in words.
    pub characters: &'static str,
    /// Which characters may stand anywhere.
    pub allowed: fn(u8) -> bool,
    /// Which may stand first, and in words.
    pub first: (fn(u8) -> bool, &'static str),
    /// Which may stand last, and in words.
    pub last: (fn(u8) -> bool, &'static str),
    /// How many characters at most.
    pub maximum: usize,
    /// A text that is accepted.
    pub example: &'static str,
}

impl Pattern {
    /// Whether the text follows the rules.
    pub fn accepts(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
        bytes.len() <= self.maximum
            && (self.first.0)(*first)
            && (self.last.0)(*last)
            && bytes.iter().all(|byte| (self.allowed)(*byte))
    }

    /// Says which rule the text breaks, and what the rules are.
    pub fn refuse(&self, text: &str) -> Invalid {
        let Self { what, characters, example, maximum, .. } = self;
        if text.is_empty() {
            return Invalid::new(format!("an empty text is not {what}"))
                .help(format!("write {what} such as {}", literal(example)));
        }
        let value = quote(text);
        if let Some((at, character)) = self.first_stranger(text) {
            return Invalid::new(format!("{value} is not {what}: only {characters}"))
                .at(at..at + character.len_utf8())
                .help(format!("use only {characters}, as in {}", literal(example)));
        }
        if text.len() > *maximum {
            let surplus = text.len() - maximum;
            let title = format!("{value} is not {what}: it has {} characters, {maximum} are allowed", text.len());
            return Invalid::new(title).at(*maximum..text.len()).help(format!("shorten it by {surplus}"));
        }
        let bytes = text.as_bytes();
        if !(self.first.0)(bytes[0]) {
            return self.refuse_end(&value, "begin", self.first.1).at(0..1);
        }
        self.refuse_end(&value, "end", self.last.1).at(text.len() - 1..text.len())
    }

    fn first_stranger(&self, text: &str) -> Option<(usize, char)> {
        let strange =
            |character: char| !u8::try_from(character).is_ok_and(|byte| byte.is_ascii() && (self.allowed)(byte));
        text.char_indices().find(|(_, character)| strange(*character))
    }

    fn refuse_end(&self, value: &str, end: &str, allowed: &str) -> Invalid {
        Invalid::new(format!("{value} is not {}: it must {end} with {allowed}", self.what))
            .help(format!("{end} it with {allowed}, as in {}", literal(self.example)))
    }
}

/// Labels joined by dots, as RFC 1123 has them: the DNS subdomain of the Kubernetes API, at most 253 characters.
pub struct Subdomain {
    /// What it is, its characters and its ends.
    pub pattern: Pattern,
    /// How many characters a label has at most.
    pub longest_label: usize,
}

impl Subdomain {
    /// The rules for a kind of subdomain whose labels have at most `longest_label` characters.
    pub const fn new(what: &'static str, example: &'static str, longest_label: usize) -> Self {
        let pattern = Pattern {
            what,
            characters: "a-z, 0-9, `-` and `.`",
            allowed: |byte| is_lower_alphanumeric(byte) || matches!(byte, b'-' | b'.'),
            first: (is_lower_alphanumeric, "one of a-z and 0-9"),
            last: (is_lower_alphanumeric, "one of a-z and 0-9"),
            maximum: 253,
            example,
        };
        Self { pattern, longest_label }
    }

    /// Whether the text follows the rules.
    pub fn accepts(&self, text: &str) -> bool {
        self.pattern.accepts(text) && text.split('.').all(|label| self.accepts_label(label))
    }

    /// Says which rule the text breaks, and what the rules are.
    pub fn refuse(&self, text: &str) -> Invalid {
        if !self.pattern.accepts(text) {
            return self.pattern.refuse(text);
        }
        let what = self.pattern.what;
        let bad = text.split('.').find(|label| !self.accepts_label(label)).unwrap_or(text);
        let at = super::place(bad, text);
        if bad.len() > self.longest_label {
            let longest = self.longest_label;
            let title = format!("{} is not {what}: a part between dots has at most {longest} characters", quote(text));
            return Invalid::new(title).at(at).help(format!("shorten {} by {}", quote(bad), bad.len() - longest));
        }
        // An empty label has no bytes to point at: the dot after it is where it goes wrong.
        let at = if bad.is_empty() { at.start..at.start + 1 } else { at };
        let title =
            format!("{} is not {what}: each part between dots begins and ends with one of a-z and 0-9", quote(text));
        Invalid::new(title).at(at).help(format!("write it as in {}", literal(self.pattern.example)))
    }

    fn accepts_label(&self, label: &str) -> bool {
        let bytes = label.as_bytes();
        bytes.len() <= self.longest_label
            && bytes.first().copied().is_some_and(is_lower_alphanumeric)
            && bytes.last().copied().is_some_and(is_lower_alphanumeric)
    }
}

/// a-z and 0-9.
pub fn is_lower_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// a-z, A-Z and 0-9.
pub fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// a-z, A-Z, 0-9, `-`, `_` and `.`.
pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// The text in lower case with every other separator as `-`; none where a character has no obvious counterpart.
pub fn kebab(text: &str, keep: &[char]) -> Option<String> {
    let mut kebab = String::with_capacity(text.len());
    for character in text.trim().chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => kebab.push(character.to_ascii_lowercase()),
            kept if kept == '-' || keep.contains(&kept) => kebab.push(kept),
            '_' | ' ' | '.' | '/' | ':' if kebab.ends_with('-') => {}
            '_' | ' ' | '.' | '/' | ':' => kebab.push('-'),
            _ => return None,
        }
    }
    Some(kebab.trim_matches(['-', '.']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kebab_keeps_hyphens_and_joins_the_rest() {
        assert_eq!(kebab(" Web_ 1.", &[]).as_deref(), Some("web-1"));
        assert_eq!(kebab("a--b", &[]).as_deref(), Some("a--b"));
        assert_eq!(kebab("My.App_x", &['.']).as_deref(), Some("my.app-x"));
        assert_eq!(kebab("café", &[]), None);
        assert_eq!(kebab("a+b", &[]), None);
    }
}
