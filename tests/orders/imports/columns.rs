//! From the columns to the review.

use comptoir::db;
use comptoir::db::batches::rows::Row;
use comptoir::db::privacy::Wanted;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Order;
use comptoir::workflow;
use jiff::SignedDuration;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::browser::Page;
use crate::imports::files::uploaded;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::maison;
use crate::support::moved;
use crate::support::order;

/// The orders `A-1` to `A-3`, each with a reference of its own.
pub async fn shop(pool: PgPool) -> Shop {
    let shop = Shop::start(pool).await;
    for id in ["A-1", "A-2", "A-3"] {
        shop.mirror(Order { reference: Some(format!("REF{id}")), ..order(id) }).await;
    }
    shop
}

/// Confirms what the page proposes.
pub async fn confirmed(browser: &Browser, href: &str, page: &Page) -> Page {
    Filled::of(page, href).post(browser, href).await
}

/// The rows of the batch that an answer leads to.
pub async fn rows(shop: &Shop, answer: &Page) -> Vec<Row> {
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    let id: Uuid = answer.location().strip_prefix("/batches/").unwrap().parse().unwrap();
    let scope = shop.app.scope(Role::Admin).await;
    let mut conn = shop.app.pool.acquire().await.unwrap();
    db::batches::rows::list(&mut conn, &scope, id).await.unwrap()
}

