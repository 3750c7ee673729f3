//! Values as they would be typed: TOML on one line, for messages that show what to write.

use super::{Table, Value, quoted};

/// The most characters that a message shows of a value.
const LONGEST: usize = 100;

/// A value on one line; a longer one than a message can show ends in `…`.
pub fn inline(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    if text.chars().nth(LONGEST).is_none() {
        return text;
    }
    let mut short: String = text.chars().take(LONGEST).collect();
    short.push('…');
    short
}

/// A value on one line that is to be pasted: whole, unless nobody would want it in one line.
pub fn whole(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    // what is longer was not written to its end
    if text.len() <= 4 * LONGEST { text } else { inline(value) }
}

/// A text between quotes.
pub fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            control if control.is_control() => literal.push_str(&format!("\\u{:04X}", u32::from(control))),
            plain => literal.push(plain),
        }
    }
    literal.push('"');
    literal
}

/// A table with one entry for each pair, the values as they are given.
pub fn table<'a>(entries: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let entries: Vec<_> = entries.into_iter().map(|(key, value)| format!("{} = {value}", quoted(key))).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}

/// A list of texts.
pub fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    format!("[{}]", texts.into_iter().map(literal).collect::<Vec<_>>().join(", "))
}

fn write(value: &Value, text: &mut String) {
    if text.len() > 4 * LONGEST {
        return;
    }
    match value {
        Value::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Integer(_, spelled) | Value::Float(spelled) | Value::Date(spelled) => text.push_str(spelled),
        Value::String(content) | Value::Untyped(content) => text.push_str(&literal(content)),
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at > 0 { ", " } else { "" });
                write(&item.value, text);
            }
            text.push(']');
        }
        Value::Table(table) => write_table(table, text),
        Value::Invalid => text.push('…'),
    }
}

fn write_table(table: &Table, text: &mut String) {
    if table.is_empty() {
        return text.push_str("{}");
    }
    text.push_str("{ ");
    for (at, (key, node)) in table.iter().enumerate() {
        text.push_str(if at > 0 { ", " } else { "" });
        text.push_str(&quoted(key));
        text.push_str(" = ");
        write(&node.value, text);
    }
    text.push_str(" }");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Node, OriginId};

    fn node(value: Value) -> Node {
        Node { origin: OriginId(0), value }
    }

    #[test]
    fn a_value_is_spelled_as_it_is_typed() {
        let mut inner = Table::default();
        inner.insert("a b".into(), node(Value::Integer(16, "0x10".into())));
        inner.insert(
            "c".into(),
            node(Value::Array(vec![node(Value::Boolean(true)), node(Value::String("x\"\n".into()))])),
        );
        assert_eq!(inline(&Value::Table(inner)), r#"{ "a b" = 0x10, c = [true, "x\"\n"] }"#);
        assert_eq!(inline(&Value::Table(Table::default())), "{}");
    }

    #[test]
    fn a_long_value_is_cut() {
        let shown = inline(&Value::String("é".repeat(500).into()));
        assert_eq!(shown.chars().count(), LONGEST + 1);
        assert!(shown.ends_with('…'));
    }

    #[test]
    fn tables_and_lists_are_put_together() {
        assert_eq!(table([("A", "1".to_owned()), ("b.c", "true".to_owned())]), r#"{ A = 1, "b.c" = true }"#);
        assert_eq!(table([]), "{}");
        assert_eq!(list(["npm", "start"]), r#"["npm", "start"]"#);
    }
}
