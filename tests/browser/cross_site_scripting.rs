//! What others write stays text: a corpus of hostile texts stands wherever the database keeps words, and every
//! page is visited. Nothing of it runs, becomes an element or an attribute, or is where a link leads
//! (`reliability` S-11).
//!
//! The proof is by comparison: the shapes of elements that pages have over harmless data are all that they may
//! have over the corpus. And the browser complains of nothing, as it would of anything that the content
//! security policy had to stop.

mod plant;

use std::collections::BTreeSet;

use comptoir::domain::operator::Role;
use jiff::SignedDuration;
use octopia_simulator::OrderDraft;
use serde_json::Value;
use serde_json::json;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::cross_site_scripting::plant::Corpus;
use crate::pages;
use crate::pages::Page;
use crate::pages::Scene;
use crate::pages::Step;
use crate::world::TO_SHIP;
use crate::world::World;

/// The order of `atelier` that has a parcel for each payload.
const PARCELS: &str = "2611160931AT5R";

/// Everything about the page that a payload could change; which shapes of elements it has; where what was
/// planted shows.
const LOOK: &str = r"
    const wrong = [], shapes = new Set();
    const calls = ['hx-get', 'hx-post'];
    const addresses = ['href', 'src', 'action', 'formaction', 'data', 'xlink:href', 'poster', 'srcdoc', ...calls];
    // Asked of the prototype: a payload may be a form with a field named `attributes`.
    const its = (element, what) => Object.getOwnPropertyDescriptor(Element.prototype, what).get.call(element);
    if (typeof pwned !== 'undefined' && !(pwned instanceof Element)) wrong.push('a script ran: ' + pwned);
    for (const element of document.querySelectorAll('*')) {
        const tag = its(element, 'localName');
        shapes.add(tag);
        for (const { name, value } of its(element, 'attributes')) {
            shapes.add(tag + ' ' + name);
            const told = tag + ' ' + name + '=' + value.slice(0, 200);
            if (/^on|pwned/i.test(name)) wrong.push(told);
            if (/^(data-)?hx-/.test(name) && /pwned|zq-/.test(value) && !calls.includes(name)) wrong.push(told);
            if (!addresses.includes(name)) continue;
            const address = new URL(value, location.href);
            const elsewhere = address.origin !== location.origin;
            // Numbers to call, addresses to write to, a key for the telephone.
            const reaches = ['tel:', 'mailto:', 'otpauth:'].includes(address.protocol);
            const web = ['http:', 'https:'].includes(address.protocol);
            const guarded = element.rel?.includes('noreferrer');
            const may = !elsewhere || (tag === 'a' && name === 'href' && (reaches || (web && guarded)));
            if (!may) wrong.push(told);
        }
    }
    // Written out, so that values of fields are seen as well.
    const marks = new Set(document.documentElement.outerHTML.match(/zq-[a-z_.]+/g));
    return { wrong, shapes: [...shapes], marks: [...marks].map((it) => it.slice(3)) };";

/// What was found on the pages so far.
#[derive(Default)]
struct Found {
    shapes: BTreeSet<String>,
    marks: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Found {
    async fn look(&mut self, browser: &Browser, name: &str) {
        let seen = browser.run(LOOK, json!([])).await;
        let texts = |key: &str| {
            let all = seen[key].as_array().unwrap().iter().filter_map(Value::as_str);
            all.map(str::to_owned).collect::<Vec<_>>()
        };
        self.shapes.extend(texts("shapes"));
        self.marks.extend(texts("marks"));
        self.wrong.extend(texts("wrong").into_iter().map(|it| format!("{name}: {it}")));
        // A page may say no. It may not fail.
        let complaints = browser.complaints().await.into_iter();
        let complaints = complaints.filter(|it| !it.contains("with a status of 4"));
        self.wrong.extend(complaints.map(|it| format!("{name}: {it}")));
        let elsewhere = |it: &String| !it.starts_with(browser.origin());
        let strangers = browser.requests().await.into_iter().filter(elsewhere);
        self.wrong.extend(strangers.map(|it| format!("{name}: asked for {it}")));
    }
}

/// A window for each kind of visitor, signed in before the names to sign in with are planted.
struct Windows(Vec<(Option<Role>, Browser)>);

impl Windows {
    async fn open(scene: &Scene) -> Self {
        let mut windows = Vec::new();
        for who in [None].into_iter().chain(Role::ALL.map(Some)) {
            windows.push((who, scene.window(who, "en").await));
        }
        Self(windows)
    }

