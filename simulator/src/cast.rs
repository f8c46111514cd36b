//! The cast: sample people, places and products, made up or common knowledge.

pub(crate) mod people;
pub(crate) mod products;

/// A customer's name.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) civility: Option<&'static str>,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) country: &'static str,
}

/// A place with a street; house numbers are added per order.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) country: &'static str,
    pub(crate) street: &'static str,
    pub(crate) extra: Option<&'static str>,
    pub(crate) postal_code: &'static str,
    pub(crate) city: &'static str,
    pub(crate) region: Option<&'static str>,
    pub(crate) phone: &'static str,
}

/// Something that is sold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Product {
    pub(crate) title: &'static str,
    pub(crate) sku: &'static str,
    pub(crate) gtin: Option<&'static str>,
    /// Cents, VAT included.
    pub(crate) price: i64,
    /// Hundredths of a percent: 800 is 8 %.
    pub(crate) commission: i64,
    /// Percent, as declared with the offer.
    pub(crate) vat: &'static str,
    pub(crate) delivery: &'static str,
    pub(crate) condition: &'static str,
}
