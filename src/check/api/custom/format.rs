//! The named forms of text that schemas may ask for, as far as they are checked: the rest passes.

use crate::check::address::{LENIENT_CIDR, parse_ip_address};

/// What a text should be, where its format is known and it is not of it. `-` in the names of formats counts for nothing.
pub fn broken(format: &str, text: &str) -> Option<&'static str> {
    let (what, holds): (_, fn(&str) -> bool) = match format {
        "" => return None,
        "ipv4" => ("an IPv4 address", |text| !text.contains(':') && parse_ip_address(text).is_some()),
        "ipv6" => ("an IPv6 address", |text| text.contains(':') && parse_ip_address(text).is_some()),
        "cidr" => ("a range of IP addresses", |text| LENIENT_CIDR.accepts(text)),
        "uuid" => ("a UUID", is_uuid),
        "date" => ("a date such as `2026-01-31`", is_date),
        "date-time" | "datetime" => ("a time such as `2026-01-31T12:00:00Z`", is_time),
        "byte" => ("base64", is_base64),
        _ => return None,
    };
    (!holds(text)).then_some(what)
}

fn is_uuid(text: &str) -> bool {
    let digits: String = text.chars().filter(|character| *character != '-').collect();
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    let divided = parts == [8, 4, 4, 4, 12] || parts == [32];
    divided && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' && {
        let number = |range: std::ops::Range<usize>| {
            let part = text.get(range)?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok())?
        };
        match (number(0..4), number(5..7), number(8..10)) {
            (Some(year), Some(month), Some(day)) => day >= 1 && day <= days(year, month),
            _ => false,
        }
    }
}

/// How many days a month has; none where there is no such month.
fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// A date, a time of day with any fraction, and a zone or an offset.
fn is_time(text: &str) -> bool {
    let (Some(date), Some(rest)) = (text.get(..10), text.get(10..)) else { return false };
    let Some(rest) = rest.strip_prefix(['T', 't']) else { return false };
    let Some(end) = rest.find(['Z', 'z', '+', '-']) else { return false };
    let (clock, zone) = rest.split_at(end);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let is_number = |part: &str, below: u32| part.len() == 2 && part.parse().is_ok_and(|number: u32| number < below);
    let hours: Vec<&str> = clock.split(':').collect();
    let offset = match zone.get(1..) {
        Some("") => zone.eq_ignore_ascii_case("z"),
        Some(offset) => {
            offset.split_once(':').is_some_and(|(hour, minute)| is_number(hour, 24) && is_number(minute, 60))
        }
        None => false,
    };
    is_date(date)
        && matches!(hours.as_slice(), [hour, minute, second] if is_number(hour, 24) && is_number(minute, 60) && is_number(second, 60))
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && offset
}

fn is_base64(text: &str) -> bool {
    let plain = text.trim_end_matches('=');
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    text.len().is_multiple_of(4) && text.len() - plain.len() <= 2 && plain.bytes().all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_at_their_boundaries() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("ipv4", &["10.0.0.1"], &["10.0.0", "::1", "", "10.0.0.256"]),
            ("ipv6", &["::1", "fe80::1"], &["10.0.0.1", ":", ""]),
            ("cidr", &["10.0.0.0/8"], &["10.0.0.0", "x/8"]),
            ("uuid", &["123e4567-e89b-12d3-a456-426614174000"], &["123e4567", "g23e4567-e89b-12d3-a456-426614174000"]),
            ("date", &["2024-02-29"], &["2023-02-29", "2024-13-01", "2024-2-29", "x", "2024-00-01", "+024-01-01"]),
            (
                "date-time",
                &["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.5+01:00"],
                &["2026-01-31", "2026-01-31T25:00:00Z"],
            ),
            ("date-time", &[], &["2026-01-31T12:00:00", "2026-01-31T12:00Z", "2026-01-31T12:00:00+1:00", "é"]),
            ("byte", &["", "YQ==", "YWJj"], &["a", "YQ=", "a===", "!!!!"]),
            ("int32", &["anything"], &[]),
        ];
        for (format, accepted, refused) in cases {
            for text in *accepted {
                assert_eq!(broken(format, text), None, "{text} is {format}");
            }
            for text in *refused {
                assert!(broken(format, text).is_some(), "{text} is not {format}");
            }
        }
    }
}
