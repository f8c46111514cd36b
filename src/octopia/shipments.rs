//! Declaring shipments.

use serde::Serialize;

use crate::octopia::client::Client;
use crate::octopia::error::Error;

/// One parcel, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parcel {
    /// The carrier's tracking number.
    pub parcel_number: String,
    /// Best a label of [`Client::carriers`]; the API takes any text.
    pub carrier_name: String,
    /// A public page; the API checks it with the regular expression of its document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking_url: Option<String>,
    /// The lines in this parcel. A line may be in several, though not on Cdiscount.
    pub order_line_ids: Vec<String>,
}

impl Client {
    /// `POST /orders/{orderId}/shipments`: "Ship an order" of
    /// <https://developer.octopia-io.net/api-reference/orders-management>.
    ///
    /// Not idempotent: look for the parcel number on the order before sending it again.
    ///
    /// # Errors
    /// See [`Error::disposition`].
    pub async fn create_shipments(&self, order_id: &str, parcels: &[Parcel]) -> Result<(), Error> {
        self.write(self.url(&["orders", order_id, "shipments"])?, &parcels).await
    }
}
