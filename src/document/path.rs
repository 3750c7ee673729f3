//! Paths into the configuration: TOML dotted keys such as `api.web.mounts."/etc/config".mode`.

use crate::value::{Invalid, Scalar};
use std::fmt;
use toml::de::{DeTable, DeValue};

/// A path of at least one key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath {
    segments: Vec<Box<str>>,
}

impl KeyPath {
    /// The keys, the outermost first.
    pub fn segments(&self) -> &[Box<str>] {
        &self.segments
    }

    /// This path below another one.
    #[must_use]
    pub fn below(&self, outer: &[&str]) -> Self {
        Self::of(outer.iter().copied().chain(self.segments.iter().map(|segment| &**segment)))
    }

    /// The path made of these keys.
    pub fn of<'a>(segments: impl IntoIterator<Item = &'a str>) -> Self {
        Self { segments: segments.into_iter().map(Box::from).collect() }
    }
}

impl Scalar for KeyPath {
    const WHAT: &'static str = "a path such as \"api.web.probes.live\"";
    const EXAMPLE: &'static str = "api.web.probes.live";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let invalid = || {
            Invalid {
            title: format!("`{text}` is not a path{}", flaw(text)),
            help: Some("join keys by dots and quote those that hold more than letters, digits, `-` and `_`: `api.web.mounts.\"/data\"`".into()),
            at: None,
            replacement: None,
        }
        };
        if text.contains(['\n', '\r']) {
            return Err(invalid());
        }
        let line = format!("{text} = 0");
        let parsed = DeTable::parse(&line).map_err(|_| invalid())?;
        let mut segments = Vec::new();
        let mut table = parsed.get_ref();
        while let Some((key, value)) = table.iter().next() {
            segments.push(Box::from(&**key.get_ref()));
            match value.get_ref() {
                DeValue::Table(inner) => table = inner,
                // `a = 1 #` would be a whole line of its own
                _ if value.span().start < text.len() => break,
                _ => return Ok(Self { segments }),
            }
        }
        Err(invalid())
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, segment) in self.segments.iter().enumerate() {
            if at > 0 {
                formatter.write_str(".")?;
            }
            write!(formatter, "{}", quoted(segment))?;
        }
        Ok(())
    }
}

/// What is plainly wrong with a path, to go on with behind "is not a path"; empty where nothing is.
pub fn flaw(text: &str) -> &'static str {
    if text.contains("..") {
        ": a key is missing between two dots"
    } else if text.starts_with('.') || text.ends_with('.') {
        ": a key is missing beside the dot"
    } else if text.matches('[').count() > text.matches(']').count() {
        ": `[` is never closed"
    } else {
        ""
    }
}

/// A key as it must be typed.
pub fn quoted(key: &str) -> std::borrow::Cow<'_, str> {
    let bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if bare { key.into() } else { escaped(key).into() }
}

/// A basic string of TOML, in which what cannot be seen is escaped.
fn escaped(key: &str) -> String {
    let mut text = String::with_capacity(key.len() + 2);
    text.push('"');
    for character in key.chars() {
        match (character, u32::from(character)) {
            ('"' | '\\' | '\n' | '\r' | '\t', _) => text.extend(character.escape_debug()),
            ('\'', _) => text.push('\''),
            (_, _) if character.escape_debug().len() == 1 => text.push(character),
            (_, code @ ..=0xFFFF) => text.push_str(&format!("\\u{code:04X}")),
            (_, code) => text.push_str(&format!("\\U{code:08X}")),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_toml_dotted_key() {
        let path = KeyPath::parse("api.web.mounts.\"/etc/config\".mode").unwrap();
        assert_eq!(path, KeyPath::of(["api", "web", "mounts", "/etc/config", "mode"]));
        assert_eq!(path.to_string(), "api.web.mounts.\"/etc/config\".mode");
    }

    #[test]
    fn a_quoted_key_may_hold_any_character() {
        assert_eq!(KeyPath::parse("a.\"b=c.d#e\"").unwrap(), KeyPath::of(["a", "b=c.d#e"]));
        assert_eq!(KeyPath::parse("a.'b\"c'").unwrap(), KeyPath::of(["a", "b\"c"]));
    }

    #[test]
    fn a_key_is_printed_so_that_it_can_be_typed() {
        for (key, typed) in [
            ("a-b_1", "a-b_1"),
            ("", "\"\""),
            ("/d\u{e9}\"\\'", "\"/d\u{e9}\\\"\\\\'\""),
            ("a\nb\t\r", "\"a\\nb\\t\\r\""),
            ("\0\u{1b}\u{7f}\u{200b}\u{e0001}", "\"\\u0000\\u001B\\u007F\\u200B\\U000E0001\""),
        ] {
            assert_eq!(quoted(key), typed);
            assert_eq!(KeyPath::parse(typed).unwrap(), KeyPath::of([key]));
        }
    }

    #[test]
    fn what_is_no_dotted_key_is_refused() {
        for text in ["", "a..b", "a b", ".a", "a.", "a = 1", "a = 1 #", "a #", "a = {}", "[a]", "a\nb", "{{ a }}"] {
            assert!(KeyPath::parse(text).is_err(), "{text:?}");
        }
    }
}