fn told(rows: &[Row]) -> Vec<String> {
    rows.iter()
        .map(|it| {
            let order = it.order_id.clone().unwrap_or(format!("?{}", it.order_text));
            let input = &it.input;
            format!("{} {order}: {}, {}, {}", it.position, input.carrier, input.number, input.link)
        })
        .collect()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_row_of_the_file_comes_to_the_review(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let file = "sep=;\r\nExpéditions du jour;;;\r\nN° de commande;Transporteur;Numéro de suivi;Lien de suivi\r\n\
                A-1;Colissimo;6A 2193 8475 603;https://suivi.test/6A21938475603\r\n\
                refa-2;Colis  Privé;'0094467;\r\n\
                ;;;\r\n\
                A-404;GLS;3,00E+12;\r\n\
                ;GLS;00MZ7V2K;\r\n\
                A-1;Colissimo;6A21938475604;\r\n";
    let (href, page) = uploaded(&browser, "suivi.csv", file.as_bytes()).await;
    let answer = confirmed(&browser, &href, &page).await;
    let rows = rows(&shop, &answer).await;
    assert_eq!(
        told(&rows),
        [
            "3 A-1: Colissimo, 6A21938475603, https://suivi.test/6A21938475603",
            "4 A-2: Colis Privé, 0094467, ",
            "6 ?A-404: GLS, 3,00E+12, ",
            "7 ?–: GLS, 00MZ7V2K, ",
            "8 A-1: Colissimo, 6A21938475604, ",
        ]
    );
    // The same again, from the same page, is the same.
    assert_eq!(confirmed(&browser, &href, &page).await.location(), answer.location());
    assert!(browser.get("/imports").await.main_text().contains("Checked, not sent yet"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn columns_that_make_no_sense_are_told_at_their_fields(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let (href, page) = uploaded(&browser, "x.csv", b"Truc;Machin;Chose\nA-1;6A1;GLS\n").await;
    let form = Filled::of(&page, &href);
    assert_eq!(form.all("order"), [""]);
    let page = form.post(&browser, &href).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.title(), "Error: x.csv · Comptoir");
    for words in
        ["Choose the column with the order number", "Choose the column with the tracking number"]
    {
        assert_eq!(page.main_text().matches(words).count(), 2, "{words}: {}", page.main_text());
    }
    let twice = form.clone().set("order", "0").set("number", "1").set("link", "1");
    let page = twice.post(&browser, &href).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("Choose a column that is not chosen above"));
    assert!(page.main().contains("href=\"#link\""));
    assert_eq!(Filled::of(&page, &href).all("number"), ["1"], "what was chosen is kept");
    let beyond = form.clone().set("order", "0").set("number", "7");
    assert_eq!(beyond.post(&browser, &href).await.status, 422);
    let foreign = form.clone().set("order", "0").set("number", "1").set("account", "tiers");
    let page = foreign.post(&browser, &href).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("Choose one of your accounts"), "{}", page.main_text());
    let strange = form.set("order", "0").set("number", "1").and("is_admin", "1");
    assert_eq!(strange.post(&browser, &href).await.status, 400);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_was_chosen_is_proposed_for_the_next_file_with_the_same_columns(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let (href, page) = uploaded(&browser, "lundi.csv", b"Truc;Machin;Chose\nA-1;6A1;x\n").await;
    let form = Filled::of(&page, &href).set("order", "0").set("number", "1");
    let answer = form.set("same_carrier", "Transports  Guégan").post(&browser, &href).await;
    let monday = rows(&shop, &answer).await;
    assert_eq!(told(&monday), ["2 A-1: Transports Guégan, 6A1, "]);
    shop.app.clock.advance(SignedDuration::from_hours(24));
    let browser = shop.sign_in(Role::Warehouse).await;
    let (href, page) = uploaded(&browser, "mardi.csv", b"TRUC,machin,Chose\nA-2,6A2,x\n").await;
    let form = Filled::of(&page, &href);
    assert_eq!((form.all("order"), form.all("number")), (vec!["0"], vec!["1"]));
    assert_eq!(form.all("same_carrier"), ["Transports Guégan"]);
    let tuesday = rows(&shop, &form.post(&browser, &href).await).await;
    assert_eq!(told(&tuesday), ["2 A-2: Transports Guégan, 6A2, "]);
    let (href, page) = uploaded(&browser, "autre.csv", b"Machin;Truc;Chose\n6A3;A-3;x\n").await;
    assert_eq!(Filled::of(&page, &href).all("order"), [""]);
    let admin = shop.sign_in(Role::Admin).await;
    let (href, page) = uploaded(&admin, "mardi.csv", b"Truc,Machin,Chose\nA-2,6A2,x\n").await;
    assert_eq!(Filled::of(&page, &href).all("order"), [""], "another user's is another's");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_of_another_account_is_not_found(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    sqlx::query(
        "INSERT INTO orders SELECT (jsonb_populate_record(o, '{\"account_id\": \"atelier\"}')).*
         FROM orders AS o WHERE order_id IN ('A-1', 'A-2')",
    )
    .execute(&shop.app.pool)
    .await
    .unwrap();
    let (href, page) = uploaded(&browser, "x.csv", b"Commande;Suivi\nA-3;6A3\nA-2;6A2\n").await;
    let form = Filled::of(&page, &href);
    let page = form.post(&browser, &href).await;
    assert_eq!(page.status, 422);
    let words = "Row 3: several orders are called A-2. Choose the account they belong to";
    assert_eq!(page.main_text().matches(words).count(), 2, "{}", page.main_text());
    assert!(page.main().contains("href=\"#account\""));
    let answer = form.clone().set("account", "maison").post(&browser, &href).await;
    assert_eq!(told(&rows(&shop, &answer).await), ["2 A-3: , 6A3, ", "3 A-2: , 6A2, "]);
    let answer = form.set("account", "atelier").post(&browser, &href).await;
    let found = rows(&shop, &answer).await;
    assert_eq!(told(&found), ["2 ?A-3: , 6A3, ", "3 A-2: , 6A2, "]);
    assert!(found.iter().all(|it| it.account == "atelier"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn five_thousand_rows_are_taken_in(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let mut file = "Commande;Transporteur;Suivi\n".to_owned();
    for row in 1..=5_000 {
        file.extend(format!("A-{row};Colissimo;6A2193{row:07}\n").chars());
    }
    let (href, page) = uploaded(&browser, "tout.csv", file.as_bytes()).await;
    assert!(page.main_text().contains("5 000 rows"), "{}", page.main_text());
    let rows = rows(&shop, &confirmed(&browser, &href, &page).await).await;
    assert_eq!(rows.len(), 5_000);
    assert_eq!(rows.iter().filter(|it| it.order_id.is_some()).count(), 3);
    assert_eq!(told(&rows[4_999..]), ["5001 ?A-5000: Colissimo, 6A21930005000, "]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_file_that_was_forgotten_says_so(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let (href, page) = uploaded(&browser, "x.csv", b"Commande;Suivi\nA-1;6A1\n").await;
    sqlx::query("UPDATE imports SET content = NULL").execute(&shop.app.pool).await.unwrap();
    for page in [browser.get(&href).await, confirmed(&browser, &href, &page).await] {
        assert_eq!(page.status, 409);
        assert!(page.main_text().contains("kept for 7 days"), "{}", page.main_text());
    }
}

async fn kept(shop: &Shop) -> i64 {
    let count = sqlx::query_scalar("SELECT count(*) FROM imports WHERE content IS NOT NULL");
    count.fetch_one(&shop.app.pool).await.unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_stands_in_a_file_is_forgotten_after_a_week(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    uploaded(&browser, "x.csv", b"Client;Commande;Suivi\nMme Benali;A-1;6A1\n").await;
    for (days, left) in [(6, 1), (8, 0)] {
        let now = shop.app.now() + SignedDuration::from_hours(24 * days);
        workflow::privacy::remove_old(&shop.app.pool, &maison(), 180, now).await.unwrap();
        assert_eq!(kept(&shop).await, left, "{days} days");
    }
    assert!(browser.get("/imports").await.main_text().contains("x.csv"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_files_of_a_customer_who_asks_are_forgotten_at_once(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    shop.mirror(moved(order("A-1"), "Shipped", 1)).await;
    for file in ["Client;Commande;Suivi\nMme Benali;A-1;6A1\n", "Commande;Suivi\nA-2;6A2\n"] {
        let (href, page) = uploaded(&browser, "x.csv", file.as_bytes()).await;
        assert_eq!(confirmed(&browser, &href, &page).await.status, 303);
    }
    let wanted = Wanted::Order("A-1".to_owned());
    let found = workflow::privacy::find(&shop.app.pool, &wanted).await.unwrap();
    assert!(workflow::privacy::erase(&shop.app.pool, &found[0], shop.app.now()).await.unwrap());
    assert_eq!(kept(&shop).await, 1);
}
