//! The file on its way: an answer that is read as it is sent.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::task::Poll;
use std::task::ready;

use tokio::io::AsyncRead;
use tokio::io::ReadBuf;

use crate::db;
use crate::db::order_list::Filter;
use crate::web::orders::export::Table;

/// The text of the page that is being sent, and how to get the next one. The next page is read when this
/// one is sent, and not at all if nobody waits for it any more.
pub struct File {
    table: Arc<Table>,
    text: String,
    sent: usize,
    next: Option<NextPage>,
}

/// A page in the making: its text, and where the one after it begins.
type NextPage = Pin<Box<dyn Future<Output = db::Result<(String, Option<Filter>)>> + Send>>;

impl File {
    /// A file that begins with that text, and goes on with the page of that filter.
    pub fn new(table: Table, text: String, next: Option<Filter>) -> Self {
        let mut file = Self { table: Arc::new(table), text, sent: 0, next: None };
        file.next = next.map(|filter| file.read(filter));
        file
    }

    fn read(&self, filter: Filter) -> NextPage {
        let table = Arc::clone(&self.table);
        Box::pin(async move {
            let mut conn = table.pool.acquire().await?;
            let mut text = String::new();
            let next = table.page(&mut conn, filter, &mut text).await?;
            Ok((text, next))
        })
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
            match ready!(next.as_mut().poll(context)) {
                Ok((text, next)) => {
                    (self.text, self.sent) = (text, 0);
                    self.next = next.map(|filter| self.read(filter));
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
