//! The text that was probably meant where a format refuses one.

use super::address::{CIDR, parse_ip_address};
use super::format::{
    ANNOTATION_KEY, CONFIG_KEY, DNS_LABEL, DNS_LABEL_1035, DNS_SUBDOMAIN, Format, HEADER_NAME, LABEL_VALUE,
    METRIC_NAME, PATH_SEGMENT, PORT_NAME, QUALIFIED_NAME,
};

/// The formats of names, in which `-` may stand for what they do not take. Paths are none: another one leads elsewhere.
const NAMES: [&Format; 11] = [
    &DNS_LABEL,
    &DNS_SUBDOMAIN,
    &DNS_LABEL_1035,
    &QUALIFIED_NAME,
    &LABEL_VALUE,
    &ANNOTATION_KEY,
    &CONFIG_KEY,
    &PORT_NAME,
    &HEADER_NAME,
    &PATH_SEGMENT,
    &METRIC_NAME,
];

/// What a format takes in place of a text that it refuses; none where nothing is near enough.
pub fn nearby(text: &str, format: &Format) -> Option<String> {
    if format.what == CIDR.what {
        let bits = if parse_ip_address(text)?.is_ipv4() { 32 } else { 128 };
        return Some(format!("{text}/{bits}")).filter(|range| format.accepts(range));
    }
    let is_name = NAMES.iter().any(|name| name.what == format.what);
    // a template, a list, a pattern: not a name with a slip in it
    if !is_name || !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" -._/:+@".contains(&byte)) {
        return None;
    }
    let kept = joined(text, "._/");
    let one_slash = kept.split_once('/').map(|(domain, name)| format!("{domain}/{}", joined(name, "._")));
    let plain = joined(text, "");
    let (lower_kept, lower_plain) = (kept.to_ascii_lowercase(), plain.to_ascii_lowercase());
    let candidates = [Some(kept), one_slash, Some(lower_kept), Some(plain), Some(lower_plain)];
    candidates.into_iter().flatten().find(|candidate| !candidate.is_empty() && format.accepts(candidate))
}

/// The letters and digits of a text, and what is kept, with one `-` for all between them.
fn joined(text: &str, kept: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            character if character.is_ascii_alphanumeric() || kept.contains(character) => name.push(character),
            _ if name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    name.trim_matches(|character: char| !character.is_ascii_alphanumeric()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::format::{FORWARD_PATH, PERCENT};
    use super::*;

    #[test]
    fn names_keep_what_they_may() {
        for (text, format, meant) in [
            ("the front", &LABEL_VALUE, Some("the-front")),
            ("-Tier", &QUALIFIED_NAME, Some("Tier")),
            ("example.com/a b", &QUALIFIED_NAME, Some("example.com/a-b")),
            ("Web_Shop", &DNS_LABEL, Some("web-shop")),
            ("web.shop", &DNS_LABEL, Some("web-shop")),
            ("example.com/team/lead", &ANNOTATION_KEY, Some("example.com/team-lead")),
            ("X_Token", &HEADER_NAME, Some("X-Token")),
            ("{{ .Values.name }}", &DNS_SUBDOMAIN, None),
            ("1web", &DNS_LABEL_1035, None),
            ("Käse", &DNS_LABEL, None),
            ("..", &PATH_SEGMENT, None),
        ] {
            assert_eq!(nearby(text, format).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn an_address_is_a_range_of_one() {
        assert_eq!(nearby("10.0.0.1", &CIDR).as_deref(), Some("10.0.0.1/32"));
        assert_eq!(nearby("2001:db8::1", &CIDR).as_deref(), Some("2001:db8::1/128"));
        assert_eq!(nearby("10.0.0.1/33", &CIDR), None);
    }

    #[test]
    fn nothing_is_guessed_of_paths_and_numbers() {
        assert_eq!(nearby("/var/../etc", &FORWARD_PATH), None);
        assert_eq!(nearby("25 %", &PERCENT), None);
    }
}
