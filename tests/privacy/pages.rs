//! Who may not see whom an order is for, does not get to know it on any page.

use comptoir::domain::action::ActionKind;
use comptoir::domain::operator::Role;
use comptoir::live::Live;
use comptoir::web;
use comptoir::web::AppState;
use octopia_simulator::OrderDraft;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::browser::Page;
use crate::browser::TestApp;
use crate::browser::routes;
use crate::canary::account;
use crate::canary::gesture;
use crate::canary::promise;
use crate::canary::signed_in;
use crate::planted;
use crate::planted::CANARY;
use crate::planted::ORDERS;
use crate::support::World;
use crate::support::href;

/// Every address of a route that leads to what was planted.
fn addresses(route: &str, promises: &[Uuid]) -> Vec<String> {
    let words = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let actions: Vec<&str> = ActionKind::ALL.into_iter().map(ActionKind::slug).collect();
    let ids: Vec<String> =
        promises.iter().map(Uuid::to_string).chain(["1".to_owned(), "2".to_owned()]).collect();
    let values = [
        ("{account}", words(&["maison", "atelier"])),
        ("{order_id}", words(&ORDERS)),
        ("{action}", words(&actions)),
        ("{id}", ids),
        ("{token}", words(&["nobody"])),
        ("{channel}", words(&["CDISFR"])),
        ("{file}", words(&["app.css"])),
    ];
    let mut paths = vec![route.to_owned()];
    for (name, values) in values {
        let with = |path: String| {
            if !path.contains(name) {
                return vec![path];
            }
            values.iter().map(|it| path.replace(name, it)).collect()
        };
        paths = paths.into_iter().flat_map(with).collect();
    }
    paths.retain(|it| !it.contains('{'));
    assert!(!paths.is_empty(), "{route} has a part that this test knows no value for");
    paths
}

fn told(page: &Page) -> bool {
    format!("{:?}{}", page.headers, page.body).to_uppercase().contains(CANARY)
}

