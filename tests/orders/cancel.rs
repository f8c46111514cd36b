//! Cancelling, from the form to the marketplace, without JavaScript.

use comptoir::config;
use comptoir::db;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Line;
use comptoir::live::Live;
use comptoir::web;
use octopia_simulator::Fault;
use octopia_simulator::FaultKind;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::When;
use serde_json::json;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Page;
use crate::support::FREE;
use crate::support::Filled;
use crate::support::World;
use crate::support::href;
use crate::support::maison;

/// The shop, the marketplace, and one order of it.
struct Case {
    world: World,
    browser: Browser,
    order: String,
    lines: Vec<Line>,
}

impl Case {
    /// An order on a channel that cancels single lines, in the mirror, before a customer-service colleague.
    async fn of(pool: PgPool, status: &str, lines: usize) -> Self {
        let draft = OrderDraft::new("maison").channel("WRTES").status(status).lines(lines);
        let mut world = World::start(pool).await;
        let order = world.simulator.add(draft);
        world.pull().await;
        world.shop.channel("WRTES", "Worten España", FREE).await;
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
        let app = &mut world.shop.app;
        app.state.live = Live::new(&[account]).unwrap();
        app.router = web::router(app.state.clone());
        let browser = app.sign_in(Role::CustomerService).await;
        let mut case = Self { world, browser, order, lines: Vec::new() };
        case.lines = case.mirrored().await;
        case
    }

    async fn mirrored(&self) -> Vec<Line> {
        let mut conn = self.world.shop.app.pool.acquire().await.unwrap();
        let found = db::orders::find(&mut conn, &maison(), &self.order).await.unwrap();
        found.unwrap().order.lines
    }

    fn path(&self, slug: &str) -> String {
        format!("{}/{slug}", href(&self.order))
    }

    async fn get(&self, slug: &str) -> Page {
        self.browser.get(&self.path(slug)).await
    }

    /// The empty form.
    async fn form(&self, slug: &str) -> Filled {
        let page = self.get(slug).await;
        assert_eq!(page.status, 200, "{}", page.main_text());
        form(&page, slug)
    }

    async fn post(&self, slug: &str, filled: &Filled) -> Page {
        filled.post(&self.browser, &self.path(slug)).await
    }

    /// What the button of the page to check sends.
    async fn reviewed(&self, slug: &str, filled: &Filled) -> Filled {
        let page = self.post(slug, filled).await;
        assert_eq!(page.status, 200, "{}", page.main_text());
        form(&page, slug).set("step", "send")
    }

    fn field(&self, line: usize, field: &str) -> String {
        format!("lines[{}].{field}", self.lines[line].id)
    }

    /// The form with that line chosen.
    fn choose(&self, form: Filled, line: usize, reason: &str, shipping: &str) -> Filled {
        form.set(&self.field(line, "cancel"), "1")
            .set(&self.field(line, "reason"), reason)
            .set(&self.field(line, "shipping"), shipping)
    }

    async fn states(&self) -> Vec<State> {
        self.world.shop.states(&self.order).await
    }

    fn sent(&self) -> Vec<(String, serde_json::Value)> {
        let mut calls = self.world.simulator.calls();
        calls.retain(|it| it.method == "POST" && it.path.contains("/order-"));
        calls.into_iter().map(|it| (it.path, it.body)).collect()
    }
}

/// A form as a browser would send it, the radio buttons that are not pressed left out.
fn form(page: &Page, slug: &str) -> Filled {
    let mut filled = Filled::of(page, &format!("/{slug}"));
    let tags = page.body.split('<').filter(|it| it.starts_with("input type=\"radio\""));
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!(" {name}=\"")).unwrap().1;
        rest.split('"').next().unwrap().to_owned()
    };
    let radios: Vec<&str> = tags.map(|it| it.split('>').next().unwrap()).collect();
    for tag in &radios {
        filled = filled.without(&attribute(tag, "name"));
    }
    for tag in radios.iter().filter(|it| it.ends_with(" checked")) {
        filled = filled.and(&attribute(tag, "name"), &attribute(tag, "value"));
    }
    filled
}

