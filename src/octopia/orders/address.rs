//! Addresses: where the bill and the goods go.

use serde::Deserialize;

use crate::octopia::lenient;

/// A postal address; phone, e-mail and pickup point only where goods are sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(missing_docs, reason = "the marketplace's own names say it")]
pub struct Address {
    #[serde(deserialize_with = "lenient::text")]
    pub civility: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub first_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub last_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub company_name: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub company_vat_number: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub address_line1: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub address_line2: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub address_line3: Option<String>,
    #[serde(deserialize_with = "lenient::text_but_none")]
    pub postal_code: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub city: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub state_or_region: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub country_code: Option<String>,
    #[serde(deserialize_with = "lenient::text_but_none")]
    pub phone: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub email: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub pickup_id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    pub pickup_name: Option<String>,
}
