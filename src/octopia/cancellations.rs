//! Cancelling orders, or lines of them, and what became of it.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::octopia::client::Client;
use crate::octopia::error::Error;
use crate::octopia::lenient;
use crate::octopia::links;
use crate::octopia::lists;
use crate::octopia::members::Members;

const PAGE_SIZE: usize = 100;
/// A thousand requests for one order are a mistake of the marketplace's, not a list to read.
const PAGES_MAX: usize = 10;
/// No public document names the id in an answer; these are the names that clients look for.
const ID: [&str; 4] = ["requestId", "cancellationRequestId", "partialCancellationRequestId", "id"];

/// Who wants to cancel: the reasons differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserType {
    /// The seller.
    Seller,
    /// The buyer.
    Customer,
}

/// A reason that may be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Such as `seller-refusal`; never empty. What a cancellation is sent with.
    pub code: String,
    /// The marketplace's words for it.
    pub label: Option<String>,
}

/// One line to cancel, whole: the API takes neither a quantity nor an amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineCancellation {
    /// `orderLineId` of the line.
    pub line_id: String,
    /// `offer.id` of the line.
    pub offer_id: String,
    /// The code of a [`Reason`].
    pub reason: String,
    /// Whether the customer gets the shipping cost back.
    pub shipping_cost_refund: bool,
}

/// A cancellation as the marketplace tells it. Everything may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CancellationRequest {
    /// The marketplace's number of the request.
    pub id: Option<String>,
    /// The order's id; `orderSellerId` on the wire.
    pub order_id: Option<String>,
    /// The marketplace's word; no document lists them.
    pub status: Option<String>,
    /// The code of a [`Reason`], of the whole request.
    pub reason: Option<String>,
    /// Whether the customer gets the shipping cost back.
    pub shipping_cost_refund: Option<bool>,
    /// Who asked for it, such as `Seller` or `Customer`.
    pub user_type: Option<String>,
    /// Who that was.
    pub user_id: Option<String>,
    /// Empty for a whole order, or when they are not told.
    pub lines: Vec<CancelledLine>,
    /// When it was asked for.
    pub created_at: Option<Timestamp>,
    /// Its last change.
    pub updated_at: Option<Timestamp>,
    /// Why it was rejected, in the marketplace's words.
    pub errors: Vec<String>,
}

/// A line of a [`CancellationRequest`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CancelledLine {
    /// `orderLineId` of the line.
    pub line_id: Option<String>,
    /// `offer.id` of the line.
    pub offer_id: Option<String>,
    /// The code of a [`Reason`].
    pub reason: Option<String>,
    /// The marketplace's word.
    pub status: Option<String>,
    /// Why it was rejected, in the marketplace's words.
    pub errors: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole<'a> {
    order_seller_id: &'a str,
    reason: &'a str,
    shipping_cost_refund: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Partial<'a> {
    order_seller_id: &'a str,
    lines: &'a [LineCancellation],
}

impl Client {
    /// `GET /cancellation-reasons`: what may be given as a reason for an order (or a line) of
    /// this channel in this status
    /// (<https://developer.octopia-io.net/api-reference/orders-management>).
    ///
    /// # Errors
    /// [`Error::Decode`] when the answer is not a list.
    pub async fn cancellation_reasons(
        &self,
        sales_channel: &str,
        user_type: UserType,
        order_status: &str,
    ) -> Result<Vec<Reason>, Error> {
        let user_type = match user_type {
            UserType::Seller => "Seller",
            UserType::Customer => "Customer",
        };
        let mut url = self.url(&["cancellation-reasons"])?;
        url.query_pairs_mut()
            .append_pair("salesChannel", sales_channel)
            .append_pair("userType", user_type)
            .append_pair("orderStatus", order_status);
        let answer = self.read(url).await?;
        Ok(lists::items(&answer.body)?.into_iter().filter_map(Reason::read).collect())
    }

    /// `POST /order-cancellation-requests`: the whole order
    /// (<https://developer.octopia-io.net/api-reference/orders-management>). The id of the
    /// request, where the answer tells it; the marketplace decides later.
    ///
    /// # Errors
    /// See [`Error::disposition`] before sending it again.
    pub async fn cancel_order(
        &self,
        order_id: &str,
        reason: &str,
        shipping_cost_refund: bool,
    ) -> Result<Option<String>, Error> {
        let body = Whole { order_seller_id: named(order_id)?, reason, shipping_cost_refund };
        self.write_for_id(self.url(&["order-cancellation-requests"])?, &body, &ID).await
    }

