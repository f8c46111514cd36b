//! The seller's own record: account, subscriptions, performance indicators.
//!
//! These routes spell their fields in snake case, partly in kebab case by an older page, and some
//! spellings were never published: names are brought to one form before they are read.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Map;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::octopia::client::Client;
use crate::octopia::error::Error;
use crate::octopia::lenient;
use crate::octopia::lists;

/// The seller account behind the credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Seller {
    /// The number that goes into the `SellerId` header.
    #[serde(deserialize_with = "lenient::text")]
    pub seller_id: Option<String>,
    /// The name at the seller portal.
    #[serde(deserialize_with = "lenient::text")]
    pub login: Option<String>,
    /// The name that buyers see.
    #[serde(deserialize_with = "lenient::text")]
    pub shop_name: Option<String>,
    /// `Activated`, `Deactivated`, `PutOnNotice`.
    #[serde(deserialize_with = "lenient::text")]
    pub seller_state: Option<String>,
    /// `ActiveSeller`, `Holidays`, `BannedSeller`.
    #[serde(deserialize_with = "lenient::text")]
    pub seller_sub_state: Option<String>,
    /// `FirstConnection`, `BankReferences`, `ValidatingSubscription`, `Finished`.
    #[serde(deserialize_with = "lenient::text")]
    pub subscription_step: Option<String>,
    /// Whether orders are accepted without asking the seller.
    #[serde(deserialize_with = "lenient::boolean")]
    pub auto_accept_order: Option<bool>,
}

/// A sales channel that the seller sells on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Subscription {
    /// The subscription's own number.
    #[serde(deserialize_with = "lenient::text")]
    pub subscription_id: Option<String>,
    /// Such as `CDISFR`.
    #[serde(deserialize_with = "lenient::text")]
    pub sales_channel_id: Option<String>,
    /// The marketplace's word.
    #[serde(deserialize_with = "lenient::text")]
    pub status: Option<String>,
    /// ISO 4217.
    #[serde(deserialize_with = "lenient::text")]
    pub offer_submission_currency: Option<String>,
    /// ISO 4217.
    #[serde(deserialize_with = "lenient::text")]
    pub seller_payment_currency: Option<String>,
}

/// One performance indicator, with its last 30, 60 and 365 days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Indicator {
    /// Its name in the answer: `order_acceptation`, `product_shipping`, `deadline_compliance`,
    /// `order_claims`, `order_refunds`, or one that came later.
    #[serde(skip)]
    pub name: String,
    /// The marketplace's description.
    #[serde(deserialize_with = "lenient::text")]
    pub description: Option<String>,
    /// Value of the last 30 days; the unit is the marketplace's.
    #[serde(deserialize_with = "lenient::decimal")]
    pub value_d30: Option<Decimal>,
    /// Value of the last 60 days.
    #[serde(deserialize_with = "lenient::decimal")]
    pub value_d60: Option<Decimal>,
    /// Value of the last 365 days.
    #[serde(deserialize_with = "lenient::decimal")]
    pub value_d365: Option<Decimal>,
    /// The limit to keep; "treshold" on the wire.
    #[serde(alias = "treshold", deserialize_with = "lenient::decimal")]
    pub threshold: Option<Decimal>,
    /// `TresholdMin` (stay above) or `TresholdMax` (stay below), as on the wire.
    #[serde(alias = "treshold_type", deserialize_with = "lenient::text")]
    pub threshold_type: Option<String>,
    /// Whether the last 30 days keep the limit.
    #[serde(deserialize_with = "lenient::boolean")]
    pub compliant_d30: Option<bool>,
    /// Whether the last 60 days keep the limit.
    #[serde(deserialize_with = "lenient::boolean")]
    pub compliant_d60: Option<bool>,
    /// Whether the last 365 days keep the limit.
    #[serde(deserialize_with = "lenient::boolean")]
    pub compliant_d365: Option<bool>,
    /// When the marketplace computed it.
    #[serde(deserialize_with = "lenient::timestamp")]
    pub computation_date: Option<Timestamp>,
}

impl Client {
    /// `GET /sellers` (<https://developer.octopia-io.net/?p=559>): one seller, in practice.
    ///
    /// # Errors
    /// [`Error::Decode`] when the answer is not what the page says.
    pub async fn sellers(&self) -> Result<Vec<Seller>, Error> {
        let answer = self.read(self.url(&["sellers"])?).await?;
        lists::one_or_many(&answer.body)?.into_iter().map(record).collect()
    }

    /// `GET /sellers/subscriptions` (<https://developer.octopia-io.net/seller/vendor-feature-v2>).
    ///
    /// # Errors
    /// [`Error::Decode`] when the answer is not what the page says.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, Error> {
        let answer = self.read(self.url(&["sellers", "subscriptions"])?).await?;
        lists::one_or_many(&answer.body)?.into_iter().map(record).collect()
    }

    /// `GET /sellers/indicators` (<https://developer.octopia-io.net/seller/vendor-feature-v2>):
    /// every member that is an object, known by name or not.
    ///
    /// # Errors
    /// [`Error::Decode`] when the answer is not what the page says.
    pub async fn indicators(&self) -> Result<Vec<Indicator>, Error> {
        let answer = self.read(self.url(&["sellers", "indicators"])?).await?;
        let mut indicators = Vec::new();
        for whole in lists::one_or_many(&answer.body)? {
            for (name, member) in members(whole)? {
                if member.is_object() {
                    let name = name.clone();
                    let indicator: Indicator = typed(member, &name)?;
                    indicators.push(Indicator { name, ..indicator });
                }
            }
        }
        Ok(indicators)
    }
}

fn record<T: DeserializeOwned>(raw: &RawValue) -> Result<T, Error> {
    typed(Value::Object(members(raw)?), "$")
}

fn members(raw: &RawValue) -> Result<Map<String, Value>, Error> {
    match snake_names(lists::parse(raw.get(), "$")?) {
        Value::Object(members) => Ok(members),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(lists::unreadable("$", "expected an object"))
        }
    }
}

fn typed<T: DeserializeOwned>(value: Value, path: &str) -> Result<T, Error> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        lists::unreadable(&format!("{path}.{}", error.path()), &lenient::cause(error.inner()))
    })
}

/// `sellerId` and `seller-id` become `seller_id`, one level deep in each object.
fn snake_names(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (snake(&name), snake_names(value))).collect()
        }
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)) => other,
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.push(if character == '-' { '_' } else { character.to_ascii_lowercase() });
    }
    snake
}
