use proptest::prelude::*;

use super::*;
use crate::domain::order::Amounts;
use crate::domain::order::ServiceFee;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;

fn line(quantity: i32, offer: Option<Decimal>, selling: Option<Decimal>) -> Line {
    Line {
        id: "AY01".to_owned(),
        status: Status::InPreparation,
        supply_mode: SupplyMode::Seller,
        quantity,
        offer_id: None,
        sku: None,
        title: String::new(),
        gtin: None,
        condition: None,
        offer_unit_price: offer,
        selling_unit_price: selling,
        shipping_cost: None,
        commission: None,
        commission_rate: None,
        vat_rate: None,
        delivery_mode: None,
        promised_from: None,
        promised_to: None,
    }
}

fn order(lines: Vec<Line>, total: Decimal, fees: Vec<Decimal>) -> Order {
    let fee = |amount| ServiceFee { label: "4 fois".to_owned(), amount };
    Order {
        id: "A-1".to_owned(),
        reference: None,
        channel_id: "CDISFR".to_owned(),
        channel_name: "Cdiscount".to_owned(),
        business: false,
        status: Status::InPreparation,
        customer_reference: None,
        payment_method: None,
        created_at: jiff::Timestamp::UNIX_EPOCH,
        updated_at: jiff::Timestamp::UNIX_EPOCH,
        ship_by: None,
        amounts: Amounts {
            currency: "EUR".to_owned(),
            selling_total: total,
            offer_total: None,
            service_fees: fees.into_iter().map(fee).collect(),
        },
        billing: None,
        shipping: None,
        lines,
        parcels: Vec::new(),
    }
}

fn cents(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

fn the_order_of_the_design(total: i64) -> Order {
    let prices = [(2, 18_990, 16_990), (1, 9_450, 9_450), (3, 3_990, 3_990), (1, 15_900, 14_900)];
    let mut lines: Vec<_> = prices
        .map(|(pieces, offer, paid)| line(pieces, Some(cents(offer)), Some(cents(paid))))
        .into();
    lines[0].shipping_cost = Some(cents(1_490));
    lines[1].commission = Some(cents(700));
    order(lines, cents(total), vec![cents(873)])
}

#[test]
fn products_discounts_and_shipping_add_up() {
    let sums = sums(&the_order_of_the_design(71_790));
    assert_eq!(sums.offer, Some(cents(75_300)));
    assert_eq!(sums.selling, Some(cents(70_300)));
    assert_eq!(sums.shipping, Some(cents(1_490)));
    assert_eq!(sums.commission, Some(cents(700)));
    assert_eq!(sums.total, Total::Lines);
}

#[test]
fn service_fees_may_be_inside_of_the_total_and_anything_else_is_flagged() {
    assert_eq!(sums(&the_order_of_the_design(72_663)).total, Total::LinesAndFees);
    assert_eq!(sums(&the_order_of_the_design(71_791)).total, Total::Off(cents(1)));
    let view = view(Lang::En, &the_order_of_the_design(70_000));
    let words =
        "The lines do not add up to the marketplace’s total: the difference is −17,90\u{a0}€.";
    assert_eq!(view.warning.as_deref(), Some(words));
}

#[test]
fn a_missing_price_is_not_a_price_of_nothing() {
    let order = order(vec![line(1, None, None)], cents(100), Vec::new());
    assert_eq!(sums(&order).selling, None);
    assert_eq!(sums(&order).total, Total::Unknown);
    assert!(view(Lang::Fr, &order).warning.is_some());
}

fn any_price() -> impl Strategy<Value = Option<Decimal>> {
    let any = (any::<i64>(), 0_u32..20).prop_map(|(digits, scale)| Decimal::new(digits, scale));
    let huge = Just(Decimal::MAX);
    prop_oneof![8 => any.prop_map(Some), 1 => huge.prop_map(Some), 1 => Just(None)]
}

proptest! {
    #[test]
    fn what_is_added_up_is_told_right_and_nothing_ever_panics(
        prices in proptest::collection::vec((0_i64..200_000, 0_i64..200_000, 0_i64..2_000, 1..9), 1..9),
        off in -5_i64..5,
    ) {
        let lines = prices.iter().map(|(offer, selling, shipping, pieces)| Line {
            shipping_cost: Some(cents(*shipping)),
            ..line(*pieces, Some(cents(*offer)), Some(cents(*selling)))
        });
        let sum: i64 = prices.iter().map(|(_, paid, ship, n)| paid * i64::from(*n) + ship).sum();
        let sums = sums(&order(lines.collect(), cents(sum + off), Vec::new()));
        let told = if off == 0 { Total::Lines } else { Total::Off(cents(off)) };
        prop_assert_eq!(sums.total, told);
        prop_assert_eq!(sums.selling.unwrap() + sums.shipping.unwrap(), cents(sum));
    }

    #[test]
    fn amounts_beyond_any_number_are_unknown(
        prices in proptest::collection::vec((any_price(), any_price(), any::<i32>()), 0..6),
        total in any_price(),
    ) {
        let lines = prices.into_iter().map(|(offer, paid, pieces)| line(pieces, offer, paid));
        let order = order(lines.collect(), total.unwrap_or_default(), vec![Decimal::MAX]);
        view(Lang::Fr, &order);
    }
}
