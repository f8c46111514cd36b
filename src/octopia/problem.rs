//! Error bodies: RFC 9457 problem documents and their look-alikes.

use serde_json::Map;
use serde_json::Value;

/// The longest text that is shown to a person, in characters.
const WORDS_MAX: usize = 500;
/// Room for a W3C trace context, which is what .NET services send, and some more.
const TRACE_MAX: usize = 100;
/// The most complaints kept of one item of a list.
const ITEM_COMPLAINTS_MAX: usize = 50;

/// Why the marketplace said no, as it said it (<https://developer.octopia-io.net/?p=147>).
///
/// `title` is often only "Validation Failed"; the cause is then in `errors`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// Short name of the kind of problem.
    pub title: Option<String>,
    /// What happened this time.
    pub detail: Option<String>,
    /// One text per complaint, `field: complaint` where a field is named.
    pub errors: Vec<String>,
    /// What the marketplace's support asks for.
    pub trace_id: Option<String>,
}

impl Problem {
    /// Reads an error body; `None` for HTML, an empty body, or JSON without any of the known
    /// members. Also understands the OAuth form (`error`, `error_description`).
    ///
    /// `secrets` are blanked out: a proxy may echo the request that it refused.
    pub(super) fn read(body: &[u8], secrets: &[&str]) -> Option<Self> {
        let Ok(Value::Object(members)) = serde_json::from_slice(body) else { return None };
        let first = |names: &[&str]| {
            let text = names.iter().find_map(|name| members.get(*name)?.as_str())?;
            Some(clean(text, secrets)).filter(|text| !text.is_empty())
        };
        let problem = Self {
            title: first(&["title", "error"]),
            detail: first(&["detail", "message", "error_description"]),
            errors: complaints(&members, secrets),
            trace_id: first(&["traceId", "trace_id", "requestId"]),
        };
        (problem != Self::default()).then_some(problem)
    }

    /// Title, detail and every complaint on one line of at most 500 characters, then the trace id.
    pub fn words(&self) -> String {
        let parts: Vec<&str> = (self.title.iter())
            .chain(&self.detail)
            .chain(&self.errors)
            .map(|part| part.trim_end_matches('.'))
            .collect();
        let mut words = shortened(&parts.join(". "), WORDS_MAX);
        if let Some(trace_id) = &self.trace_id {
            let separator = if words.is_empty() { "" } else { " " };
            words = format!("{words}{separator}(trace {})", shortened(trace_id, TRACE_MAX));
        }
        words
    }
}

/// The complaints of a problem document.
fn complaints(members: &Map<String, Value>, secrets: &[&str]) -> Vec<String> {
    let found = members.get("errors").map(all_texts).unwrap_or_default();
    found.iter().map(|text| clean(text, secrets)).filter(|text| !text.is_empty()).collect()
}

/// What an `errors` member of an item of a list says, in lines for a person. The same shapes as
/// in a problem document, since no document shows which of them it is.
pub(super) fn complaints_of_item(errors: &Value) -> Vec<String> {
    let found = all_texts(errors);
    let lines = found.iter().map(|text| shortened(&clean(text, &[]), WORDS_MAX));
    lines.filter(|line| !line.is_empty()).take(ITEM_COMPLAINTS_MAX).collect()
}

/// `errors` is documented as field → list of texts; single texts and plain lists are read too.
fn all_texts(errors: &Value) -> Vec<String> {
    match errors {
        Value::Object(fields) => by_field(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            texts(errors)
        }
    }
}

fn by_field(fields: &Map<String, Value>) -> Vec<String> {
    let told = |(field, value): (&String, &Value)| -> Vec<String> {
        let named = |text| if field.is_empty() { text } else { format!("{field}: {text}") };
        texts(value).into_iter().map(named).collect()
    };
    fields.iter().flat_map(told).collect()
}

/// The texts in a value: alone, in a list, as `message` (or the like) of objects in a list, or
/// by field there.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => ["message", "detail", "description", "title", "label", "code"]
            .iter()
            .find_map(|name| members.get(*name)?.as_str())
            .map_or_else(|| by_field(members), |text| vec![text.to_owned()]),
        Value::Number(number) => vec![number.to_string()],
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}

/// One line without control characters and without secrets.
fn clean(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "…");
    }
    text.split(|character: char| character.is_control() || character.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text, cut after `max` characters with an ellipsis as the last of them.
fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    text.chars().take(max - 1).chain(['…']).collect()
}
