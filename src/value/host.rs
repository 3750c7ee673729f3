//! Names and addresses of hosts.

use super::{Invalid, Scalar, Subdomain, literal, place, quote, text_scalar};
use std::net::IpAddr;

/// Host that an ingress serves: lower-case labels of at most 63 characters joined by dots, at most 253 in all; the first
/// may be `*`.
///
/// This is the DNS-1123 subdomain of the Kubernetes API reference with the label length of RFC 1035, which Gateway API
/// asks for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(Box<str>);
text_scalar!(Host);

impl Scalar for Host {
    const WHAT: &'static str = "a host such as \"todo.example.com\"";
    const EXAMPLE: &'static str = "todo.example.com";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_host(text) {
            return Ok(Self(text.into()));
        }
        let rules = Subdomain::new("a host", Self::EXAMPLE, LONGEST_LABEL);
        Err(if is_address(text) {
            Invalid::new(format!("{} is an address: a host is a name", quote(text)))
                .at(0..text.len())
                .help(format!("write the name, as in {}, or \"*\" for every host", literal(Self::EXAMPLE)))
        } else if let Some(star) = text.rfind('*').filter(|_| text.len() > 1) {
            explain_star(text, star, &rules)
        } else {
            refuse(&rules, text, is_host)
        })
    }
}

/// Domain below which hosts are made: as [`Host`], never with a `*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(Box<str>);
text_scalar!(Domain);

impl Scalar for Domain {
    const WHAT: &'static str = "a domain such as \"example.com\"";
    const EXAMPLE: &'static str = "example.com";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_domain(text) {
            return Ok(Self(text.into()));
        }
        Err(if is_address(text) {
            Invalid::new(format!("{} is an address: a domain is a name", quote(text)))
                .at(0..text.len())
                .help("write a domain that leads to the address, as in \"example.com\"")
        } else {
            let rules = Subdomain::new("a domain", Self::EXAMPLE, LONGEST_LABEL);
            let bare = text.strip_prefix("*.").or_else(|| text.strip_prefix('.')).filter(|bare| is_domain(bare));
            match bare {
                Some(bare) => Invalid::new(format!("{} is not a domain: it begins with no name", quote(text)))
                    .at(0..text.len() - bare.len())
                    .replace_by(bare),
                None => refuse(&rules, text, is_domain),
            }
        })
    }
}

/// Name that a Pod's own hosts file gives to an address: as [`Host`], never with a `*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hostname(Box<str>);
text_scalar!(Hostname);

impl Scalar for Hostname {
    const WHAT: &'static str = "the name of a host such as \"db.corp\"";
    const EXAMPLE: &'static str = "db.corp";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_domain(text) {
            return Ok(Self(text.into()));
        }
        Err(if is_address(text) {
            Invalid::new(format!("{} is an address: a host is a name", quote(text)))
                .at(0..text.len())
                .help(format!("write a name, as in {}; the address is the key", literal(Self::EXAMPLE)))
        } else {
            refuse(&Subdomain::new("a host", Self::EXAMPLE, LONGEST_LABEL), text, is_domain)
        })
    }
}

/// Where something outside the cluster is reached: a host without a `*`, or an IP address of version 4 or 6.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Box<str>);
text_scalar!(Address);

impl Address {
    /// Whether it is an IP address and no name.
    pub fn is_ip(&self) -> bool {
        self.0.parse::<IpAddr>().is_ok()
    }
}

impl Scalar for Address {
    const WHAT: &'static str = "a host or an address such as \"db.example.com\"";
    const EXAMPLE: &'static str = "db.example.com";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_external(text) {
            return Ok(Self(text.into()));
        }
        let rules = Subdomain::new("a host", Self::EXAMPLE, LONGEST_LABEL);
        let unbracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        Err(if is_address(text) || unbracketed != text {
            Invalid::new(format!("{} is not an IP address", quote(text)))
                .at(0..text.len())
                .help("write four numbers from 0 to 255 without needless zeros, as in \"10.0.0.5\"")
                .replace_if(is_external, unbracketed)
        } else {
            refuse(&rules, text, is_external)
        })
    }
}

/// RFC 1035 section 2.3.4.
const LONGEST_LABEL: usize = 63;

fn is_host(text: &str) -> bool {
    text.len() <= 253 && is_domain(text.strip_prefix("*.").unwrap_or(text))
}

fn is_domain(text: &str) -> bool {
    Subdomain::new("a domain", Domain::EXAMPLE, LONGEST_LABEL).accepts(text) && !is_address(text)
}

fn is_external(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok() || is_domain(text)
}

/// Whether the API server would take it for an IP address: also with needless zeros, `010.0.0.1`.
fn is_address(text: &str) -> bool {
    let is_byte = |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    text.parse::<IpAddr>().is_ok() || (text.split('.').count() == 4 && text.split('.').all(is_byte))
}

fn explain_star(text: &str, star: usize, rules: &Subdomain) -> Invalid {
    match text.strip_prefix("*.") {
        Some(rest) if !rest.contains('*') => {
            let invalid = refuse(rules, rest, is_domain);
            let replacement = invalid.replacement.clone().map(|rest| format!("*.{rest}"));
            let at = invalid.at.clone().map(|at| at.start + 2..at.end + 2);
            let invalid = Invalid { at, replacement: None, ..invalid };
            match replacement {
                Some(whole) => invalid.replace_if(is_host, whole),
                None => invalid,
            }
        }
        _ => Invalid::new(format!("{} is not a host: a `*` stands only for the whole first part", quote(text)))
            .at(star..star + 1)
            .help("write it as in \"*.example.com\""),
    }
}

