//! Addresses, for billing and for shipping.

use serde::Serialize;

use crate::model::Order;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names on the wire")]
pub(crate) struct Address<'a> {
    civility: Option<&'a str>,
    first_name: &'a str,
    last_name: &'a str,
    company_name: Option<&'a str>,
    company_vat_number: Option<&'a str>,
    address_line1: String,
    address_line2: Option<&'a str>,
    address_line3: Option<&'a str>,
    postal_code: &'a str,
    city: &'a str,
    state_or_region: Option<&'a str>,
    country_code: &'a str,
    #[serde(flatten)]
    contact: Option<Contact<'a>>,
}

/// What only shipping addresses have.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Contact<'a> {
    phone: String,
    email: String,
    pickup_id: Option<&'a str>,
    pickup_name: Option<&'a str>,
}

impl<'a> Address<'a> {
    pub(crate) fn billing(order: &'a Order) -> Self {
        let buyer = &order.buyer;
        let (person, place) = (buyer.person, buyer.place);
        Self {
            civility: person.civility,
            first_name: person.first,
            last_name: person.last,
            company_name: buyer.company.map(|(name, _)| name),
            company_vat_number: buyer.company.map(|(_, vat)| vat),
            address_line1: street(place.country, place.street, buyer.house),
            address_line2: place.extra,
            address_line3: None,
            postal_code: place.postal_code,
            city: place.city,
            state_or_region: place.region,
            country_code: place.country,
            contact: None,
        }
    }

    pub(crate) fn shipping(order: &'a Order) -> Self {
        let buyer = &order.buyer;
        let relay = format!("{}@relay.octopia.example", buyer.number);
        let contact = Contact {
            phone: format!("{}{}", buyer.place.phone, buyer.number),
            email: relay,
            pickup_id: buyer.pickup.map(|(id, _)| id),
            pickup_name: buyer.pickup.map(|(_, name)| name),
        };
        Self { contact: Some(contact), ..Self::billing(order) }
    }
}

/// France writes the number first, most of the others last.
fn street(country: &str, street: &str, house: u16) -> String {
    match country {
        "FR" | "LU" => format!("{house} {street}"),
        "ES" | "PT" => format!("{street}, {house}"),
        _ => format!("{street} {house}"),
    }
}
