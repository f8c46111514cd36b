//! Several people at one desk: who has an order open, what they tell each other, and what each sees of what the
//! others do; and a line that breaks.

use std::time::Duration;

use comptoir::domain::operator::Role;
use octopia_simulator::OrderDraft;
use serde_json::json;
use sqlx::PgPool;

use crate::axe;
use crate::browser::Browser;
use crate::browser::Scripts;
use crate::world::TO_SHIP;
use crate::world::World;

fn order(id: &str) -> String {
    format!("/orders/maison/{id}")
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn of_two_people_on_one_order_each_sees_the_other_and_takes_over_with_one_click(
    pool: PgPool,
) {
    let world = World::live(pool, 20).await;
    let walid = world.signed_in(Role::Warehouse, Scripts::On).await;
    let ana = world.signed_in(Role::Admin, Scripts::On).await;
    walid.goto(&order(TO_SHIP)).await;
    claimed(&world, "Walid Wagner").await;
    ana.goto(&format!("{}/ship", order(TO_SHIP))).await;
    ana.see_text("#claim", "Also open: Walid Wagner, since").await;
    assert_eq!(axe::violations(&ana).await, Vec::<String>::new());
    // What she has typed stays where it is.
    ana.choose("#p1-carrier", "DPD").await;
    ana.fill("#p1-number", "05488000042").await;
    ana.click("#take-over").await;
    claimed(&world, "Ana Alves").await;
    there(&ana, "#claim:empty").await;
    assert_eq!(ana.value("#p1-number").await, "05488000042");
    walid.reload().await;
    walid.see_text("#claim", "Also open: Ana Alves, since").await;
    walid.see_text("#history", "took the order over from Walid Wagner").await;

    // Nobody is kept from anything.
    ana.click("#send").await;
    ana.see("#countdown").await;
    walid.was_quiet().await;
    ana.was_quiet().await;
}

/// Waits until it is there, shown or not.
async fn there(browser: &Browser, css: &str) {
    let found = browser.query(css).first().await;
    found.unwrap_or_else(|error| panic!("no {css}: {error}"));
}

/// How many forms are kept in the tab.
async fn drafts(browser: &Browser) -> i64 {
    let count = "return Object.keys(sessionStorage).filter((it) => it.startsWith('draft:')).length";
    browser.run(count, json!([])).await.as_i64().unwrap()
}

/// Waits until that person has the order open.
async fn claimed(world: &World, name: &str) {
    let sql = "SELECT count(*) FROM order_claims JOIN users USING (user_id) WHERE name = $1";
    let there = async {
        while sqlx::query_scalar::<_, i64>(sql).bind(name).fetch_one(&world.pool).await.unwrap()
            == 0
        {}
    };
    tokio::time::timeout(Duration::from_secs(20), there).await.expect("claimed");
}

async fn notes_and_assignment(pool: PgPool, scripts: Scripts) {
    let world = World::still(pool).await;
    let sonia = world.signed_in(Role::CustomerService, scripts).await;
    sonia.goto(&order(TO_SHIP)).await;
    sonia.click("#note-add").await;
    sonia.see_text(".error-summary", "Enter a note").await;
    sonia.fill("#note", "Deliver before 11:30, quai 3.").await;
    sonia.click("#note-add").await;
    sonia.see_text("#notes .note", "Deliver before 11:30, quai 3.").await;
    sonia.click("#assign-take").await;
    sonia.see_text("#assignment", "Sonia Sanchez").await;
    sonia.click("#history-people").await;
    sonia.see("#history-people[aria-current]").await;
    let history = sonia.text_of("#history").await;
    assert!(history.contains("assigned the order to Sonia Sanchez"), "{history}");
    assert!(!history.contains("for the first time"), "{history}");

    let marc = world.signed_in(Role::Manager, scripts).await;
    marc.goto(&order(TO_SHIP)).await;
    marc.see_text("#notes .note", "quai 3").await;
    marc.choose("#assign-to", "Walid Wagner").await;
    marc.click("#assign").await;
    marc.see_text("#assignment b", "Walid Wagner").await;
    if scripts == Scripts::On {
        assert_eq!(axe::violations(&marc).await, Vec::<String>::new());
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_note_and_an_assignment_reach_the_colleagues(pool: PgPool) {
    notes_and_assignment(pool, Scripts::On).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_scripts_a_note_and_an_assignment_reach_the_colleagues(pool: PgPool) {
    notes_and_assignment(pool, Scripts::Off).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_list_says_what_is_new_and_moves_nothing(pool: PgPool) {
    let world = World::live(pool, 20).await;
    let walid = world.signed_in(Role::Warehouse, Scripts::On).await;
    walid.goto("/orders?status=InPreparation").await;
    there(&walid, "#updates[data-live]").await;
    let rows = walid.text_of("main table").await;
    let id = world.simulator.add(OrderDraft::new("maison"));
    walid.see_text("#news", "1 new order").await;
    assert_eq!(walid.text_of("main table").await, rows, "nothing moved");
    assert!(walid.title().await.starts_with("(1) "), "{}", walid.title().await);
    assert_eq!(axe::violations(&walid).await, Vec::<String>::new());
    walid.click("#news-refresh").await;
    walid.see(&format!("main a[href^='{}']", order(&id))).await;
    there(&walid, "#news:empty").await;
    assert!(!walid.title().await.starts_with('('), "{}", walid.title().await);
    assert_eq!(walid.path().await, "/orders?status=InPreparation");
    walid.was_quiet().await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_scripts_the_list_is_as_old_as_it_is(pool: PgPool) {
    let world = World::still(pool).await;
    let walid = world.signed_in(Role::Warehouse, Scripts::Off).await;
    walid.goto("/orders").await;
    there(&walid, "#news:empty").await;
    walid.reload().await;
    walid.see("main table").await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn where_the_stream_fails_the_page_asks_by_itself(pool: PgPool) {
    let world = World::live(pool, 20).await;
    let walid = world.signed_in(Role::Warehouse, Scripts::On).await;
    walid.goto("/orders").await;
    world.simulator.add(OrderDraft::new("maison"));
    // What the timer does every 30 seconds.
    let asks = "const done = arguments[arguments.length - 1];
        const ask = () => {
            document.getElementById('updates').dispatchEvent(new CustomEvent('updates'));
            if (document.querySelector('#news [data-count]')) done(true); else setTimeout(ask, 300);
        };
        ask();";
    assert_eq!(walid.run_async(asks, json!([])).await, json!(true));
    walid.see_text("#news", "1 new order").await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_form_whose_line_breaks_says_so_and_counts_once_when_it_is_sent_again(pool: PgPool) {
    let world = World::live(pool, 20).await;
    let walid = world.signed_in(Role::Warehouse, Scripts::On).await;
    walid.goto(&format!("{}/ship", order(TO_SHIP))).await;
    walid.choose("#p1-carrier", "Colissimo").await;
    walid.fill("#p1-number", "6A21938475701").await;
    walid.offline(true).await;
    walid.click("#send").await;
    walid.see_text("#problem", "Not sent yet: no connection. Your entry is kept").await;
    assert_eq!(walid.value("#p1-number").await, "6A21938475701");
    walid.offline(false).await;
    // The tab is reloaded, and the entry is still there.
    walid.reload().await;
    walid.see_text("form[data-keep] > .notice", "What you typed before").await;
    assert_eq!(walid.value("#p1-number").await, "6A21938475701");
    assert_eq!(axe::violations(&walid).await, Vec::<String>::new());
    walid.click("#send").await;
    walid.see("#countdown").await;
    assert_eq!(world.promises(TO_SHIP).await, 1);
    // It was taken: nothing of it is kept.
    assert_eq!(drafts(&walid).await, 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_was_typed_goes_with_the_sign_out(pool: PgPool) {
    let world = World::still(pool).await;
    let walid = world.signed_in(Role::Warehouse, Scripts::On).await;
    walid.goto(&format!("{}/ship", order(TO_SHIP))).await;
    walid.fill("#p1-number", "6A21938475702").await;
    walid.reload().await;
    assert_eq!(walid.value("#p1-number").await, "6A21938475702");
    walid.click("#start-over").await;
    walid.see("form[data-keep]").await;
    assert_eq!(walid.count("#start-over").await, 0);
    walid.fill("#p1-number", "6A21938475703").await;
    assert_eq!(drafts(&walid).await, 1);
    walid.click(".menu summary").await;
    walid.click(".menu form button").await;
    walid.see("#password").await;
    assert_eq!(drafts(&walid).await, 0);
}