/// What is wrong with a text that is no host, and the host in it where there is one.
fn refuse(rules: &Subdomain, text: &str, accepts: fn(&str) -> bool) -> Invalid {
    // What stands before the `@` stays out of the message: it may be a password.
    let value = match text.rsplit_once('@') {
        Some((_, rest)) => quote(&format!("…@{rest}")),
        None => quote(text),
    };
    let what = rules.pattern.what;
    let host = host_in(text);
    let lower = host.to_lowercase();
    if host.len() == text.len() {
        return rules.refuse(text).replace_if(accepts, lower);
    }
    let at = place(host, text);
    let (at, reason) = if text.contains("://") {
        (0..at.start, "it has a scheme")
    } else if text.trim() != text {
        (0..text.len(), "it has a blank beside it")
    } else if text.contains('@') {
        (0..at.start, "it has a user")
    } else {
        match text[at.end..].chars().next() {
            Some('/' | '?') => (at.end..text.len(), "it has a path"),
            Some('.') => (at.end..text.len(), "it ends with a dot"),
            _ => (at.end..text.len(), "it has a port"),
        }
    };
    Invalid::new(format!("{value} is not {what}: {reason}"))
        .at(at)
        .help(format!("write only the name, as in {}", literal(rules.pattern.example)))
        .replace_if(accepts, lower)
}

/// The text without a scheme, a user, a port, a path, a last dot and blanks around it.
fn host_in(text: &str) -> &str {
    let text = text.trim();
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let text = text.split(['/', '?']).next().unwrap_or(text);
    let text = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
    if let Some((address, _)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    let text = text.split(':').next().unwrap_or(text);
    text.strip_suffix('.').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    #[test]
    fn hosts() {
        let longest = format!("{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(61));
        accepts::<Host>(&["todo", "todo.localhost", "a.b-c.0", "*.example.com", "*.com", "xn--bcher-kva.de", &longest]);
        refuses::<Host>(&[
            "",
            "*",
            "*.*.com",
            "foo.*.com",
            "*foo.com",
            "Example.com",
            "a_b.com",
            "a..b",
            "-a.com",
            "a.com.",
            ".com",
        ]);
        refuses::<Host>(&[
            "10.0.0.1",
            "010.0.0.1",
            "::1",
            "*.10.0.0.1",
            "https://x",
            "x:8080",
            "x/",
            "bücher.de",
            " a.com",
        ]);
        refuses::<Host>(&[&format!("{}.com", "a".repeat(64)), &format!("{longest}c"), &format!("*.{longest}")]);
    }

    #[test]
    fn slips_are_mended() {
        for (slip, meant) in [
            ("https://todo.example.com/", "todo.example.com"),
            ("http://Todo.example.com:8080/x?y", "todo.example.com"),
            ("todo:8080", "todo"),
            ("todo/api", "todo"),
            ("todo.example.com.", "todo.example.com"),
            ("Todo.Example.com", "todo.example.com"),
            ("*.Example.com", "*.example.com"),
            (" todo ", "todo"),
        ] {
            assert_eq!(replacement::<Host>(slip).as_deref(), Some(meant), "{slip}");
        }
        let invalid = Host::parse("todo:8080").unwrap_err();
        assert_eq!((invalid.title.as_str(), invalid.at), ("`todo:8080` is not a host: it has a port", Some(4..9)));
        let invalid = Host::parse("https://todo").unwrap_err();
        assert_eq!((invalid.title.as_str(), invalid.at), ("`https://todo` is not a host: it has a scheme", Some(0..8)));
        assert_eq!(Host::parse("10.0.0.1").unwrap_err().title, "`10.0.0.1` is an address: a host is a name");
        assert_eq!(Host::parse("*.a_b.com").unwrap_err().at, Some(3..4));
    }

    #[test]
    fn domains() {
        accepts::<Domain>(&["localhost", "example.com", "a.b.c"]);
        refuses::<Domain>(&["", "*.example.com", ".example.com", "10.0.0.1", "https://example.com", "example.com/"]);
        assert_eq!(replacement::<Domain>("*.example.com").as_deref(), Some("example.com"));
        assert_eq!(replacement::<Domain>(".example.com").as_deref(), Some("example.com"));
    }

    #[test]
    fn addresses() {
        accepts::<Address>(&["db.example.com", "db", "10.0.0.1", "::1", "fe80::1"]);
        refuses::<Address>(&[
            "",
            "*.example.com",
            "10.0.0.256",
            "010.0.0.1",
            "[::1]",
            "10.0.0.1:5432",
            "db:5432",
            "postgres://db/x",
        ]);
        assert!(Address::parse("::1").unwrap().is_ip());
        assert!(!Address::parse("db").unwrap().is_ip());
        assert_eq!(replacement::<Address>("[::1]").as_deref(), Some("::1"));
        assert_eq!(replacement::<Address>("10.0.0.1:5432").as_deref(), Some("10.0.0.1"));
        assert_eq!(replacement::<Address>("postgres://db/x").as_deref(), Some("db"));
        assert_eq!(replacement::<Address>("[::1]:80").as_deref(), Some("::1"));
        let invalid = Address::parse("postgres://user:secret@db.example.com:5432/x").unwrap_err();
        assert_eq!(invalid.replacement.as_deref(), Some("db.example.com"));
        assert_eq!(invalid.title, "`…@db.example.com:5432/x` is not a host: it has a scheme");
    }
}
