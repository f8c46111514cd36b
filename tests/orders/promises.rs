//! The page of a promise, and the decision that only a person can take.

use comptoir::config;
use comptoir::db;
use comptoir::domain::action::Action;
use comptoir::domain::action::Cancel;
use comptoir::domain::action::CancelLines;
use comptoir::domain::action::Gesture;
use comptoir::domain::action::Invoice;
use comptoir::domain::action::Live as Asked;
use comptoir::domain::action::cancel::Reason;
use comptoir::domain::action::cancel_lines::LineCancellation;
use comptoir::domain::action::invoice::Format;
use comptoir::domain::delivery::Answer;
use comptoir::domain::delivery::HORIZON;
use comptoir::domain::delivery::Reading;
use comptoir::domain::delivery::State;
use comptoir::domain::event::Event;
use comptoir::domain::operator::Operator;
use comptoir::domain::operator::Role;
use comptoir::domain::sending;
use comptoir::live::Live;
use comptoir::web;
use comptoir::web::AppState;
use comptoir::workflow;
use comptoir::workflow::Submission;
use jiff::SignedDuration;
use octopia_simulator::Fault;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::Review;
use octopia_simulator::When;
use rust_decimal::Decimal;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::browser::PASSWORD;
use crate::browser::Page;
use crate::browser::email;
use crate::browser::name;
use crate::support::FREE;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::World;
use crate::support::href;
use crate::support::maison;
use crate::support::moved;
use crate::support::order;

