//! The orders that a world begins with.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::clock::at;
use crate::domain::channel::CDISCOUNT;
use crate::domain::channel::Channel;
use crate::domain::channel::Rules;
use crate::domain::order::Amounts;
use crate::domain::order::Line;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::mirror;
use crate::people::offer_of;
use crate::sold::Sold;
use crate::world::World;

/// A channel where everything is allowed.
const FREE: Rules = Rules {
    acceptance: false,
    partial_shipment: true,
    several_parcels: true,
    line_in_several_parcels: true,
    ships_cancel_requests: false,
    partial_cancellation: true,
    gestures: Some(true),
    invoices: true,
};

impl World<'_> {
    /// Somebody has bought something.
    pub fn sell(&mut self, index: usize) {
        let cdiscount = self.random.chance(50_000);
        let acceptance = [Status::WaitingAcceptance, Status::InPreparation, Status::Shipped];
        let status =
            self.random.pick(if cdiscount { &acceptance } else { &acceptance[1..] }).clone();
        let lines = 1 + self.random.index(3);
        let order = order(index, cdiscount, &status, lines);
        let (id, name) = (order.channel_id.clone(), order.channel_name.clone());
        let rules = if cdiscount { Rules::CDISCOUNT } else { FREE };
        self.channels.push(Channel { id, name, rules });
        self.database.mirror.push(mirror::mirrored(&order));
        let mut sold = Sold {
            cdiscount,
            repeats: !self.random.chance(self.environment.forgetful),
            record_per_line: self.random.chance(50_000),
            order,
            requests: Vec::new(),
            made: Vec::new(),
            history: Vec::new(),
        };
        sold.changed(0);
        self.note("sells", index, || format!("{status:?}, {lines} lines, cdiscount: {cdiscount}"));
        self.marketplace.orders.push(sold);
    }
}

fn order(index: usize, cdiscount: bool, status: &Status, lines: usize) -> Order {
    let (channel_id, channel_name) =
        if cdiscount { (CDISCOUNT, "Cdiscount") } else { ("WORTEN", "Worten") };
    Order {
        id: format!("O-{index}"),
        reference: None,
        channel_id: channel_id.to_owned(),
        channel_name: channel_name.to_owned(),
        business: false,
        status: status.clone(),
        customer_reference: None,
        payment_method: None,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: at(0),
        ship_by: None,
        amounts: Amounts {
            currency: "EUR".to_owned(),
            selling_total: Decimal::ONE_HUNDRED,
            offer_total: None,
            service_fees: Vec::new(),
        },
        billing: None,
        shipping: None,
        lines: (0..lines).map(|it| line(format!("L{it}"), status)).collect(),
        parcels: Vec::new(),
    }
}

fn line(id: String, status: &Status) -> Line {
    Line {
        offer_id: Some(offer_of(&id)),
        id,
        status: status.clone(),
        supply_mode: SupplyMode::Seller,
        quantity: 1,
        sku: None,
        title: String::new(),
        gtin: None,
        condition: None,
        offer_unit_price: None,
        selling_unit_price: None,
        shipping_cost: None,
        commission: None,
        commission_rate: None,
        vat_rate: None,
        delivery_mode: None,
        promised_from: None,
        promised_to: None,
    }
}