    /// `POST /order-partial-cancellation-requests`: these lines
    /// (<https://developer.octopia-io.net/api-reference/orders-management>). A line that is being
    /// cancelled already is answered with 409. The id of the request, where the answer tells it.
    ///
    /// # Errors
    /// See [`Error::disposition`] before sending it again.
    pub async fn cancel_lines(
        &self,
        order_id: &str,
        lines: &[LineCancellation],
    ) -> Result<Option<String>, Error> {
        if lines.is_empty() {
            return Err(Error::Unsendable("there is no line to cancel"));
        }
        let body = Partial { order_seller_id: named(order_id)?, lines };
        self.write_for_id(self.url(&["order-partial-cancellation-requests"])?, &body, &ID).await
    }

    /// `GET /order-cancellation-requests`: all of one order, whoever asked
    /// (<https://developer.octopia-io.net/api-reference/orders-management>).
    ///
    /// Pages may overlap while requests change: one may come twice. At most ten pages are read.
    ///
    /// # Errors
    /// [`Error::Decode`] when a page as a whole is unreadable.
    pub async fn cancellation_requests(
        &self,
        order_id: &str,
    ) -> Result<Vec<CancellationRequest>, Error> {
        let mut requests = Vec::new();
        for page in 1..=PAGES_MAX {
            let mut url = self.url(&["order-cancellation-requests"])?;
            url.query_pairs_mut()
                .append_pair("orderSellerId", named(order_id)?)
                .append_pair("pageIndex", &page.to_string())
                .append_pair("pageSize", &PAGE_SIZE.to_string());
            let answer = self.read(url).await?;
            let items = lists::items(&answer.body)?;
            let objects = items.iter().filter_map(|item| Members::of(item));
            requests.extend(objects.map(|members| CancellationRequest::read(&members)));
            // A page may be short of what was asked for and still have a next one, by its header.
            let full = items.len() >= PAGE_SIZE;
            if items.is_empty() || !links::has_next(&answer.headers).unwrap_or(full) {
                break;
            }
        }
        Ok(requests)
    }
}

/// Without an id the API would be asked about, or told to change, nothing in particular.
fn named(order_id: &str) -> Result<&str, Error> {
    if order_id.is_empty() {
        return Err(Error::Unsendable("the order id is empty"));
    }
    Ok(order_id)
}

impl Reason {
    /// From an object, or from a bare code. `None` without a code.
    fn read(raw: &RawValue) -> Option<Self> {
        let Some(members) = Members::of(raw) else {
            let code = raw.get().starts_with('"').then(|| lenient::to_text(raw).ok())??;
            return Some(Self { code: code?, label: None });
        };
        let code = members.text(&["code", "reason", "id"])?;
        Some(Self { code, label: members.text(&["label", "description", "name"]) })
    }
}

impl CancellationRequest {
    fn read(members: &Members<'_>) -> Self {
        let user = members.object(&["user", "requestedBy"]);
        let user = |names: &[&str]| user.as_ref().and_then(|user| user.text(names));
        let lines = members.objects(&["lines"]).unwrap_or_default();
        Self {
            id: members.text(&ID),
            order_id: members.text(&["orderSellerId", "orderId"]),
            status: members.text(&["status"]),
            reason: members.text(&["reason"]),
            shipping_cost_refund: members.boolean(&["shippingCostRefund"]),
            user_type: user(&["type", "userType"]).or_else(|| members.text(&["userType"])),
            user_id: user(&["id", "userId"]).or_else(|| members.text(&["userId"])),
            lines: lines.iter().map(CancelledLine::read).collect(),
            created_at: members.timestamp(&["createdAt"]),
            updated_at: members.timestamp(&["updatedAt"]),
            errors: members.complaints(),
        }
    }
}

impl CancelledLine {
    fn read(members: &Members<'_>) -> Self {
        Self {
            line_id: members.text(&["lineId", "orderLineId"]),
            offer_id: members.text(&["offerId"]),
            reason: members.text(&["reason"]),
            status: members.text(&["status"]),
            errors: members.complaints(),
        }
    }
}
