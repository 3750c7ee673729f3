//! What a scalar means to kubectl, which reads YAML 1.1 with some words of 1.2 and keeps dates as texts.

use crate::bundle::field::FieldValue;
use crate::value::Invalid;

/// The value of a scalar without quotes and tag.
///
/// # Errors
/// Infinity and what is no number, which JSON cannot hold.
pub fn plain(text: &str) -> Result<FieldValue, Invalid> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(FieldValue::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Ok(FieldValue::Boolean(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Ok(FieldValue::Boolean(false));
        }
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
        | "-.INF" => {
            return Err(Invalid::new(format!("`{text}` is a number that no object can hold"))
                .help("write another number, or quote it where it is a text"));
        }
        _ => {}
    }
    Ok(number(text).unwrap_or_else(|| FieldValue::String(text.into())))
}

/// The value of a scalar with one of YAML's own tags: `str`, `int`, …
///
/// # Errors
/// A text that is nothing of that type.
pub fn tagged(tag: &str, text: &str) -> Result<FieldValue, Invalid> {
    let is_read = ["bool", "int", "float", "null"].contains(&tag);
    let value = if is_read { plain(text)? } else { FieldValue::String(text.into()) };
    let is_of_type = match (tag, &value) {
        ("binary", _) => {
            return Err(Invalid::new("the tag `!!binary` is not read").help(
                "write the base64 text without the tag, below `data` of a Secret or `binaryData` of a ConfigMap",
            ));
        }
        ("bool", FieldValue::Boolean(_))
        | ("int", FieldValue::Integer(_))
        | ("float", FieldValue::Integer(_) | FieldValue::Float(_))
        | ("null", FieldValue::Null) => true,
        _ => !is_read,
    };
    // `1.0` is a whole number to us, but none to `!!int`
    if is_of_type && !(tag == "int" && text.contains('.')) {
        Ok(value)
    } else {
        Err(Invalid::new(format!("`{text}` is not of the type `!!{tag}`")).help("correct the value, or remove the tag"))
    }
}

/// The text of a key; `None` for null, which is no key.
pub fn key(value: &FieldValue) -> Option<String> {
    match value {
        FieldValue::String(text) => Some(text.to_string()),
        FieldValue::Boolean(truth) => Some(truth.to_string()),
        FieldValue::Integer(number) => Some(number.to_string()),
        FieldValue::Float(number) => Some(short_float(*number)),
        FieldValue::Null | FieldValue::List(_) | FieldValue::Map(_) => None,
    }
}

fn number(text: &str) -> Option<FieldValue> {
    let first = *text.as_bytes().first()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    let digits: String = text.chars().filter(|character| *character != '_').collect();
    integer(&digits).or_else(|| {
        let number = is_float(&digits).then(|| digits.parse::<f64>().ok())??;
        number.is_finite().then(|| whole(number))
    })
}

/// Whole numbers in base 10, in base 8 behind `0` or `0o`, 16 behind `0x`, 2 behind `0b`. One that needs all of 64 bits
/// without a sign becomes the nearest number that JSON readers have.
fn integer(text: &str) -> Option<FieldValue> {
    let (is_negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let size = u64::from_str_radix(digits, radix).ok()?;
    match (is_negative, i64::try_from(size)) {
        (false, Ok(number)) => Some(FieldValue::Integer(number)),
        (true, _) if size <= 1 << 63 => Some(FieldValue::Integer(0_i64.wrapping_sub_unsigned(size))),
        (false, Err(_)) if !text.starts_with('+') => Some(FieldValue::Float(size as f64)),
        _ => None,
    }
}

/// Whether a text is digits with a point or an exponent, of which kubectl makes a number.
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (text, None),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (before, after) = number.split_once('.').unwrap_or((number, ""));
    let is_number = is_digits(before) && is_digits(after) && !(before.is_empty() && after.is_empty());
    is_number
        && exponent.is_none_or(|exponent| {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !digits.is_empty() && is_digits(digits)
        })
}

/// kubectl sends `1.0` and `1e3` as the whole numbers that they are.
fn whole(number: f64) -> FieldValue {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= LIMIT {
        // within 2^53 every whole number is exact
        FieldValue::Integer(number as i64)
    } else {
        FieldValue::Float(number)
    }
}

/// A number as kubectl spells it where it is a key: in 32 bits, from seven digits on with an exponent.
fn short_float(number: f64) -> String {
    let scientific = format!("{:e}", number as f32);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..6).contains(&exponent) => {
            format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
        }
        _ => (number as f32).to_string(),
    }
}
