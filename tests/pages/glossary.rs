//! The glossary: everything has an entry, in both languages, and every badge leads to its own.

use axum::body::Body;
use axum::http::Request;
use comptoir::domain::action::ActionKind;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Order;
use comptoir::domain::order::Status;
use comptoir::domain::vocabulary;
use sqlx::PgPool;
use tower::ServiceExt;

use crate::support::Page;
use crate::support::World;
use crate::support::order;

/// What stands in a section.
fn section<'a>(page: &'a Page, id: &str) -> &'a str {
    page.between(&format!("<section class=\"panel\" id=\"{id}\""), "</section>")
}

async fn glossary(world: &World, language: &'static str) -> Page {
    let mut browser = world.sign_in(Role::Viewer).await;
    browser.language = language;
    let page = browser.get("/glossary").await;
    assert_eq!(page.status, 200);
    page
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_status_has_its_words_in_both_languages(pool: PgPool) {
    let world = World::start(pool).await;
    for language in ["en", "fr"] {
        let page = glossary(&world, language).await;
        for status in Status::KNOWN {
            let word = status.as_str();
            let section = section(&page, word);
            assert!(section.contains(&format!("<code>{word}</code>")), "{word}");
            for lang in ["en", "fr"] {
                let (_, label) = section.split_once(&format!("<dd lang=\"{lang}\">")).unwrap();
                assert!(!label.starts_with('<'), "{word} has no name in {lang}");
            }
            if let Some(lengow) = vocabulary::lengow(&status) {
                assert!(section.contains(&format!("<code>{lengow}</code>")), "{word}");
            }
            for legacy in vocabulary::legacy(&status) {
                assert!(section.contains(&format!("<code>{legacy}</code>")), "{word}");
            }
            assert!(page.body.contains(&format!("<a href=\"#{word}\">")), "{word}");
        }
        for row in &vocabulary::LEGACY {
            let table = section(&page, "legacy");
            assert!(table.contains(&format!("<code>{}</code></th>", row.word)), "{}", row.word);
        }
        assert_eq!(section(&page, "states").matches("<tr>").count(), State::ALL.len() + 1);
        assert!(section(&page, "unknown").contains("</h2>"));
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_can_be_done_is_what_the_rules_say(pool: PgPool) {
    let world = World::start(pool).await;
    let page = glossary(&world, "en").await;
    let accept = section(&page, "WaitingAcceptance");
    assert!(accept.contains("<dd>Accept, Refuse"), "{accept}");
    assert!(section(&page, "InPreparation").contains("<dd>Ship"));
    for status in Status::KNOWN {
        let some = ActionKind::ALL.iter().any(|it| it.spec().allowed_from.contains(&status));
        let nothing = section(&page, status.as_str()).contains("Nothing in Comptoir");
        assert_ne!(some, nothing, "{}", status.as_str());
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn people_from_lengow_find_their_refund(pool: PgPool) {
    let world = World::start(pool).await;
    let page = glossary(&world, "en").await;
    let lengow = section(&page, "lengow");
    for word in ["Accept", "Refuse", "Ship", "Refund", "Cancel"] {
        assert!(lengow.contains(&format!("<th scope=\"row\"><code>{word}</code></th>")), "{word}");
    }
    assert!(lengow.contains("Octopia calls it “cancellation”"));
    let french = glossary(&world, "fr").await;
    assert!(section(&french, "Cancelled").contains("Aucune dans Comptoir"));
    assert!(french.text().contains("Les actions de Lengow"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_badge_leads_to_its_entry(pool: PgPool) {
    let world = World::start(pool).await;
    let teleported = Status::Other("Tele ported".to_owned());
    let in_status = |id: &str, status| Order { status, ..order(id) };
    world.mirror(&[order("A1"), in_status("A2", teleported)]).await;
    let browser = world.sign_in(Role::Warehouse).await;
    let list = browser.get("/orders").await;
    assert!(list.row("A1").contains("<a href=\"/glossary#InPreparation\""));
    assert!(list.row("A2").contains("<a href=\"/glossary#unknown\""));
    let page = browser.get("/orders/maison/A2").await;
    assert!(page.body.contains("<a href=\"/glossary#unknown\""));
    let glossary = browser.get("/glossary").await;
    assert!(
        glossary.body.contains("id=\"unknown\"") && glossary.body.contains("id=\"InPreparation\"")
    );
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_glossary_is_for_those_who_are_signed_in(pool: PgPool) {
    let world = World::start(pool).await;
    let browser = world.sign_in(Role::Viewer).await;
    let page = browser.get("/orders").await;
    assert!(page.body.contains("<a href=\"/glossary\">Glossary</a>"));
    let stranger = Request::get("/glossary").body(Body::empty()).unwrap();
    let response = world.router.clone().oneshot(stranger).await.unwrap();
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()["location"], "/sign-in?next=%2Fglossary");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_list_speaks_lengow_on_request_and_its_links_keep_to_it(pool: PgPool) {
    let world = World::start(pool).await;
    let in_status = |id: &str, status| Order { status, ..order(id) };
    let mut orders: Vec<_> = (0..60).map(|it| order(&format!("A{it:02}"))).collect();
    orders.push(in_status("B1", Status::WaitingAcceptance));
    orders.push(in_status("B2", Status::CancelRequest));
    world.mirror(&orders).await;
    let browser = world.sign_in(Role::Warehouse).await;

    let plain = browser.get("/orders?supply=Seller").await;
    assert_eq!(plain.cell("A00", 2), "To ship");
    assert!(plain.text().contains("Show Lengow words"));
    assert!(plain.body.contains("href=\"/orders?supply=Seller&#38;words=lengow\""));

    let page = browser.get("/orders?supply=Seller&words=lengow").await;
    assert_eq!(page.cell("A00", 2), "To ship Lengow waiting_shipment");
    assert!(page.body.contains("<input type=\"hidden\" name=\"words\" value=\"lengow\">"));
    assert!(page.text().contains("Hide Lengow words"));
    for (words, href, _) in page.tabs() {
        assert!(href.contains("words=lengow"), "{words}");
    }
    let controls = page.between("<main", "<thead>");
    for href in controls.split("href=\"/orders").skip(1) {
        let href = href.split('"').next().unwrap();
        // The link that takes the words away is the only one without them.
        assert!(href.contains("words=lengow") || href == "?supply=Seller", "{href}");
    }
    let next = browser.get(&page.link("next").unwrap()).await;
    assert_eq!(next.cell("A55", 2), "To ship Lengow waiting_shipment");
    let others = browser.get("/orders?status=WaitingAcceptance,CancelRequest&words=lengow").await;
    assert_eq!(others.cell("B1", 2), "To accept Lengow waiting_acceptance");
    assert_eq!(others.cell("B2", 2), "Cancellation requested", "Lengow has no word for it");
    let wrong = browser.get("/orders?words=klingon").await;
    assert!(wrong.text().contains("The filter “Words: klingon” was not understood"));
}
