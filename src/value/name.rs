//! Names of objects, containers and ports.

use super::{Invalid, Pattern, Scalar, Subdomain, is_lower_alphanumeric, kebab, literal, quote, text_scalar};

/// Name of a component and of the objects made of it: a letter, then a-z, 0-9 and `-`, at most 63 characters.
///
/// This is the DNS-1035 label of the Kubernetes API reference. It is narrower than what most kinds take, because the
/// name is also that of a Service, and Kubernetes before 1.37 wants a letter first there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Box<str>);
text_scalar!(Name);

const NAME: Pattern = Pattern {
    what: "a name for Kubernetes",
    characters: LABEL_CHARACTERS,
    allowed: is_label_byte,
    first: (|byte| byte.is_ascii_lowercase(), "a letter"),
    last: (is_lower_alphanumeric, LABEL_END),
    maximum: 63,
    example: Name::EXAMPLE,
};

impl Scalar for Name {
    const WHAT: &'static str = "a name such as \"web\"";
    const EXAMPLE: &'static str = "web";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if NAME.accepts(text) { Ok(Self(text.into())) } else { Err(refuse_label(&NAME, text)) }
    }
}

/// Name of a rule of `lint`: a letter, then a-z, 0-9 and `-`, at most 63 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleName(Box<str>);
text_scalar!(RuleName);

const RULE_NAME: Pattern = Pattern { what: "the name of a rule", example: RuleName::EXAMPLE, ..NAME };

impl Scalar for RuleName {
    const WHAT: &'static str = "the name of a rule such as \"single-replica\"";
    const EXAMPLE: &'static str = "single-replica";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if RULE_NAME.accepts(text) { Ok(Self(text.into())) } else { Err(refuse_label(&RULE_NAME, text)) }
    }
}

/// Name of a namespace, a container or a volume: a-z, 0-9 and `-`, at most 63 characters.
///
/// This is the DNS-1123 label of the Kubernetes API reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DnsLabel(Box<str>);
text_scalar!(DnsLabel);

const DNS_LABEL: Pattern = Pattern { first: (is_lower_alphanumeric, LABEL_END), ..NAME };

impl Scalar for DnsLabel {
    const WHAT: &'static str = "a name such as \"web\"";
    const EXAMPLE: &'static str = "web";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if DNS_LABEL.accepts(text) { Ok(Self(text.into())) } else { Err(refuse_label(&DNS_LABEL, text)) }
    }
}

/// Name of an object that someone else may have made (Secret, ConfigMap, account, class): as [`DnsLabel`], joined by
/// dots, at most 253 characters.
///
/// This is the DNS-1123 subdomain of the Kubernetes API reference; its parts may be longer than 63 characters there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName(Box<str>);
text_scalar!(ObjectName);

const OBJECT_NAME: Subdomain = Subdomain::new("the name of an object", ObjectName::EXAMPLE, 253);

impl Scalar for ObjectName {
    const WHAT: &'static str = "the name of an object such as \"web-config\"";
    const EXAMPLE: &'static str = "web-config";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if OBJECT_NAME.accepts(text) {
            return Ok(Self(text.into()));
        }
        let invalid = OBJECT_NAME.refuse(text);
        Err(match kebab(text, &['.']) {
            Some(candidate) => invalid.replace_if(|text| OBJECT_NAME.accepts(text), candidate),
            None => invalid,
        })
    }
}

/// Name of a port: a-z, 0-9 and single `-`, with a letter somewhere, at most 15 characters.
///
/// This is the service name of RFC 6335 section 5.1, `IANA_SVC_NAME` in the Kubernetes API reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortName(Box<str>);
text_scalar!(PortName);

const PORT_NAME: Pattern = Pattern { what: "the name of a port", maximum: 15, example: PortName::EXAMPLE, ..DNS_LABEL };

impl Scalar for PortName {
    const WHAT: &'static str = "the name of a port such as \"http\"";
    const EXAMPLE: &'static str = "http";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_port_name(text) { Ok(Self(text.into())) } else { Err(refuse_port_name(text)) }
    }
}

const LABEL_CHARACTERS: &str = "a-z, 0-9 and `-`";
const LABEL_END: &str = "one of a-z and 0-9";

fn is_label_byte(byte: u8) -> bool {
    is_lower_alphanumeric(byte) || byte == b'-'
}

fn refuse_label(pattern: &Pattern, text: &str) -> Invalid {
    let invalid = pattern.refuse(text);
    let Some(candidate) = kebab(text, &[]) else { return invalid };
    if pattern.accepts(&candidate) {
        return invalid.replace_by(candidate);
    }
    // Which letter to put in front of `1web` is the user's choice, so this is an example and no replacement.
    let prefixed = format!("app-{candidate}");
    let needs_letter = candidate.starts_with(|first: char| first.is_ascii_digit());
    if needs_letter && pattern.accepts(&prefixed) {
        invalid.help(format!("begin with a letter, as in {}", literal(&prefixed)))
    } else {
        invalid
    }
}

