//! The whole way, without JavaScript: from the form to the marketplace and back onto the page.

use comptoir::domain::operator::Role;
use octopia_simulator::Fault;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::When;
use serde_json::json;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::support::Filled;
use crate::support::World;
use crate::support::href;

/// Ships the order with that number; gives the address it leads to.
async fn ship(browser: &Browser, order: &str, number: &str) -> String {
    let path = format!("{}/ship", href(order));
    let form = Filled::of(&browser.get(&path).await, "/ship")
        .set("parcels[1].carrier", "Colissimo")
        .set("parcels[1].number", number);
    let answer = form.post(browser, &path).await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    answer.location().to_owned()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_shipment_goes_from_the_form_to_confirmed_and_shipped(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison").lines(2));
    world.pull().await;
    let browser = world.shop.sign_in(Role::Warehouse).await;
    let page = browser.get(&href(&order)).await;
    assert!(page.main_text().contains("Ship 2 lines"), "{}", page.main_text());
    let page = browser.get(&ship(&browser, &order, "6A21938475603").await).await;
    assert!(page.body.contains("data-state=\"queued\""));
    assert!(page.main_text().contains("Check again"));
    assert_eq!(world.calls("POST", "/shipments").len(), 0);

    world.send().await;

    let page = browser.get(&href(&order)).await;
    assert!(page.body.contains("data-state=\"confirmed\""));
    assert!(page.body.contains("class=\"badge\" data-status=\"Shipped\""));
    assert!(page.main_text().contains("Shipment confirmed by Octopia."));
    assert!(!page.body.contains("every 2s"));
    let calls = world.calls("POST", "/shipments");
    assert_eq!(calls.len(), 1);
    let parcel = &calls[0].body[0];
    assert_eq!(parcel["parcelNumber"], json!("6A21938475603"));
    assert_eq!(parcel["orderLineIds"].as_array().unwrap().len(), 2);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_shipment_that_was_taken_back_is_never_sent(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    let browser = world.shop.sign_in(Role::Warehouse).await;
    let page = browser.get(&ship(&browser, &order, "6A21938475603").await).await;
    let promise = world.shop.promise(&order).await;
    let withdraw = format!("/promises/{promise}/withdraw");
    Filled::of(&page, "/withdraw").post(&browser, &withdraw).await;
    world.send().await;
    assert_eq!(world.calls("POST", "/shipments").len(), 0);
    let page = browser.get(&href(&order)).await;
    assert!(page.body.contains("data-state=\"withdrawn\""));
    assert!(page.body.contains("data-status=\"InPreparation\""));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_answer_that_was_lost_is_found_out(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    let browser = world.shop.sign_in(Role::Warehouse).await;
    let shipments = Matcher::new("POST", "/shipments");
    world.simulator.fault(Fault::reset(When::After).on(shipments).times(1));
    ship(&browser, &order, "6A21938475603").await;
    world.send().await;
    world.send().await;
    let page = browser.get(&href(&order)).await;
    assert!(page.body.contains("data-state=\"confirmed\""), "{}", page.main_text());
    assert!(page.main_text().contains("No answer, checking with the marketplace"));
    assert_eq!(world.calls("POST", "/shipments").len(), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_accepted_at_the_marketplace(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    world.pull().await;
    let browser = world.shop.sign_in(Role::Admin).await;
    let form = Filled::of(&browser.get(&href(&order)).await, "/approve");
    form.post(&browser, &format!("{}/approve", href(&order))).await;
    world.send().await;
    let page = browser.get(&href(&order)).await;
    assert!(page.body.contains("data-status=\"Accepted\""), "{}", page.main_text());
    assert_eq!(world.calls("POST", "/approval-status").len(), 1);
}
