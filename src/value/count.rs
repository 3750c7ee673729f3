//! Counts that may be percentages, and the mode bits of files.

use super::{Invalid, Scalar, literal, plain_number, quote};
use std::fmt;

/// A count from 0 to 2147483647, or a percentage from 0 to 100: `1`, `25%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CountOrPercent {
    amount: i32,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Unit {
    Count,
    Percent,
}

impl CountOrPercent {
    /// The count.
    ///
    /// # Errors
    /// The number is negative or needs more than 32 bits.
    pub fn from_integer(number: i64) -> Result<Self, Invalid> {
        match i32::try_from(number) {
            Ok(amount) if amount >= 0 => Ok(Self { amount, unit: Unit::Count }),
            _ => Err(Invalid::new(format!("{number} is not a count: it is out of 0-{}", i32::MAX))
                .help(format!("write {}", Self::WHAT))),
        }
    }

    /// How many, or how many percent.
    pub fn amount(self) -> i32 {
        self.amount
    }

    /// Whether the amount counts percent.
    pub fn is_percent(self) -> bool {
        self.unit == Unit::Percent
    }
}

impl Scalar for CountOrPercent {
    const WHAT: &'static str = "a count or a percentage such as \"25%\"";
    const EXAMPLE: &'static str = "25%";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some(value) = read_count(text) {
            return Ok(value);
        }
        let (number, unit) = split_unit(text);
        Err(match (plain_number(number), unit) {
            (None, _) => refuse_count(text),
            (Some(_), Unit::Count) => Invalid::new(format!("{} is more than {}", quote(text), i32::MAX))
                .at(0..text.len())
                .help(format!("write {}", Self::WHAT)),
            (Some(_), Unit::Percent) => {
                Invalid::new(format!("{} is more than all: a percentage is from 0% to 100%", quote(text)))
                    .at(0..text.len())
                    .help("write a percentage from \"0%\" to \"100%\"")
            }
        })
    }
}

impl fmt::Display for CountOrPercent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Unit::Count => write!(formatter, "{}", self.amount),
            Unit::Percent => write!(formatter, "{}%", self.amount),
        }
    }
}

/// Who may read, write and execute a file: four octal digits, `0000` to `0777`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileMode(i32);

impl FileMode {
    /// The bits, 0 to 511, as Kubernetes takes them.
    pub fn bits(self) -> i32 {
        self.0
    }

    /// Why a TOML number is no file mode; `spelling` is how it was written, as in `644`, `0o644` or `420`.
    pub fn bare(spelling: &str) -> Invalid {
        Invalid::new(format!("{} is a number: a file mode is an octal text", quote(spelling)))
            .help(format!("write {}", Self::WHAT))
            .replace_if(is_mode, octal(spelling).unwrap_or_default())
    }
}

impl Scalar for FileMode {
    const WHAT: &'static str = "a file mode such as \"0644\"";
    const EXAMPLE: &'static str = "0644";

    fn parse(text: &str) -> Result<Self, Invalid> {
        if is_mode(text) {
            let bits = text.bytes().fold(0, |bits, digit| bits * 8 + i32::from(digit - b'0'));
            return Ok(Self(bits));
        }
        Err(Invalid::new(format!("{} is not a file mode: four octal digits from 0000 to 0777", quote(text)))
            .at(0..text.len())
            .help(format!("write {}", Self::WHAT))
            .replace_if(is_mode, octal(text.trim()).unwrap_or_default()))
    }
}

impl fmt::Display for FileMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04o}", self.0)
    }
}

fn split_unit(text: &str) -> (&str, Unit) {
    match text.strip_suffix('%') {
        Some(number) => (number, Unit::Percent),
        None => (text, Unit::Count),
    }
}

fn read_count(text: &str) -> Option<CountOrPercent> {
    let (number, unit) = split_unit(text);
    let maximum = if unit == Unit::Percent { 100 } else { i32::MAX };
    let amount = i32::try_from(plain_number(number)?).ok().filter(|amount| *amount <= maximum)?;
    Some(CountOrPercent { amount, unit })
}

