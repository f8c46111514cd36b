//! The file on its way: an answer that is read as it is sent.

use std::io;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::task::ready;

use axum::body::Body;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use tokio::io::AsyncRead;
use tokio::io::ReadBuf;
use tokio_util::io::ReaderStream;

use crate::db;

/// Tells spreadsheets that the file is UTF-8.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";
/// The bytes handed on at a time.
const CHUNK: usize = 32 * 1024;

/// The text of the page that is being sent, and how to get the next one. The next page is read when this
/// one is sent, and not at all if nobody waits for it any more.
pub struct File {
    text: String,
    sent: usize,
    next: Option<Rest>,
}

/// A page in the making: its text, and what comes after it.
pub struct Rest(Pin<Box<dyn Future<Output = db::Result<Part>> + Send>>);

/// A page's text, and what comes after it.
pub type Part = (String, Option<Rest>);

impl Rest {
    /// What that work brings.
    pub fn new(work: impl Future<Output = db::Result<Part>> + Send + 'static) -> Self {
        Self(Box::pin(work))
    }
}

impl File {
    /// A file that begins with that text, and goes on with what comes next.
    pub const fn new(text: String, next: Option<Rest>) -> Self {
        Self { text, sent: 0, next }
    }

    /// The answer that hands the file over under that name.
    pub fn answer(self, name: &str) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        ];
        (headers, Body::from_stream(ReaderStream::with_capacity(self, CHUNK))).into_response()
    }
}

impl AsyncRead for File {
    /// Ends early only with an error, upon which the connection breaks off: a part of a file must not look
    /// like a whole one.
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let rest = &self.text.as_bytes()[self.sent..];
            if !rest.is_empty() {
                let count = rest.len().min(buffer.remaining());
                buffer.put_slice(&rest[..count]);
                self.sent += count;
                return Poll::Ready(Ok(()));
            }
            let Some(next) = &mut self.next else { return Poll::Ready(Ok(())) };
            match ready!(next.0.as_mut().poll(context)) {
                Ok((text, next)) => {
                    (self.text, self.sent) = (text, 0);
                    self.next = next;
                }
                Err(error) => {
                    tracing::error!(%error, "an export broke off");
                    self.next = None;
                    return Poll::Ready(Err(io::Error::other(error)));
                }
            }
        }
    }
}
