//! The main jobs without a mouse, and the single keys that make them short.

use sqlx::PgPool;
use thirtyfour::Key;

use comptoir::domain::operator::Role;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::world::PASSWORD;
use crate::world::TO_ACCEPT;
use crate::world::TO_SHIP;
use crate::world::World;
use crate::world::email;

/// Somebody who signed in with the keyboard.
async fn at_the_keyboard(world: &World, role: Role) -> Browser {
    let browser = world.visitor(Scripts::On).await;
    browser.goto("/sign-in").await;
    browser.tab_to("#email").await;
    browser.press(email(role)).await;
    browser.tab_to("#password").await;
    browser.press(PASSWORD).await;
    browser.press(Key::Enter).await;
    browser.see(".app-bar .menu").await;
    browser
}

/// Finds the order by its number.
async fn find(browser: &Browser, order: &str) {
    browser.goto("/orders").await;
    browser.tab_to("#find").await;
    browser.press(order).await;
    browser.press(Key::Enter).await;
    browser.see("#actions").await;
    assert_eq!(browser.path().await, format!("/orders/maison/{order}"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_found_and_shipped_with_the_keyboard_alone(pool: PgPool) {
    let world = World::live(pool, 0).await;
    let browser = at_the_keyboard(&world, Role::Warehouse).await;

    // The first stop leads past the navigation.
    browser.press(Key::Tab).await;
    assert!(browser.focus_is(".skip-link").await);
    browser.press(Key::Enter).await;
    browser.see_focus("main").await;
    find(&browser, TO_SHIP).await;
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

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_accepted_with_the_keyboard_alone(pool: PgPool) {
    let world = World::live(pool, 0).await;
    let browser = at_the_keyboard(&world, Role::Warehouse).await;
    find(&browser, TO_ACCEPT).await;
    browser.tab_to("#act-approve").await;
    browser.press(Key::Enter).await;
    browser.see("#facts [data-state=confirmed]").await;
    assert_eq!(world.posts(TO_ACCEPT, "/approval-status").len(), 1);
    browser.was_quiet().await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_cancelled_with_the_keyboard_alone(pool: PgPool) {
    let world = World::live(pool, 0).await;
    let browser = at_the_keyboard(&world, Role::CustomerService).await;
    find(&browser, TO_SHIP).await;
    browser.tab_to("#act-cancel").await;
    browser.press(Key::Enter).await;
    browser.see("#reason").await;
    browser.tab_to("#reason").await;
    browser.press("Refused").await;
    browser.tab_to("#shipping-yes").await;
    browser.press(" ").await;
    browser.tab_to("#send").await;
    browser.press(Key::Enter).await;
    browser.see("#review").await;
    browser.tab_to("#send").await;
    browser.press(Key::Enter).await;
    browser.see("#facts [data-state=confirmed]").await;
    browser.was_quiet().await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn single_keys_lead_from_the_list_to_the_form_and_never_act_while_somebody_types(
    pool: PgPool,
) {
    let world = World::live(pool, 0).await;
    let sam = world.signed_in(Role::CustomerService, Scripts::On).await;
    sam.goto(&format!("/orders/maison/{TO_SHIP}")).await;
    sam.press("go").await;
    sam.see("tbody tr[data-due]").await;
    sam.press("j").await;
    sam.see_focus("tbody tr:has(a) th a").await;
    let first = sam.focused_text().await;
    sam.press("j").await;
    assert_ne!(sam.focused_text().await, first);
    sam.press("k").await;
    assert_eq!(sam.focused_text().await, first);
    // The sheet says what there is, and goes away.
    sam.press("?").await;
    sam.see("#shortcut-sheet kbd").await;
    sam.press(Key::Escape).await;
    sam.query("#shortcut-sheet kbd").and_not_displayed().first().await.unwrap();
    // In a field, a letter is a letter.
    sam.press("/").await;
    sam.see_focus("#find").await;
    sam.press("go?").await;
    assert_eq!(sam.value("#find").await, "go?");
    sam.goto(&format!("/orders/maison/{TO_SHIP}")).await;
    sam.press("c").await;
    sam.see("#reason").await;
    sam.was_quiet().await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn where_scanners_type_single_keys_are_off_until_somebody_wants_them(pool: PgPool) {
    let world = World::live(pool, 0).await;
    let walid = world.signed_in(Role::Warehouse, Scripts::On).await;
    walid.goto(&format!("/orders/maison/{TO_SHIP}")).await;
    walid.see("#act-ship").await;
    assert_eq!(walid.count("#shortcut-sheet").await, 0);
    walid.press("s").await;
    assert_eq!(walid.path().await, format!("/orders/maison/{TO_SHIP}"));
    walid.goto("/settings/profile").await;
    walid.choose("#shortcuts", "On").await;
    walid.click("[aria-labelledby=h-preferences] button.primary").await;
    walid.see(".notice[data-icon=ok]").await;
    walid.goto(&format!("/orders/maison/{TO_SHIP}")).await;
    walid.see("#act-ship").await;
    walid.press("s").await;
    walid.see("#p1-number").await;
    walid.was_quiet().await;
}
