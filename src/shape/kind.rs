//! The forms that a value may have, as static data.

use crate::document::checking::Checking;
use crate::document::{Node, Table, Value};
use crate::value::{Bare, Invalid};

/// What a value may be.
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// `false` alone: the word that switches something off.
    False,
    /// `true` alone.
    True,
    /// A whole number in a range, both ends included.
    Integer {
        /// With article, for messages: "a port number".
        what: &'static str,
        /// The smallest.
        minimum: i64,
        /// The largest.
        maximum: i64,
    },
    /// A text of some form.
    Text(&'static TextForm),
    /// One of a few words.
    Word {
        /// With article, for messages: "a restart policy".
        what: &'static str,
        /// All words, the usual one first.
        words: &'static [&'static str],
    },
    /// A list.
    List(&'static Kind),
    /// A table whose keys the user chooses.
    Map(&'static MapForm),
    /// A table whose keys are declared.
    Table(&'static TableForm),
    /// Whatever an object of Kubernetes can hold; `{{ }}` is evaluated in its texts. Of two tables, and in those that stand in
    /// them, a later layer's is laid over the other by key.
    Any,
    /// The first of several kinds that takes a value of the type at hand.
    OneOf(&'static [&'static Kind]),
}

/// A text of some form.
pub struct TextForm {
    /// With article, for messages: "a duration".
    pub what: &'static str,
    /// A text that is right.
    pub example: &'static str,
    /// Says what is wrong with a text.
    pub check: fn(&str) -> Result<(), Invalid>,
    /// Reads a value that is no text as one (`PORT = 3000` in env); `None` where that is a wrong type.
    pub bare: fn(Bare) -> Option<Result<Box<str>, Invalid>>,
    /// Whether `{{ }}` is evaluated in it.
    pub expressions: Expressions,
}

/// Whether `{{ }}` is special in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expressions {
    /// It is evaluated.
    Evaluated,
    /// It is plain text, as in the contents of a `[config]`.
    Verbatim,
}

/// How a table meets the same table of a lower layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// Key by key.
    ByKey,
    /// The later one as a whole.
    Whole,
}

/// A table whose keys the user chooses.
pub struct MapForm {
    /// What a key is: "an environment variable", "a mount path".
    pub key: &'static TextForm,
    /// What stands under each key.
    pub value: &'static Kind,
    /// The form other than a table that it may be written in.
    pub short: Option<Short>,
}

/// A table whose keys are declared.
pub struct TableForm {
    /// What the table describes, in a word or two: "probe".
    pub name: &'static str,
    /// Its sentences, from the doc comment of its declaration.
    pub doc: &'static str,
    /// Its own keys, in the order of the declaration.
    pub keys: &'static [KeyForm],
    /// Tables whose keys stand in this one too.
    pub includes: &'static [&'static TableForm],
    /// The keys that the user chooses, beside the declared ones.
    pub others: Option<&'static OtherKeys>,
    /// Groups of keys (dotted paths) of which only one may stand.
    pub exclusive: &'static [&'static [&'static str]],
    /// Groups of keys (dotted paths) of which a later layer's removes the others, though one layer may write several.
    pub superseding: &'static [&'static [&'static str]],
    /// The forms other than a table that it may be written in.
    pub short: Option<Short>,
    /// Moves keys that are short for others to where they belong.
    pub rewrite: Option<fn(&mut Table, &mut Checking)>,
    /// Keys that are short for others, with the path where they end, from this table; one with several rows ends in each.
    /// `unset` finds them by either name.
    pub moved: &'static [(&'static str, &'static [&'static str])],
    /// How it meets the same table of a lower layer.
    pub merge: Merge,
    /// What each of several such tables, keyed by names, takes over from the component in which they stand.
    pub inherits: Option<Inherits>,
}

/// The keys that a part of a component takes over from the component, where the component is put together. Its own keys are
/// laid over them by the ordinary rules.
pub struct Inherits {
    /// Keys that every such part takes over.
    pub always: &'static [&'static str],
    /// The key that makes it something of its own.
    pub own: &'static str,
    /// Keys that it takes over as well without that key.
    pub otherwise: &'static [&'static str],
    /// What stays with the component, as paths.
    pub never: &'static [&'static [&'static str]],
}

/// Keys that the user chooses, in a table that has declared ones too.
pub struct OtherKeys {
    /// What such a key is.
    pub names: &'static TextForm,
    /// What stands under each of them; its name stands for all.
    pub key: KeyForm,
}

/// A form other than a table: `security = "restricted"`.
pub struct Short {
    /// For messages, with article: "a word such as \"restricted\"".
    pub what: &'static str,
    /// The kinds of value that are taken.
    pub kind: &'static Kind,
    /// The table for such a value; its nodes carry the origin of the short form.
    pub expand: fn(Node) -> Node,
}

/// One key of a table.
pub struct KeyForm {
    /// As it is typed.
    pub name: &'static str,
    /// Its sentences, from the doc comment of its declaration.
    pub doc: &'static str,
    /// What stands under it.
    pub kind: &'static Kind,
    /// Whether a finished table must have it.
    pub presence: Presence,
}

/// Whether a key must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must.
    Required,
    /// It may be left out.
    Optional,
}

