//! Accepting, refusing, and taking back what has not left.

use comptoir::domain::operator::Role;
use serde_json::json;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::shipping::look_again_until;
use crate::world::TO_ACCEPT;
use crate::world::TO_REFUSE;
use crate::world::TO_SHIP;
use crate::world::World;

/// Waits until the page shows the status, the way such a browser can.
async fn await_status(browser: &Browser, scripts: Scripts, status: &str) {
    let css = format!("#facts [data-status={status}]");
    match scripts {
        Scripts::On => drop(browser.see(&css).await),
        Scripts::Off => look_again_until(browser, &css).await,
    }
    browser.see("#facts [data-state=confirmed]").await;
}

async fn accept_one_and_refuse_one(pool: PgPool, scripts: Scripts) {
    let world = World::live(pool, 0).await;
    let browser = world.signed_in(Role::Warehouse, scripts).await;
    browser.goto(&format!("/orders/maison/{TO_ACCEPT}")).await;
    browser.click("#act-approve").await;
    await_status(&browser, scripts, "Accepted").await;
    let accepted = [json!({ "approval_status": "Accepted" })];
    assert_eq!(world.bodies(TO_ACCEPT, "/approval-status"), accepted);
    assert_eq!(browser.count("#act-approve").await, 0);

    browser.goto(&format!("/orders/maison/{TO_REFUSE}")).await;
    browser.click("#act-refuse").await;
    // Refusing ends a customer's order: the page says so before anything happens.
    browser.see_text("main", "The customer’s order ends").await;
    assert_eq!(world.promises(TO_REFUSE).await, 0);
    browser.click("#send").await;
    await_status(&browser, scripts, "Refused").await;
    let refused = [json!({ "approval_status": "Refused" })];
    assert_eq!(world.bodies(TO_REFUSE, "/approval-status"), refused);
    browser.was_quiet().await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_accepted_and_another_refused(pool: PgPool) {
    accept_one_and_refuse_one(pool, Scripts::On).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_scripts_an_order_is_accepted_and_another_refused(pool: PgPool) {
    accept_one_and_refuse_one(pool, Scripts::Off).await;
}

async fn ship(browser: &Browser) {
    browser.goto(&format!("/orders/maison/{TO_SHIP}/ship")).await;
    browser.choose("#p1-carrier", "Colissimo").await;
    browser.fill("#p1-number", "6A21938475888").await;
    browser.click("#send").await;
    browser.see_text("#countdown", "Sending in").await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_has_not_left_is_taken_back_and_never_arrives(pool: PgPool) {
    let world = World::live(pool, 20).await;
    for scripts in [Scripts::On, Scripts::Off] {
        let browser = world.signed_in(Role::Warehouse, scripts).await;
        ship(&browser).await;
        if scripts == Scripts::On {
            // The time that is left goes down before the eyes, and the button keeps the focus meanwhile.
            browser.run("document.getElementById('next-step').focus()", json!([])).await;
            let first = browser.text_of("#countdown").await;
            browser
                .query("#countdown")
                .ignore_errors(true)
                .without_text(first)
                .first()
                .await
                .unwrap();
            browser.see_focus("#next-step").await;
        }
        browser.click("#next-step").await;
        browser.see_text(".notice", "sending canceled, nothing was sent").await;
        browser.see("#facts [data-state=withdrawn]").await;
        browser.see("#facts [data-status=InPreparation]").await;
        browser.see("#act-ship").await;
        browser.was_quiet().await;
    }
    assert_eq!(world.promises(TO_SHIP).await, 2);
    assert_eq!(world.posts(TO_SHIP, "/shipments").len(), 0);
}
