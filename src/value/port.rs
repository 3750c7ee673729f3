//! Port numbers, protocols, and the short form that maps a Service's port to a container's.

use super::{Bare, Invalid, Scalar, literal, place, plain_number, quote};
use std::fmt;

/// Number of a port: 1 to 65535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortNumber(u16);

impl PortNumber {
    /// The port with this number.
    ///
    /// # Errors
    /// The number is not from 1 to 65535.
    pub fn from_integer(number: i64) -> Result<Self, Invalid> {
        match u16::try_from(number) {
            Ok(port) if port > 0 => Ok(Self(port)),
            _ => Err(Invalid::new(format!("{number} is not the number of a port: it is out of 1-65535"))
                .help("write a number from 1 to 65535")),
        }
    }

    /// The number, 1 to 65535.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl Scalar for PortNumber {
    const WHAT: &'static str = "the number of a port such as \"8080\"";
    const EXAMPLE: &'static str = "8080";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::from_integer(read_number::<Self>(text, "the number of a port")?)
    }

    fn bare(bare: Bare) -> Option<Result<Box<str>, Invalid>> {
        match bare {
            Bare::Integer(number, _) => Some(Self::from_integer(number).map(|value| value.to_string().into())),
            _ => None,
        }
    }
}

impl fmt::Display for PortNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Port that a Service opens on every node: 30000 to 32767, the range of an API server that was not told another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodePort(u16);

impl NodePort {
    /// The node port with this number.
    ///
    /// # Errors
    /// The number is not from 30000 to 32767.
    pub fn from_integer(number: i64) -> Result<Self, Invalid> {
        match u16::try_from(number) {
            Ok(port @ 30000..=32767) => Ok(Self(port)),
            _ => Err(Invalid::new(format!("{number} is not a node port: it is out of 30000-32767"))
                .help("write a number from 30000 to 32767, or leave the key out: Kubernetes then takes a free one")),
        }
    }

    /// The number, 30000 to 32767.
    pub fn get(self) -> u16 {
        self.0
    }
}

impl Scalar for NodePort {
    const WHAT: &'static str = "a node port such as \"30080\"";
    const EXAMPLE: &'static str = "30080";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::from_integer(read_number::<Self>(text, "a node port")?)
    }

    fn bare(bare: Bare) -> Option<Result<Box<str>, Invalid>> {
        match bare {
            Bare::Integer(number, _) => Some(Self::from_integer(number).map(|value| value.to_string().into())),
            _ => None,
        }
    }
}

impl fmt::Display for NodePort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Protocol of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Protocol {
    /// TCP, the default of Kubernetes.
    #[default]
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// As Kubernetes spells it: `TCP`, `UDP`, `SCTP`. `Display` gives the stack file's spelling, in lower case.
    pub fn in_kubernetes(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        }
    }

    fn in_stack(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
        }
    }
}

const PROTOCOLS: [Protocol; 3] = [Protocol::Tcp, Protocol::Udp, Protocol::Sctp];

impl Scalar for Protocol {
    const WHAT: &'static str = "a protocol such as \"udp\"";
    const EXAMPLE: &'static str = "udp";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some(protocol) = PROTOCOLS.into_iter().find(|protocol| protocol.in_stack() == text) {
            return Ok(protocol);
        }
        Err(Invalid::new(format!("{} is not a protocol of a port", quote(text)))
            .at(0..text.len())
            .help("write \"tcp\", \"udp\" or \"sctp\"")
            .replace_if(
                |text| PROTOCOLS.iter().any(|protocol| protocol.in_stack() == text),
                text.trim().to_ascii_lowercase(),
            ))
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.in_stack())
    }
}

/// Port of the Service and the container's port behind it: `80:3000`, `53:53/udp`; `80` is both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortMapping {
    /// Port of the Service.
    pub service: PortNumber,
    /// Port of the container.
    pub container: PortNumber,
    /// The protocol, where one is written.
    pub protocol: Option<Protocol>,
}

