//! When a cron job runs.

use super::{Invalid, Scalar, literal, place, quote, text_scalar};

/// A schedule of five fields (minute, hour, day of the month, month, day of the week) or a word such as `@daily`.
///
/// The grammar is that of robfig/cron v3, `ParseStandard`, with which Kubernetes reads it. Refused beyond that are a
/// time zone in the text, as the API server does, and a sign in `@every`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Schedule(Box<str>);
text_scalar!(Schedule);

impl Scalar for Schedule {
    const WHAT: &'static str = "a schedule such as \"0 6 * * *\"";
    const EXAMPLE: &'static str = "0 6 * * *";

    fn parse(text: &str) -> Result<Self, Invalid> {
        match read(text) {
            Ok(()) => Ok(Self(text.into())),
            Err(problem) => Err(explain(text, &problem)),
        }
    }
}

/// One of the five fields.
struct Field {
    what: &'static str,
    minimum: u64,
    maximum: u64,
    names: &'static [&'static str],
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: [Field; 5] = [
    Field { what: "minute", minimum: 0, maximum: 59, names: &[] },
    Field { what: "hour", minimum: 0, maximum: 23, names: &[] },
    Field { what: "day of the month", minimum: 1, maximum: 31, names: &[] },
    Field { what: "month", minimum: 1, maximum: 12, names: &MONTHS },
    Field { what: "day of the week", minimum: 0, maximum: 6, names: &WEEKDAYS },
];
const WEEKDAY: usize = 4;

