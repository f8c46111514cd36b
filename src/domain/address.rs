//! Where people and companies live.

use serde::Deserialize;
use serde::Serialize;

/// A postal address. Which parts are filled varies by channel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Mr, Mrs, in the marketplace's words.
    pub civility: Option<String>,
    /// The given name.
    pub first_name: Option<String>,
    /// The family name.
    pub last_name: Option<String>,
    /// For business orders.
    pub company: Option<String>,
    /// For business orders.
    pub company_vat_number: Option<String>,
    /// Up to three lines: street, building, floor.
    pub street: Vec<String>,
    /// The postcode.
    pub postal_code: Option<String>,
    /// The town.
    pub city: Option<String>,
    /// The state or region, where the country has such.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Given for shipping only.
    pub phone: Option<String>,
    /// Given for shipping only; usually a relay address.
    pub email: Option<String>,
    /// The pick-up point's name, when the parcel goes to one.
    pub pickup_name: Option<String>,
}

impl Address {
    /// The name to show in a list: the company's, else the person's.
    pub fn name(&self) -> Option<String> {
        if self.company.is_some() {
            return self.company.clone();
        }
        let parts = [&self.civility, &self.first_name, &self.last_name];
        let name = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
        (!name.is_empty()).then_some(name)
    }
}