    fn of(&self, who: Option<Role>) -> &Browser {
        &self.0.iter().find(|(it, _)| *it == who).unwrap().1
    }

    /// Every page of the list, as whoever it is for.
    async fn visit(&self, pages: &[Page], found: &mut Found) {
        for page in pages {
            let browser = self.of(page.who);
            page.open(browser).await;
            found.look(browser, page.name).await;
        }
    }
}

/// More of what is rare in the scene, in the account whose orders may change beyond recognition.
async fn more(scene: &Scene, payloads: usize) {
    let world = &scene.world;
    for status in ["Shipped", "InPreparation", "WaitingAcceptance", "Cancelled"] {
        let draft = OrderDraft::new("atelier").status(status).lines(2);
        world.simulator.add(draft.id(&format!("2611170812-{status}")));
    }
    let parcels =
        OrderDraft::new("atelier").status("Shipped").id(PARCELS).parcel("DPD", "0548800001");
    world.simulator.add(parcels);
    world.simulator.add(OrderDraft::new("atelier").id("\"><img src=x onerror=pwned=60>"));
    world.simulator.add(OrderDraft::new("atelier").id("javascript:pwned=61"));
    world.advance(SignedDuration::from_secs(2)).await;
    let now = world.clock.now().to_string();
    let statements = [
        format!(
            "INSERT INTO parcels (account_id, order_id, parcel_number, carrier, tracking_url, line_ids)
             SELECT 'atelier', '{PARCELS}', n::text, 'DPD', 'https://suivi.test/' || n, '{{}}'
             FROM generate_series(1, {payloads}) AS n"
        ),
        format!(
            "INSERT INTO order_faults (account_id, order_id, problem, raw, first_seen_at, last_seen_at)
             VALUES ('maison', '<i>1</i>', 'a field is missing', '{{}}', '{now}', '{now}')"
        ),
        "UPDATE sync_states SET failure = 'refused', failure_words = 'No.'
         WHERE account_id = 'atelier'"
            .to_owned(),
    ];
    for sql in statements {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&world.pool).await.unwrap();
    }
}

/// The pages of the orders of `atelier`, by the links that the list has to them.
async fn strange_orders(browser: &Browser) -> Vec<String> {
    browser.goto("/orders?account=atelier").await;
    let links =
        "return [...document.querySelectorAll('tbody th a')].map(it => it.getAttribute('href'))";
    let links = browser.run(links, json!([])).await;
    let links: Vec<String> = serde_json::from_value(links).unwrap();
    assert!(links.iter().any(|it| it.contains("pwned")), "{links:?}");
    links
}

