//! Nothing that was typed is lost, and nothing happens twice.

use comptoir::domain::operator::Role;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::world::MOST_URGENT;
use crate::world::SHIPPED;
use crate::world::TO_SHIP;
use crate::world::World;

const NUMBER: &str = "6A21938475999";

async fn open_form(browser: &Browser, order_id: &str) {
    browser.goto(&format!("/orders/maison/{order_id}/ship")).await;
    browser.choose("#p1-carrier", "Colissimo").await;
    browser.fill("#p1-number", NUMBER).await;
}

async fn mistake(world: &World, scripts: Scripts) {
    let browser = world.signed_in(Role::Warehouse, scripts).await;
    open_form(&browser, TO_SHIP).await;
    browser.fill("#p1-url", "ftp://suivi.test/6A21938475999").await;
    browser.click("#send").await;
    let words = "Tracking link must start with http:// or https://";
    browser.see_text(".error-summary", words).await;
    browser.see_text("#p1-url-error", words).await;
    assert_eq!(browser.attribute("#p1-url", "aria-invalid").await, "true");
    assert_eq!(browser.value("#p1-carrier").await, "Colissimo", "{scripts:?}");
    assert_eq!(browser.value("#p1-number").await, NUMBER, "{scripts:?}");
    assert_eq!(browser.value("#p1-url").await, "ftp://suivi.test/6A21938475999", "{scripts:?}");
    assert!(browser.title().await.starts_with("Error: "), "{}", browser.title().await);
    if scripts == Scripts::On {
        browser.see_focus(".error-summary").await;
    }
    browser.click(".error-summary a").await;
    browser.see_focus("#p1-url").await;
    assert_eq!(world.promises(TO_SHIP).await, 0);

    // The link is right now, but odd.
    browser.fill("#p1-url", "https://suivi.test/colis").await;
    browser.click("#send").await;
    browser.see_text("#h-warnings", "Check before sending").await;
    assert_eq!(browser.text_of("#send").await, "Send anyway");
    assert_eq!(browser.value("#p1-url").await, "https://suivi.test/colis", "{scripts:?}");
    // Another oddity is another question.
    browser.fill("#p1-number", SHIPPED.1).await;
    browser.click("#send").await;
    browser.see_text("main", &format!("{} is already used", SHIPPED.1)).await;
    assert_eq!(world.promises(TO_SHIP).await, 0, "{scripts:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_mistake_is_told_at_the_top_and_at_its_field_and_all_input_is_kept(pool: PgPool) {
    let world = World::live(pool, 20).await;
    mistake(&world, Scripts::On).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_scripts_a_mistake_is_told_at_its_field_and_all_input_is_kept(pool: PgPool) {
    let world = World::live(pool, 20).await;
    mistake(&world, Scripts::Off).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_merely_odd_is_sent_once_the_warning_was_read(pool: PgPool) {
    let world = World::live(pool, 20).await;
    for (scripts, order_id) in [(Scripts::On, TO_SHIP), (Scripts::Off, MOST_URGENT)] {
        let browser = world.signed_in(Role::Warehouse, scripts).await;
        open_form(&browser, order_id).await;
        browser.fill("#p1-url", &format!("https://suivi.test/{order_id}")).await;
        browser.click("#send").await;
        browser.see_text("#h-warnings", "Check before sending").await;
        assert_eq!(world.promises(order_id).await, 0, "{scripts:?}");
        browser.click("#send").await;
        browser.see("#facts [data-state]").await;
        assert_eq!(world.promises(order_id).await, 1, "{scripts:?}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn pressing_twice_loading_again_and_going_back_make_one_promise(pool: PgPool) {
    let world = World::live(pool, 20).await;
    for (scripts, order_id) in [(Scripts::On, TO_SHIP), (Scripts::Off, "2611190914RR8W")] {
        let browser = world.signed_in(Role::Warehouse, scripts).await;
        open_form(&browser, order_id).await;
        browser.double_click("#send").await;
        browser.see_text("#countdown", "Sending in").await;
        browser.reload().await;
        browser.see_text("#countdown", "Sending in").await;
        assert_eq!(world.promises(order_id).await, 1, "{scripts:?}");

        browser.back().await;
        if scripts == Scripts::On {
            browser.see_text("main h1", "Not possible now").await;
            browser.see_text("main [role=alert]", "Shipment by Walid Wagner").await;
            assert_eq!(browser.count("#send").await, 0);
        } else {
            // The browser shows the page that it left, and the same form again is no second promise.
            assert_eq!(browser.value("#p1-number").await, NUMBER);
            browser.click("#send").await;
            browser.see_text("#countdown", "Sending in").await;
        }
        assert_eq!(world.promises(order_id).await, 1, "{scripts:?}");
    }
}