fn refuse_count(text: &str) -> Invalid {
    let invalid = Invalid::new(format!("{} is neither a count nor a percentage", quote(text)))
        .at(0..text.len())
        .help(format!("write a whole number, or a percentage such as {}", literal(CountOrPercent::EXAMPLE)));
    let compact = text.replace(' ', "");
    let unsigned = compact.trim_start_matches('+');
    let whole = unsigned.trim_start_matches('0');
    let accepts = |text: &str| read_count(text).is_some();
    let share = unsigned.strip_prefix("0.").filter(|share| (1..=2).contains(&share.len()));
    match share.and_then(|share| format!("{share:0<2}").parse::<u8>().ok()) {
        Some(percent) => invalid.replace_if(accepts, format!("{percent}%")),
        None if whole.is_empty() || whole == "%" => invalid.replace_if(accepts, format!("0{whole}")),
        None => invalid.replace_if(accepts, whole),
    }
}

fn is_mode(text: &str) -> bool {
    text.len() == 4 && text.starts_with('0') && text.bytes().all(|digit| matches!(digit, b'0'..=b'7'))
}

/// The four octal digits that were meant.
fn octal(spelling: &str) -> Option<String> {
    let digits = spelling.strip_prefix("0o").unwrap_or(spelling);
    let number = digits.parse::<u32>().ok()?;
    // Manifests in JSON spell modes in decimal: 420 is 0644, 256 is 0400, 511 is 0777. No mode has an 8 or a 9.
    let is_decimal = digits == spelling && (matches!(number, 256 | 420 | 511) || digits.contains(['8', '9']));
    Some(if is_decimal { format!("{number:04o}") } else { format!("{number:04}") })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;

    #[test]
    fn counts_and_percentages() {
        accepts::<CountOrPercent>(&["0", "1", "2147483647", "0%", "25%", "100%"]);
        refuses::<CountOrPercent>(&[
            "",
            "%",
            "-1",
            "-5%",
            "2.5%",
            "25 %",
            "101%",
            "007%",
            "01",
            "+1",
            "2147483648",
            "25%%",
            "0.25",
            "all",
        ]);
        let share = CountOrPercent::parse("25%").unwrap();
        assert_eq!((share.amount(), share.is_percent()), (25, true));
        let count = CountOrPercent::from_integer(3).unwrap();
        assert_eq!((count.amount(), count.is_percent(), count.to_string()), (3, false, "3".to_owned()));
        assert!(CountOrPercent::from_integer(-1).is_err());
    }

    #[test]
    fn percentages_are_mended() {
        assert_eq!(replacement::<CountOrPercent>("25 %").as_deref(), Some("25%"));
        assert_eq!(replacement::<CountOrPercent>("0.25").as_deref(), Some("25%"));
        assert_eq!(replacement::<CountOrPercent>("0.5").as_deref(), Some("50%"));
        assert_eq!(replacement::<CountOrPercent>("007%").as_deref(), Some("7%"));
        assert_eq!(replacement::<CountOrPercent>("00").as_deref(), Some("0"));
        assert_eq!(replacement::<CountOrPercent>("150%"), None);
    }

    #[test]
    fn modes_are_octal() {
        for (text, bits) in [("0644", 420), ("0400", 256), ("0777", 511), ("0000", 0)] {
            let mode = FileMode::parse(text).unwrap();
            assert_eq!((mode.bits(), mode.to_string().as_str()), (bits, text));
        }
        refuses::<FileMode>(&["", "644", "0o644", "0888", "1777", "00644", "rwxr-xr-x", "0644 "]);
    }

    #[test]
    fn other_spellings_of_modes_are_mended() {
        for (slip, meant) in
            [("644", "0644"), ("0o644", "0644"), ("420", "0644"), ("493", "0755"), ("0o400", "0400"), ("600", "0600")]
        {
            assert_eq!(FileMode::bare(slip).replacement.as_deref(), Some(meant), "{slip}");
            assert_eq!(replacement::<FileMode>(slip).as_deref(), Some(meant), "{slip}");
        }
        assert_eq!(FileMode::bare("1777").replacement, None);
    }
}