/// The pages of what was done to many orders, and of the files that were taken in.
async fn many_at_once(pool: &PgPool) -> Vec<String> {
    let paths = "SELECT '/batches/' || batch_id FROM batches
                 UNION ALL SELECT '/imports/' || import_id FROM imports";
    let paths: Vec<String> = sqlx::query_scalar(paths).fetch_all(pool).await.unwrap();
    assert!(paths.len() >= 5, "{paths:?}");
    paths
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_others_wrote_stays_text_on_every_page(pool: PgPool) {
    let corpus = Corpus::read();
    let scene = Scene::set(World::still(pool.clone()).await).await;
    more(&scene, corpus.all().count()).await;
    let windows = Windows::open(&scene).await;
    let (mut pages, mut clean) = (pages::around(), Found::default());
    pages.extend(pages::of_orders(&scene));
    windows.visit(&pages, &mut clean).await;
    let strange = strange_orders(windows.of(Some(Role::Admin))).await;
    let plain = |path: &str| vec![Step::Goto(path.to_owned())];
    let parcels = Page {
        name: "order-parcels",
        who: Some(Role::Admin),
        steps: plain(&format!("/orders/atelier/{PARCELS}")),
        answer: None,
    };
    windows.visit(&[parcels], &mut clean).await;
    assert_eq!(clean.wrong, Vec::<String>::new());

    let (mut planted, mut found) = (BTreeSet::new(), Found::default());
    for round in 0..corpus.rounds() {
        planted.extend(plant::everywhere(&pool, &corpus, round).await);
        let all = round == 0;
        let direct = |it: &&Page| all || (it.who == Some(Role::Admin) && it.steps.len() == 2);
        for page in pages.iter().filter(direct) {
            let browser = windows.of(page.who);
            page.open(browser).await;
            found.look(browser, page.name).await;
        }
        let admin = windows.of(Some(Role::Admin));
        for path in &strange {
            admin.goto(path).await;
            found.look(admin, path).await;
        }
        if round > 1 {
            continue;
        }
        for path in many_at_once(&pool).await {
            admin.goto(&path).await;
            found.look(admin, &path).await;
        }
        // Whoever may see less sees other words.
        for role in [Role::Viewer, Role::Warehouse, Role::CustomerService, Role::Manager] {
            for path in
                ["/orders", &format!("/orders/maison/{TO_SHIP}"), "/settings/profile", "/sync"]
            {
                windows.of(Some(role)).goto(path).await;
                found.look(windows.of(Some(role)), path).await;
            }
        }
    }
    assert!(found.wrong.is_empty(), "{} wrong\n{}", found.wrong.len(), found.wrong.join("\n"));
    let strangers: Vec<_> = found.shapes.difference(&clean.shapes).collect();
    assert!(strangers.is_empty(), "only over hostile data: {strangers:?}");
    let seen = |it: &str| found.marks.iter().any(|mark| mark.starts_with(it));
    let unseen: Vec<_> =
        planted.iter().filter(|it| !seen(it) && !NOWHERE.contains(&it.as_str())).collect();
    assert!(unseen.is_empty(), "planted, and on no page that was visited: {unseen:?}");
}

/// What no page shows, or shows without a mark, as an address. Everything else was seen, which is what makes the
/// above worth something.
const NOWHERE: &[&str] = &[
    // The dashboard names the five that it knows.
    "seller_indicators.name",
    "audit.request_id",
    // On the page of a file that was not forgotten, next to which every round uploads its own.
    "imports.content",
    "order_facets.word",
    "order_faults.raw",
    "order_lines.delivery_mode",
    "order_raw.raw",
    "order_search.contacts",
    "order_search.goods",
    "order_search.people",
    "orders.country",
    "orders.service_fees",
    "parcels.tracking_url",
    "promises.baseline",
    "promises.reference",
    "requests.request_id",
];

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_typed_stays_text_where_it_comes_back(pool: PgPool) {
    let corpus = Corpus::read();
    let world = World::still(pool).await;
    let browser = world.signed_in(Role::Admin, Scripts::On).await;
    let mut found = Found::default();
    let all: Vec<_> = corpus.all().collect();
    for texts in all.chunks(4) {
        let text = texts.join(" ");
        let encode = "return encodeURIComponent(arguments[0])";
        let encoded = browser.run(encode, json!([text])).await;
        let encoded = encoded.as_str().unwrap();
        for path in [
            format!("/orders?q={encoded}&status={encoded}&channel={encoded}&from={encoded}"),
            format!("/activity?user={encoded}&order={encoded}&topic={encoded}"),
            format!("/orders/maison/{encoded}"),
        ] {
            browser.goto(&path).await;
            found.look(&browser, &path).await;
        }
    }
    for texts in all.chunks(12) {
        let text = texts.join(" ");
        browser.goto(&format!("/orders/maison/{TO_SHIP}/ship")).await;
        let type_in =
            "for (const field of document.querySelectorAll('main form input:not([type=hidden])'))
                if (field.type !== 'checkbox' && field.type !== 'radio') field.value = arguments[0];
            document.querySelector('#p1-url').value = arguments[1]";
        browser.run(type_in, json!([text, texts[0]])).await;
        browser.click("#send").await;
        browser.see(".error-summary").await;
        found.look(&browser, "ship").await;
    }
    assert!(found.wrong.is_empty(), "{} wrong\n{}", found.wrong.len(), found.wrong.join("\n"));
}

/// The look itself: whatever becomes an element or a script must be found.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_payload_that_gets_through_is_found(pool: PgPool) {
    let world = World::still(pool).await;
    let browser = world.visitor(Scripts::On).await;
    let corpus = Corpus::read();
    browser.goto("/sign-in").await;
    let mut clean = Found::default();
    clean.look(&browser, "sign-in").await;
    assert_eq!(clean.wrong, Vec::<String>::new());
    let (mut tried, mut missed) = (0, Vec::new());
    for text in corpus.all() {
        browser.goto("/sign-in").await;
        let parse = "document.open(); document.write('<main>' + arguments[0]); document.close();
            return document.querySelectorAll('main *, body > :not(main)').length";
        if browser.run(parse, json!([text])).await == 0 {
            continue;
        }
        tried += 1;
        let mut found = Found::default();
        found.look(&browser, "sign-in").await;
        if found.wrong.is_empty() && found.shapes.is_subset(&clean.shapes) {
            missed.push(text);
        }
    }
    assert_eq!(missed, Vec::<&str>::new());
    assert!(tried >= 35, "{tried}");
}
