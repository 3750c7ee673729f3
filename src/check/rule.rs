//! A rule: its id, and the sentence that says what it asks for.

/// What the API server asks of an object.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code of its messages: `POD-002`.
    pub id: &'static str,
    /// What it asks for, from the doc comment of its declaration; a row of `docs/api-rules.md`.
    pub sentence: &'static str,
}

/// Declares the rules of a module, each with the sentence that documents it, and `RULES`, the list of them.
macro_rules! api_rules {
    ($($(#[doc = $sentence:literal])+ $name:ident = $id:literal;)*) => {
        $($(#[doc = $sentence])+ pub const $name: $crate::check::Rule =
            $crate::check::Rule { id: $id, sentence: concat!($($sentence,)+) };)*

        /// The rules of this module, in the order of their declaration.
        pub const RULES: &[&$crate::check::Rule] = &[$(&$name),*];
    };
}

pub(crate) use api_rules;