async fn leaks(browser: &Browser, paths: &[String]) -> Vec<String> {
    let mut leaks = Vec::new();
    for path in paths {
        for page in [browser.get(path).await, browser.get_fragment(path).await] {
            // Some forms ask the marketplace, which is not there.
            assert!(page.status < 500 || page.status == 503, "{path}: {}", page.status);
            if told(&page) {
                let at = page.body.find(CANARY).unwrap_or_default();
                let words: String = page.body[at..].chars().take(40).collect();
                leaks.push(format!("{path}: {words}"));
            }
        }
    }
    leaks
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn no_page_tells_a_viewer_whom_an_order_is_for(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let promises = planted::plant_all(&app).await;
    let mut paths: Vec<String> =
        routes(&app.router).iter().flat_map(|it| addresses(it, &promises)).collect();
    paths.extend(
        ["/orders?sort=newest", "/orders?status=Shipped", "/orders?q=P-", "/nowhere"]
            .map(str::to_owned),
    );
    assert!(paths.len() > 60, "{paths:?}");
    let viewer = app.sign_in(Role::Viewer).await;
    assert_eq!(leaks(&viewer, &paths).await, Vec::<String>::new());
    assert_eq!(leaks(&app.visitor(), &paths).await, Vec::<String>::new());
    // The same pages do tell those who need it: the test can fail.
    for (role, pages) in [(Role::Warehouse, 3), (Role::CustomerService, 3)] {
        let browser = app.sign_in(role).await;
        for id in ORDERS {
            let page = browser.get(&href(id)).await;
            for part in ["shipping-street", "shipping-phone", "shipping-email", "billing-last"] {
                assert!(page.body.contains(&format!("{CANARY}-{part}")), "{role:?} {id} {part}");
            }
        }
        let found = leaks(&browser, &paths).await;
        assert!(found.len() > pages * 2, "{found:?}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn no_address_finds_a_customer_and_a_viewer_finds_none_at_all(pool: PgPool) {
    let app = TestApp::start(pool).await;
    planted::plant_all(&app).await;
    for role in [Role::Viewer, Role::Admin] {
        let browser = app.sign_in(role).await;
        for part in ["last", "first", "phone", "email", "postcode", "city", "company"] {
            for what in [format!("{CANARY}-shipping-{part}"), format!("{CANARY}-billing-{part}")] {
                let page = browser.get(&format!("/orders?q={what}")).await;
                assert_eq!(page.status, 200);
                assert!(!page.body.contains("/orders/maison/P-"), "{role:?} {what}");
                let page = browser.post("/orders/search", &[("q", what.as_str())]).await;
                assert_eq!((page.status, page.location()), (303, "/orders/search"));
                let page = browser.get("/orders/search").await;
                let found = page.body.contains("/orders/maison/P-");
                let may = role != Role::Viewer;
                // A telephone number is asked for by its digits; without any it is like the other words.
                let right = found == may || (part == "phone" && may);
                assert!(page.status == 200 && right, "{role:?} {what}: {}", page.main_text());
            }
        }
        assert_eq!(browser.get("/orders?q=P-1").await.location(), href("P-1"));
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_may_be_a_name_is_not_carried_on_in_addresses(pool: PgPool) {
    let app = TestApp::start(pool).await;
    planted::plant_all(&app).await;
    let browser = app.sign_in(Role::Warehouse).await;
    for sought in ["Quincampoix", "zelie@example.test", "%2B33612345678"] {
        let path = format!("/orders?q={sought}&status=Shipped");
        for page in [browser.get(&path).await, browser.get_fragment(&path).await] {
            assert_eq!(page.status, 200);
            assert!(!format!("{:?}", page.headers).contains(sought), "{:?}", page.headers);
            let links: Vec<_> = page
                .body
                .split("href=\"")
                .skip(1)
                .chain(page.body.split("hx-get=\"").skip(1))
                .collect();
            let carried =
                links.iter().filter_map(|it| it.split('"').next()).find(|it| it.contains(sought));
            assert_eq!(carried, None);
        }
    }
    // The box is posted, so that no browser writes what is typed into an address.
    let page = browser.get("/orders").await;
    assert_eq!(page.body.matches("name=\"q\"").count(), 1);
    assert!(page.body.contains(r#"<form action="/orders/search" method="post">"#));
    browser.post("/orders/search", &[("q", "Quincampoix")]).await;
    let page = browser.get("/orders/search").await;
    let main = format!("{:?}{}", page.headers, page.body);
    assert_eq!(page.status, 200);
    let carried =
        main.split(['"', '\'']).find(|it| it.starts_with('/') && it.contains("Quincampoix"));
    assert_eq!(carried, None);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_fresh_look_at_the_marketplace_tells_a_viewer_no_more(pool: PgPool) {
    let world = World::start(pool).await;
    world.simulator.set_gesture_limit("CDISFR", 100, 1_240);
    let order = world.simulator.add(OrderDraft::new("maison").status("Shipped"));
    world.pull().await;
    promise(&world, &order, gesture(), Role::CustomerService).await;
    world.send().await;
    let app = &world.shop.app;
    // As if nobody had learnt that it arrived: a person has to look.
    let sql = "ALTER TABLE promises DISABLE TRIGGER USER;
       UPDATE promises SET state = 'needs_person', settled_at = NULL, reference = NULL";
    sqlx::raw_sql(sql).execute(&app.pool).await.unwrap();
    let account = account(&world.simulator.base_url(), &world.simulator.token_url());
    let live = Live::new(&[account]).unwrap();
    let router = web::router(AppState { live, ..app.state.clone() });
    let path = format!("/promises/{}", world.shop.promise(&order).await);
    let page = signed_in(&router, Role::CustomerService).await.get(&path).await;
    assert_eq!(page.main_text().matches(CANARY).count(), 2, "sent and seen: {}", page.main_text());
    let page = signed_in(&router, Role::Viewer).await.get(&path).await;
    assert!(page.main_text().contains("Other"), "{}", page.main_text());
    assert!(!told(&page), "{}", page.main_text());
}
