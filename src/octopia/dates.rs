//! The dates in the headers of answers.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderValue;

/// A longer `Retry-After` is taken as this: a mistake there must not silence an account for days.
const RETRY_AFTER_MAX: Duration = Duration::from_hours(1);

/// The moment of the answer by the marketplace's clock, from its `Date` header.
pub(super) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(reqwest::header::DATE)?)
}

/// `Retry-After` in either form of RFC 9110. A date counts from the answer's own `Date`, so that
/// our clock has no say in it.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(reqwest::header::RETRY_AFTER)?;
    let seconds = value.to_str().ok()?.trim().parse::<u64>().ok().map(Duration::from_secs);
    let until = || {
        let wait = http_date(value)?.duration_since(date(headers)?);
        Some(Duration::try_from(wait).unwrap_or_default())
    };
    Some(seconds.or_else(until)?.min(RETRY_AFTER_MAX))
}

fn http_date(value: &HeaderValue) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value.to_str().ok()?.trim()).ok()
}