impl PortMapping {
    /// The mapping that a plain number stands for: it is both ports.
    ///
    /// # Errors
    /// The number is not from 1 to 65535.
    pub fn from_integer(number: i64) -> Result<Self, Invalid> {
        PortNumber::from_integer(number).map(|port| Self { service: port, container: port, protocol: None })
    }
}

impl Scalar for PortMapping {
    const WHAT: &'static str = "a port such as \"80:3000\"";
    const EXAMPLE: &'static str = "80:3000";

    fn parse(text: &str) -> Result<Self, Invalid> {
        let (ports, protocol) = match text.split_once('/') {
            Some((ports, protocol)) => (ports, Some(protocol)),
            None => (text, None),
        };
        let (service, container) = ports.split_once(':').unwrap_or((ports, ports));
        if [service, container, protocol.unwrap_or("tcp")].contains(&"") {
            return Err(Invalid::new(format!("{} is not a port: a part of it is missing", quote(text)))
                .at(0..text.len())
                .help("write service port : container port, as in \"80:3000\""));
        }
        if service.contains(['.', '[']) && ports.contains(':') {
            return Err(refuse_address(text));
        }
        if is_range(service) || is_range(container) {
            return Err(refuse_range(text, if is_range(service) { service } else { container }));
        }
        let protocol = protocol.map(|part| within(text, part, Protocol::parse(part))).transpose()?;
        let service = within(text, service, PortNumber::parse(service))?;
        let container = within(text, container, PortNumber::parse(container))?;
        Ok(Self { service, container, protocol })
    }

    fn bare(bare: Bare) -> Option<Result<Box<str>, Invalid>> {
        match bare {
            Bare::Integer(number, _) => Some(Self::from_integer(number).map(|value| value.to_string().into())),
            _ => None,
        }
    }
}

impl fmt::Display for PortMapping {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.service)?;
        if self.container != self.service {
            write!(formatter, ":{}", self.container)?;
        }
        match self.protocol {
            Some(protocol) => write!(formatter, "/{protocol}"),
            None => Ok(()),
        }
    }
}

/// Reads digits, and says what else the text is where it is something else.
fn read_number<T: Scalar>(text: &str, what: &str) -> Result<i64, Invalid> {
    // What is too long for 64 bits is out of range all the more: the caller says so.
    if let Some(number) = plain_number(text) {
        return Ok(i64::try_from(number).unwrap_or(i64::MAX));
    }
    let digits = text.trim().trim_start_matches('+').trim_start_matches('0');
    Err(Invalid::new(format!("{} is not {what}", quote(text)))
        .at(0..text.len())
        .help(format!("write {what} such as {}", literal(T::EXAMPLE)))
        .replace_if(|digits| plain_number(digits).is_some() && T::parse(digits).is_ok(), digits))
}

fn is_range(part: &str) -> bool {
    part.split_once('-').is_some_and(|(low, high)| plain_number(low).is_some() && plain_number(high).is_some())
}

/// Makes what was said about `part` a message about the whole `text`.
fn within<T>(text: &str, part: &str, result: Result<T, Invalid>) -> Result<T, Invalid> {
    result.map_err(|invalid| {
        let at = place(part, text);
        let replacement = invalid.replacement.map(|new| format!("{}{new}{}", &text[..at.start], &text[at.end..]));
        let accepted = replacement.filter(|whole| PortMapping::parse(whole).is_ok());
        let invalid = Invalid { replacement: None, ..invalid }.at(at);
        match accepted {
            Some(whole) => invalid.replace_by(whole),
            None => invalid,
        }
    })
}

fn refuse_address(text: &str) -> Invalid {
    let ports = text
        .split_once(':')
        .map(|(_, ports)| ports)
        .filter(|ports| !ports.contains(['.', '[', ']']))
        .unwrap_or_default();
    let at = text.len() - ports.len();
    let invalid = Invalid::new(format!("{} is not a port: a Service has no address of the host", quote(text)));
    let bound = Invalid { help: Some("write service port : container port, as in \"80:3000\"".to_owned()), ..invalid };
    if ports.matches(':').count() == 1 && PortMapping::parse(ports).is_ok() {
        bound.at(0..at).replace_by(ports)
    } else {
        bound.at(0..text.len())
    }
}

