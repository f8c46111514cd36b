//! Giving money: the form, its review, and what the marketplace says of it meanwhile.

use axum::Router;
use comptoir::config;
use comptoir::db;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::live::Live;
use comptoir::web;
use comptoir::web::AppState;
use octopia_simulator::Fault;
use octopia_simulator::FaultKind;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::When;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser;
use crate::browser::Browser;
use crate::browser::Page;
use crate::support::Filled;
use crate::support::World;
use crate::support::href;
use crate::support::maison;

const REQUESTS: &str = "/order-commercial-gesture-requests";
const LIMITS: &str = "/commercial-gestures-available-amounts";

/// A shipped order, on which 12,40 € may be given, and pages that can ask the marketplace.
struct Counter {
    world: World,
    router: Router,
    order: String,
}

impl Counter {
    async fn open(pool: PgPool) -> Self {
        Self::open_with(pool, OrderDraft::new("maison").status("Shipped").lines(2)).await
    }

    async fn open_with(pool: PgPool, draft: OrderDraft) -> Self {
        let world = World::start(pool).await;
        world.simulator.set_gesture_limit("CDISFR", 100, 1_240);
        let order = world.simulator.add(draft);
        world.pull().await;
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
        Self { world, router, order }
    }

    async fn sign_in(&self, role: Role) -> Browser {
        self.enter(role, "en").await
    }

    async fn enter(&self, role: Role, language: &'static str) -> Browser {
        let browser = Browser::new(self.router.clone()).speaking(language);
        let fields = [("email", browser::email(role)), ("password", browser::PASSWORD)];
        assert_eq!(browser.post("/sign-in", &fields).await.status, 303);
        browser
    }

    fn path(&self) -> String {
        format!("{}/gesture", href(&self.order))
    }

    async fn states(&self) -> Vec<State> {
        self.world.shop.states(&self.order).await
    }

    /// The form, filled in with 9,99 € for a missing product.
    async fn filled(&self, browser: &Browser) -> Filled {
        let page = browser.get(&self.path()).await;
        assert_eq!(page.status, 200, "{}", page.main_text());
        let form = Filled::of(&page, "/gesture").set("reason", "MissingProduct");
        form.set("details", "The lid is missing").set("amount", "9,99")
    }

    /// The review of that form, and what its button sends.
    async fn reviewed(&self, browser: &Browser) -> Filled {
        let page = self.filled(browser).await.post(browser, &self.path()).await;
        assert_eq!(page.status, 200, "{}", page.main_text());
        Filled::of(&page, "/gesture").set("step", "send")
    }
}

