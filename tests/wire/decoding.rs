//! The documents' payloads, and every form that the contract leaves open.

use comptoir::octopia::orders::Query;

use crate::server::Server;
use crate::server::answer;
use crate::server::json;

const ORDER: &str = include_str!("../fixtures/octopia/order-in-preparation.json");
const CARRIERS: &str = include_str!("../fixtures/octopia/carriers.json");

async fn serving(body: &'static str) -> Server {
    Server::answering(move || json(200, body)).await
}

#[tokio::test]
async fn an_order_with_every_documented_field_is_read_whole() {
    let server = serving(ORDER).await;
    let received = server.client().order("SCID01210525142759UT8E").await.unwrap().unwrap();
    assert_eq!(received.raw, ORDER.trim());
    assert_eq!(received.order_id.as_deref(), Some("SCID01210525142759UT8E"));
    insta::assert_debug_snapshot!(received.order.unwrap());
}

#[tokio::test]
async fn a_page_is_read_from_each_shape_of_a_list() {
    for (shape, count) in [
        (r#"{"itemsPerPage":1,"items":[ORDER]}"#, 1),
        (r#"{"data":[ORDER,ORDER]}"#, 2),
        (r"[ORDER]", 1),
        (r#"{"itemsPerPage":0,"items":[]}"#, 0),
        (r#"{"itemsPerPage":0,"items":null}"#, 0),
        ("[]", 0),
        ("\u{feff} [ORDER]", 1),
    ] {
        let body = shape.replace("ORDER", ORDER);
        let server = Server::answering(move || json(200, body.clone())).await;
        let page = server.client().list_orders(&Query::default()).await.unwrap();
        assert_eq!(page.items.len(), count, "{shape}");
        assert!(page.items.iter().all(|item| item.order.is_ok()), "{shape}");
    }
}

#[tokio::test]
async fn a_page_tells_the_marketplaces_time_and_whether_there_is_more() {
    let link = r#"</orders?pageIndex=1>; rel="first",</orders?pageIndex=3>; rel="next""#;
    for (link, has_next) in
        [(Some(link), Some(true)), (Some(r#"</orders>; rel="first""#), Some(false)), (None, None)]
    {
        let server = Server::answering(move || {
            let mut headers = vec![("date", "Wed, 02 Sep 2026 09:15:00 GMT")];
            headers.extend(link.map(|link| ("link", link)));
            answer(200, &headers, "[]")
        })
        .await;
        let page = server.client().list_orders(&Query::default()).await.unwrap();
        assert_eq!(page.answered_at, Some("2026-09-02T09:15:00Z".parse().unwrap()));
        assert_eq!(page.has_next, has_next);
    }
}

#[tokio::test]
async fn a_count_is_read_bare_as_text_or_in_an_object() {
    for body in ["3", " 3\n", "\"3\"", r#"{"count":3}"#, r#"{"totalCount":"3"}"#] {
        let count = serving(body).await.client().count_orders(&Query::default()).await;
        assert_eq!(count.unwrap(), 3, "{body}");
    }
    for body in ["-1", "3.5", "null", "[]", "{}", "", "many"] {
        let count = serving(body).await.client().count_orders(&Query::default()).await;
        assert!(count.is_err(), "{body}");
    }
}

#[tokio::test]
async fn the_measured_carriers_are_read_in_their_order() {
    let carriers = serving(CARRIERS).await.client().carriers().await.unwrap();
    assert_eq!(carriers.len(), 66);
    assert_eq!((carriers[0].code.as_str(), carriers[0].label.as_str()), ("dpd", "DPD"));
    assert_eq!(carriers.iter().filter(|carrier| carrier.code == "pcc").count(), 4);
}

#[tokio::test]
async fn carrier_labels_are_trimmed_and_those_without_one_left_out() {
    let server = serving(r#"[{"code":"a","label":"Mazet "},{"code":"b"},7,{"label":"UPS"}]"#).await;
    let carriers = server.client().carriers().await.unwrap();
    let labels: Vec<&str> = carriers.iter().map(|carrier| carrier.label.as_str()).collect();
    assert_eq!(labels, ["Mazet", "UPS"]);
}

#[tokio::test]
async fn the_sellers_own_record_is_read_in_any_spelling() {
    let snake = include_str!("../fixtures/octopia/sellers.json");
    let seller = serving(snake).await.client().sellers().await.unwrap();
    insta::assert_debug_snapshot!("seller", seller);
    let camel = r#"{"items":[{"sellerId":"98979","login":"maison-demo","shopName":"Maison Démo",
        "sellerState":"Activated","sellerSubState":"ActiveSeller","subscriptionStep":"Finished",
        "autoAcceptOrder":"False"}]}"#;
    assert_eq!(serving(camel).await.client().sellers().await.unwrap(), seller);

    let kebab = include_str!("../fixtures/octopia/subscriptions.json");
    let subscriptions = serving(kebab).await.client().subscriptions().await.unwrap();
    insta::assert_debug_snapshot!("subscriptions", subscriptions);

    let indicators = include_str!("../fixtures/octopia/indicators.json");
    let indicators = serving(indicators).await.client().indicators().await.unwrap();
    insta::assert_debug_snapshot!("indicators", indicators);
}

#[tokio::test]
async fn an_order_that_is_not_there_is_none() {
    let server = Server::answering(|| json(404, "{}")).await;
    assert!(server.client().order("SCID-0").await.unwrap().is_none());
}
