//! Commercial gestures: amounts to the digit, limits in every spelling, lists by cursor.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use comptoir::octopia::Client;
use comptoir::octopia::Error;
use comptoir::octopia::gestures::AvailableAmounts;
use comptoir::octopia::gestures::GestureConfiguration;
use comptoir::octopia::gestures::GestureQuery;
use comptoir::octopia::gestures::GestureRequest;
use rust_decimal::Decimal;

use crate::server::Call;
use crate::server::Server;
use crate::server::answer;
use crate::server::json;
use crate::server::token;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn of_order() -> GestureQuery {
    GestureQuery { order_id: Some("SCID-1".to_owned()), updated_since: None }
}

async fn give(client: &Client, amount: &str) -> Result<Option<String>, Error> {
    client.give_gesture("SCID-1", "ShippingFees", None, decimal(amount)).await
}

async fn requests_in(body: &str) -> Result<Vec<GestureRequest>, Error> {
    Server::serving(body).await.client().gesture_requests(&of_order()).await
}

#[tokio::test]
async fn an_amount_is_a_number_with_exactly_its_digits() {
    let server = Server::serving("{}").await;
    let client = server.client();
    for (amount, sent) in [
        ("9.99", "9.99"),
        ("10", "10"),
        ("10.00", "10"),
        ("0.10", "0.1"),
        ("0.30000", "0.3"),
        ("1000", "1000"),
        ("79228162514264337593543950.25", "79228162514264337593543950.25"),
    ] {
        give(&client, amount).await.unwrap();
        let body = server.calls().pop().unwrap().body;
        let expected = format!(r#"{{"orderId":"SCID-1","reason":"ShippingFees","amount":{sent}}}"#);
        assert_eq!(body, expected);
    }
}

#[tokio::test]
async fn a_gesture_that_cannot_be_paid_is_not_sent() {
    let server = Server::serving("{}").await;
    let client = server.client();
    for amount in ["0", "0.00", "-5", "9.999", "0.001"] {
        let outcome = give(&client, amount).await;
        assert!(matches!(outcome, Err(Error::Unsendable(_))), "{amount}");
    }
    let nowhere = client.give_gesture("", "Other", None, decimal("5")).await;
    assert!(matches!(nowhere, Err(Error::Unsendable(_))));
    assert_eq!(server.calls().len(), 0);
}

#[tokio::test]
async fn the_details_of_a_reason_are_sent_when_there_are_some() {
    let server = Server::serving(r#"{"requestId":"G-1","status":"InProgress"}"#).await;
    let details = Some("Le carton \"A\" était ouvert");
    let client = server.client();
    let id = client.give_gesture("SCID-1", "Other", details, decimal("5")).await.unwrap();
    assert_eq!(id.as_deref(), Some("G-1"));
    let call = server.calls().pop().unwrap();
    assert_eq!((call.method.as_str(), call.header("content-type")), ("POST", "application/json"));
    assert_eq!(call.target, "/seller/v2/order-commercial-gesture-requests");
    assert_eq!(
        call.body,
        r#"{"orderId":"SCID-1","reason":"Other","reasonDetails":"Le carton \"A\" était ouvert","amount":5}"#
    );
}

#[tokio::test]
async fn the_channels_limits_are_read_in_every_spelling() {
    for body in [
        r#"{"allowsGesture":true,"maxRate":20,"maxAmount":49.90,"currency":"EUR"}"#,
        r#"{"allows_gesture":"True","maximumRate":"20","maximumAmount":"49.9","currencyCode":"EUR"}"#,
        r#"[{"allowsGesture":1,"maxAllowedRate":20.0,"maxAllowedAmount":49.900,"currency":"EUR"}]"#,
        r#"{"items":[{"AllowsGesture":true,"rate":20,"amount":49.9,"currency":"EUR"}]}"#,
        r#"{"allowsGesture":true,"maxRate":{},"rate":20,"maxAmount":"NaN","amount":49.9,"currency":"EUR"}"#,
    ] {
        let server = Server::serving(body).await;
        let configuration = server.client().gesture_configuration("CDISFR").await.unwrap();
        let expected = GestureConfiguration {
            allows_gesture: Some(true),
            max_rate: Some(decimal("20")),
            max_amount: Some(decimal("49.9")),
            currency: Some("EUR".to_owned()),
        };
        assert_eq!(configuration, expected, "{body}");
        let target = "/seller/v2/sales-channel-commercial-gesture-configurations/CDISFR";
        assert_eq!(server.calls()[0].target, target);
    }
    let unknown = Server::serving(r#"{"maxAmount":"12,50"}"#).await;
    let configuration = unknown.client().gesture_configuration("CDISFR").await.unwrap();
    assert_eq!(configuration, GestureConfiguration::default());
}

#[tokio::test]
async fn the_amounts_of_an_order_are_read_to_the_digit() {
    for body in [
        r#"{"allowableAmount":0.30,"orderAmount":19.99,"alreadyGivenAmount":5,"currency":"EUR"}"#,
        r#"{"AvailableAmount":"0.3","order_amount":"19.99","givenAmount":5.0,"currencyCode":"EUR"}"#,
    ] {
        let server = Server::serving(body).await;
        let amounts = server.client().gesture_available_amounts("SCID-1").await.unwrap();
        let expected = AvailableAmounts {
            allowable: Some(decimal("0.3")),
            order_amount: Some(decimal("19.99")),
            already_given: Some(decimal("5")),
            currency: Some("EUR".to_owned()),
        };
        assert_eq!(amounts, expected, "{body}");
        let target = "/seller/v2/orders/SCID-1/commercial-gestures-available-amounts";
        assert_eq!(server.calls()[0].target, target);
    }
}

#[tokio::test]
async fn limits_that_are_no_object_are_an_error() {
    for body in ["", "<html>", "null", "7", "\"x\"", "[]", "[7]", "{\"allowsGesture\":"] {
        let client = Server::serving(body).await.client();
        let configuration = client.gesture_configuration("CDISFR").await;
        assert!(matches!(configuration, Err(Error::Decode { .. })), "{body}");
        let amounts = client.gesture_available_amounts("SCID-1").await;
        assert!(matches!(amounts, Err(Error::Decode { .. })), "{body}");
    }
}

#[tokio::test]
async fn a_request_is_read_in_every_spelling() {
    for body in [
        r#"{"itemsPerPage":1,"items":[{"requestId":"G-1","orderId":"SCID-1","status":"Rejected",
            "reason":"Other","reasonDetails":"Late","amount":9.99,"currency":"EUR",
            "errors":["Too much"],"createdAt":"2026-09-02T09:15:00Z",
            "updatedAt":"2026-09-02T09:16:00Z"}]}"#,
        r#"[{"id":"G-1","orderSellerId":"SCID-1","status":"Rejected","reason":"Other",
            "reason_details":"Late","amount":"9.990","currencyCode":"EUR",
            "errors":[{"code":"E1","message":"Too much"}],"createdAt":"2026-09-02T09:15:00",
            "updatedAt":"2026-09-02T11:16:00+02:00"},null,7]"#,
    ] {
        let expected = GestureRequest {
            id: Some("G-1".to_owned()),
            order_id: Some("SCID-1".to_owned()),
            status: Some("Rejected".to_owned()),
            reason: Some("Other".to_owned()),
            reason_details: Some("Late".to_owned()),
            amount: Some(decimal("9.99")),
            currency: Some("EUR".to_owned()),
            errors: vec!["Too much".to_owned()],
            created_at: Some("2026-09-02T09:15:00Z".parse().unwrap()),
            updated_at: Some("2026-09-02T09:16:00Z".parse().unwrap()),
        };
        assert_eq!(requests_in(body).await.unwrap(), [expected], "{body}");
    }
    for body in ["", "null", "{}", r#"{"items":7}"#] {
        assert!(matches!(requests_in(body).await, Err(Error::Decode { .. })), "{body}");
    }
}

