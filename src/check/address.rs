//! IP addresses and ranges of them, as the API server reads them.
//!
//! Before 1.36 it takes more than Rust's standard library does: numbers that begin with zeros, IPv4 addresses written as IPv6,
//! ranges whose address has bits behind the prefix.

use super::format::Format;
use std::net::{IpAddr, Ipv6Addr};

/// Address as servers before 1.36 read it.
pub const LENIENT_IP_ADDRESS: Format = Format { what: "an IP address", example: "10.0.0.1", check: lenient_ip_address };
/// Address as servers since 1.36 read it.
pub const IP_ADDRESS: Format = Format { what: "an IP address", example: "10.0.0.1", check: ip_address };
/// Address in its shortest spelling, as new fields ask for it.
pub const CANONICAL_IP_ADDRESS: Format =
    Format { what: "an IP address in its shortest form", example: "2001:db8::1", check: canonical_ip_address };
/// Range of addresses as servers before 1.36 read it.
pub const LENIENT_CIDR: Format =
    Format { what: "a range of IP addresses", example: "10.0.0.0/24", check: lenient_cidr };
/// Range of addresses as servers since 1.36 read it.
pub const CIDR: Format = Format { what: "a range of IP addresses", example: "10.0.0.0/24", check: cidr };

/// The address that a text means; an IPv4 address written as IPv6 is the IPv4 one. None where no server takes it.
pub fn parse_ip_address(text: &str) -> Option<IpAddr> {
    let address = text.parse::<IpAddr>().ok().or_else(|| without_zeros(text).parse().ok());
    address.map(|address| address.to_canonical())
}

/// Why an address cannot be one of an endpoint; none where it can.
pub fn special_range(address: IpAddr) -> Option<&'static str> {
    let (link_local, local_multicast) = match address {
        IpAddr::V4(address) => (address.is_link_local(), address.octets()[..3] == [224, 0, 0]),
        IpAddr::V6(address) => (address.is_unicast_link_local(), is_link_local_multicast(address)),
    };
    if address.is_unspecified() {
        Some("stands for no address")
    } else if address.is_loopback() {
        Some("is one of the loopback range")
    } else if link_local {
        Some("is one of the link-local range")
    } else if local_multicast {
        Some("is one of the link-local multicast range")
    } else {
        None
    }
}

/// `ff02::` and its kin: whatever the flags are.
fn is_link_local_multicast(address: Ipv6Addr) -> bool {
    address.is_multicast() && address.segments()[0] & 0xf == 2
}

/// The text of an address without the zeros at the beginning of its numbers.
fn without_zeros(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for part in text.split_inclusive(['.', ':']) {
        let digits = part.trim_end_matches(['.', ':']);
        let shorter = digits.trim_start_matches('0');
        plain.push_str(if shorter.is_empty() && !digits.is_empty() { "0" } else { shorter });
        plain.push_str(&part[digits.len()..]);
    }
    plain
}

fn lenient_ip_address(text: &str) -> Result<(), &'static str> {
    match parse_ip_address(text) {
        Some(_) => Ok(()),
        None => Err("is neither four numbers up to 255 with dots between them nor an IPv6 address"),
    }
}

fn ip_address(text: &str) -> Result<(), &'static str> {
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) if address.to_ipv4_mapped().is_some() => Err("is an IPv4 address written as IPv6"),
        Ok(_) => Ok(()),
        Err(_) => lenient_ip_address(text).and(Err("has numbers that begin with 0")),
    }
}

fn canonical_ip_address(text: &str) -> Result<(), &'static str> {
    ip_address(text)?;
    match text.parse::<IpAddr>() {
        Ok(address) if address.to_string() == text => Ok(()),
        _ => Err("is not in its shortest form"),
    }
}

/// An address and the length of its prefix in bits, and whether both are written without zeros at the beginning.
struct Range {
    address: IpAddr,
    bits: u32,
    plain: bool,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let (written, bits) = text.split_once('/')?;
        let plain = written.parse::<IpAddr>().ok();
        let address = plain.or_else(|| without_zeros(written).parse().ok())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let digits = !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit());
        let stripped = bits.trim_start_matches('0');
        let length = if stripped.is_empty() { 0 } else { stripped.parse().ok()? };
        let range = Self { address, bits: length, plain: plain.is_some() && (stripped == bits || bits == "0") };
        (digits && length <= most).then_some(range)
    }

    /// Whether the address has bits behind the prefix.
    fn has_bits_behind(&self) -> bool {
        match self.address {
            IpAddr::V4(address) => address.to_bits().checked_shl(self.bits).unwrap_or(0) != 0,
            IpAddr::V6(address) => address.to_bits().checked_shl(self.bits).unwrap_or(0) != 0,
        }
    }
}

