//! The settings of a server: names, and values as TOML has them.

use crate::document::inline::literal;
use crate::document::{Node, OriginId, Value};
use crate::shape::kind::{Expressions, TextForm};
use crate::shape::{Decoder, Keyed, Kind, Leaf, MapForm, Shape, Written};
use crate::value::{Bare, Invalid, Scalar};
use std::fmt;

/// Settings by their names, in the order written.
pub type Settings = Keyed<SettingName, Setting>;

/// Name of a setting: a letter or `_`, then letters, digits, `_`, `-` and `.`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingName(Box<str>);

impl SettingName {
    /// The text, as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SettingName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Scalar for SettingName {
    const WHAT: &'static str = "the name of a setting";
    const EXAMPLE: &'static str = "shared_buffers";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let first = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
        let rest = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        if text.as_bytes().first().is_some_and(first) && text.bytes().all(rest) {
            return Ok(Self(text.into()));
        }
        let title = format!("{} is not the name of a setting", literal(text));
        Err(Invalid::new(title).help(format!("write {}, as the engine's manual spells it", Self::WHAT)))
    }
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// One value.
    Plain(Written<Plain>),
    /// Several, where it stands.
    List(Vec<Written<Plain>>, OriginId),
    /// More settings below a name: a section of a file that has some, else the first part of their names.
    Section(Settings, OriginId),
}

/// A value without parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// `true`, `false`.
    Boolean(bool),
    /// `200`.
    Integer(i64),
    /// `0.5`, as it was spelled.
    Float(Box<str>),
    /// `"64MB"`.
    Text(Box<str>),
}

impl Setting {
    /// Where it was written.
    pub fn origin(&self) -> OriginId {
        match self {
            Self::Plain(value) => value.origin,
            Self::List(_, origin) | Self::Section(_, origin) => *origin,
        }
    }

    /// Its values: one, or those of a list; none of a section.
    pub fn values(&self) -> &[Written<Plain>] {
        match self {
            Self::Plain(value) => std::slice::from_ref(value),
            Self::List(values, _) => values,
            Self::Section(..) => &[],
        }
    }
}

impl Leaf for Plain {
    const KIND: &'static Kind = &Kind::Text(&TextForm {
        what: "a plain value",
        example: "64MB",
        check: |_| Ok(()),
        bare: |bare| match bare {
            Bare::Boolean(value) => Some(Ok(value.to_string().into())),
            Bare::Integer(number, _) => Some(Ok(number.to_string().into())),
            Bare::Float(text) => Some(Ok(text.into())),
            Bare::Date(_) => None,
        },
        expressions: Expressions::Evaluated,
    });

    fn read(value: &Value) -> Result<Self, Option<Invalid>> {
        Ok(match value {
            Value::Boolean(value) => Self::Boolean(*value),
            Value::Integer(number, _) => Self::Integer(*number),
            Value::Float(text) => Self::Float(text.replace('_', "").into()),
            Value::String(text) => Self::Text(text.clone()),
            _ => return Err(None),
        })
    }

    fn placeholder() -> Self {
        Self::Boolean(false)
    }
}

const PLAIN: &Kind = Plain::KIND;
const LIST: &Kind = &Kind::List(PLAIN);
const NAME: &TextForm = &TextForm {
    what: SettingName::WHAT,
    example: SettingName::EXAMPLE,
    check: |text| SettingName::parse(text).map(drop),
    bare: |_| None,
    expressions: Expressions::Verbatim,
};

// A declaration cannot hold itself, so there is one for each depth. mongod.conf has the deepest sections:
// `systemLog.component.replication.election.verbosity`.
const VALUE_5: &Kind = &Kind::OneOf(&[PLAIN, LIST]);
const VALUE_4: &Kind = &Kind::OneOf(&[PLAIN, LIST, &Kind::Map(&MapForm { key: NAME, value: VALUE_5, short: None })]);
const VALUE_3: &Kind = &Kind::OneOf(&[PLAIN, LIST, &Kind::Map(&MapForm { key: NAME, value: VALUE_4, short: None })]);
const VALUE_2: &Kind = &Kind::OneOf(&[PLAIN, LIST, &Kind::Map(&MapForm { key: NAME, value: VALUE_3, short: None })]);
const VALUE_1: &Kind = &Kind::OneOf(&[PLAIN, LIST, &Kind::Map(&MapForm { key: NAME, value: VALUE_2, short: None })]);

impl Shape for Setting {
    const KIND: &'static Kind = VALUE_1;

    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            Value::Array(_) => Some(Self::List(Vec::decode(node, decoder)?, node.origin)),
            Value::Table(_) => Some(Self::Section(Keyed::decode(node, decoder)?, node.origin)),
            _ => Written::decode(node, decoder).map(Self::Plain),
        }
    }
}
