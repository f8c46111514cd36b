//! Accepting and refusing orders.

use serde::Serialize;

use crate::octopia::client::Client;
use crate::octopia::error::Error;

/// The seller's answer to an order that waits for acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// The seller will fulfill the order.
    Accept,
    /// The seller will not; this cannot be undone.
    Refuse,
}

#[derive(Serialize)]
struct Body {
    approval_status: &'static str,
}

impl Client {
    /// `POST /orders/{orderId}/approval-status`: "Approve an order" of
    /// <https://developer.octopia-io.net/api-reference/orders-management>.
    ///
    /// Only on Cdiscount, and only while the order is `WaitingAcceptance`.
    ///
    /// # Errors
    /// See [`Error::disposition`] before sending it again.
    pub async fn decide_approval(&self, order_id: &str, approval: Approval) -> Result<(), Error> {
        let approval_status = match approval {
            Approval::Accept => "Accepted",
            Approval::Refuse => "Refused",
        };
        let url = self.url(&["orders", order_id, "approval-status"])?;
        self.write(url, &Body { approval_status }).await
    }
}
