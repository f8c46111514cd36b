//! A day of each role, in both languages, with scripts and without, on a desk and on a telephone.

use comptoir::domain::operator::Role;
use jiff::SignedDuration;
use octopia_simulator::OrderDraft;
use octopia_simulator::Party;
use serde_json::json;
use sqlx::PgPool;
use thirtyfour::Key;

use crate::browser::Browser;
use crate::browser::DESKTOP;
use crate::browser::PHONE;
use crate::browser::Scripts;
use crate::browser::Size;
use crate::world::World;
use crate::world::name;
use crate::world::sign_in;

/// A way of working.
struct Walk {
    lang: &'static str,
    scripts: Scripts,
    size: Size,
    /// Part of the numbers of this walk's own orders.
    number: usize,
}

/// Every way there is.
fn walks() -> impl Iterator<Item = Walk> {
    let ways = ["en", "fr"].into_iter().flat_map(|lang| {
        [Scripts::On, Scripts::Off]
            .into_iter()
            .flat_map(move |scripts| [DESKTOP, PHONE].map(|size| (lang, scripts, size)))
    });
    (1..).zip(ways).map(|(number, (lang, scripts, size))| Walk { lang, scripts, size, number })
}

impl Walk {
    /// Signs in, and is where the role works.
    async fn begin(&self, world: &World, role: Role, lands_on: &str) -> Browser {
        let browser = world.visitor_reading(self.lang, self.scripts).await;
        browser.resize(self.size).await;
        sign_in(&browser, role).await;
        assert_eq!(browser.path().await, lands_on);
        browser
    }

    /// Goes to a page, and sees that it is in the right language and no wider than the window.
    async fn go(&self, browser: &Browser, path: &str, css: &str) {
        browser.goto(path).await;
        browser.see(css).await;
        self.suits(browser).await;
    }

    async fn suits(&self, browser: &Browser) {
        let wide = "const page = document.scrollingElement;
            return [document.documentElement.lang, page.scrollWidth <= page.clientWidth]";
        let found = browser.run(wide, json!([])).await;
        assert_eq!(found, json!([self.lang, true]), "on {}", browser.path().await);
    }

    /// An order of this walk's own.
    fn order(&self, world: &World, suffix: &str, draft: OrderDraft) -> String {
        let id = format!("26111807{:02}{suffix}", self.number);
        let due = world.clock.now() + SignedDuration::from_hours(5);
        world.simulator.add(draft.id(&id).ship_by(due));
        id
    }
}

/// What was promised leaves, and shows.
async fn carried_out(world: &World, browser: &Browser, order: &str, kind: &str) {
    world.advance(SignedDuration::from_secs(25)).await;
    world.send().await;
    world.advance(SignedDuration::from_secs(2)).await;
    browser.goto(&format!("/orders/maison/{order}")).await;
    browser.see("#facts [data-state=confirmed]").await;
    let effects = world.simulator.ledger();
    let ours = effects.iter().filter(|it| it.order_id == order && it.by == Party::Api);
    assert_eq!(ours.filter(|it| it.kind == kind).count(), 1, "{kind} of {order}");
}

async fn warehouse(world: &World, walk: &Walk) {
    let waiting = OrderDraft::new("maison").status("WaitingAcceptance");
    let to_accept = walk.order(world, "AC", waiting);
    let to_ship = walk.order(world, "SH", OrderDraft::new("maison").lines(2));
    world.advance(SignedDuration::from_secs(2)).await;

    let walid = walk.begin(world, Role::Warehouse, "/orders").await;
    walid.see("tbody tr[data-due=overdue]").await;
    walk.suits(&walid).await;
    walk.go(&walid, &format!("/orders/maison/{to_accept}"), "#act-approve").await;
    walid.click("#act-approve").await;
    walid.see("#facts [data-state=queued]").await;
    carried_out(world, &walid, &to_accept, "approval").await;

    walk.go(&walid, "/shipping/picking", "section.pick").await;
    walk.go(&walid, "/shipping", "#scan").await;
    walid.fill("#scan", &to_ship).await;
    walid.click("form.scan button.primary").await;
    walid.see("#p1-number").await;
    walk.suits(&walid).await;
    walid.choose("#p1-carrier", "Colissimo").await;
    walid.fill("#p1-number", &format!("6A2193847{}", walk.number)).await;
    walid.click("#send").await;
    walid.see_text("#sent", &to_ship).await;
    carried_out(world, &walid, &to_ship, "shipment").await;
    walid.see("#actions .unavailable").await;
    walid.was_quiet().await;
}

