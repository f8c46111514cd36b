//! Spoiling the JSON of orders: the faults of content.

use serde_json::Value;
use serde_json::json;

use crate::faults::FaultKind;

/// The orders within an answer that the fault is for: one, or all, or the first.
pub(crate) fn targets<'a>(
    body: &'a mut Value,
    kind: &FaultKind,
    order: Option<&str>,
) -> Vec<&'a mut Value> {
    let all: Vec<&mut Value> =
        if body.get("orderId").is_some() { vec![body] } else { list(body).iter_mut().collect() };
    let first_only = *kind == FaultKind::MalformedOrder;
    match order {
        Some(id) => all.into_iter().filter(|item| item["orderId"] == id).collect(),
        None if first_only => all.into_iter().take(1).collect(),
        None => all,
    }
}

/// The items of a list, however it is wrapped.
fn list(body: &mut Value) -> &mut [Value] {
    let wrapped = ["items", "data"].into_iter().find(|key| body.get(key).is_some());
    let list = match wrapped {
        Some(key) => &mut body[key],
        None => body,
    };
    list.as_array_mut().map_or(&mut [], Vec::as_mut_slice)
}

/// Applies a fault of content to one order.
pub(crate) fn spoil(order: &mut Value, kind: &FaultKind) {
    if *kind == FaultKind::MalformedOrder {
        order["lines"] = json!("oops");
    } else if *kind == FaultKind::UnknownEnum {
        order["status"] = json!("AwaitingStardust");
        order["payment"]["method"] = json!("Barter");
        each_line(order, |line| {
            line["status"] = json!("HalfShipped");
            line["offer"]["supplyMode"] = json!("Drone");
            line["offer"]["condition"] = json!("Haunted");
            line["delivery"]["mode"] = json!("TeleportedHomeDelivery");
        });
    } else if *kind == FaultKind::MissingFields {
        for field in ["reference", "purchasedAt", "serviceFees", "payment", "customer"] {
            remove(order, field);
        }
        order["billingAddress"] = Value::Null;
        each_line(order, |line| {
            for field in ["delivery", "parcels", "totalPrice"] {
                remove(line, field);
            }
            line["offer"]["productTitle"] = Value::Null;
            line["offerPrice"]["commission"] = Value::Null;
            line["sellingPrice"]["taxes"] = Value::Null;
        });
    } else if *kind == FaultKind::ExtraFields {
        order["loyaltyProgram"] = json!({ "tier": "Or", "points": [1, 2.5, null] });
        order["v3"] = json!(true);
        each_line(order, |line| line["hologram"] = json!({ "nested": { "deeper": [] } }));
    }
}

fn each_line(order: &mut Value, mut edit: impl FnMut(&mut Value)) {
    for line in order["lines"].as_array_mut().into_iter().flatten() {
        edit(line);
    }
}

fn remove(value: &mut Value, field: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(field);
    }
}
