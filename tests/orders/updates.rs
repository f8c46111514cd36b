//! What changes while a page is open: who is told, of what, and for how long.

use std::time::Duration;

use axum::body::Body;
use axum::body::BodyDataStream;
use axum::http::Request;
use axum::http::header;
use comptoir::domain::operator::Role;
use futures_util::StreamExt;
use sqlx::PgPool;
use tokio::time::timeout;
use tower::ServiceExt;

use crate::browser::Browser;
use crate::browser::Page;
use crate::support::Shop;
use crate::support::href;
use crate::support::moved;
use crate::support::order;

/// What an open page hears.
struct Ear(BodyDataStream);

impl Ear {
    /// As `EventSource` asks.
    async fn open(shop: &Shop, browser: &Browser) -> Self {
        let request = Request::get("/updates")
            .header(header::HOST, "comptoir.test")
            .header(header::ACCEPT, "text/event-stream")
            .header(header::COOKIE, format!("sid={}", browser.cookie("sid").unwrap()));
        let request = request.body(Body::empty()).unwrap();
        let response = shop.app.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let mut ear = Self(response.into_body().into_data_stream());
        assert!(ear.hear().await.contains("event: ready"));
        // The listener of this process is at work: it has told everybody that it begins.
        assert!(ear.hear().await.contains("event: orders"));
        ear
    }

    async fn hear(&mut self) -> String {
        let next = timeout(Duration::from_secs(20), self.0.next()).await;
        let bytes = next.expect("something to hear").expect("the stream goes on").unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }
}