fn lenient_cidr(text: &str) -> Result<(), &'static str> {
    match Range::read(text) {
        Some(_) => Ok(()),
        None if parse_ip_address(text).is_some() => Err("has no prefix, as in `/24`"),
        None => Err("is not an address, a `/` and the bits of the prefix"),
    }
}

fn cidr(text: &str) -> Result<(), &'static str> {
    lenient_cidr(text)?;
    match Range::read(text) {
        Some(range) if !range.plain => Err("has numbers that begin with 0"),
        Some(range) if matches!(range.address, IpAddr::V6(address) if address.to_ipv4_mapped().is_some()) => {
            Err("has an IPv4 address written as IPv6")
        }
        Some(range) if range.has_bits_behind() => Err("has bits set behind its prefix"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(format: &Format, accepted: &[&str], refused: &[&str]) {
        for text in accepted {
            assert_eq!((format.check)(text), Ok(()), "{text:?} is {}", format.what);
        }
        for text in refused {
            assert!(!format.accepts(text), "{text:?} is not {}", format.what);
        }
        assert!(format.accepts(format.example));
    }

    #[test]
    fn addresses_of_old_and_new_servers() {
        let plain = ["10.0.0.1", "0.0.0.0", "fe80::1", "::", "1:2:3:4:5:6:7::", "::1.2.3.4", "FE80:0:0:0:0:0:0:0abc"];
        let old = ["010.000.0.01", "::ffff:1.2.3.4", "0:0:0:0:0:0:0:00001", "::ffff:01.2.3.4"];
        let never =
            ["", "1.2.3", "1.2.3.", "1..2.3", "10.0.0.256", "1.2.3.4.5", "fe80::1%eth0", "a", ":", "1::2::3", " ::"];
        verdicts(&LENIENT_IP_ADDRESS, &[&plain[..], &old].concat(), &never);
        verdicts(&IP_ADDRESS, &plain, &[&never[..], &old].concat());
        let long = ["FE80::1", "2001:db8:0:0::1", "2001:db8::0001", "::1.2.3.4", "010.0.0.1"];
        verdicts(
            &CANONICAL_IP_ADDRESS,
            &["10.0.0.1", "2001:db8::1", "::1", "::", "::102:304"],
            &[&long[..], &never].concat(),
        );
    }

    #[test]
    fn ranges_of_old_and_new_servers() {
        let plain = ["10.0.0.0/8", "0.0.0.0/0", "10.0.0.1/32", "::/0", "2001:db8::/64", "fe80::1/128"];
        let old = ["10.0.0.1/24", "010.0.0.0/8", "10.0.0.0/08", "::ffff:1.2.3.0/120", "2001:db8::1/64"];
        let never = [
            "",
            "/",
            "10.0.0.0",
            "10.0.0.0/",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "10.0.0.0/8/8",
            "10.0.0.0/+8",
            " ::/0",
        ];
        verdicts(&LENIENT_CIDR, &[&plain[..], &old].concat(), &never);
        verdicts(&CIDR, &plain, &[&never[..], &old].concat());
    }

    #[test]
    fn addresses_that_no_endpoint_has() {
        let special = |text: &str| parse_ip_address(text).map(|address| special_range(address).is_some());
        for text in [
            "0.0.0.0",
            "::",
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "169.254.1.1",
            "fe80::1",
            "224.0.0.7",
            "ff02::1",
            "::ffff:127.0.0.1",
        ] {
            assert_eq!(special(text), Some(true), "{text}");
        }
        for text in ["10.0.0.1", "224.0.1.1", "239.1.1.1", "ff05::1", "2001:db8::1", "255.255.255.255"] {
            assert_eq!(special(text), Some(false), "{text}");
        }
        assert_eq!(special("1.2.3"), None);
    }
}
