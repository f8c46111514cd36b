//! Working through a list: the order before and after, back to the list, and one shipment after the other.

use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Order;
use comptoir::domain::order::Status;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::moved;
use crate::support::order;

const LIST: &str = "?list=status%3DInPreparation%26buyer%3Dconsumer";

/// Five orders, the first due first; the second is a business's, the fourth is not ready.
async fn filled(pool: PgPool) -> Shop {
    let shop = Shop::start(pool).await;
    for (index, id) in (1..).zip(["first", "second", "third", "fourth", "fifth"]) {
        let ship_by = Some(shop.app.now() + SignedDuration::from_hours(index));
        let status = if id == "fourth" { Status::Accepted } else { Status::InPreparation };
        let business = id == "second";
        shop.mirror(Order { ship_by, status, business, ..order(id) }).await;
    }
    shop
}

/// The address behind a link of the page.
fn link(body: &str, mark: &str) -> Option<String> {
    let (_, rest) = body.split_once(mark)?;
    let href = rest.split_once("href=\"")?.1.split('"').next()?;
    Some(href.replace("&#38;", "&").replace("&amp;", "&"))
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn neighbors_are_those_of_the_list_that_the_order_was_opened_from(pool: PgPool) {
    let shop = filled(pool).await;
    let browser = shop.sign_in(Role::Viewer).await;
    let list = "/orders?status=InPreparation&buyer=consumer";
    let page = browser.get(list).await;
    let first = link(&page.body, "<th scope=\"row\">").unwrap();
    assert!(first.starts_with(&format!("/orders/maison/first{LIST}&at=")), "{first}");
    let page = browser.get(&first).await;
    assert_eq!(link(&page.body, "id=\"back\"").as_deref(), Some(list));
    assert_eq!(link(&page.body, "rel=\"prev\""), None);
    let third = link(&page.body, "rel=\"next\"").unwrap();
    assert!(third.starts_with(&format!("/orders/maison/third{LIST}&at=")), "{third}");
    let page = browser.get(&third).await;
    assert_eq!(link(&page.body, "rel=\"prev\""), Some(first));
    let last = link(&page.body, "rel=\"next\"").unwrap();
    // Once it has left the list, its place still tells what comes next.
    shop.mirror(moved(Order { ship_by: None, ..order("third") }, "Shipped", 1)).await;
    let page = browser.get(&third).await;
    assert_eq!(link(&page.body, "rel=\"next\""), Some(last.clone()));
    assert!(last.starts_with(&format!("/orders/maison/fifth{LIST}&at=")), "{last}");
    assert_eq!(link(&browser.get(&last).await.body, "rel=\"next\""), None);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn no_address_but_the_lists_own_is_led_to(pool: PgPool) {
    let shop = filled(pool).await;
    let browser = shop.sign_in(Role::Viewer).await;
    for list in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example%3Fq%3D1", "q%3DDupont", "%00"] {
        let page = browser.get(&format!("{}?list={list}", href("first"))).await;
        if page.status == 200 {
            assert_eq!(link(&page.body, "id=\"back\"").as_deref(), Some("/orders"), "{list}");
            assert!(!page.body.contains("evil.example") && !page.body.contains("q=Dupont"));
        }
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn sending_and_next_goes_through_what_can_be_shipped(pool: PgPool) {
    let shop = filled(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let mut address = format!("/orders/maison/first/ship{LIST}");
    for (id, next, left) in [("first", "third", 3), ("third", "fifth", 2)] {
        let page = browser.get(&address).await;
        let told = format!("{left} orders to ship in this list");
        assert!(page.main_text().contains(&told), "{}", page.main_text());
        let form = Filled::of(&page, "/ship").set("parcels[1].carrier", "Colissimo");
        let form = form.set("parcels[1].number", &format!("6A2193847560{}", id.len()));
        let form = form.without("send").and("send", "next");
        let answer = form.post(&browser, &address).await;
        assert_eq!(answer.status, 303, "{}", answer.main_text());
        assert_eq!(shop.states(id).await, [State::Queued]);
        address = answer.location().to_owned();
        let expected = format!("/orders/maison/{next}/ship{LIST}&at=");
        assert!(address.starts_with(&expected), "{address}");
        let page = browser.get(&address).await;
        let text = page.main_text();
        assert!(text.contains(&format!("Order {id}")), "{text}");
        assert!(text.contains("Sending in 20 s"), "{text}");
        let withdraw = format!("/promises/{}/withdraw", shop.promise(id).await);
        assert!(page.body.contains(&withdraw), "it can be taken back from here");
    }
    // After the last one there is the order itself, still in the list.
    let form = Filled::of(&browser.get(&address).await, "/ship");
    let form =
        form.set("parcels[1].carrier", "Colissimo").set("parcels[1].number", "6A21938475609");
    let answer = form.without("send").and("send", "next").post(&browser, &address).await;
    let last = format!("/orders/maison/fifth{LIST}&at=");
    assert!(answer.location().starts_with(&last), "{}", answer.location());
    // Neither the business order nor the one that is not ready was touched.
    assert!(shop.states("second").await.is_empty() && shop.states("fourth").await.is_empty());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_that_a_colleague_has_just_shipped_is_passed_over(pool: PgPool) {
    let shop = filled(pool).await;
    let (walid, ana) = (shop.sign_in(Role::Warehouse).await, shop.sign_in(Role::Admin).await);
    for (browser, id, next) in [(&ana, "second", "third"), (&walid, "first", "third")] {
        let path = href(&format!("{id}/ship"));
        let form = Filled::of(&browser.get(&path).await, "/ship");
        let form =
            form.set("parcels[1].carrier", "Colissimo").set("parcels[1].number", "6A2193847");
        let answer = form.without("send").and("send", "next").post(browser, &path).await;
        let expected = format!("/orders/maison/{next}/ship?sent=maison%2F{id}");
        assert_eq!((answer.status, answer.location()), (303, expected.as_str()));
    }
}
