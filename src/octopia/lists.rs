//! Lists in the three shapes that the API uses, and addresses below the base URL.

use std::collections::HashMap;

use serde_json::value::RawValue;

use crate::octopia::error::Error;
use crate::octopia::lenient;

/// The items of a list answer, each still as text, so that one unreadable item spoils no other.
///
/// Orders come as `{"itemsPerPage": n, "items": […]}`, carriers as a bare array; `data` in place
/// of `items` has been reported. An explicit `null` is an empty list; anything else is an error,
/// because an empty page ends a scan and must not be mistaken.
pub(super) fn items(body: &str) -> Result<Vec<&RawValue>, Error> {
    if body.trim_start().starts_with('[') {
        return parse(body, "$");
    }
    let envelope: HashMap<String, &RawValue> = parse(body, "$")?;
    let Some((name, list)) =
        ["items", "data"].iter().find_map(|name| Some((*name, *envelope.get(*name)?)))
    else {
        return Err(unreadable("$", "expected a list, or an object with items"));
    };
    Ok(parse::<Option<Vec<&RawValue>>>(list.get(), name)?.unwrap_or_default())
}

/// The single object of an answer, or each object of a list answer: the documents leave open
/// which of the two the seller routes send.
pub(super) fn one_or_many(body: &str) -> Result<Vec<&RawValue>, Error> {
    let whole: &RawValue = parse(body, "$")?;
    match items(body) {
        Ok(items) => Ok(items),
        Err(_) if whole.get().starts_with('{') => Ok(vec![whole]),
        Err(error) => Err(error),
    }
}

/// Parses one part of a body that is known to be small or raw.
pub(super) fn parse<'a, T: serde::Deserialize<'a>>(json: &'a str, path: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| unreadable(path, &lenient::cause(&error)))
}

/// A [`Error::Decode`].
pub(super) fn unreadable(path: &str, cause: &str) -> Error {
    Error::Decode { path: path.to_owned(), cause: cause.to_owned() }
}
