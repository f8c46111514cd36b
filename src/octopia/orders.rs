//! Reading orders.

mod address;
mod line;
mod order;
mod price;

use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;
use serde_json::value::RawValue;
use url::Url;

use crate::octopia::client::Client;
use crate::octopia::dates;
use crate::octopia::error::Error;
use crate::octopia::lenient;
use crate::octopia::links;
use crate::octopia::lists;

pub use address::Address;
pub use line::Delivery;
pub use line::Line;
pub use line::Offer;
pub use line::Parcel;
pub use order::Order;
pub use order::SalesChannel;
pub use order::ServiceFee;
pub use price::Commission;
pub use price::Tax;
pub use price::Total;
pub use price::UnitPrice;

/// The largest page that the API gives.
pub const PAGE_SIZE_MAX: u32 = 100;

/// Which orders to read. Without a date only the latest orders come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Changed at or after.
    pub updated_at_min: Option<Timestamp>,
    /// Changed at or before.
    pub updated_at_max: Option<Timestamp>,
    /// Created at or after.
    pub created_at_min: Option<Timestamp>,
    /// Created at or before.
    pub created_at_max: Option<Timestamp>,
    /// Any of these; all when empty. A word that the API does not know is answered with 400.
    pub statuses: Vec<String>,
    /// Such as `Fulfillment`.
    pub supply_mode: Option<String>,
    /// Such as `CDISFR`.
    pub sales_channel_id: Option<String>,
    /// From 1.
    pub page_index: u32,
    /// At most [`PAGE_SIZE_MAX`].
    pub page_size: u32,
    /// A wish: the syntax is not settled in public documents, so check the order of the answer.
    pub sort: Option<Sort>,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            updated_at_min: None,
            updated_at_max: None,
            created_at_min: None,
            created_at_max: None,
            statuses: Vec::new(),
            supply_mode: None,
            sales_channel_id: None,
            page_index: 1,
            page_size: PAGE_SIZE_MAX,
            sort: None,
        }
    }
}

/// In which order to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The longest unchanged first.
    UpdatedAtAscending,
    /// The latest change first.
    UpdatedAtDescending,
    /// The oldest first.
    CreatedAtAscending,
    /// The newest first.
    CreatedAtDescending,
}

/// One page of orders. The last page is the one with fewer items than asked for.
#[derive(Debug, Clone)]
pub struct Page {
    /// Decoded or not; see [`Received`].
    pub items: Vec<Received>,
    /// When it was answered, by the marketplace's clock.
    pub answered_at: Option<Timestamp>,
    /// Whether the `Link` header names a next page; `None` without the header.
    pub has_next: Option<bool>,
}

/// An order as it came. One that cannot be decoded still has its text and, where they can be
/// found in it, its id and its time.
#[derive(Clone)]
pub struct Received {
    /// `orderId`, even of an order that is otherwise unreadable.
    pub order_id: Option<String>,
    /// `updatedAt`, likewise.
    pub updated_at: Option<Timestamp>,
    /// The JSON as received; bytes that are not UTF-8 are U+FFFD.
    pub raw: String,
    /// The order, or where and why it cannot be read, without values.
    pub order: Result<Order, String>,
}

/// Leaves out what identifies a person.
impl fmt::Debug for Received {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Received")
            .field("order_id", &self.order_id)
            .field("updated_at", &self.updated_at)
            .field("error", &self.order.as_ref().err())
            .finish_non_exhaustive()
    }
}

impl Client {
    /// `GET /orders`: "Retrieve orders using filters" of
    /// <https://developer.octopia-io.net/api-reference/orders-management>.
    ///
    /// # Errors
    /// [`Error::Decode`] when the page as a whole is unreadable; never for single orders.
    pub async fn list_orders(&self, query: &Query) -> Result<Page, Error> {
        let mut url = self.url(&["orders"])?;
        query.filter(&mut url);
        query.paginate(&mut url);
        let answer = self.read(url).await?;
        let items = lists::items(&answer.body)?.into_iter().map(Received::read).collect();
        let has_next = links::has_next(&answer.headers);
        Ok(Page { items, answered_at: dates::date(&answer.headers), has_next })
    }