fn refuse_range(text: &str, range: &str) -> Invalid {
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    Invalid::new(format!("{} is a range: each port is written by itself", quote(text)))
        .at(place(range, text))
        .help(format!(
            "write \"{first}:{last}\" for port {first} that leads to {last}, or each port with a name of its own: `ports = {{ p{first} = {first}, … }}`"
        ))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    #[test]
    fn numbers_are_within_16_bits() {
        accepts::<PortNumber>(&["1", "80", "65535"]);
        refuses::<PortNumber>(&[
            "",
            "0",
            "65536",
            "-1",
            "+80",
            "080",
            " 80",
            "http",
            "8_0",
            "٣",
            "99999999999999999999",
        ]);
        assert_eq!(PortNumber::from_integer(65535).unwrap().get(), 65535);
        assert_eq!(
            PortNumber::from_integer(0).unwrap_err().title,
            "0 is not the number of a port: it is out of 1-65535"
        );
        assert!(PortNumber::from_integer(i64::MIN).is_err());
        assert_eq!(replacement::<PortNumber>("080").as_deref(), Some("80"));
    }

    #[test]
    fn node_ports_are_in_the_default_range() {
        accepts::<NodePort>(&["30000", "32767"]);
        refuses::<NodePort>(&["29999", "32768", "80", "0", ""]);
        assert_eq!(NodePort::from_integer(30080).unwrap().to_string(), "30080");
    }

    #[test]
    fn protocols_are_lower_case() {
        assert_eq!(Protocol::parse("sctp").unwrap().in_kubernetes(), "SCTP");
        assert_eq!(replacement::<Protocol>("TCP").as_deref(), Some("tcp"));
        assert_eq!(replacement::<Protocol>(" Udp").as_deref(), Some("udp"));
        assert_eq!(replacement::<Protocol>("http"), None);
    }

    #[test]
    fn mappings() {
        let mapping = PortMapping::parse("53:5353/udp").unwrap();
        assert_eq!((mapping.service.get(), mapping.container.get(), mapping.protocol), (53, 5353, Some(Protocol::Udp)));
        let mapping = PortMapping::parse("80").unwrap();
        assert_eq!((mapping.service.get(), mapping.container.get(), mapping.protocol), (80, 80, None));
        assert_eq!(PortMapping::from_integer(8080).unwrap().to_string(), "8080");
        assert_eq!(PortMapping::parse("80:3000").unwrap().to_string(), "80:3000");
        refuses::<PortMapping>(&[
            "", ":", "80:", ":80", "80:http", "0:80", "80:65536", "80/", "80/http", "80:80:80", "80//udp",
        ]);
    }

    #[test]
    fn slips_from_compose_have_their_own_messages() {
        let invalid = PortMapping::parse("127.0.0.1:80:3000").unwrap_err();
        assert_eq!(invalid.title, "`127.0.0.1:80:3000` is not a port: a Service has no address of the host");
        assert_eq!((invalid.at, invalid.replacement.as_deref()), (Some(0..10), Some("80:3000")));
        let invalid = PortMapping::parse("8000-8010").unwrap_err();
        assert_eq!(invalid.title, "`8000-8010` is a range: each port is written by itself");
        assert_eq!(
            invalid.help.as_deref(),
            Some(
                "write \"8000:8010\" for port 8000 that leads to 8010, or each port with a name of its own: `ports = { p8000 = 8000, … }`"
            )
        );
        assert_eq!(replacement::<PortMapping>("53:53/UDP").as_deref(), Some("53:53/udp"));
        let invalid = PortMapping::parse("80:http").unwrap_err();
        assert_eq!(invalid.at, Some(3..7));
    }
}