/// A shipment that nobody knows the fate of.
async fn undecided(pool: PgPool) -> (Shop, Browser, Uuid) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&browser.get(&href("A-1/ship")).await, "/ship")
        .set("parcels[1].carrier", "Colissimo")
        .set("parcels[1].number", "6A21938475603");
    form.post(&browser, &href("A-1/ship")).await;
    let now = shop.app.now();
    shop.carry_on("A-1", |it| it.marked(Vec::new(), now)).await;
    shop.carry_on("A-1", |it| it.answered(Answer::Unknown, now)).await;
    shop.app.clock.advance(HORIZON);
    for _ in 0..2 {
        let now = shop.app.now();
        shop.carry_on("A-1", |it| it.read_back(Reading::Absent, false, now)).await;
    }
    assert_eq!(shop.states("A-1").await, [State::NeedsPerson]);
    let promise = shop.promise("A-1").await;
    (shop, browser, promise)
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_of_a_promise_says_what_is_known_of_it(pool: PgPool) {
    let (_shop, browser, promise) = undecided(pool).await;
    let order = browser.get(&href("A-1")).await;
    assert!(order.body.contains("data-state=\"attention\""));
    assert!(order.body.contains(&format!("href=\"/promises/{promise}\">Look and decide</a>")));
    let page = browser.get(&format!("/promises/{promise}")).await;
    assert_eq!(page.title(), "Shipment of order A-1 · Comptoir");
    let text = page.main_text();
    for words in [
        "Walid Wagner",
        "6A21938475603 Colissimo",
        "Sent 1 time Thu 19 Nov, 14:12",
        "Read since, without finding it 2 times",
        "It was done",
        "It was not done",
        "Nothing is sent again.",
        "it would be done twice",
        "Queued 14:12 Sent 14:12 No answer, checking with the marketplace 14:12",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_decision_settles_a_promise_and_stands_in_the_history(pool: PgPool) {
    let (shop, browser, promise) = undecided(pool).await;
    let decide = format!("/promises/{promise}/decide");
    let page = browser.post(&decide, &[("done", "perhaps")]).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("<a href=\"#done\">Choose what happened</a>"));
    for _ in 0..2 {
        let answer = browser.post(&decide, &[("done", "no")]).await;
        assert_eq!((answer.status, answer.location()), (303, "/orders/maison/A-1/ship"));
    }
    assert_eq!(shop.states("A-1").await, [State::Refused]);
    assert_eq!(browser.get(&href("A-1/ship")).await.status, 200);
    let page = browser.get(&href("A-1")).await;
    assert!(page.main_text().contains("Walid Wagner decided: it was not done"));
    assert!(page.body.contains("id=\"act-ship\""));
    let page = browser.post(&decide, &[("done", "yes")]).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("It is now: Refused."), "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_late_effect_settles_it_before_the_person_does(pool: PgPool) {
    let (shop, browser, promise) = undecided(pool).await;
    let mut shipped = moved(order("A-1"), "Shipped", 5);
    shipped.parcels = vec![comptoir::domain::order::Parcel {
        number: "6A21938475603".to_owned(),
        carrier: "Colissimo".to_owned(),
        tracking_url: None,
        line_ids: shipped.lines.iter().map(|it| it.id.clone()).collect(),
    }];
    shop.mirror(shipped).await;
    let page = browser.post(&format!("/promises/{promise}/decide"), &[("done", "no")]).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("It is now: Confirmed."));
    assert_eq!(shop.states("A-1").await, [State::Confirmed]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn only_who_may_ship_may_decide_about_a_shipment(pool: PgPool) {
    let (shop, _, promise) = undecided(pool).await;
    for role in [Role::Viewer, Role::CustomerService] {
        let browser = shop.sign_in(role).await;
        let page = browser.get(&format!("/promises/{promise}")).await;
        assert!(page.main_text().contains("Your role cannot decide this."));
        assert!(!page.main().contains("<form"));
        for (path, fields) in [("decide", &[("done", "yes")][..]), ("withdraw", &[])] {
            let page = browser.post(&format!("/promises/{promise}/{path}"), fields).await;
            assert_eq!(page.status, 403);
            assert!(page.main_text().contains("Your role cannot ship."));
        }
    }
    assert_eq!(shop.states("A-1").await, [State::NeedsPerson]);
}

/// A marketplace that pages may ask as well.
struct Market {
    world: World,
    router: axum::Router,
}

impl Market {
    async fn start(pool: PgPool) -> Self {
        let world = World::start(pool).await;
        let account = config::Account {
            id: maison(),
            name: "Maison Lemoine".to_owned(),
            seller_id: "98979".to_owned(),
            client_id: "maison-client".to_owned(),
            client_secret: "maison-secret".into(),
            base_url: world.simulator.base_url().parse().unwrap(),
            token_url: world.simulator.token_url().parse().unwrap(),
            time_zone: "Europe/Paris".to_owned(),
            requests_per_second: None,
            options: comptoir::domain::account::Options::default(),
            channels: Vec::new(),
        };
        let live = Live::new(&[account]).unwrap();
        let router = web::router(AppState { live, ..world.shop.app.state.clone() });
        Self { world, router }
    }

    async fn sign_in(&self, role: Role) -> Browser {
        let browser = Browser::new(self.router.clone());
        let fields = [("email", email(role)), ("password", PASSWORD)];
        assert_eq!(browser.post("/sign-in", &fields).await.status, 303);
        browser
    }

    /// An order in the mirror, with everything allowed on its channel.
    async fn order(&self, draft: OrderDraft) -> String {
        let order = self.world.simulator.add(draft);
        self.world.pull().await;
        self.world.shop.channel("CDISFR", "Cdiscount", FREE).await;
        order
    }

    /// Promises an action of Ana's, due at once.
    async fn promise(&self, order_id: &str, action: Action) -> Uuid {
        let pool = &self.world.shop.app.pool;
        let id = sqlx::query_scalar("SELECT user_id FROM users WHERE role = 'admin'");
        let id = id.fetch_one(pool).await.unwrap();
        let operator = Operator { id, name: name(Role::Admin).to_owned(), role: Role::Admin };
        let file = matches!(action, Action::Invoice(_)).then_some(&b"%PDF-1.7"[..]);
        let submission = Submission {
            id: Uuid::now_v7(),
            account: &maison(),
            order_id,
            action,
            operator: &operator,
            live: Asked::NotAsked,
            file,
        };
        let now = self.world.shop.app.now();
        let tx = pool.begin().await.unwrap();
        workflow::perform(tx, &submission, now, SignedDuration::ZERO).await.unwrap()
    }

    /// The worker sends and reads until only a person can settle it.
    async fn send_until_undecided(&self, order_id: &str) {
        for _ in 0..40 {
            self.world.send().await;
            if self.world.shop.states(order_id).await[0] == State::NeedsPerson {
                return;
            }
            self.world.shop.app.clock.advance(SignedDuration::from_secs(30));
        }
        panic!("{:?}", self.world.shop.last(order_id).await);
    }

    /// Promises a gesture whose call breaks off, before or after it had its effect. Reads lag so far behind
    /// that nobody finds it.
    async fn lost_gesture(&self, when: When) -> (String, Uuid) {
        let order = self.order(OrderDraft::new("maison").status("Delivered")).await;
        let id = self.promise(&order, gesture()).await;
        self.world.simulator.set_read_lag(SignedDuration::from_hours(9));
        let call = Matcher::new("POST", "gesture");
        self.world.simulator.fault(Fault::reset(when).on(call).times(1));
        self.send_until_undecided(&order).await;
        self.world.simulator.set_read_lag(SignedDuration::ZERO);
        (order, id)
    }
}

fn gesture() -> Action {
    Action::Gesture(Gesture {
        reason: "MissingProduct".to_owned(),
        details: Some("A screw <b>".to_owned()),
        amount: Decimal::new(150, 2),
        currency: "EUR".to_owned(),
    })
}

fn reading(page: &Page) -> String {
    page.attribute("data-reading").unwrap_or_else(|| panic!("{}", page.main()))
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_fresh_look_comes_first_and_says_what_the_rules_make_of_it(pool: PgPool) {
    let market = Market::start(pool).await;
    let (order, id) = market.lost_gesture(When::Before).await;
    let browser = market.sign_in(Role::CustomerService).await;
    let page = browser.get(&format!("/promises/{id}")).await;
    assert_eq!((page.status, reading(&page).as_str()), (200, "absent"));
    let text = page.main_text();
    let mark = format!("#{}", sending::marker(id.as_u128()));
    for words in [
        "It does not show. It may not have arrived",
        "The order’s status Delivered",
        "There is no request of this kind on the order.",
        "Amount 1,50 € Reason Missing product Details, as sent A screw <b> ",
        &format!("Our mark {mark}"),
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let [fresh, sent, decision] = ["At the marketplace now", "What was asked", "Your decision"]
        .map(|it| text.find(it).unwrap_or_else(|| panic!("{it}: {text}")));
    assert!(fresh < sent && sent < decision);

    // A colleague gives the same in the portal: it looks alike, and has no mark.
    market.world.simulator.give_in_portal(&order, "MissingProduct", 150, Some("By hand")).unwrap();
    let page = browser.get(&format!("/promises/{id}")).await;
    assert_eq!(reading(&page), "absent");
    let text = page.main_text();
    assert!(text.contains("Gesture 1,50 €"), "{text}");
    assert!(text.contains("Missing product, By hand"), "{text}");
    let row = text.split("By hand").nth(1).unwrap();
    assert!(row.contains(" no no Look again"), "{row}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_effect_that_shows_late_is_found_and_bars_the_way_to_a_second_one(pool: PgPool) {
    let market = Market::start(pool).await;
    let (order, id) = market.lost_gesture(When::After).await;
    let browser = market.sign_in(Role::CustomerService).await;
    let page = browser.get(&format!("/promises/{id}")).await;
    assert_eq!(reading(&page), "found");
    let text = page.main_text();
    assert!(text.contains("Comptoir will confirm it by itself in a moment."), "{text}");
    assert!(text.contains(" yes no Look again"), "the mark is there, and it is new: {text}");
    assert_eq!(market.world.shop.states(&order).await, [State::NeedsPerson], "a look is no step");

    let fields = [("done", "no"), ("looked", "yes")];
    let page = browser.post(&format!("/promises/{id}/decide"), &fields).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("The marketplace shows it now: it was done."));
    assert_eq!(market.world.shop.states(&order).await, [State::NeedsPerson]);

    let page = browser.post(&format!("/promises/{id}/decide"), &[("done", "yes")]).await;
    assert_eq!((page.status, page.location()), (303, &*format!("/orders/maison/{order}")));
    assert_eq!(market.world.shop.states(&order).await, [State::Confirmed]);
    assert_eq!(market.world.simulator.gestures(&order).len(), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn with_money_at_stake_a_person_says_that_they_looked(pool: PgPool) {
    let market = Market::start(pool).await;
    let (order, id) = market.lost_gesture(When::Before).await;
    let browser = market.sign_in(Role::CustomerService).await;
    let decide = format!("/promises/{id}/decide");
    for fields in [&[("done", "no")][..], &[("done", "no"), ("looked", "perhaps")]] {
        let page = browser.post(&decide, fields).await;
        assert_eq!(page.status, 422);
        let link = "<a href=\"#looked\">Look in the Octopia portal first, then tick the box</a>";
        assert!(page.main().contains(link), "{}", page.main());
        assert!(page.main().contains("id=\"looked-error\""));
    }
    let events = async || {
        let mut conn = market.world.shop.app.pool.acquire().await.unwrap();
        let events = db::events::list(&mut conn, &maison(), &order).await.unwrap();
        let decided = events.into_iter().filter(|it| matches!(it.event, Event::Decided { .. }));
        decided.map(|it| (it.user_name.unwrap(), it.event)).collect::<Vec<_>>()
    };
    assert_eq!(events().await, []);
    let page = browser.post(&decide, &[("done", "no"), ("looked", "yes")]).await;
    let form = format!("/orders/maison/{order}/gesture");
    assert_eq!((page.status, page.location()), (303, form.as_str()));
    assert_eq!(events().await, [("Sonia Sanchez".to_owned(), Event::Decided { done: false })]);
    assert_eq!(market.world.shop.states(&order).await, [State::Refused]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn silence_is_said_and_does_not_take_the_decision_away(pool: PgPool) {
    let market = Market::start(pool).await;
    let (order, id) = market.lost_gesture(When::Before).await;
    let browser = market.sign_in(Role::CustomerService).await;
    let path = format!("/promises/{id}");
    market.world.simulator.fault(Fault::status(503));
    let page = browser.get(&path).await;
    assert_eq!((page.status, reading(&page).as_str()), (200, "silent"));
    let text = page.main_text();
    assert!(text.contains("Octopia does not answer just now"), "{text}");
    assert!(
        text.contains("You can still decide, but look at the order in the Octopia portal first")
    );
    let again = format!("<a class=\"button\" href=\"{path}\"");
    assert!(page.main().contains(&again), "{}", page.main());
    market.world.simulator.clear_faults();
    market.world.simulator.set_secret("maison", "another");
    market.world.simulator.revoke_tokens();
    let text = browser.get(&path).await.main_text();
    assert!(text.contains("Octopia refuses the account’s credentials"), "{text}");

    sqlx::query("UPDATE users SET language = 'fr'")
        .execute(&market.world.shop.app.pool)
        .await
        .unwrap();
    let text = browser.get(&path).await.main_text();
    for words in [
        "Sur la place de marché, à l’instant",
        "Octopia refuse les identifiants du compte",
        "Ce n’est pas fait : recommencer",
        "J’ai regardé dans le portail Octopia",
        "Précisions, telles qu’envoyées",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let fields = [("done", "no"), ("looked", "yes")];
    assert_eq!(browser.post(&format!("{path}/decide"), &fields).await.status, 303);
    assert_eq!(market.world.shop.states(&order).await, [State::Refused]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_shipment_that_needs_a_person_is_compared_with_the_parcels(pool: PgPool) {
    let market = Market::start(pool).await;
    let world = &market.world;
    let order = market.order(OrderDraft::new("maison").lines(1)).await;
    let browser = market.sign_in(Role::Warehouse).await;
    let form = Filled::of(&browser.get(&href(&format!("{order}/ship"))).await, "/ship")
        .set("parcels[1].carrier", "Colissimo")
        .set("parcels[1].number", "6A21938475603");
    form.post(&browser, &href(&format!("{order}/ship"))).await;
    let now = world.shop.app.now();
    world.shop.carry_on(&order, |it| it.marked(Vec::new(), now)).await;
    world.shop.carry_on(&order, |it| it.answered(Answer::Unknown, now)).await;
    world.shop.app.clock.advance(HORIZON);
    for _ in 0..2 {
        let now = world.shop.app.now();
        world.shop.carry_on(&order, |it| it.read_back(Reading::Absent, false, now)).await;
    }
    let path = format!("/promises/{}", world.shop.promise(&order).await);
    let page = browser.get(&path).await;
    assert_eq!(reading(&page), "absent");
    assert!(page.main_text().contains("The order has no parcel."));
    assert!(!page.main().contains("id=\"looked\""), "no money is at stake");
    world.simulator.ship_in_portal(&order, "Colissimo", "6A21938475603").unwrap();
    let page = browser.get(&path).await;
    assert_eq!(reading(&page), "found");
    assert!(page.main_text().contains("6A21938475603 Colissimo"), "{}", page.main_text());
}

/// What the page of a promise says of it, and the mark of its state.
async fn page_of(browser: &Browser, id: Uuid) -> (String, String) {
    let page = browser.get(&format!("/promises/{id}")).await;
    assert_eq!(page.status, 200);
    (page.main_text(), page.attribute("data-state").unwrap())
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_says_what_was_asked_whatever_it_was(pool: PgPool) {
    let market = Market::start(pool).await;
    let browser = market.sign_in(Role::Warehouse).await;
    let reason = |code: &str| Reason { code: code.to_owned(), label: None };
    let order = market.order(OrderDraft::new("maison")).await;
    let cancel = Cancel { reason: reason("seller-refusal"), shipping_refund: true };
    let id = market.promise(&order, Action::Cancel(cancel)).await;
    let (text, _) = page_of(&browser, id).await;
    let words = "Lines all Reason Refused by the seller Shipping costs refunded";
    assert!(text.contains(words), "{text}");

    let order = market.order(OrderDraft::new("maison").lines(2)).await;
    let mut conn = market.world.shop.app.pool.acquire().await.unwrap();
    let mirrored = db::orders::find(&mut conn, &maison(), &order).await.unwrap().unwrap();
    let line = &mirrored.order.lines[1];
    let lines = vec![LineCancellation {
        line_id: line.id.clone(),
        offer_id: line.offer_id.clone().unwrap(),
        reason: reason("damaged"),
        shipping_refund: false,
    }];
    let id = market.promise(&order, Action::CancelLines(CancelLines { lines })).await;
    let (text, _) = page_of(&browser, id).await;
    let title = line.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = format!("{} {title} Damaged not refunded", line.id);
    assert!(text.contains(&words), "{words}: {text}");

    let order = market.order(OrderDraft::new("maison").status("Shipped")).await;
    let invoice = Invoice {
        file_name: "facture & co.pdf".to_owned(),
        format: Format::Pdf,
        size: 8,
        sha256: "00".repeat(32),
    };
    let id = market.promise(&order, Action::Invoice(invoice)).await;
    let (text, _) = page_of(&browser, id).await;
    let sent_as = format!("{order}-{}.pdf", sending::marker(id.as_u128()));
    let words = format!("File facture & co.pdf Size 1 kB Sent as {sent_as}");
    assert!(text.contains(&words), "{words}: {text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_the_marketplace_decides_later_stands_on_the_page(pool: PgPool) {
    let market = Market::start(pool).await;
    let browser = market.sign_in(Role::CustomerService).await;
    let order = market.order(OrderDraft::new("maison").status("Delivered")).await;
    let id = market.promise(&order, gesture()).await;
    market.world.simulator.reject_next_of(Review::Gesture, &order, "No <proof> enclosed");
    market.world.send().await;
    let (text, state) = page_of(&browser, id).await;
    assert_eq!(state, "confirmed");
    for words in [
        "Commercial gesture taken by Octopia",
        "At the marketplace Under review by the marketplace",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("Nothing more"), "{text}");

    market.world.simulator.advance(SignedDuration::from_hours(24));
    market.world.pull().await;
    let (text, state) = page_of(&browser, id).await;
    assert_eq!(state, "refused");
    for words in [
        "State Rejected",
        "Commercial gesture turned down by Octopia. Octopia says: No <proof> enclosed",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(market.world.shop.states(&order).await, [State::Confirmed], "it was taken");

    let id = market.promise(&order, gesture()).await;
    market.world.send().await;
    market.world.simulator.advance(SignedDuration::from_hours(24));
    market.world.pull().await;
    let (text, state) = page_of(&browser, id).await;
    assert_eq!(state, "confirmed");
    assert!(text.contains("Commercial gesture carried out by Octopia."), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn while_sending_is_paused_nothing_leaves_and_nothing_is_lost(pool: PgPool) {
    let market = Market::start(pool).await;
    let world = &market.world;
    let order = market.order(OrderDraft::new("maison").status("Delivered")).await;
    let ana = market.sign_in(Role::Admin).await;
    assert_eq!(ana.post("/sync/pause", &[]).await.status, 303);
    let id = market.promise(&order, gesture()).await;
    for _ in 0..3 {
        world.send().await;
    }
    assert_eq!(world.calls("POST", "-requests").len(), 0);
    assert_eq!(world.shop.states(&order).await, [State::Queued]);
    let order_page = href(&order);
    for path in [order_page.as_str(), &format!("/promises/{id}")] {
        let page = ana.get(path).await;
        let text = page.main_text();
        assert!(text.contains("Waiting: sending is paused"), "{path}: {text}");
        assert!(text.contains("Sending to Octopia is paused since"), "{path}: {text}");
        assert!(page.main().contains("/withdraw\""), "it can still be taken back: {path}");
    }
    assert_eq!(ana.post("/sync/resume", &[]).await.status, 303);
    world.send().await;
    assert_eq!(world.shop.states(&order).await, [State::Confirmed]);
    assert_eq!(world.simulator.gestures(&order).len(), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_that_the_marketplace_does_not_know_is_no_silence(pool: PgPool) {
    let market = Market::start(pool).await;
    let (order, id) = market.lost_gesture(When::Before).await;
    let call = Matcher::new("GET", "/orders/").order(&order);
    market.world.simulator.fault(Fault::status(404).on(call));
    let browser = market.sign_in(Role::Manager).await;
    let page = browser.get(&format!("/promises/{id}")).await;
    assert_eq!((page.status, reading(&page).as_str()), (200, "unknown"));
    assert!(page.main_text().contains("The marketplace says that it knows no such order."));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nonsense_is_answered_in_words_and_decides_nothing(pool: PgPool) {
    let (shop, browser, promise) = undecided(pool).await;
    let long = "é".repeat(30_000);
    for text in ["", " ", "💥", "YES", "yes ", "'; DROP TABLE promises; --", &long] {
        let page = browser.post(&format!("/promises/{promise}/decide"), &[("done", text)]).await;
        assert_eq!(page.status, 422, "{text:.20}");
    }
    let both = [("done", "yes"), ("done", "no")];
    for fields in [&[][..], &[("looked", "yes")], &both] {
        let page = browser.post(&format!("/promises/{promise}/decide"), fields).await;
        assert_eq!(page.status, 422, "{fields:?}");
    }
    for path in ["promises/1", "promises/%00", "promises/💥/decide", "promises/%FF/decide"] {
        let path = format!("/{}", path.replace('💥', "%F0%9F%92%A5"));
        let page = browser.post(&path, &[("done", "yes")]).await;
        assert!((400..500).contains(&page.status), "{path}: {}", page.status);
    }
    let unknown = format!("/promises/{}", Uuid::nil());
    assert_eq!(browser.get(&unknown).await.status, 404);
    assert_eq!(browser.post(&format!("{unknown}/decide"), &[("done", "no")]).await.status, 404);
    assert_eq!(shop.states("A-1").await, [State::NeedsPerson]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_the_look_found_is_confirmed_by_the_next_reading(pool: PgPool) {
    let market = Market::start(pool).await;
    let (order, id) = market.lost_gesture(When::After).await;
    let browser = market.sign_in(Role::CustomerService).await;
    assert_eq!(reading(&browser.get(&format!("/promises/{id}")).await), "found");
    market.world.pull().await;
    assert_eq!(market.world.shop.states(&order).await, [State::Confirmed]);
}