fn whole(form: Filled, reason: &str, shipping: &str) -> Filled {
    form.set("reason", reason).set("shipping", shipping)
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
        let described = format!("{field}-error\"");
        assert!(page.body.matches(&described).count() >= 2, "{field} is not described by it");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_whole_order_is_cancelled_in_two_steps_and_sent_once(pool: PgPool) {
    let case = Case::of(pool, "Shipped", 2).await;
    let page = case.get("cancel").await;
    let text = page.main_text();
    assert!(text.contains("Reasons depend on the order status."), "{text}");
    assert!(text.contains("Reasons as Octopia offers them, read at "), "{text}");
    assert!(text.contains("Customer withdrawal"), "{text}");
    assert!(page.main().contains(&format!("href=\"{}\"", case.path("cancel-lines"))));
    assert!(!page.main().contains(" checked"), "nothing is preselected");
    let filled = whole(form(&page, "cancel"), "customer-withdrawal", "yes");
    let review = case.post("cancel", &filled).await;
    assert_eq!(review.status, 200, "{}", review.main_text());
    let text = review.main_text();
    for words in [
        "Check the cancellation",
        "Customer withdrawal",
        "The customer is refunded",
        "(estimate)",
        "deducted from your next payout",
        "You arrange the return yourself",
        "You cannot undo this here.",
        "Sent to the marketplace after 20 s",
        "Cancel the whole order",
        "Back to the order",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(case.states().await, []);
    let send = form(&review, "cancel").set("step", "send");
    for _ in 0..3 {
        let answer = case.post("cancel", &send).await;
        assert_eq!((answer.status, answer.location()), (303, href(&case.order).as_str()));
    }
    assert_eq!(case.states().await, [State::Queued]);
    case.world.send().await;
    let body = json!({
        "orderSellerId": case.order, "reason": "customer-withdrawal", "shippingCostRefund": true,
    });
    let sent = case.sent();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].0.ends_with("/order-cancellation-requests"), "{sent:?}");
    assert_eq!(sent[0].1, body);
}

