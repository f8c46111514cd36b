//! From the review to the promises, and what is left over.

use comptoir::domain::action::Action;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::domain::order::Order;
use comptoir::domain::order::Parcel;
use comptoir::workflow;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::browser::Page;
use crate::imports::columns::confirmed;
use crate::imports::columns::shop;
use crate::imports::files::uploaded;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::maison;
use crate::support::moved;
use crate::support::order;

const FILE: &str = "Client;N° de commande;Transporteur;Suivi\r\n\
                    Mme Benali;A-1;Colissimo;6A21938475603\r\n\
                    M. Roy;A-2;Colissimo;3,00E+12\r\n\
                    M. Ody;A-4;Colissimo;6A21938475605\r\n\
                    Mme Paz;A-4O4;Colissimo;6A21938475606\r\n\
                    M. Lis;A-3;Chronopost;XU582093311FR\r\n\
                    M. Lis;A-3;Chronopost;XU582093325FR\r\n";

/// The address of the review of a file, and its page.
async fn reviewed(browser: &Browser, file: &str) -> (String, Page) {
    let (href, page) = uploaded(browser, "suivi.csv", file.as_bytes()).await;
    let answer = confirmed(browser, &href, &page).await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    let page = browser.get(answer.location()).await;
    assert_eq!(page.status, 200, "{}", page.main_text());
    (answer.location().to_owned(), page)
}

async fn sent(shop: &Shop, browser: &Browser, at: &str, page: &Page) {
    let answer = Filled::of(page, at).and("do", "confirm").post(browser, at).await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    let (pool, now) = (&shop.app.pool, shop.app.now());
    while workflow::batches::promise_some(pool, &maison(), now).await.unwrap() > 0 {}
}

/// A-4 is cancelled, and A-404 is to be shipped.
async fn shop_with_more(pool: PgPool) -> Shop {
    let shop = shop(pool).await;
    shop.mirror(moved(order("A-4"), "Cancelled", 1)).await;
    shop.mirror(order("A-404")).await;
    shop
}

