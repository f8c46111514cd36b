//! What the staff do among themselves about an order: notes, and who looks after it.

use axum::body::Body;
use axum::http::Request;
use axum::http::header;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::privacy::LEFT_OUT;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Page;
use crate::browser::email;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::order;
use crate::support::region;

async fn user(shop: &Shop, role: Role) -> String {
    let sql = "SELECT user_id::text FROM users WHERE email = $1";
    sqlx::query_scalar(sql).bind(email(role)).fetch_one(&shop.app.pool).await.unwrap()
}

async fn write(browser: &Browser, text: &str) -> Page {
    let page = browser.get(&href("A-1")).await;
    Filled::of(&page, "/notes").set("note", text).post(browser, &href("A-1/notes")).await
}

async fn give(browser: &Browser, to: &str) -> Page {
    browser.post(&href("A-1/assign"), &[("to", to)]).await
}

async fn note_count(shop: &Shop) -> i32 {
    let sql = "SELECT note_count FROM orders WHERE order_id = 'A-1'";
    sqlx::query_scalar(sql).fetch_one(&shop.app.pool).await.unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_note_stands_on_the_page_in_the_history_and_in_the_audit(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    let page = walid.get(&href("A-1")).await;
    assert!(region(&page, "notes").contains("never sent to the marketplace"));
    assert!(region(&page, "notes").contains("No note yet."));
    let page = write(&walid, " Deliver before 11:30.\r\nQuai <b>3</b> ").await;
    assert_eq!((page.status, page.location()), (303, "/orders/maison/A-1#notes"));
    let page = shop.sign_in(Role::CustomerService).await.get(&href("A-1")).await;
    let notes = region(&page, "notes");
    assert!(
        notes.contains("Deliver before 11:30. Quai <b>3</b>\nWalid Wagner, Thu 19 Nov, 14:12"),
        "{notes}"
    );
    assert!(region(&page, "history").contains("Walid Wagner wrote an internal note"));
    assert_eq!(note_count(&shop).await, 1);
    assert!(shop.app.audited().await.contains(&"note_written by Walid".to_owned()));
    let activity = shop.sign_in(Role::Manager).await.get("/activity?action=teamwork").await;
    assert!(activity.main_text().contains("Internal note written"), "{}", activity.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_note_sent_twice_is_one_note(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&walid.get(&href("A-1")).await, "/notes").set("note", "Call first.");
    for _ in 0..2 {
        assert_eq!(form.post(&walid, &href("A-1/notes")).await.status, 303);
    }
    let notes = region(&walid.get(&href("A-1")).await, "notes");
    assert_eq!(notes.matches("Call first.").count(), 1, "{notes}");
    assert_eq!(note_count(&shop).await, 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_note_that_is_none_keeps_what_was_typed(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    let page = write(&walid, " \r\n ").await;
    assert_eq!(page.status, 422);
    assert!(page.title().starts_with("Error:"), "{}", page.title());
    assert!(page.body.contains("<a href=\"#note\">Enter a note</a>"));
    let long = format!("Quai 3 {}", "é".repeat(2_000));
    let page = write(&walid, &long).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("it is 7 characters too long"), "{}", page.main_text());
    assert!(page.body.contains(&long));
    let form = Filled::of(&page, "/notes").set("note", "Quai 3");
    assert_eq!(form.post(&walid, &href("A-1/notes")).await.status, 303);
    assert_eq!(note_count(&shop).await, 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_sees_no_customers_reads_no_notes_and_writes_none(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    write(&shop.sign_in(Role::Warehouse).await, "Mme Dupont wants it on Friday").await;
    let vera = shop.sign_in(Role::Viewer).await;
    let page = vera.get(&href("A-1")).await;
    let notes = region(&page, "notes");
    assert!(!page.body.contains("Friday"), "{notes}");
    assert!(notes.contains("What notes say is hidden"), "{notes}");
    assert!(notes.contains(&format!("{LEFT_OUT}\nWalid Wagner")), "{notes}");
    assert!(!page.body.contains("/notes\""));
    let fields = [("submission", "b0000000-0000-4000-8000-000000000001"), ("note", "x")];
    assert_eq!(vera.post(&href("A-1/notes"), &fields).await.status, 403);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_colleague_takes_an_order_and_puts_it_back(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let sonia = shop.sign_in(Role::CustomerService).await;
    let page = sonia.get(&href("A-1")).await;
    let me = user(&shop, Role::CustomerService).await;
    assert!(page.body.contains(&format!("name=\"to\" value=\"{me}\">Assign to me</button>")));
    assert!(!page.body.contains("id=\"assign-to\""), "only managers give orders to others");
    let page = give(&sonia, &me).await;
    assert_eq!((page.status, page.location()), (303, "/orders/maison/A-1#assignment"));
    let page = sonia.get(&href("A-1")).await;
    assert!(region(&page, "assignment").contains("Sonia Sanchez"));
    assert!(region(&page, "history").contains("Sonia Sanchez assigned the order to Sonia Sanchez"));
    // The second press of the same button.
    assert_eq!(give(&sonia, &me).await.status, 303);
    assert_eq!(give(&sonia, "").await.status, 303);
    let page = sonia.get(&href("A-1")).await;
    assert!(region(&page, "assignment").contains("Nobody"));
    assert!(region(&page, "history").contains("assigned the order to nobody"));
    let acts = shop.app.audited().await;
    assert_eq!(acts.iter().filter(|it| *it == "assigned by Sonia").count(), 2, "{acts:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_manager_gives_orders_to_those_who_act_on_them(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let (marc, walid) = (shop.sign_in(Role::Manager).await, user(&shop, Role::Warehouse).await);
    let page = marc.get(&href("A-1")).await;
    let names = region(&page, "assignment");
    assert!(names.contains("Walid Wagner") && names.contains("Ana Alves"), "{names}");
    assert!(!names.contains("Vera Vidal"), "a viewer does nothing about orders");
    assert_eq!(give(&marc, &walid).await.status, 303);
    let page = marc.get(&href("A-1")).await;
    assert!(page.body.contains(&format!("<option value=\"{walid}\" selected>Walid Wagner")));

    // What only a manager may.
    let sonia = shop.sign_in(Role::CustomerService).await;
    let page = give(&sonia, "").await;
    assert_eq!(page.status, 403);
    assert!(page.main_text().contains("Your role cannot assign orders to others. Ask a manager."));
    assert_eq!(give(&sonia, &user(&shop, Role::Admin).await).await.status, 403);
    // Taking one from a colleague is taking it.
    assert_eq!(give(&sonia, &user(&shop, Role::CustomerService).await).await.status, 303);
    assert_eq!(give(&shop.sign_in(Role::Viewer).await, "").await.status, 403);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_goes_to_nobody_who_cannot_see_it(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let marc = shop.sign_in(Role::Manager).await;
    let (walid, vera) = (user(&shop, Role::Warehouse).await, user(&shop, Role::Viewer).await);
    let elsewhere = "INSERT INTO user_accounts (user_id, account_id)
                     SELECT user_id, 'atelier' FROM users WHERE role = 'warehouse'";
    sqlx::raw_sql(elsewhere).execute(&shop.app.pool).await.unwrap();
    for nobody in [walid.as_str(), vera.as_str(), "999999"] {
        let page = give(&marc, nobody).await;
        assert_eq!(page.status, 409, "{nobody}");
        assert!(page.main_text().contains("no longer works on this account’s orders"));
    }
    assert!(!region(&marc.get(&href("A-1")).await, "assignment").contains("Walid"));
    let away = "UPDATE users SET active = FALSE WHERE role = 'service'";
    sqlx::raw_sql(away).execute(&shop.app.pool).await.unwrap();
    assert_eq!(give(&marc, &user(&shop, Role::CustomerService).await).await.status, 409);
    assert_eq!(give(&marc, "Walid").await.status, 400);
    assert_eq!(marc.post("/orders/maison/A-2/assign", &[("to", "")]).await.status, 404);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_history_shows_one_kind_of_doings_at_a_time(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    write(&walid, "Call first.").await;
    shop.mirror(crate::support::moved(order("A-1"), "Shipped", 1)).await;
    let history = async |kind: &str| {
        let page = walid.get(&format!("{}?history={kind}", href("A-1"))).await;
        assert_eq!(page.status, 200);
        region(&page, "history")
    };
    let [note, moved, read] =
        ["wrote an internal note", "moved the order from", "for the first time"];
    for (kind, there) in [
        ("", [true, true, true]),
        ("person", [true, false, false]),
        ("marketplace", [false, true, false]),
        ("comptoir", [false, false, true]),
        ("nonsense", [true, true, true]),
    ] {
        let text = history(kind).await;
        assert_eq!([note, moved, read].map(|it| text.contains(it)), there, "{kind}: {text}");
    }
    shop.mirror(order("A-2")).await;
    let page = walid.get(&format!("{}?history=person", href("A-2"))).await;
    assert!(region(&page, "history").contains("Nobody has done anything on this order yet."));
    assert!(
        page.body
            .contains("id=\"history-people\" href=\"/orders/maison/A-2?history=person#history\"")
    );
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_words_are_there_in_french(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await.speaking("fr");
    let page = write(&browser, "").await;
    assert!(page.main_text().contains("Saisissez une note"));
    let page = write(&browser, &"a".repeat(2_001)).await;
    assert!(page.main_text().contains("1 caractère de trop"), "{}", page.main_text());
    write(&browser, "Quai 3").await;
    let page = browser.get(&href("A-1")).await;
    assert!(region(&page, "notes").contains("jamais envoyées à la place de marché"));
    assert!(region(&page, "history").contains("a écrit une note interne"));
    assert!(region(&page, "assignment").contains("M’attribuer la commande"));
}

async fn claim(browser: &Browser, shown: &str) -> Page {
    let path = href(&format!("A-1/claim?shown={shown}"));
    let request = Request::post(path)
        .header("hx-request", "true")
        .header("hx-trigger", "claim")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.send(request, Body::empty()).await
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_colleague_is_told_who_has_the_order_open_until_that_is_over(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    let sonia = shop.sign_in(Role::CustomerService).await;
    let page = walid.get(&href("A-1")).await;
    assert!(page.body.contains("hx-post=\"/orders/maison/A-1/claim?shown=\""));
    assert!(!sonia.get(&href("A-1")).await.body.contains("Also open"), "looking claims nothing");
    assert_eq!(claim(&walid, "").await.status, 204);
    let told = "Also open: Walid Wagner, since 14:12.";
    for path in ["A-1", "A-1/gesture", "A-1/cancel", "A-1/invoice"] {
        let text = sonia.get(&href(path)).await.main_text();
        assert!(text.contains(told), "{path}: {text}");
    }
    assert!(!walid.get(&href("A-1")).await.body.contains("Also open"), "not to himself");
    let vera = shop.sign_in(Role::Viewer).await;
    let page = vera.get(&href("A-1")).await;
    assert!(page.main_text().contains(told) && !page.body.contains("/claim"), "{}", page.main());

    // Sonia's page asks, and leaves Walid what he has.
    let page = claim(&sonia, "").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains(told) && page.text().contains("Take over"), "{}", page.text());
    let shown = page.attribute("hx-post").unwrap();
    let shown = shown.split_once("shown=").unwrap().1;
    assert_eq!(claim(&sonia, shown).await.status, 204, "nothing is said twice");
    // Renewed, it goes on; and not for ever.
    shop.app.clock.advance(SignedDuration::from_secs(90));
    assert_eq!(claim(&walid, "").await.status, 204);
    shop.app.clock.advance(SignedDuration::from_secs(90));
    assert!(sonia.get(&href("A-1")).await.main_text().contains(told), "since when it began");
    shop.app.clock.advance(SignedDuration::from_secs(31));
    assert!(!sonia.get(&href("A-1")).await.main_text().contains("Also open"));
    assert_eq!(claim(&sonia, "").await.status, 204);
    let text = walid.get(&href("A-1")).await.main_text();
    assert!(text.contains("Also open: Sonia Sanchez, since 14:15."), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_taken_over_with_one_click_that_stands_in_the_history(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    let sonia = shop.sign_in(Role::CustomerService).await;
    claim(&walid, "").await;
    let page = sonia.post(&href("A-1/take-over"), &[]).await;
    assert_eq!((page.status, page.location()), (303, "/orders/maison/A-1"));
    let page = sonia.get(&href("A-1")).await;
    assert!(!page.main_text().contains("Also open"));
    let history = region(&page, "history");
    assert!(history.contains("Sonia Sanchez took the order over from Walid Wagner"), "{history}");
    assert!(shop.app.audited().await.contains(&"taken_over by Sonia".to_owned()));
    let text = claim(&walid, "").await.text();
    assert!(text.contains("Also open: Sonia Sanchez, since 14:12."), "{text}");
    // The second press, and one where there is nobody, take nothing from anybody.
    assert_eq!(sonia.post(&href("A-1/take-over"), &[]).await.status, 303);
    let events = "SELECT count(*) FROM order_events WHERE event ->> 'event' = 'taken_over'";
    let events: i64 = sqlx::query_scalar(events).fetch_one(&shop.app.pool).await.unwrap();
    assert_eq!(events, 1);
    // Nobody is kept from anything: Walid ships.
    let form = Filled::of(&walid.get(&href("A-1/ship")).await, "/ship")
        .set("parcels[1].carrier", "Colissimo")
        .set("parcels[1].number", "6A21938475603");
    assert_eq!(form.post(&walid, &href("A-1/ship")).await.status, 303);
    assert_eq!(shop.states("A-1").await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_scripts_a_form_that_is_sent_claims_the_order(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&walid.get(&href("A-1/ship")).await, "/ship");
    assert_eq!(form.post(&walid, &href("A-1/ship")).await.status, 422, "nothing is filled in");
    let text = shop.sign_in(Role::Admin).await.speaking("fr").get(&href("A-1")).await.main_text();
    assert!(text.contains("Ouverte aussi par Walid Wagner depuis"), "{text}");
    assert!(text.contains("Reprendre"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_had_what_open_is_not_kept(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    shop.mirror(order("A-2")).await;
    let walid = shop.sign_in(Role::Warehouse).await;
    claim(&walid, "").await;
    shop.app.clock.advance(SignedDuration::from_mins(3));
    walid.post(&href("A-2/claim"), &[]).await;
    let claims = "SELECT order_id FROM order_claims";
    let claims: Vec<String> = sqlx::query_scalar(claims).fetch_all(&shop.app.pool).await.unwrap();
    assert_eq!(claims, ["A-2"]);
    assert_eq!(walid.post(&href("A-3/claim"), &[]).await.status, 404);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_list_says_who_looks_after_an_order_and_how_much_is_noted(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let sonia = shop.sign_in(Role::CustomerService).await;
    give(&sonia, &user(&shop, Role::CustomerService).await).await;
    assert!(sonia.get("/orders").await.main().contains("<small>Sonia Sanchez</small>"));
    for text in ["Call first.", "Called."] {
        write(&sonia, text).await;
    }
    let list = sonia.get("/orders").await;
    assert!(list.main().contains("Sonia Sanchez, 2 notes</small>"), "{}", list.main_text());
    give(&sonia, "").await;
    assert!(sonia.get("/orders").await.main().contains("<small>2 notes</small>"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_came_from_a_list_stays_on_the_way_through_it(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let sonia = shop.sign_in(Role::CustomerService).await;
    let from = "list=status%3DInPreparation&at=7";
    let page = sonia.get(&format!("{}?{from}", href("A-1"))).await;
    let written = from.replace('&', "&#38;");
    let link = format!("/orders/maison/A-1?{written}&#38;history=person#history");
    assert!(page.body.contains(&link), "{}", page.main());
    let path = format!("{}?{from}", href("A-1/notes"));
    let page =
        Filled::of(&page, &format!("/notes?{written}")).set("note", "").post(&sonia, &path).await;
    assert_eq!(page.status, 422);
    let form = Filled::of(&page, &format!("/notes?{written}"));
    let page = form.set("note", "Call first.").post(&sonia, &path).await;
    assert_eq!(page.location(), format!("/orders/maison/A-1?{from}#notes"));
}
