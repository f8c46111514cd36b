//! What handlers take from a request. Unlike axum's own, these answer bad input with a page, and refuse
//! what no browser sends: broken percent-encoding, text that is not UTF-8, and NUL, which the database
//! cannot keep.

mod upload;

use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::FromRequest;
use axum::extract::FromRequestParts;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;

use crate::web::error::Error;

pub use upload::Broken;
pub use upload::File;
pub use upload::Upload;

/// The parts of the address. One that cannot be what it stands for leads nowhere: 404.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        check_encoding(parts.uri.path().as_bytes())?;
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) if rejection.status().is_server_error() => {
                Err(Error::Internal(anyhow::Error::from(rejection)))
            }
            Err(_) => Err(Error::NotFound),
        }
    }
}

/// The query. Fields may repeat where a `Vec` takes them.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        check_encoding(query)?;
        let value = serde_html_form::from_bytes(query);
        Ok(Self(value.map_err(|_| Error::Invalid("the query has fields that cannot be read"))?))
    }
}

/// A posted form. Fields may repeat where a `Vec` takes them.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        if !is_form(request.headers()) {
            return Err(Error::NotAForm);
        }
        let bytes =
            Bytes::from_request(request, state).await.map_err(|rejection| {
                match rejection.into_response().status() {
                    StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
                    _ => Error::Invalid("the form broke off"),
                }
            })?;
        check_encoding(&bytes)?;
        let value = serde_html_form::from_bytes(&bytes);
        Ok(Self(value.map_err(|_| Error::Invalid("the form has fields that cannot be read"))?))
    }
}

/// Whether htmx asked, and wants a fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Htmx {
    /// A part of a page.
    Yes,
    /// A whole page.
    No,
}

impl Htmx {
    /// What the headers say. htmx restoring its history wants the whole page.
    pub fn of(headers: &HeaderMap) -> Self {
        let fragment = headers.contains_key("hx-request")
            && !headers.contains_key("hx-history-restore-request");
        if fragment { Self::Yes } else { Self::No }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Htmx {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let essence = value.and_then(|it| it.split(';').next()).map(str::trim);
    essence.is_some_and(|it| it.eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// Whether percent-decoding gives text. The decoder of forms would put replacement characters instead, and
/// a search for those finds nothing without saying why.
fn check_encoding(raw: &[u8]) -> Result<(), Error> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let hex = tail.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        let value = hex
            .filter(|it| it.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|it| u8::from_str_radix(it, 16).ok())
            .ok_or(Error::Invalid("a percent sign is not followed by two hexadecimal digits"))?;
        decoded.push(value);
        rest = &tail[2..];
    }
    if decoded.contains(&0) {
        return Err(Error::Invalid("the text holds a NUL character"));
    }
    std::str::from_utf8(&decoded).map(|_| ()).map_err(|_| Error::Invalid("the text is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_let_through_and_the_rest_is_not() {
        for good in ["", "a=b&c=d", "q=100%25", "q=caf%C3%A9", "q=a+b", "q=%F0%9F%93%A6"] {
            assert!(check_encoding(good.as_bytes()).is_ok(), "{good}");
        }
        for bad in ["q=100%", "q=%4", "q=%zz", "q=%+1", "q=%C3", "q=%FF", "q=%00", "q=%C3&r=%A9"] {
            assert!(check_encoding(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
