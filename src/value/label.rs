//! Labels and annotations.

use super::{Invalid, Pattern, Scalar, Subdomain, is_alphanumeric, is_word, literal, place, quote, text_scalar};

/// Name of a label: an optional DNS subdomain and `/`, then at most 63 of a-z, A-Z, 0-9, `-`, `_` and `.`.
///
/// This is the qualified name of the Kubernetes API reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelName(Box<str>);
text_scalar!(LabelName);

impl Scalar for LabelName {
    const WHAT: &'static str = "the name of a label such as \"app.kubernetes.io/name\"";
    const EXAMPLE: &'static str = "app.kubernetes.io/name";

    fn parse(text: &str) -> Result<Self, Invalid> {
        check_qualified(text, text, "the name of a label").map(|()| Self(text.into()))
    }
}

/// Name of an annotation: as [`LabelName`], with upper case allowed before the `/` too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnnotationName(Box<str>);
text_scalar!(AnnotationName);

impl Scalar for AnnotationName {
    const WHAT: &'static str = "the name of an annotation such as \"example.com/owner\"";
    const EXAMPLE: &'static str = "example.com/owner";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let what = "the name of an annotation";
        let upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
        let checked = if upper {
            check_qualified(text, &text.to_ascii_lowercase(), what)
        } else {
            check_qualified(text, text, what)
        };
        checked.map(|()| Self(text.into()))
    }
}

/// Value of a label: empty, or at most 63 of a-z, A-Z, 0-9, `-`, `_` and `.`, with a letter or digit at both ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelValue(Box<str>);
text_scalar!(LabelValue);

const LABEL_VALUE: Pattern = Pattern { what: "the value of a label", example: LabelValue::EXAMPLE, ..LABEL_PART };

impl Scalar for LabelValue {
    const WHAT: &'static str = "the value of a label such as \"v1.2\"";
    const EXAMPLE: &'static str = "v1.2";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() || LABEL_VALUE.accepts(text) {
            return Ok(Self(text.into()));
        }
        let invalid = LABEL_VALUE.refuse(text);
        let words: String =
            text.trim().chars().map(|character| if is_word_character(character) { character } else { '-' }).collect();
        let candidate = words.trim_matches(['-', '_', '.']);
        // What stands for a strange character is the user's choice, so this is an example and no replacement.
        Err(if LABEL_VALUE.accepts(candidate) {
            invalid.help(format!("write it as in {}", literal(candidate)))
        } else {
            invalid
        })
    }
}

const LABEL_PART: Pattern = Pattern {
    what: "the part of a label's name after `/`",
    characters: "a-z, A-Z, 0-9, `-`, `_` and `.`",
    allowed: is_word,
    first: (is_alphanumeric, "a letter or a digit"),
    last: (is_alphanumeric, "a letter or a digit"),
    maximum: 63,
    example: "name",
};

fn is_word_character(character: char) -> bool {
    u8::try_from(character).is_ok_and(is_word)
}

/// Checks `folded`, which is `text` as its rules see it and as long, and speaks of `text`.
pub(super) fn check_qualified(text: &str, folded: &str, what: &'static str) -> Result<(), Invalid> {
    let (prefix, name) = match folded.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, folded),
    };
    if let Some(slash) = name.find('/') {
        let at = place(name, folded).start + slash;
        return Err(Invalid::new(format!("{} is not {what}: it has more than one `/`", quote(text)))
            .at(at..at + 1)
            .help("keep one `/`, as in \"example.com/owner\""));
    }
    if let Some(prefix) = prefix {
        check_prefix(text, prefix, name, what)?;
    }
    let rules = Pattern { what, ..LABEL_PART };
    if rules.accepts(name) {
        return Ok(());
    }
    let offset = place(name, folded).start;
    if name.is_empty() && !text.is_empty() {
        return Err(Invalid::new(format!("{} is not {what}: nothing stands after `/`", quote(text)))
            .at(offset - 1..offset)
            .help("write a name after it, as in \"example.com/owner\""));
    }
    let invalid = rules.refuse(name);
    let at = invalid.at.clone().map_or(0..0, |at| at.start + offset..at.end + offset);
    Err(invalid.at(at))
}

/// Checks what stands before the `/` of `text`; `prefix` and `name` are the parts as their rules see them.
fn check_prefix(text: &str, prefix: &str, name: &str, what: &'static str) -> Result<(), Invalid> {
    let rules = Subdomain::new("a domain", "example.com", 253);
    if rules.accepts(prefix) {
        return Ok(());
    }
    if prefix.is_empty() {
        return Err(Invalid::new(format!("{} is not {what}: nothing stands before `/`", quote(text)))
            .at(0..1)
            .help("write a domain before it, as in \"example.com/owner\", or leave it out"));
    }
    let invalid = rules.refuse(prefix);
    let title = format!("{} is not {what}: {}", quote(text), invalid.title);
    let lower = prefix.to_ascii_lowercase();
    let accepts = |_: &str| rules.accepts(&lower) && LABEL_PART.accepts(name);
    Err(Invalid { title, ..invalid }.replace_if(accepts, format!("{lower}/{name}")))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses};
    use super::*;

    #[test]
    fn label_names_are_qualified_names() {
        let longest = format!("{}/{}", "a".repeat(253), "b".repeat(63));
        accepts::<LabelName>(&["A", "x.y_z-1", "app.kubernetes.io/name", "a/B", &longest]);
        refuses::<LabelName>(&[
            "",
            "app/",
            "/x",
            "a/b/c",
            "-x",
            "x-",
            "Ex.com/x",
            "a b",
            "ä",
            "a_b/c",
            &"a".repeat(64),
        ]);
        refuses::<LabelName>(&[&format!("{}/x", "a".repeat(254))]);
    }

    #[test]
    fn the_place_is_that_in_the_whole_name() {
        assert_eq!(LabelName::parse("example.com/a b").unwrap_err().at, Some(13..14));
        assert_eq!(LabelName::parse("a/b/c").unwrap_err().at, Some(3..4));
        assert_eq!(
            LabelName::parse("app/").unwrap_err().title,
            "`app/` is not the name of a label: nothing stands after `/`"
        );
        assert_eq!(LabelName::parse("Ex.com/x").unwrap_err().replacement.as_deref(), Some("ex.com/x"));
    }

    #[test]
    fn annotation_names_ignore_case() {
        accepts::<AnnotationName>(&["Example.COM/Foo", "a", "nginx.ingress.kubernetes.io/proxy-body-size"]);
        refuses::<AnnotationName>(&["", "a b", "x/y/z", "a/", "é/x"]);
        assert_eq!(AnnotationName::parse("Example.COM/Foo").unwrap().as_str(), "Example.COM/Foo");
    }

    #[test]
    fn label_values_may_be_empty() {
        accepts::<LabelValue>(&["", "1.0.0", "a", "A_b-c.D", &"a".repeat(63)]);
        refuses::<LabelValue>(&["a b", "v1+build", "@x", "-a", "a-", "a/b", "a:b", " ", &"a".repeat(64)]);
        let invalid = LabelValue::parse("v1+build").unwrap_err();
        assert_eq!(invalid.title, "`v1+build` is not the value of a label: only a-z, A-Z, 0-9, `-`, `_` and `.`");
        assert_eq!(invalid.help.as_deref(), Some("write it as in \"v1-build\""));
        assert_eq!(invalid.at, Some(2..3));
    }
}