/// The file of what was not sent.
async fn rest(browser: &Browser, page: &Page) -> String {
    let href = page.body.split("href=\"").find(|it| it.contains("/rest\"")).expect("a link");
    let rest = browser.get(href.split('"').next().unwrap()).await;
    assert_eq!(rest.status, 200, "{}", rest.body);
    assert!(rest.header("content-disposition").contains("not-sent.csv"));
    rest.body
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_can_be_sent_is_sent_and_the_rest_comes_back_with_reasons(pool: PgPool) {
    let shop = shop_with_more(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let (at, page) = reviewed(&browser, FILE).await;
    let text = page.main_text();
    assert!(text.contains("suivi.csv") && text.contains("Not possible: 4"), "{text}");
    assert!(text.contains("Did you mean A-404?"), "{text}");
    sent(&shop, &browser, &at, &page).await;
    for (id, states) in
        [("A-1", &[State::Queued][..]), ("A-2", &[]), ("A-3", &[State::Queued]), ("A-404", &[])]
    {
        assert_eq!(shop.states(id).await, states, "{id}");
    }
    let rest = rest(&browser, &browser.get(&at).await).await;
    let lines: Vec<_> = rest.lines().collect();
    assert_eq!(
        lines[0],
        "\u{feff}\"Client\";\"N° de commande\";\"Transporteur\";\"Suivi\";\"Reason\""
    );
    let begins = [
        "\"M. Roy\";\"A-2\";\"Colissimo\";\"3,00E+12\";\"A spreadsheet has turned the tracking number",
        "\"M. Ody\";\"A-4\";\"Colissimo\";\"6A21938475605\";\"",
        "\"Mme Paz\";\"A-4O4\";\"Colissimo\";\"6A21938475606\";\"No such order",
        "\"M. Lis\";\"A-3\";\"Chronopost\";\"XU582093325FR\";\"Row 6 is about the same order",
    ];
    assert_eq!(lines.len(), 5, "{rest}");
    for (line, begin) in lines[1..].iter().zip(begins) {
        assert!(line.starts_with(begin), "{line}");
    }
    // Corrected where it came from, it is uploaded again, and the column with the reasons is in nobody's way.
    let corrected = rest.replace("A-4O4", "A-404").replace("3,00E+12", "6A21938475604");
    let (at, page) = reviewed(&browser, &corrected).await;
    sent(&shop, &browser, &at, &page).await;
    assert_eq!(shop.states("A-2").await, [State::Queued]);
    assert_eq!(shop.states("A-404").await, [State::Queued]);
    assert_eq!(shop.states("A-3").await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_number_that_no_order_has_is_corrected_where_it_stands(pool: PgPool) {
    let shop = shop_with_more(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let (at, page) = reviewed(&browser, FILE).await;
    assert_eq!(page.value_of("rows[5].order").unwrap(), "A-4O4");
    let save = |page: &Page, order: &str| Filled::of(page, &at).set("rows[5].order", order);
    // What no order has stays where it was typed,
    let answer = save(&page, "A-44").and("do", "save").post(&browser, &at).await;
    let page = browser.get(answer.location()).await;
    assert_eq!(page.value_of("rows[5].order").unwrap(), "A-44");
    let long = "4".repeat(2_001);
    let answer = save(&page, &long).and("do", "save").post(&browser, &at).await;
    assert_eq!((answer.status, answer.value_of("rows[5].order").unwrap()), (422, long));
    // what one has becomes its row, and what the page did not show is not sent before it does.
    let answer = save(&page, " a-404 ").and("do", "confirm").post(&browser, &at).await;
    assert_eq!(answer.status, 422);
    let page = browser.get(&at).await;
    assert!(page.main_text().contains("Ready: 3"), "{}", page.main_text());
    assert!(page.body.contains("/orders/maison/A-404\""), "{}", page.main());
    sent(&shop, &browser, &at, &page).await;
    assert_eq!(shop.states("A-404").await, [State::Queued]);
    assert!(!rest(&browser, &browser.get(&at).await).await.contains("A-4O4"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_corrected_number_leads_to_no_account_of_others(pool: PgPool) {
    let shop = shop_with_more(pool).await;
    let pool = &shop.app.pool;
    let atelier = AccountId("atelier".to_owned());
    let reading = workflow::Reading { order: order("B-1"), raw: "{}".to_owned(), raw_hash: 1 };
    let mut tx = pool.begin().await.unwrap();
    workflow::record(&mut tx, &atelier, &[reading], shop.app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let limit = "INSERT INTO user_accounts (user_id, account_id)
                 SELECT user_id, 'maison' FROM users WHERE role = 'warehouse'";
    sqlx::raw_sql(limit).execute(pool).await.unwrap();
    let (walid, ana) = (shop.sign_in(Role::Warehouse).await, shop.sign_in(Role::Admin).await);
    for (browser, ready) in [(&walid, "Ready: 2"), (&ana, "Ready: 3")] {
        let (at, page) = reviewed(browser, FILE).await;
        let form = Filled::of(&page, &at).set("rows[5].order", "B-1").and("do", "save");
        assert_eq!(form.post(browser, &at).await.status, 303);
        let page = browser.get(&at).await;
        assert!(page.main_text().contains(ready), "{}", page.main_text());
    }
    // A query that forgot to ask would be refused by the database.
    let (at, _) = reviewed(&walid, &FILE.replace("A-4O4", "A-4O5")).await;
    let id: Uuid = at.strip_prefix("/batches/").unwrap().parse().unwrap();
    let order = Some((atelier, "B-1".to_owned()));
    let renamed = [workflow::batches::Renamed { position: 5, order_text: "B-1".to_owned(), order }];
    let user = "SELECT user_id FROM users WHERE role = 'warehouse'";
    let user: i64 = sqlx::query_scalar(user).fetch_one(pool).await.unwrap();
    let scope = shop.app.scope(Role::Warehouse).await;
    let tx = shop.app.state.scoped.begin(&scope).await.unwrap();
    let error = workflow::batches::save(tx, user, id, &[], &renamed).await.unwrap_err();
    assert!(format!("{error:?}").contains("row-level security"), "{error:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn links_that_nobody_typed_come_from_the_carriers_template(pool: PgPool) {
    let shop = shop(pool).await;
    let template = "INSERT INTO tracking_templates (account_id, carrier, template)
                    VALUES (NULL, 'COLISSIMO', 'https://www.laposte.fr/suivi/{number}')";
    sqlx::query(template).execute(&shop.app.pool).await.unwrap();
    let browser = shop.sign_in(Role::Warehouse).await;
    let file = "Commande;Transporteur;Suivi\nA-1;Colissimo;6A21938475603\nA-2;;6A21938475604\n\
                A-3;Chronopost;XU582093311FR\n";
    let (at, page) = reviewed(&browser, file).await;
    let link = |page: &Page, row| page.value_of(&format!("rows[{row}].link")).unwrap();
    assert_eq!(
        [2, 3, 4].map(|row| link(&page, row)),
        ["https://www.laposte.fr/suivi/6A21938475603", "", ""]
    );
    let fill = Filled::of(&page, &at).set("carrier", "Colissimo").and("do", "fill");
    fill.set("rows[4].link", "https://www.chronopost.fr/XU582093311FR").post(&browser, &at).await;
    let page = browser.get(&at).await;
    assert_eq!(link(&page, 3), "https://www.laposte.fr/suivi/6A21938475604");
    assert_eq!(link(&page, 4), "https://www.chronopost.fr/XU582093311FR");
    sent(&shop, &browser, &at, &page).await;
    let Action::Ship(ship) = shop.last("A-2").await.action else { panic!("a shipment") };
    assert_eq!(
        ship.parcels[0].tracking_url.as_deref(),
        Some("https://www.laposte.fr/suivi/6A21938475604")
    );
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_same_file_again_changes_nothing_and_says_so(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let file =
        "Commande;Transporteur;Suivi\nA-1;Colissimo;6A21938475603\nA-2;Colissimo;6A21938475604\n";
    let (first, page) = reviewed(&browser, file).await;
    sent(&shop, &browser, &first, &page).await;
    let (_, page) = uploaded(&browser, "copie.csv", file.as_bytes()).await;
    assert!(
        page.main_text().contains("You already sent exactly this file on"),
        "{}",
        page.main_text()
    );
    assert!(page.main().contains(&format!("href=\"{first}\"")));
    // While the first is on its way,
    let (_, page) = reviewed(&browser, file).await;
    assert!(page.main_text().contains("Not possible: 2"), "{}", page.main_text());
    assert!(!page.main().contains("id=\"send\""), "there is nothing to send");
    // and when it has come through.
    for (id, number) in [("A-1", "6A21938475603"), ("A-2", "6A21938475604")] {
        shop.carry_on(id, |mut it| {
            it.state = State::Confirmed;
            it
        })
        .await;
        let parcel = Parcel {
            number: number.to_owned(),
            carrier: "Colissimo".to_owned(),
            tracking_url: None,
            line_ids: vec!["AYGC".to_owned(), "BFCD".to_owned()],
        };
        let shipped = Order { parcels: vec![parcel], ..moved(order(id), "Shipped", 1) };
        shop.mirror(shipped).await;
    }
    let (at, page) = reviewed(&browser, file).await;
    let text = page.main_text();
    assert_eq!(text.matches("Already shipped with this number.").count(), 2, "{text}");
    let answer = Filled::of(&page, &at).and("do", "confirm").post(&browser, &at).await;
    assert_eq!(answer.status, 422, "{}", answer.main_text());
    assert_eq!(shop.states("A-1").await, [State::Confirmed]);
    assert_eq!(shop.states("A-2").await, [State::Confirmed]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_was_chosen_wrongly_can_be_chosen_anew(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let file = "Commande;Suivi;Référence colis\nA-1;LOT-7;6A21938475603\n";
    let (href, page) = uploaded(&browser, "suivi.csv", file.as_bytes()).await;
    let wrong = confirmed(&browser, &href, &page).await;
    let page = browser.get(&href).await;
    let right = Filled::of(&page, &href).set("number", "2").post(&browser, &href).await;
    assert_ne!(wrong.location(), right.location());
    let page = browser.get(right.location()).await;
    assert_eq!(page.value_of("rows[2].number").unwrap(), "6A21938475603");
}