const WORDS: [&str; 7] = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/// What breaks the grammar; parts are slices of the schedule.
enum Problem<'a> {
    Empty,
    TimeZone,
    Word,
    Every(&'a str),
    FieldCount,
    NotANumber { field: usize, part: &'a str },
    OutOfRange { field: usize, element: &'a str, part: &'a str, number: u64 },
    Backwards { field: usize, element: &'a str, low: u64, high: u64 },
    Step { field: usize, part: &'a str },
    TooMany { element: &'a str, sign: char },
}

fn read(text: &str) -> Result<(), Problem<'_>> {
    if text.trim().is_empty() {
        return Err(Problem::Empty);
    }
    if text.contains("TZ") {
        return Err(Problem::TimeZone);
    }
    if let Some(interval) = text.strip_prefix("@every ") {
        return if is_interval(interval) { Ok(()) } else { Err(Problem::Every(interval)) };
    }
    if text.starts_with('@') {
        return if WORDS.contains(&text) { Ok(()) } else { Err(Problem::Word) };
    }
    if text.split_whitespace().count() != FIELDS.len() {
        return Err(Problem::FieldCount);
    }
    for (field, part) in text.split_whitespace().enumerate() {
        for element in part.split(',').filter(|element| !element.is_empty()) {
            read_element(field, element)?;
        }
    }
    Ok(())
}

/// Reads `*`, `?`, `a`, `a-b`, each with `/step` or without.
fn read_element(field: usize, element: &str) -> Result<(), Problem<'_>> {
    let Field { minimum, maximum, .. } = FIELDS[field];
    let (range, step) = split_once(element, '/');
    let (low, high) = split_once(range, '-');
    // What follows `*-` is not looked at by the original either.
    let (first, last) = if matches!(low, "*" | "?") {
        (minimum, maximum)
    } else {
        let first = read_number(field, low)?;
        let last = match high {
            Some(high) if high.contains('-') => return Err(Problem::TooMany { element, sign: '-' }),
            Some(high) => read_number(field, high)?,
            None => first,
        };
        (first, last)
    };
    if let Some(part) = step {
        if part.contains('/') {
            return Err(Problem::TooMany { element, sign: '/' });
        }
        if matches!(read_integer(part), None | Some(0)) {
            return Err(Problem::Step { field, part });
        }
    }
    for (number, part) in [(first, low), (last, high.unwrap_or(low))] {
        if number < minimum || number > maximum {
            return Err(Problem::OutOfRange { field, element, part, number });
        }
    }
    if first > last { Err(Problem::Backwards { field, element, low: first, high: last }) } else { Ok(()) }
}

fn split_once(text: &str, separator: char) -> (&str, Option<&str>) {
    match text.split_once(separator) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn read_number(field: usize, part: &str) -> Result<u64, Problem<'_>> {
    let Field { minimum, names, .. } = FIELDS[field];
    let named = names.iter().zip(minimum..).find(|(name, _)| name.eq_ignore_ascii_case(part));
    named.map(|(_, number)| number).or_else(|| read_integer(part)).ok_or(Problem::NotANumber { field, part })
}

/// Reads what Go's `Atoi` takes and is not negative: digits, with a plus sign or without.
fn read_integer(part: &str) -> Option<u64> {
    let digits = part.strip_prefix('+').unwrap_or(part);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse::<i64>().ok()?.try_into().ok() } else { None }
}

/// Whether Go's `time.ParseDuration` takes it: numbers with units, at most 2^63 - 1 nanoseconds.
fn is_interval(text: &str) -> bool {
    if text == "0" {
        return true;
    }
    let mut rest = text;
    let mut total = 0_u128;
    while !rest.is_empty() {
        let (number, behind) =
            rest.split_at(rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count());
        let (unit, behind) =
            behind.split_at(behind.find(|next: char| next.is_ascii_digit() || next == '.').unwrap_or(behind.len()));
        let (Some(length), Some(size)) = (read_decimal(number), unit_size(unit)) else { return false };
        // Fractions are cut after nine digits: below a nanosecond nothing is counted.
        total = total.saturating_add(length.saturating_mul(size) / 1_000_000_000);
        rest = behind;
    }
    !text.is_empty() && total <= i64::MAX as u128
}

/// A decimal number in billionths.
fn read_decimal(number: &str) -> Option<u128> {
    let (whole, fraction) = split_once(number, '.');
    let fraction = fraction.unwrap_or_default();
    if fraction.contains('.') || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let whole: u128 = if whole.is_empty() { 0 } else { u128::from(whole.parse::<u64>().ok()?) };
    let billionths = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    Some(whole * 1_000_000_000 + billionths.fold(0, |sum, digit| sum * 10 + u128::from(digit - b'0')))
}

/// A unit in nanoseconds.
fn unit_size(unit: &str) -> Option<u128> {
    Some(match unit {
        "ns" => 1,
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60 * 1_000_000_000,
        "h" => 3600 * 1_000_000_000,
        _ => return None,
    })
}

fn is_schedule(text: &str) -> bool {
    read(text).is_ok()
}

fn explain(text: &str, problem: &Problem<'_>) -> Invalid {
    let value = quote(text);
    match *problem {
        Problem::Empty => Invalid::new("an empty text is not a schedule").help(format!("write {}", Schedule::WHAT)),
        Problem::TimeZone => explain_time_zone(text),
        Problem::Word => explain_word(text),
        Problem::Every(interval) => Invalid::new(format!("{} is not an interval", quote(interval)))
            .at(place(interval, text))
            .help(format!("write hours, minutes and seconds, as in {}", literal("@every 1h30m"))),
        Problem::FieldCount => explain_field_count(text),
        Problem::NotANumber { field, part } => explain_word_in_field(text, field, part),
        Problem::OutOfRange { field, element, part, number } => explain_range(text, field, element, part, number),
        Problem::Backwards { field, element, low, high } => explain_backwards(text, field, element, low, high),
        Problem::Step { field, part } => Invalid::new(format!(
            "{} is no step for the {}: it is a whole number from 1",
            quote(part),
            FIELDS[field].what
        ))
        .at(place(part, text))
        .help("write the step as in \"*/5 * * * *\""),
        Problem::TooMany { element, sign } => {
            Invalid::new(format!("{} in {value} has more than one `{sign}`", quote(element)))
                .at(place(element, text))
                .help("write ranges as in `1-5`, steps as in `*/5`, and join them with `,`")
        }
    }
}

fn explain_time_zone(text: &str) -> Invalid {
    let word = text.split_whitespace().find(|word| word.contains("TZ")).unwrap_or(text);
    let at = place(word, text);
    let rest = text[at.end..].trim();
    let invalid = Invalid::new(format!("{} has a time zone in it, which Kubernetes refuses", quote(text))).at(at);
    let zone = word.split_once('=').map_or("", |(_, zone)| zone);
    if !zone.is_empty() && is_schedule(rest) {
        invalid.help(format!("write schedule = {} and timezone = {}", literal(rest), literal(zone)))
    } else if !zone.is_empty() {
        invalid.help(format!("write a schedule, as in schedule = \"0 6 * * *\", and timezone = {}", literal(zone)))
    } else {
        invalid.help("write the zone beside the schedule: timezone = \"Asia/Tokyo\"")
    }
}

fn explain_word(text: &str) -> Invalid {
    let invalid = Invalid::new(format!("{} is no schedule that Kubernetes knows", quote(text))).at(0..text.len());
    if text.trim().eq_ignore_ascii_case("@reboot") {
        return invalid.help("write a [job.NAME], which runs once when it is applied");
    }
    let lower = text.trim().to_ascii_lowercase();
    invalid.help(format!("write five fields or one of {}, @every 1h", WORDS.join(", "))).replace_if(is_schedule, lower)
}

fn explain_field_count(text: &str) -> Invalid {
    let count = text.split_whitespace().count();
    let invalid = Invalid::new(format!("{} has {count} fields: a schedule has five", quote(text))).at(0..text.len());
    let order = "write minute, hour, day of the month, month and day of the week, as in \"0 6 * * *\"";
    if count != FIELDS.len() + 1 {
        return invalid.help(order);
    }
    let mut fields = text.split_whitespace();
    let (first, last) = (fields.next().unwrap_or(text), fields.next_back().unwrap_or(text));
    let is_year = last.len() >= 4 && last.bytes().take(4).all(|byte| byte.is_ascii_digit());
    let (surplus, unknown, which) = if is_year { (last, "years", "last") } else { (first, "seconds", "first") };
    let at = place(surplus, text);
    let rest = if is_year { &text[..at.start] } else { &text[at.end..] }.trim();
    Invalid::new(format!("{} has six fields: {unknown} are not supported", quote(text)))
        .at(at)
        .help(format!("drop the {which} field"))
        .replace_if(is_schedule, rest)
}

fn explain_word_in_field(text: &str, field: usize, part: &str) -> Invalid {
    let Field { what, minimum, maximum, names } = FIELDS[field];
    let at = place(part, text);
    if part.is_empty() {
        // Nothing to point at: the sign beside it is where it goes wrong.
        let sign = text.get(at.start..at.start + 1).map_or(at.start.saturating_sub(1), |_| at.start);
        return Invalid::new(format!("a number is missing in the {what}"))
            .at(sign..sign + 1)
            .help(format!("write a number from {minimum} to {maximum}, or `*`"));
    }
    let known = if names.is_empty() { String::new() } else { format!(" or one of {}", names.join(", ")) };
    let invalid = Invalid::new(format!("{} is no {what}", quote(part)))
        .at(at.clone())
        .help(format!("write a number from {minimum} to {maximum}{known}"));
    let short =
        part.get(..3).filter(|short| part.is_ascii() && names.iter().any(|name| name.eq_ignore_ascii_case(short)));
    match short.filter(|_| part.bytes().all(|byte| byte.is_ascii_alphabetic())) {
        Some(short) => invalid.replace_if(is_schedule, exchange(text, part, &short.to_ascii_lowercase())),
        None if part.contains(['L', 'W', '#', 'H']) => invalid
            .help(format!("write a number from {minimum} to {maximum}: Kubernetes knows no `L`, `W`, `#` and `H`")),
        None => invalid,
    }
}

fn explain_range(text: &str, field: usize, element: &str, part: &str, number: u64) -> Invalid {
    let Field { what, minimum, maximum, .. } = FIELDS[field];
    let invalid = Invalid::new(format!("{what} {number} is out of {minimum}-{maximum}"))
        .at(place(part, text))
        .help(format!("write a number from {minimum} to {maximum}"));
    if field == WEEKDAY && number == 7 {
        let invalid = invalid.help("write 0 for Sunday");
        return match element.split_once('-') {
            None => invalid.replace_if(is_schedule, exchange(text, element, "0")),
            Some(("0" | "1", "7")) => invalid.replace_if(is_schedule, exchange(text, element, "*")),
            Some((first, "7")) => invalid.replace_if(is_schedule, exchange(text, element, &format!("0,{first}-6"))),
            Some(_) => invalid,
        };
    }
    if field < 2 && number == maximum + 1 && element == part {
        return invalid.replace_if(is_schedule, exchange(text, part, "0"));
    }
    invalid
}

fn explain_backwards(text: &str, field: usize, element: &str, low: u64, high: u64) -> Invalid {
    let Field { what, minimum, maximum, .. } = FIELDS[field];
    let (from, to) = (low.min(maximum), high.max(minimum));
    Invalid::new(format!("{} goes backwards: the {what} {low} is after {high}", quote(element)))
        .at(place(element, text))
        .help("write the smaller number first")
        .replace_if(
            |text| !element.contains('/') && is_schedule(text),
            exchange(text, element, &format!("{from}-{maximum},{minimum}-{to}")),
        )
}

/// The whole text with `new` in place of `part`, which must be a slice of it.
fn exchange(text: &str, part: &str, new: &str) -> String {
    let at = place(part, text);
    format!("{}{new}{}", &text[..at.start], &text[at.end..])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    #[test]
    fn the_grammar_is_that_of_robfig() {
        accepts::<Schedule>(&[
            "0 6 * * *",
            "*/5 * * * *",
            "59 23 31 12 6",
            "? ? ? ? ?",
            " 0 6\t* * * ",
            "0\u{a0}6 * * *",
        ]);
        accepts::<Schedule>(&[
            "* * * JAN-dec Mon-FRI",
            "5/15 * * * *",
            "1,,2 * * * *",
            ", * * * *",
            "+5 007 * * *",
            "*/1000 * * * *",
        ]);
        accepts::<Schedule>(&["0 0 31 2 *", "*-5 * * * *", "1-1 * * * *", "0 0 1-10/2,20 * *", "* * * * 6-6/2"]);
        accepts::<Schedule>(&[
            "@yearly",
            "@annually",
            "@monthly",
            "@weekly",
            "@daily",
            "@midnight",
            "@hourly",
            "@every 1h30m",
            "@every 90s",
        ]);
        accepts::<Schedule>(&["@every 1.5h", "@every .5m", "@every 1µs", "@every 0", "@every 2562047h"]);
        refuses::<Schedule>(&[
            "",
            " ",
            "* * * *",
            "* * * * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * 32 * *",
            "* * * 0 *",
        ]);
        refuses::<Schedule>(&[
            "* * * 13 *",
            "* * * * 7",
            "* * * * MONDAY",
            "* * * mon *",
            "jan * * * *",
            "5-1 * * * *",
            "* * * * fri-mon",
        ]);
        refuses::<Schedule>(&[
            "*/0 * * * *",
            "*/-1 * * * *",
            "/5 * * * *",
            "*/ * * * *",
            "1/2/3 * * * *",
            "1-2-3 * * * *",
            "1.5 * * * *",
        ]);
        refuses::<Schedule>(&[
            "-5 * * * *",
            "0x5 * * * *",
            "++5 * * * *",
            "+ * * * *",
            "99999999999999999999 * * * *",
            "٣ * * * *",
        ]);
        refuses::<Schedule>(&[
            "0 0 L * *",
            "0 0 15W * *",
            "* * * * 1#2",
            "H * * * *",
            "@reboot",
            "@Daily",
            "@daily ",
            " @daily",
            "@",
        ]);
        refuses::<Schedule>(&[
            "@every",
            "@every ",
            "@every 1d",
            "@every 5",
            "@every 1h ",
            "@every 2562048h",
            "@every -1h",
            "@every .s",
            "@every 1..5s",
        ]);
        refuses::<Schedule>(&["TZ=UTC", "TZ=UTC * * * * *", "CRON_TZ=Asia/Tokyo 0 6 * * *"]);
    }

    #[test]
    fn messages_name_the_field_and_its_place() {
        let invalid = Schedule::parse("0 25 * * *").unwrap_err();
        assert_eq!((invalid.title.as_str(), invalid.at), ("hour 25 is out of 0-23", Some(2..4)));
        let invalid = Schedule::parse("0 6 * * 1-9").unwrap_err();
        assert_eq!((invalid.title.as_str(), invalid.at), ("day of the week 9 is out of 0-6", Some(10..11)));
        let invalid = Schedule::parse("0 6 1,x * *").unwrap_err();
        assert_eq!((invalid.title.as_str(), invalid.at), ("`x` is no day of the month", Some(6..7)));
        let invalid = Schedule::parse("0 6 * * 1-").unwrap_err();
        assert_eq!((invalid.title.as_str(), invalid.at), ("a number is missing in the day of the week", Some(9..10)));
        let invalid = Schedule::parse("/5 * * * *").unwrap_err();
        assert_eq!((invalid.title.as_str(), invalid.at), ("a number is missing in the minute", Some(0..1)));
    }

    #[test]
    fn surplus_fields_are_named() {
        let invalid = Schedule::parse("0 30 6 * * *").unwrap_err();
        assert_eq!(invalid.title, "`0 30 6 * * *` has six fields: seconds are not supported");
        assert_eq!((invalid.at, invalid.replacement.as_deref()), (Some(0..1), Some("30 6 * * *")));
        let invalid = Schedule::parse("30 6 * * * 2027").unwrap_err();
        assert_eq!((invalid.at, invalid.replacement.as_deref()), (Some(11..15), Some("30 6 * * *")));
    }

    #[test]
    fn usual_slips_are_mended() {
        for (slip, meant) in [
            ("0 6 * * 7", "0 6 * * 0"),
            ("0 6 * * 1-7", "0 6 * * *"),
            ("0 6 * * 5-7", "0 6 * * 0,5-6"),
            ("0 6 * * 1,7", "0 6 * * 1,0"),
            ("0 24 * * *", "0 0 * * *"),
            ("0 22-6 * * *", "0 22-23,0-6 * * *"),
            ("0 6 * * fri-mon", "0 6 * * 5-6,0-1"),
            ("0 6 * * Monday", "0 6 * * mon"),
            ("0 6 1 January *", "0 6 1 jan *"),
            ("@Daily ", "@daily"),
        ] {
            assert_eq!(replacement::<Schedule>(slip).as_deref(), Some(meant), "{slip}");
        }
        assert_eq!(replacement::<Schedule>("@reboot"), None);
    }

    #[test]
    fn a_time_zone_belongs_into_its_key() {
        let invalid = Schedule::parse("CRON_TZ=Asia/Tokyo 0 6 * * *").unwrap_err();
        assert_eq!(invalid.title, "`CRON_TZ=Asia/Tokyo 0 6 * * *` has a time zone in it, which Kubernetes refuses");
        assert_eq!(invalid.at, Some(0..18));
        assert_eq!(invalid.help.as_deref(), Some("write schedule = \"0 6 * * *\" and timezone = \"Asia/Tokyo\""));
    }
}
