//! Commercial gestures: money given to the buyer on top of the order.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::octopia::client::Client;
use crate::octopia::error::Error;
use crate::octopia::links;
use crate::octopia::lists;
use crate::octopia::members::Members;

const PAGE_SIZE: &str = "100";
const PAGES_MAX: usize = 20;
const ID: [&str; 4] = ["requestId", "gestureRequestId", "commercialGestureRequestId", "id"];
const CURRENCY: [&str; 2] = ["currency", "currencyCode"];

/// What a sales channel allows. The documents name the limits, not their spelling.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GestureConfiguration {
    /// Whether gestures are possible at all.
    pub allows_gesture: Option<bool>,
    /// The most in percent of the order's amount, as on the wire.
    pub max_rate: Option<Decimal>,
    /// The most as an amount.
    pub max_amount: Option<Decimal>,
    /// ISO 4217, of `max_amount`.
    pub currency: Option<String>,
}

/// What may still be given on an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AvailableAmounts {
    /// The most that the next gesture may be; the only one of these seen in a client.
    pub allowable: Option<Decimal>,
    /// What the limit was computed from.
    pub order_amount: Option<Decimal>,
    /// What was given before.
    pub already_given: Option<Decimal>,
    /// ISO 4217.
    pub currency: Option<String>,
}

/// Which gestures to read; the API wants at least one of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GestureQuery {
    /// Of this order.
    pub order_id: Option<String>,
    /// Changed at or after.
    pub updated_since: Option<Timestamp>,
}

/// A gesture as the marketplace tells it. Everything may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GestureRequest {
    /// The marketplace's number of the request.
    pub id: Option<String>,
    /// The order's id.
    pub order_id: Option<String>,
    /// `InProgress`, `Rejected`, `Done`, or a word that came later.
    pub status: Option<String>,
    /// `MissingProduct`, `ShippingFees`, `Other`, or another word.
    pub reason: Option<String>,
    /// In the seller's words.
    pub reason_details: Option<String>,
    /// VAT included.
    pub amount: Option<Decimal>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Why it was rejected, in the marketplace's words.
    pub errors: Vec<String>,
    /// When it was asked for.
    pub created_at: Option<Timestamp>,
    /// Its last change.
    pub updated_at: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    order_id: &'a str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_details: Option<&'a str>,
    amount: Box<RawValue>,
}

impl Client {
    /// `GET /sales-channel-commercial-gesture-configurations/{salesChannelId}`
    /// (<https://developer.octopia-io.net/api-reference/orders-management>).
    ///
    /// # Errors
    /// [`Error::Decode`] when the answer is not an object.
    pub async fn gesture_configuration(
        &self,
        sales_channel: &str,
    ) -> Result<GestureConfiguration, Error> {
        let route = ["sales-channel-commercial-gesture-configurations", sales_channel];
        let answer = self.read(self.url(&route)?).await?;
        let members = Members::of_answer(&answer.body)?;
        Ok(GestureConfiguration {
            allows_gesture: members.boolean(&["allowsGesture"]),
            max_rate: members.decimal(&["maxRate", "maximumRate", "maxAllowedRate", "rate"]),
            max_amount: members.decimal(&[
                "maxAmount",
                "maximumAmount",
                "maxAllowedAmount",
                "amount",
            ]),
            currency: members.text(&CURRENCY),
        })
    }

    /// `GET /orders/{orderId}/commercial-gestures-available-amounts`
    /// (<https://developer.octopia-io.net/api-reference/orders-management>).
    ///
    /// # Errors
    /// [`Error::Decode`] when the answer is not an object.
    pub async fn gesture_available_amounts(
        &self,
        order_id: &str,
    ) -> Result<AvailableAmounts, Error> {
        let route = ["orders", order_id, "commercial-gestures-available-amounts"];
        let answer = self.read(self.url(&route)?).await?;
        let members = Members::of_answer(&answer.body)?;
        Ok(AvailableAmounts {
            allowable: members.decimal(&["allowableAmount", "availableAmount", "allowable"]),
            order_amount: members.decimal(&["orderAmount", "orderTotalAmount"]),
            already_given: members.decimal(&["alreadyGivenAmount", "alreadyGiven", "givenAmount"]),
            currency: members.text(&CURRENCY),
        })
    }

