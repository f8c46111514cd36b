//! What the list shows, to whom, and what it makes of nonsense.

use comptoir::domain::operator::Role;
use comptoir::domain::order::Order;
use comptoir::domain::order::Parcel;
use comptoir::domain::order::Status;
use comptoir::domain::order::SupplyMode;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::support::World;
use crate::support::at;
use crate::support::line;
use crate::support::order;

fn due(id: &str, instant: &str) -> Order {
    Order { ship_by: Some(at(instant)), ..order(id) }
}

fn in_status(id: &str, status: Status) -> Order {
    Order { status, ..order(id) }
}

/// Seventy orders, one per minute, the first due first.
fn seventy() -> Vec<Order> {
    let due = |index| at("2026-11-20T09:00:00Z") + SignedDuration::from_mins(index);
    (0..70).map(|it| Order { ship_by: Some(due(it)), ..order(&format!("A{it:03}")) }).collect()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_row_says_what_there_is_to_know(pool: PgPool) {
    let world = World::start(pool).await;
    let mut sold = due("261117081233BM7T", "2026-11-18T17:00:00Z");
    sold.business = true;
    sold.lines.extend([line("L2", 1, SupplyMode::Seller), line("L3", 2, SupplyMode::Seller)]);
    world.mirror(&[sold]).await;
    world.promised("261117081233BM7T", "ship", "refused").await;
    let page = world.sign_in(Role::Warehouse).await.get("/orders").await;
    insta::assert_snapshot!(page.row("261117081233BM7T"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_first_sight_of_comptoir_leads_to_the_sync_page(pool: PgPool) {
    let world = World::start(pool).await;
    let browser = world.sign_in(Role::Admin).await;
    let page = browser.get("/orders").await;
    let empty = page.between("aria-labelledby=\"h-empty\">", "</section>");
    insta::assert_snapshot!(empty.trim());
    world.synced().await;
    assert!(browser.get("/orders").await.text().contains("No orders yet"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_empty_list_says_whether_that_is_good_news(pool: PgPool) {
    let world = World::start(pool).await;
    world.synced().await;
    world.mirror(&[in_status("A1", Status::WaitingAcceptance)]).await;
    let mut browser = world.sign_in(Role::Warehouse).await;
    let to_ship = browser.get("/orders?status=InPreparation").await;
    assert!(to_ship.text().contains("Nothing to do here"));
    assert!(to_ship.text().contains("1 order waits for acceptance."));
    assert!(browser.get("/orders?due=overdue").await.text().contains("Nothing to do here"));
    let filtered = browser.get("/orders?status=Shipped&from=2026-11-19").await;
    assert!(filtered.text().contains("No order matches these filters"));
    assert!(filtered.text().contains("Clear filters"));
    browser.language = "fr";
    let page = browser.get("/orders?status=InPreparation").await;
    assert!(page.text().contains("1 commande attend votre acceptation."));
    assert!(page.body.contains("<h1>0 commande</h1>"), "zero is singular in French");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn orders_stand_in_groups_whose_days_end_at_midnight_in_paris(pool: PgPool) {
    let world = World::start(pool).await;
    let mut ours = vec![
        due("A1", "2026-11-19T13:11:59Z"),
        due("A2", "2026-11-19T13:12:00Z"),
        due("A3", "2026-11-19T17:12:00Z"),
        due("A4", "2026-11-19T22:59:59Z"),
        due("A5", "2026-11-19T23:00:00Z"),
        due("A6", "2026-11-20T23:00:00Z"),
        in_status("A8", Status::Shipped),
    ];
    ours.push(Order { ship_by: None, ..order("A7") });
    world.mirror(&ours).await;
    let browser = world.sign_in(Role::Viewer).await;
    let groups = browser.get("/orders").await.groups();
    let groups: Vec<_> = groups.iter().map(|(heading, rows)| (heading.as_str(), *rows)).collect();
    let expected = [
        ("Overdue 1", 1),
        ("Due in under 4 h 1", 1),
        ("Later today 2", 2),
        ("Tomorrow 1", 1),
        ("Later 1", 1),
        ("No deadline to meet 1", 1),
        ("Done 1", 1),
    ];
    assert_eq!(groups, expected);
    // A minute before midnight in Paris, and at midnight: the same orders, another day.
    world.clock.advance(SignedDuration::from_secs(9 * 3600 + 47 * 60));
    // Nobody did anything for so long.
    let browser = world.sign_in(Role::Viewer).await;
    let today = |due: &str| format!("/orders?due={due}");
    assert_eq!(browser.get(&today("soon")).await.orders(), ["A4", "A5"]);
    assert_eq!(browser.get(&today("tomorrow")).await.orders(), [] as [&str; 0]);
    assert_eq!(browser.get(&today("later")).await.orders(), ["A6"]);
    world.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(browser.get(&today("overdue")).await.orders(), ["A1", "A2", "A3", "A4"]);
    assert_eq!(browser.get(&today("tomorrow")).await.orders(), ["A6"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn days_of_creation_are_those_of_paris(pool: PgPool) {
    let world = World::start(pool).await;
    let made = |id, instant| Order { created_at: at(instant), ..order(id) };
    world
        .mirror(&[
            made("A1", "2026-11-17T22:59:59Z"),
            made("A2", "2026-11-17T23:00:00Z"),
            made("A3", "2026-11-18T22:59:59.999Z"),
            made("A4", "2026-11-18T23:00:00Z"),
        ])
        .await;
    let browser = world.sign_in(Role::Viewer).await;
    let page = browser.get("/orders?from=2026-11-18&to=2026-11-18&sort=newest").await;
    assert_eq!(page.orders(), ["A3", "A2"]);
    assert!(page.text().contains("Created from: Wed 18 Nov"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn personal_data_is_for_the_roles_that_need_it(pool: PgPool) {
    let world = World::start(pool).await;
    world.mirror(&[order("A1"), Order { shipping: None, ..order("A2") }]).await;
    for role in Role::ALL {
        let page = world.sign_in(role).await.get("/orders").await;
        if role == Role::Viewer {
            assert_eq!(page.cell("A1", 4), "Hidden for your role");
            assert!(!page.body.contains("Benali") && !page.body.contains("13002"));
        } else {
            assert_eq!(page.cell("A1", 4), "M. Karim Benali 13002 Marseille");
            assert_eq!(page.cell("A2", 4), "Hidden by the marketplace for now");
        }
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_row_offers_what_is_most_likely_to_be_done(pool: PgPool) {
    let world = World::start(pool).await;
    let mut elsewhere = order("B1");
    elsewhere.lines = vec![line("L1", 1, SupplyMode::Fulfillment)];
    world
        .mirror(&[
            in_status("A1", Status::WaitingAcceptance),
            order("A2"),
            order("A3"),
            order("A4"),
            order("A5"),
            in_status("A6", Status::Other("Teleported".to_owned())),
            in_status("A7", Status::Shipped),
            order("A8"),
            elsewhere,
        ])
        .await;
    for (id, state) in [
        ("A3", "queued"),
        ("A4", "needs_person"),
        ("A5", "refused"),
        ("A7", "confirmed"),
        ("A8", "withdrawn"),
    ] {
        world.promised(id, "ship", state).await;
    }
    let page = world.sign_in(Role::Warehouse).await.get("/orders").await;
    for (id, action, href) in [
        ("A1", "Accept A1", "/orders/maison/A1/approve"),
        ("A2", "Ship A2", "/orders/maison/A2/ship"),
        ("A3", "", ""),
        ("A4", "Decide A4", "/orders/maison/A4"),
        ("A5", "Correct A5", "/orders/maison/A5/ship"),
        ("A6", "", ""),
        ("A7", "", ""),
        ("A8", "Ship A8", "/orders/maison/A8/ship"),
        ("B1", "", ""),
    ] {
        assert_eq!(page.cell(id, 7), action);
        assert!(page.row(id).contains(&format!("href=\"{href}")), "{id}");
    }
    assert_eq!(page.cell("A3", 2), "To ship Shipment queued");
    assert!(page.row("A3").contains("data-state=\"queued\""));
    assert_eq!(page.cell("A6", 2), "Teleported");
    assert_eq!(page.cell("A8", 2), "To ship");
    for role in [Role::Viewer, Role::CustomerService, Role::Manager] {
        let page = world.sign_in(role).await.get("/orders").await;
        assert!(!page.body.contains("class=\"button small\""), "{role:?}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_next_page_goes_on_where_the_reader_was_whatever_happened_before(pool: PgPool) {
    let world = World::start(pool).await;
    world.mirror(&seventy()).await;
    let browser = world.sign_in(Role::Warehouse).await;
    let first = browser.get("/orders").await;
    assert_eq!(first.orders().len(), 50);
    assert!(first.link("prev").is_none());
    // The last row of the page and two more leave the queue, and something urgent comes in.
    let mut gone: Vec<_> = seventy().into_iter().filter(|it| it.id.as_str() <= "A001").collect();
    gone.push(seventy().remove(49));
    for order in &mut gone {
        order.status = Status::Shipped;
    }
    world.mirror(&gone).await;
    world.mirror(&[due("URGENT", "2026-11-19T14:00:00Z")]).await;
    let second = browser.get(&first.link("next").unwrap()).await;
    let rest: Vec<_> = (50..70).map(|it| format!("A{it:03}")).collect();
    assert_eq!(second.orders()[..20], rest);
    // 48 rows are left of the first page: going back shows the whole first page as it is now.
    let back = browser.get(&second.link("prev").unwrap()).await;
    assert_eq!(back.orders()[0], "URGENT");
    assert_eq!(back.orders().len(), 50);
    assert!(back.link("prev").is_none());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nonsense_in_the_address_is_told_and_the_rest_is_kept(pool: PgPool) {
    let world = World::start(pool).await;
    world.mirror(&[order("A1"), in_status("A2", Status::Shipped)]).await;
    let browser = world.sign_in(Role::Warehouse).await;
    for (query, told) in [
        ("status=Shiped", "The filter “Status: Shiped” was not understood and is left out."),
        ("channel=%3Cb%3E", "The filter “Channel: <b>” was not understood and is left out."),
        ("account=%27", "The filter “Account: '” was not understood and is left out."),
        ("supply=Seler", "The filter “Supply mode: Seler” was not understood and is left out."),
        ("due=someday", "The filter “Ship by: someday” was not understood and is left out."),
        ("from=18/11/2026", "The filter “Created from: 18/11/2026” was not understood"),
        ("to=-009999-01-01", "The filter “Created to: -009999-01-01” was not understood"),
        ("sort=price", "The filter “Sort: price” was not understood and is left out."),
        ("from=2026-11-20&to=2026-11-01&from=2026-11-02", "The last day lies before the first"),
        ("due=later&sort=newest", "Orders filtered by deadline are also listed by deadline."),
    ] {
        let page = browser.get(&format!("/orders?{query}&status=InPreparation")).await;
        assert_eq!(page.status, 200, "{query}");
        assert!(page.text().contains(told), "{query}: {}", page.text());
        assert!(page.text().contains("Status: In preparation"), "{query}");
    }
    for query in [
        "after=x",
        "after=.",
        "before=9.",
        "after=9223372036854775807.zz",
        "before=-9223372036854775808.A",
        "after=99999999999999999999999.A",
        "after=1.A&before=2.B",
        "unknown=1",
        "status=&due=&from=&q=",
    ] {
        let page = browser.get(&format!("/orders?{query}")).await;
        assert_eq!(page.orders(), ["A1", "A2"], "{query}");
    }
    for query in ["status=%00", "q=%FF", "q=%"] {
        let page = browser.get(&format!("/orders?{query}")).await;
        assert_eq!(page.status, 400, "{query}");
        assert!(page.text().contains("This request cannot be understood"));
    }
    let long = format!("/orders?q={}&status={}", "9".repeat(5000), "x,".repeat(5000));
    assert_eq!(browser.get(&long).await.status, 200);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_number_leads_to_its_order(pool: PgPool) {
    let world = World::start(pool).await;
    let mut shipped = in_status("261118093142KP7Q", Status::Shipped);
    shipped.reference = Some("CHANNEL-7".to_owned());
    shipped.parcels = vec![Parcel {
        number: "6A123".to_owned(),
        carrier: "Colissimo".to_owned(),
        tracking_url: None,
        line_ids: Vec::new(),
    }];
    let twin = Order { reference: Some("CHANNEL-8".to_owned()), ..order("A/1 ?") };
    world.mirror(&[shipped, twin]).await;
    world
        .mirror_for("atelier", &[Order { reference: Some("CHANNEL-8".to_owned()), ..order("B2") }])
        .await;
    let browser = world.sign_in(Role::Viewer).await;
    for number in
        ["261118093142KP7Q", "%20261118093142kp7q+", "CHANNEL-7", "6A123", "6a123&status=Refused"]
    {
        let page = browser.get(&format!("/orders?q={number}")).await;
        assert_eq!((page.status, page.location.as_str()), (303, "/orders/maison/261118093142KP7Q"));
    }
    let page = browser.get("/orders?q=A/1%20?").await;
    assert_eq!(page.location, "/orders/maison/A%2F1%20%3F");
    let page = browser.get_fragment("/orders?q=6A123").await;
    assert_eq!((page.status, page.hx_redirect.as_str()), (200, "/orders/maison/261118093142KP7Q"));
    let mut several = browser.get("/orders?q=CHANNEL-8&account=maison").await.orders();
    several.sort();
    assert_eq!(several, ["A/1?", "B2"]);
    for number in ["26111809314", "Benali", "<script>"] {
        let query = serde_html_form::to_string([("q", number)]).unwrap();
        let page = browser.get(&format!("/orders?{query}")).await;
        assert!(page.text().contains(&format!("Nothing found for “{number}”")));
        assert!(page.text().contains("an order number, channel reference, tracking number"));
        assert!(!page.body.contains("<script>"));
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn sending_the_form_keeps_what_it_has_no_control_for(pool: PgPool) {
    let world = World::start(pool).await;
    world.mirror(&[order("A1"), in_status("A2", Status::Shipped)]).await;
    let browser = world.sign_in(Role::Viewer).await;
    let page =
        browser.get("/orders?status=Shipped&due=closed,none&supply=Seller&to=2026-11-19").await;
    for control in [
        r#"<input type="hidden" name="status" value="Shipped">"#,
        r#"<option value="none,closed" selected>No deadline to meet, Done</option>"#,
        r#"<option value="Seller" selected>Seller</option>"#,
        r#"<input type="date" id="to" name="to" value="2026-11-19">"#,
    ] {
        assert!(page.body.contains(control), "{control}");
    }
    assert!(page.body.contains("Filters, 5 active"));
    let page = browser.get("/orders?sort=newest").await;
    assert!(page.body.contains(r#"<input type="hidden" name="sort" value="newest">"#));
    let page =
        browser.get_fragment("/orders?status=Shipped&q=&due=&supply=&channel=CDISFR&to=").await;
    assert_eq!(page.hx_push_url, "/orders?status=Shipped&channel=CDISFR");
}
