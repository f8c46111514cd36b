//! What a simulated marketplace is started with.

use jiff::Timestamp;

use crate::readings::Readings;

/// A marketplace to simulate: who sells, how much, and how fast time works.
#[derive(Clone, Debug)]
pub struct Config {
    /// The same seed and the same `now` give the same orders.
    pub seed: u64,
    /// How many orders exist at the start, over all sellers.
    pub orders: usize,
    /// The share of those orders that still waits for somebody, in percent.
    pub open_percent: u8,
    /// Divides every delay of the marketplace, e.g. 60 makes twenty minutes last twenty seconds.
    pub speed: f64,
    /// Whether new orders arrive, customers act and warehouses ship by themselves.
    pub drip: bool,
    /// Who sells.
    pub sellers: Vec<Seller>,
    /// Where the simulated clock starts; `None` starts at the wall clock.
    pub now: Option<Timestamp>,
    /// API calls per second and seller that are served; more get 429. `None` is unlimited.
    pub rate_limit: Option<u32>,
    /// How open questions of the contract are read.
    pub readings: Readings,
    /// Tokens per hour and client; the documents say 500.
    pub token_quota: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: 1,
            orders: 0,
            open_percent: 30,
            speed: 1.0,
            drip: false,
            sellers: vec![Seller::maison(), Seller::atelier()],
            now: None,
            rate_limit: None,
            readings: Readings::default(),
            token_quota: 500,
        }
    }
}

/// One seller account of the marketplace.
#[derive(Clone, Debug)]
pub struct Seller {
    /// The short name that library verbs use, e.g. `maison`.
    pub name: String,
    /// The value of the `SellerId` header.
    pub seller_id: String,
    /// OAuth 2 client id.
    pub client_id: String,
    /// OAuth 2 client secret.
    pub client_secret: String,
    /// Whether orders are accepted without the seller, a setting of the portal.
    pub auto_accept: bool,
    /// The shop's public name.
    pub shop_name: String,
}

impl Seller {
    /// The default seller who accepts orders by hand.
    pub fn maison() -> Self {
        Self::new("maison", "98979", false, "La Maison d’Éloïse")
    }

    /// The default seller whose orders are accepted automatically.
    pub fn atelier() -> Self {
        Self::new("atelier", "98980", true, "Atelier Brørup & Fils")
    }

    /// A seller whose client id and secret are `NAME-client` and `NAME-secret`.
    pub fn new(name: &str, seller_id: &str, auto_accept: bool, shop_name: &str) -> Self {
        Self {
            name: name.to_owned(),
            seller_id: seller_id.to_owned(),
            client_id: format!("{name}-client"),
            client_secret: format!("{name}-secret"),
            auto_accept,
            shop_name: shop_name.to_owned(),
        }
    }
}
