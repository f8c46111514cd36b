//! Tracking links of carriers: what an admin says of them, and what the ship form makes of it.

use comptoir::domain::action::Action;
use comptoir::domain::operator::Role;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Page;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::order;

const LINK: &str = "https://www.laposte.fr/suivre-vos-envois?code={number}";

async fn set(browser: &Browser, account: &str, carrier: &str, link: &str) -> Page {
    let fields = [("account", account), ("carrier", carrier), ("template", link), ("step", "save")];
    browser.post("/settings/carriers", &fields).await
}

/// The form of `A-1` with a carrier and a number, and no link.
async fn filled(browser: &Browser) -> Filled {
    let form = Filled::of(&browser.get(&href("A-1/ship")).await, "/ship");
    form.set("parcels[1].carrier", "Colissimo").set("parcels[1].number", "6A 2193 8475 603")
}

/// The link that was promised to the marketplace for `A-1`.
async fn promised(shop: &Shop) -> Option<String> {
    let Action::Ship(sent) = shop.last("A-1").await.action else { panic!("no shipment") };
    sent.parcels[0].tracking_url.clone()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_link_that_is_left_empty_is_filled_in(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    shop.carriers(&["Chronopost", "Colissimo"]).await;
    let (admin, browser) = (shop.sign_in(Role::Admin).await, shop.sign_in(Role::Warehouse).await);
    assert_eq!(set(&admin, "", "colissimo", LINK).await.location(), "/settings/carriers");

    // To be looked at before it is sent.
    let page = filled(&browser).await.and("fill", "1").post(&browser, &href("A-1/ship")).await;
    assert_eq!(page.status, 200);
    let link = "https://www.laposte.fr/suivre-vos-envois?code=6A21938475603";
    assert_eq!(page.value_of("parcels[1].url").unwrap(), link);
    let open = format!("href=\"{link}\" target=\"_blank\" rel=\"noopener noreferrer\"");
    assert!(page.body.contains(&open), "{}", page.main());

    let answer = filled(&browser).await.post(&browser, &href("A-1/ship")).await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    assert_eq!(promised(&shop).await.as_deref(), Some(link));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_link_of_the_account_comes_first_and_one_that_was_typed_stays(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    shop.carriers(&["Colissimo"]).await;
    let (admin, browser) = (shop.sign_in(Role::Admin).await, shop.sign_in(Role::Warehouse).await);
    set(&admin, "", "Colissimo", LINK).await;
    set(&admin, "atelier", "Colissimo", "https://atelier.example.com/{number}").await;
    set(&admin, "maison", "Colissimo", "https://maison.example.com/{number}").await;
    let fill = filled(&browser).await.and("fill", "1");
    let page = fill.post(&browser, &href("A-1/ship")).await;
    let link = page.value_of("parcels[1].url").unwrap();
    assert_eq!(link, "https://maison.example.com/6A21938475603");

    let typed = "https://elsewhere.example.com/6A21938475603";
    let form = filled(&browser).await.set("parcels[1].url", typed);
    assert_eq!(form.post(&browser, &href("A-1/ship")).await.status, 303);
    assert_eq!(promised(&shop).await.as_deref(), Some(typed));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_makes_no_links_is_told_at_its_field(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let admin = shop.sign_in(Role::Admin).await;
    for (carrier, link, field, words) in [
        ("", LINK, "carrier", "Enter the carrier"),
        ("Colissimo", "https://www.laposte.fr/", "template", "must have {number}"),
        ("Colissimo", "https://{number}.example.com/", "template", "must come after"),
        ("Colissimo", "javascript:{number}", "template", "must start with http:// or https://"),
        ("Colissimo", "https://intranet/{number}", "template", "private address"),
    ] {
        let page = set(&admin, "", carrier, link).await;
        assert_eq!(page.status, 422, "{link}");
        assert!(page.title().starts_with("Error: "), "{}", page.title());
        assert!(page.body.contains(&format!("<a href=\"#{field}\">")), "{}", page.main());
        assert!(page.main_text().contains(words), "{words}: {}", page.main_text());
        assert_eq!(page.value_of("template").unwrap(), link);
    }
    let fields = [("carrier", "DPD"), ("template", LINK), ("example", "AB 1"), ("step", "preview")];
    let page = admin.post("/settings/carriers", &fields).await;
    assert_eq!(page.status, 200);
    assert!(page.main_text().contains("suivre-vos-envois?code=AB1"), "{}", page.main_text());
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM tracking_templates")
        .fetch_one(&shop.app.pool)
        .await
        .unwrap();
    assert_eq!(stored, 0, "a look is no change");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_admin_changes_and_removes_a_link_and_the_audit_knows(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let admin = shop.sign_in(Role::Admin).await;
    set(&admin, "maison", "Colissimo", "https://a.example.com/{number}").await;
    let page = admin.get("/settings/carriers?account=maison&carrier=Colissimo").await;
    assert_eq!(page.value_of("template").unwrap(), "https://a.example.com/{number}");
    // The same again is nothing to tell.
    set(&admin, "maison", "Colissimo", LINK).await;
    set(&admin, "maison", "Colissimo", LINK).await;
    let fields = [("account", "maison"), ("carrier", "Colissimo"), ("step", "remove")];
    assert_eq!(admin.post("/settings/carriers", &fields).await.status, 303);
    assert!(admin.get("/settings/carriers").await.main_text().contains("No tracking links yet"));
    let audited = shop.app.audited().await;
    let changes = audited.iter().filter(|it| *it == "account_changed by Ana").count();
    assert_eq!(changes, 3, "{audited:?}");
    assert_eq!(set(&admin, "nobodys", "Colissimo", LINK).await.status, 404);
    let warehouse = shop.sign_in(Role::Warehouse).await;
    assert_eq!(set(&warehouse, "", "Colissimo", LINK).await.status, 403);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_number_of_the_order_is_not_taken_for_that_of_the_parcel(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = filled(&browser).await.set("parcels[1].number", "2611170812cdis");
    let page = form.post(&browser, &href("A-1/ship")).await;
    assert_eq!(page.status, 422);
    let text = page.main_text();
    assert!(
        text.contains("2611170812cdis is the number of the order, not of the parcel."),
        "{text}"
    );
}
