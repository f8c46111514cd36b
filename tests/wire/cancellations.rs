//! Cancellations: what is sent, and every shape of answer that the contract leaves open.

use std::slice;

use comptoir::octopia::Error;
use comptoir::octopia::cancellations::CancellationRequest;
use comptoir::octopia::cancellations::LineCancellation;
use comptoir::octopia::cancellations::Reason;
use comptoir::octopia::cancellations::UserType;
use serde_json::Value;
use serde_json::json as value;

use crate::server::Call;
use crate::server::Server;
use crate::server::answer;
use crate::server::json;
use crate::server::token;

fn reason(code: &str, label: Option<&str>) -> Reason {
    Reason { code: code.to_owned(), label: label.map(str::to_owned) }
}

fn line(id: &str) -> LineCancellation {
    LineCancellation {
        line_id: id.to_owned(),
        offer_id: "OFFER-1".to_owned(),
        reason: "seller-refusal".to_owned(),
        shipping_cost_refund: false,
    }
}

async fn reasons_in(body: &str) -> Result<Vec<Reason>, Error> {
    let client = Server::serving(body).await.client();
    client.cancellation_reasons("CDISFR", UserType::Seller, "InPreparation").await
}

async fn requests_in(body: &str) -> Result<Vec<CancellationRequest>, Error> {
    Server::serving(body).await.client().cancellation_requests("SCID-1").await
}

