//! Lengths of time in whole seconds.

use super::{Bare, Invalid, Scalar, literal, plain_number, quote};
use std::fmt;

/// A length of time: whole hours, minutes and seconds in that order, as in `10s`, `5m`, `1m30s`.
///
/// From 0 to 2147483647 seconds, because the fields of Kubernetes that count seconds have 32 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i32);

impl Duration {
    /// The length in seconds, 0 to 2147483647.
    pub fn seconds(self) -> i64 {
        i64::from(self.0)
    }

    /// Why a number without a unit is no duration.
    pub fn bare(number: i64) -> Invalid {
        let invalid = Invalid::new(format!("`{number}` has no unit")).help(format!("write {}", Self::WHAT));
        invalid.replace_if(is_duration, format!("{number}s"))
    }
}

impl Scalar for Duration {
    const WHAT: &'static str = "a duration such as \"10s\"";
    const EXAMPLE: &'static str = "10s";

    fn parse(text: &str) -> Result<Self, Invalid> {
        match read(text).map(i32::try_from) {
            Some(Ok(seconds)) => Ok(Self(seconds)),
            Some(Err(_)) => Err(Invalid::new(format!("{} is longer than {} seconds", quote(text), i32::MAX))
                .at(0..text.len())
                .help("write a shorter duration, as in \"24h\"")),
            None => Err(refuse(text)),
        }
    }

    fn bare(bare: Bare) -> Option<Result<Box<str>, Invalid>> {
        match bare {
            Bare::Integer(number, _) => Some(Err(Self::bare(number))),
            _ => None,
        }
    }
}

impl fmt::Display for Duration {
    /// In the largest units that are whole: 90 seconds are `1m30s`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (amount, unit) in [(self.0 / 3600, 'h'), (self.0 / 60 % 60, 'm'), (self.0 % 60, 's')] {
            if amount > 0 || (unit == 's' && self.0 == 0) {
                write!(formatter, "{amount}{unit}")?;
            }
        }
        Ok(())
    }
}

const UNITS: [(char, u64); 3] = [('h', 3600), ('m', 60), ('s', 1)];

/// The seconds, saturating; none where the text breaks the grammar.
fn read(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut seconds = 0_u64;
    for (unit, size) in UNITS {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if let Some(behind) = rest[digits..].strip_prefix(unit).filter(|_| digits > 0) {
            // More digits than 64 bits hold are more than 32 bits hold all the more.
            let amount = rest[..digits].parse::<u64>().unwrap_or(u64::MAX);
            seconds = seconds.saturating_add(amount.saturating_mul(size));
            rest = behind;
        }
    }
    (rest.is_empty() && !text.is_empty()).then_some(seconds)
}

fn is_duration(text: &str) -> bool {
    read(text).is_some_and(|seconds| i32::try_from(seconds).is_ok())
}

fn refuse(text: &str) -> Invalid {
    if text.is_empty() {
        return Invalid::new("an empty text is not a duration").help(format!("write {}", Duration::WHAT));
    }
    let value = quote(text);
    if plain_number(text).is_some() {
        let invalid = Invalid::new(format!("{value} has no unit")).at(0..text.len());
        return invalid.help("write a shorter duration, as in \"24h\"").replace_if(is_duration, format!("{text}s"));
    }
    if let Some(positive) = text.strip_prefix('-') {
        return Invalid::new(format!("{value} is negative: a duration is 0 or longer"))
            .at(0..1)
            .help(format!("write it without the minus sign: {}", literal(positive)));
    }
    let (reason, mended) = match milliseconds(text) {
        Some(total) if total % 1000 != 0 => ("only whole seconds are counted", spell(total.div_ceil(1000))),
        Some(total) => ("only whole numbers of `h`, `m` and `s`, in this order", spell(total / 1000)),
        None => ("only whole numbers of `h`, `m` and `s`, in this order", String::new()),
    };
    Invalid::new(format!("{value} is not a duration: {reason}"))
        .at(0..text.len())
        .help(format!("write it as in {} or {}", literal("1m30s"), literal("24h")))
        .replace_if(is_duration, mended)
}

