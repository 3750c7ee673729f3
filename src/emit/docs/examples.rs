//! An example of each table: parts of one stack, which the tests read.

const STACK: &str = include_str!("../../../templates/explain.toml");

/// The lines of the example stack that show a table.
pub fn example(table: &str) -> Option<String> {
    let blocks = STACK.split("\n\n").filter(|block| table_of(block) == Some(table));
    let text = blocks.map(str::trim_end).collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then_some(text)
}

/// The table of the first header or key of a block.
fn table_of(block: &str) -> Option<&str> {
    let first = block.lines().find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let key = first.strip_prefix('[').unwrap_or(first);
    Some(key[..key.find(['.', ']', ' ', '=']).unwrap_or(key.len())].trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::file::{LANGUAGE, StackFile};
    use crate::document::LayerId;
    use crate::profile::Session;

    #[test]
    fn every_table_has_an_example() {
        for key in StackFile::FORM.all_keys() {
            assert!(example(key.name).is_some(), "add an example of `{}` to templates/explain.toml", key.name);
        }
    }

    #[test]
    fn the_examples_are_a_stack_that_fits_the_language() {
        let mut session = Session::default();
        let file = session.sources.add("templates/explain.toml", STACK);
        let mut root = session.parse(file, LayerId(0)).unwrap_or_else(|| panic!("{:#?}", session.report));
        session.check(&mut root, LANGUAGE.stack_kind);
        assert!(session.report.diagnostics.is_empty(), "{:#?}", session.report);
    }
}
