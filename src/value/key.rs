//! Keys of ConfigMaps and Secrets, and names of environment variables.

use super::{Invalid, Pattern, Scalar, is_word, quote, text_scalar};

/// Key in the data of a ConfigMap or a Secret: at most 253 of a-z, A-Z, 0-9, `-`, `_` and `.`; not `.`, and not
/// beginning with `..`, because it becomes the name of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConfigKey(Box<str>);
text_scalar!(ConfigKey);

const CONFIG_KEY: Pattern = Pattern {
    what: "a key of a ConfigMap or a Secret",
    characters: WORD_CHARACTERS,
    allowed: is_word,
    first: (is_word, WORD_CHARACTERS),
    last: (is_word, WORD_CHARACTERS),
    maximum: 253,
    example: ConfigKey::EXAMPLE,
};

impl Scalar for ConfigKey {
    const WHAT: &'static str = "a key such as \"nginx.conf\"";
    const EXAMPLE: &'static str = "nginx.conf";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_config_key(text) {
            return Ok(Self(text.into()));
        }
        let invalid = if climbs(text) { refuse_dots(&CONFIG_KEY, text) } else { CONFIG_KEY.refuse(text) };
        Err(invalid.replace_if(is_config_key, replace_strangers(text, '-')))
    }
}

/// Name of an environment variable: a-z, A-Z, 0-9, `-`, `_` and `.`, not beginning with a digit.
///
/// The API server takes nearly any printable character since Kubernetes 1.30, by default since 1.32; this is what every
/// supported version takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvName(Box<str>);
text_scalar!(EnvName);

const ENV_NAME: Pattern = Pattern {
    what: "the name of an environment variable",
    first: (|byte| is_word(byte) && !byte.is_ascii_digit(), "a letter or `_`"),
    maximum: usize::MAX,
    example: EnvName::EXAMPLE,
    ..CONFIG_KEY
};

impl Scalar for EnvName {
    const WHAT: &'static str = "the name of an environment variable such as \"LOG_LEVEL\"";
    const EXAMPLE: &'static str = "LOG_LEVEL";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_env_name(text) {
            return Ok(Self(text.into()));
        }
        // The value stays out of the message: it may be a password.
        if let Some((name, _)) = text.split_once('=').filter(|(name, _)| is_env_name(name)) {
            return Err(Invalid::new(format!(
                "{} is not {}: it has a `=` in it",
                quote(&format!("{name}=…")),
                ENV_NAME.what
            ))
            .at(name.len()..name.len() + 1)
            .help(format!("write the value beside the name: `{name} = \"…\"`")));
        }
        let invalid = if climbs(text) { refuse_dots(&ENV_NAME, text) } else { ENV_NAME.refuse(text) };
        let mut candidate = replace_strangers(text, '_');
        if candidate.starts_with(|first: char| first.is_ascii_digit()) {
            candidate.insert(0, '_');
        }
        Err(invalid.replace_if(is_env_name, candidate))
    }
}

const WORD_CHARACTERS: &str = "a-z, A-Z, 0-9, `-`, `_` and `.`";

fn is_config_key(text: &str) -> bool {
    CONFIG_KEY.accepts(text) && !climbs(text)
}

fn is_env_name(text: &str) -> bool {
    ENV_NAME.accepts(text) && !climbs(text)
}

/// Whether the text would leave its folder, were it the name of a file.
fn climbs(text: &str) -> bool {
    text == "." || text.starts_with("..")
}

fn refuse_dots(pattern: &Pattern, text: &str) -> Invalid {
    let dots = text.len() - text.trim_start_matches('.').len();
    Invalid::new(format!("{} is not {}: it is `.` or begins with `..`", quote(text), pattern.what))
        .at(0..dots)
        .help("begin with a letter or a single `.`")
}

/// The text with blanks, slashes and the like as `separator`, and without dots that lead out of the folder.
fn replace_strangers(text: &str, separator: char) -> String {
    let text = if climbs(text) { text.trim_start_matches('.') } else { text };
    text.trim().trim_start_matches('/').replace([' ', '/', ':', '\\'], separator.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses};
    use super::*;

    #[test]
    fn config_keys() {
        accepts::<ConfigKey>(&[".env", "tls.crt", "-", "_", "a", "A.b_c-1", "a..b", &"a".repeat(253)]);
        refuses::<ConfigKey>(&["", ".", "..", "...", "..x", "a/b", "a b", "é", "a\n", &"a".repeat(254)]);
        let invalid = ConfigKey::parse("conf/app.toml").unwrap_err();
        assert_eq!(invalid.at, Some(4..5));
        assert_eq!(invalid.replacement.as_deref(), Some("conf-app.toml"));
        assert_eq!(ConfigKey::parse("..data").unwrap_err().replacement.as_deref(), Some("data"));
    }

    #[test]
    fn names_of_variables() {
        accepts::<EnvName>(&["A", "_X", "my.env-name", ".x", "-x", "a1", &"A".repeat(1000)]);
        refuses::<EnvName>(&["", "1ABC", "a b", "A=B", "=", "é", ".", "..", "..x", "a/b"]);
        assert_eq!(EnvName::parse("MY VAR").unwrap_err().replacement.as_deref(), Some("MY_VAR"));
        assert_eq!(EnvName::parse("1ABC").unwrap_err().replacement.as_deref(), Some("_1ABC"));
        let invalid = EnvName::parse("LOG=debug").unwrap_err();
        assert_eq!(invalid.help.as_deref(), Some("write the value beside the name: `LOG = \"…\"`"));
        assert_eq!(invalid.at, Some(3..4));
    }
}
