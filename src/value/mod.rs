//! Scalars that are right by construction: once parsed, no later code checks them again.
//!
//! Each type is a [`Scalar`]: it reads a text or says, as an [`Invalid`], what is wrong and what to write instead.

mod pattern;
mod suggest;
mod name;
mod label;
mod justification;
mod key;
mod image;
mod port;
mod quantity;
mod duration;
mod schedule;
mod timezone;
mod version;
mod host;
mod count;
mod path;
mod ip;
mod taint;
mod resource;
mod rights;
mod class;

use pattern::{Pattern, Subdomain, is_alphanumeric, is_lower_alphanumeric, is_word, kebab};
use std::borrow::Cow;
use std::ops::Range;

pub use class::{Controller, KindName, ParameterName, Provisioner};
pub use count::{CountOrPercent, FileMode};
pub use duration::Duration;
pub use host::{Address, Domain, Host, Hostname};
pub use image::Image;
pub use ip::IpAddress;
pub use justification::Justification;
pub use key::{ConfigKey, EnvName};
pub use label::{AnnotationName, LabelName, LabelValue};
pub use name::{DnsLabel, Name, ObjectName, PortName, RuleName};
pub use path::{AbsolutePath, HttpPath, RelativePath, VolumePath};
pub use port::{NodePort, PortMapping, PortNumber, Protocol};
pub use quantity::Quantity;
pub use resource::ResourceName;
pub use rights::{ApiGroup, ApiResource, ApiScope, Verb};
pub use schedule::Schedule;
pub use suggest::{abbreviated, enumerate, nearest, unmistakable};
pub use taint::{Taint, TaintEffect};
pub use timezone::TimeZone;
pub use version::{KubernetesRange, KubernetesVersion, VariableName, Version};

/// A value that is read from text.
///
/// `Display` gives the text back as the stack file would spell it: parsing that again gives an equal value.
pub trait Scalar: Sized {
    /// What is expected, with its article and an example, as in `a duration such as "10s"`.
    const WHAT: &'static str;

    /// A text that is accepted.
    const EXAMPLE: &'static str;

    /// Reads the text.
    ///
    /// # Errors
    /// What is wrong with the text, and what to write instead.
    fn parse(text: &str) -> Result<Self, Invalid>;

    /// The text for a value that was written without quotes; `None` where that is a wrong type.
    fn bare(_: Bare) -> Option<Result<Box<str>, Invalid>> {
        None
    }
}

/// Any text.
impl Scalar for String {
    const WHAT: &'static str = "a text";
    const EXAMPLE: &'static str = "text";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Ok(text.to_owned())
    }
}

/// A value written without quotes where a text may be meant, with its spelling.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bare<'a> {
    /// `true`, `false`.
    Boolean(bool),
    /// `3000`, `0x1F`.
    Integer(i64, &'a str),
    /// `0.5`.
    Float(&'a str),
    /// `2026-01-01`.
    Date(&'a str),
}

/// Why a text is no valid value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Lower-case phrase that names the value; no full stop.
    pub title: String,
    /// What to type next, in the imperative.
    pub help: Option<String>,
    /// Bytes within the text where it goes wrong, if one place can be named.
    pub at: Option<Range<usize>>,
    /// The whole corrected text, without quotes, where there is exactly one sensible.
    pub replacement: Option<String>,
}

impl Invalid {
    /// A refusal that has only a title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), help: None, at: None, replacement: None }
    }

    /// Says what to type next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Names the bytes of the text where it goes wrong; an empty range names none.
    #[must_use]
    pub fn at(mut self, bytes: Range<usize>) -> Self {
        self.at = (!bytes.is_empty()).then_some(bytes);
        self
    }

    /// Offers a corrected text, as replacement and as help.
    #[must_use]
    pub fn replace_by(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        self.help = Some(format!("write {}", literal(&text)));
        self.replacement = Some(text);
        self
    }

    /// Offers a corrected text where it is one that `accepts` takes; else leaves everything as it is.
    #[must_use]
    fn replace_if(self, accepts: impl Fn(&str) -> bool, text: impl Into<String>) -> Self {
        let text = text.into();
        if accepts(&text) { self.replace_by(text) } else { self }
    }
}

/// The longest part of a value that a title shows, in characters.
const SHOWN: usize = 60;

/// The value as titles name it: in backticks, on one line, cut where it is long, without the credentials of a URL.
pub(crate) fn quote(text: &str) -> String {
    if text.is_empty() {
        return "an empty text".to_owned();
    }
    let text = &without_credentials(text);
    let mut quoted = String::with_capacity(text.len().min(4 * SHOWN) + 2);
    quoted.push('`');
    for character in text.chars().take(SHOWN) {
        if character.is_control() {
            quoted.extend(character.escape_default());
        } else {
            quoted.push(character);
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        quoted.push('…');
    }
    quoted.push('`');
    quoted
}

fn without_credentials(text: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = text.split_once("://") else { return Cow::Borrowed(text) };
    let authority = rest.split('/').next().unwrap_or(rest);
    match authority.rfind('@') {
        Some(end) => Cow::Owned(format!("{scheme}://…{}", &rest[end..])),
        None => Cow::Borrowed(text),
    }
}

/// The value as one would type it in TOML: a basic string.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            control if control.is_control() => literal.push_str(&format!("\\u{:04X}", u32::from(control))),
            plain => literal.push(plain),
        }
    }
    literal.push('"');
    literal
}

/// Where `part`, which must be a slice of `whole`, stands in it.
pub fn place(part: &str, whole: &str) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(whole.as_ptr().addr());
    start..start + part.len()
}

/// Where the first character of a text stands; empty in an empty text.
fn first_character(text: &str) -> Range<usize> {
    0..text.chars().next().map_or(0, char::len_utf8)
}