/// What a page that was made then is answered.
async fn since(browser: &Browser, list: &Page) -> Page {
    let address = list.body.split("hx-get=\"/updates/since?").nth(1).unwrap();
    let address = address.split('"').next().unwrap().replace("&amp;", "&");
    browser.get_fragment(&format!("/updates/since?{address}")).await
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_open_page_is_told_of_orders_of_its_readers_accounts(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    let elsewhere = "INSERT INTO user_accounts (user_id, account_id)
                     SELECT user_id, 'atelier' FROM users WHERE role = 'service'";
    sqlx::raw_sql(elsewhere).execute(&shop.app.pool).await.unwrap();
    let sonia = shop.sign_in(Role::CustomerService).await;
    let mut ear = Ear::open(&shop, &walid).await;
    // The order is new, and then it changes.
    shop.mirror(order("A-2")).await;
    let heard = ear.hear().await;
    assert!(heard.contains("event: orders"), "{heard}");
    assert!(!heard.contains("A-2") && !heard.contains("maison"), "that something is, and not what");
    shop.mirror(moved(order("A-2"), "Shipped", 1)).await;
    assert!(ear.hear().await.contains("event: orders"));

    // Sonia works for another account, whose changes alone she hears of.
    let request = Request::get("/updates").header(header::ACCEPT, "text/event-stream");
    let request = request
        .header(header::HOST, "comptoir.test")
        .header(header::COOKIE, format!("sid={}", sonia.cookie("sid").unwrap()));
    let response = shop.app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await;
    let mut hers = Ear(response.unwrap().into_body().into_data_stream());
    assert!(hers.hear().await.contains("event: ready"));
    shop.mirror(order("A-3")).await;
    assert!(ear.hear().await.contains("event: orders"));
    sqlx::raw_sql("SELECT pg_notify('comptoir_orders', 'atelier')")
        .execute(&shop.app.pool)
        .await
        .unwrap();
    assert!(hers.hear().await.contains("event: orders"));
    let none = timeout(Duration::from_millis(300), hers.0.next()).await;
    assert!(none.is_err(), "once, for `atelier`: {none:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_does_not_wait_for_events_and_who_has_too_many_pages_is_sent_away(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    assert_eq!(walid.get("/updates").await.status, 204);
    let waits = || Request::get("/updates").header(header::ACCEPT, "text/event-stream");
    let page = shop.app.visitor().send(waits(), Body::empty()).await;
    assert_eq!((page.status, page.location()), (303, "/sign-in?next=%2Fupdates"));
    let open = async || {
        let request = waits()
            .header(header::HOST, "comptoir.test")
            .header(header::COOKIE, format!("sid={}", walid.cookie("sid").unwrap()));
        let request = request.body(Body::empty()).unwrap();
        shop.app.router.clone().oneshot(request).await.unwrap()
    };
    let mut ears = Vec::new();
    for _ in 0..6 {
        ears.push(open().await);
    }
    assert!(ears.iter().all(|it| it.status() == 200));
    assert_eq!(walid.send(waits(), Body::empty()).await.status, 204, "the seventh page");
    // A page that closes makes room.
    ears.pop();
    assert_eq!(open().await.status(), 200);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_page_learns_how_much_is_new_and_the_counters(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    let list = walid.get("/orders").await;
    assert_eq!(since(&walid, &list).await.status, 204, "nothing yet");
    shop.app.clock.advance(jiff::SignedDuration::from_secs(5));
    for id in ["A-2", "A-3"] {
        shop.mirror(order(id)).await;
    }
    // New and changed at once is new.
    shop.mirror(moved(order("A-2"), "Shipped", 1)).await;
    shop.mirror(moved(order("A-1"), "Shipped", 1)).await;
    let page = since(&walid, &list).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("2 new orders, 1 changed. Refresh"), "{}", page.text());
    assert!(page.body.contains("data-count=\"3\""));
    // What the page says now, it is not told again.
    assert_eq!(since(&walid, &page).await.status, 204);
    let french = shop.sign_in(Role::Manager).await.speaking("fr");
    let text = since(&french, &list).await.text();
    assert!(text.contains("2 nouvelles commandes, 1 modifiée. Actualiser"), "{text}");

    // An order that is late now changes the counters, on every page.
    let page = walid.get(&href("A-3")).await;
    shop.app.clock.advance(jiff::SignedDuration::from_hours(3));
    let counters = since(&shop.sign_in(Role::Warehouse).await, &page).await;
    assert!(counters.body.contains("id=\"count-1\""), "{}", counters.body);
    assert!(counters.text().contains("1 overdue"), "{}", counters.text());
    assert!(!counters.body.contains("id=\"news\""), "news are for the list");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn history_that_is_read_is_no_news(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    let list = walid.get("/orders").await;
    let mut old = moved(order("A-0"), "Delivered", 0);
    old.created_at = shop.app.now() - jiff::SignedDuration::from_hours(24 * 30);
    shop.app.clock.advance(jiff::SignedDuration::from_secs(5));
    shop.mirror(old).await;
    assert_eq!(since(&walid, &list).await.status, 204);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn asking_keeps_nobody_signed_in(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    let list = walid.get("/orders").await;
    for _ in 0..4 {
        shop.app.clock.advance(jiff::SignedDuration::from_mins(9));
        let request = Request::get("/updates/since?at=0&event=0")
            .header("hx-request", "true")
            .header("hx-trigger", "updates");
        walid.send(request, Body::empty()).await;
        let waits = Request::get("/updates").header(header::ACCEPT, "text/event-stream");
        let waits = waits
            .header(header::HOST, "comptoir.test")
            .header(header::COOKIE, format!("sid={}", walid.cookie("sid").unwrap()));
        let request = waits.body(Body::empty()).unwrap();
        drop(shop.app.router.clone().oneshot(request).await.unwrap());
    }
    let page = since(&walid, &list).await;
    assert!(page.header("hx-redirect").starts_with("/sign-in"), "{}", page.status);
}

/// Whoever writes, in whatever process, and whoever reads: it goes through the database.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nothing_is_told_before_it_is_true(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    let mut ear = Ear::open(&shop, &walid).await;
    let event = "INSERT INTO order_events (account_id, order_id, at, actor, event)
                 VALUES ('maison', 'A-1', now(), 'comptoir', '{\"event\": \"note_written\"}')";
    let mut tx = shop.app.pool.begin().await.unwrap();
    sqlx::raw_sql(event).execute(&mut *tx).await.unwrap();
    tx.rollback().await.unwrap();
    assert!(timeout(Duration::from_millis(300), ear.0.next()).await.is_err());
    sqlx::raw_sql(event).execute(&shop.app.pool).await.unwrap();
    assert!(ear.hear().await.contains("event: orders"));
}
