//! Amounts of resources: cores, bytes, devices.

use super::{Bare, Invalid, Scalar, literal, quote};
use std::cmp::Ordering;
use std::fmt;

/// Amount of a resource, as apimachinery's `resource.Quantity` reads it: a decimal number and a suffix.
///
/// Suffixes are `n u m k M G T P E` (powers of 1000), `Ki Mi Gi Ti Pi Ei` (powers of 1024) and an exponent (`e3`). The
/// text is kept as it was written; comparing is by exact value, so `"1"` equals `"1000m"`.
#[derive(Debug, Clone)]
pub struct Quantity(Box<str>);

impl Quantity {
    /// Reads an amount that may be negative, as few fields of Kubernetes allow.
    ///
    /// A number must stand before the suffix; apimachinery itself reads a lone `Ki` as 0.
    ///
    /// # Errors
    /// The text is not a quantity, or its exponent has more than 32 bits.
    pub fn signed(text: &str) -> Result<Self, Invalid> {
        if Amount::read(text).is_some() { Ok(Self(text.into())) } else { Err(refuse(text)) }
    }

    /// The amount, where it is not negative.
    ///
    /// # Errors
    /// The amount has a minus sign.
    pub fn non_negative(self) -> Result<Self, Invalid> {
        match self.0.strip_prefix('-') {
            Some(positive) => Err(Invalid::new(format!("{} is negative: an amount is 0 or more", quote(&self.0)))
                .at(0..1)
                .help(format!("write it without the minus sign: {}", literal(positive)))),
            None => Ok(self),
        }
    }

    /// The amount that a TOML number spells, as Kubernetes would write it: `0.5` is `500m`, `1_000` is `1000`.
    ///
    /// # Errors
    /// The number is negative, not decimal, finer than 10⁻⁹, or too large to write out.
    pub fn from_number(spelling: &str) -> Result<Self, Invalid> {
        let decimal = spelling.replace('_', "");
        match Amount::read(&decimal) {
            Some(amount) if amount.is_plain() => {
                Self(decimal.as_str().into()).non_negative()?;
                let canonical = amount.canonical().ok_or_else(|| refuse_size(spelling))?;
                Ok(Self(canonical.into_boxed_str()))
            }
            _ => Err(Invalid::new(format!("{} is not an amount", quote(spelling)))
                .at(0..spelling.len())
                .help(format!("write {}", Self::WHAT))),
        }
    }

    /// The amount, as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many thousandths a text means, rounded away from zero as the API server rounds the amounts of resources; none
    /// where it is not an amount. What does not fit is the largest number.
    pub fn thousandths(text: &str) -> Option<i128> {
        Amount::read(text).map(|amount| amount.thousandths())
    }

    /// The amount as a whole number; none where it has a fraction, is negative, or has more than 128 bits.
    pub fn whole(&self) -> Option<u128> {
        let amount = self.amount();
        let (digits, magnitude) = amount.digits();
        let zeros = magnitude.checked_sub(i64::try_from(digits.len()).ok()?)?;
        let power = 10_u128.checked_pow(u32::try_from(zeros).ok()?)?;
        let number =
            digits.iter().try_fold(0_u128, |number, digit| number.checked_mul(10)?.checked_add((*digit).into()));
        number?.checked_mul(power).filter(|number| *number == 0 || !amount.negative)
    }

    fn amount(&self) -> Amount<'_> {
        Amount::read(&self.0).expect("a quantity is only made of a text that was read")
    }
}

