//! The log of every call, and a call's JSON.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::state::Market;

/// One HTTP call to the simulated platform.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// Its place in the log, from 1.
    pub number: usize,
    /// `GET`, `POST`, …
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The query as sent, without `?`; empty if none.
    pub query: String,
    /// The `SellerId` header.
    pub seller_id: Option<String>,
    /// The status answered; 0 while it runs and when the connection was cut.
    pub status: u16,
    /// The body as JSON, as text if it is not JSON; token calls keep only `client_id`, forms only
    /// `{"files": [{"name", "fileName", "size"}]}`.
    pub body: Value,
    /// When it arrived, by the simulated clock.
    pub at: Timestamp,
}

/// The log keeps so many calls; a demo that runs for days forgets the oldest.
const KEPT: usize = 50_000;

impl Market {
    pub(crate) fn log(&mut self, call: Call) -> usize {
        self.called += 1;
        if self.calls.len() == KEPT {
            self.calls.pop_front();
        }
        self.calls.push_back(Call { number: self.called, ..call });
        self.called
    }

    pub(crate) fn answered(&mut self, number: usize, status: u16) {
        // Cleared or forgotten calls are no longer there.
        let first = self.calls.front().map_or(usize::MAX, |call| call.number);
        let index = number.checked_sub(first);
        if let Some(call) = index.and_then(|index| self.calls.get_mut(index)) {
            call.status = status;
        }
    }
}