/// Serves cancellation requests: on page `n` as many as `sizes[n - 1]`, with this `Link` header.
async fn paged(sizes: &'static [usize], link: Option<&'static str>) -> Server {
    Server::start(move |call: &Call| {
        if call.is_for_a_token() {
            return token();
        }
        let page: usize = call
            .target
            .split_once("pageIndex=")
            .and_then(|(_, rest)| rest.split('&').next()?.parse().ok())
            .unwrap();
        let size = sizes.get(page - 1).or(sizes.last()).copied().unwrap();
        let items = vec![r#"{"id":1}"#; size].join(",");
        let headers: Vec<_> = link.map(|link| ("link", link)).into_iter().collect();
        answer(200, &headers, format!(r#"{{"itemsPerPage":{size},"items":[{items}]}}"#))
    })
    .await
}

#[tokio::test]
async fn cancellations_are_sent_as_the_documents_print_them() {
    let server = Server::serving("{}").await;
    let client = server.client();
    client.cancel_order("SCID-1", "seller-refusal", true).await.unwrap();
    client.cancel_lines("SCID-1", &[line("AYGC"), line("BFCD")]).await.unwrap();
    let calls = server.calls();
    assert_eq!(calls[0].method, "POST");
    assert_eq!(calls[0].target, "/seller/v2/order-cancellation-requests");
    let sent: Value = serde_json::from_str(&calls[0].body).unwrap();
    let expected = value!({
        "orderSellerId": "SCID-1", "reason": "seller-refusal", "shippingCostRefund": true
    });
    assert_eq!(sent, expected);
    assert_eq!(calls[1].target, "/seller/v2/order-partial-cancellation-requests");
    let sent: Value = serde_json::from_str(&calls[1].body).unwrap();
    let line = |id| {
        value!({"lineId": id, "offerId": "OFFER-1", "reason": "seller-refusal",
            "shippingCostRefund": false})
    };
    assert_eq!(sent, value!({"orderSellerId": "SCID-1", "lines": [line("AYGC"), line("BFCD")]}));
}

#[tokio::test]
async fn a_cancellation_of_nothing_is_not_sent() {
    let server = Server::serving("[]").await;
    let client = server.client();
    let outcomes = [
        client.cancel_order("", "seller-refusal", true).await,
        client.cancel_lines("", &[line("AYGC")]).await,
        client.cancel_lines("SCID-1", &[]).await,
        client.cancellation_requests("").await.map(|_| None),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, Err(Error::Unsendable(_))), "{outcome:?}");
    }
    assert_eq!(server.calls().len(), 0);
}

#[tokio::test]
async fn reasons_are_asked_for_by_channel_requester_and_status() {
    let server = Server::serving("[]").await;
    let client = server.client();
    client.cancellation_reasons("CDISFR", UserType::Seller, "InPreparation").await.unwrap();
    client.cancellation_reasons("A&B", UserType::Customer, "Shipped").await.unwrap();
    let targets: Vec<String> = server.calls().into_iter().map(|call| call.target).collect();
    assert_eq!(
        targets,
        [
            "/seller/v2/cancellation-reasons?salesChannel=CDISFR&userType=Seller&orderStatus=InPreparation",
            "/seller/v2/cancellation-reasons?salesChannel=A%26B&userType=Customer&orderStatus=Shipped",
        ]
    );
}

#[tokio::test]
async fn reasons_are_read_in_every_spelling() {
    let refusal = reason("seller-refusal", Some("Refus du vendeur"));
    for body in [
        r#"[{"code":"seller-refusal","label":"Refus du vendeur","orderStatuses":["Accepted"]}]"#,
        r#"{"items":[{"reason":"seller-refusal","description":" Refus du vendeur "}]}"#,
        r#"{"data":[{"id":"seller-refusal","name":"Refus du vendeur"}]}"#,
        r#"[{"Code":"seller-refusal","Label":"Refus du vendeur","id":7,"reason":"x","name":"y"}]"#,
        r#"[{"code":null,"reason":"seller-refusal","label":{},"name":"Refus du vendeur"}]"#,
    ] {
        assert_eq!(reasons_in(body).await.unwrap(), slice::from_ref(&refusal), "{body}");
    }
    let bare = r#"["seller-refusal",{"code":7},{"label":"no code"},null,3,[],"",{"code":""}]"#;
    let expected = [reason("seller-refusal", None), reason("7", None)];
    assert_eq!(reasons_in(bare).await.unwrap(), expected);
    for body in ["", "<html>", "null", "{}", r#"{"reasons":[]}"#, r#"[{"code":"a"}"#] {
        assert!(matches!(reasons_in(body).await, Err(Error::Decode { .. })), "{body}");
    }
}

#[tokio::test]
async fn a_request_is_read_whole() {
    let body = r#"{"itemsPerPage":1,"items":[{"cancellationRequestId":"C-1",
        "orderSellerId":"SCID-1","salesChannel":"CDISFR","status":"Rejected",
        "reason":"seller-refusal","shippingCostRefund":true,"user":{"type":"Seller","id":98979},
        "lines":[{"lineId":"AYGC","offerId":"OFFER-1","reason":"damaged","status":"Téléporté",
            "errors":[{"code":"E1","message":"Line is\nshipped"}]}],
        "createdAt":"2026-09-02T09:15:00+00:00","updatedAt":"2026-09-02T09:16:00.123Z",
        "errors":{"reason":["Not allowed","Too late"],"":["Ask us"]}}]}"#;
    insta::assert_debug_snapshot!(requests_in(body).await.unwrap());
}

#[tokio::test]
async fn a_request_is_read_in_every_spelling() {
    for body in [
        r#"[{"requestId":"C-1","orderId":"SCID-1","userType":"Seller","userId":"98979"}]"#,
        r#"{"data":[{"id":"C-1","order_seller_id":"SCID-1","user":{"userType":"Seller","userId":98979}}]}"#,
        r#"[{"partialCancellationRequestId":"C-1","orderSellerId":"SCID-1",
            "requestedBy":{"type":"Seller","id":"98979"},"lines":null,"errors":null}]"#,
        r#"[{"requestId":{"no":1},"cancellationRequestId":"C-1","orderSellerId":"SCID-1",
            "user":"Seller","userType":"Seller","userId":"98979","createdAt":"soon","lines":7,
            "shippingCostRefund":"maybe","errors":""}]"#,
    ] {
        let expected = CancellationRequest {
            id: Some("C-1".to_owned()),
            order_id: Some("SCID-1".to_owned()),
            user_type: Some("Seller".to_owned()),
            user_id: Some("98979".to_owned()),
            ..CancellationRequest::default()
        };
        assert_eq!(requests_in(body).await.unwrap(), [expected], "{body}");
    }
}

