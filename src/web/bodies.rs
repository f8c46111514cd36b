//! How large a form may be (`reliability` S-19).

use std::future::poll_fn;
use std::pin::Pin;

use axum::body::Body;
use axum::body::Bytes;
use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::web::error::Error;

/// The largest body of a form, in bytes.
pub const LARGEST: usize = 256 * 1024;
/// So much of one that is too large is read on and forgotten. A browser that is cut off while it sends shows
/// a page of its own, and never the one that says what is wrong.
const PATIENCE: usize = 16 * 1024 * 1024;

/// Turns down what is announced as too large, once it has been sent. What is not announced is cut off by
/// `RequestBodyLimitLayer`: no browser does that.
pub async fn hear_out(request: Request, next: Next) -> Response {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|it| it.to_str().ok()?.parse::<usize>().ok());
    if announced.is_none_or(|it| it <= LARGEST) {
        return next.run(request).await;
    }
    forget(request.into_body()).await;
    Error::TooLarge.into_response()
}

async fn forget(mut body: Body) {
    let mut forgotten = 0;
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        forgotten += frame.data_ref().map_or(0, Bytes::len);
        if forgotten > PATIENCE {
            return;
        }
    }
}
