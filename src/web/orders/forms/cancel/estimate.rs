//! What a cancellation gives back, as far as the order tells. The marketplace decides; this is an estimate.

use rust_decimal::Decimal;

use crate::domain::order::Line;
use crate::web::orders::amounts;

/// Money for the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Everything.
    pub total: Decimal,
    /// What of it is for shipping.
    pub shipping: Decimal,
}

/// The refund of these lines, each with or without its shipping; none where a price is missing.
pub fn of<'a>(lines: impl IntoIterator<Item = (&'a Line, bool)>) -> Option<Estimate> {
    let mut sum = Estimate { total: Decimal::ZERO, shipping: Decimal::ZERO };
    for (line, with_shipping) in lines {
        let paid = amounts::of_pieces(line, line.selling_unit_price)?;
        // Shipping that no line tells was paid with another line (`octopia-contract` 2.4).
        let shipping = line.shipping_cost.filter(|_| with_shipping).unwrap_or_default();
        sum.shipping = sum.shipping.checked_add(shipping)?;
        sum.total = sum.total.checked_add(paid)?.checked_add(shipping)?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use crate::domain::order::Status;
    use crate::domain::order::SupplyMode;

    use super::*;

    fn line(cents: Option<i64>, shipping: Option<i64>) -> Line {
        Line {
            id: "A".to_owned(),
            status: Status::Shipped,
            supply_mode: SupplyMode::Seller,
            quantity: 2,
            offer_id: None,
            sku: None,
            title: String::new(),
            gtin: None,
            condition: None,
            offer_unit_price: None,
            selling_unit_price: cents.map(|it| Decimal::new(it, 2)),
            shipping_cost: shipping.map(|it| Decimal::new(it, 2)),
            commission: None,
            commission_rate: None,
            vat_rate: None,
            delivery_mode: None,
            promised_from: None,
            promised_to: None,
        }
    }

    #[test]
    fn all_pieces_are_paid_back_and_shipping_only_where_it_was_chosen() {
        let (with, without) = (line(Some(1_000), Some(499)), line(Some(250), Some(300)));
        let estimate = of([(&with, true), (&without, false)]).unwrap();
        assert_eq!(estimate.total, Decimal::new(2_999, 2));
        assert_eq!(estimate.shipping, Decimal::new(499, 2));
        let untold = of([(&line(Some(1), None), true)]).unwrap();
        assert_eq!(untold, Estimate { total: Decimal::new(2, 2), shipping: Decimal::ZERO });
    }

    #[test]
    fn a_missing_or_monstrous_price_makes_no_estimate() {
        assert_eq!(of([(&line(None, Some(499)), true)]), None);
        let mut monster = line(Some(1), None);
        monster.selling_unit_price = Some(Decimal::MAX);
        assert_eq!(of([(&monster, false)]), None);
    }
}
