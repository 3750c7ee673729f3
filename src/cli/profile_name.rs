//! The name of a profile as an argument: any name, because a stack can make more, but shells complete those that are built in.

use crate::profile::builtin::BUILTIN;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};
use std::ffi::OsStr;

/// Reads the name.
#[derive(Debug, Clone, Copy)]
pub struct ProfileName;

impl TypedValueParser for ProfileName {
    type Value = String;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(BUILTIN.iter().map(|builtin| PossibleValue::new(builtin.name))))
    }
}