fn assert_reads(page: &Page, words: &[&str]) {
    let text = page.main_text();
    for words in words {
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// The mistake is in the summary and at its field, in the same words, and the title says so.
fn assert_mistake(page: &Page, field: &str, words: &str) {
    assert_eq!(page.status, 422, "{words}: {}", page.main_text());
    assert!(page.title().starts_with("Error: "), "{}", page.title());
    let summary = format!("<a href=\"#{field}\">{words}</a>");
    assert!(page.body.contains(&summary), "{summary}: {}", page.main());
    assert!(page.body.contains(&format!(" id=\"{field}\"")), "{field}: {}", page.main());
    if field != "send" {
        let (_, at_field) = page.body.split_once(&format!("id=\"{field}-error\"")).expect(field);
        assert!(at_field.split("</p>").next().unwrap().contains(words), "{field}: {words}");
        assert!(page.body.matches(&format!("{field}-error\"")).count() >= 2, "{field}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_gesture_goes_from_the_form_over_its_review_to_the_marketplace_once(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let (world, path) = (&counter.world, counter.path());
    let browser = counter.sign_in(Role::CustomerService).await;
    let page = browser.get(&path).await;
    assert_reads(&page, &["Remaining 12,40 €", "Fixed limit 12,40 € the lower one counts"]);
    assert_reads(&page, &["Already given 0,00 €", "read at", "Up to 12,40 €", "Missing product"]);
    assert!(page.body.contains("inputmode=\"decimal\""));

    let page = counter.filled(&browser).await.post(&browser, &path).await;
    assert_eq!(page.status, 200, "{}", page.main_text());
    assert_reads(
        &page,
        &[
            "Check the gesture",
            "9,99 €",
            "% of the order",
            "The lid is missing",
            "Remaining afterwards 2,41 €",
            "it cannot be undone here",
            "never again by itself",
            "#ABC123",
            "Sent to the marketplace after 20 s",
            "Offer 9,99 €",
        ],
    );
    assert_eq!(counter.states().await, []);
    let answer = Filled::of(&page, "/gesture").set("step", "send").post(&browser, &path).await;
    assert_eq!((answer.status, answer.location()), (303, href(&counter.order).as_str()));
    assert_eq!(counter.states().await, [State::Queued]);
    assert_eq!(world.calls("POST", REQUESTS).len(), 0);

    world.send().await;

    assert_eq!(counter.states().await, [State::Confirmed]);
    let calls = world.calls("POST", REQUESTS);
    assert_eq!(calls.len(), 1);
    let body = &calls[0].body;
    assert_eq!(
        (&body["orderId"], &body["reason"]),
        (&counter.order.as_str().into(), &"MissingProduct".into())
    );
    assert!(body["amount"].is_number());
    assert_eq!(body["amount"].to_string(), "9.99");
    let details = body["reasonDetails"].as_str().unwrap();
    let marker = details.strip_prefix("The lid is missing #").expect(details);
    assert_eq!(marker.len(), 6, "{details}");
    let page = browser.get(&href(&counter.order)).await;
    assert_reads(&page, &["Under review by the marketplace"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_mistake_is_told_at_its_field_and_nothing_typed_is_lost(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::Manager).await;
    let good = counter.filled(&browser).await;
    let long = "é".repeat(401);
    let above_zero = "Enter an amount above zero, such as 9.99";
    let one_mark =
        "Write the amount with one decimal mark and no mark between thousands, such as 1234.50";
    let digits = "Write the amount in € with digits only, such as 9.99";
    let cases: [(&str, &str, &str, &str); 20] = [
        ("reason", "", "reason", "Choose a reason"),
        ("reason", "Bribe", "reason", "Choose a reason"),
        ("details", &long, "details", "Details must be 400 characters or fewer"),
        ("amount", "", "amount", above_zero),
        ("amount", "0", "amount", above_zero),
        ("amount", "-9,99", "amount", above_zero),
        ("amount", "12,41", "amount", "Amount must be 12,40\u{a0}€ or less"),
        ("amount", "99999999999999", "amount", "Amount must be 12,40\u{a0}€ or less"),
        ("amount", "9.99.9", "amount", one_mark),
        ("amount", "1,234.50", "amount", one_mark),
        ("amount", "1.234", "amount", one_mark),
        ("amount", "9,9999", "amount", "The amount must have two decimals or fewer, such as 9.99"),
        ("amount", "NaN", "amount", digits),
        ("amount", "1e1", "amount", digits),
        ("amount", "9,99 £", "amount", digits),
        ("amount", "<b>9</b>", "amount", digits),
        ("currency", "PLN", "amount", "Gestures on this channel are now in EUR"),
        ("currency", "", "amount", "Gestures on this channel are now in EUR"),
        ("submission", "nonsense", "send", "This form is out of date. Check it and send it again"),
        (
            "more",
            "1",
            "send",
            "Comptoir does not know the field “more”. Check the form and send it again",
        ),
    ];
    for (name, value, field, words) in cases {
        for step in ["review", "send"] {
            let form = good.clone().set(name, value).set("step", step);
            let page = form.post(&browser, &counter.path()).await;
            assert_mistake(&page, field, words);
            assert_eq!(Filled::of(&page, "/gesture").all("amount"), form.all("amount"), "{words}");
            assert!(page.body.contains(&format!("\n{}</textarea>", form.all("details")[0])));
            let chosen = page.body.contains("value=\"MissingProduct\" checked");
            assert_eq!(chosen, name != "reason", "{words}");
        }
    }
    let other = good.clone().set("reason", "Other").set("details", " \r\n ");
    assert_mistake(&other.post(&browser, &counter.path()).await, "details", "Describe the reason");
    let twice = good.clone().and("amount", "9,98").post(&browser, &counter.path()).await;
    assert_mistake(&twice, "amount", "This field was sent twice. Check it");
    // The same is said once, and the fields are in their order.
    let page = good.set("reason", "").set("amount", "x").post(&browser, &counter.path()).await;
    let (reason, amount) = (page.body.find("href=\"#reason\""), page.body.find("href=\"#amount\""));
    assert!(reason.unwrap() < amount.unwrap());
    assert_eq!(page.body.matches("href=\"#amount\"").count(), 1);
    assert_eq!(counter.states().await, []);
    assert_eq!(counter.world.calls("POST", REQUESTS).len(), 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn amounts_may_be_typed_as_people_do(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::CustomerService).await;
    let form = counter.filled(&browser).await;
    for text in ["9,99", "9.99", " 9,99 € ", "€9.99", "9,99\u{a0}EUR"] {
        let page = form.clone().set("amount", text).post(&browser, &counter.path()).await;
        assert_eq!(page.status, 200, "{text}: {}", page.main_text());
        assert_reads(&page, &["Offer 9,99 €"]);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn more_than_half_of_the_order_is_pointed_out_on_the_review(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::Admin).await;
    let small = counter.filled(&browser).await.set("amount", "0,01");
    let page = small.post(&browser, &counter.path()).await;
    assert_reads(&page, &["= under 1 % of the order"]);
    assert!(!page.body.contains("more than half"));

    counter.world.simulator.set_gesture_limit("CDISFR", 100, 100_000_000);
    let page = browser.get(&counter.path()).await;
    let text = page.main_text();
    let all = text.rsplit("Up to ").next().unwrap().split(" €").next().unwrap();
    let page = small.set("amount", all).post(&browser, &counter.path()).await;
    assert_eq!(page.status, 200, "{all}: {}", page.main_text());
    assert_reads(&page, &["= 100 % of the order", "This is more than half of the order."]);
    assert!(page.main().contains("class=\"notice\" role=\"alert\" data-icon=\"warn\""));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_review_can_be_changed_and_keeps_what_was_typed(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::CustomerService).await;
    let form = counter.filled(&browser).await.set("details", "Torn <box>\r\nand \"late\"");
    let page = form.post(&browser, &counter.path()).await;
    let reviewed = Filled::of(&page, "/gesture");
    assert!(!page.body.contains("<box>"));
    let page = reviewed.clone().set("step", "edit").post(&browser, &counter.path()).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("error-summary"));
    assert_eq!(Filled::of(&page, "/gesture").all("amount"), ["9,99"]);
    assert_eq!(Filled::of(&page, "/gesture").all("submission"), form.all("submission"));
    assert!(page.body.contains("value=\"MissingProduct\" checked"));
    assert!(page.body.contains("\nTorn &#60;box&#62;\nand &#34;late&#34;</textarea>"));
    assert_reads(&page, &["21 of 400 characters."]);
    assert_eq!(counter.states().await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_same_form_twice_is_one_promise(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::CustomerService).await;
    let send = counter.reviewed(&browser).await;
    let path = counter.path();
    let (first, second) = tokio::join!(send.post(&browser, &path), send.post(&browser, &path));
    let third = send.post(&browser, &path).await;
    for answer in [first, second, third] {
        assert_eq!((answer.status, answer.location()), (303, href(&counter.order).as_str()));
    }
    assert_eq!(counter.states().await, [State::Queued]);
    counter.world.send().await;
    assert_eq!(counter.world.calls("POST", REQUESTS).len(), 1);
    // Even when it is done, and even when nobody may give anything any more.
    counter.world.simulator.set_gesture_limit("CDISFR", 0, 0);
    assert_eq!(send.post(&browser, &path).await.status, 303);
    assert_eq!(counter.states().await, [State::Confirmed]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_limit_that_was_lowered_meanwhile_is_told_with_the_new_one(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::CustomerService).await;
    let form = counter.filled(&browser).await;
    let send = counter.reviewed(&browser).await;
    counter.world.simulator.set_gesture_limit("CDISFR", 100, 500);
    for form in [&form, &send] {
        let page = form.post(&browser, &counter.path()).await;
        assert_mistake(&page, "amount", "Amount must be 5,00\u{a0}€ or less");
        assert_reads(&page, &["Up to 5,00 €", "Remaining 5,00 €"]);
        assert_eq!(Filled::of(&page, "/gesture").all("amount"), ["9,99"]);
    }
    assert_eq!(counter.states().await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn where_nothing_is_left_there_is_no_form_and_a_sent_one_is_kept(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::CustomerService).await;
    let send = counter.reviewed(&browser).await;
    counter.world.simulator.set_gesture_limit("CDISFR", 100, 0);
    let page = browser.get(&counter.path()).await;
    assert_eq!(page.status, 200);
    assert_reads(&page, &["Nothing more can be given on this order.", "Remaining 0,00 €"]);
    assert!(!page.main().contains("<form"));
    let page = send.post(&browser, &counter.path()).await;
    assert_eq!(page.status, 409);
    assert_reads(&page, &["Nothing more can be given on this order.", "Nothing was sent"]);
    assert_eq!(page.value_of("amount").unwrap(), "9,99");
    assert_eq!(counter.states().await, []);

    counter.world.simulator.set_gesture_limit("CDISFR", 100, 1_240);
    let kept = Filled::of(&page, "/gesture");
    let step = page.body.contains("name=\"step\" value=\"send\"");
    assert!(step, "{}", page.main());
    let answer = kept.set("step", "send").post(&browser, &counter.path()).await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    assert_eq!(counter.states().await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_channel_that_has_closed_gestures_meanwhile_is_named(pool: PgPool) {
    let draft = OrderDraft::new("maison").status("Shipped").channel("RAKFR");
    let counter = Counter::open_with(pool, draft).await;
    let browser = counter.sign_in(Role::CustomerService).await;
    let page = browser.get(&counter.path()).await;
    assert_eq!(page.status, 409);
    assert_reads(&page, &["Rakuten does not allow commercial gestures."]);

    // The mirror still believes that it does.
    let mut conn = counter.world.shop.app.pool.acquire().await.unwrap();
    db::reference::set_gestures(&mut conn, &maison(), "RAKFR", true).await.unwrap();
    drop(conn);
    let page = browser.get(&counter.path()).await;
    assert_eq!(page.status, 200);
    assert_reads(&page, &["This sales channel does not allow gestures."]);
    assert!(!page.main().contains("<form"));
    let submission = Uuid::new_v4().to_string();
    for step in ["review", "send"] {
        let fields = [
            ("submission", submission.as_str()),
            ("currency", "EUR"),
            ("reason", "ShippingFees"),
            ("details", ""),
            ("amount", "4,90"),
            ("step", step),
        ];
        let page = browser.post(&counter.path(), &fields).await;
        assert_eq!(page.status, 409);
        assert_reads(&page, &["This sales channel does not allow gestures.", "Nothing was sent"]);
        assert_eq!(page.value_of("amount").unwrap(), "4,90");
    }
    assert_eq!(counter.states().await, []);
    assert_eq!(counter.world.calls("POST", REQUESTS).len(), 0);
}

/// The page to check is no step that can be left out, and what it showed is what is sent.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_was_not_checked_is_checked_first(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::CustomerService).await;
    let (filled, checked) = (counter.filled(&browser).await, counter.reviewed(&browser).await);
    for sent in [
        filled.set("step", "send"),
        checked.clone().set("amount", "9,98"),
        checked.clone().set("reason", "ShippingFees"),
        checked.clone().set("details", "The lid is broken"),
        checked.clone().set("reviewed", ""),
        checked.clone().without("reviewed"),
    ] {
        let page = sent.post(&browser, &counter.path()).await;
        assert_eq!(page.status, 200, "{}", page.main_text());
        assert!(page.main().contains("name=\"step\" value=\"send\""), "{}", page.main());
    }
    assert_eq!(counter.states().await, []);
    assert_eq!(checked.post(&browser, &counter.path()).await.status, 303);
    assert_eq!(counter.states().await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_same_gesture_again_is_explained(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::CustomerService).await;
    let send = counter.reviewed(&browser).await;
    counter.world.simulator.set_gesture_limit("CDISFR", 100, 5_000);
    let given = counter.world.simulator.give_in_portal(&counter.order, "MissingProduct", 999, None);
    given.unwrap();
    counter.world.pull().await;
    let page = send.post(&browser, &counter.path()).await;
    assert_eq!(page.status, 422, "{}", page.main_text());
    assert_reads(&page, &["The same gesture was already made on", "(9,99 €, Done)"]);
    assert_reads(&page, &["give another amount or another reason", "Already given 9,99 €"]);
    assert!(page.body.contains("href=\"#amount\""));
    assert_eq!(counter.states().await, []);
    let another = Filled::of(&page, "/gesture").set("reason", "ShippingFees").set("details", "");
    let page = another.set("step", "send").post(&browser, &counter.path()).await;
    assert_eq!(page.status, 200, "another gesture is another check: {}", page.main_text());
    let send = Filled::of(&page, "/gesture").set("step", "send");
    assert_eq!(send.post(&browser, &counter.path()).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_marketplace_that_does_not_answer_costs_no_input(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::CustomerService).await;
    let (form, send) = (counter.filled(&browser).await, counter.reviewed(&browser).await);
    let questions = Matcher::new("GET", LIMITS);
    counter.world.simulator.fault(Fault::status(400).on(questions.clone()));
    let page = browser.get(&counter.path()).await;
    assert_eq!((page.status, page.header("retry-after")), (503, "5"));
    assert_reads(&page, &["Octopia does not say just now what may be given.", "Try again"]);
    assert!(page.main().contains(&format!("href=\"{}\"", counter.path())));
    for (form, step) in [(&form, "review"), (&send, "send")] {
        let page = form.post(&browser, &counter.path()).await;
        assert_eq!(page.status, 503);
        assert_reads(&page, &["Nothing was sent, and your entry is kept below."]);
        assert_eq!(page.value_of("amount").unwrap(), "9,99");
        assert_eq!(page.value_of("details").unwrap(), "The lid is missing");
        assert_eq!(page.value_of("reason").unwrap(), "MissingProduct");
        assert!(page.body.contains(&format!("name=\"step\" value=\"{step}\"")));
    }
    counter.world.simulator.clear_faults();
    let slow = Fault::new(FaultKind::Hang { when: When::Before });
    counter.world.simulator.fault(slow.on(questions).times(1));
    let page = send.post(&browser, &counter.path()).await;
    assert_eq!(page.status, 503);
    assert_reads(&page, &["Octopia did not say within three seconds what may be given."]);
    assert_eq!(counter.states().await, []);

    let kept = Filled::of(&page, "/gesture").set("step", "send");
    let answer = kept.post(&browser, &counter.path()).await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    assert_eq!(counter.states().await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_was_first_is_told_and_the_entry_kept(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let (sonia, marc) =
        (counter.sign_in(Role::CustomerService).await, counter.sign_in(Role::Manager).await);
    let (first, second) = (counter.reviewed(&sonia).await, counter.reviewed(&marc).await);
    assert_eq!(first.post(&sonia, &counter.path()).await.status, 303);
    let page = second.post(&marc, &counter.path()).await;
    assert_eq!(page.status, 409);
    assert_reads(&page, &["by Sonia Sanchez", "Your entry is kept below.", "Missing product"]);
    assert_eq!(page.value_of("amount").unwrap(), "9,99");
    assert_eq!(counter.states().await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_pages_are_in_french_too(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.enter(Role::CustomerService, "fr").await;
    let page = browser.get(&counter.path()).await;
    assert_reads(
        &page,
        &["Geste commercial", "Jusqu’à 12,40 €", "Produit manquant", "Déjà accordé"],
    );
    let form = counter.filled(&browser).await;
    let page = form.clone().set("amount", "12,41").post(&browser, &counter.path()).await;
    assert_reads(&page, &["Le montant doit être inférieur ou égal à 12,40 €"]);
    let page = form.clone().set("amount", "1.234,50").post(&browser, &counter.path()).await;
    assert_reads(&page, &["Écrivez le montant avec une seule virgule"]);
    let page = form.post(&browser, &counter.path()).await;
    assert_reads(&page, &["Vérifiez le geste", "Accorder 9,99 €", "% de la commande", "#ABC123"]);
    counter.world.simulator.set_gesture_limit("CDISFR", 100, 0);
    let page = browser.get(&counter.path()).await;
    assert_reads(&page, &["Plus rien ne peut être accordé sur cette commande."]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_role_that_cannot_give_is_told_whom_to_ask(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let send = counter.reviewed(&counter.sign_in(Role::Admin).await).await;
    counter.world.simulator.clear_calls();
    for role in [Role::Viewer, Role::Warehouse] {
        let browser = counter.sign_in(role).await;
        for page in [browser.get(&counter.path()).await, send.post(&browser, &counter.path()).await]
        {
            assert_eq!(page.status, 403);
            assert_reads(&page, &["Your role cannot give commercial gestures."]);
            assert_reads(&page, &["Ask a customer-service colleague."]);
        }
    }
    assert_eq!(counter.states().await, []);
    // Nobody asks the marketplace on behalf of somebody who may not act.
    assert_eq!(counter.world.calls("GET", LIMITS).len(), 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nonsense_in_any_field_is_answered_in_words(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::CustomerService).await;
    let form = counter.filled(&browser).await;
    let long = "9".repeat(30_000);
    let nonsense = ["", "💥👩‍👩‍👧‍👦", "<script>", "\u{202e}\u{200b}\r\n\t", "-0", "∞", "1/2", &long];
    for name in ["submission", "currency", "reason", "details", "amount", "step", "x"] {
        for text in nonsense {
            let page = form.clone().set(name, text).post(&browser, &counter.path()).await;
            assert!([200, 422].contains(&page.status), "{name} {text:.20}: {}", page.status);
            assert!(!page.main().contains("<script>"), "{name}");
        }
    }
    let page = browser.post(&counter.path(), &[]).await;
    assert_eq!(page.status, 422);
    assert_eq!(counter.states().await, []);
}

impl Counter {
    /// Something that Sonia gave somebody else, and when.
    async fn given(&self, amount: &str, at: &str) {
        sqlx::query(
            "INSERT INTO promises (account_id, promise_id, order_id, kind, action, submission_id, user_id,
               created_at, state, attempts, unknown_attempts, negative_reads, next_at, settled_at)
             SELECT 'maison', gen_random_uuid(), $1, 'gesture',
               jsonb_build_object('kind', 'gesture', 'reason', 'Other', 'details', 'Late',
                                  'amount', $2::text, 'currency', 'EUR'),
               gen_random_uuid(), user_id, at, 'confirmed', 1, 0, 0, at, at
             FROM users, CAST($3 AS timestamptz) AS at WHERE role = 'service'",
        )
        .bind(&self.order)
        .bind(amount)
        .bind(at)
        .execute(&self.world.shop.app.pool)
        .await
        .unwrap();
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_role_gives_no_more_a_day_than_its_ceiling(pool: PgPool) {
    let counter = Counter::open(pool).await;
    let browser = counter.sign_in(Role::CustomerService).await;
    let now = counter.world.shop.app.now();
    let yesterday = (now - jiff::SignedDuration::from_hours(24)).to_string();
    counter.given("150", &yesterday).await;
    assert_reads(&browser.get(&counter.path()).await, &["Up to 12,40 €"]);

    let send = counter.reviewed(&browser).await;
    counter.given("145", &now.to_string()).await;
    assert_reads(&browser.get(&counter.path()).await, &["Up to 5,00 €"]);
    let words = "Your role gives 150,00\u{a0}€ a day, of which 5,00\u{a0}€ is left today. \
                 Ask a colleague, or wait until tomorrow";
    let page = send.post(&browser, &counter.path()).await;
    assert_mistake(&page, "amount", words);

    counter.given("5.00", &now.to_string()).await;
    assert_reads(&browser.get(&counter.path()).await, &["of which 0,00 € is left today"]);
    let manager = counter.sign_in(Role::Manager).await;
    assert_reads(&manager.get(&counter.path()).await, &["Up to 12,40 €"]);
}