/// Reads a number that is written with digits only and without needless zeros: one number, one spelling.
fn plain_number(text: &str) -> Option<u64> {
    let canonical = text == "0" || (!text.starts_with('0') && !text.is_empty());
    if canonical && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// Gives a type around a checked text its accessor and its `Display`.
macro_rules! text_scalar {
    ($type:ident) => {
        impl $type {
            /// The text, as it was written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $type {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}
use text_scalar;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fmt::{Debug, Display};

    pub(super) fn accepts<T: Scalar>(texts: &[&str]) {
        for text in texts {
            let refused = T::parse(text).err();
            assert_eq!(refused, None, "{text:?} should be accepted");
        }
    }

    pub(super) fn refuses<T: Scalar>(texts: &[&str]) {
        for text in texts {
            assert!(T::parse(text).is_err(), "{text:?} should be refused");
        }
    }

    pub(super) fn replacement<T: Scalar>(text: &str) -> Option<String> {
        T::parse(text).err().and_then(|invalid| invalid.replacement)
    }

    /// What holds for every type and every text.
    fn check<T: Scalar + Display + Debug + PartialEq>(text: &str) {
        match T::parse(text) {
            Ok(value) => assert_eq!(T::parse(&value.to_string()).as_ref(), Ok(&value), "{text:?}"),
            Err(invalid) => check_message::<T>(text, &invalid),
        }
    }

    fn check_message<T: Scalar + Debug>(text: &str, invalid: &Invalid) {
        assert!(!invalid.title.contains(char::is_control), "{invalid:?}");
        assert!(invalid.help.is_some(), "{text:?}: {invalid:?}");
        if let Some(at) = &invalid.at {
            let part = text.get(at.clone());
            assert!(part.is_some_and(|part| !part.is_empty()), "{text:?}: {invalid:?}");
        }
        if let Some(replacement) = &invalid.replacement {
            assert!(T::parse(replacement).is_ok(), "{text:?}: {invalid:?}");
            assert_ne!(replacement, text);
        }
    }

    // But for TimeZone: what is near among 600 names takes an unoptimized build 20 ms, so it gets fewer cases.
    macro_rules! for_every_type {
        ($check:ident($text:expr)) => {
            for_every_type!($check($text): Name DnsLabel ObjectName PortName LabelName LabelValue AnnotationName ConfigKey
                EnvName Image PortNumber NodePort Protocol PortMapping Quantity Duration Schedule Host Domain
                Address CountOrPercent FileMode AbsolutePath HttpPath RelativePath Hostname IpAddress Taint TaintEffect
                ResourceName ApiGroup ApiScope ApiResource Verb Provisioner Controller ParameterName KindName);
        };
        ($check:ident($text:expr): $($type:ident)*) => { $($check::<$type>($text);)* };
    }

    fn check_example<T: Scalar + Display + Debug>(_: ()) {
        assert_eq!(T::parse(T::EXAMPLE).unwrap().to_string(), T::EXAMPLE);
        assert!(T::WHAT.ends_with(&format!(" such as \"{}\"", T::EXAMPLE)), "{}", T::WHAT);
    }

    #[test]
    fn every_example_is_accepted_as_it_stands() {
        for_every_type!(check_example(()));
        check_example::<TimeZone>(());
    }

    /// Texts that are close to being values: pieces of such, in any order.
    fn pieces() -> impl Strategy<Value = String> {
        let pieces = [
            "a",
            "Z",
            "0",
            "7",
            "99",
            "é",
            "_",
            "-",
            ".",
            "..",
            "/",
            ":",
            "@",
            "*",
            ",",
            "?",
            "+",
            "%",
            " ",
            "\n",
            "\0",
            "\u{a0}",
            "web",
            "1.5",
            "Mi",
            "MB",
            "e3",
            "h",
            "ms",
            "80",
            "10.0.0.1",
            "::1",
            "://",
            "* ",
            "*/5 ",
            "mon",
            "TZ=",
            "@every ",
            "UTC",
            "sha256:",
            "localhost",
            "0x",
            "644",
            "\\",
            "\"",
            "`",
            "[",
            "]",
            "=",
            "#",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..8).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_text_is_a_value_or_gets_a_message(text in any::<String>()) {
            for_every_type!(check(&text));
        }

        #[test]
        fn nearly_right_texts_are_values_or_get_messages(text in pieces()) {
            for_every_type!(check(&text));
        }

        #[test]
        fn accepted_texts_are_kept(text in "[a-z0-9./:*-]{1,12}") {
            if let Ok(value) = Name::parse(&text) { prop_assert_eq!(value.as_str(), &text); }
            if let Ok(value) = ObjectName::parse(&text) { prop_assert_eq!(value.as_str(), &text); }
            if let Ok(value) = Image::parse(&text) { prop_assert_eq!(value.to_string(), text.clone()); }
            if let Ok(value) = Quantity::parse(&text) { prop_assert_eq!(value.to_string(), text.clone()); }
            if let Ok(value) = Host::parse(&text) { prop_assert_eq!(value.to_string(), text.clone()); }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn texts_are_time_zones_or_get_messages(text in pieces(), any in any::<String>()) {
            check::<TimeZone>(&text);
            check::<TimeZone>(&any);
        }
    }

    #[test]
    fn titles_show_long_and_strange_values_on_one_line() {
        assert_eq!(quote("a\nb"), "`a\\nb`");
        assert_eq!(quote(&"x".repeat(61)), format!("`{}…`", "x".repeat(60)));
        assert_eq!(quote("postgres://user:secret@db/x"), "`postgres://…@db/x`");
        assert_eq!(literal("a\"\\\n"), "\"a\\\"\\\\\\u000A\"");
    }
}
