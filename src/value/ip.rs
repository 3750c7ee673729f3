//! IP addresses.

use super::{Invalid, Scalar, literal, quote, text_scalar};
use std::net::IpAddr;

/// An IP address of version 4 or 6, as every supported version of Kubernetes takes it: without needless zeros, and without
/// one of version 4 inside one of version 6, both of which 1.37 refuses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IpAddress(Box<str>);
text_scalar!(IpAddress);

impl Scalar for IpAddress {
    const WHAT: &'static str = "an IP address such as \"10.0.0.5\"";
    const EXAMPLE: &'static str = "10.0.0.5";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_address(text) {
            return Ok(Self(text.into()));
        }
        let value = quote(text);
        let (title, mended) = match text.parse::<IpAddr>() {
            Ok(address) => (
                format!("{value} is an address of version 4 inside one of version 6"),
                address.to_canonical().to_string(),
            ),
            Err(_) if text.is_empty() => ("an empty text is not an IP address".to_owned(), String::new()),
            Err(_) => (format!("{value} is not an IP address"), mend(text)),
        };
        Err(Invalid::new(title)
            .at(0..text.len())
            .help(format!("write it as in {} or {}", literal(Self::EXAMPLE), literal("fd00::5")))
            .replace_if(is_address, mended))
    }
}

fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok_and(|address| address == address.to_canonical())
}

/// The address without brackets, a prefix length, blanks and needless zeros.
fn mend(text: &str) -> String {
    let text = text.trim();
    let text = text.split('/').next().unwrap_or(text);
    let text = text.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or(text);
    if text.contains(':') {
        return text.to_owned();
    }
    let part = |part: &str| match part.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => digits.to_owned(),
    };
    text.split('.').map(part).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    #[test]
    fn addresses_of_both_versions() {
        accepts::<IpAddress>(&["10.0.0.1", "0.0.0.0", "::1", "fe80::1", "2001:db8:0:0::1"]);
        refuses::<IpAddress>(&[
            "",
            "db",
            "10.0.0",
            "10.0.0.256",
            "10.0.0.01",
            "10.0.0.1/24",
            "::ffff:10.0.0.1",
            "[::1]",
            "fe80::1%eth0",
        ]);
    }

    #[test]
    fn slips_are_mended() {
        for (slip, meant) in [
            ("010.000.0.01", "10.0.0.1"),
            ("10.0.0.1/24", "10.0.0.1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
            ("[::1]:80", "::1"),
            (" 10.0.0.1", "10.0.0.1"),
        ] {
            assert_eq!(replacement::<IpAddress>(slip).as_deref(), Some(meant), "{slip}");
        }
        assert_eq!(replacement::<IpAddress>("db.corp"), None);
    }
}
