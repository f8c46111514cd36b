//! Amounts of an order: totals, prices, commission, taxes.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error as _;
use serde_json::value::RawValue;

use crate::octopia::lenient;

/// A total, at the seller's prices and at the customer's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Total {
    /// At the seller's prices.
    #[serde(deserialize_with = "lenient::decimal")]
    pub offer_price: Option<Decimal>,
    /// At the customer's prices, VAT included.
    #[serde(deserialize_with = "lenient::decimal")]
    pub selling_price: Option<Decimal>,
}

/// The price of a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct UnitPrice {
    /// For one piece, VAT included.
    #[serde(deserialize_with = "lenient::decimal")]
    pub unit_sales_price: Option<Decimal>,
    /// For the line, VAT included.
    #[serde(deserialize_with = "lenient::decimal")]
    pub shipping_cost: Option<Decimal>,
    /// On the seller's price only.
    pub commission: Option<Commission>,
    /// The amount may be 0 beside the declared rate.
    #[serde(deserialize_with = "lenient::list")]
    pub taxes: Vec<Tax>,
}

/// What the marketplace takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Commission {
    /// For the whole line.
    #[serde(deserialize_with = "lenient::decimal")]
    pub amount_with_vat: Option<Decimal>,
    /// For the whole line.
    #[serde(deserialize_with = "lenient::decimal")]
    pub amount_without_vat: Option<Decimal>,
    /// In hundredths of a percent: 800 is 8 %.
    #[serde(deserialize_with = "lenient::decimal")]
    pub rate: Option<Decimal>,
}

/// A tax within a price.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Tax {
    /// Such as `VAT`.
    #[serde(deserialize_with = "lenient::text")]
    pub code: Option<String>,
    /// What is taxed, in the marketplace's word.
    #[serde(deserialize_with = "lenient::text")]
    pub target: Option<String>,
    /// 0 where the marketplace does not compute it.
    #[serde(deserialize_with = "lenient::decimal")]
    pub amount: Option<Decimal>,
    /// As declared; percent or hundredths of it, the documents do not say.
    #[serde(deserialize_with = "lenient::decimal")]
    pub rate: Option<Decimal>,
}

/// `totalPrice` has been seen as a plain number in older answers: then it is what was paid.
pub(super) fn total<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Total>, D::Error> {
    let raw = Box::<RawValue>::deserialize(from)?;
    if raw.get().starts_with(['{', 'n']) {
        let total = lenient::decode::<Option<Total>>(raw.get());
        return total.map_err(|(path, cause)| D::Error::custom(format!("{path}: {cause}")));
    }
    let selling_price = lenient::decimal(&*raw).map_err(D::Error::custom)?;
    Ok(Some(Total { offer_price: None, selling_price }))
}
