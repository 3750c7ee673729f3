//! Values without parts: texts of a form, numbers, words.

use super::decode::{Decoder, Member, Shape};
use super::kind::{Expressions, Kind, Presence, TextForm};
use super::mistake::{Range, invalid_value, out_of_range, unknown_word};
use crate::diagnostic::Diagnostic;
use crate::document::{Node, OriginId, Value, expression};
use crate::value::{Invalid, Scalar};

/// A value with the place where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub origin: OriginId,
}

impl<T> Written<T> {
    /// The same place for another value.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> Written<U> {
        Written { value: to(self.value), origin: self.origin }
    }

    /// The same place, the value borrowed.
    pub fn as_ref(&self) -> Written<&T> {
        Written { value: &self.value, origin: self.origin }
    }
}

/// A value without parts.
pub trait Leaf: Sized {
    /// How it is declared.
    const KIND: &'static Kind;

    /// Reads it. `Err(None)` is a wrong type.
    ///
    /// # Errors
    /// Why it is no such value.
    fn read(value: &Value) -> Result<Self, Option<Invalid>>;

    /// Stands in for a value that was reported as missing or wrong; nothing is printed then.
    fn placeholder() -> Self;
}

impl<T: Scalar> Leaf for T {
    const KIND: &'static Kind = &Kind::Text(&TextForm {
        what: T::WHAT,
        example: T::EXAMPLE,
        check: |text| T::parse(text).map(drop),
        bare: T::bare,
        expressions: Expressions::Evaluated,
    });

    fn read(value: &Value) -> Result<Self, Option<Invalid>> {
        match value {
            Value::String(text) => T::parse(text).map_err(Some),
            other => match other.bare().and_then(T::bare) {
                Some(Ok(text)) => T::parse(&text).map_err(Some),
                Some(Err(invalid)) => Err(Some(invalid)),
                None => Err(None),
            },
        }
    }

    fn placeholder() -> Self {
        T::parse(T::EXAMPLE).expect("every scalar's example is valid: a test parses them all")
    }
}

impl Leaf for bool {
    const KIND: &'static Kind = &Kind::Boolean;

    fn read(value: &Value) -> Result<Self, Option<Invalid>> {
        match value {
            Value::Boolean(value) => Ok(*value),
            Value::String(text) => text.parse().map_err(|_| None),
            _ => Err(None),
        }
    }

    fn placeholder() -> Self {
        false
    }
}

/// A whole number from `MINIMUM` to `MAXIMUM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whole<const MINIMUM: i64, const MAXIMUM: i64>(pub i64);

/// A count as Kubernetes keeps it: 0 to 2147483647.
pub type Count = Whole<0, 0x7fff_ffff>;

/// A count of at least one, to 2147483647.
pub type Positive = Whole<1, 0x7fff_ffff>;

impl<const MINIMUM: i64, const MAXIMUM: i64> Whole<MINIMUM, MAXIMUM> {
    /// The number in the width that Kubernetes uses.
    pub fn get(self) -> i32 {
        i32::try_from(self.0).unwrap_or(i32::MAX)
    }
}

impl<const MINIMUM: i64, const MAXIMUM: i64> Leaf for Whole<MINIMUM, MAXIMUM> {
    const KIND: &'static Kind = &Kind::Integer { what: "a whole number", minimum: MINIMUM, maximum: MAXIMUM };

    fn read(value: &Value) -> Result<Self, Option<Invalid>> {
        let number = match value {
            Value::Integer(number, _) => *number,
            Value::String(text) => text.trim().parse().map_err(|_| None)?,
            _ => return Err(None),
        };
        if number < MINIMUM || number > MAXIMUM {
            let help = format!("write a number from {MINIMUM} to {MAXIMUM}");
            return Err(Some(Invalid {
                title: format!("{number} is out of range"),
                help: Some(help),
                at: None,
                replacement: None,
            }));
        }
        Ok(Self(number))
    }

    fn placeholder() -> Self {
        Self(MINIMUM)
    }
}

