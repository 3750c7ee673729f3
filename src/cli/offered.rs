//! Words as arguments of which shells offer some: any is taken, because it may be another one, and what is wrong with it is said
//! where it is used.

use crate::profile::builtin::BUILTIN;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};
use std::ffi::OsStr;

/// Reads a word.
#[derive(Debug, Clone, Copy)]
pub struct Offered(pub fn() -> Vec<String>);

/// The name of a profile: shells offer those that are built in, and a stack can make more.
pub fn profile_name() -> Offered {
    Offered(|| BUILTIN.iter().map(|builtin| builtin.name.to_owned()).collect())
}

impl TypedValueParser for Offered {
    type Value = String;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().into_iter().map(PossibleValue::new)))
    }
}