async fn customer_service(world: &World, walk: &Walk) {
    let to_cancel = walk.order(world, "CA", OrderDraft::new("maison").lines(2));
    world.advance(SignedDuration::from_secs(2)).await;
    let customer = "SELECT customer_name FROM orders WHERE order_id = $1";
    let customer: String =
        sqlx::query_scalar(customer).bind(&to_cancel).fetch_one(&world.pool).await.unwrap();

    let sonia = walk.begin(world, Role::CustomerService, "/orders").await;
    // All that the customer told is a name.
    sonia.fill("#find", &customer).await;
    sonia.press(Key::Enter).await;
    sonia.see(&format!("tbody a[href^='/orders/maison/{to_cancel}']")).await;
    assert!(!sonia.path().await.contains('?'), "no name stands in an address");
    walk.suits(&sonia).await;

    walk.go(&sonia, &format!("/orders/maison/{to_cancel}"), "#note").await;
    sonia.fill("#note", "Rappeler mardi / call back on Tuesday").await;
    sonia.click("#note-add").await;
    sonia.see_text("#notes .note", "Rappeler mardi").await;
    sonia.click("#assign-take").await;
    sonia.see_text("#assignment b", name(Role::CustomerService)).await;
    sonia.click("#act-cancel").await;
    sonia.choose_any("#reason", &["Refused by the seller", "Refus du vendeur"]).await;
    sonia.click("#shipping-yes").await;
    sonia.click("#send").await;
    sonia.see("#review").await;
    walk.suits(&sonia).await;
    sonia.click("#send").await;
    sonia.see("#facts [data-state=queued]").await;
    carried_out(world, &sonia, &to_cancel, "cancellation_request").await;
    sonia.was_quiet().await;
}

async fn manager(world: &World, walk: &Walk) {
    let given = walk.order(world, "GI", OrderDraft::new("maison"));
    world.advance(SignedDuration::from_secs(2)).await;
    let marc = walk.begin(world, Role::Manager, "/").await;
    walk.suits(&marc).await;
    // Each number is the length of the list behind it.
    for tile in 1..=5 {
        walk.go(&marc, "/", ".tiles").await;
        let tile = format!(".tiles li:nth-child({tile}) a");
        let count = marc.attribute(&format!("{tile} data"), "value").await;
        marc.click(&tile).await;
        marc.see("main h1").await;
        assert!(marc.path().await.starts_with("/orders?"));
        assert_eq!(marc.count("tbody tr[data-due]").await.to_string(), count, "{tile}");
    }
    walk.go(&marc, "/", "svg").await;
    walk.go(&marc, "/orders", "#export").await;
    walk.go(&marc, &format!("/orders/maison/{given}"), "#assign-to").await;
    marc.choose("#assign-to", name(Role::Warehouse)).await;
    marc.click("#assign").await;
    marc.see_text("#assignment b", name(Role::Warehouse)).await;
    walk.go(&marc, "/activity", "#apply").await;
    marc.was_quiet().await;
}

async fn admin(world: &World, walk: &Walk) {
    let ana = walk.begin(world, Role::Admin, "/").await;
    walk.go(&ana, "/sync", "#sync-now-maison").await;
    ana.click("#sync-now-maison").await;
    // Asked for, being read or read, each "as asked".
    let asked = if walk.lang == "fr" { "emandé" } else { "sked" };
    ana.see_text("[data-account=maison]", asked).await;
    walk.suits(&ana).await;
    for path in ["/settings/users", "/settings/accounts", "/settings/carriers", "/attention"] {
        walk.go(&ana, path, "main h1").await;
    }
    for path in ["/settings/profile", "/glossary", "/help"] {
        walk.go(&ana, path, "main h1").await;
    }
    ana.was_quiet().await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_warehouse_accepts_picks_scans_and_ships(pool: PgPool) {
    let world = World::still(pool).await;
    for walk in walks() {
        warehouse(&world, &walk).await;
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn customer_service_finds_an_order_by_a_name_notes_takes_and_cancels_it(pool: PgPool) {
    let world = World::still(pool).await;
    for walk in walks() {
        customer_service(&world, &walk).await;
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_manager_reads_the_numbers_and_the_lists_behind_them(pool: PgPool) {
    let world = World::still(pool).await;
    for walk in walks() {
        manager(&world, &walk).await;
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_admin_looks_after_the_sync_and_the_settings(pool: PgPool) {
    let world = World::still(pool).await;
    for walk in walks() {
        admin(&world, &walk).await;
    }
}
