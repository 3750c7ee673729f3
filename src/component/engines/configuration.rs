//! Configuration files: where a server reads its own, and how each kind of file is written.

use super::Server;
use super::settings::{Plain, Setting, Settings};
use crate::document::OriginId;
use std::fmt::Write;

/// How an engine is told its settings.
pub struct Configuration {
    /// The file in the container. Nothing else lies in its directory that the image needs.
    pub path: &'static str,
    /// The program that the arguments of a stack may begin with.
    pub program: &'static str,
    /// The arguments that name the file; they stand in front of all others. None where the server finds it by itself.
    pub arguments: &'static [&'static str],
    /// What the file looks like.
    pub format: Format,
    /// What stands in front of the settings.
    pub preamble: fn(&Server) -> String,
    /// Settings that other keys decide.
    pub reserved: &'static [Reserved],
}

/// A setting that another key decides.
pub struct Reserved {
    /// Its name, with the sections around it.
    pub name: &'static str,
    /// What to do, in the imperative.
    pub instead: &'static str,
}

/// What a configuration file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `name = 'value'` of PostgreSQL. <https://www.postgresql.org/docs/current/config-setting.html>
    Parameters,
    /// `name = "value"` below `[mysqld]`. <https://dev.mysql.com/doc/refman/8.4/en/option-files.html>
    OptionFile,
    /// `name value value` of Redis; a text is what stands behind the name. <https://redis.io/docs/latest/operate/oss_and_stack/management/config/>
    Directives,
    /// YAML of MongoDB. <https://www.mongodb.com/docs/manual/reference/configuration-options/>
    Yaml,
}

/// Something that a file cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it was written.
    pub origin: OriginId,
    /// Lower-case phrase that names it.
    pub title: String,
    /// What to type, in the imperative.
    pub help: String,
}

impl Configuration {
    /// The contents of the file.
    pub fn write(&self, settings: &Settings, server: &Server) -> String {
        let mut text = (self.preamble)(server);
        match self.format {
            Format::Yaml => write_yaml(settings, 0, &mut text),
            format => {
                for (name, setting) in flattened(settings) {
                    format.write_line(&name, setting, &mut text);
                }
            }
        }
        text
    }

    /// The settings that other keys decide.
    pub fn decided(&self, settings: &Settings) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (name, setting) in flattened(settings) {
            let reserved = self.reserved.iter().find(|reserved| folded(reserved.name) == folded(&name));
            if let Some(reserved) = reserved {
                let title = format!("`{name}` is set by stowplan");
                faults.push(Fault { origin: setting.origin(), title, help: reserved.instead.to_owned() });
            }
        }
        faults
    }

    /// The settings whose names servers with this kind of file do not have.
    pub fn misnamed(&self, settings: &Settings) -> Vec<Fault> {
        flattened(settings).iter().filter_map(|(name, setting)| self.format.misnamed(name, setting)).collect()
    }

    /// The values that this kind of file cannot hold.
    pub fn unwritable(&self, settings: &Settings) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (name, setting) in flattened(settings) {
            faults.extend(setting.values().iter().filter_map(|value| match &value.value {
                Plain::Text(text) => self.format.unwritable(&name, text, value.origin),
                _ => None,
            }));
        }
        faults
    }
}

impl Format {
    /// One line, or one for each value of a list.
    fn write_line(self, name: &str, setting: &Setting, text: &mut String) {
        let values = setting.values().iter().map(|value| &value.value);
        // writing to a text cannot fail
        let _ = match self {
            Self::Parameters => writeln!(text, "{name} = {}", parameter(setting)),
            Self::OptionFile => values.clone().try_for_each(|value| writeln!(text, "{name} = {}", option(value))),
            Self::Directives => values.clone().try_for_each(|value| writeln!(text, "{name} {}", directive(value))),
            Self::Yaml => Ok(()),
        };
    }

    /// A name that servers with this kind of file do not have.
    fn misnamed(self, name: &str, setting: &Setting) -> Option<Fault> {
        let fault = |title: String, help: String| Some(Fault { origin: setting.origin(), title, help });
        match self {
            Self::Parameters if name.contains('-') => {
                let title = format!("`{name}` is no setting of PostgreSQL: its names have no `-`");
                fault(title, format!("write `{}`", name.replace('-', "_")))
            }
            Self::Directives if name.contains('.') => fault(
                format!("`{name}` is a name with parts, and this engine's settings have none"),
                "write the setting and its value, as in `maxmemory = \"256mb\"`".to_owned(),
            ),
            _ => None,
        }
    }

