//! Any JSON in the place of any member, item or answer: read or refused, never a panic.

use std::sync::Arc;
use std::sync::Mutex;

use comptoir::octopia::Client;
use comptoir::octopia::Error;
use comptoir::octopia::cancellations::UserType;
use comptoir::octopia::gestures::GestureQuery;
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use serde_json::json as value;
use tokio::runtime::Runtime;

use crate::server::Server;
use crate::server::json;

/// The members that are looked for, so that values of all kinds get into each of them.
const NAMES: &[&str] = &[
    "id",
    "requestId",
    "code",
    "label",
    "orderId",
    "orderSellerId",
    "status",
    "reason",
    "user",
    "userType",
    "lines",
    "lineId",
    "errors",
    "error",
    "rejections",
    "message",
    "createdAt",
    "updatedAt",
    "shippingCostRefund",
    "amount",
    "allowableAmount",
    "maxRate",
    "allowsGesture",
    "currency",
    "importId",
    "files",
    "items",
    "data",
    "fileName",
    "active",
    "",
    "x_-é\u{0}",
];

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        Just("2026-09-02T09:15:00Z".to_owned()),
        Just("0001-01-01T00:00:00.9999999999999é".to_owned()),
        Just("1e400".to_owned()),
        Just("-0.0e-99999999999".to_owned()),
        Just("true".to_owned()),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let name = prop_oneof![3 => proptest::sample::select(NAMES).prop_map(str::to_owned), 1 => any::<String>()];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::hash_map(name, inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Every read, of whatever the server says now. Errors are decoding errors only.
async fn read_all(client: &Client) -> Result<(), Error> {
    let query = GestureQuery { order_id: Some("SCID-1".to_owned()), updated_since: None };
    let outcomes = [
        client.cancellation_reasons("CDISFR", UserType::Seller, "Shipped").await.map(drop),
        client.cancellation_requests("SCID-1").await.map(drop),
        client.gesture_configuration("CDISFR").await.map(drop),
        client.gesture_available_amounts("SCID-1").await.map(drop),
        client.gesture_requests(&query).await.map(drop),
        client.invoice_documents("SCID-1").await.map(drop),
        client.invoice_import("I-1").await.map(drop),
        // A write succeeds whatever its answer holds.
        client.cancel_order("SCID-1", "seller-refusal", true).await.map(drop),
    ];
    outcomes
        .into_iter()
        .find(|it| !matches!(it, Ok(()) | Err(Error::Decode { .. })))
        .unwrap_or(Ok(()))
}

#[test]
fn any_json_is_read_or_refused() {
    let runtime = Runtime::new().unwrap();
    let body = Arc::new(Mutex::new(String::new()));
    let said = Arc::clone(&body);
    let server =
        runtime.block_on(Server::answering(move || json(200, said.lock().unwrap().clone())));
    let client = server.client();
    let mut runner = TestRunner::new(Config { cases: 96, ..Config::default() });
    runner
        .run(&any_json(), |any| {
            for whole in [value!([any]), value!({ "items": [any, any] }), any] {
                *body.lock().unwrap() = whole.to_string();
                let outcome = runtime.block_on(read_all(&client));
                prop_assert!(outcome.is_ok(), "{outcome:?} of {whole}");
            }
            Ok(())
        })
        .unwrap();
}
