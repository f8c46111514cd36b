//! The customer and the addresses, or why they are not shown.

use crate::domain::address::Address;
use crate::domain::operator::Permission;
use crate::domain::order::SupplyMode;
use crate::web::orders::Desk;

/// The customer.
#[derive(Debug)]
pub enum Customer {
    /// The role does not include personal data, in words.
    Hidden(&'static str),
    /// It was taken out of the order, in words.
    Removed(String),
    /// What the marketplace gives.
    Known(Box<Known>),
}

/// What is known of a customer.
#[derive(Debug)]
pub struct Known {
    /// Where the parcel goes, line by line, or why that is not known.
    pub ship_to: Result<Vec<String>, &'static str>,
    /// Where the bill goes.
    pub bill_to: Vec<String>,
    /// The company's VAT number.
    pub vat: Option<String>,
    /// The words and the link of a telephone number.
    pub phone: Option<Contact>,
    /// The words and the link of an e-mail address.
    pub email: Option<Contact>,
    /// The marketplace's number for the customer.
    pub reference: Option<String>,
}

/// A way to reach the customer.
#[derive(Debug)]
pub struct Contact {
    /// As given.
    pub text: String,
    /// A `tel:` or `mailto:` address, if the text is what it should be.
    pub href: Option<String>,
}

/// The customer of an order, as far as its reader may know.
pub fn customer(desk: &Desk) -> Customer {
    let lang = desk.lang();
    if !desk.operator.role.may(Permission::SeePersonalData) {
        return Customer::Hidden(lang.customer_hidden());
    }
    if let Some(removal) = desk.removal {
        let at = desk.reader.day_time(removal.at).text;
        return Customer::Removed(lang.customer_removed(&at, removal.after_days));
    }
    let order = desk.order();
    let shipping = order.shipping.as_ref();
    let ours = order.supply_mode() == SupplyMode::Seller;
    let bill_to = order.billing.as_ref();
    Customer::Known(Box::new(Known {
        ship_to: shipping.map(lines).ok_or(lang.no_address(&order.status, ours)),
        bill_to: bill_to.map(lines).unwrap_or_default(),
        vat: bill_to.and_then(|it| it.company_vat_number.clone()),
        phone: shipping.and_then(|it| it.phone.clone()).map(phone),
        email: shipping.and_then(|it| it.email.clone()).map(email),
        reference: order.customer_reference.clone(),
    }))
}

/// An address, one line each: who, where, and the country.
pub fn lines(address: &Address) -> Vec<String> {
    let words = |parts: &[&Option<String>]| {
        let parts = parts.iter().filter_map(|it| it.as_deref());
        parts.collect::<Vec<_>>().join(" ")
    };
    let Address { civility, first_name, last_name, company, pickup_name, .. } = address;
    let mut lines = vec![
        company.clone().unwrap_or_default(),
        words(&[civility, first_name, last_name]),
        pickup_name.clone().unwrap_or_default(),
    ];
    lines.extend(address.street.iter().cloned());
    lines.push(words(&[&address.postal_code, &address.city]));
    lines.push(address.region.clone().unwrap_or_default());
    lines.push(address.country.clone().unwrap_or_default());
    lines.retain(|line| !line.trim().is_empty());
    // A pick-up point's name is often its first line of address as well.
    lines.dedup();
    lines
}

fn phone(text: String) -> Contact {
    let punctuation = |c: char| c.is_whitespace() || ".-/()+".contains(c);
    let plausible = text.chars().all(|c| c.is_ascii_digit() || punctuation(c));
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let href = (plausible && digits.len() >= 3).then(|| format!("tel:{digits}"));
    Contact { text, href }
}

fn email(text: String) -> Contact {
    let plain = |c: char| c.is_ascii_alphanumeric() || "@.-_".contains(c);
    let plausible = text.chars().all(plain) && text.matches('@').count() == 1;
    let href = plausible.then(|| format!("mailto:{text}"));
    Contact { text, href }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_a_number_or_an_address_becomes_a_link() {
        assert_eq!(phone("+33 6 12.34-56".to_owned()).href.as_deref(), Some("tel:+336123456"));
        assert_eq!(phone("javascript:1".to_owned()).href, None);
        assert_eq!(phone("ask".to_owned()).href, None);
        let good = "7h2k9@clemail.example".to_owned();
        assert_eq!(email(good).href.as_deref(), Some("mailto:7h2k9@clemail.example"));
        assert_eq!(email("a@b.example?cc=c@d.example".to_owned()).href, None);
        assert_eq!(email("nobody".to_owned()).href, None);
    }
}
