//! NetworkPolicy.

use super::labels::selector;
use super::metadata::metadata;
use crate::bundle::FieldValue;
use crate::check::address::parse_ip_address;
use crate::check::format::{DNS_SUBDOMAIN, PORT_NAME};
use crate::check::{At, Checker, Reason, api_rules};
use std::net::IpAddr;

api_rules! {
    /// A peer is a selector of Pods, of namespaces, or a range of IP addresses.
    NP_002 = "NP-002";
    /// A range of IP addresses stands alone in its peer.
    NP_003 = "NP-003";
    /// A range of IP addresses has an address and the bits of its prefix.
    NP_004 = "NP-004";
    /// An exception is a smaller range within its range.
    NP_005 = "NP-005";
    /// The protocol of a port is `TCP`, `UDP` or `SCTP`.
    NP_006 = "NP-006";
    /// A port is a number between 1 and 65535, or the name of a port.
    NP_007 = "NP-007";
    /// The last port of a range stands beside a number that is not larger.
    NP_008 = "NP-008";
    /// The types of a policy are `Ingress` and `Egress`, at most two.
    NP_009 = "NP-009";
}

/// A NetworkPolicy.
pub fn network_policy(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    selector(&spec.key("podSelector"), checker);
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.key(direction).items() {
            for item in rule.key("ports").items() {
                port(&item, checker);
            }
            for item in rule.key(peers).items() {
                peer(&item, checker);
            }
        }
    }
    let types = spec.key("policyTypes");
    if types.len() > 2 {
        let title = format!("a policy has at most two types, this one has {}", types.len());
        checker.refuse(&types, &NP_009, Reason::Invalid, title, "keep `Ingress` and `Egress`");
        return;
    }
    for item in types.items() {
        checker.choose_text(&item, item.text(), &NP_009, &["Ingress", "Egress"]);
    }
}

fn port(at: &At, checker: &mut Checker) {
    let (protocol, port, end) = (at.key("protocol"), at.key("port"), at.key("endPort"));
    if protocol.is_set() {
        checker.choose_text(&protocol, protocol.text(), &NP_006, &["SCTP", "TCP", "UDP"]);
    }
    match port.field().map(|field| &field.value) {
        Some(FieldValue::Integer(number)) => {
            checker.bound(&port, &NP_007, 1..=65535);
            if checker.bound(&end, &NP_008, 1..=65535) && end.integer().is_some_and(|end| end < *number) {
                let title = format!("the range of ports ends at {}, before it begins at {}", end.value(), port.value());
                let help = format!("write an `endPort` from {number} on, or remove it");
                let finding = checker.refuse(&end, &NP_008, Reason::Invalid, title, help);
                finding.related.push((port.cause(), "it begins here".to_owned()));
            }
        }
        Some(FieldValue::String(name)) => {
            if name.parse::<u16>().is_ok() {
                let title = format!("`\"{name}\"` is a text, so it is taken for the name of a port");
                let help = format!("write the number without quotes: `port: {name}`");
                checker.refuse(&port, &NP_007, Reason::Invalid, title, help);
            } else {
                checker.follow_text(&port, name, &NP_007, &PORT_NAME);
            }
            refuse_end(&end, "a range of ports begins with a number, not with a name", checker);
        }
        _ => refuse_end(&end, "a range of ports has no beginning", checker),
    }
}

fn refuse_end(end: &At, title: &str, checker: &mut Checker) {
    if end.is_set() {
        checker.refuse(end, &NP_008, Reason::Invalid, title, "write the first port as a number in `port`");
    }
}

fn peer(at: &At, checker: &mut Checker) {
    let (pods, namespaces, block) = (at.key("podSelector"), at.key("namespaceSelector"), at.key("ipBlock"));
    selector(&pods, checker);
    selector(&namespaces, checker);
    if block.is_set() {
        ip_block(&block, checker);
    }
    let others = pods.is_set() || namespaces.is_set();
    if !others && !block.is_set() {
        let help = "write `podSelector`, `namespaceSelector` or `ipBlock`";
        checker.refuse(at, &NP_002, Reason::Required, "the peer is empty", help);
    } else if others && block.is_set() {
        let title = "`ipBlock` may not stand beside a selector";
        checker.refuse(at, &NP_003, Reason::Forbidden, title, "write `ipBlock` as a list entry of its own");
    }
}

fn ip_block(at: &At, checker: &mut Checker) {
    let cidr = at.key("cidr");
    if !checker.require(&cidr, &NP_004, "a range such as `10.0.0.0/8`") {
        return;
    }
    let format = checker.cidr();
    checker.follow(&cidr, &NP_004, format);
    let Some(range) = Range::read(cidr.text()) else { return };
    for item in at.key("except").items() {
        checker.follow_text(&item, item.text(), &NP_005, format);
        if Range::read(item.text()).is_some_and(|inner| !range.surrounds(&inner)) {
            let title = format!("the exception {} is no smaller range within {}", item.value(), cidr.value());
            let help = "write a range with a longer prefix within it, or remove the exception";
            let finding = checker.refuse(&item, &NP_005, Reason::Invalid, title, help);
            finding.related.push((cidr.cause(), "the range".to_owned()));
        }
    }
}

/// A range of addresses.
struct Range {
    address: IpAddr,
    /// How many bits of the address all of them share.
    bits: u32,
    /// The same as it is written: of an IPv4 address that is written as IPv6, the 96 bits before it too.
    written: u32,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let (parsed, written) = (parse_ip_address(address)?, bits.parse().ok()?);
        let (address, bits, most) = match parsed {
            IpAddr::V4(plain) if address.contains(':') && written < 96 => {
                (IpAddr::V6(plain.to_ipv6_mapped()), written, 128)
            }
            IpAddr::V4(_) if address.contains(':') => (parsed, written - 96, 128),
            IpAddr::V4(_) => (parsed, written, 32),
            IpAddr::V6(_) => (parsed, written, 128),
        };
        (written <= most).then_some(Self { address, bits, written })
    }

    /// Whether the other one is a smaller range within this one. The server compares lengths as they are written.
    fn surrounds(&self, inner: &Self) -> bool {
        let same = match (self.address, inner.address) {
            (IpAddr::V4(outer), IpAddr::V4(inner)) => {
                (outer.to_bits() ^ inner.to_bits()).checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(outer), IpAddr::V6(inner)) => {
                (outer.to_bits() ^ inner.to_bits()).checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            _ => false,
        };
        same && self.written < inner.written
    }
}
