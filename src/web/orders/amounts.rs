//! What an order costs, added up, and whether that is what the marketplace says.
//!
//! Whether an order's total holds the service fees, and shipping once or per line, is told differently by
//! different clients of the API (`octopia-contract` 2.4), so both readings are right here; a third one is
//! flagged, and blocks nothing.

use rust_decimal::Decimal;

use crate::domain::order::Line;
use crate::domain::order::Order;
use crate::web::format;
use crate::web::text::Lang;

/// The sums of an order's lines. None where a price is missing, or where a sum is beyond any number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    /// The products, at the seller's prices.
    pub offer: Option<Decimal>,
    /// The products, at the customer's prices.
    pub selling: Option<Decimal>,
    /// What the customer paid for shipping.
    pub shipping: Option<Decimal>,
    /// The marketplace's commission, without VAT; none when no line tells.
    pub commission: Option<Decimal>,
    /// How the total relates to the lines.
    pub total: Total,
}

/// How the marketplace's total relates to the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Products and shipping.
    Lines,
    /// Products, shipping and service fees.
    LinesAndFees,
    /// Neither: so much more (or less) than products and shipping.
    Off(Decimal),
    /// The lines cannot be added up.
    Unknown,
}

/// Adds up an order.
pub fn sums(order: &Order) -> Sums {
    let lines = &order.lines;
    let selling = total(lines.iter().map(|line| of_pieces(line, line.selling_unit_price)));
    let shipping = total(lines.iter().map(|line| Some(line.shipping_cost.unwrap_or_default())));
    let fees = total(order.amounts.service_fees.iter().map(|fee| Some(fee.amount)));
    let told = lines.iter().filter(|line| line.commission.is_some());
    let commission = (told.clone().count() > 0).then(|| total(told.map(|line| line.commission)));
    Sums {
        offer: total(lines.iter().map(|line| of_pieces(line, line.offer_unit_price))),
        selling,
        shipping,
        commission: commission.flatten(),
        total: compare(order.amounts.selling_total, selling, shipping, fees),
    }
}

/// The price of all pieces of a line.
pub fn of_pieces(line: &Line, unit: Option<Decimal>) -> Option<Decimal> {
    unit?.checked_mul(Decimal::from(line.quantity))
}

fn total(mut amounts: impl Iterator<Item = Option<Decimal>>) -> Option<Decimal> {
    amounts.try_fold(Decimal::ZERO, |sum, amount| sum.checked_add(amount?))
}

fn compare(
    total: Decimal,
    selling: Option<Decimal>,
    shipping: Option<Decimal>,
    fees: Option<Decimal>,
) -> Total {
    let sum = selling.zip(shipping).and_then(|(a, b)| a.checked_add(b));
    let Some(sum) = sum else { return Total::Unknown };
    if sum == total {
        return Total::Lines;
    }
    if fees.and_then(|fees| sum.checked_add(fees)) == Some(total) {
        return Total::LinesAndFees;
    }
    total.checked_sub(sum).map_or(Total::Unknown, Total::Off)
}

/// The sums, ready to print.
#[derive(Debug)]
pub struct AmountsView {
    /// Above the total: a label, a note and an amount.
    pub above: Vec<Amount>,
    /// The total.
    pub paid: String,
    /// Below the total.
    pub below: Vec<Amount>,
    /// What does not add up.
    pub warning: Option<String>,
    /// `EUR, VAT included`.
    pub note: String,
}

/// One amount.
#[derive(Debug)]
pub struct Amount {
    /// What it is.
    pub label: &'static str,
    /// The channel's words for it.
    pub note: String,
    /// How much.
    pub text: String,
}

/// Puts the sums into words.
pub fn view(lang: Lang, order: &Order) -> AmountsView {
    let sums = sums(order);
    let amounts = &order.amounts;
    let money = |amount| format::money(amount, &amounts.currency);
    let row = |label, amount| Amount { label, note: String::new(), text: money(amount) };
    let discount = sums.offer.zip(sums.selling).and_then(|(offer, paid)| paid.checked_sub(offer));
    let mut above = Vec::new();
    match (sums.offer, sums.selling, discount) {
        (Some(offer), _, Some(discount)) => {
            above.push(row(lang.amount_offer(), offer));
            if !discount.is_zero() {
                above.push(row(lang.amount_discounts(), discount));
            }
        }
        (_, Some(selling), _) => above.push(row(lang.amount_products(), selling)),
        _ => {}
    }
    above.extend(sums.shipping.map(|it| row(lang.amount_shipping(), it)));
    let inside = sums.total == Total::LinesAndFees;
    let label = if inside { lang.amount_fee() } else { lang.amount_fee_kept() };
    let fees = amounts.service_fees.iter().map(|fee| Amount {
        label,
        note: fee.label.clone(),
        text: money(fee.amount),
    });
    let mut below = Vec::new();
    if inside { &mut above } else { &mut below }.extend(fees);
    below.extend(sums.commission.map(|it| row(lang.amount_commission(), it)));
    AmountsView {
        above,
        paid: money(amounts.selling_total),
        below,
        warning: match sums.total {
            Total::Lines | Total::LinesAndFees => None,
            Total::Off(difference) => Some(lang.amount_mismatch(money(difference))),
            Total::Unknown => Some(lang.amount_unknown().to_owned()),
        },
        note: lang.amounts_note(&amounts.currency),
    }
}

#[cfg(test)]
mod tests;
