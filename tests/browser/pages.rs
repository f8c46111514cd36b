//! Every page that exists, in every state that looks different. The list is the only one: pictures and
//! checks go through it.

use comptoir::db;
use comptoir::domain::action::Action;
use comptoir::domain::action::Gesture;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use jiff::SignedDuration;
use octopia_simulator::Fault;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::Review;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::world::MOST_URGENT;
use crate::world::PASSWORD;
use crate::world::SEVERAL_PARCELS;
use crate::world::SHIPPED;
use crate::world::TO_ACCEPT;
use crate::world::TO_SHIP;
use crate::world::World;
use crate::world::sign_in;

/// A page, and the way there.
pub struct Page {
    /// For the picture's file, and for messages.
    pub name: &'static str,
    /// Who is signed in.
    pub who: Option<Role>,
    /// The way there.
    pub steps: Vec<Step>,
    /// What the browser complains about on the way: an answer that says no, and nothing else.
    pub answer: Option<u16>,
}

/// What a person does.
pub enum Step {
    Goto(String),
    Fill(&'static str, &'static str),
    /// The option that has one of these words: in each language its own.
    Choose(&'static str, &'static [&'static str]),
    Click(&'static str),
    Press(&'static str),
    See(&'static str),
}

impl Page {
    /// Goes there, as the right person.
    pub async fn open(&self, browser: &Browser) {
        // What was typed into a form on an earlier visit would come back.
        browser.run("try { sessionStorage.clear() } catch {}", json!([])).await;
        for step in &self.steps {
            match step {
                Step::Goto(path) => browser.goto(path).await,
                Step::Fill(css, text) => browser.fill(css, text).await,
                Step::Choose(css, words) => browser.choose_any(css, words).await,
                Step::Click(css) => browser.click(css).await,
                Step::Press(keys) => browser.press(*keys).await,
                Step::See(css) => {
                    browser.see(css).await;
                }
            }
        }
    }
}

fn page(name: &'static str, path: impl Into<String>, css: &'static str) -> Page {
    let steps = vec![Step::Goto(path.into()), Step::See(css)];
    Page { name, who: Some(Role::Admin), steps, answer: None }
}

impl Page {
    fn then(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(steps);
        self
    }

    fn seen_by(mut self, who: Option<Role>) -> Self {
        self.who = who;
        self
    }

    fn answers(mut self, status: u16) -> Self {
        self.answer = Some(status);
        self
    }
}

fn order(id: &str) -> String {
    format!("/orders/maison/{id}")
}

fn form(id: &str, action: &str) -> String {
    format!("/orders/maison/{id}/{action}")
}

/// Rows out of a spreadsheet, on their way to the page that asks which column is which.
fn pasted() -> [Step; 3] {
    let rows = "N° de commande;Transporteur;Numéro de suivi;Client\n\
                2611190911QK4D;Colissimo;6A21938475603;Mme Benali\n\
                26111909O2BF2K;;3,00E+12;M. Roy";
    [Step::Fill("#text", rows), Step::Click("#send"), Step::See("#h-sample")]
}

/// The pages that are not about one order.
pub fn around() -> Vec<Page> {
    [lists(), work(), settings(), others()].into_iter().flatten().collect()
}

/// The dashboard, the lists, and what is done to many orders.
fn lists() -> Vec<Page> {
    let tick = || {
        [
            Step::Click("input[name=order]"),
            Step::Click(".bulk-bar button[value=ship]"),
            Step::See("tr[data-verdict]"),
        ]
    };
    let send = [
        Step::Fill("#r1-carrier", "Colissimo"),
        Step::Fill("#r1-number", "6A21938475111"),
        Step::Click("#save"),
        Step::See("tr[data-verdict=ready]"),
        Step::Click("#send"),
        Step::See("#progress"),
    ];
    let to_ship = "/orders?status=InPreparation&supply=Seller";
    vec![
        page("batches", "/batches", "main h1"),
        page("batch-review", to_ship, "input[name=order]").then(tick()),
        page("batch-progress", to_ship, "input[name=order]").then(tick()).then(send),
        page("dashboard", "/", ".chart svg"),
        page("dashboard-account", "/?account=atelier", ".chart svg"),
        page("dashboard-viewer", "/", ".chart svg").seen_by(Some(Role::Viewer)),
        page("list", "/orders", "tbody tr[data-due]"),
        page("list-to-ship", "/orders?status=InPreparation", "tbody tr[data-due]"),
        page("list-filters", "/orders?supply=Seller&due=today", "details.filters"),
        page("list-viewer", "/orders", "tbody tr[data-due]").seen_by(Some(Role::Viewer)),
        page(
            "list-filtered-empty",
            "/orders?channel=CDISFR&from=2020-01-01&to=2020-01-02",
            "#h-empty",
        ),
        page("list-not-found", "/orders?q=NO-SUCH-ORDER", "#h-empty"),
        page("list-more-filters", "/orders?buyer=consumer", "tbody tr[data-due]"),
        page("list-nothing-found", "/orders", "#find")
            .then([Step::Fill("#find", "Quincampoix\u{E007}"), Step::See("#h-empty")]),
        page("list-save-view", "/orders?buyer=consumer", ".tools")
            .then([Step::Click(".tools summary"), Step::See("#view-name")]),
        page("list-save-view-error", "/orders?buyer=consumer", ".tools")
            .then([
                Step::Click(".tools summary"),
                Step::Click("#view-save"),
                Step::See(".error-summary"),
            ])
            .answers(422),
        page("list-columns", "/orders", ".tools")
            .then([Step::Click(".tools details:last-of-type summary"), Step::See("#save-columns")]),
        page("list-lengow", "/orders?words=lengow", "tbody tr[data-due]"),
    ]
}

/// What the warehouse works with.
fn work() -> Vec<Page> {
    vec![
        page("shipping", "/shipping", "#scan"),
        page("shipping-failed", "/shipping", "#scan")
            .then([
                Step::Fill("#scan", SHIPPED.1),
                Step::Click(".scan button"),
                Step::See("#failed"),
            ])
            .answers(422),
        page("picking", "/shipping/picking?due=all", ".pick"),
        page("picking-by-order", "/shipping/picking?due=all&by=order", ".pick"),
        page("picking-empty", "/shipping/picking?channel=none", "#h-empty"),
        page("slips", "/shipping/slips?due=all", ".slip .barcode"),
        page("carriers", "/settings/carriers", "#template"),
        page("carriers-preview", "/settings/carriers", "#template").then([
            Step::Fill("#carrier", "Colissimo"),
            Step::Fill("#template", "https://www.laposte.fr/suivre-vos-envois?code={number}"),
            Step::Click("button[value=preview]:not([aria-hidden])"),
            Step::See("#preview"),
        ]),
        page("carriers-error", "/settings/carriers", "#template")
            .then([Step::Click("#send"), Step::See(".error-summary")])
            .answers(422),
        page("imports", "/imports", "input[type=file]"),
        page("imports-error", "/imports", "#send")
            .then([Step::Click("#send"), Step::See(".error-summary")])
            .answers(422),
        page("import-columns", "/imports", "#text").then(pasted()),
        page("import-review", "/imports", "#text")
            .then(pasted())
            .then([Step::Click("#send"), Step::See("tr[data-verdict] input[name$=order]")]),
        page("import-columns-error", "/imports", "#text")
            .then(pasted())
            .then([
                Step::Choose("#number", &["Client (Mme Benali)"]),
                Step::Choose("#carrier", &["Client (Mme Benali)"]),
                Step::Click("#send"),
                Step::See(".error-summary"),
            ])
            .answers(422),
        page("invoices", "/invoices", "input[type=file]"),
    ]
}

/// The settings, and a user's own.
fn settings() -> Vec<Page> {
    let weak = [
        Step::Fill("#present_password", PASSWORD),
        Step::Fill("#new_password", "aaaaaaaaaaaaaaaaaaaa"),
        Step::Click("[aria-labelledby=h-password] button"),
        Step::See(".error-summary"),
    ];
    let start = [
        Step::Fill("#password", PASSWORD),
        Step::Click("[data-second-factor] button"),
        Step::See("#key"),
    ];
    vec![
        page("profile", "/settings/profile", "#present_password"),
        page("profile-weak", "/settings/profile", "#new_password").then(weak).answers(422),
        page("second-factor", "/settings/profile", "#password").then(start),
        page("accounts", "/settings/accounts", "main table").seen_by(Some(Role::Admin)),
        page("account", "/settings/accounts/maison", "#h-channels").seen_by(Some(Role::Admin)),
        page("accounts-new", "/settings/accounts/new", "#secret").seen_by(Some(Role::Admin)),
        page("accounts-error", "/settings/accounts/new", "#secret")
            .seen_by(Some(Role::Admin))
            .then([Step::Click("#save"), Step::See(".error-summary")])
            .answers(422),
        page("accounts-refused", "/settings/accounts/new", "#secret")
            .seen_by(Some(Role::Admin))
            .then([
                Step::Fill("#account", "quai"),
                Step::Fill("#name", "Quai 2"),
                Step::Fill("#seller-id", "98980"),
                Step::Fill("#client-id", "atelier-client"),
                Step::Fill("#secret", "wrong"),
                // Nobody answers there.
                Step::Fill("#base-url", "http://127.0.0.1:9/"),
                Step::Fill("#token-url", "http://127.0.0.1:9/token"),
                Step::Click("#only-test"),
                Step::See("#h-test"),
            ]),
        page("users", "/settings/users", "#h-roles"),
        page("user", "/settings/users/1", "#h-rights"),
        page("user-password-link", "/settings/users/1", "#h-rights")
            .then([Step::Click("#password-link"), Step::See("#h-link")]),
    ]
}

/// The rest.
fn others() -> Vec<Page> {
    let wrong = [
        Step::Fill("#email", "walid@comptoir.test"),
        Step::Fill("#password", "wrong"),
        Step::Click("button.primary"),
        Step::See("[role=alert]"),
    ];
    vec![
        page("sign-in", "/sign-in", "#email").seen_by(None),
        page("sign-in-error", "/sign-in", "#email").seen_by(None).then(wrong).answers(422),
        page("attention", "/attention", "main table"),
        page("notifications", "/notifications", "main h1"),
        page("sync", "/sync", "#sync"),
        page("sync-still", "/sync?updates=paused", "#pause-updates"),
        page("sync-order-error", "/sync", "#reread-order")
            .then([Step::Click("#reread"), Step::See(".error-summary")])
            .answers(422),
        page("activity", "/activity", "#apply"),
        page("glossary", "/glossary", "#legacy"),
        page("help", "/help", "#h-shortcuts"),
        page("shortcuts", "/orders", "tbody tr[data-due]")
            .then([Step::Press("?"), Step::See("#shortcut-sheet kbd")]),
        page("invitation-over", "/invitations/none", "#h-over").seen_by(None).answers(404),
        page("not-found", "/no-such-page", "main h1").answers(404),
    ]
}

/// The same where no order waits for anybody.
pub fn finished() -> Vec<Page> {
    vec![page("dashboard-empty", "/", "#h-next")]
}

/// The pages about one order.
pub fn of_orders(scene: &Scene) -> Vec<Page> {
    [one_order(scene), forms()].into_iter().flatten().collect()
}

/// An order in each state, and its promises.
fn one_order(scene: &Scene) -> Vec<Page> {
    let promise = |id: Uuid| format!("/promises/{id}");
    vec![
        page("order-to-ship", order(MOST_URGENT), "#act-ship"),
        page("order-to-accept", order(TO_ACCEPT), "#act-approve"),
        page("order-viewer", order(TO_SHIP), "#facts").seen_by(Some(Role::Viewer)),
        page("order-shipped", order(SHIPPED.0), "#parcels"),
        page("order-refresh", format!("{}/refresh", order(SHIPPED.0)), "#reread"),
        page("order-queued", order(QUEUED), "#countdown"),
        page("order-in-doubt", order(IN_DOUBT), "[data-state=sent]"),
        page("order-needs-person", order(NEEDS_PERSON), "[data-state=attention]"),
        page("order-confirmed", order(CONFIRMED), "[data-state=confirmed]"),
        page("order-refused", order(REFUSED), "[data-state=refused]"),
        page("order-note-error", order(TO_SHIP), "#note-add")
            .then([Step::Click("#note-add"), Step::See(".error-summary")])
            .answers(422),
        page("order-also-open", order(SHARED), "#take-over"),
        page("order-notes", order(SHARED), "#notes .note"),
        page("order-history-people", format!("{}?history=person", order(SHARED)), "#history"),
        page("shipping-sent", format!("/shipping?sent=maison:{QUEUED}"), "#countdown"),
        page("order-requests", order(REQUESTS), "#requests [data-state=refused]"),
        page("gesture-needs-person", promise(scene.gesture), "#done"),
        page("not-possible", form(QUEUED, "ship"), "[role=alert]").answers(409),
        page("promise-queued", promise(scene.queued), "[data-state=queued]"),
        page("promise-needs-person", promise(scene.needs_person), "#done"),
        page("promise-confirmed", promise(scene.confirmed), "[data-state=confirmed]"),
    ]
}

/// The forms of the actions.
fn forms() -> Vec<Page> {
    let wrong = [
        Step::Fill("#p1-number", "6A21938475699"),
        Step::Fill("#p1-url", "ftp://suivi.test/6A21938475699"),
        Step::Click("#send"),
        Step::See(".error-summary"),
    ];
    let odd = [
        Step::Fill("#p1-other", "Transports Guégan"),
        Step::Fill("#p1-number", SHIPPED.1),
        Step::Fill("#p1-url", "https://suivi.test/colis"),
        Step::Click("#send"),
        Step::See("#h-warnings"),
    ];
    let nothing = || [Step::Click("#send"), Step::See(".error-summary")];
    let cancel = [
        Step::Choose("#reason", &["Refused by the seller", "Refus du vendeur"]),
        Step::Click("#shipping-yes"),
        Step::Click("#send"),
        Step::See("#review"),
    ];
    let gesture = [
        Step::Click("#reason-1"),
        Step::Fill("#amount", "1,20"),
        Step::Click("#send"),
        Step::See("button.primary[value=send]"),
    ];
    let more = [Step::Click("button[name=add]"), Step::See("#p2-number")];
    vec![
        page("accept", form(TO_ACCEPT, "approve"), "#send"),
        page("refuse", form(TO_ACCEPT, "refuse"), "#send"),
        page("ship", form(TO_SHIP, "ship"), "#send"),
        page("ship-scanned", format!("{}?from=shipping", form(TO_SHIP, "ship")), "#send"),
        page("ship-errors", form(MOST_URGENT, "ship"), "#send").then(wrong).answers(422),
        page("ship-warnings", form(TO_SHIP, "ship"), "#send").then(odd).answers(422),
        page("ship-two-parcels", form(SEVERAL_PARCELS, "ship"), "#send").then(more),
        page("cancel", form(TO_SHIP, "cancel"), "#reason"),
        page("cancel-errors", form(TO_SHIP, "cancel"), "#send").then(nothing()).answers(422),
        page("cancel-review", form(TO_SHIP, "cancel"), "#send").then(cancel),
        page("cancel-lines", form(REQUESTS, "cancel-lines"), "#lines"),
        page("cancel-lines-errors", form(REQUESTS, "cancel-lines"), "#send")
            .then(nothing())
            .answers(422),
        page("gesture", form(SHIPPED.0, "gesture"), "#amount"),
        page("gesture-errors", form(SHIPPED.0, "gesture"), "#send").then(nothing()).answers(422),
        page("gesture-review", form(SHIPPED.0, "gesture"), "#send").then(gesture),
        page("invoice", form(SHIPPED.0, "invoice"), "input[type=file]"),
        page("invoice-errors", form(SHIPPED.0, "invoice"), "#send").then(nothing()).answers(422),
    ]
}

const QUEUED: &str = "2611190815QU1D";
const IN_DOUBT: &str = "2611190816DB2T";
const NEEDS_PERSON: &str = "2611190817NP3N";
const CONFIRMED: &str = "2611190818CF4D";
const REFUSED: &str = "2611190819RF5D";
const REQUESTS: &str = "WRT-40021-90117";
const SHARED: &str = "2611190821SH7R";
const GESTURE: &str = "2611190820GS6E";

/// Promises in every state, over a world that stands still.
pub struct Scene {
    pub world: World,
    queued: Uuid,
    needs_person: Uuid,
    confirmed: Uuid,
    gesture: Uuid,
}

impl Scene {
    pub async fn set(world: World) -> Self {
        let link = "INSERT INTO tracking_templates (account_id, carrier, template)
                    VALUES ('maison', 'Colissimo', 'https://www.laposte.fr/suivre?code={number}')";
        sqlx::query(link).execute(&world.pool).await.unwrap();
        let due = world.clock.now() + SignedDuration::from_hours(30);
        for id in [QUEUED, IN_DOUBT, NEEDS_PERSON, CONFIRMED, REFUSED, SHARED] {
            world.simulator.add(OrderDraft::new("maison").id(id).lines(2).ship_by(due));
        }
        world.advance(SignedDuration::from_secs(2)).await;
        let posts = || Matcher::new("POST", "/shipments");
        let ship = |id| world.ship_all(id, &format!("6A2193{}", &id[5..10]));

        world.simulator.fault(Fault::status(502).on(posts()));
        let needs_person = world.promise(NEEDS_PERSON, ship(NEEDS_PERSON), 0).await;
        while state(&world, needs_person).await != State::NeedsPerson {
            world.send().await;
            world.clock.advance(SignedDuration::from_secs(50));
        }
        let gesture = Self::gesture(&world).await;
        world.simulator.clear_faults();
        let confirmed = world.promise(CONFIRMED, ship(CONFIRMED), 0).await;
        world.send().await;
        world.simulator.cancel_in_portal(REFUSED).unwrap();
        world.promise(REFUSED, ship(REFUSED), 0).await;
        world.send().await;
        world.advance(SignedDuration::from_secs(2)).await;
        world.simulator.fault(Fault::status(502).on(posts()));
        world.promise(IN_DOUBT, ship(IN_DOUBT), 0).await;
        world.send().await;
        let queued = world.promise(QUEUED, ship(QUEUED), 15).await;
        world.share(SHARED).await;
        Self { world, queued, needs_person, confirmed, gesture }
    }

    /// An order with requests of every kind and outcome, and a gesture that nobody knows about.
    async fn gesture(world: &World) -> Uuid {
        let draft = OrderDraft::new("maison").status("Shipped").lines(3);
        world.simulator.add(draft.clone().id(REQUESTS).channel("WRTES"));
        world.simulator.add(draft.id(GESTURE));
        world.advance(SignedDuration::from_secs(2)).await;
        let line = world.simulator.order(REQUESTS).unwrap().lines[0].id.clone();
        world.simulator.cancel_lines_in_portal(REQUESTS, &[&line]).unwrap();
        world.simulator.give_in_portal(REQUESTS, "ShippingFees", 350, Some("Late")).unwrap();
        world.simulator.reject_next_of(Review::Gesture, REQUESTS, "Over the yearly budget.");
        let money = |cents| {
            Action::Gesture(Gesture {
                reason: "MissingProduct".to_owned(),
                details: None,
                amount: Decimal::new(cents, 2),
                currency: "EUR".to_owned(),
            })
        };
        world.promise(REQUESTS, money(120), 0).await;
        world.send().await;
        world.simulator.advance(SignedDuration::from_mins(20));
        world.advance(SignedDuration::from_mins(2)).await;
        world.follow().await;
        let posts = Matcher::new("POST", "/order-commercial-gesture-requests");
        world.simulator.fault(Fault::status(502).on(posts));
        let gesture = world.promise(GESTURE, money(250), 0).await;
        while state(world, gesture).await != State::NeedsPerson {
            world.send().await;
            world.clock.advance(SignedDuration::from_secs(50));
        }
        gesture
    }

    /// A window in which that person is signed in.
    pub async fn window(&self, who: Option<Role>, lang: &str) -> Browser {
        let browser = self.world.visitor_reading(lang, Scripts::On).await;
        if let Some(role) = who {
            sign_in(&browser, role).await;
        }
        browser
    }
}

async fn state(world: &World, promise: Uuid) -> State {
    let maison = AccountId("maison".to_owned());
    let found = db::promises::find_in(&world.pool, &maison, promise).await.unwrap();
    found.unwrap().progress.state
}
