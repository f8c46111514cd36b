//! `GET /sellers`, `/sellers/subscriptions` and `/sellers/indicators`, in `snake_case`.

use axum::Json;
use axum::extract::State;
use serde_json::Value;
use serde_json::json;

use crate::auth::Caller;
use crate::channels::CHANNELS;
use crate::state::Shared;
use crate::state::lock;

pub(crate) async fn get(State(shared): State<Shared>, caller: Caller) -> Json<Value> {
    let market = lock(&shared);
    let seller = &market.accounts[caller.seller_index].seller;
    Json(json!({
        "seller_id": seller.seller_id,
        "login": seller.name,
        "shop_name": seller.shop_name,
        "shop_url": format!("https://www.cdiscount.com/mpv-{}.html", seller.name),
        "language": "fr-FR",
        "creation_date": "2021-03-08T09:15:00+00:00",
        "seller_state": "Activated",
        "seller_sub_state": "ActiveSeller",
        "subscription_step": "Finished",
        "auto_accept_order": seller.auto_accept,
        "fulfillment_profile_id": Value::Null,
        "seller_legal_information": {
            "company_name": seller.shop_name,
            "siret_number": "40483304800022",
            "vat_number": "FR83404833048",
        },
    }))
}

pub(crate) async fn subscriptions(_: Caller) -> Json<Value> {
    let subscription = |(index, channel): (usize, &&crate::Channel)| {
        json!({
            "subscription_id": format!("SUB-{:04}", index + 1),
            "sales_channel_id": channel.id,
            "status": "Active",
            "action": Value::Null,
            "offer_submission_currency": channel.currency,
            "seller_payment_currency": "EUR",
        })
    };
    Json(CHANNELS.iter().enumerate().map(subscription).collect())
}

pub(crate) async fn indicators(State(shared): State<Shared>, caller: Caller) -> Json<Value> {
    let mut market = lock(&shared);
    let now = market.now();
    let seller_id = market.accounts[caller.seller_index].seller.seller_id.clone();
    let indicator = |id: u32, description: &str, value: f64, treshold: f64, kind: &str| {
        let compliant = if kind == "TresholdMin" { value >= treshold } else { value <= treshold };
        json!({
            "computed_indicator_id": 7000 + id,
            "indicator_id": id,
            "seller_id": seller_id,
            "description": description,
            "value_d30": value,
            "value_d60": value,
            "value_d365": value,
            "treshold": treshold,
            "compliant_d30": compliant,
            "compliant_d60": compliant,
            "compliant_d365": compliant,
            "computation_date": now.to_string(),
            "processed": true,
            "treshold_type": kind,
            "auto_check_exclusion": false,
        })
    };
    Json(json!({
        "order_acceptation": indicator(1, "Taux d’acceptation", 98.2, 96.0, "TresholdMin"),
        "product_shipping": indicator(2, "Taux d’expédition", 99.1, 98.0, "TresholdMin"),
        "deadline_compliance": indicator(3, "Respect des délais", 93.4, 95.0, "TresholdMin"),
        "order_claims": indicator(4, "Taux de réclamation", 2.1, 3.0, "TresholdMax"),
        "order_refunds": indicator(5, "Taux de remboursement", 1.4, 2.0, "TresholdMax"),
    }))
}
