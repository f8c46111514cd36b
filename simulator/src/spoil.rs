//! Spoiling the JSON of orders, and of requests about them: the faults of content.

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
        Some(id) => {
            let about = |item: &&mut Value| {
                ["orderId", "orderSellerId"].iter().any(|field| item.get(field) == Some(&json!(id)))
            };
            all.into_iter().filter(about).collect()
        }
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

/// Applies a fault of content to one order, or to one request about an order.
pub(crate) fn spoil(item: &mut Value, kind: &FaultKind) {
    // Of all that is listed only orders have a total.
    if item.get("totalPrice").is_some() {
        spoil_order(item, kind);
    } else {
        spoil_request(item, kind);
    }
}

fn spoil_request(item: &mut Value, kind: &FaultKind) {
    if *kind == FaultKind::MalformedOrder {
        for field in ["lines", "amount", "files", "size", "code"] {
            if item.get(field).is_some() {
                item[field] = json!({ "oops": true });
            }
        }
    } else if *kind == FaultKind::UnknownEnum {
        for field in ["status", "reason"] {
            if item.get(field).is_some() {
                item[field] = json!("AwaitingStardust");
            }
        }
    } else if *kind == FaultKind::MissingFields {
        for field in ["reasonDetails", "errors", "user", "salesChannel", "currency", "label"] {
            remove(item, field);
        }
    } else if *kind == FaultKind::ExtraFields {
        item["v3"] = json!({ "nested": { "deeper": [] } });
    }
}

fn spoil_order(order: &mut Value, kind: &FaultKind) {
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