    /// A text that cannot stand in this kind of file.
    fn unwritable(self, name: &str, text: &str, origin: OriginId) -> Option<Fault> {
        if self == Self::Yaml {
            return None;
        }
        if text.contains(char::is_control) {
            let title = format!("the value of `{name}` has a line break or another control character in it");
            let help = match self {
                Self::Directives => "write a list for a setting that stands several times: `[\"900 1\", \"300 10\"]`",
                _ => "write the value on one line, without tabs",
            };
            return Some(Fault { origin, title, help: help.to_owned() });
        }
        (self == Self::Directives && !is_closed(text)).then(|| Fault {
            origin,
            title: format!("the value of `{name}` opens a quote and does not close it"),
            help: "close the quote, or remove it: the value goes into the configuration file as it is".to_owned(),
        })
    }
}

/// Every setting with its whole name, those in sections behind the names of the sections.
pub fn flattened(settings: &Settings) -> Vec<(String, &Setting)> {
    let mut all = Vec::new();
    for (name, setting) in settings.iter() {
        match setting {
            Setting::Section(inner, _) => {
                all.extend(
                    flattened(inner).into_iter().map(|(rest, setting)| (format!("{}.{rest}", name.value), setting)),
                );
            }
            setting => all.push((name.value.to_string(), setting)),
        }
    }
    all
}

/// The value of a parameter of PostgreSQL without quotes: a list has commas in it.
pub fn parameter_text(setting: &Setting) -> String {
    let texts = setting.values().iter().map(|value| match &value.value {
        Plain::Boolean(value) => if *value { "on" } else { "off" }.to_owned(),
        Plain::Integer(number) => number.to_string(),
        Plain::Float(text) | Plain::Text(text) => text.to_string(),
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// Whether two names are one is decided without case, `-` and `_`, as servers do.
fn folded(name: &str) -> String {
    name.to_lowercase().replace('-', "_")
}

fn parameter(setting: &Setting) -> String {
    let text = parameter_text(setting);
    match setting {
        Setting::Plain(value) if !matches!(value.value, Plain::Text(_)) => text,
        _ => format!("'{}'", text.replace('\\', r"\\").replace('\'', "''")),
    }
}

fn option(value: &Plain) -> String {
    match value {
        Plain::Boolean(value) => if *value { "ON" } else { "OFF" }.to_owned(),
        Plain::Integer(number) => number.to_string(),
        Plain::Float(text) => text.to_string(),
        Plain::Text(text) => format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\"")),
    }
}

fn directive(value: &Plain) -> String {
    match value {
        Plain::Boolean(value) => if *value { "yes" } else { "no" }.to_owned(),
        Plain::Integer(number) => number.to_string(),
        Plain::Text(text) if text.trim().is_empty() => "\"\"".to_owned(),
        Plain::Float(text) | Plain::Text(text) => text.to_string(),
    }
}

/// Whether the words of a directive have all their quotes; a closing one ends its word.
fn is_closed(text: &str) -> bool {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '"' && character != '\'' {
            continue;
        }
        let quote = character;
        loop {
            match characters.next() {
                None => return false,
                Some('\\') => drop(characters.next()),
                Some(character) if character == quote => break,
                Some(_) => {}
            }
        }
        if characters.peek().is_some_and(|next| !next.is_whitespace()) {
            return false;
        }
    }
    true
}

fn write_yaml(settings: &Settings, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for (name, setting) in settings.iter() {
        let _ = match setting {
            Setting::Section(inner, _) if inner.is_empty() => writeln!(text, "{indent}{}: {{}}", name.value),
            Setting::Section(inner, _) => {
                let header = writeln!(text, "{indent}{}:", name.value);
                write_yaml(inner, depth + 1, text);
                header
            }
            Setting::Plain(value) => writeln!(text, "{indent}{}: {}", name.value, yaml(&value.value)),
            Setting::List(values, _) => {
                let values: Vec<_> = values.iter().map(|value| yaml(&value.value)).collect();
                writeln!(text, "{indent}{}: [{}]", name.value, values.join(", "))
            }
        };
    }
}