#[tokio::test]
async fn complaints_are_read_in_every_shape() {
    let long = "é".repeat(900);
    for (errors, expected) in [
        (r#""errors":["a","b"]"#.to_owned(), &["a", "b"][..]),
        (r#""errors":"a""#.to_owned(), &["a"]),
        (r#""errors":[{"message":"a","code":"E"},{"code":"b"}]"#.to_owned(), &["a", "b"]),
        (r#""errors":[{"description":"a"},{"lineId":["b"]}]"#.to_owned(), &["a", "lineId: b"]),
        (
            r#""errors":{"reason":["a","b"],"x":"c"}"#.to_owned(),
            &["reason: a", "reason: b", "x: c"],
        ),
        (r#""errors":[null,true,[],{},"  "],"rejections":["a"]"#.to_owned(), &["a"]),
        (r#""error":{"message":"a"}"#.to_owned(), &["message: a"]),
        (r#""errors":[],"errorMessages":["a\r\n\u0000b"]"#.to_owned(), &["a b"]),
    ] {
        let requests = requests_in(&format!("[{{{errors}}}]")).await.unwrap();
        assert_eq!(requests[0].errors, expected, "{errors}");
    }
    let many = vec![format!("\"{long}\""); 200].join(",");
    let requests = requests_in(&format!(r#"[{{"errors":[{many}]}}]"#)).await.unwrap();
    assert_eq!(requests[0].errors.len(), 50);
    assert!(requests[0].errors.iter().all(|error| error.chars().count() == 500));
}

#[tokio::test]
async fn what_is_no_object_is_left_out_and_what_is_no_list_is_an_error() {
    let body = r#"[null,7,"x",[],true,{"status":"InProgress"},{}]"#;
    let statuses: Vec<_> =
        requests_in(body).await.unwrap().into_iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some("InProgress".to_owned()), None]);
    for body in ["", "<html>", "null", "{}", "7", r#"{"items":{}}"#, r#"{"items":[{"#] {
        assert!(matches!(requests_in(body).await, Err(Error::Decode { .. })), "{body}");
    }
}

#[tokio::test]
async fn pages_are_read_until_there_is_no_more_and_ten_at_most() {
    let next = Some(r#"</order-cancellation-requests?pageIndex=2>; rel="next""#);
    let last = Some(r#"</order-cancellation-requests?pageIndex=1>; rel="first""#);
    for (sizes, link, pages, found) in [
        (&[0][..], None, 1, 0),
        (&[3], None, 1, 3),
        (&[100, 3], None, 2, 103),
        (&[100, 100, 0], None, 3, 200),
        (&[100, 50], last, 1, 100),
        (&[50, 50, 0], next, 3, 100),
        (&[100], None, 10, 1000),
        (&[1], next, 10, 10),
    ] {
        let server = paged(sizes, link).await;
        let requests = server.client().cancellation_requests("SCID 1").await.unwrap();
        assert_eq!((server.calls().len(), requests.len()), (pages, found), "{sizes:?} {link:?}");
        let first =
            "/seller/v2/order-cancellation-requests?orderSellerId=SCID+1&pageIndex=1&pageSize=100";
        assert_eq!(server.calls()[0].target, first);
    }
}

#[tokio::test]
async fn a_page_that_fails_fails_the_list() {
    let server = Server::start(|call: &Call| match &call.target {
        _ if call.is_for_a_token() => token(),
        target if target.contains("pageIndex=1&") => {
            json(200, format!("[{}]", vec![r#"{"id":1}"#; 100].join(",")))
        }
        _ => answer(500, &[], ""),
    })
    .await;
    let error = server.client().cancellation_requests("SCID-1").await.unwrap_err();
    assert!(matches!(error, Error::Status { status: 500, .. }));
    assert_eq!(server.calls().len(), 2);
}
