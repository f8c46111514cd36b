//! Fields that a body must have; what is missing is named, all of it at once.

use serde_json::Value;

use crate::problem::Problem;

/// A text with something in it.
pub(crate) fn text(body: &Value, at: &str, field: &str) -> Result<String, Problem> {
    let text = body.get(field).and_then(Value::as_str).map(str::trim);
    text.filter(|text| !text.is_empty()).map(str::to_owned).ok_or_else(|| missing(at, field))
}

/// `true` or `false`.
pub(crate) fn flag(body: &Value, at: &str, field: &str) -> Result<bool, Problem> {
    body.get(field).and_then(Value::as_bool).ok_or_else(|| missing(at, field))
}

fn missing(at: &str, field: &str) -> Problem {
    Problem::invalid(&format!("{at}{field}"), format!("The {field} field is required."))
}

/// Both values, or the problems of both.
pub(crate) fn both<A, B>(
    (a, b): (Result<A, Problem>, Result<B, Problem>),
) -> Result<(A, B), Problem> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(one), Err(other)) => Err(one.and(other)),
        (Err(problem), Ok(_)) | (Ok(_), Err(problem)) => Err(problem),
    }
}

/// All three values, or the problems of all three.
pub(crate) fn all<A, B, C>(
    (a, b, c): (Result<A, Problem>, Result<B, Problem>, Result<C, Problem>),
) -> Result<(A, B, C), Problem> {
    let ((a, b), c) = both((both((a, b)), c))?;
    Ok((a, b, c))
}
