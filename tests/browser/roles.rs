//! What each role can do, and how it is told what it cannot: from the invitation to the marketplace's ledger.

use comptoir::domain::operator::Role;
use octopia_simulator::OrderDraft;
use octopia_simulator::Party;
use serde_json::json;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::world::MOST_URGENT;
use crate::world::SHIPPED;
use crate::world::TO_SHIP;
use crate::world::World;

const NO_SHIPPING: &str = "Your role cannot ship. Ask a warehouse colleague.";
const NO_CANCELLING: &str = "Your role cannot cancel. Ask a customer-service colleague.";
const GUEST_PASSWORD: &str = "quai-nord-palette-4711";

/// An admin makes the link, and whoever gets it chooses a name and a password, and signs in with them.
async fn invited(world: &World, role: Role, email: &str, name: &str) -> Browser {
    let admin = world.signed_in(Role::Admin, Scripts::On).await;
    admin.goto("/settings/users").await;
    admin.fill("#email", email).await;
    admin.click(&format!("#role-{}", role.as_str())).await;
    admin.click("#invite button.primary").await;
    admin.see_text("[data-invited]", email).await;
    let link = admin.value("#link").await;
    let path = link.strip_prefix(&world.origin).expect("a link to the pages");
    admin.was_quiet().await;

    let guest = world.visitor(Scripts::On).await;
    guest.goto(path).await;
    guest.fill("#name", name).await;
    guest.fill("#password", GUEST_PASSWORD).await;
    guest.click("button.primary").await;
    guest.see("#email[autocomplete=username]:not([readonly])").await;
    guest.fill("#email", email).await;
    guest.fill("#password", GUEST_PASSWORD).await;
    guest.click("button.primary").await;
    guest.see_text(".app-bar .menu", name).await;
    // The link was for once.
    let late = world.visitor(Scripts::On).await;
    late.goto(path).await;
    late.see("#h-over").await;
    guest
}

/// The action is explained on the order's page. Whoever goes to its form all the same, or sends one, is told the
/// same, and nothing happens.
async fn explained(world: &World, browser: &Browser, order: &str, action: &str, words: &str) {
    let (page, promised) = (format!("/orders/maison/{order}"), world.promises(order).await);
    browser.goto(&page).await;
    browser.see_text("#actions .unavailable", words).await;
    assert_eq!(browser.count(&format!("#act-{action}")).await, 0);
    browser.was_quiet().await;
    browser.goto(&format!("{page}/{action}")).await;
    browser.see_text("main [role=alert]", words).await;
    assert_eq!(browser.count("main form").await, 0, "a form for what is not theirs");
    // Such a form exists nowhere; this is what one would send.
    let send = "const form = document.createElement('form');
        [form.method, form.action] = ['post', arguments[0]];
        for (const [name, value] of Object.entries({ step: 'send', send: '1', reason: '1' })) {
            const field = form.appendChild(document.createElement('input'));
            [field.name, field.value] = [name, value];
        }
        document.body.append(form);
        document.title = 'before';
        form.submit();";
    browser.run(send, json!([format!("{page}/{action}")])).await;
    browser.query("body > form").wait_until_gone().await.unwrap();
    browser.see_text("main [role=alert]", words).await;
    let refusals = browser.complaints().await;
    assert!(refusals.iter().all(|it| it.contains("status of 403")), "{refusals:?}");
    assert_eq!(refusals.len(), 2, "{refusals:?}");
    assert_eq!(world.promises(order).await, promised);
}

/// How often the marketplace did that to the order because of us.
fn effects(world: &World, order: &str, kind: &str) -> usize {
    let effects = world.simulator.ledger();
    let ours = effects.iter().filter(|it| it.order_id == order && it.by == Party::Api);
    ours.filter(|it| it.kind == kind).count()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_invited_warehouse_user_ships_and_is_told_who_cancels(pool: PgPool) {
    let world = World::live(pool, 0).await;
    let lucie = invited(&world, Role::Warehouse, "lucie@lemoine.test", "Lucie Garnier").await;
    lucie.goto(&format!("/orders/maison/{MOST_URGENT}")).await;
    lucie.click("#act-ship").await;
    lucie.choose("#p1-carrier", "Colissimo").await;
    lucie.fill("#p1-number", "6A21938475777").await;
    lucie.click("#send").await;
    lucie.see("#facts [data-state=confirmed]").await;
    lucie.see_text("#history", "Lucie Garnier").await;
    assert_eq!(effects(&world, MOST_URGENT, "shipment"), 1);
    lucie.was_quiet().await;
    explained(&world, &lucie, TO_SHIP, "cancel", NO_CANCELLING).await;
    assert_eq!(effects(&world, TO_SHIP, "cancellation_request"), 0);
    for path in ["/settings/users", "/settings/accounts"] {
        lucie.goto(path).await;
        lucie.see_text("main", "dmin").await;
        assert_eq!(lucie.count("main form, main table").await, 0, "{path}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_invited_customer_service_user_cancels_and_is_told_who_ships(pool: PgPool) {
    let world = World::live(pool, 0).await;
    let sam = invited(&world, Role::CustomerService, "sam@lemoine.test", "Sam Petit").await;
    sam.goto(&format!("/orders/maison/{TO_SHIP}")).await;
    sam.click("#act-cancel").await;
    sam.choose("#reason", "Refused by the seller").await;
    sam.click("#shipping-yes").await;
    sam.click("#send").await;
    sam.see_text("#review", "Refused by the seller").await;
    sam.click("#send").await;
    sam.see("#facts [data-state=confirmed]").await;
    assert_eq!(effects(&world, TO_SHIP, "cancellation_request"), 1);
    sam.was_quiet().await;
    explained(&world, &sam, MOST_URGENT, "ship", NO_SHIPPING).await;
    assert_eq!(effects(&world, MOST_URGENT, "shipment"), 0);
}

async fn in_preparation(world: &World) -> i64 {
    let sql = "SELECT count(*) FROM orders WHERE status = 'InPreparation'";
    sqlx::query_scalar(sql).fetch_one(&world.pool).await.unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_manager_sees_figures_and_is_told_who_acts(pool: PgPool) {
    let world = World::live(pool, 0).await;
    world.simulator.add(OrderDraft::new("maison").status("Delivered"));
    let marc = world.signed_in(Role::Manager, Scripts::On).await;
    // Counts by status and by deadline, of everything.
    marc.goto("/orders").await;
    let counted = marc.text_of("#tab-InPreparation data").await;
    assert_eq!(counted.parse::<i64>().unwrap(), in_preparation(&world).await);
    marc.see("tbody tr[data-due=overdue]").await;
    marc.see("tbody th[scope=rowgroup] data").await;
    for path in ["/attention", "/activity", "/sync", "/invoices"] {
        marc.goto(path).await;
        marc.see("main h1").await;
    }
    marc.was_quiet().await;
    explained(&world, &marc, MOST_URGENT, "ship", NO_SHIPPING).await;
    explained(&world, &marc, TO_SHIP, "cancel", NO_CANCELLING).await;
    // What is theirs: money, within limits.
    marc.goto(&format!("/orders/maison/{}", SHIPPED.0)).await;
    marc.see("#act-gesture").await;
    marc.see("#act-invoice").await;
}