    /// `GET /orders/count`: "Count orders using filters" of
    /// <https://developer.octopia-io.net/api-reference/orders-management>. Page and sort of the
    /// query are not sent.
    ///
    /// # Errors
    /// [`Error::Decode`] when the answer is not a whole number.
    pub async fn count_orders(&self, query: &Query) -> Result<u64, Error> {
        let mut url = self.url(&["orders", "count"])?;
        query.filter(&mut url);
        let body = self.read(url).await?.body;
        // Seen as a bare number; the page says that not every count route sends one.
        let whole: &RawValue = lists::parse(&body, "$")?;
        let number = match serde_json::from_str::<HashMap<String, &RawValue>>(whole.get()) {
            Ok(members) => ["count", "total", "totalCount"]
                .iter()
                .find_map(|name| members.get(*name).copied())
                .unwrap_or(whole),
            Err(_) => whole,
        };
        let text = lenient::to_text(number).ok().flatten();
        text.and_then(|text| text.parse().ok())
            .ok_or_else(|| lists::unreadable("$", "expected a whole number"))
    }

    /// `GET /orders/{orderId}`: "Retrieve an order by its ID" of
    /// <https://developer.octopia-io.net/api-reference/orders-management>. `None` for 404.
    ///
    /// # Errors
    /// [`Error::Decode`] when the answer is not JSON; see [`Received::order`] for the rest.
    pub async fn order(&self, order_id: &str) -> Result<Option<Received>, Error> {
        match self.read(self.url(&["orders", order_id])?).await {
            Ok(answer) => Ok(Some(Received::read(lists::parse(&answer.body, "$")?))),
            Err(Error::Status { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Query {
    fn filter(&self, url: &mut Url) {
        let dates = [
            ("updatedAtMin", self.updated_at_min),
            ("updatedAtMax", self.updated_at_max),
            ("createdAtMin", self.created_at_min),
            ("createdAtMax", self.created_at_max),
        ];
        for (name, date) in dates {
            if let Some(date) = date {
                url.query_pairs_mut().append_pair(name, &date.to_string());
            }
        }
        if !self.statuses.is_empty() {
            url.query_pairs_mut().append_pair("status", &self.statuses.join(","));
        }
        if let Some(mode) = &self.supply_mode {
            url.query_pairs_mut().append_pair("supplyMode", mode);
        }
        if let Some(id) = &self.sales_channel_id {
            url.query_pairs_mut().append_pair("salesChannelId", id);
        }
    }

    /// `sort=field` for ascending and `desc=field` for descending is how most public clients
    /// write it; the documents name the parameters only.
    fn paginate(&self, url: &mut Url) {
        let mut pairs = url.query_pairs_mut();
        pairs.append_pair("pageIndex", &self.page_index.to_string());
        pairs.append_pair("pageSize", &self.page_size.to_string());
        let (name, field) = match self.sort {
            Some(Sort::UpdatedAtAscending) => ("sort", "updatedAt"),
            Some(Sort::UpdatedAtDescending) => ("desc", "updatedAt"),
            Some(Sort::CreatedAtAscending) => ("sort", "createdAt"),
            Some(Sort::CreatedAtDescending) => ("desc", "createdAt"),
            None => return,
        };
        pairs.append_pair(name, field);
    }
}

impl Received {
    fn read(raw: &RawValue) -> Self {
        // Each member on its own, so that whatever spoils the order does not hide its id.
        let members: HashMap<String, &RawValue> =
            serde_json::from_str(raw.get()).unwrap_or_default();
        let order_id = members.get("orderId").and_then(|id| lenient::to_text(id).ok().flatten());
        let updated_at =
            members.get("updatedAt").and_then(|at| lenient::to_timestamp(at).ok().flatten());
        Self { order_id, updated_at, raw: raw.get().to_owned(), order: Order::read(raw.get()) }
    }
}
