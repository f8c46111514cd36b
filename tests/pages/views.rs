//! Saved views, and how the list looks to somebody.

use comptoir::domain::operator::Role;
use comptoir::domain::order::Order;
use comptoir::domain::order::Status;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::support::Browser;
use crate::support::Page;
use crate::support::World;
use crate::support::order;

const LIST: &str = "status=InPreparation&buyer=business";

/// The words, the count and the address of each view.
fn views(page: &Page) -> Vec<(String, String)> {
    let chips = page.between("aria-label=\"Views\">", "</nav>");
    let links = chips.split("<a id=\"view-").skip(1);
    links
        .map(|it| {
            let href = it.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
            let words = it.split_once('>').unwrap().1.split("</a>").next().unwrap();
            let words = words.replace("<data>", "").replace("</data>", "");
            (words.trim().to_owned(), href.replace("&#38;", "&"))
        })
        .collect()
}

async fn names(browser: &Browser) -> Vec<String> {
    let all = views(&browser.get("/orders").await);
    all.into_iter().skip(6).map(|it| it.0).collect()
}

async fn save(browser: &Browser, name: &str, team: bool) -> Page {
    let mut fields = vec![("name", name), ("query", LIST)];
    fields.extend(team.then_some(("team", "yes")));
    browser.post("/views", &fields).await
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_views_that_are_there_from_the_start_lead_to_their_orders(pool: PgPool) {
    let world = World::start(pool).await;
    let due = |id: &str, minutes| Order {
        ship_by: Some(world.clock.now() + SignedDuration::from_mins(minutes)),
        ..order(id)
    };
    let in_status = |id: &str, status| Order { status, ship_by: None, ..order(id) };
    world
        .mirror(&[
            due("LATE", -30),
            due("TODAY", 30),
            due("NEXT-WEEK", 7 * 24 * 60),
            in_status("WAITS", Status::WaitingAcceptance),
            in_status("DONE", Status::Shipped),
            due("FAILED", 3 * 24 * 60),
            due("DOUBT", 4 * 24 * 60),
            due("MINE", 5 * 24 * 60),
        ])
        .await;
    let browser = world.sign_in(Role::Warehouse).await;
    world.promised("FAILED", "ship", "refused").await;
    world.promised("DONE", "ship", "refused").await;
    world.promised("DOUBT", "ship", "in_doubt").await;
    let sql =
        "UPDATE orders SET assigned_to = (SELECT min(user_id) FROM users) WHERE order_id = 'MINE'";
    sqlx::query(sql).execute(&world.pool).await.unwrap();
    let expected = [
        ("To accept 1", &["WAITS"][..]),
        ("To ship today", &["LATE", "TODAY"]),
        ("Late 1", &["LATE"]),
        ("Failed", &["FAILED"]),
        ("In doubt", &["DOUBT"]),
        ("Mine", &["MINE"]),
    ];
    let views = views(&browser.get("/orders").await);
    assert_eq!(views.len(), expected.len());
    for ((words, href), (label, orders)) in views.iter().zip(expected) {
        let page = browser.get(href).await;
        assert_eq!(words, label);
        assert_eq!(page.orders(), orders, "{label}");
        assert!(page.body.contains("aria-current=\"page\">"), "{label} is where we are");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_list_is_saved_under_a_name_and_leads_back_to_itself(pool: PgPool) {
    let world = World::start(pool).await;
    world.mirror(&[Order { business: true, ..order("A1") }, order("A2")]).await;
    let browser = world.sign_in(Role::Warehouse).await;
    let answer = save(&browser, "  Business to ship ", false).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, &*format!("/orders?{LIST}")));
    let page = browser.get(&answer.location).await;
    let (words, href) = views(&page).pop().unwrap();
    assert_eq!((words.as_str(), href.as_str()), ("Business to ship", answer.location.as_str()));
    assert_eq!(browser.get(&href).await.orders(), ["A1"]);
    // Neither a search nor an address of others is kept.
    let fields = [("name", "Odd"), ("query", "q=Dupont&after=1.A&x=//evil.example")];
    let answer = browser.post("/views", &fields).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/orders"));
    assert_eq!(views(&browser.get("/orders").await).pop().unwrap().1, "/orders");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn ones_own_views_are_nobody_elses_and_the_teams_are_everybodys(pool: PgPool) {
    let world = World::start(pool).await;
    let manager = world.sign_in(Role::Manager).await;
    let walid = world.sign_in(Role::Warehouse).await;
    save(&manager, "For all", true).await;
    save(&manager, "For me", false).await;
    // The box is not offered to them, and does not count.
    save(&walid, "For Walid", true).await;
    assert_eq!(names(&manager).await, ["For me", "For all"]);
    assert_eq!(names(&walid).await, ["For Walid", "For all"]);
    let list = format!("/orders?{LIST}");
    let id = |page: &Page, name: &str| -> String {
        let before = page.body.split(&format!(">{name}<")).next().unwrap();
        let id = before.rsplit("id=\"view-").next().unwrap();
        id.split('"').next().unwrap().to_owned()
    };
    let page = walid.get(&list).await;
    assert!(!page.body.contains("name=\"team\""));
    let (shared, own) = (id(&page, "For all"), id(&page, "For Walid"));
    for path in [format!("/views/{shared}"), format!("/views/{shared}/delete")] {
        walid.post(&path, &[("name", "Mine now"), ("query", LIST)]).await;
    }
    manager.post(&format!("/views/{own}"), &[("name", "Stolen"), ("query", LIST)]).await;
    assert_eq!(names(&walid).await, ["For Walid", "For all"]);
    // Their makers do.
    let answer =
        walid.post(&format!("/views/{own}"), &[("name", "Renamed"), ("query", LIST)]).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, list.as_str()));
    manager.post(&format!("/views/{shared}/delete"), &[("query", LIST)]).await;
    assert_eq!(names(&walid).await, ["Renamed"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_name_that_cannot_be_taken_is_said_and_kept(pool: PgPool) {
    let world = World::start(pool).await;
    let mut browser = world.sign_in(Role::Manager).await;
    save(&browser, "Ours", true).await;
    save(&browser, "Second", true).await;
    let long = "x".repeat(41);
    for (name, told) in [
        (" ", "Enter a name of up to 40 characters"),
        (long.as_str(), "Enter a name of up to 40 characters"),
        ("OURS", "Choose another name"),
    ] {
        let page = save(&browser, name, true).await;
        assert_eq!(page.status, 422, "{name}");
        assert!(page.body.contains("<title>Error:"), "{name}");
        assert_eq!(page.text().matches(told).count(), 2, "{name}: {}", page.text());
        assert!(page.body.contains(&format!("value=\"{name}\"")) && page.body.contains("checked"));
        assert!(page.text().contains("Buyer: Business (B2B)"), "still the same list");
    }
    let page = browser.get(&format!("/orders?{LIST}")).await;
    let second = page.body.split("action=\"/views/").nth(2).unwrap().split('"').next().unwrap();
    let rename = [("name", "second"), ("query", LIST)];
    assert_eq!(browser.post(&format!("/views/{second}"), &rename).await.status, 303);
    browser.language = "fr";
    let page = save(&browser, "", false).await;
    assert!(page.text().contains("Saisissez un nom de 40 caractères au plus"));
    for index in 0..30 {
        save(&browser, &format!("View {index}"), false).await;
    }
    browser.language = "en";
    assert_eq!(names(&browser).await.len(), 22);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn columns_and_density_are_each_ones_own(pool: PgPool) {
    let world = World::start(pool).await;
    world.mirror(&[order("A1")]).await;
    let browser = world.sign_in(Role::Warehouse).await;
    let table = async |browser: &Browser| {
        let page = browser.get("/orders").await;
        page.between("<table", ">").to_owned()
    };
    assert!(!table(&browser).await.contains("data-"));
    let fields = [("shown", "items"), ("shown", "total"), ("dense", "yes"), ("query", LIST)];
    let answer = browser.post("/views/looks", &fields).await;
    assert_eq!((answer.status, answer.location.as_str()), (303, &*format!("/orders?{LIST}")));
    let own = table(&browser).await;
    assert!(
        own.contains("data-dense") && own.contains("data-hidden=\"customer channel\""),
        "{own}"
    );
    // The heads of the groups go as far as the columns do.
    assert!(browser.get("/orders").await.body.contains("colspan=\"6\""));
    assert!(!table(&world.sign_in(Role::Manager).await).await.contains("data-"));
    // Everything again.
    let all = ["items", "customer", "channel", "total"].map(|it| ("shown", it));
    browser.post("/views/looks", &all).await;
    assert!(!table(&browser).await.contains("data-"));
}
