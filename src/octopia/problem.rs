//! Error bodies: RFC 9457 problem documents and their look-alikes.

use serde_json::Map;
use serde_json::Value;

/// The longest text that is shown to a person, in characters.
const WORDS_MAX: usize = 500;
/// Room for a W3C trace context, which is what .NET services send, and some more.
const TRACE_MAX: usize = 100;

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

/// `errors` is documented as field → list of texts; single texts and plain lists are read too.
fn complaints(members: &Map<String, Value>, secrets: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    match members.get("errors") {
        Some(Value::Object(fields)) => {
            for (field, value) in fields {
                found.extend(texts(value).into_iter().map(|text| match field.as_str() {
                    "" => text,
                    field => format!("{field}: {text}"),
                }));
            }
        }
        Some(value) => found = texts(value),
        None => {}
    }
    found.iter().map(|text| clean(text, secrets)).filter(|text| !text.is_empty()).collect()
}

/// The texts in a value, whether alone, in a list, or as `message`/`detail` of objects in a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => ["message", "detail", "title", "code"]
            .iter()
            .find_map(|name| members.get(*name)?.as_str())
            .map(|text| vec![text.to_owned()])
            .unwrap_or_default(),
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
