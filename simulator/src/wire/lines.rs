//! The lines of an order, with their prices, offer, delivery and parcels.

use serde::Serialize;
use serde_json::Value;
use serde_json::json;

use crate::model::Line;
use crate::model::Order;
use crate::model::Parcel;
use crate::model::Status;
use crate::model::SupplyMode;
use crate::wire::Address;
use crate::wire::Prices;
use crate::wire::Style;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireLine<'a> {
    order_line_id: &'a str,
    status: &'static str,
    quantity: u32,
    total_price: Prices,
    offer_price: OfferPrice,
    selling_price: SellingPrice,
    offer: Offer<'a>,
    delivery: Delivery,
    /// Left out before `InPreparation`, and for warehouses until they have shipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_address: Option<Address<'a>>,
    parcels: Vec<WireParcel<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OfferPrice {
    unit_sales_price: Value,
    shipping_cost: Value,
    commission: Commission,
    taxes: Vec<Tax>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Commission {
    amount_with_vat: Value,
    amount_without_vat: Value,
    rate: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SellingPrice {
    unit_sales_price: Value,
    shipping_cost: Value,
    taxes: Vec<Tax>,
}

#[derive(Clone, Serialize)]
struct Tax {
    code: &'static str,
    target: &'static str,
    amount: u8,
    rate: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offer<'a> {
    id: String,
    seller_product_id: &'a str,
    supply_mode: &'static str,
    product_id: String,
    product_title: &'a str,
    product_gtin: Option<&'a str>,
    condition: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    mode: &'static str,
    promised_at_min: String,
    promised_at_max: String,
    shipped_at_max: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireParcel<'a> {
    parcel_number: &'a str,
    carrier_name: &'a str,
    tracking_url: Option<&'a str>,
}

impl Line {
    /// The seller's price for the line, shipping included, in cents.
    pub(crate) fn offered(&self) -> i64 {
        self.offer_unit * i64::from(self.quantity) + self.shipping
    }

    /// The id of the seller's offer.
    pub(crate) fn offer_id(&self) -> String {
        format!("OF-{}", self.product.sku)
    }

    /// Whole line; the base is the price for all pieces plus the shipping the buyer paid.
    fn commission(&self) -> i64 {
        self.paid() * self.product.commission / 10_000
    }
}

impl<'a> WireLine<'a> {
    pub(crate) fn of(order: &'a Order, line: &'a Line, style: Style) -> Self {
        let pieces = i64::from(line.quantity);
        let inside = style.readings.line_totals_with_shipping;
        let shipping = if inside { line.shipping } else { 0 };
        Self {
            order_line_id: &line.id,
            status: line.status.as_str(),
            quantity: line.quantity,
            total_price: Prices {
                offer_price: style.money(line.offer_unit * pieces + shipping),
                selling_price: style.money(line.selling_unit * pieces + shipping),
            },
            offer_price: OfferPrice {
                unit_sales_price: style.money(line.offer_unit),
                shipping_cost: style.money(line.shipping),
                commission: Commission {
                    amount_with_vat: style.money(line.commission() * 120 / 100),
                    amount_without_vat: style.money(line.commission()),
                    rate: line.product.commission,
                },
                taxes: vec![tax(line)],
            },
            selling_price: SellingPrice {
                unit_sales_price: style.money(line.selling_unit),
                shipping_cost: style.money(line.shipping),
                taxes: vec![tax(line)],
            },
            offer: offer(line),
            delivery: delivery(order, line, style),
            shipping_address: is_address_shown(order, line).then(|| Address::shipping(order)),
            parcels: line.parcels.iter().map(parcel).collect(),
        }
    }
}

/// "Shipping addresses for Fulfillment orders are hidden until shipment."
fn is_address_shown(order: &Order, line: &Line) -> bool {
    let gone = matches!(line.status, Status::Shipped | Status::Delivered);
    match line.supply_mode {
        SupplyMode::Seller | SupplyMode::Xdock => order.was_prepared(),
        SupplyMode::Fulfillment => gone,
    }
}

/// The platform shows the declared rate and leaves the amount at 0.
fn tax(line: &Line) -> Tax {
    let rate = line.product.vat.parse().map_or(Value::Null, |rate: f64| json!(rate));
    Tax { code: "VAT", target: "Product", amount: 0, rate }
}

fn offer(line: &Line) -> Offer<'_> {
    let product = line.product;
    Offer {
        id: line.offer_id(),
        seller_product_id: product.sku,
        supply_mode: line.supply_mode.as_str(),
        product_id: format!("AUC{}", product.sku.replace('-', "")),
        product_title: product.title,
        product_gtin: product.gtin,
        condition: product.condition,
    }
}

fn delivery(order: &Order, line: &Line, style: Style) -> Delivery {
    let day = jiff::SignedDuration::from_hours(24);
    Delivery {
        mode: line.delivery,
        promised_at_min: style.date(order.ship_by + day * 2),
        promised_at_max: style.date(order.ship_by + day * 5),
        shipped_at_max: style.date(order.ship_by),
    }
}

fn parcel(parcel: &Parcel) -> WireParcel<'_> {
    WireParcel {
        parcel_number: &parcel.number,
        carrier_name: &parcel.carrier,
        tracking_url: parcel.url.as_deref(),
    }
}
