//! Shipping, as two people and an impatient one do it.

use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use sqlx::PgPool;

use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::moved;
use crate::support::order;

/// The form of `A-1`, filled in.
async fn filled(browser: &crate::browser::Browser) -> Filled {
    let form = Filled::of(&browser.get(&href("A-1/ship")).await, "/ship");
    form.set("parcels[1].carrier", "Colissimo").set("parcels[1].number", "6A21938475603")
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_same_form_twice_is_one_promise(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = filled(&browser).await;
    for _ in 0..3 {
        let answer = form.post(&browser, &href("A-1/ship")).await;
        assert_eq!((answer.status, answer.location()), (303, "/orders/maison/A-1"));
    }
    assert_eq!(shop.states("A-1").await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn of_two_operators_the_second_is_told_who_was_first_and_keeps_the_input(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let (walid, ana) = (shop.sign_in(Role::Warehouse).await, shop.sign_in(Role::Admin).await);
    let (first, second) = (filled(&walid).await, filled(&ana).await);
    let url = "https://www.laposte.fr/suivi?code=6A99999999999";
    let second = second.set("parcels[1].number", "6A99999999999").set("parcels[1].url", url);
    assert_eq!(first.post(&walid, &href("A-1/ship")).await.status, 303);
    let page = second.post(&ana, &href("A-1/ship")).await;
    assert_eq!(page.status, 409);
    let text = page.main_text();
    assert!(text.contains("Shipment by Walid Wagner at 14:12: waiting to be sent."), "{text}");
    assert!(text.contains("Your entry is kept below."), "{text}");
    assert_eq!(page.value_of("parcels[1].number").unwrap(), "6A99999999999");
    assert_eq!(page.value_of("parcels[1].url").unwrap(), url);
    assert_eq!(page.value_of("parcels[1].carrier").unwrap(), "Colissimo");
    assert_eq!(shop.states("A-1").await, [State::Queued]);

    // Once the first is out of the way, what was kept can be sent.
    let promise = shop.promise("A-1").await;
    walid.post(&format!("/promises/{promise}/withdraw"), &[]).await;
    let kept = Filled::of(&page, "/ship");
    assert_eq!(kept.post(&ana, &href("A-1/ship")).await.status, 303);
    assert_eq!(shop.states("A-1").await, [State::Queued, State::Withdrawn]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn two_at_the_same_moment_make_one_promise(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let (walid, ana) = (shop.sign_in(Role::Warehouse).await, shop.sign_in(Role::Admin).await);
    let (first, second) = (filled(&walid).await, filled(&ana).await);
    let path = href("A-1/ship");
    let (first, second) = tokio::join!(first.post(&walid, &path), second.post(&ana, &path));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let loser = if first.status == 409 { first } else { second };
    assert_eq!(loser.value_of("parcels[1].number").unwrap(), "6A21938475603");
    assert_eq!(shop.states("A-1").await.len(), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_stale_form_says_what_happened_and_keeps_the_input(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = filled(&browser).await;
    shop.mirror(moved(order("A-1"), "Cancelled", -9)).await;
    let page = form.post(&browser, &href("A-1/ship")).await;
    assert_eq!(page.status, 409);
    let text = page.main_text();
    let words = "The order changed while you were working: “Cancelled” since 14:03.";
    assert!(text.contains(words), "{text}");
    assert!(text.contains("The order is canceled."), "{text}");
    assert_eq!(page.value_of("parcels[1].number").unwrap(), "6A21938475603");
    assert_eq!(shop.states("A-1").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_line_cancelled_meanwhile_is_named_and_the_rest_can_be_sent(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = filled(&browser).await;
    let mut changed = moved(order("A-1"), "InPreparation", 0);
    changed.lines[1].status = comptoir::domain::order::Status::Cancelled;
    shop.mirror(changed).await;
    let page = form.post(&browser, &href("A-1/ship")).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("Line BFCD is no longer to be shipped"));
    let again = Filled::of(&page, "/ship");
    assert_eq!(again.all("parcels[1].lines"), ["AYGC"]);
    assert_eq!(again.post(&browser, &href("A-1/ship")).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_promise_is_taken_back_while_it_waits_and_not_later(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    filled(&browser).await.post(&browser, &href("A-1/ship")).await;
    let page = browser.get(&href("A-1")).await;
    let text = page.main_text();
    assert!(text.contains("Shipment: Sending in 20 s Cancel sending"), "{text}");
    let withdraw = format!("/promises/{}/withdraw", shop.promise("A-1").await);
    assert!(page.body.contains(&format!("method=\"post\" action=\"{withdraw}\"")));
    for _ in 0..2 {
        let answer = browser.post(&withdraw, &[]).await;
        assert_eq!((answer.status, answer.location()), (303, "/orders/maison/A-1"));
    }
    let page = browser.get(&href("A-1")).await;
    assert!(page.body.contains("data-state=\"withdrawn\""));
    assert!(page.main_text().contains("sending canceled, nothing was sent"));
    assert!(page.body.contains("id=\"act-ship\""));

    filled(&browser).await.post(&browser, &href("A-1/ship")).await;
    let now = shop.app.now();
    shop.carry_on("A-1", |it| it.marked(now)).await;
    let promise = shop.promise("A-1").await;
    let page = browser.post(&format!("/promises/{promise}/withdraw"), &[]).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("It is now: Sent, waiting."), "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_role_that_cannot_ship_is_told_whom_to_ask(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let form = filled(&shop.sign_in(Role::Warehouse).await).await;
    for role in [Role::Viewer, Role::CustomerService, Role::Manager] {
        let browser = shop.sign_in(role).await;
        let page = browser.get(&href("A-1")).await;
        assert!(page.main_text().contains("Your role cannot ship. Ask a warehouse colleague."));
        assert_eq!(browser.get(&href("A-1/ship")).await.status, 403);
        let page = form.post(&browser, &href("A-1/ship")).await;
        assert_eq!(page.status, 403);
        assert!(page.main_text().contains("Ask a warehouse colleague."));
    }
    assert_eq!(shop.states("A-1").await, []);
}
