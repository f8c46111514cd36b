//! The one search box: numbers, and words with their typing mistakes.

use comptoir::domain::address::Address;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Order;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Page;
use crate::support::Shop;
use crate::support::line;
use crate::support::order;

/// Orders of three customers: two with similar names, and a company.
async fn filled(pool: PgPool) -> Shop {
    let shop = Shop::start(pool).await;
    for (id, first, last, sku, title) in [
        ("A-1", "Éloïse", "Dupont-Lévêque", "CH-100", "Chaise en chêne massif"),
        ("A-2", "Karim", "Benali", "LED_20%", "Guirlande lumineuse LED"),
        ("A-3", "Karima", "Benaly", "LED520X", "Guirlande d’extérieur"),
    ] {
        let address = Address {
            first_name: Some(first.to_owned()),
            last_name: Some(last.to_owned()),
            company: (id == "A-1").then(|| "Hôtel du Vieux-Port".to_owned()),
            postal_code: Some(format!("3300{}", &id[2..])),
            city: Some("Bordeaux".to_owned()),
            phone: Some(format!("+33 6 12 34 56 7{}", &id[2..])),
            email: Some(format!("{}75@relay.example", last.to_lowercase())),
            ..Address::default()
        };
        let mut bought = line("L1", title, 1, 990);
        bought.sku = Some(sku.to_owned());
        bought.offer_id = Some(format!("OF-{id}"));
        bought.gtin = Some(format!("316514084677{}", &id[2..]));
        shop.mirror(Order {
            reference: Some(format!("REF-{id}")),
            lines: vec![bought],
            billing: None,
            shipping: Some(address),
            ..order(id)
        })
        .await;
    }
    shop
}

/// What the box leads to.
async fn search(browser: &Browser, text: &str) -> Page {
    let page = browser.post("/orders/search", &[("q", text)]).await;
    if page.location() == "/orders/search" { browser.get("/orders/search").await } else { page }
}

/// The orders of the answer, first come first.
fn found(page: &Page) -> Vec<&str> {
    assert_eq!(page.status, 200, "{}", page.body);
    // Before the link there may be a box to tick.
    let rows = page.body.split("<th scope=\"row\">").skip(1);
    let links = rows.map(|it| it.split_once("<a href=\"/orders/maison/").unwrap().1);
    links.map(|it| it.split(['"', '?']).next().unwrap()).collect()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn words_lead_to_orders_whatever_accents_and_capitals(pool: PgPool) {
    let browser = filled(pool).await.sign_in(Role::CustomerService).await;
    for (text, orders) in [
        ("Eloise", &["A-1"][..]),
        ("dupont leveque", &["A-1"]),
        // As the pages write it.
        ("Mme Dupont", &["A-1"]),
        ("HÔTEL vieux", &["A-1"]),
        ("bordeaux karim benali", &["A-2"]),
        ("33003 bordeaux", &["A-3"]),
        ("benaly75@relay.example", &["A-3"]),
        ("chene chaise", &["A-1"]),
        ("karim chaise", &[]),
        ("benali relay.example", &["A-2"]),
        ("+33612345672", &["A-2"]),
        ("06 12 34 56 73", &["A-3"]),
        ("0612345671", &["A-1"]),
        ("0612345679", &[]),
        ("Quincampoix", &[]),
        ("%", &[]),
        ("? !", &[]),
    ] {
        let page = search(&browser, text).await;
        assert_eq!(found(&page), orders, "{text}");
        // The box keeps what was typed, and no address has it.
        let typed = page.value_of("q").unwrap_or_default();
        assert_eq!(typed, text.trim());
        assert!(!page.body.contains(&format!("q={}", text.replace(' ', "+"))), "{text}");
        assert!(!page.body.contains("/orders/export"), "a file would hold everything: {text}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn typing_mistakes_are_forgiven_where_nothing_is_as_typed(pool: PgPool) {
    let browser = filled(pool).await.sign_in(Role::Warehouse).await;
    for (text, orders) in [
        ("Dupomt", &["A-1"][..]),
        ("eloize", &["A-1"]),
        ("guirlnade", &["A-2", "A-3"]),
        ("chaise masif", &["A-1"]),
        ("vieu porte", &["A-1"]),
        // Who types a name right does not get all that resemble it.
        ("benaly", &["A-3"]),
    ] {
        let page = search(&browser, text).await;
        let mut some = found(&page);
        some.sort_unstable();
        assert_eq!(some, orders, "{text}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_number_has_an_address_and_the_number_of_an_order_opens_it(pool: PgPool) {
    let browser = filled(pool).await.sign_in(Role::Manager).await;
    for text in ["A-2", " a-2 ", "REF-A-2"] {
        let page = search(&browser, text).await;
        assert_eq!((page.status, page.location()), (303, "/orders/maison/A-2"), "{text}");
    }
    for (text, href, orders) in [
        ("33001", "/orders?q=33001", &["A-1"][..]),
        ("ch-100", "/orders?q=ch-100", &["A-1"]),
        ("OF-A-3", "/orders?q=OF-A-3", &["A-3"]),
        ("3165140846772", "/orders?q=3165140846772", &["A-2"]),
        // What a pattern would take for itself is a letter like others.
        ("LED_20%", "/orders?q=LED_20%25", &["A-2"]),
        ("CH-10", "/orders?q=CH-10", &[]),
    ] {
        let page = search(&browser, text).await;
        assert_eq!((page.status, page.location()), (303, href));
        assert_eq!(found(&browser.get(href).await), orders, "{text}");
    }
    let page = search(&browser, "  ").await;
    assert_eq!((page.status, page.location()), (303, "/orders"));
    let page = browser.post("/orders/search", &[("q", "1"), ("scope", "all")]).await;
    assert_eq!(page.status, 400);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_way_back_leads_to_what_was_found_and_is_ones_own(pool: PgPool) {
    let shop = filled(pool).await;
    let browser = shop.sign_in(Role::CustomerService).await;
    search(&browser, "benali karim").await;
    browser.get("/orders/maison/A-2").await;
    assert_eq!(found(&browser.get("/orders/search").await), ["A-2"]);
    let other = shop.sign_in(Role::Manager).await.get("/orders/search").await;
    assert_eq!((other.status, other.location()), (303, "/orders"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_sees_no_customers_finds_none(pool: PgPool) {
    let browser = filled(pool).await.sign_in(Role::Viewer).await;
    for text in ["Benali", "Dupomt", "bordeaux", "benali75@relay.example", "0612345672", "vieux"] {
        assert_eq!(found(&search(&browser, text).await), [""; 0], "{text}");
    }
    assert_eq!(found(&browser.get("/orders?q=33001").await), [""; 0]);
    assert_eq!(found(&search(&browser, "chaise").await), ["A-1"]);
    // Words of a customer beside words of a product would tell who bought it.
    assert_eq!(found(&search(&browser, "chaise dupont").await), [""; 0]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn many_are_cut_to_a_page_and_the_page_says_so(pool: PgPool) {
    let shop = Shop::start(pool).await;
    for index in 0..52 {
        shop.mirror(order(&format!("A-{index}"))).await;
    }
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = search(&browser, "dupont").await;
    assert_eq!(found(&page).len(), 50);
    assert!(page.main_text().contains("The 50 best of all orders."), "{}", page.main_text());
}
