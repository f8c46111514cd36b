//! Reading JSON that is not always what it should be: one function per kind of value, for
//! `#[serde(deserialize_with)]`.
//!
//! Each takes the value as raw text first. So a number is never a float on its way to a decimal,
//! and an error message never repeats the value, which may be personal data.
//! In all of them `null`, an empty text and a missing field are the same: absent.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::DeserializeOwned;
use serde::de::Error as _;
use serde_json::value::RawValue;

/// Beyond this an amount is a mistake, and no column need hold it.
const AMOUNT_LIMIT: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);
/// Far beyond any order line, and within an SQL `INTEGER`.
const COUNT_LIMIT: u32 = 1_000_000;

/// A text, trimmed, without NUL characters (no database text holds them). Numbers and booleans
/// become their JSON spelling: identifiers and phone numbers are sometimes sent bare.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    read(from, to_text)
}

/// Like [`text`], and the word "None" is absent too: it has been seen in postal codes and phones.
pub(super) fn text_but_none<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<String>, D::Error> {
    Ok(text(from)?.filter(|text| text != "None"))
}

/// Like [`text`], empty when absent.
pub(super) fn text_or_empty<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(text(from)?.unwrap_or_default())
}

/// An amount, from a JSON number or a numeric text, exact to 28 digits. Never from `NaN`, and
/// never from a text with a comma, which could be a thousands separator.
pub(super) fn decimal<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
    read(from, to_decimal)
}

/// A count, from a whole JSON number or a numeric text.
pub(super) fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    read(from, |raw| {
        let Some(number) = to_decimal(raw)? else { return Ok(None) };
        match u32::try_from(number.normalize()) {
            Ok(count) if number.fract().is_zero() && count <= COUNT_LIMIT => Ok(Some(count)),
            Ok(_) | Err(_) => Err("expected a whole number from 0 to 1000000"),
        }
    })
}

/// A yes or no, from a boolean, `"true"`/`"false"` in any case, or 1/0.
pub(super) fn boolean<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    read(from, to_boolean)
}

/// An instant in any form seen: `Z`, an offset, any number of fraction digits, or neither, which
/// is taken as UTC. The first of January of year 1 is .NET's "no date": absent.
pub(super) fn timestamp<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    read(from, to_timestamp)
}

/// A list; `null` is the empty one.
pub(super) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// [`text`] of a value at hand.
pub(super) fn to_text(raw: &RawValue) -> Result<Option<String>, &'static str> {
    let raw = raw.get();
    let text = match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<String>(raw).map_err(|_| "expected valid text")?,
        Some(b'n') => return Ok(None),
        Some(b'{' | b'[') | None => return Err("expected a text"),
        Some(_) => raw.to_owned(),
    };
    let text = text.replace('\0', "");
    let text = text.trim();
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// [`boolean`] of a value at hand.
pub(super) fn to_boolean(raw: &RawValue) -> Result<Option<bool>, &'static str> {
    let Some(text) = to_text(raw)? else { return Ok(None) };
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(Some(true)),
        "false" | "0" => Ok(Some(false)),
        _ => Err("expected true or false"),
    }
}

/// [`timestamp`] of a value at hand.
pub(super) fn to_timestamp(raw: &RawValue) -> Result<Option<Timestamp>, &'static str> {
    let Some(text) = to_text(raw)? else { return Ok(None) };
    if text.starts_with("0001-01-01") {
        return Ok(None);
    }
    let text = with_nanoseconds_at_most(&text);
    (text.parse::<Timestamp>().ok())
        .or_else(|| Some(text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp()))
        .map(Some)
        .ok_or("expected a date and time")
}

/// Reads one JSON document into `T`. The error is `(path, cause)`, without any value from it.
pub(super) fn decode<T: DeserializeOwned>(json: &str) -> Result<T, (String, String)> {
    let mut from = serde_json::Deserializer::from_str(json);
    serde_path_to_error::deserialize(&mut from).map_err(|error| {
        let path = error.path().to_string();
        (if path == "." { "$".to_owned() } else { path }, cause(error.inner()))
    })
}

/// What a JSON error says, without the value that serde quotes before ", expected".
pub(super) fn cause(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => message,
    }
}

fn read<'de, D: Deserializer<'de>, T>(
    from: D,
    convert: impl FnOnce(&RawValue) -> Result<T, &'static str>,
) -> Result<T, D::Error> {
    convert(&Box::<RawValue>::deserialize(from)?).map_err(D::Error::custom)
}

/// [`decimal`] of a value at hand.
pub(super) fn to_decimal(raw: &RawValue) -> Result<Option<Decimal>, &'static str> {
    let Some(text) = to_text(raw)? else { return Ok(None) };
    let number = Decimal::from_str_exact(&text)
        .or_else(|_| Decimal::from_scientific(&text))
        .map_err(|_| "expected a decimal number")?;
    if number.abs() >= AMOUNT_LIMIT {
        return Err("expected a number below 10^12");
    }
    Ok(Some(number))
}

/// Cuts fraction digits beyond the ninth, the most that a timestamp holds.
fn with_nanoseconds_at_most(text: &str) -> String {
    let Some((before, after)) = text.split_once('.') else { return text.to_owned() };
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    format!("{before}.{}{}", &after[..digits.min(9)], &after[digits..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(json: &str) -> Option<Timestamp> {
        to_timestamp(&RawValue::from_string(json.to_owned()).unwrap()).unwrap()
    }

    #[test]
    fn every_form_of_a_date_that_was_seen_is_read() {
        let expected: Timestamp = "2026-09-02T09:15:00Z".parse().unwrap();
        for form in [
            "2026-09-02T09:15:00Z",
            "2026-09-02T09:15:00+00:00",
            "2026-09-02T11:15:00+02:00",
            "2026-09-02T09:15:00",
            "2026-09-02 09:15:00",
            "2026-09-02T09:15:00.0Z",
            "2026-09-02T09:15:00.0000000Z",
            "2026-09-02T09:15:00.000000000000+00:00",
            " 2026-09-02T09:15:00Z ",
        ] {
            assert_eq!(parsed(&format!("\"{form}\"")), Some(expected), "{form}");
        }
        let fraction: Timestamp = "2026-09-02T09:15:00.1234567Z".parse().unwrap();
        assert_eq!(parsed("\"2026-09-02T11:15:00.1234567+02:00\""), Some(fraction));
        for absent in ["null", "\"\"", "\"0001-01-01T00:00:00\""] {
            assert_eq!(parsed(absent), None, "{absent}");
        }
    }

    #[test]
    fn an_amount_is_exact_or_refused() {
        let decimal = |json: &str| to_decimal(&RawValue::from_string(json.to_owned()).unwrap());
        let exact = |text: &str| Ok(Some(Decimal::from_str_exact(text).unwrap()));
        assert_eq!(decimal("19.99"), exact("19.99"));
        assert_eq!(decimal("\"19.990\""), exact("19.99"));
        assert_eq!(decimal("0.30000000000000004"), exact("0.30000000000000004"));
        assert_eq!(decimal("-1.5e1"), exact("-15"));
        assert_eq!(decimal("999999999999.99"), exact("999999999999.99"));
        assert_eq!(decimal("null"), Ok(None));
        let refused = ["1000000000000", "1e400", "\"NaN\"", "\"12,50\"", "\"1 2\"", "true", "[]"];
        for json in refused {
            assert!(decimal(json).is_err(), "{json}");
        }
    }
}
