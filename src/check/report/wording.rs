//! Help in the words of who wrote an object: YAML, the TOML of a patch, or the tables of a stack.

use crate::bundle::Object;
use crate::source::{Sources, Span};

/// What stands between the help for YAML and the help for a stack, each a sentence of its own:
/// "write `maxSurge: 1`, in a stack write `surge = 1` in `strategy`".
const IN_STACK: &str = ", in a stack ";

/// The part of a help that is for the writer of an object; `key` is where the field was written under a key.
pub fn wording(help: &str, object: &Object, key: Option<Span>, sources: &Sources) -> String {
    let (yaml, stack) = match help.split_once(IN_STACK) {
        Some((yaml, stack)) => (yaml, Some(stack)),
        None => (help, None),
    };
    if object.identity.is_given() || object.identity.component.is_empty() {
        return yaml.to_owned();
    }
    match stack {
        Some(stack) => stack.to_owned(),
        None if key.is_some_and(|key| is_toml(key, sources)) => toml(yaml),
        None => yaml.to_owned(),
    }
}

/// Whether a key is followed by `=`, and not by `:` as in the YAML of a patch.
fn is_toml(key: Span, sources: &Sources) -> bool {
    let behind = sources.file(key.file).text.get(key.bytes().end..).unwrap_or_default();
    behind.trim_start_matches(['"', '\'']).trim_start().starts_with('=')
}

/// The same help with `key: value` between backticks as `key = value`.
fn toml(help: &str) -> String {
    let pieces = help.split('`').enumerate().map(|(index, piece)| {
        let entry = piece.split_once(": ").filter(|(key, value)| {
            index % 2 == 1 && key.chars().all(char::is_alphanumeric) && !value.starts_with(['{', '[', '"'])
        });
        match entry {
            Some((key, value)) if value.parse::<f64>().is_ok() || matches!(value, "true" | "false") => {
                format!("{key} = {value}")
            }
            Some((key, value)) => format!("{key} = \"{value}\""),
            None => piece.to_owned(),
        }
    });
    pieces.collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_yaml_become_entries_of_toml() {
        assert_eq!(toml("write `restartPolicy: Always`, or a Job"), "write `restartPolicy = \"Always\"`, or a Job");
        assert_eq!(toml("write `readOnly: true` beside it"), "write `readOnly = true` beside it");
        assert_eq!(toml("write `maxSkew: 1`, or more"), "write `maxSkew = 1`, or more");
        assert_eq!(toml("remove `a.b`: it is not used: `c`"), "remove `a.b`: it is not used: `c`");
    }
}