impl TableForm {
    /// The declaration of a key: its own, an included one, or the one for what the user chooses.
    pub fn key(&self, name: &str) -> Option<&'static KeyForm> {
        let others = || self.others.filter(|others| (others.names.check)(name).is_ok());
        self.declared(name).or_else(|| others().map(|others| &others.key))
    }

    /// The declaration of a key, its own or an included one.
    pub fn declared(&self, name: &str) -> Option<&'static KeyForm> {
        let own = self.keys.iter().find(|key| key.name == name);
        own.or_else(|| self.includes.iter().find_map(|included| included.declared(name)))
    }

    /// All keys, the included ones behind its own.
    pub fn all_keys(&self) -> Vec<&'static KeyForm> {
        let mut all: Vec<_> = self.keys.iter().collect();
        for included in self.includes {
            all.extend(included.all_keys());
        }
        all
    }

    /// All keys that are short for others, its own and the included ones.
    pub fn moved_keys(&self) -> impl Iterator<Item = (&'static str, &'static [&'static str])> + '_ {
        self.includes.iter().flat_map(|included| included.moved).chain(self.moved).copied()
    }

    /// What it takes over from the component in which it stands, as it says or an included table.
    pub fn inherits(&'static self) -> Option<&'static Inherits> {
        self.inherits.as_ref().or_else(|| self.includes.iter().find_map(|included| included.inherits()))
    }

    /// All groups of keys of which only one may stand.
    pub fn exclusive_groups(&self) -> impl Iterator<Item = &'static [&'static str]> + '_ {
        let included = self.includes.iter().flat_map(|included| included.exclusive.iter().copied());
        self.exclusive.iter().copied().chain(included)
    }

    /// All groups of keys of which a later layer's removes the others: the exclusive ones, and more.
    pub fn superseding_groups(&self) -> impl Iterator<Item = &'static [&'static str]> + '_ {
        let included = self.includes.iter().flat_map(|included| included.superseding.iter().copied());
        self.exclusive_groups().chain(self.superseding.iter().copied()).chain(included)
    }
}

impl TableForm {
    /// A table with its required keys, or with the first one where none is.
    fn example(&self) -> String {
        let keys = self.all_keys();
        let required = keys.iter().filter(|key| key.presence == Presence::Required);
        let shown: Vec<_> = required.map(|key| format!("{} = {}", key.name, key.kind.example())).collect();
        match (shown.is_empty(), keys.first()) {
            (false, _) => format!("{{ {} }}", shown.join(", ")),
            (true, Some(first)) => format!("{{ {} = {} }}", first.name, first.kind.example()),
            (true, None) => "{}".to_owned(),
        }
    }
}

impl Kind {
    /// With article, for messages.
    pub fn what(&self) -> String {
        match self {
            Self::Boolean => "true or false".into(),
            Self::False => "false".into(),
            Self::True => "true".into(),
            Self::Integer { what, .. } => (*what).into(),
            Self::Text(form) => form.what.into(),
            Self::Word { what, .. } => (*what).into(),
            Self::List(item) => match item {
                Self::Text(TextForm { what: "a text", .. }) => "a list of texts".to_owned(),
                Self::Text(form) => format!("a list of texts, each {}", form.what),
                item => format!("a list, each {}", item.what()),
            },
            Self::Map(form) => {
                let table = format!("a table keyed by {}", form.key.what);
                form.short.as_ref().map_or(table.clone(), |short| format!("{table} or {}", short.what))
            }
            Self::Table(form) => match &form.short {
                Some(short) => format!("a table or {}", short.what),
                None => "a table".into(),
            },
            Self::Any => "any value".into(),
            Self::OneOf(kinds) => {
                let is_of_them =
                    |item: &Self| kinds.iter().any(|kind| !matches!(kind, Self::List(_)) && kind.what() == item.what());
                let what = |kind: &&Self| match kind {
                    Self::List(item) if is_of_them(item) => "a list of them".to_owned(),
                    kind => kind.what(),
                };
                kinds.iter().map(what).collect::<Vec<_>>().join(" or ")
            }
        }
    }

    /// A value of this kind as it may be typed.
    pub fn example(&self) -> String {
        match self {
            Self::Boolean | Self::True => "true".into(),
            Self::False => "false".into(),
            Self::Integer { minimum, .. } => (*minimum).max(1).to_string(),
            Self::Text(form) => format!("\"{}\"", form.example),
            Self::Word { words, .. } => format!("\"{}\"", words[0]),
            Self::List(item) => format!("[{}]", item.example()),
            Self::Map(MapForm { key, value, .. }) => {
                let bare = key.example.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
                let name = if bare { key.example.to_owned() } else { format!("\"{}\"", key.example) };
                format!("{{ {name} = {} }}", value.example())
            }
            Self::Table(form) => match &form.short {
                Some(short) => short.kind.example(),
                None => form.example(),
            },
            Self::Any => "{ replicas = 2 }".into(),
            Self::OneOf(kinds) => kinds[0].example(),
        }
    }

    /// Whether a value of this TOML type may stand here, whatever its content.
    pub fn takes(&self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Untyped(_) | Value::Invalid)
            | (Self::Any, _)
            | (Self::Boolean, Value::Boolean(_))
            | (Self::False, Value::Boolean(false))
            | (Self::True, Value::Boolean(true))
            | (Self::Integer { .. }, Value::Integer(..))
            | (Self::Text(_) | Self::Word { .. }, Value::String(_))
            | (Self::List(_), Value::Array(_))
            | (Self::Map(_) | Self::Table(_), Value::Table(_)) => true,
            (Self::Integer { .. } | Self::Boolean, Value::String(text)) => text.contains("{{"),
            (Self::Text(form), value) => value.bare().is_some_and(|bare| (form.bare)(bare).is_some()),
            (
                Self::Table(TableForm { short: Some(short), .. }) | Self::Map(MapForm { short: Some(short), .. }),
                value,
            ) => short.kind.takes(value),
            (Self::OneOf(kinds), value) => kinds.iter().any(|kind| kind.takes(value)),
            _ => false,
        }
    }
}
