//! Shipping, as two people and an impatient one do it.

use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Order;
use comptoir::domain::order::Status;
use comptoir::domain::request::Asker;
use comptoir::domain::request::Cancellation;
use comptoir::domain::request::CancelledLine;
use comptoir::domain::request::Request;
use comptoir::domain::request::Standing;
use comptoir::workflow;
use sqlx::PgPool;

use crate::support::FREE;

use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::maison;
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
    changed.lines[1].status = Status::Cancelled;
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
    shop.carry_on("A-1", |it| it.marked(Vec::new(), now)).await;
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

const NOTE: &str = "The customer asked to cancel this line: ship it only if it has left already.";

/// `A-1` at that many minutes, and somebody wants these lines cancelled.
fn unwanted(lines: &[&str], minutes: i64) -> Order {
    let mut order = moved(order("A-1"), "InPreparation", minutes);
    for line in order.lines.iter_mut().filter(|it| lines.contains(&it.id.as_str())) {
        line.status = Status::CancelRequest;
    }
    order
}

/// Who it is that wants them cancelled.
async fn asked_by(shop: &Shop, asker: Asker, lines: &[&str]) {
    let line =
        |id: &&str| CancelledLine { line_id: (*id).to_owned(), reason: None, standing: None };
    let request = Request::Cancellation(Cancellation {
        id: "C-1".to_owned(),
        standing: Standing::InProgress,
        asked_by: Some(asker),
        reason: None,
        shipping_refund: None,
        lines: lines.iter().map(line).collect(),
        words: Vec::new(),
        created_at: None,
    });
    let mut tx = shop.app.pool.begin().await.unwrap();
    workflow::record_requests(&mut tx, &maison(), "A-1", &[request], shop.app.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// The lines of the one parcel of the last promise.
async fn shipped_lines(shop: &Shop) -> Vec<String> {
    let comptoir::domain::action::Action::Ship(sent) = shop.last("A-1").await.action else {
        panic!("not a shipment")
    };
    sent.parcels[0].line_ids.clone()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_line_that_its_customer_wants_cancelled_is_a_choice_and_the_others_have_to_go(
    pool: PgPool,
) {
    let shop = Shop::with(pool, unwanted(&["BFCD"], 0)).await;
    asked_by(&shop, Asker::Customer, &["BFCD"]).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.get(&href("A-1/ship")).await;
    assert!(page.title().starts_with("Ship 1 line"), "{}", page.title());
    assert_eq!(page.body.matches("type=\"checkbox\"").count(), 1);
    assert_eq!(page.main_text().matches(NOTE).count(), 1, "{}", page.main_text());
    let form = filled(&browser).await;
    assert_eq!(form.all("parcels[1].lines"), ["AYGC"]);
    // What nobody wants cancelled stays mandatory, with and without the other.
    let only = form.clone().set("parcels[1].lines", "BFCD").post(&browser, &href("A-1/ship")).await;
    assert_eq!(only.status, 422);
    assert!(only.main_text().contains("Line AYGC must be in a parcel"), "{}", only.main_text());
    assert_eq!(form.clone().post(&browser, &href("A-1/ship")).await.status, 303);
    assert_eq!(shipped_lines(&shop).await, ["AYGC"]);
    let promise = shop.promise("A-1").await;
    browser.post(&format!("/promises/{promise}/withdraw"), &[]).await;
    // Who ticks it has read the note.
    let both = filled(&browser).await.and("parcels[1].lines", "BFCD");
    let answer = both.post(&browser, &href("A-1/ship")).await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    assert_eq!(shipped_lines(&shop).await, ["AYGC", "BFCD"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_form_that_is_older_than_the_wish_to_cancel_is_asked_about_it(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = filled(&browser).await;
    shop.mirror(unwanted(&["BFCD"], 1)).await;
    asked_by(&shop, Asker::Customer, &["BFCD"]).await;
    let wrong = form.clone().set("parcels[1].number", "").post(&browser, &href("A-1/ship")).await;
    assert_eq!(wrong.status, 422);
    let corrected = Filled::of(&wrong, "/ship").set("parcels[1].number", "6A21938475603");
    for form in [form, corrected] {
        let page = form.post(&browser, &href("A-1/ship")).await;
        assert_eq!(page.status, 422);
        let words =
            "The customer has asked to cancel line BFCD. Ship it only if it has left already.";
        assert!(page.main_text().contains(words), "{}", page.main_text());
        assert!(page.main_text().contains("Send anyway"));
        assert_eq!(shop.states("A-1").await, []);
    }
    let page = filled(&browser).await.and("parcels[1].lines", "BFCD").without("confirm");
    let page = page.post(&browser, &href("A-1/ship")).await;
    assert_eq!(page.status, 422);
    assert_eq!(Filled::of(&page, "/ship").post(&browser, &href("A-1/ship")).await.status, 303);
    assert_eq!(shipped_lines(&shop).await, ["AYGC", "BFCD"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn where_everything_is_unwanted_nothing_is_ticked(pool: PgPool) {
    let shop = Shop::with(pool, unwanted(&["AYGC", "BFCD"], 0)).await;
    asked_by(&shop, Asker::Customer, &["AYGC", "BFCD"]).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = filled(&browser).await;
    assert!(form.all("parcels[1].lines").is_empty());
    let page = form.clone().post(&browser, &href("A-1/ship")).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("Choose the lines in this parcel"), "{}", page.main_text());
    let answer = form.and("parcels[1].lines", "AYGC").post(&browser, &href("A-1/ship")).await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    assert_eq!(shipped_lines(&shop).await, ["AYGC"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_line_that_others_want_cancelled_or_on_another_channel_is_no_choice(pool: PgPool) {
    let shop = Shop::with(pool, unwanted(&["BFCD"], 0)).await;
    asked_by(&shop, Asker::Seller, &["BFCD"]).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.get(&href("A-1/ship")).await;
    assert!(!page.main_text().contains(NOTE));
    assert!(page.main_text().contains("Not in this shipment"));
    // `FREE` allows everything but this.
    shop.channel("CDISFR", "Cdiscount", FREE).await;
    asked_by(&shop, Asker::Customer, &["BFCD"]).await;
    let page = browser.get(&href("A-1/ship")).await;
    assert!(!page.main_text().contains(NOTE));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_operators_last_three_carriers_come_first(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let all = ["Chronopost", "Colissimo", "DHL", "GLS", "Heppner", "UPS"];
    shop.carriers(&all).await;
    let (walid, ana) = (shop.sign_in(Role::Warehouse).await, shop.sign_in(Role::Admin).await);
    let carriers = ["UPS", "Chronopost", "GLS", "UPS", "Transports Guégan", "Heppner"];
    for (number, carrier) in (1..).zip(carriers) {
        let id = format!("B-{number}");
        shop.mirror(order(&id)).await;
        let path = href(&format!("{id}/ship"));
        let form = Filled::of(&walid.get(&path).await, "/ship")
            .set("parcels[1].number", &format!("6A2193847560{number}"));
        let form = if all.contains(&carrier) {
            form.set("parcels[1].carrier", carrier)
        } else {
            form.set("parcels[1].carrier", "other").set("parcels[1].other", carrier)
        };
        let answer = form.post(&walid, &path).await;
        assert_eq!(answer.status, 303, "{}", answer.main_text());
    }
    shop.mirror(order("A-1")).await;
    let page = walid.get(&href("A-1/ship")).await;
    let options = |page: &crate::browser::Page| {
        let select =
            page.main().split("<select").nth(1).unwrap().split("</select>").next().unwrap();
        let options = select.split("<option").skip(1);
        let labels = options.map(|it| it.split_once('>').unwrap().1.split('<').next().unwrap());
        labels.map(str::to_owned).collect::<Vec<_>>()
    };
    let expected = ["Heppner", "UPS", "GLS", "Chronopost", "Colissimo", "DHL", "Other carrier"];
    assert_eq!(options(&page)[1..], expected);
    assert!(page.body.contains("<optgroup label=\"Your last carriers\">"));
    // They are the operator's own.
    let page = ana.get(&href("A-1/ship")).await;
    assert_eq!(options(&page)[1..7], all);
    assert!(!page.body.contains("<optgroup"));
    // One of them is chosen like any other, and stays chosen.
    let form = Filled::of(&walid.get(&href("A-1/ship")).await, "/ship");
    let page = form.set("parcels[1].carrier", "UPS").post(&walid, &href("A-1/ship")).await;
    assert_eq!(page.status, 422);
    assert_eq!(Filled::of(&page, "/ship").all("parcels[1].carrier"), ["UPS"]);
}
