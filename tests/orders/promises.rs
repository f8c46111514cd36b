//! The page of a promise, and the decision that only a person can take.

use comptoir::domain::delivery::Answer;
use comptoir::domain::delivery::HORIZON;
use comptoir::domain::delivery::Reading;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::moved;
use crate::support::order;

/// A shipment that nobody knows the fate of.
async fn undecided(pool: PgPool) -> (Shop, Browser, Uuid) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&browser.get(&href("A-1/ship")).await, "/ship")
        .set("parcels[1].carrier", "Colissimo")
        .set("parcels[1].number", "6A21938475603");
    form.post(&browser, &href("A-1/ship")).await;
    let now = shop.app.now();
    shop.carry_on("A-1", |it| it.marked(now)).await;
    shop.carry_on("A-1", |it| it.answered(Answer::Unknown, now)).await;
    shop.app.clock.advance(HORIZON);
    for _ in 0..2 {
        let now = shop.app.now();
        shop.carry_on("A-1", |it| it.read_back(Reading::Absent, false, now)).await;
    }
    assert_eq!(shop.states("A-1").await, [State::NeedsPerson]);
    let promise = shop.promise("A-1").await;
    (shop, browser, promise)
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_of_a_promise_says_what_is_known_of_it(pool: PgPool) {
    let (_shop, browser, promise) = undecided(pool).await;
    let order = browser.get(&href("A-1")).await;
    assert!(order.body.contains("data-state=\"attention\""));
    assert!(order.body.contains(&format!("href=\"/promises/{promise}\">Look and decide</a>")));
    let page = browser.get(&format!("/promises/{promise}")).await;
    assert_eq!(page.title(), "Shipment of order A-1 · Comptoir");
    let text = page.main_text();
    for words in [
        "Walid Wagner",
        "6A21938475603 Colissimo",
        "Sent 1 time ",
        "Read since, without finding it 2 times",
        "It was done",
        "It was not done",
        "Nothing is sent again.",
        "it would be done twice",
        "Queued 14:12 Sent 14:12 No answer, checking with the marketplace 14:12",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_decision_settles_a_promise_and_stands_in_the_history(pool: PgPool) {
    let (shop, browser, promise) = undecided(pool).await;
    let decide = format!("/promises/{promise}/decide");
    let page = browser.post(&decide, &[("done", "perhaps")]).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("<a href=\"#done\">Choose what happened</a>"));
    for _ in 0..2 {
        let answer = browser.post(&decide, &[("done", "no")]).await;
        assert_eq!((answer.status, answer.location()), (303, "/orders/maison/A-1"));
    }
    assert_eq!(shop.states("A-1").await, [State::Refused]);
    let page = browser.get(&href("A-1")).await;
    assert!(page.main_text().contains("Walid Wagner decided: it was not done"));
    assert!(page.body.contains("id=\"act-ship\""));
    let page = browser.post(&decide, &[("done", "yes")]).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("It is now: Refused."), "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_late_effect_settles_it_before_the_person_does(pool: PgPool) {
    let (shop, browser, promise) = undecided(pool).await;
    let mut shipped = moved(order("A-1"), "Shipped", 5);
    shipped.parcels = vec![comptoir::domain::order::Parcel {
        number: "6A21938475603".to_owned(),
        carrier: "Colissimo".to_owned(),
        tracking_url: None,
        line_ids: vec!["AYGC".to_owned()],
    }];
    shop.mirror(shipped).await;
    let page = browser.post(&format!("/promises/{promise}/decide"), &[("done", "no")]).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("It is now: Confirmed."));
    assert_eq!(shop.states("A-1").await, [State::Confirmed]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn only_who_may_ship_may_decide_about_a_shipment(pool: PgPool) {
    let (shop, _, promise) = undecided(pool).await;
    for role in [Role::Viewer, Role::CustomerService] {
        let browser = shop.sign_in(role).await;
        let page = browser.get(&format!("/promises/{promise}")).await;
        assert!(page.main_text().contains("Your role cannot decide this."));
        assert!(!page.main().contains("<form"));
        for (path, fields) in [("decide", &[("done", "yes")][..]), ("withdraw", &[])] {
            let page = browser.post(&format!("/promises/{promise}/{path}"), fields).await;
            assert_eq!(page.status, 403);
            assert!(page.main_text().contains("Your role cannot ship."));
        }
    }
    assert_eq!(shop.states("A-1").await, [State::NeedsPerson]);
}
