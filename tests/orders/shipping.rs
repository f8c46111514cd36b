//! The warehouse's page: the scan box, and what is due.

use comptoir::domain::delivery::Progress;
use comptoir::domain::delivery::Reading;
use comptoir::domain::delivery::Refusal;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Parcel;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Page;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::moved;
use crate::support::order;

async fn scan(browser: &Browser, number: &str) -> Page {
    browser.post("/shipping/scan", &[("number", number)]).await
}

/// The order is declared through the form that a scan opens.
async fn ship(browser: &Browser, order_id: &str) -> Page {
    let form = browser.get(scan(browser, order_id).await.location()).await;
    let form = Filled::of(&form, "/ship").set("parcels[1].carrier", "Colissimo");
    let number = format!("6A{order_id}75603");
    form.set("parcels[1].number", &number).post(browser, &href(&format!("{order_id}/ship"))).await
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_scan_opens_the_ship_form_which_leads_back_to_the_box(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    shop.carriers(&["Chronopost", "Colissimo"]).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    // However the scanner spells it: as an order, in small letters, with spaces, or the channel's reference.
    for number in ["A-1", " a-1\t", "A - 1", "2611170812CDIS"] {
        let answer = scan(&browser, number).await;
        assert_eq!(answer.status, 303, "{number}: {}", answer.main_text());
        assert_eq!(answer.location(), "/orders/maison/A-1/ship?from=shipping");
    }
    let page = browser.get("/orders/maison/A-1/ship?from=shipping").await;
    let number = page.body.split("name=\"parcels[1].number\"").nth(1).unwrap();
    assert!(number.split('>').next().unwrap().contains(" autofocus"), "{number}");
    assert!(page.body.contains("href=\"/shipping\">Back to the scan box"), "{}", page.main());

    let form = Filled::of(&page, "/ship").set("parcels[1].carrier", "Colissimo");
    let form = form.set("parcels[1].number", "6A21938475603");
    for _ in 0..2 {
        let answer = form.clone().post(&browser, &href("A-1/ship")).await;
        assert_eq!((answer.status, answer.location()), (303, "/shipping?sent=maison:A-1"));
    }
    assert_eq!(shop.states("A-1").await, [State::Queued]);
    let page = browser.get("/shipping?sent=maison:A-1").await;
    let text = page.main_text();
    assert!(text.contains("Last shipment A-1"), "{text}");
    assert!(text.contains("Cancel sending"), "{text}");
    assert!(text.contains("1 of 1 due today. Everything due today is declared."), "{text}");
    assert!(text.contains("Nothing to ship"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_next_scan_begins_with_the_carrier_of_the_last(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    shop.mirror(order("A-2")).await;
    shop.carriers(&["Chronopost", "Colissimo"]).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    assert_eq!(ship(&browser, "A-1").await.status, 303);
    let from_list = Filled::of(&browser.get(&href("A-2/ship")).await, "/ship");
    assert_eq!(from_list.all("parcels[1].carrier"), [""]);
    let from_scan = browser.get(scan(&browser, "A-2").await.location()).await;
    assert_eq!(Filled::of(&from_scan, "/ship").all("parcels[1].carrier"), ["Colissimo"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_mistake_in_the_form_does_not_lose_the_way_back(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.get("/orders/maison/A-1/ship?from=shipping").await;
    let page = Filled::of(&page, "/ship").post(&browser, &href("A-1/ship")).await;
    assert_eq!(page.status, 422);
    let form = Filled::of(&page, "/ship").set("parcels[1].carrier", "Colissimo");
    let answer = form.set("parcels[1].number", "6A21938475603");
    let answer = answer.post(&browser, &href("A-1/ship")).await;
    assert_eq!(answer.location(), "/shipping?sent=maison:A-1");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_scan_that_fails_says_so_until_it_is_acknowledged(pool: PgPool) {
    let mut shipped = moved(order("S-1"), "Shipped", -30);
    shipped.reference = None;
    let (number, carrier) = ("6A11111111111".to_owned(), "Colissimo".to_owned());
    shipped.parcels = vec![Parcel { number, carrier, tracking_url: None, line_ids: Vec::new() }];
    let shop = Shop::with(pool, order("A-1")).await;
    shop.mirror(shipped).await;
    shop.mirror(order("A-2")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    ship(&browser, "A-1").await;
    for (number, words) in [
        ("3612345678905", "Not found: 3612345678905"),
        ("", "Scan or enter a number"),
        (&"9".repeat(300), "Not found: 999"),
        ("S-1", "Do not ship order S-1"),
        ("6A11111111111", "Do not ship order S-1"),
        // Its shipment is under way.
        ("A-1", "Do not ship order A-1 Shipment by Walid Wagner at 14:12"),
        ("2611170812CDIS", "Several orders have the number 2611170812CDIS"),
    ] {
        let page = scan(&browser, number).await;
        assert_eq!(page.status, 422, "{number}");
        assert!(page.title().starts_with("Error: "), "{}", page.title());
        let text = page.main_text();
        assert!(text.contains(words), "{words}: {text}");
        // Neither the order before nor what was typed stays in the way of the next scan.
        assert!(!text.contains("Last shipment"), "{text}");
        assert_eq!(page.value_of("number"), None);
        assert!(page.body.contains("id=\"acknowledge\" href=\"/shipping\">OK</a>"));
    }
    let several = scan(&browser, "2611170812CDIS").await;
    assert!(several.body.contains("href=\"/orders/maison/A-2/ship?from=shipping\""));
    let calm = browser.get("/shipping").await;
    assert!(!calm.body.contains("id=\"failed\""), "{}", calm.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_day_is_counted_and_the_most_urgent_come_first(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let hours = SignedDuration::from_hours;
    for (id, due) in [("A-1", 2), ("A-2", -20), ("A-3", 30), ("A-4", 5)] {
        let mut order = order(id);
        order.ship_by = Some(shop.app.now() + hours(due));
        shop.mirror(order).await;
    }
    let mut theirs = order("F-1");
    for line in &mut theirs.lines {
        line.supply_mode = comptoir::domain::order::SupplyMode::Fulfillment;
    }
    shop.mirror(theirs).await;
    shop.mirror(moved(order("W-1"), "WaitingAcceptance", -60)).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let order_of = |page: &Page| -> Vec<String> {
        let links = page.body.split("/ship?from=shipping\"").collect::<Vec<_>>();
        let last = |it: &&str| it.rsplit('/').next().unwrap().to_owned();
        links[..links.len() - 1].iter().map(last).collect()
    };
    let page = browser.get("/shipping").await;
    assert!(page.main_text().contains("0 of 3 due today"), "{}", page.main_text());
    assert_eq!(order_of(&page), ["A-2", "A-1", "A-4", "A-3"]);

    ship(&browser, "A-2").await;
    ship(&browser, "A-3").await;
    let page = browser.get("/shipping").await;
    assert!(page.main_text().contains("1 of 3 due today"), "{}", page.main_text());
    assert_eq!(order_of(&page), ["A-1", "A-4"]);

    // What the marketplace refuses is to be done again.
    let now = shop.app.now();
    let refused = |it: Progress| it.no_longer_possible(Reading::Absent, Refusal::NotAllowed, now);
    shop.carry_on("A-2", refused).await;
    let page = browser.get("/shipping").await;
    assert!(page.main_text().contains("0 of 3 due today"), "{}", page.main_text());
    assert_eq!(order_of(&page), ["A-2", "A-1", "A-4"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn only_who_may_ship_is_offered_the_box(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    for role in Role::ALL {
        let may = matches!(role, Role::Warehouse | Role::Admin);
        let browser = shop.sign_in(role).await;
        let page = browser.get("/shipping").await;
        assert_eq!(page.status, if may { 200 } else { 403 }, "{role:?}");
        assert_eq!(scan(&browser, "A-1").await.status, if may { 303 } else { 403 }, "{role:?}");
        let orders = browser.get("/orders").await;
        assert_eq!(orders.body.contains("<a href=\"/shipping\""), may, "{role:?}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_audit_knows_of_a_scan_and_not_what_was_scanned(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    scan(&browser, "2611170812CDIS").await;
    scan(&browser, "nobody@customer.example").await;
    let audited = shop.app.audited().await;
    assert_eq!(audited[audited.len() - 2..], ["searched by Walid", "searched by Walid"]);
    let details: Vec<String> =
        sqlx::query_scalar("SELECT details::text FROM audit WHERE kind = 'searched'")
            .fetch_all(&shop.app.pool)
            .await
            .unwrap();
    assert!(!details.join(" ").contains("CDIS"), "{details:?}");
    assert!(!details.join(" ").contains("customer.example"), "{details:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_box_speaks_french(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await.speaking("fr");
    let text = scan(&browser, "404").await.text();
    assert!(text.contains("Introuvable : 404"), "{text}");
    assert!(text.contains("0 sur 1 à expédier aujourd’hui"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_marked_as_packed_and_the_mark_is_taken_off_again(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let mark = async |packed: &str| {
        let page = browser.get(&href("A-1")).await;
        let form = Filled::of(&page, "/packed");
        assert_eq!(form.all("packed"), [packed]);
        form.post(&browser, &href("A-1/packed")).await
    };
    for _ in 0..2 {
        let answer = mark("yes").await;
        assert_eq!((answer.status, answer.location()), (303, "/orders/maison/A-1"));
        let text = browser.get(&href("A-1")).await.main_text();
        assert!(text.contains("Packed 14:12 by Walid Wagner"), "{text}");
        assert!(text.contains("Walid Wagner packed the order"), "{text}");
        let queue = browser.get("/shipping").await;
        assert!(queue.body.contains("<span class=\"tag\">Packed</span>"), "{}", queue.main());
        assert_eq!(mark("no").await.status, 303);
        let text = browser.get(&href("A-1")).await.main_text();
        assert!(text.contains("Packed Not yet"), "{text}");
        assert!(text.contains("Walid Wagner took the packed mark off"), "{text}");
    }
    let audited = shop.app.audited().await;
    assert_eq!(audited.iter().filter(|it| *it == "packed by Walid").count(), 4, "{audited:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn saying_twice_that_an_order_is_packed_is_one_event(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let path = href("A-1/packed");
    for _ in 0..3 {
        let fields = [("packed", "yes"), ("next", "/shipping")];
        assert_eq!(browser.post(&path, &fields).await.location(), "/shipping");
    }
    let events: i64 =
        sqlx::query_scalar("SELECT count(*) FROM order_events WHERE event ->> 'event' = 'packed'")
            .fetch_one(&shop.app.pool)
            .await
            .unwrap();
    assert_eq!(events, 1);
    // An address that somebody else chose is not gone to.
    let fields = [("packed", "no"), ("next", "https://evil.example/")];
    assert_eq!(browser.post(&path, &fields).await.location(), "/");
    assert_eq!(browser.post(&path, &[("packed", "perhaps")]).await.status, 400);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn only_what_may_be_shipped_may_be_packed_and_only_by_who_may_ship(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    shop.mirror(moved(order("S-1"), "Cancelled", -30)).await;
    let yes = [("packed", "yes")];
    for role in [Role::Viewer, Role::CustomerService, Role::Manager] {
        let browser = shop.sign_in(role).await;
        let page = browser.post(&href("A-1/packed"), &yes).await;
        assert_eq!(page.status, 403, "{role:?}");
        assert!(!browser.get(&href("A-1")).await.body.contains("A-1/packed"), "{role:?}");
    }
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.post(&href("S-1/packed"), &yes).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("cannot be marked as packed"), "{}", page.main_text());
    assert_eq!(browser.post(&href("X-1/packed"), &yes).await.status, 404);

    // Packed first and canceled afterwards: the parcel is opened again.
    assert_eq!(browser.post(&href("A-1/packed"), &yes).await.status, 303);
    shop.mirror(moved(order("A-1"), "Cancelled", -10)).await;
    assert!(browser.get(&href("A-1")).await.main_text().contains("Packed 14:12"));
    assert_eq!(browser.post(&href("A-1/packed"), &[("packed", "no")]).await.status, 303);
    let page = browser.get(&href("A-1")).await;
    assert!(!page.body.contains("A-1/packed"), "{}", page.main_text());
}