/// The page to check is no step that can be left out, and what it showed is what is sent.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_was_not_checked_is_checked_first(pool: PgPool) {
    let case = Case::of(pool, "Shipped", 2).await;
    let filled = whole(case.form("cancel").await, "damaged", "no");
    let checked = case.reviewed("cancel", &filled).await;
    let other = case.choose(case.form("cancel-lines").await, 0, "damaged", "no");
    let other = case.reviewed("cancel-lines", &other).await.all("reviewed")[0].to_owned();
    for sent in [
        filled.clone().set("step", "send"),
        checked.clone().set("reason", "customer-claim"),
        checked.clone().set("shipping", "yes"),
        checked.clone().set("reviewed", ""),
        checked.clone().set("reviewed", &other),
        checked.clone().without("reviewed"),
    ] {
        let page = case.post("cancel", &sent).await;
        assert_eq!(page.status, 200, "{}", page.main_text());
        assert!(page.main_text().contains("Check the cancellation"), "{}", page.main_text());
    }
    assert_eq!(case.states().await, []);
    assert_eq!(case.post("cancel", &checked).await.status, 303);
    assert_eq!(case.states().await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn two_lines_are_cancelled_for_two_reasons_and_the_third_stays(pool: PgPool) {
    let case = Case::of(pool, "Shipped", 3).await;
    let filled = case.choose(case.form("cancel-lines").await, 0, "damaged", "yes");
    let filled = case.choose(filled, 2, "reference-mistake", "no");
    let review = case.post("cancel-lines", &filled).await;
    let text = review.main_text();
    assert_eq!(review.status, 200, "{text}");
    assert!(text.contains("Cancel 2 lines") && text.contains("Wrong reference"), "{text}");
    assert!(!text.contains(&case.lines[1].id), "{text}");
    let send = form(&review, "cancel-lines").set("step", "send");
    assert_eq!(case.post("cancel-lines", &send).await.status, 303);
    case.world.send().await;
    let line = |index: usize, reason: &str, refund: bool| {
        let Line { id, offer_id, .. } = &case.lines[index];
        json!({
            "lineId": id, "offerId": offer_id, "reason": reason, "shippingCostRefund": refund,
        })
    };
    let lines = [line(0, "damaged", true), line(2, "reference-mistake", false)];
    let sent = case.sent();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].0.ends_with("/order-partial-cancellation-requests"), "{sent:?}");
    assert_eq!(sent[0].1, json!({ "orderSellerId": case.order, "lines": lines }));

    // Once the marketplace has it, the lines say who asked, and the whole order cannot be cancelled.
    case.world.pull().await;
    let page = case.get("cancel-lines").await;
    let text = page.main_text();
    assert!(text.contains("A cancellation of this line exists."), "{text}");
    assert!(text.contains("asked by Seller"), "{text}");
    assert!(text.contains("Under review by the marketplace"), "{text}");
    assert!(page.main().contains(&format!("href=\"{}#requests\"", href(&case.order))));
    assert!(!page.main().contains(&case.field(0, "cancel")));
    assert!(!page.main().contains(&format!("href=\"{}\"", case.path("cancel"))));
    assert!(text.contains("is already canceled or being canceled"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_mistake_is_told_at_its_field_and_nothing_chosen_is_lost(pool: PgPool) {
    let case = Case::of(pool, "Shipped", 2).await;
    let blank = case.form("cancel").await;
    let good = whole(blank.clone(), "damaged", "no");
    let reason = "Choose a reason";
    let shipping = "Choose whether shipping is refunded";
    let outdated = "This form is out of date. Check it and send it again";
    let gone = "The reason “boredom” is no longer offered for this order. Choose another";
    for (name, value, field, words) in [
        ("reason", "", "reason", reason),
        ("reason", "boredom", "reason", gone),
        ("shipping", "", "shipping", shipping),
        ("shipping", "perhaps", "shipping", shipping),
        ("submission", "nonsense", "send", outdated),
        (
            "amount",
            "3",
            "send",
            "Comptoir does not know the field “amount”. Check the form and send it again",
        ),
    ] {
        for step in ["review", "send"] {
            let page = case.post("cancel", &good.clone().set(name, value).set("step", step)).await;
            assert_mistake(&page, field, words);
            let again = form(&page, "cancel");
            for (kept, value) in [("reason", "damaged"), ("shipping", "no")] {
                assert!(kept == name || again.all(kept) == [value], "{words}: {again:?}");
            }
        }
    }
    let page = case.post("cancel", &blank).await;
    assert_mistake(&page, "reason", reason);
    assert_mistake(&page, "shipping", shipping);

    let blank = case.form("cancel-lines").await;
    let page = case.post("cancel-lines", &blank).await;
    assert_mistake(&page, "lines", "Choose at least one line");
    let filled = case.choose(blank.clone(), 0, "damaged", "yes").set(&case.field(1, "cancel"), "1");
    let page = case.post("cancel-lines", &filled).await;
    let id = &case.lines[1].id;
    assert_mistake(&page, "reason-2", &format!("Choose a reason for {id}"));
    assert_mistake(&page, "shipping-2", &format!("Choose whether shipping is refunded for {id}"));
    let again = form(&page, "cancel-lines");
    assert_eq!(again.all(&case.field(0, "reason")), ["damaged"]);
    assert_eq!(again.all(&case.field(0, "shipping")), ["yes"]);
    assert_eq!(again.all(&case.field(1, "cancel")), ["1"]);
    let twice = case.choose(blank, 0, "damaged", "yes").and(&case.field(0, "shipping"), "no");
    let page = case.post("cancel-lines", &twice).await;
    assert_mistake(&page, "shipping-1", "This field was sent twice. Check it");
    assert_eq!(case.states().await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_reason_withdrawn_meanwhile_is_named_and_the_new_list_shown(pool: PgPool) {
    let case = Case::of(pool, "Shipped", 2).await;
    let filled = case.choose(case.form("cancel-lines").await, 0, "customer-claim", "yes");
    let filled = case.choose(filled, 1, "damaged", "no");
    let review = case.post("cancel-lines", &filled).await;
    assert_eq!(review.status, 200);
    case.world.simulator.withdraw_reason("customer-claim");
    let send = form(&review, "cancel-lines").set("step", "send");
    let words =
        "The reason “Customer complaint” is no longer offered for this order. Choose another";
    for sent in [&filled, &send] {
        let page = case.post("cancel-lines", sent).await;
        assert_mistake(&page, "reason-1", words);
        assert!(!page.main().contains("value=\"customer-claim\""));
        assert!(page.main().contains("value=\"damaged\""));
        let again = form(&page, "cancel-lines");
        assert_eq!(again.all(&case.field(0, "shipping")), ["yes"]);
        assert_eq!(again.all(&case.field(1, "reason")), ["damaged"]);
        let mended = again.set(&case.field(0, "reason"), "damaged");
        assert_eq!(case.post("cancel-lines", &mended).await.status, 200);
    }
    let whole = whole(case.form("cancel").await, "customer-claim", "no");
    assert_mistake(&case.post("cancel", &whole).await, "reason", words);
    assert_eq!(case.states().await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn silence_of_the_marketplace_keeps_every_choice(pool: PgPool) {
    let case = Case::of(pool, "Shipped", 2).await;
    let filled = case.choose(case.form("cancel-lines").await, 1, "damaged", "no");
    let send = case.post("cancel-lines", &filled).await;
    let send = form(&send, "cancel-lines").set("step", "send");
    let reasons = || Matcher::new("GET", "/cancellation-reasons");
    let hang = Fault::new(FaultKind::Hang { when: When::Before });
    for (fault, step) in [(hang, "send"), (Fault::status(500), "review")] {
        case.world.simulator.fault(fault.on(reasons()));
        let page = case.post("cancel-lines", if step == "send" { &send } else { &filled }).await;
        assert_eq!((page.status, page.header("retry-after")), (503, "5"));
        let text = page.main_text();
        assert!(text.contains("Reasons could not be read from Octopia."), "{text}");
        assert!(text.contains("Your choices are kept."), "{text}");
        assert!(text.contains("Damaged, Refund shipping costs: No"), "{text}");
        assert!(text.contains("Try again"), "{text}");
        case.world.simulator.clear_faults();
        let again = form(&page, "cancel-lines").set("step", "review");
        let review = case.post("cancel-lines", &again).await;
        assert_eq!(review.status, 200);
        assert!(review.main_text().contains("Cancel 1 line "), "{}", review.main_text());
        let edit = form(&review, "cancel-lines").set("step", "edit");
        let back = form(&case.post("cancel-lines", &edit).await, "cancel-lines");
        assert_eq!(back.all(&case.field(1, "reason")), ["damaged"]);
        assert_eq!(back.all(&case.field(1, "shipping")), ["no"]);
        assert_eq!(back.all("submission"), filled.all("submission"));
    }
    case.world.simulator.fault(Fault::status(502).on(reasons()));
    let page = case.get("cancel").await;
    assert_eq!(page.status, 503);
    assert!(!page.main_text().contains("Your choices are kept."));
    let same = format!("<a class=\"button primary\" href=\"{}\"", case.path("cancel"));
    assert!(page.main().contains(&same), "{}", page.main());
    assert_eq!(case.states().await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_first_reason_is_copied_to_all_chosen_lines(pool: PgPool) {
    let case = Case::of(pool, "Shipped", 3).await;
    let copy = |form: Filled| form.set("step", "copy");
    let blank = case.form("cancel-lines").await;
    let page = case.post("cancel-lines", &copy(blank.clone())).await;
    assert_mistake(&page, "lines", "Choose at least one line");
    let chosen = blank.set(&case.field(1, "cancel"), "1").set(&case.field(2, "cancel"), "1");
    let page = case.post("cancel-lines", &copy(chosen.clone())).await;
    assert_mistake(&page, "reason-2", &format!("Choose a reason for {}", case.lines[1].id));
    let filled = chosen
        .set(&case.field(0, "reason"), "customer-claim")
        .set(&case.field(1, "reason"), "damaged")
        .set(&case.field(2, "shipping"), "no");
    let page = case.post("cancel-lines", &copy(filled)).await;
    assert_eq!(page.status, 200, "{}", page.main_text());
    let copied = form(&page, "cancel-lines");
    assert_eq!(copied.all(&case.field(0, "reason")), ["customer-claim"]);
    assert_eq!(copied.all(&case.field(1, "reason")), ["damaged"]);
    assert_eq!(copied.all(&case.field(2, "reason")), ["damaged"]);
    assert_eq!(copied.all(&case.field(2, "shipping")), ["no"]);
    assert!(copied.all(&case.field(0, "cancel")).is_empty());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn lines_and_offers_of_others_cannot_be_named(pool: PgPool) {
    let case = Case::of(pool, "Shipped", 2).await;
    let filled = case.choose(case.form("cancel-lines").await, 0, "damaged", "yes");
    let forged = filled
        .clone()
        .set("lines[ZZZZ].cancel", "1")
        .set("lines[ZZZZ].reason", "damaged")
        .set("lines[ZZZZ].shipping", "yes")
        .set("step", "send");
    let page = case.post("cancel-lines", &forged).await;
    let words = "Line ZZZZ can no longer be canceled. It is not chosen any more";
    assert_mistake(&page, "lines", words);
    let again = form(&page, "cancel-lines");
    assert!(again.all("lines[ZZZZ].cancel").is_empty());
    assert_eq!(case.post("cancel-lines", &again).await.status, 200);
    let offer = filled.set(&case.field(0, "offer"), "OF-OTHER").set("step", "send");
    let page = case.post("cancel-lines", &offer).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("Comptoir does not know the field"));
    assert_eq!(case.states().await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn of_two_colleagues_the_second_is_told_who_was_first(pool: PgPool) {
    let case = Case::of(pool, "Shipped", 2).await;
    let ana = case.world.shop.sign_in(Role::Admin).await;
    let filled = whole(case.form("cancel").await, "damaged", "no");
    let second = case.choose(case.form("cancel-lines").await, 1, "customer-claim", "yes");
    let first = case.reviewed("cancel", &filled).await;
    let first = case.post("cancel", &first).await;
    assert_eq!(first.status, 303);
    for step in ["review", "send"] {
        let second = second.clone().set("step", step);
        let page = second.post(&ana, &case.path("cancel-lines")).await;
        assert_eq!(page.status, 409);
        let text = page.main_text();
        assert!(text.contains("by Sonia Sanchez at "), "{text}");
        assert!(text.contains("Your entry is kept below."), "{text}");
        assert!(page.main().contains("Customer complaint, Refund shipping costs: Yes"));
        let kept = Filled::of(&page, "/cancel-lines");
        assert_eq!(kept.all(&case.field(1, "reason")), ["customer-claim"]);
        // Once the first is out of the way, what was kept goes on to the page to check.
        if step == "send" {
            let promise = case.world.shop.promise(&case.order).await;
            case.browser.post(&format!("/promises/{promise}/withdraw"), &[]).await;
            let review = kept.post(&ana, &case.path("cancel-lines")).await;
            assert_eq!(review.status, 200, "{}", review.main_text());
            assert!(review.main_text().contains("Cancel 1 line"));
        }
    }
    assert_eq!(case.states().await, [State::Withdrawn]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_line_taken_meanwhile_is_named_and_the_rest_can_be_sent(pool: PgPool) {
    let case = Case::of(pool, "InPreparation", 2).await;
    let both = case.choose(case.form("cancel-lines").await, 0, "seller-refusal", "yes");
    let both = case.choose(both, 1, "customer-claim", "yes");
    let mut order = {
        let mut conn = case.world.shop.app.pool.acquire().await.unwrap();
        db::orders::find(&mut conn, &maison(), &case.order).await.unwrap().unwrap().order
    };
    order.lines[1].status = comptoir::domain::order::Status::Cancelled;
    order.updated_at = case.world.shop.app.now();
    case.world.shop.mirror(order).await;
    let page = case.post("cancel-lines", &both.set("step", "send")).await;
    let id = &case.lines[1].id;
    let words = format!("Line {id} can no longer be canceled. It is not chosen any more");
    assert_mistake(&page, "line-2", &words);
    assert!(page.main_text().contains("Already canceled. A second request would be refused."));
    let rest = case.reviewed("cancel-lines", &form(&page, "cancel-lines")).await;
    assert_eq!(case.post("cancel-lines", &rest).await.status, 303);
    assert_eq!(case.states().await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_scope_that_is_not_possible_is_explained(pool: PgPool) {
    let case = Case::of(pool, "InPreparation", 1).await;
    let page = case.get("cancel").await;
    let text = page.main_text();
    assert!(text.contains("Some lines There is only one line."), "{text}");
    assert!(!page.main().contains(&case.path("cancel-lines")));
    assert!(!text.contains("Customer withdrawal"), "a reason of another status: {text}");
    assert_eq!(case.get("cancel-lines").await.status, 409);
    for role in [Role::Viewer, Role::Warehouse] {
        let browser = case.world.shop.sign_in(role).await;
        assert_eq!(browser.get(&case.path("cancel")).await.status, 403, "{role:?}");
        assert_eq!(browser.post(&case.path("cancel"), &[("step", "send")]).await.status, 403);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_pages_speak_french(pool: PgPool) {
    let case = Case::of(pool, "Shipped", 2).await;
    let browser = Browser::new(case.world.shop.app.router.clone()).speaking("fr");
    let answer = browser
        .post(
            "/sign-in",
            &[
                ("email", crate::browser::email(Role::CustomerService)),
                ("password", crate::browser::PASSWORD),
            ],
        )
        .await;
    assert_eq!(answer.status, 303);
    let page = browser.get(&case.path("cancel-lines")).await;
    let text = page.main_text();
    for words in ["Certaines lignes", "Les motifs dépendent du statut", "Vérifier l’annulation"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let filled = case.choose(form(&page, "cancel-lines"), 0, "damaged", "yes");
    let filled = case.choose(filled, 1, "damaged", "yes");
    let review = filled.post(&browser, &case.path("cancel-lines")).await;
    let text = review.main_text();
    for words in ["Annuler 2 lignes", "Retour à la commande", "(estimation)", "C’est irréversible"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let page = browser.post(&case.path("cancel-lines"), &[]).await;
    assert!(page.main_text().contains("Choisissez au moins une ligne"), "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nonsense_is_answered_in_words(pool: PgPool) {
    let case = Case::of(pool, "Shipped", 2).await;
    let long = "é".repeat(20_000);
    let texts = ["", "💥", "<script>alert(1)</script>", "'; DROP TABLE orders; --", &long];
    let lines = case.choose(case.form("cancel-lines").await, 0, "damaged", "yes");
    let whole = whole(case.form("cancel").await, "damaged", "yes");
    for (slug, filled) in [("cancel", whole), ("cancel-lines", lines)] {
        let mut names: Vec<String> = filled.0.iter().map(|(name, _)| name.clone()).collect();
        let more =
            ["step", "kept", "x", "lines[].cancel", "lines[💥].reason", "lines[a].b", "reason"];
        names.extend(more.map(str::to_owned));
        for name in names {
            for text in texts {
                for filled in [filled.clone().and(&name, text), filled.clone().set(&name, text)] {
                    let page = case.post(slug, &filled).await;
                    assert!([200, 422].contains(&page.status), "{name} {text:.20}");
                    assert!(!page.body.contains("<script>alert"), "{name}");
                    assert!(
                        page.body.len() < 100_000 || name == "kept",
                        "{name} is repeated whole"
                    );
                }
            }
            let page = case.post(slug, &filled.clone().without(&name)).await;
            assert!([200, 422].contains(&page.status), "without {name}");
        }
    }
    assert_eq!(case.states().await, []);
}
