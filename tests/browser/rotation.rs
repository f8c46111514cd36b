//! A seller account's secret is replaced on the page while orders are being shipped: nothing is lost, and
//! nothing happens twice.

use std::time::Duration;

use comptoir::domain::operator::Role;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::Party;
use octopia_simulator::When;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::world::World;

const FORM: &str = "/settings/accounts/maison";
const SECOND: &str = "the-second-secret-9b1c";

/// The account's form, filled in with that secret, and sent.
async fn save(world: &World, admin: &Browser, secret: &str) {
    admin.goto(FORM).await;
    admin.fill("#client-id", "maison-client").await;
    admin.fill("#base-url", &world.simulator.base_url()).await;
    admin.fill("#token-url", &world.simulator.token_url()).await;
    admin.fill("#secret", secret).await;
    admin.click("#save").await;
}

/// Looks at the database until the order is mirrored.
async fn read(world: &World, order: &str) {
    eventually(&format!("{order} is read"), async || {
        let sql = "SELECT count(*) FROM orders WHERE order_id = $1";
        let found: i64 = sqlx::query_scalar(sql).bind(order).fetch_one(&world.pool).await.unwrap();
        found == 1
    })
    .await;
}

async fn eventually(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let looking = async { while !done().await {} };
    tokio::time::timeout(Duration::from_mins(1), looking)
        .await
        .unwrap_or_else(|_| panic!("{what}"));
}

async fn state(world: &World, order: &str) -> String {
    let sql = "SELECT state FROM promises WHERE order_id = $1";
    sqlx::query_scalar(sql).bind(order).fetch_one(&world.pool).await.unwrap()
}

async fn ship(browser: &Browser, order: &str) {
    browser.goto(&format!("/orders/maison/{order}/ship")).await;
    browser.choose("#p1-carrier", "Colissimo").await;
    browser.fill("#p1-number", &format!("6A{order}")).await;
    browser.click("#send").await;
    browser.see("#live").await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_secret_is_replaced_while_orders_are_shipped_and_nothing_is_lost(pool: PgPool) {
    let world = World::of_pages(pool).await;
    let admin = world.signed_in(Role::Admin, Scripts::On).await;
    let walid = world.signed_in(Role::Warehouse, Scripts::On).await;
    let orders: Vec<String> =
        (0..6).map(|_| world.simulator.add(OrderDraft::new("maison"))).collect();
    save(&world, &admin, "maison-secret").await;
    admin.see("[data-account=maison]").await;
    assert_eq!(admin.path().await, "/settings/accounts");
    for order in &orders {
        read(&world, order).await;
    }

    // One shipment is on its way when the marketplace changes the secret; others follow.
    let posts = Matcher::new("POST", "/shipments").order(&orders[0]);
    let hold = world.simulator.hold(posts, When::Before);
    ship(&walid, &orders[0]).await;
    hold.reached().await;
    world.simulator.set_secret("maison", SECOND);
    world.simulator.revoke_tokens();
    for order in &orders[1..4] {
        ship(&walid, order).await;
    }
    let sold_meanwhile = world.simulator.add(OrderDraft::new("maison"));

    // The account stops with words, and everything waits.
    let stopped = async || {
        admin.goto("/sync").await;
        admin.count("[data-account=maison][data-sync=stopped]").await == 1
    };
    eventually("the account stops", stopped).await;
    admin.see_text("[data-account=maison]", "Octopia refuses our credentials").await;
    admin.was_quiet().await;

    // A slip of the hand is noticed before anything changes.
    save(&world, &admin, "not-the-second-secret").await;
    admin.see_text(".error-summary", "nothing was saved").await;
    assert_eq!(admin.complaints().await.len(), 1, "the answer that said no");
    assert_ne!(state(&world, &orders[1]).await, "refused");

    save(&world, &admin, SECOND).await;
    admin.see("[data-account=maison]").await;
    assert_eq!(admin.path().await, "/settings/accounts");
    admin.see_text("[data-account=maison]", "9b1c").await;
    for order in &orders[4..] {
        ship(&walid, order).await;
    }
    hold.release();

    for order in &orders {
        eventually(&format!("{order} is confirmed"), async || {
            state(&world, order).await == "confirmed"
        })
        .await;
        let effects = world.simulator.ledger();
        let ours = |it: &&octopia_simulator::Effect| {
            it.order_id == *order && it.kind == "shipment" && it.by == Party::Api
        };
        assert_eq!(effects.iter().filter(ours).count(), 1, "{order}");
        assert_eq!(world.promises(order).await, 1, "{order}");
    }
    read(&world, &sold_meanwhile).await;
    let last = world.simulator.add(OrderDraft::new("maison"));
    read(&world, &last).await;
    admin.goto("/sync").await;
    assert_eq!(admin.count("[data-account=maison][data-sync=stopped]").await, 0);
    walid.goto(&format!("/orders/maison/{}", orders[1])).await;
    walid.see("#facts [data-state=confirmed]").await;
    walid.was_quiet().await;
    admin.was_quiet().await;
}