#[tokio::test]
async fn a_query_names_an_order_or_a_date() {
    let server = Server::serving("[]").await;
    let client = server.client();
    let updated_since = Some("2026-09-02T09:15:00Z".parse().unwrap());
    client.gesture_requests(&of_order()).await.unwrap();
    client.gesture_requests(&GestureQuery { order_id: None, updated_since }).await.unwrap();
    client.gesture_requests(&GestureQuery { updated_since, ..of_order() }).await.unwrap();
    for order_id in [None, Some(String::new())] {
        let query = GestureQuery { order_id, updated_since: None };
        let outcome = client.gesture_requests(&query).await;
        assert!(matches!(outcome, Err(Error::Unsendable(_))));
    }
    let base = "/seller/v2/order-commercial-gesture-requests?";
    let targets: Vec<String> =
        server.calls().iter().map(|call| call.target.replace(base, "")).collect();
    assert_eq!(
        targets,
        [
            "orderId=SCID-1&limit=100",
            "updatedAtMin=2026-09-02T09%3A15%3A00Z&limit=100",
            "orderId=SCID-1&updatedAtMin=2026-09-02T09%3A15%3A00Z&limit=100",
        ]
    );
}

/// Answers call `n` (from 0) with one request `n` and the `Link` header that `link` makes.
async fn linking(link: impl Fn(usize) -> String + Clone + Send + Sync + 'static) -> Server {
    let asked = Arc::new(AtomicUsize::new(0));
    Server::start(move |call: &Call| {
        if call.is_for_a_token() {
            return token();
        }
        let number = asked.fetch_add(1, Ordering::SeqCst);
        answer(200, &[("link", &link(number))], format!(r#"[{{"id":{number}}}]"#))
    })
    .await
}

#[tokio::test]
async fn cursors_are_followed_as_they_are_written() {
    let server = linking(|number| match number {
        0 => r#"</order-commercial-gesture-requests?limit=100>; rel="first",</order-commercial-gesture-requests?cursor=NjU8fG5leHQ==&limit=100&fields=*>; rel="next""#.to_owned(),
        1 => r#"<?cursor=NjY+fG5leHQ=&limit=100>; rel="next""#.to_owned(),
        _ => r#"</order-commercial-gesture-requests?limit=100>; rel="first""#.to_owned(),
    })
    .await;
    let requests = server.client().gesture_requests(&of_order()).await.unwrap();
    let ids: Vec<_> = requests.into_iter().map(|request| request.id.unwrap()).collect();
    assert_eq!(ids, ["0", "1", "2"]);
    let targets: Vec<String> = server.calls().into_iter().map(|call| call.target).collect();
    let base = "/seller/v2/order-commercial-gesture-requests?";
    assert_eq!(
        targets,
        [
            format!("{base}orderId=SCID-1&limit=100"),
            format!("{base}cursor=NjU8fG5leHQ==&limit=100&fields=*"),
            format!("{base}cursor=NjY+fG5leHQ=&limit=100"),
        ]
    );
}

#[tokio::test]
async fn twenty_pages_are_read_at_most() {
    let server = linking(|number| format!(r#"<?cursor={number}>; rel="next""#)).await;
    let requests = server.client().gesture_requests(&of_order()).await.unwrap();
    assert_eq!((server.calls().len(), requests.len()), (20, 20));
}

#[tokio::test]
async fn a_link_that_leads_back_or_elsewhere_is_not_followed() {
    for (link, pages) in [
        (r#"<?orderId=SCID-1&limit=100>; rel="next""#, 1),
        (r#"<?cursor=a>; rel="next""#, 2),
        (r#"</orders?cursor=a>; rel="next""#, 1),
        (r#"<https://elsewhere.example/steal?cursor=a>; rel="next""#, 1),
    ] {
        let server = linking(move |_| link.to_owned()).await;
        server.client().gesture_requests(&of_order()).await.unwrap();
        assert_eq!(server.calls().len(), pages, "{link}");
    }
}

#[tokio::test]
async fn an_empty_page_is_the_last() {
    let server = Server::answering(|| {
        answer(200, &[("link", r#"<?cursor=a>; rel="next""#)], r#"{"items":[]}"#)
    })
    .await;
    assert_eq!(server.client().gesture_requests(&of_order()).await.unwrap(), []);
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn a_refused_gesture_is_told_in_the_marketplaces_words() {
    let server = Server::answering(|| {
        json(422, r#"{"title":"Validation Failed","errors":{"amount":["Above the limit"]}}"#)
    })
    .await;
    let error = give(&server.client(), "500").await.unwrap_err();
    assert_eq!(error.words(), "Validation Failed. amount: Above the limit");
}