/// A text as JSON spells it is one of YAML too.
fn yaml(value: &Plain) -> String {
    match value {
        Plain::Boolean(value) => value.to_string(),
        Plain::Integer(number) => number.to_string(),
        Plain::Float(text) => text.to_string(),
        Plain::Text(text) => serde_json::Value::from(&**text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::fixture::Fixture;

    fn configuration(format: Format) -> Configuration {
        const RESERVED: &[Reserved] = &[Reserved { name: "net.port", instead: "write `port`" }];
        Configuration {
            path: "/etc/x.conf",
            program: "x",
            arguments: &[],
            format,
            preamble: |_| String::new(),
            reserved: RESERVED,
        }
    }

    fn settings(toml: &str) -> (Fixture, Settings) {
        let mut fixture = Fixture::new(&format!("[settings]\n{toml}"));
        let settings = fixture.decode(&["settings"]);
        assert!(fixture.report.diagnostics.is_empty(), "{:#?}", fixture.report);
        (fixture, settings)
    }

    fn written(format: Format, toml: &str) -> String {
        let server = Server { major: None, port: None, user: None, password: None, database: None };
        configuration(format).write(&settings(toml).1, &server)
    }

    fn faults(format: Format, toml: &str) -> Vec<String> {
        let (configuration, settings) = (configuration(format), settings(toml).1);
        let faults =
            [configuration.decided(&settings), configuration.misnamed(&settings), configuration.unwritable(&settings)];
        faults.into_iter().flatten().map(|fault| fault.title).collect()
    }

    const PLAIN: &str = "a = true\nb = 1_000\nc = 0.5\nd = \"x y\"\ne = [\"p\", \"q\"]\nf.g = -1\n";

    #[test]
    fn each_file_has_its_own_spelling() {
        assert_eq!(written(Format::Parameters, PLAIN), "a = on\nb = 1000\nc = 0.5\nd = 'x y'\ne = 'p, q'\nf.g = -1\n");
        assert_eq!(
            written(Format::OptionFile, PLAIN),
            "a = ON\nb = 1000\nc = 0.5\nd = \"x y\"\ne = \"p\"\ne = \"q\"\nf.g = -1\n"
        );
        assert_eq!(
            written(Format::Directives, "a = true\nb = 1\nc = \"900 1\"\nd = \"\"\ne = [\"p 1\", \"q 2\"]"),
            "a yes\nb 1\nc 900 1\nd \"\"\ne p 1\ne q 2\n"
        );
        assert_eq!(
            written(Format::Yaml, &format!("{PLAIN}h.i.j.k = \"on\"\nl = {{}}")),
            "a: true\nb: 1000\nc: 0.5\nd: \"x y\"\ne: [\"p\", \"q\"]\nf:\n  g: -1\nh:\n  i:\n    j:\n      k: \"on\"\nl: {}\n"
        );
    }

    #[test]
    fn what_a_format_gives_a_meaning_is_escaped() {
        let text = r##"a = "it's \\n \"x\" # y""##;
        assert_eq!(written(Format::Parameters, text), "a = 'it''s \\\\n \"x\" # y'\n");
        assert_eq!(written(Format::OptionFile, text), "a = \"it's \\\\n \\\"x\\\" # y\"\n");
        assert_eq!(written(Format::Yaml, text), "a: \"it's \\\\n \\\"x\\\" # y\"\n");
    }

    #[test]
    fn what_no_line_can_hold_is_a_fault() {
        for format in [Format::Parameters, Format::OptionFile, Format::Directives] {
            assert_eq!(faults(format, "a = \"x\\ny\"").len(), 1, "{format:?}");
            assert_eq!(faults(format, "a = \"x y\""), [""; 0], "{format:?}");
        }
        assert_eq!(written(Format::Yaml, "a = \"x\\ny\""), "a: \"x\\ny\"\n");
        assert_eq!(faults(Format::Yaml, "a = \"x\\ny\""), [""; 0]);
        for open in ["'\"a'", "'\"a\"b'", "\"'\""] {
            assert_eq!(
                faults(Format::Directives, &format!("a = {open}")),
                ["the value of `a` opens a quote and does not close it"]
            );
        }
        assert_eq!(faults(Format::Directives, "a = '\"b \\\"c\" d'"), [""; 0]);
    }

    #[test]
    fn names_are_those_of_the_engine() {
        assert_eq!(faults(Format::Parameters, "max-connections = 1").len(), 1);
        assert_eq!(faults(Format::Directives, "a.b = 1").len(), 1);
        assert_eq!(faults(Format::OptionFile, "max-connections = 1"), [""; 0]);
        assert_eq!(faults(Format::Yaml, "net.port = 1"), ["`net.port` is set by stowplan"]);
        assert_eq!(faults(Format::Yaml, "NET.Port = 1").len(), 1);
        assert_eq!(faults(Format::Yaml, "net.ports = 1"), [""; 0]);
    }
}