fn is_port_name(text: &str) -> bool {
    PORT_NAME.accepts(text) && !text.contains("--") && text.bytes().any(|byte| byte.is_ascii_lowercase())
}

fn refuse_port_name(text: &str) -> Invalid {
    let value = quote(text);
    if !PORT_NAME.accepts(text) {
        let invalid = PORT_NAME.refuse(text);
        // `80/http`, `http:8080`: a number and a protocol are not part of the name
        let is_meant = |part: &&str| is_port_name(part) && !matches!(*part, "tcp" | "udp" | "sctp");
        if let Some(name) = text.split(['/', ':']).find(is_meant).filter(|name| *name != text) {
            return invalid.replace_by(name);
        }
        return match kebab(text, &[]) {
            Some(candidate) => invalid.replace_if(is_port_name, candidate),
            None => invalid,
        };
    }
    if let Some(at) = text.find("--") {
        let mut single = text.to_owned();
        while single.contains("--") {
            single = single.replace("--", "-");
        }
        return Invalid::new(format!("{value} is not the name of a port: `-` may not stand twice in a row"))
            .at(at..at + 2)
            .replace_if(is_port_name, single);
    }
    let prefixed = format!("p-{text}");
    let example = if is_port_name(&prefixed) { &prefixed } else { PortName::EXAMPLE };
    Invalid::new(format!("{value} is not the name of a port: it needs a letter"))
        .at(0..text.len())
        .help(format!("add a letter, as in {}", literal(example)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    #[test]
    fn names_are_rfc_1035_labels() {
        accepts::<Name>(&["a", "web", "web-1", "a--b", &"a".repeat(63)]);
        refuses::<Name>(&["", "1web", "-web", "web-", "Web", "a_b", "a.b", "a b", "é", "web\n", &"a".repeat(64)]);
    }

    #[test]
    fn names_are_mended() {
        let invalid = Name::parse("Web_1").unwrap_err();
        assert_eq!(invalid.title, "`Web_1` is not a name for Kubernetes: only a-z, 0-9 and `-`");
        assert_eq!(invalid.help.as_deref(), Some("write \"web-1\""));
        assert_eq!(invalid.at, Some(0..1));
        assert_eq!(invalid.replacement.as_deref(), Some("web-1"));
        assert_eq!(replacement::<Name>("my app.v2").as_deref(), Some("my-app-v2"));
        assert_eq!(replacement::<Name>("web-").as_deref(), Some("web"));
        assert_eq!(replacement::<Name>("naïve"), None);
    }

    #[test]
    fn names_that_need_a_letter_or_fewer_of_them_say_so() {
        let invalid = Name::parse("1web").unwrap_err();
        assert_eq!(invalid.title, "`1web` is not a name for Kubernetes: it must begin with a letter");
        assert_eq!(invalid.help.as_deref(), Some("begin with a letter, as in \"app-1web\""));
        assert_eq!((invalid.at, invalid.replacement), (Some(0..1), None));

        let invalid = Name::parse(&"a".repeat(70)).unwrap_err();
        assert_eq!(invalid.help.as_deref(), Some("shorten it by 7"));
        assert_eq!(invalid.at, Some(63..70));
    }

    #[test]
    fn labels_may_begin_with_a_digit() {
        accepts::<DnsLabel>(&["1", "0-a", "2048-game", &"1".repeat(63)]);
        refuses::<DnsLabel>(&["", "Web", "a_b", "-a", "a.b", &"a".repeat(64)]);
    }

    #[test]
    fn object_names_are_rfc_1123_subdomains() {
        accepts::<ObjectName>(&["a.b-c.0", "1", "kube-root-ca.crt", &"a".repeat(253)]);
        refuses::<ObjectName>(&["", "a..b", ".a", "a.", "A.b", "a.-b", "a-.b", "a_b", "a/b", &"a".repeat(254)]);
        assert_eq!(replacement::<ObjectName>("My_Config.v1").as_deref(), Some("my-config.v1"));
        assert_eq!(ObjectName::parse("a..b").unwrap_err().at, Some(2..3));
        assert_eq!(ObjectName::parse("ab.-c.d").unwrap_err().at, Some(3..5));
    }

    #[test]
    fn port_names_are_iana_service_names() {
        accepts::<PortName>(&["1a", "http", "http-api", "a", "abcdefghijklmno"]);
        refuses::<PortName>(&["", "8080", "HTTP", "http_api", "a--b", "-a", "a-", "abcdefghijklmnop", "1-1"]);
        assert_eq!(replacement::<PortName>("HTTP_Api").as_deref(), Some("http-api"));
        assert_eq!(replacement::<PortName>("a---b").as_deref(), Some("a-b"));
        assert_eq!(PortName::parse("8080").unwrap_err().title, "`8080` is not the name of a port: it needs a letter");
    }
}