impl Scalar for Quantity {
    const WHAT: &'static str = "an amount such as \"512Mi\"";
    const EXAMPLE: &'static str = "512Mi";

    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::signed(text)?.non_negative()
    }

    fn bare(bare: Bare) -> Option<Result<Box<str>, Invalid>> {
        match bare {
            Bare::Integer(_, text) | Bare::Float(text) => {
                Some(Self::from_number(text).map(|value| value.to_string().into()))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.amount().compare(&other.amount())
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Quantity {}

/// A quantity taken apart: ± `whole.fraction` · 10^`tens` · 2^`twos`.
struct Amount<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    suffix: &'a str,
    tens: i64,
    twos: u32,
}

impl<'a> Amount<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (number, suffix) = unsigned.split_at(number_length(unsigned));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let (tens, twos) = scale(suffix)?;
        Some(Self { negative, whole, fraction, suffix, tens, twos })
    }

    /// Whether it has no suffix but, at most, an exponent.
    fn is_plain(&self) -> bool {
        self.suffix.is_empty() || self.suffix.len() > 1 && self.suffix.starts_with(['e', 'E']) && self.twos == 0
    }

    /// The digits that matter, 0 to 9 each, without zeros at either end, and the power of ten by which `0.digits` is to
    /// be multiplied: 120 is ([1, 2], 3). Zero has no digits.
    fn digits(&self) -> (Vec<u8>, i64) {
        let mut digits: Vec<u8> = self.whole.bytes().chain(self.fraction.bytes()).map(|byte| byte - b'0').collect();
        let mut magnitude = self.tens + length(self.whole);
        // At most nine times 2^60 and a carry below 2^61: within 64 bits.
        let mut carry = 0_u64;
        for digit in digits.iter_mut().rev() {
            let product = (u64::from(*digit) << self.twos) + carry;
            *digit = (product % 10) as u8;
            carry = product / 10;
        }
        while carry > 0 {
            digits.insert(0, (carry % 10) as u8);
            carry /= 10;
            magnitude += 1;
        }
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        digits.drain(..zeros);
        magnitude -= i64::try_from(zeros).unwrap_or(i64::MAX);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        if digits.is_empty() { (digits, 0) } else { (digits, magnitude) }
    }

    /// How many thousandths a short whole number means, exactly; none where it is longer, or has a fraction.
    fn exact(&self) -> Option<i128> {
        let factor = match self.tens {
            0 => 1000,
            -3 => 1,
            _ => return None,
        };
        if self.whole.len() > 9 || !self.fraction.is_empty() {
            return None;
        }
        // Less than 10^9 · 10^3 · 2^60: within 128 bits.
        let size = (i128::from(self.whole.parse::<u32>().ok()?) * factor) << self.twos;
        Some(if self.negative { -size } else { size })
    }

    fn compare(&self, other: &Self) -> Ordering {
        if let (Some(left), Some(right)) = (self.exact(), other.exact()) {
            return left.cmp(&right);
        }
        let ((left, left_magnitude), (right, right_magnitude)) = (self.digits(), other.digits());
        let sign = |negative: bool, digits: &[u8]| match (digits.is_empty(), negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let (left_sign, right_sign) = (sign(self.negative, &left), sign(other.negative, &right));
        let size = (left_magnitude, &left).cmp(&(right_magnitude, &right));
        left_sign.cmp(&right_sign).then(if left_sign < 0 { size.reverse() } else { size })
    }

    fn thousandths(&self) -> i128 {
        // The server caps what it counts in powers of 1024.
        let most = if self.twos > 0 { i128::from(i64::MAX) * 1000 } else { i128::MAX };
        if let Some(exact) = self.exact() {
            return exact.clamp(-most, most);
        }
        let (digits, magnitude) = self.digits();
        let wanted = magnitude.saturating_add(3);
        let shown = usize::try_from(wanted).unwrap_or(0).min(40);
        let padded = digits.iter().copied().chain(std::iter::repeat(0)).take(if digits.is_empty() { 0 } else { shown });
        let whole = padded.fold(0_i128, |number, digit| number.saturating_mul(10).saturating_add(i128::from(digit)));
        let size = if digits.len() > shown { whole.saturating_add(1) } else { whole }.min(most);
        if self.negative { -size } else { size }
    }

    /// A whole number and one of the suffixes "", `m`, `u` and `n`; none where that takes more than 18 zeros or a finer
    /// suffix.
    fn canonical(&self) -> Option<String> {
        let (digits, magnitude) = self.digits();
        if digits.is_empty() {
            return Some("0".to_owned());
        }
        let exponent = magnitude - i64::try_from(digits.len()).ok()?;
        let (suffix, shift) =
            [("", 0), ("m", 3), ("u", 6), ("n", 9)].into_iter().find(|(_, shift)| exponent + shift >= 0)?;
        let zeros = usize::try_from(exponent + shift).ok().filter(|zeros| *zeros <= 18)?;
        let mut text: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        text.extend(std::iter::repeat_n('0', zeros));
        text.push_str(suffix);
        Some(text)
    }
}

/// How many bytes at the beginning are digits and at most one point.
fn number_length(text: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    match text[whole..].strip_prefix('.') {
        Some(fraction) => whole + 1 + digits(fraction),
        None => whole,
    }
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

/// The powers of ten and of two that a suffix stands for.
fn scale(suffix: &str) -> Option<(i64, u32)> {
    Some(match suffix {
        "" => (0, 0),
        "n" => (-9, 0),
        "u" => (-6, 0),
        "m" => (-3, 0),
        "k" => (3, 0),
        "M" => (6, 0),
        "G" => (9, 0),
        "T" => (12, 0),
        "P" => (15, 0),
        "E" => (18, 0),
        "Ki" => (0, 10),
        "Mi" => (0, 20),
        "Gi" => (0, 30),
        "Ti" => (0, 40),
        "Pi" => (0, 50),
        "Ei" => (0, 60),
        exponent => (i64::from(exponent.strip_prefix(['e', 'E'])?.parse::<i32>().ok()?), 0),
    })
}

fn refuse(text: &str) -> Invalid {
    if text.is_empty() {
        return Invalid::new("an empty text is not an amount").help(format!("write {}", Quantity::WHAT));
    }
    let value = quote(text);
    let number = text.len() - text.trim_start_matches(['+', '-']).len();
    let suffix = number + number_length(&text[number..]);
    if suffix == number {
        return Invalid::new(format!("{value} is not an amount: it begins with no number"))
            .at(0..text.len())
            .help(format!("write {}", Quantity::WHAT));
    }
    let unknown = &text[suffix..];
    let invalid =
        Invalid::new(format!("{value} is not an amount: {} is no suffix that Kubernetes knows", quote(unknown)))
            .at(suffix..text.len())
            .help(format!(
                "write a number and one of m, k, M, G, T, Ki, Mi, Gi, Ti, as in {}",
                literal(Quantity::EXAMPLE)
            ))
            .replace_if(
                |text| Amount::read(text).is_some_and(|amount| !amount.negative),
                mend(&text[..suffix], unknown),
            );
    if unknown == "mi" {
        // between `m` of cpu and `Mi` of memory, and only the key knows which
        let number = &text[..suffix];
        let help = format!(
            "write {} of memory, or {} of cpu",
            literal(&format!("{number}Mi")),
            literal(&format!("{number}m"))
        );
        return Invalid { help: Some(help), replacement: None, ..invalid };
    }
    invalid
}

/// The amount with the suffix that was meant: bytes are counted in powers of 1024, as Docker counts them.
fn mend(number: &str, suffix: &str) -> String {
    let mut words = suffix.replace(char::is_whitespace, "").replace('_', "");
    // Three digits behind a comma may be thousands; fewer or more are a decimal fraction.
    if words.strip_prefix(',').is_some_and(|behind| number_length(behind) != 3) {
        words.replace_range(..1, ".");
    }
    let suffix = match words.to_ascii_lowercase().as_str() {
        "b" | "byte" | "bytes" | "core" | "cores" | "cpu" | "cpus" | "vcpu" | "vcpus" => "",
        "millicore" | "millicores" | "millicpu" | "mcpu" => "m",
        "k" | "kb" | "ki" | "kib" => "Ki",
        "mb" | "mi" | "mib" => "Mi",
        "g" | "gb" | "gi" | "gib" => "Gi",
        "t" | "tb" | "ti" | "tib" => "Ti",
        "p" | "pb" | "pi" | "pib" => "Pi",
        "eb" | "ei" | "eib" => "Ei",
        _ => &words,
    };
    format!("{number}{suffix}")
}

fn refuse_size(spelling: &str) -> Invalid {
    Invalid::new(format!("{} is no amount to write as a number: it is too large or too fine", quote(spelling)))
        .at(0..spelling.len())
        .help(format!("write it as text with a suffix, as in {}", literal(Quantity::EXAMPLE)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{accepts, refuses, replacement};
    use super::*;
    use proptest::prelude::*;

    fn quantity(text: &str) -> Quantity {
        Quantity::signed(text).unwrap()
    }

    #[test]
    fn thousandths_are_rounded_away_from_zero() {
        let of = |text: &str| Quantity::thousandths(text);
        assert_eq!(of("1"), Some(1000));
        assert_eq!(of("1.5Gi"), Some(1536 * 1024 * 1024 * 1000));
        assert_eq!((of("100.5m"), of("0.0001"), of("1n"), of("-1n")), (Some(101), Some(1), Some(1), Some(-1)));
        assert_eq!((of("0"), of("0.000"), of("-0")), (Some(0), Some(0), Some(0)));
        assert_eq!(of("1e100"), Some(i128::MAX));
        assert_eq!(of("9Ei"), Some(i128::from(i64::MAX) * 1000));
        assert_eq!(of("-1e100"), Some(-i128::MAX));
        assert_eq!((of("1K"), of("")), (None, None));
    }

    #[test]
    fn the_grammar_is_that_of_apimachinery() {
        accepts::<Quantity>(&[
            "0", "1", "007", "250m", "512Mi", ".5", "5.", "+1", "1E3", "1e-3", "1e+3", "1E", "1Ei", "0.5Gi", "1.G",
        ]);
        accepts::<Quantity>(&[
            "1n",
            "1u",
            "1k",
            "1M",
            "1G",
            "1T",
            "1P",
            "1Ki",
            "1Gi",
            "1Ti",
            "1Pi",
            "1e100",
            &"9".repeat(500),
        ]);
        refuses::<Quantity>(&[
            "", "512MB", "1KB", "1gb", "1 Gi", " 1", "1 ", "1_000", "0x10", "1.2.3", "five", "1,5", "50%", "١",
        ]);
        refuses::<Quantity>(&[
            "1K",
            "1mi",
            "1MI",
            "1KI",
            "1e",
            "1Mi5",
            "1ki",
            "1e1.5",
            "1e3m",
            "1mm",
            "--1",
            "+-1",
            "1e99999999999",
        ]);
        refuses::<Quantity>(&["Ki", ".", "-", "+", "m", ".m", "e3", "inf", "nan"]);
    }

    #[test]
    fn negative_amounts_have_their_own_message() {
        let invalid = Quantity::parse("-1Gi").unwrap_err();
        assert_eq!(invalid.title, "`-1Gi` is negative: an amount is 0 or more");
        assert_eq!(invalid.help.as_deref(), Some("write it without the minus sign: \"1Gi\""));
        assert_eq!((invalid.at, invalid.replacement), (Some(0..1), None));
        assert!(quantity("-1") < quantity("0"));
    }

    #[test]
    fn usual_slips_are_mended() {
        for (slip, meant) in [
            ("512MB", "512Mi"),
            ("512mb", "512Mi"),
            ("512 Mi", "512Mi"),
            ("1g", "1Gi"),
            ("1K", "1Ki"),
            ("1KB", "1Ki"),
            ("2GiB", "2Gi"),
            ("100 m", "100m"),
            ("0.5 cores", "0.5"),
            ("1,5", "1.5"),
            ("1_000", "1000"),
        ] {
            assert_eq!(replacement::<Quantity>(slip).as_deref(), Some(meant), "{slip}");
        }
        let invalid = Quantity::parse("512MB").unwrap_err();
        assert_eq!(invalid.title, "`512MB` is not an amount: `MB` is no suffix that Kubernetes knows");
        assert_eq!((invalid.at, invalid.help.as_deref()), (Some(3..5), Some("write \"512Mi\"")));
        assert_eq!(replacement::<Quantity>("5 apples"), None);
        assert_eq!(replacement::<Quantity>("1,000Mi"), None);
    }

    #[test]
    fn numbers_become_what_kubernetes_writes() {
        for (number, text) in [
            ("2", "2"),
            ("0.5", "500m"),
            ("1.5", "1500m"),
            ("1.0", "1"),
            ("0", "0"),
            ("0.0", "0"),
            ("+3", "3"),
            ("1_000", "1000"),
            ("1e3", "1000"),
            ("2.5e-4", "250u"),
            ("0.000000001", "1n"),
            ("10.25", "10250m"),
        ] {
            assert_eq!(Quantity::from_number(number).unwrap().as_str(), text, "{number}");
        }
        for number in ["-1", "-0.5", "0x10", "0b1", "inf", "nan", "1e-10", "1e100", "1Mi", "5m", "1E", ""] {
            assert!(Quantity::from_number(number).is_err(), "{number}");
        }
    }

    #[test]
    fn the_order_is_that_of_values() {
        for (small, large) in [
            ("999m", "1"),
            ("1", "1.0000000000000000000001"),
            ("1M", "1Mi"),
            ("1023Ki", "1Mi"),
            ("9Ei", "10.5E"),
            ("-2", "-1"),
            ("-1", "1n"),
            ("1e99", "1e100"),
            ("0.1n", "1n"),
            ("999999999999999999999", "1e21"),
        ] {
            assert_eq!(quantity(small).cmp(&quantity(large)), Ordering::Less, "{small} {large}");
            assert_eq!(quantity(large).cmp(&quantity(small)), Ordering::Greater, "{small} {large}");
        }
        for (left, right) in
            [("1", "1000m"), ("1Ki", "1024"), ("0.5Gi", "512Mi"), ("1e3", "1k"), ("0", "-0.0Mi"), ("1E", "1e18")]
        {
            assert_eq!(quantity(left), quantity(right));
        }
    }

    #[test]
    fn whole_amounts_are_told_from_fractions() {
        for (text, whole) in [
            ("0", 0),
            ("1", 1),
            ("1000m", 1),
            ("2Mi", 2 << 20),
            ("0.5Ki", 512),
            ("1e3", 1000),
            ("-0", 0),
            ("1Ei", 1 << 60),
        ] {
            assert_eq!(quantity(text).whole(), Some(whole), "{text}");
        }
        for text in ["500m", "0.5", "1n", "-1", "1e100", "1.0000000001"] {
            assert_eq!(quantity(text).whole(), None, "{text}");
        }
    }

    /// A number of up to nine digits with a point somewhere, and its value in nano units of one thousandth: exact in 128 bits.
    fn small() -> impl Strategy<Value = (String, i128)> {
        let suffixes = [("n", 1), ("u", 1_000), ("m", 1_000_000), ("", 1_000_000_000), ("k", 1_000_000_000_000)];
        let binary = [("Ki", 1_024_000_000_000), ("Mi", 1_048_576_000_000_000), ("Gi", 1_073_741_824_000_000_000)];
        let all: Vec<(&str, i128)> = suffixes.into_iter().chain(binary).collect();
        (-99_999..=99_999_i128, 0..=3_u32, prop::sample::select(all)).prop_map(|(number, places, (suffix, scale))| {
            let power = 10_i128.pow(places);
            let (whole, fraction) = (number.abs() / power, number.abs() % power);
            let sign = if number < 0 { "-" } else { "" };
            let point =
                if places == 0 { String::new() } else { format!(".{fraction:0width$}", width = places as usize) };
            (format!("{sign}{whole}{point}{suffix}"), number * scale * 1000 / power)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn the_order_agrees_with_exact_arithmetic((left, left_value) in small(), (right, right_value) in small()) {
            prop_assert_eq!(quantity(&left).cmp(&quantity(&right)), left_value.cmp(&right_value));
        }

        #[test]
        fn a_number_keeps_its_value(whole in 0..100_000_u32, fraction in "[0-9]{1,9}") {
            let number = format!("{whole}.{fraction}");
            prop_assert_eq!(Quantity::from_number(&number).unwrap(), quantity(&number));
        }
    }
}
