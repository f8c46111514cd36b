//! Many orders at once, as a browser without JavaScript does it.

use comptoir::db;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::workflow;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Page;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::maison;
use crate::support::moved;
use crate::support::order;

impl Shop {
    /// With these orders to ship, and a carrier.
    async fn with_orders(pool: PgPool, ids: &[&str]) -> Self {
        let shop = Self::start(pool).await;
        for id in ids {
            shop.mirror(order(id)).await;
        }
        shop.carriers(&["Colissimo", "Chronopost"]).await;
        shop
    }

    /// The worker makes the promises of what is confirmed.
    async fn promise_all(&self) {
        let (pool, now) = (&self.app.pool, self.app.now());
        while workflow::batches::promise_some(pool, &maison(), now).await.unwrap() > 0 {}
    }

    async fn promises(&self) -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM promises");
        count.fetch_one(&self.app.pool).await.unwrap()
    }
}

/// The list's form with these orders ticked.
async fn ticked(browser: &Browser, purpose: &str, orders: &[&str]) -> Filled {
    let mut form = Filled::of(&browser.get("/orders").await, "/batches");
    for order in orders {
        form = form.and("order", &format!("maison/{order}"));
    }
    form.and("purpose", purpose)
}

/// The address of the batch that these orders make.
async fn batch(browser: &Browser, purpose: &str, orders: &[&str]) -> String {
    let answer = ticked(browser, purpose, orders).await.post(browser, "/batches").await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let at = answer.location().to_owned();
    assert!(at.starts_with("/batches/"), "{at}");
    at
}

/// The form of a review.
fn review(page: &Page, at: &str) -> Filled {
    Filled::of(page, at)
}