/// The length in milliseconds of a text that is nearly a duration: with fractions, other units, blanks, any order.
fn milliseconds(text: &str) -> Option<u64> {
    let mut rest = text.trim();
    let mut total = 0_u64;
    while !rest.is_empty() {
        let (number, behind) =
            rest.split_at(rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count());
        let behind = behind.trim_start();
        let (unit, behind) = behind.split_at(behind.bytes().take_while(u8::is_ascii_alphabetic).count());
        let size = match unit.to_ascii_lowercase().as_str() {
            "ms" | "msec" | "millis" | "milliseconds" => 1,
            "s" | "sec" | "secs" | "second" | "seconds" => 1000,
            "m" | "min" | "mins" | "minute" | "minutes" => 60 * 1000,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3600 * 1000,
            "d" | "day" | "days" => 24 * 3600 * 1000,
            "w" | "week" | "weeks" => 7 * 24 * 3600 * 1000,
            _ => return None,
        };
        total = total.checked_add(scaled(number, size)?)?;
        rest = behind.trim_start();
    }
    Some(total)
}

/// A decimal number times `size`, rounded up.
fn scaled(number: &str, size: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let power = 10_u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let parts = format!("{whole}{fraction}").parse::<u64>().ok()?;
    Some(parts.checked_mul(size)?.div_ceil(power))
}

fn spell(seconds: u64) -> String {
    i32::try_from(seconds).map(|seconds| Duration(seconds).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    #[test]
    fn whole_units_in_order() {
        for (text, seconds) in [
            ("0s", 0),
            ("10s", 10),
            ("90s", 90),
            ("5m", 300),
            ("1m30s", 90),
            ("1h", 3600),
            ("24h", 86400),
            ("1h1m1s", 3661),
            ("1h5s", 3605),
        ] {
            assert_eq!(Duration::parse(text).unwrap().seconds(), seconds, "{text}");
        }
        accepts::<Duration>(&["2147483647s", "007s"]);
        refuses::<Duration>(&[
            "", "10", "s", "1s1m", "1m1m", "1d", "1.5h", "500ms", "10S", " 10s", "10 s", "-5s", "+5s", "h", "1h30",
        ]);
        refuses::<Duration>(&["2147483648s", "99999999999999999999999h", "596524h", "٣s"]);
    }

    #[test]
    fn display_is_canonical() {
        for (text, canonical) in [("90s", "1m30s"), ("3600s", "1h"), ("0m", "0s"), ("61m", "1h1m"), ("1h0m5s", "1h5s")]
        {
            assert_eq!(Duration::parse(text).unwrap().to_string(), canonical);
        }
    }

    #[test]
    fn bare_numbers_get_a_unit() {
        let invalid = Duration::bare(10);
        assert_eq!(invalid.title, "`10` has no unit");
        assert_eq!(invalid.help.as_deref(), Some("write \"10s\""));
        assert_eq!(replacement::<Duration>("10").as_deref(), Some("10s"));
        assert_eq!(Duration::bare(-1).replacement, None);
        assert_eq!(Duration::bare(1 << 31).replacement, None);
    }

    #[test]
    fn other_units_are_turned_into_ours() {
        for (slip, meant) in [
            ("1d", "24h"),
            ("1w", "168h"),
            ("1.5h", "1h30m"),
            ("500ms", "1s"),
            ("1500ms", "2s"),
            ("0.5s", "1s"),
            ("10 s", "10s"),
            ("10sec", "10s"),
            ("5min", "5m"),
            ("1 hour 30 minutes", "1h30m"),
            ("10S", "10s"),
            ("1s1m", "1m1s"),
        ] {
            assert_eq!(replacement::<Duration>(slip).as_deref(), Some(meant), "{slip}");
        }
        assert_eq!(replacement::<Duration>("soon"), None);
        assert_eq!(replacement::<Duration>("1h30"), None);
        assert_eq!(
            Duration::parse("500ms").unwrap_err().title,
            "`500ms` is not a duration: only whole seconds are counted"
        );
    }
}