    /// `POST /order-commercial-gesture-requests`
    /// (<https://developer.octopia-io.net/api-reference/orders-management>). Only on an order that
    /// is shipped or delivered; `reason_details` are mandatory for the reason `Other`. The id of
    /// the request, where the answer tells it; the marketplace decides later.
    ///
    /// # Errors
    /// [`Error::Unsendable`] for an amount that is not above zero or has more than two decimals;
    /// for the others see [`Error::disposition`] before sending it again.
    pub async fn give_gesture(
        &self,
        order_id: &str,
        reason: &str,
        reason_details: Option<&str>,
        amount: Decimal,
    ) -> Result<Option<String>, Error> {
        if order_id.is_empty() {
            return Err(Error::Unsendable("the order id is empty"));
        }
        let body = Body { order_id, reason, reason_details, amount: number(amount)? };
        self.write_for_id(self.url(&["order-commercial-gesture-requests"])?, &body, &ID).await
    }

    /// `GET /order-commercial-gesture-requests`
    /// (<https://developer.octopia-io.net/api-reference/orders-management>), from page to page by
    /// the `Link` header. At most twenty pages of a hundred are read.
    ///
    /// # Errors
    /// [`Error::Unsendable`] for a query that asks for nothing; [`Error::Decode`] when a page as
    /// a whole is unreadable.
    pub async fn gesture_requests(
        &self,
        query: &GestureQuery,
    ) -> Result<Vec<GestureRequest>, Error> {
        let mut url = self.url(&["order-commercial-gesture-requests"])?;
        match (&query.order_id, query.updated_since) {
            (None, None) => return Err(Error::Unsendable("neither an order nor a date")),
            (Some(id), _) if id.is_empty() => {
                return Err(Error::Unsendable("the order id is empty"));
            }
            (Some(_) | None, Some(_) | None) => {}
        }
        if let Some(id) = &query.order_id {
            url.query_pairs_mut().append_pair("orderId", id);
        }
        if let Some(date) = query.updated_since {
            url.query_pairs_mut().append_pair("updatedAtMin", &date.to_string());
        }
        url.query_pairs_mut().append_pair("limit", PAGE_SIZE);
        let mut pages = vec![url];
        let mut requests = Vec::new();
        while let Some(page) = pages.last()
            && pages.len() <= PAGES_MAX
        {
            let answer = self.read(page.clone()).await?;
            let items = lists::items(&answer.body)?;
            let objects = items.iter().filter_map(|item| Members::of(item));
            requests.extend(objects.map(|members| GestureRequest::read(&members)));
            match links::next_page(&answer.headers, page) {
                // A cursor that leads back would be read until the limit.
                Some(next) if !items.is_empty() && !pages.contains(&next) => pages.push(next),
                Some(_) | None => break,
            }
        }
        Ok(requests)
    }
}

/// The amount as a JSON number with its own digits: `serde` would write a `Decimal` as a text, and
/// a float would make `9.99` whatever is nearest.
fn number(amount: Decimal) -> Result<Box<RawValue>, Error> {
    let amount = amount.normalize();
    if amount <= Decimal::ZERO || amount.scale() > 2 {
        return Err(Error::Unsendable("the amount is not one that can be paid"));
    }
    RawValue::from_string(amount.to_string())
        .map_err(|_| Error::Unsendable("the amount is not a number"))
}

impl GestureRequest {
    fn read(members: &Members<'_>) -> Self {
        Self {
            id: members.text(&ID),
            order_id: members.text(&["orderId", "orderSellerId"]),
            status: members.text(&["status"]),
            reason: members.text(&["reason"]),
            reason_details: members.text(&["reasonDetails", "reasonDetail"]),
            amount: members.decimal(&["amount"]),
            currency: members.text(&CURRENCY),
            errors: members.complaints(),
            created_at: members.timestamp(&["createdAt"]),
            updated_at: members.timestamp(&["updatedAt"]),
        }
    }
}
