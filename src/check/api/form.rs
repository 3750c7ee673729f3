//! Texts of a form of their own, as the API server reads them: amounts, times, base64. It is laxer here and there than it says.

/// Whether the server reads the text as an amount.
///
/// It reads the JSON, so what JSON escapes is refused; spaces around the amount are not seen, and a number may be missing.
pub fn is_quantity(text: &str) -> bool {
    if text.chars().any(char::is_control) {
        return false;
    }
    let text = text.trim();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let fraction = after_digits(unsigned);
    let suffix = fraction.strip_prefix('.').map_or(fraction, after_digits);
    let exponent = suffix.strip_prefix(['e', 'E']).map(str::parse::<i64>);
    !text.is_empty()
        && (matches!(suffix, "" | "n" | "u" | "m" | "k" | "M" | "G" | "T" | "P" | "E")
            || matches!(suffix, "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei")
            || exponent.is_some_and(|exponent| exponent.is_ok()))
}

/// Whether the text is standard base64 with its padding; line breaks do not count.
pub fn is_base64(text: &str) -> bool {
    let mut digits = 0;
    let mut padding = 0;
    for byte in text.bytes() {
        match byte {
            b'\r' | b'\n' => {}
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => digits += 1,
            _ => return false,
        }
    }
    matches!((digits % 4, padding), (0, 0) | (2, 2) | (3, 1))
}

/// How exact a time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fraction {
    /// As many digits behind the seconds as one likes.
    Any,
    /// Exactly so many.
    Digits(usize),
}

/// Whether the text is a time as in RFC 3339. The hour may have one digit, and offsets go up to 24:60, as Go has it.
pub fn is_time(text: &str, fraction: Fraction) -> bool {
    read_time(text, fraction).is_some()
}

fn read_time(text: &str, fraction: Fraction) -> Option<()> {
    let (year, rest) = number(text, 4, 9999)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 2, 12)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 2, 31)?;
    let rest = rest.strip_prefix('T')?;
    let rest = number(rest, 2, 23).or_else(|| number(rest, 1, 9))?.1.strip_prefix(':')?;
    let rest = number(rest, 2, 59)?.1.strip_prefix(':')?;
    let rest = number(rest, 2, 59)?.1;
    let rest = match fraction {
        Fraction::Any => rest.strip_prefix(['.', ',']).map_or(Some(rest), some_digits)?,
        Fraction::Digits(count) => {
            let digits = rest.strip_prefix(['.', ','])?;
            let behind = after_digits(digits);
            (digits.len() - behind.len() == count).then_some(behind)?
        }
    };
    (month > 0 && (1..=days(year, month)).contains(&day)).then_some(())?;
    if rest == "Z" {
        return Some(());
    }
    let rest = number(rest.strip_prefix(['+', '-'])?, 2, 24)?.1.strip_prefix(':')?;
    number(rest, 2, 60)?.1.is_empty().then_some(())
}

/// A number of so many digits, and what is behind it.
fn number(text: &str, digits: usize, maximum: u32) -> Option<(u32, &str)> {
    let (number, rest) = text.split_at_checked(digits)?;
    let value = after_digits(number).is_empty().then(|| number.parse().ok()).flatten()?;
    (value <= maximum).then_some((value, rest))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn some_digits(text: &str) -> Option<&str> {
    Some(after_digits(text)).filter(|rest| rest.len() < text.len())
}

fn after_digits(text: &str) -> &str {
    text.trim_start_matches(|character: char| character.is_ascii_digit())
}
