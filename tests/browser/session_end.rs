//! What stays on a screen when a session is over, and nobody may sit there.

use comptoir::domain::operator::Role;
use serde_json::json;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::world::PASSWORD;
use crate::world::TO_SHIP;
use crate::world::World;
use crate::world::email;

/// Somebody comes back to the tab. The page also asks each minute.
async fn come_back(browser: &Browser) {
    browser.run("document.dispatchEvent(new Event('visibilitychange'))", json!([])).await;
}

async fn end_sessions(pool: &PgPool) {
    sqlx::query("DELETE FROM sessions").execute(pool).await.unwrap();
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_goes_with_the_session(pool: PgPool) {
    let world = World::still(pool.clone()).await;
    let browser = world.signed_in(Role::Warehouse, Scripts::On).await;
    browser.goto("/orders").await;
    come_back(&browser).await;
    browser.see(".app-bar .menu").await;

    end_sessions(&pool).await;
    come_back(&browser).await;
    browser.see("#password").await;
    assert_eq!(browser.path().await, "/sign-in?next=%2Forders");
    browser.back().await;
    browser.see("#password").await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn of_a_page_with_input_the_form_stays_and_can_be_sent_after_sign_in(pool: PgPool) {
    let world = World::still(pool.clone()).await;
    let browser = world.signed_in(Role::Warehouse, Scripts::On).await;
    browser.goto(&format!("/orders/maison/{TO_SHIP}/ship")).await;
    browser.fill("#p1-number", "6A21938475999").await;

    end_sessions(&pool).await;
    come_back(&browser).await;
    browser.see_text("main > .notice", "What you typed is still here").await;
    assert_eq!(browser.count("main > :not(#problem)").await, 2, "the words and the form");
    assert_eq!(browser.value("#p1-number").await, "6A21938475999");

    browser.click("#send").await;
    browser.see("#password").await;
    browser.fill("#email", &email(Role::Warehouse)).await;
    browser.fill("#password", PASSWORD).await;
    browser.click("button.primary").await;
    // What was kept is asked about, and comes back where it was typed.
    browser.see("#h-again").await;
    browser.click("button.primary").await;
    browser.see("#p1-number").await;
    assert_eq!(browser.value("#p1-number").await, "6A21938475999");
}
