//! What the order page shows, and to whom.

use comptoir::domain::delivery::Answer;
use comptoir::domain::delivery::Progress;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Parcel;
use comptoir::domain::order::Status;
use comptoir::domain::order::SupplyMode;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::support::FREE;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::moved;
use crate::support::order;
use crate::support::region;

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_shows_what_the_marketplace_gives(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let page = shop.sign_in(Role::Warehouse).await.get(&href("A-1")).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.title(), "Order A-1 · Comptoir");
    assert!(page.body.contains("data-status=\"InPreparation\""));
    assert!(page.body.contains("data-due=\"soon\""));
    let text = page.main_text();
    for words in [
        "in 2 h",
        "Thu 19 Nov, 16:12",
        "Maison Lemoine",
        "Cdiscount",
        "Chaise en chêne massif, lot de 2",
        "39,90\u{a0}€",
        "−2,50\u{a0}€",
        "94,79\u{a0}€",
        "Mme Éloïse Dupont-Lévêque",
        "33000 Bordeaux",
        "read the order for the first time",
        "2 lines, 3 pieces, 2 lines to ship",
    ] {
        let words: Vec<_> = words.split_whitespace().collect();
        assert!(text.contains(&words.join(" ")), "{words:?}: {text}");
    }
    assert!(!text.contains("do not add up"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn neighbors_are_those_of_the_queue(pool: PgPool) {
    let shop = Shop::start(pool).await;
    for (id, hours) in [("first", 1), ("second", 2), ("third", 3)] {
        let ship_by = Some(shop.app.now() + SignedDuration::from_hours(hours));
        shop.mirror(comptoir::domain::order::Order { ship_by, ..order(id) }).await;
    }
    let page = shop.sign_in(Role::Viewer).await.get(&href("second")).await;
    assert!(page.body.contains("rel=\"prev\" href=\"/orders/maison/first\""));
    assert!(page.body.contains("rel=\"next\" href=\"/orders/maison/third\""));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn another_accounts_order_and_an_unknown_one_are_not_found(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    for path in ["/orders/atelier/A-1", "/orders/nobody/A-1", "/orders/maison/A-2"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    let stranger = shop.app.visitor().get(&href("A-1")).await;
    assert_eq!(stranger.location(), "/sign-in?next=%2Forders%2Fmaison%2FA-1");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn only_roles_with_personal_data_see_names_and_addresses(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    for role in [Role::Warehouse, Role::CustomerService, Role::Manager, Role::Admin] {
        let page = shop.sign_in(role).await.get(&href("A-1")).await;
        assert!(page.body.contains("tel:+33612345678"), "{role:?}");
    }
    let page = shop.sign_in(Role::Viewer).await.get(&href("A-1")).await;
    for secret in ["Dupont", "33000", "Bordeaux", "33612345678", "xyz123", "C-5530021"] {
        assert!(!page.body.contains(secret), "{secret}");
    }
    assert!(page.main_text().contains("Names and addresses are hidden"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_address_that_the_marketplace_hides_is_explained(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let mut waiting = moved(order("A-1"), "WaitingAcceptance", 0);
    waiting.shipping = None;
    let mut centre = order("A-2");
    centre.shipping = None;
    centre.lines.iter_mut().for_each(|it| it.supply_mode = SupplyMode::Fulfillment);
    for order in [waiting, centre] {
        shop.mirror(order).await;
    }
    let browser = shop.sign_in(Role::Warehouse).await;
    let text = browser.get(&href("A-1")).await.main_text();
    assert!(text.contains("gives the address when the order is in preparation"), "{text}");
    let text = browser.get(&href("A-2")).await.main_text();
    assert!(text.contains("until its warehouse has shipped the order"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn lines_that_do_not_add_up_to_the_total_are_flagged(pool: PgPool) {
    let mut order = order("A-1");
    order.amounts.selling_total += rust_decimal::Decimal::ONE;
    let shop = Shop::with(pool, order).await;
    let text = shop.sign_in(Role::Manager).await.get(&href("A-1")).await.main_text();
    assert!(text.contains("do not add up to the marketplace’s total"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn only_a_link_that_can_be_trusted_to_be_one_becomes_a_link(pool: PgPool) {
    let mut order = moved(order("A-1"), "Shipped", 0);
    let parcel = |number: &str, url: &str| Parcel {
        number: number.to_owned(),
        carrier: "Colissimo".to_owned(),
        tracking_url: Some(url.to_owned()),
        line_ids: vec!["AYGC".to_owned()],
    };
    order.parcels = vec![
        parcel("6A1", "https://www.laposte.fr/suivi?code=6A1"),
        parcel("6A2", "javascript:alert(document.cookie)"),
        parcel("6A3", "https://good.example\\@evil.example/"),
    ];
    let shop = Shop::with(pool, order).await;
    let page = shop.sign_in(Role::Warehouse).await.get(&href("A-1")).await;
    let link = "href=\"https://www.laposte.fr/suivi?code=6A1\" target=\"_blank\" \
                rel=\"noopener noreferrer\"";
    assert!(page.body.contains(link), "{}", page.main());
    assert!(!page.body.contains("href=\"javascript:"));
    assert!(!page.body.contains("href=\"https://good.example"));
    assert!(page.main_text().contains("javascript:alert(document.cookie)"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn hostile_texts_of_the_marketplace_are_text(pool: PgPool) {
    let hostile = "\"><script>alert('&')</script><img src=x onerror=alert(1)>";
    let mut order = order("A-1");
    order.reference = Some(hostile.to_owned());
    order.channel_name = hostile.to_owned();
    order.payment_method = Some(hostile.to_owned());
    order.lines[0].title = hostile.to_owned();
    order.lines[0].sku = Some(hostile.to_owned());
    order.lines[0].status = Status::parse(hostile);
    let mut address = order.shipping.clone().unwrap();
    address.last_name = Some(hostile.to_owned());
    address.phone = Some(hostile.to_owned());
    address.email = Some(hostile.to_owned());
    order.shipping = Some(address);
    order.parcels = vec![Parcel {
        number: hostile.to_owned(),
        carrier: hostile.to_owned(),
        tracking_url: Some(hostile.to_owned()),
        line_ids: vec![hostile.to_owned()],
    }];
    let shop = Shop::with(pool, order).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    for path in [href("A-1"), href("A-1/ship")] {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("<script>"), "{path}");
        assert!(!page.body.contains("<img"), "{path}");
        assert!(page.main_text().contains("alert('&')"), "{path}");
    }
}

/// What the box of actions says in the states that matter.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_box_of_actions_says_what_can_be_done_and_why_the_rest_cannot(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let mut centre = order("Fulfillment");
    centre.lines.iter_mut().for_each(|it| it.supply_mode = SupplyMode::Fulfillment);
    let mut orders = vec![centre, order("InPreparation")];
    for status in ["WaitingAcceptance", "Accepted", "CancelRequest", "Shipped", "Teleported"] {
        orders.push(moved(order(status), status, 0));
    }
    let names: Vec<_> = orders.iter().map(|it| it.id.clone()).collect();
    for order in orders {
        shop.mirror(order).await;
    }
    let browser = shop.sign_in(Role::Warehouse).await;
    let mut told = String::new();
    for name in names {
        let page = browser.get(&href(&name)).await;
        told = format!("{told}── {name}\n{}\n", region(&page, "actions"));
    }
    let page = shop.sign_in(Role::CustomerService).await.get(&href("InPreparation")).await;
    told = format!("{told}── InPreparation, customer service\n{}\n", region(&page, "actions"));
    let form = Filled::of(&browser.get(&href("WaitingAcceptance")).await, "/approve");
    form.post(&browser, &href("WaitingAcceptance/approve")).await;
    let page = browser.get(&href("WaitingAcceptance")).await;
    told = format!("{told}── in flight\n{}\n", region(&page, "actions"));
    insta::assert_snapshot!(told);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_history_groups_the_steps_of_a_promise_under_its_beginning(pool: PgPool) {
    let shop = Shop::with(pool, moved(order("A-1"), "WaitingAcceptance", -90)).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let minute = SignedDuration::from_mins(1);
    let form = Filled::of(&browser.get(&href("A-1")).await, "/approve");
    form.post(&browser, &href("A-1/approve")).await;
    shop.app.clock.advance(minute);
    let now = shop.app.now();
    shop.carry_on("A-1", |it| it.marked(Vec::new(), now)).await;
    shop.carry_on("A-1", |it| it.answered(Answer::Applied { reference: None }, now)).await;
    shop.mirror(moved(order("A-1"), "InPreparation", 30)).await;
    shop.app.clock.advance(SignedDuration::from_hours(24));
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&browser.get(&href("A-1/ship")).await, "/ship");
    let form =
        form.set("parcels[1].carrier", "Colissimo").set("parcels[1].number", "6A21938475603");
    assert_eq!(form.post(&browser, &href("A-1/ship")).await.status, 303);
    let now = shop.app.now();
    shop.carry_on("A-1", |it| it.marked(Vec::new(), now)).await;
    let no = || Answer::Refused("parcelNumber already used".to_owned());
    shop.carry_on("A-1", |it| it.answered(no(), now + minute)).await;
    insta::assert_snapshot!(region(&browser.get(&href("A-1")).await, "history"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_refused_shipment_says_why_and_how_to_correct_it(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&browser.get(&href("A-1/ship")).await, "/ship");
    let form =
        form.set("parcels[1].carrier", "Colissimo").set("parcels[1].number", "6A21938475603");
    form.post(&browser, &href("A-1/ship")).await;
    let now = shop.app.now();
    shop.carry_on("A-1", |it| it.marked(Vec::new(), now)).await;
    let no = || Answer::Refused("parcelNumber <b>already</b> used".to_owned());
    shop.carry_on("A-1", |it| it.answered(no(), now)).await;
    let page = browser.get(&href("A-1")).await;
    assert!(page.body.contains("data-state=\"refused\""));
    assert!(page.body.contains("href=\"/orders/maison/A-1/ship\">Correct the shipment</a>"));
    assert!(page.main_text().contains("Octopia says: parcelNumber <b>already</b> used"));
    assert!(!page.body.contains("every 2s"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_refreshes_itself_while_a_promise_is_under_way_and_only_then(pool: PgPool) {
    let shop = Shop::with(pool, moved(order("A-1"), "WaitingAcceptance", -60)).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.get(&href("A-1")).await;
    assert!(!page.body.contains("every 2s"));
    Filled::of(&page, "/approve").post(&browser, &href("A-1/approve")).await;
    let page = browser.get(&href("A-1")).await;
    assert!(page.body.contains("hx-trigger=\"every 2s\""));
    let refresh = page.attribute("hx-get").unwrap();

    // Nothing but time has passed: only the countdown is replaced.
    shop.app.clock.advance(SignedDuration::from_secs(4));
    let fragment = browser.get_fragment(&refresh).await;
    assert_eq!(fragment.header("hx-reswap"), "none");
    assert_eq!(fragment.text(), "Sending in 16 s");

    // Something happened: the whole page.
    let now = shop.app.now();
    shop.carry_on("A-1", |it: Progress| it.marked(Vec::new(), now)).await;
    let page = browser.get_fragment(&refresh).await;
    assert!(page.body.contains("data-state=\"sent\""));
    let refresh = page.attribute("hx-get").unwrap();
    assert_eq!(browser.get_fragment(&refresh).await.status, 204);

    shop.carry_on("A-1", |it| it.answered(Answer::Unknown, now)).await;
    let page = browser.get_fragment(&refresh).await;
    assert!(page.main_text().contains("No answer, checking with the marketplace"));
    assert!(page.body.contains("data-state=\"sent\""));
    shop.mirror(moved(order("A-1"), "Accepted", 30)).await;
    let page = browser.get_fragment(&refresh).await;
    assert!(page.body.contains("data-state=\"confirmed\""));
    assert!(page.body.contains("data-status=\"Accepted\""));
    assert!(!page.body.contains("every 2s"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_page_is_there_in_french(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    shop.channel("CDISFR", "Cdiscount", FREE).await;
    let browser = shop.sign_in(Role::Warehouse).await.speaking("fr");
    for (path, words) in [
        ("A-1", "Impossible pour l’instant"),
        ("A-1/ship", "Saisissez"),
        ("A-1/approve", "accepte les commandes de lui-même"),
    ] {
        let page = if path == "A-1/ship" {
            let form = Filled::of(&browser.get(&href(path)).await, "/ship");
            form.post(&browser, &href(path)).await
        } else {
            browser.get(&href(path)).await
        };
        let text = page.main_text();
        assert!(text.contains(words), "{path}: {text}");
        for english in ["Ship", "Enter ", "Status", "Order"] {
            assert!(!text.split_whitespace().any(|it| it == english.trim()), "{path}: {english}");
        }
    }
}
