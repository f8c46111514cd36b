//! Whatever is sent: an answer in words, and never a failure of ours.

use axum::http::Request;
use axum::http::header;
use comptoir::domain::operator::Role;
use sqlx::PgPool;

use crate::support::FREE;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::moved;
use crate::support::order;

const NONSENSE: [&str; 9] = [
    "",
    " ",
    "💥👩‍👩‍👧‍👦",
    "-1",
    "99999999999999999999999999",
    "'; DROP TABLE orders; --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "\u{202e}\u{200b}\u{feff}\r\n\t",
];

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nonsense_in_any_field_is_answered_in_words(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    shop.channel("CDISFR", "Cdiscount", FREE).await;
    shop.carriers(&["DHL"]).await;
    shop.mirror(moved(order("A-2"), "WaitingAcceptance", 0)).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&browser.get(&href("A-1/ship")).await, "/ship");
    let long = "é".repeat(30_000);
    let mut texts = NONSENSE.to_vec();
    texts.push(&long);
    let fields: Vec<_> = form.0.iter().map(|(name, _)| name.clone()).collect();
    let more = ["add", "remove", "confirm", "send", "parcels[].number", "parcels[0].lines", "x"];
    for name in fields.iter().map(String::as_str).chain(more) {
        for text in &texts {
            let page = form.clone().and(name, text).post(&browser, &href("A-1/ship")).await;
            assert!([200, 422].contains(&page.status), "{name} {text:.20}: {}", page.status);
        }
        let page = form.clone().without(name).post(&browser, &href("A-1/ship")).await;
        assert!([200, 422].contains(&page.status), "without {name}: {}", page.status);
    }
    for text in &texts {
        let page = browser.post(&href("A-2/refuse"), &[("submission", text)]).await;
        assert_eq!(page.status, 422, "{text:.20}");
    }
    assert_eq!(shop.states("A-1").await, []);
    assert_eq!(shop.states("A-2").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_field_that_comes_twice_is_a_mistake(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&browser.get(&href("A-1/ship")).await, "/ship")
        .set("parcels[1].carrier", "DHL")
        .set("parcels[1].number", "6A21938475603");
    let twice = form.clone().and("parcels[1].number", "6A21938475604");
    let page = twice.post(&browser, &href("A-1/ship")).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("This field was sent twice. Check it"));
    // The same value twice is no contradiction.
    let same = form.and("parcels[1].number", "6A21938475603");
    assert_eq!(same.post(&browser, &href("A-1/ship")).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nonsense_in_an_address_is_not_found_or_not_understood(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let long = "x".repeat(5_000);
    for (path, status) in [
        ("/orders/maison/%00", 400),
        ("/orders/maison/%FF", 400),
        ("/orders/%00/A-1", 400),
        ("/orders/maison/%F0%9F%92%A5", 404),
        ("/orders/maison/A-1%2F..%2FA-1", 404),
        (&format!("/orders/maison/{long}"), 404),
        ("/orders/maison/A-1/dance", 404),
        ("/orders/maison/A-1/cancel", 403),
        ("/orders/maison/A-1/ship%00", 400),
        ("/orders/maison/A-1?seen=1&seen=2", 400),
        ("/promises/1", 404),
        ("/promises/%00", 400),
        ("/promises/0198c0de-0000-7000-8000-000000000000", 404),
    ] {
        assert_eq!(browser.get(path).await.status, status, "{path:.60}");
    }
    for path in ["/orders/maison/A-1/dance", "/promises/1/withdraw", "/promises/x/decide"] {
        assert_eq!(browser.post(path, &[("a", "b")]).await.status, 404, "{path}");
    }
    for body in ["parcels[1].number=%00", "submission=%FF", "submission=%zz"] {
        let request = Request::post("/orders/maison/A-1/ship")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        assert_eq!(browser.send(request, body).await.status, 400, "{body}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_with_a_strange_number_can_be_opened_and_shipped(pool: PgPool) {
    let id = "a/b c?d#e%2F\"é";
    let shop = Shop::with(pool, order(id)).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let path = "/orders/maison/a%2Fb%20c%3Fd%23e%252F%22%C3%A9";
    let page = browser.get(path).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(&format!("href=\"{path}/ship\"")));
    let form = Filled::of(&browser.get(&format!("{path}/ship")).await, "/ship")
        .set("parcels[1].carrier", "DHL")
        .set("parcels[1].number", "6A21938475603");
    let answer = form.post(&browser, &format!("{path}/ship")).await;
    assert_eq!((answer.status, answer.location()), (303, path));
}
