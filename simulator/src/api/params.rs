//! Parameters of queries, and the pages of lists.

use axum::http::header;
use axum::response::IntoResponse as _;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::problem::Problem;
use crate::readings::Envelope;

pub(crate) type Pairs = Vec<(String, String)>;

pub(crate) const JSON: &str = "application/json; charset=utf-8";

const PAGE: usize = 20;
const LARGEST_PAGE: usize = 100;

/// A page by its number, from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) index: usize,
    pub(crate) size: usize,
}

/// `pageIndex` and `pageSize`.
pub(crate) fn page(query: &[(String, String)]) -> Result<Page, Problem> {
    let index = number(query, "pageIndex", 1, usize::MAX)?;
    Ok(Page { index, size: number(query, "pageSize", PAGE, LARGEST_PAGE)? })
}

/// A range of time whose ends both count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) min: Option<Timestamp>,
    pub(crate) max: Option<Timestamp>,
}

impl Range {
    pub(crate) fn contains(&self, at: Timestamp) -> bool {
        self.min.is_none_or(|min| at >= min) && self.max.is_none_or(|max| at <= max)
    }

    pub(crate) fn is_set(&self) -> bool {
        *self != Self::default()
    }
}

/// The first value of a parameter.
pub(crate) fn one<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = query.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
}

/// Every value of a parameter, comma lists taken apart.
pub(crate) fn list(query: &[(String, String)], name: &str) -> Vec<String> {
    let values = query.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
    let words = values.flat_map(|(_, value)| value.split(','));
    words.map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

pub(crate) fn number(
    query: &[(String, String)],
    name: &str,
    default: usize,
    most: usize,
) -> Result<usize, Problem> {
    let Some(word) = one(query, name) else { return Ok(default) };
    let number = word.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| {
        Problem::invalid(name, format!("The field {name} must be between 1 and {most}."))
    })
}

pub(crate) fn range(query: &[(String, String)], name: &str) -> Result<Range, Problem> {
    let end = |suffix: &str| {
        let name = format!("{name}{suffix}");
        let read = |word: &str| {
            date(word)
                .ok_or_else(|| Problem::invalid(&name, format!("The value '{word}' is not valid.")))
        };
        one(query, &name).map(read).transpose()
    };
    Ok(Range { min: end("Min")?, max: end("Max")? })
}

/// ISO 8601 with an offset, or without one and then in UTC.
fn date(word: &str) -> Option<Timestamp> {
    let local = || word.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    word.parse().ok().or_else(|| local().map(|zoned| zoned.timestamp()))
}

/// `Link` as the platform writes it: relative, no space after the comma; `next` after a full page.
pub(crate) fn links(path: &str, query: &Pairs, page: Page, found: usize) -> String {
    let kept = without(query, "pageIndex");
    let link = |rel: &str, index: usize| format!("<{path}?{kept}pageIndex={index}>; rel=\"{rel}\"");
    let mut links = vec![link("first", 1)];
    if page.index > 1 {
        links.push(link("prev", page.index - 1));
    }
    if found == page.size {
        links.push(link("next", page.index + 1));
    }
    links.join(",")
}

/// The query but for one parameter, ready for another one.
pub(crate) fn without(query: &Pairs, name: &str) -> String {
    let kept = query.iter().filter(|(key, _)| !key.eq_ignore_ascii_case(name));
    let spell = kept
        .map(|(key, value)| format!("{key}={}&", value.replace('+', "%2B").replace(' ', "%20")));
    spell.collect()
}

/// A list in its envelope, with its `Link` header.
pub(crate) fn listed(envelope: Envelope, items: &[Value], link: String) -> Response {
    let items_text: Vec<String> = items.iter().map(Value::to_string).collect();
    let body =
        format!("{}{}{}", envelope.open(items.len()), items_text.join(","), envelope.close());
    ([(header::CONTENT_TYPE, JSON.to_owned()), (header::LINK, link)], body).into_response()
}
