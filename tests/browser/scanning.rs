//! A day at the packing table: nothing but a scanner, which types and presses Enter.

use comptoir::domain::operator::Role;
use sqlx::PgPool;
use thirtyfour::Key;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::world::MOST_URGENT;
use crate::world::SHIPPED;
use crate::world::TO_SHIP;
use crate::world::World;

/// What the scanner does, once the field that it types into is there.
async fn scan(browser: &Browser, css: &str, text: &str) {
    browser.see(css).await;
    browser.see_focus(css).await;
    browser.press(text).await;
    enter(browser, css).await;
}

/// Presses Enter in that field. A key that is pressed wherever the focus is, chromedriver presses again on the next page
/// when the first one goes away under it; in a field that is gone it cannot.
async fn enter(browser: &Browser, css: &str) {
    let pressed = browser.see(css).await.send_keys(Key::Enter).await;
    if let Err(error) = pressed {
        assert!(error.to_string().contains("stale"), "{error}");
    }
}

/// Two orders, of which only the first asks for a carrier.
async fn pack(world: &World, scripts: Scripts) {
    let browser = world.signed_in(Role::Warehouse, scripts).await;
    browser.goto("/shipping").await;
    scan(&browser, "#scan", MOST_URGENT).await;
    browser.see_focus("#p1-number").await;
    browser.choose("#p1-carrier", "Colissimo").await;
    browser.tab_to("#p1-number").await;
    scan(&browser, "#p1-number", "6A21938475701").await;
    if scripts == Scripts::On {
        // The link is empty, and there is no other field.
        browser.see_focus("#p1-url").await;
        enter(&browser, "#p1-url").await;
    }
    browser.see("#sent").await;
    browser.see_text("#sent", MOST_URGENT).await;
    scan(&browser, "#scan", TO_SHIP).await;
    browser.see("#p1-number").await;
    assert_eq!(browser.value("#p1-carrier").await, "Colissimo");
    scan(&browser, "#p1-number", "6A21938475702").await;
    if scripts == Scripts::On {
        browser.see_focus("#p1-url").await;
        enter(&browser, "#p1-url").await;
    }
    browser.see_text("#sent", TO_SHIP).await;
    browser.see_focus("#scan").await;
    for order in [MOST_URGENT, TO_SHIP] {
        assert_eq!(world.promises(order).await, 1, "{order}");
    }
    browser.was_quiet().await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn orders_are_shipped_with_a_scanner_alone(pool: PgPool) {
    let world = World::still(pool).await;
    pack(&world, Scripts::On).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_scripts_orders_are_shipped_with_a_scanner_alone(pool: PgPool) {
    let world = World::still(pool).await;
    pack(&world, Scripts::Off).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_scan_that_fails_stays_until_it_is_acknowledged_or_the_next_one_is_good(pool: PgPool) {
    let world = World::still(pool).await;
    for scripts in [Scripts::On, Scripts::Off] {
        let browser = world.signed_in(Role::Warehouse, scripts).await;
        browser.goto("/shipping").await;
        scan(&browser, "#scan", "3612345678905").await;
        browser.see_text("#failed", "Not found: 3612345678905").await;
        browser.reload().await;
        browser.see_text("#failed", "Not found: 3612345678905").await;
        // The scanner goes on at once, and the page says what is wrong now.
        scan(&browser, "#scan", SHIPPED.1).await;
        browser.see_text("#failed", "Do not ship order").await;
        browser.see_text("#failed", SHIPPED.0).await;
        browser.see_focus("#scan").await;
        browser.click("#acknowledge").await;
        browser.query("#failed").wait_until_gone().await.unwrap();
        scan(&browser, "#scan", "nothing-of-ours").await;
        browser.see("#failed").await;
        scan(&browser, "#scan", TO_SHIP).await;
        browser.see_focus("#p1-number").await;
        assert_eq!(browser.count("#failed").await, 0);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_error_tone_is_off_until_somebody_switches_it_on(pool: PgPool) {
    let world = World::still(pool).await;
    let browser = world.signed_in(Role::Warehouse, Scripts::On).await;
    browser.goto("/shipping").await;
    browser.see_text("[data-sound]", "Error tone: off").await;
    browser.click("[data-sound]").await;
    browser.see_text("[data-sound]", "Error tone: on").await;
    browser.see_focus("#scan").await;
    browser.reload().await;
    browser.see_text("[data-sound]", "Error tone: on").await;
    browser.was_quiet().await;
    let silent = world.signed_in(Role::Warehouse, Scripts::Off).await;
    silent.goto("/shipping").await;
    // A button that does nothing is not shown.
    assert_eq!(silent.count("[data-sound][hidden]").await, 1);
}
