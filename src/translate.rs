//! From the marketplace's vocabulary to ours; the only module that knows both. Nothing is guessed: what is
//! missing stays missing, and what cannot be done without is a named problem.

mod indicators;
mod requests;

use jiff::SignedDuration;
use jiff::Timestamp;
use rust_decimal::Decimal;
use url::Url;

use crate::config;

use crate::domain::address;
use crate::domain::address_rule;
use crate::domain::address_rule::Reach;
use crate::domain::address_rule::Refusal;
use crate::domain::order;
use crate::domain::trouble::Trouble;
use crate::octopia;
use crate::octopia::Disposition;
use crate::octopia::orders;

pub use indicators::indicator;
pub use requests::gesture;
pub use requests::gesture_answers;
pub use requests::reason;
pub use requests::requests;

/// Why an account has no client.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// One of its addresses may not be called.
    #[error("the address {0} may not be called: it {1}")]
    Address(Url, Refusal),
    /// The client cannot be set up.
    #[error(transparent)]
    Build(#[from] octopia::BuildError),
}

/// The marketplace, with the credentials of an account of the deployer's file, who may name any host.
pub fn client(account: &config::Account) -> Result<octopia::Client, octopia::BuildError> {
    octopia::Client::new(configuration(account))
}

/// The same for an account that may not reach any host: its addresses are judged now, and what their names
/// stand for at each connection.
pub fn client_within(
    account: &config::Account,
    reach: Reach,
) -> Result<octopia::Client, ClientError> {
    for url in [&account.base_url, &account.token_url] {
        address_rule::check(url, reach)
            .map_err(|refusal| ClientError::Address(url.clone(), refusal))?;
    }
    let configuration = configuration(account);
    Ok(match reach {
        Reach::Anywhere => octopia::Client::new(configuration)?,
        Reach::Public => octopia::Client::connecting_only(configuration, address_rule::is_public)?,
    })
}

fn configuration(account: &config::Account) -> octopia::Config {
    octopia::Config {
        base_url: account.base_url.clone(),
        token_url: account.token_url.clone(),
        client_id: account.client_id.clone(),
        client_secret: account.client_secret.clone(),
        seller_id: account.seller_id.clone(),
        requests_per_second: account.requests_per_second,
        timeout: None,
    }
}

/// The words for a failed call, and how long the marketplace asked us to wait.
pub fn trouble(error: &octopia::Error) -> (Trouble, Option<SignedDuration>) {
    let after = match error.disposition() {
        Disposition::Retry { after } => after.and_then(|it| SignedDuration::try_from(it).ok()),
        Disposition::Refused | Disposition::Unknown => None,
    };
    let trouble = match error {
        _ if error.credentials_refused() => Trouble::CredentialsRefused,
        octopia::Error::Status { status: 429, .. } => Trouble::RateLimited,
        octopia::Error::Status { status: 400..=499, .. } | octopia::Error::Unsendable(_) => {
            Trouble::Refused
        }
        octopia::Error::Decode { .. } | octopia::Error::TooLarge => Trouble::UnreadableAnswer,
        octopia::Error::TooLate => Trouble::Internal,
        octopia::Error::Connect(_)
        | octopia::Error::Timeout(_)
        | octopia::Error::Interrupted(_)
        | octopia::Error::Status { .. }
        | octopia::Error::Token(_) => Trouble::Unreachable,
    };
    (trouble, after)
}

/// Translates an order; the error says what it lacks.
pub fn order(wire: &orders::Order) -> Result<order::Order, String> {
    let created_at = wire.created_at.or(wire.purchased_at);
    let updated_at = wire.updated_at.or(created_at).ok_or("updatedAt is missing")?;
    let channel = wire.sales_channel.as_ref();
    let channel_id = channel.and_then(|it| it.id.clone()).ok_or("salesChannel.id is missing")?;
    if wire.lines.is_empty() {
        return Err("lines is empty".to_owned());
    }
    let total = wire.total_price.as_ref();
    let status = order::Status::parse(&wire.status);
    Ok(order::Order {
        id: wire.order_id.clone(),
        reference: wire.reference.clone(),
        channel_name: channel.and_then(|it| it.name.clone()).unwrap_or_else(|| channel_id.clone()),
        channel_id,
        business: wire.business_order.unwrap_or(false),
        customer_reference: wire.customer_reference.clone(),
        payment_method: wire.payment_method.clone(),
        created_at: created_at.unwrap_or(updated_at),
        updated_at,
        ship_by: ship_by(wire),
        amounts: order::Amounts {
            currency: wire.currency_code.clone().unwrap_or_else(|| "EUR".to_owned()),
            selling_total: total
                .and_then(|it| it.selling_price)
                .unwrap_or_else(|| sum_of_lines(wire)),
            offer_total: total.and_then(|it| it.offer_price),
            service_fees: wire.service_fees.iter().filter_map(service_fee).collect(),
        },
        billing: wire.billing_address.as_ref().map(address),
        // The marketplace gives it per line; the first line that tells, tells for all.
        shipping: wire
            .lines
            .iter()
            .find_map(|line| line.shipping_address.as_ref())
            .or(wire.shipping_address.as_ref())
            .map(address),
        lines: wire.lines.iter().map(|it| line(it, wire, &status)).collect(),
        parcels: parcels(wire),
        status,
    })
}

