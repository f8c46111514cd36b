//! The main job without a mouse.

use sqlx::PgPool;
use thirtyfour::Key;

use comptoir::domain::operator::Role;

use crate::browser::Scripts;
use crate::world::PASSWORD;
use crate::world::TO_SHIP;
use crate::world::World;
use crate::world::email;

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_found_and_shipped_with_the_keyboard_alone(pool: PgPool) {
    let world = World::live(pool, 0).await;
    let browser = world.visitor(Scripts::On).await;
    browser.goto("/sign-in").await;
    browser.tab_to("#email").await;
    browser.press(email(Role::Warehouse)).await;
    browser.tab_to("#password").await;
    browser.press(PASSWORD).await;
    browser.press(Key::Enter).await;
    browser.see(".app-bar .menu").await;

    // The first stop leads past the navigation.
    browser.press(Key::Tab).await;
    assert!(browser.focus_is(".skip-link").await);
    browser.press(Key::Enter).await;
    browser.see_focus("main").await;
    browser.goto("/orders").await;

    browser.tab_to("#find").await;
    browser.press(TO_SHIP).await;
    browser.press(Key::Enter).await;
    browser.see("#act-ship").await;
    assert_eq!(browser.path().await, format!("/orders/maison/{TO_SHIP}"));
    browser.tab_to("#act-ship").await;
    browser.press(Key::Enter).await;

    // The form begins where the work begins.
    browser.see_focus("#p1-carrier").await;
    browser.press("Colissimo").await;
    browser.tab_to("#p1-number").await;
    browser.press("6A21938475555").await;
    // What a scanner presses after the number.
    browser.press(Key::Enter).await;
    browser.see("#facts [data-status=Shipped]").await;
    assert_eq!(world.posts(TO_SHIP, "/shipments").len(), 1);
    assert_eq!(world.bodies(TO_SHIP, "/shipments")[0][0]["carrierName"], "Colissimo");
    browser.was_quiet().await;
}