/// The row's own words.
fn row(page: &Page, position: usize) -> String {
    let mark = format!("data-row=\"{position}\"");
    let row = page.body.split("<tr").find(|it| it.contains(&mark)).expect("the row");
    let row = row.split("</tr>").next().unwrap();
    let mut text = String::new();
    for part in row.split('<') {
        text.push_str(part.split_once('>').map_or("", |(_, text)| text));
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn numbered(form: Filled, numbers: &[(usize, &str)]) -> Filled {
    numbers.iter().fold(form, |form, (position, number)| {
        form.set(&format!("rows[{position}].number"), number)
            .set(&format!("rows[{position}].carrier"), "Colissimo")
    })
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn from_the_list_to_the_last_confirmation(pool: PgPool) {
    let shop = Shop::with_orders(pool, &["A-1", "A-2", "A-3"]).await;
    shop.mirror(moved(order("A-2"), "Shipped", -9)).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let at = batch(&browser, "ship", &["A-1", "A-2", "A-3"]).await;

    // Nothing is dropped: each row says what is missing, or in the way.
    let page = browser.get(&at).await;
    assert!(page.main_text().contains("Ship 3 orders"), "{}", page.main_text());
    assert!(row(&page, 1).contains("Enter the tracking number"), "{}", row(&page, 1));
    assert!(row(&page, 2).contains("A-2"), "{}", row(&page, 2));
    assert!(page.main_text().contains("Not possible: 3"), "{}", page.main_text());
    assert!(!page.body.contains("id=\"send\""), "nothing can be sent");

    let numbers = [(1, "6A 2193 8475 603"), (3, "6A21938475610")];
    let form = numbered(review(&page, &at), &numbers);
    let answer = form.and("do", "save").post(&browser, &at).await;
    assert_eq!(answer.status, 303);
    let page = browser.get(answer.location()).await;
    assert!(page.main_text().contains("Saved, and checked again."), "{}", page.main_text());
    assert_eq!(page.value_of("rows[1].number").unwrap(), "6A21938475603");
    assert!(page.main_text().contains("Ready: 2"), "{}", page.main_text());
    assert!(page.main_text().contains("Ship 2 orders"), "{}", page.main_text());

    let form = review(&page, &at).and("do", "confirm");
    for _ in 0..2 {
        let answer = form.post(&browser, &at).await;
        assert_eq!((answer.status, answer.location()), (303, at.as_str()));
    }
    assert_eq!(shop.promises().await, 0, "the request itself makes none");
    let page = browser.get(&at).await;
    assert!(page.main_text().contains("2 being prepared"), "{}", page.main_text());
    assert!(page.body.contains("hx-trigger=\"every 2s\""), "{}", page.main());
    shop.promise_all().await;
    assert_eq!(shop.promises().await, 2);
    let page = browser.get_fragment(&at).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("2 queued"), "{}", page.text());
    assert!(row(&page, 2).contains("Not sent"), "{}", row(&page, 2));

    for id in ["A-1", "A-3"] {
        shop.carry_on(id, |mut it| {
            it.state = State::Confirmed;
            it
        })
        .await;
    }
    let page = browser.get_fragment(&at).await;
    assert_eq!(page.status, 286, "htmx stops asking");
    assert!(!page.body.contains("every 2s"));
    assert!(page.text().contains("2 of 2 settled"), "{}", page.text());
    assert!(row(&page, 1).contains("Shipment confirmed"), "{}", row(&page, 1));
    let list = browser.get("/batches").await;
    assert!(list.body.contains(&format!("href=\"{at}\"")), "{}", list.main());

    let file = browser.get(&format!("{at}/file")).await;
    assert!(file.header("content-type").starts_with("text/csv"));
    let lines: Vec<&str> = file.body.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    let first =
        "\"1\";\"maison\";\"A-1\";\"Colissimo\";\"6A21938475603\";\"\";\"Shipment confirmed\";\"\"";
    assert_eq!(lines[1], first);
    let failed = browser.get(&format!("{at}/file?show=failed")).await;
    assert_eq!(failed.body.lines().count(), 2, "{}", failed.body);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_second_click_on_the_list_leads_to_the_same_batch_and_other_ticks_to_another(
    pool: PgPool,
) {
    let shop = Shop::with_orders(pool, &["A-1", "A-2"]).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = ticked(&browser, "ship", &["A-1"]).await;
    let first = form.post(&browser, "/batches").await.location().to_owned();
    assert_eq!(form.post(&browser, "/batches").await.location(), first);
    let more = form.and("order", "maison/A-2").post(&browser, "/batches").await;
    assert_ne!(more.location(), first);
    // It is found by nobody else, not even an admin, and neither is what is not there.
    let admin = shop.sign_in(Role::Admin).await;
    assert_eq!(admin.get(&first).await.status, 404);
    assert_eq!(admin.get(&format!("{first}/file")).await.status, 404);
    assert_eq!(admin.post(&first, &[("do", "confirm")]).await.status, 404);
    assert_eq!(admin.post(&format!("{first}/retry"), &[]).await.status, 404);
    assert_eq!(browser.get(&format!("/batches/{}", uuid::Uuid::nil())).await.status, 404);
    // Orders of accounts that are not theirs, or that are not there, are not taken up.
    let nothing = ticked(&browser, "ship", &["NONE"]).await.and("order", "tiers/A-1");
    let page = nothing.post(&browser, "/batches").await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("Select at least one order"), "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_may_not_ship_is_told_so_and_has_nothing_to_tick(pool: PgPool) {
    let shop = Shop::with_orders(pool, &["A-1"]).await;
    let (walid, sonia) =
        (shop.sign_in(Role::Warehouse).await, shop.sign_in(Role::CustomerService).await);
    let page = sonia.get("/orders").await;
    assert!(!page.body.contains("name=\"order\""), "{}", page.main());
    let form = ticked(&walid, "ship", &["A-1"]).await;
    let page = form.post(&sonia, "/batches").await;
    assert_eq!(page.status, 403);
    assert!(page.main_text().contains("Your role cannot ship."), "{}", page.main_text());
    // Somebody who loses the right in between is told by each row.
    let at = batch(&walid, "ship", &["A-1"]).await;
    let sql = "UPDATE users SET role = 'service' WHERE role = 'warehouse'";
    sqlx::query(sql).execute(&shop.app.pool).await.unwrap();
    let page = walid.get(&at).await;
    assert!(row(&page, 1).contains("Your role cannot ship."), "{}", row(&page, 1));
    assert_eq!(walid.post(&at, &[("do", "confirm")]).await.status, 403);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_ticked_orders_alone_are_exported_by_who_may(pool: PgPool) {
    let shop = Shop::with_orders(pool, &["A-1", "A-2", "A-3"]).await;
    let (marc, walid) = (shop.sign_in(Role::Manager).await, shop.sign_in(Role::Warehouse).await);
    let at = batch(&marc, "export", &["A-3", "A-1"]).await;
    let answer = marc.get(&at).await;
    assert_eq!(answer.status, 303);
    let file = answer.location().to_owned();
    let text = marc.get(&file).await.body;
    let orders: Vec<_> = text.lines().skip(1).map(|it| it.split(';').nth(1).unwrap()).collect();
    assert_eq!(orders, ["\"A-3\"", "\"A-1\""], "{text}");
    // Another's selection is not found, and who may not export has no button for it.
    assert_eq!(shop.sign_in(Role::Admin).await.get(&file).await.status, 404);
    assert_eq!(marc.get("/orders/export?batch=x").await.status, 404);
    assert!(!walid.get("/orders").await.body.contains("value=\"export\""));
    let page = ticked(&walid, "export", &["A-1"]).await.post(&walid, "/batches").await;
    assert_eq!(page.status, 403, "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nothing_is_sent_that_was_not_shown(pool: PgPool) {
    let shop = Shop::with_orders(pool, &["A-1", "A-2"]).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let at = batch(&browser, "ship", &["A-1", "A-2"]).await;
    let page = browser.get(&at).await;
    // Typed, and sent at once: what was typed is kept, and what comes of it is shown first.
    let form = numbered(review(&page, &at), &[(1, "6A0000000001"), (2, "6A0000000002")]);
    let page = form.and("do", "confirm").post(&browser, &at).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("what you typed is saved"), "{}", page.main_text());
    assert_eq!(page.value_of("rows[2].number").unwrap(), "6A0000000002");
    // One of them is shipped elsewhere meanwhile: the other one goes, and this one says why not.
    shop.mirror(moved(order("A-1"), "Cancelled", -1)).await;
    let form = review(&page, &at).and("do", "confirm");
    assert_eq!(form.post(&browser, &at).await.status, 303);
    shop.promise_all().await;
    assert_eq!(shop.states("A-1").await, []);
    assert_eq!(shop.states("A-2").await, [State::Queued]);
    let page = browser.get(&at).await;
    assert!(row(&page, 1).contains("The order is canceled."), "{}", row(&page, 1));
    // What comes from no form of ours is refused; what is too long is kept on the page.
    assert_eq!(browser.post(&at, &[("x", "1")]).await.status, 400);
    let at = batch(&browser, "ship", &["A-2"]).await;
    let long = "x".repeat(2_001);
    let page = browser.post(&at, &[("rows[1].number", &long), ("do", "save")]).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.value_of("rows[1].number").unwrap(), long);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_row_with_a_warning_goes_along_only_when_it_was_read(pool: PgPool) {
    let shop = Shop::with_orders(pool, &["A-1", "A-2", "A-3"]).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let same = [(1, "6A0000000001"), (2, "6A0000000001"), (3, "6A0000000003")];
    for (take_along, sent) in [(false, 1), (true, 2)] {
        let orders: &[&str] = if take_along { &["A-1", "A-2"] } else { &["A-1", "A-2", "A-3"] };
        let at = batch(&browser, "ship", orders).await;
        let form = review(&browser.get(&at).await, &at);
        let form = numbered(form, &same[..orders.len()]);
        form.and("do", "save").post(&browser, &at).await;
        let page = browser.get(&at).await;
        assert!(page.main_text().contains("With a warning: 2"), "{}", page.main_text());
        let words = "The tracking number 6A0000000001 is also on A-2.";
        assert!(row(&page, 1).contains(words), "{}", row(&page, 1));
        let form = review(&page, &at).and("do", "confirm");
        let form = if take_along { form.and("take_along", "yes") } else { form };
        assert_eq!(form.post(&browser, &at).await.status, 303);
        let before = shop.promises().await;
        shop.promise_all().await;
        assert_eq!(shop.promises().await - before, sent);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn where_every_row_has_a_warning_the_page_says_what_to_do(pool: PgPool) {
    let shop = Shop::with_orders(pool, &["A-1", "A-2"]).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let at = batch(&browser, "ship", &["A-1", "A-2"]).await;
    let form = review(&browser.get(&at).await, &at);
    let same = numbered(form, &[(1, "6A0000000001"), (2, "6A0000000001")]);
    same.and("do", "save").post(&browser, &at).await;
    let page = browser.get(&at).await;
    assert!(page.body.contains(">Ship 2 orders</button>"), "{}", page.main());
    let page = review(&page, &at).and("do", "confirm").post(&browser, &at).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("then tick the box below"), "{}", page.main_text());
    assert!(page.body.contains("href=\"#take_along\""), "{}", page.main());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_failed_is_tried_again_as_far_as_it_is_possible(pool: PgPool) {
    let shop = Shop::with_orders(pool, &["A-1", "A-2", "A-3"]).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let at = batch(&browser, "ship", &["A-1", "A-2", "A-3"]).await;
    let form = review(&browser.get(&at).await, &at);
    let form = numbered(form, &[(1, "6A0000000001"), (2, "6A0000000002")]);
    form.and("do", "save").post(&browser, &at).await;
    let form = review(&browser.get(&at).await, &at).and("do", "confirm");
    form.post(&browser, &at).await;
    shop.promise_all().await;
    for id in ["A-1", "A-2"] {
        shop.carry_on(id, |mut it| {
            it.state = State::Refused;
            it
        })
        .await;
    }
    shop.mirror(moved(order("A-2"), "Cancelled", -1)).await;
    let page = browser.get(&at).await;
    assert!(page.main_text().contains("Retry 3 failed orders"), "{}", page.main_text());
    let retry = format!("{at}/retry");
    let again = browser.post(&retry, &[]).await.location().to_owned();
    assert_ne!(again, at);
    assert_eq!(browser.post(&retry, &[]).await.location(), again, "once");
    let page = browser.get(&again).await;
    assert!(page.main_text().contains("Ship 2 orders"), "{}", page.main_text());
    assert_eq!(page.value_of("rows[1].number").unwrap(), "6A0000000001");
    assert!(row(&page, 3).contains("Enter the tracking number"), "{}", row(&page, 3));
    let page = browser.get(&at).await;
    assert!(page.body.contains(&format!("href=\"{again}\"")), "{}", page.main());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn all_that_the_filters_leave_are_accepted_and_read_in_french(pool: PgPool) {
    let shop = Shop::start(pool).await;
    for number in 0..60 {
        shop.mirror(moved(order(&format!("W-{number:02}")), "WaitingAcceptance", -9)).await;
    }
    shop.mirror(order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let list = browser.get("/orders?status=WaitingAcceptance").await;
    assert!(list.main_text().contains("All 60 orders of this list"), "{}", list.main_text());
    let form = Filled::of(&list, "/batches").and("all", "yes").and("purpose", "accept");
    let at = form.post(&browser, "/batches").await.location().to_owned();
    let sql = "UPDATE users SET language = 'fr' WHERE role = 'warehouse'";
    sqlx::query(sql).execute(&shop.app.pool).await.unwrap();
    let page = browser.get(&at).await;
    let text = page.main_text();
    assert!(text.contains("Accepter 60 commandes"), "{text}");
    let rows = page.body.matches("data-verdict=\"ready\"").count();
    let impossible = page.body.matches("data-verdict=\"impossible\"").count();
    assert_eq!((rows, impossible), (60, 0), "{text}");
    let form = review(&page, &at).and("do", "confirm");
    assert_eq!(form.post(&browser, &at).await.status, 303);
    shop.promise_all().await;
    assert_eq!(shop.promises().await, 60);
    let page = browser.get(&at).await;
    assert!(page.main_text().contains("60 en attente"), "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_carrier_of_last_time_is_there_and_one_is_named_for_all(pool: PgPool) {
    let shop = Shop::with_orders(pool, &["A-1", "A-2"]).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let at = batch(&browser, "ship", &["A-1", "A-2"]).await;
    let page = browser.get(&at).await;
    assert_eq!(page.value_of("rows[1].carrier").unwrap(), "");
    let form = review(&page, &at).set("rows[2].carrier", "Chronopost");
    let form = form.set("carrier", " Colissimo ").and("do", "fill");
    assert_eq!(form.post(&browser, &at).await.status, 303);
    let page = browser.get(&at).await;
    assert_eq!(page.value_of("rows[1].carrier").unwrap(), "Colissimo");
    assert_eq!(page.value_of("rows[2].carrier").unwrap(), "Chronopost");
    let form = numbered(review(&page, &at), &[(1, "6A0000000001")]).and("do", "save");
    form.post(&browser, &at).await;
    let form = review(&browser.get(&at).await, &at).and("do", "confirm");
    form.post(&browser, &at).await;
    shop.promise_all().await;
    let at = batch(&browser, "ship", &["A-2"]).await;
    assert_eq!(browser.get(&at).await.value_of("rows[1].carrier").unwrap(), "Colissimo");
    let mut conn = shop.app.pool.acquire().await.unwrap();
    let batches = db::batches::recent(&mut conn, 2, 10).await.unwrap();
    assert_eq!(batches.len(), 2);
}