/// The order's own deadline, else the closest of its lines.
fn ship_by(wire: &orders::Order) -> Option<Timestamp> {
    let of_line = |line: &orders::Line| line.delivery.as_ref().and_then(|it| it.shipped_at_max);
    wire.shipped_at_max.or_else(|| wire.lines.iter().filter_map(of_line).min())
}

fn sum_of_lines(wire: &orders::Order) -> Decimal {
    let of_line = |line: &orders::Line| {
        let price = line.selling_price.as_ref()?;
        let pieces = Decimal::from(line.quantity.unwrap_or(1));
        let goods = price.unit_sales_price?.checked_mul(pieces)?;
        goods.checked_add(price.shipping_cost.unwrap_or_default())
    };
    wire.lines.iter().filter_map(of_line).sum()
}

fn service_fee(wire: &orders::ServiceFee) -> Option<order::ServiceFee> {
    let label = wire.label.clone().unwrap_or_default();
    Some(order::ServiceFee { label, amount: wire.amount? })
}

fn line(wire: &orders::Line, order: &orders::Order, order_status: &order::Status) -> order::Line {
    let offer = wire.offer.as_ref();
    let text = |pick: fn(&orders::Offer) -> &Option<String>| offer.and_then(|it| pick(it).clone());
    let mode = text(|it| &it.supply_mode).or_else(|| order.supply_mode.clone());
    let offer_price = wire.offer_price.as_ref();
    let selling_price = wire.selling_price.as_ref();
    let commission = offer_price.and_then(|it| it.commission.as_ref());
    let mut vat = offer_price.into_iter().chain(selling_price).flat_map(|it| &it.taxes);
    let delivery = wire.delivery.as_ref();
    order::Line {
        id: wire.order_line_id.clone(),
        status: match &wire.status {
            Some(word) => order::Status::parse(word),
            None => order_status.clone(),
        },
        supply_mode: order::SupplyMode::parse(mode.as_deref().unwrap_or_default()),
        quantity: i32::try_from(wire.quantity.unwrap_or(1)).unwrap_or(i32::MAX),
        offer_id: text(|it| &it.id),
        sku: text(|it| &it.seller_product_id),
        title: text(|it| &it.product_title).unwrap_or_default(),
        gtin: text(|it| &it.product_gtin),
        condition: text(|it| &it.condition),
        offer_unit_price: offer_price.and_then(|it| it.unit_sales_price),
        selling_unit_price: selling_price.and_then(|it| it.unit_sales_price),
        shipping_cost: selling_price.and_then(|it| it.shipping_cost),
        commission: commission.and_then(|it| it.amount_without_vat),
        // 800 means 8 % (`octopia-contract` 2.5).
        commission_rate: commission.and_then(|it| it.rate).map(|it| it / Decimal::ONE_HUNDRED),
        vat_rate: vat.find_map(|it| it.rate).map(percent),
        delivery_mode: delivery.and_then(|it| it.mode.clone()),
        promised_from: delivery.and_then(|it| it.promised_at_min),
        promised_to: delivery.and_then(|it| it.promised_at_max),
    }
}

/// The scale of tax rates is not settled: a rate over 100 must be hundredths (`octopia-contract` 2.5).
fn percent(rate: Decimal) -> Decimal {
    if rate > Decimal::ONE_HUNDRED { rate / Decimal::ONE_HUNDRED } else { rate }
}

fn parcels(wire: &orders::Order) -> Vec<order::Parcel> {
    let mut parcels: Vec<order::Parcel> = Vec::new();
    for line in &wire.lines {
        for parcel in &line.parcels {
            let Some(number) = &parcel.parcel_number else { continue };
            match parcels.iter_mut().find(|it| it.number == *number) {
                Some(known) => known.line_ids.push(line.order_line_id.clone()),
                None => parcels.push(order::Parcel {
                    number: number.clone(),
                    carrier: parcel.carrier_name.clone().unwrap_or_default(),
                    tracking_url: parcel.tracking_url.clone(),
                    line_ids: vec![line.order_line_id.clone()],
                }),
            }
        }
    }
    parcels
}

fn address(wire: &orders::Address) -> address::Address {
    let street = [&wire.address_line1, &wire.address_line2, &wire.address_line3];
    address::Address {
        civility: wire.civility.clone(),
        first_name: wire.first_name.clone(),
        last_name: wire.last_name.clone(),
        company: wire.company_name.clone(),
        company_vat_number: wire.company_vat_number.clone(),
        street: street.into_iter().flatten().cloned().collect(),
        postal_code: wire.postal_code.clone(),
        city: wire.city.clone(),
        region: wire.state_or_region.clone(),
        country: wire.country_code.clone(),
        phone: wire.phone.clone(),
        email: wire.email.clone(),
        pickup_name: wire.pickup_name.clone().or_else(|| wire.pickup_id.clone()),
    }
}