impl<T: Leaf> Shape for Written<T> {
    const KIND: &'static Kind = T::KIND;

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let value = match &node.value {
            Value::Invalid => return None,
            Value::String(text) if expression::may_be_in(text) && is_evaluated(T::KIND) => {
                let text = decoder.evaluate(text, node.origin)?;
                return read_evaluated(text, node.origin, decoder);
            }
            value => value,
        };
        match T::read(value) {
            Ok(value) => Some(Self { value, origin: node.origin }),
            Err(invalid) => {
                let diagnostic = mistake::<T>(invalid, value, node.origin, decoder);
                decoder.report.push(diagnostic);
                None
            }
        }
    }
}

impl<T: Leaf> Member for Written<T> {
    const KIND: &'static Kind = T::KIND;
    const PRESENCE: Presence = Presence::Required;

    fn member(node: Option<&Node>, key: &'static str, parent: OriginId, decoder: &mut Decoder) -> Self {
        let decoded = match node {
            Some(node) => Self::decode(node, decoder),
            None => {
                decoder.missing_key(key, T::KIND, parent);
                None
            }
        };
        decoded.unwrap_or_else(|| Self { value: T::placeholder(), origin: node.map_or(parent, |node| node.origin) })
    }
}

fn read_evaluated<T: Leaf>(text: String, origin: OriginId, decoder: &mut Decoder) -> Option<Written<T>> {
    let value = Value::String(text.into());
    match T::read(&value) {
        Ok(value) => Some(Written { value, origin }),
        Err(invalid) => {
            let invalid = invalid.map(|invalid| Invalid { at: None, replacement: None, ..invalid });
            let mut diagnostic = mistake::<T>(invalid, &value, origin, decoder);
            diagnostic.fix = None;
            if diagnostic.code == "wrong-type"
                && let Value::String(text) = &value
            {
                let written = decoder.sources.text(decoder.span(origin)).trim_matches(['"', '\'']);
                diagnostic.title = format!("`{written}` gives `{text}`, not {}", T::KIND.what());
            }
            if let (Some(label), Value::String(text)) = (diagnostic.labels.first_mut(), &value) {
                label.text = format!("gives `{text}`");
            }
            decoder.report.push(diagnostic);
            None
        }
    }
}

fn is_evaluated(kind: &Kind) -> bool {
    !matches!(kind, Kind::Text(TextForm { expressions: Expressions::Verbatim, .. }))
}

fn mistake<T: Leaf>(invalid: Option<Invalid>, value: &Value, origin: OriginId, decoder: &Decoder) -> Diagnostic {
    let span = decoder.span(origin);
    match (invalid, T::KIND, value) {
        (Some(invalid), _, _) => invalid_value("bad-value", invalid, span, decoder.sources),
        (None, Kind::Word { what, words }, Value::String(text)) => unknown_word(what, words, text, span),
        (None, &Kind::Integer { what, minimum, maximum }, Value::Integer(number, _)) => {
            out_of_range("", *number, &Range { what, minimum, maximum }, span)
        }
        (None, kind, value) => decoder.wrong_type(kind, value, span),
    }
}

/// Declares an enum whose variants are words of the language.
#[macro_export]
macro_rules! words {
    ($(#[doc = $doc:literal])* pub enum $name:ident ($what:literal) { $($(#[doc = $variant_doc:literal])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[doc = $variant_doc])* $variant),+ }

        impl $name {
            /// Every word with its sentence, for `explain`.
            pub const WORDS: &'static [(&'static str, &'static str)] = &[$(($word, concat!($($variant_doc, "\n"),*))),+];

            /// As it is typed.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl $crate::shape::Leaf for $name {
            const KIND: &'static $crate::shape::Kind = &$crate::shape::Kind::Word { what: $what, words: &[$($word),+] };

            fn read(value: &$crate::document::Value) -> Result<Self, Option<$crate::value::Invalid>> {
                match value {
                    $crate::document::Value::String(text) => match &**text { $($word => Ok(Self::$variant),)+ _ => Err(None) },
                    _ => Err(None),
                }
            }

            fn placeholder() -> Self {
                [$(Self::$variant),+][0]
            }
        }
    };
}
