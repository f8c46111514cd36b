//! The main job: from the sign-in to an order that the marketplace has confirmed as shipped.

use comptoir::domain::operator::Role;
use serde_json::json;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::world::MOST_URGENT;
use crate::world::SEVERAL_PARCELS;
use crate::world::World;

const NUMBER: &str = "6A21938475777";

/// From the list to the form of the order that is due first, and off it goes.
async fn ship_the_most_urgent(browser: &Browser) {
    browser.goto("/orders?status=InPreparation").await;
    browser.click("tbody tr[data-due] th a").await;
    browser.see("#act-ship").await;
    // The list comes along, so that the next order can be gone to from here.
    let path = browser.path().await;
    assert!(path.starts_with(&format!("/orders/maison/{MOST_URGENT}?list=status")), "{path}");
    browser.click("#act-ship").await;
    browser.choose("#p1-carrier", "Colissimo").await;
    browser.fill("#p1-number", NUMBER).await;
    browser.click("#send").await;
    browser.see("#live").await;
    let path = browser.path().await;
    assert!(path.starts_with(&format!("/orders/maison/{MOST_URGENT}")), "{path}");
}

/// Exactly one shipment of everything in the order was declared.
fn shipped_once(world: &World, order_id: &str) {
    let lines = world.simulator.order(order_id).unwrap().lines;
    let lines: Vec<_> = lines.iter().map(|it| it.id.as_str()).collect();
    let parcel =
        json!({ "parcelNumber": NUMBER, "carrierName": "Colissimo", "orderLineIds": lines });
    assert_eq!(world.bodies(order_id, "/shipments"), [json!([parcel])]);
}

/// Both truths side by side: the marketplace's status, and what became of the promise.
async fn see_shipped(browser: &Browser) {
    browser.see("#facts [data-status=Shipped]").await;
    browser.see_text("#facts [data-state=confirmed]", "Shipment confirmed").await;
    browser.see_text("#history [data-state=confirmed]", "Confirmed").await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_shipped_and_its_page_follows_by_itself(pool: PgPool) {
    let world = World::live(pool, 0).await;
    let browser = world.signed_in(Role::Warehouse, Scripts::On).await;
    ship_the_most_urgent(&browser).await;
    // A page that is loaded anew forgets this.
    browser.run("window.still = 'the same page'", json!([])).await;
    see_shipped(&browser).await;
    browser.see_text("#live .notice", "confirmed by Octopia").await;
    browser.see_text("#parcels", NUMBER).await;
    assert_eq!(browser.run("return window.still", json!([])).await, "the same page");
    shipped_once(&world, MOST_URGENT);
    browser.was_quiet().await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_scripts_an_order_is_shipped_and_its_page_has_a_link_to_look_again(pool: PgPool) {
    let world = World::live(pool, 0).await;
    let browser = world.signed_in(Role::Warehouse, Scripts::Off).await;
    assert_eq!(browser.run("return typeof htmx", json!([])).await, "undefined");
    ship_the_most_urgent(&browser).await;
    look_again_until(&browser, "#facts [data-status=Shipped]").await;
    see_shipped(&browser).await;
    shipped_once(&world, MOST_URGENT);
    browser.was_quiet().await;
}

/// Follows the page's own link to itself until that is there; what happens after the last promise is settled comes
/// with the page's address alone.
pub async fn look_again_until(browser: &Browser, css: &str) {
    // Each look is a page; the time limit of the whole is the marketplace's and the worker's pace.
    for _ in 0..200 {
        if browser.count(css).await > 0 {
            return;
        }
        if browser.count("noscript a").await > 0 {
            browser.click("noscript a").await;
        } else {
            browser.goto(&browser.path().await).await;
        }
    }
    panic!("no {css}: {}", browser.text().await);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_second_parcel_is_added_and_removed_and_both_are_declared_in_one_call(pool: PgPool) {
    let world = World::live(pool, 0).await;
    for scripts in [Scripts::On, Scripts::Off] {
        let browser = world.signed_in(Role::Warehouse, scripts).await;
        browser.goto(&format!("/orders/maison/{SEVERAL_PARCELS}/ship")).await;
        browser.fill("#p1-number", "WRT-1").await;
        browser.click("button[name=add]").await;
        browser.see("#p2-number").await;
        assert_eq!(browser.value("#p1-number").await, "WRT-1", "{scripts:?}");
        browser.fill("#p2-number", "WRT-2").await;
        browser.click("button[name=remove][value='1']").await;
        browser.query("#p2-number").wait_until_gone().await.unwrap();
        assert_eq!(browser.value("#p1-number").await, "WRT-2", "{scripts:?}");
    }
    assert_eq!(world.promises(SEVERAL_PARCELS).await, 0);
    let browser = world.signed_in(Role::Warehouse, Scripts::On).await;
    browser.goto(&format!("/orders/maison/{SEVERAL_PARCELS}/ship")).await;
    browser.choose("#p1-carrier", "DPD").await;
    browser.fill("#p1-number", "0548800001").await;
    browser.click("#p1-line-3").await;
    browser.click("button[name=add]").await;
    browser.choose("#p2-carrier", "Other carrier").await;
    browser.fill("#p2-other", "Transports Guégan").await;
    browser.fill("#p2-number", "TG-2611-00482").await;
    browser.click("#p2-line-3").await;
    browser.click("#send").await;
    see_shipped(&browser).await;
    let lines = world.simulator.order(SEVERAL_PARCELS).unwrap().lines;
    let expected = json!([
        { "parcelNumber": "0548800001", "carrierName": "DPD",
          "orderLineIds": [lines[0].id, lines[1].id] },
        { "parcelNumber": "TG-2611-00482", "carrierName": "Transports Guégan",
          "orderLineIds": [lines[2].id] },
    ]);
    assert_eq!(world.bodies(SEVERAL_PARCELS, "/shipments"), [expected]);
    browser.was_quiet().await;
}
