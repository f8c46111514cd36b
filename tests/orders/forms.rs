//! The ship form: mistakes, warnings, and several parcels.

use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Parcel;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::browser::Page;
use crate::support::FREE;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::moved;
use crate::support::order;

const PATH: &str = "/orders/maison/A-1/ship";

/// A channel that allows everything, and a list of carriers.
async fn free(pool: PgPool) -> Shop {
    let shop = Shop::with(pool, order("A-1")).await;
    shop.channel("CDISFR", "Cdiscount", FREE).await;
    shop.carriers(&["Chronopost", "Colissimo", "DHL"]).await;
    shop
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
async fn every_mistake_is_told_at_its_field_and_nothing_typed_is_lost(pool: PgPool) {
    let shop = free(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let blank = Filled::of(&browser.get(PATH).await, "/ship");
    let good = blank
        .set("parcels[1].carrier", "Colissimo")
        .set("parcels[1].other", "")
        .set("parcels[1].number", "6A21938475603")
        .set("parcels[1].url", "");
    let (carrier, other) = ("parcels[1].carrier", "parcels[1].other");
    let (number, url) = ("parcels[1].number", "parcels[1].url");
    let long = "x".repeat(61);
    let cases: [(&str, &str, &str, &str); 13] = [
        (carrier, "", "p1-carrier", "Choose a carrier"),
        (carrier, "other", "p1-other", "Choose a carrier"),
        (
            other,
            "Heppner",
            "p1-other",
            "Choose a carrier from the list, or write another one, not both",
        ),
        (carrier, &long, "p1-carrier", "The carrier’s name must be 50 characters or fewer"),
        (number, "", "p1-number", "Enter the tracking number"),
        (number, " \u{a0} ", "p1-number", "Enter the tracking number"),
        (number, &long, "p1-number", "The tracking number must be 60 characters or fewer"),
        (
            url,
            "ftp://suivi.example/1",
            "p1-url",
            "Tracking link must start with http:// or https://",
        ),
        (url, "javascript:alert(1)", "p1-url", "Tracking link must start with http:// or https://"),
        (
            url,
            "https://a.example/é",
            "p1-url",
            "Tracking link contains a character Octopia does not accept: é",
        ),
        (url, "https://-", "p1-url", "Tracking link is not a complete public link"),
        ("submission", "nonsense", "send", "This form is out of date. Check it and send it again"),
        (
            "parcels[1].weight",
            "3",
            "send",
            "Comptoir does not know the field “parcels[1].weight”. Check the form and send it again",
        ),
    ];
    for (name, value, field, words) in cases {
        let form = good.clone().set(name, value);
        let page = form.post(&browser, PATH).await;
        assert_mistake(&page, field, words);
        let again = Filled::of(&page, "/ship");
        for (name, value) in &form.0 {
            // A form that is none gets a new number; a carrier that is in no list moves to the other field.
            let moves = value == &long || (form.all(carrier) == [&long] && name == other);
            if ["submission", "parcels[1].weight"].contains(&name.as_str()) || moves {
                continue;
            }
            assert!(
                again.all(name).contains(&value.as_str()),
                "{words}: {name} {value:?}: {again:?}"
            );
        }
    }
    assert_eq!(shop.states("A-1").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn mistakes_about_parcels_and_lines_name_the_parcel(pool: PgPool) {
    let shop = free(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = Filled::of(&browser.get(PATH).await, "/ship").and("add", "parcel");
    let two = Filled::of(&page.post(&browser, PATH).await, "/ship")
        .set("parcels[1].carrier", "DHL")
        .set("parcels[1].number", "111111")
        .set("parcels[2].carrier", "other")
        .set("parcels[2].other", "Transports Guégan")
        .set("parcels[2].number", "111111");
    let page = two.clone().post(&browser, PATH).await;
    assert_mistake(&page, "p2-number", "Parcel 2: Another parcel has the same tracking number");
    assert_mistake(&page, "p2-lines", "Parcel 2: Choose the lines in this parcel");
    let page = two.clone().and("parcels[2].lines", "ZZZZ").post(&browser, PATH).await;
    let words = "Parcel 2: Line ZZZZ is no longer to be shipped. Check the parcel";
    assert_mistake(&page, "p2-lines", words);

    let rules = comptoir::domain::channel::Rules { line_in_several_parcels: false, ..FREE };
    shop.channel("CDISFR", "Cdiscount", rules).await;
    let page = two.clone().and("parcels[2].lines", "AYGC").post(&browser, PATH).await;
    assert_mistake(&page, "p2-lines", "Parcel 2: Line AYGC is already in another parcel");
    let rules = comptoir::domain::channel::Rules { partial_shipment: false, ..rules };
    shop.channel("CDISFR", "Cdiscount", rules).await;
    let part = two.without("parcels[1].lines").and("parcels[1].lines", "AYGC");
    let page = part.post(&browser, PATH).await;
    let words = "Parcel 1: Line BFCD must be in a parcel: this channel takes all lines at once";
    assert_mistake(&page, "p1-lines", words);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn parcels_are_added_and_removed_without_losing_what_was_typed(pool: PgPool) {
    let shop = free(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&browser.get(PATH).await, "/ship")
        .set("parcels[1].number", "not yet 42")
        .set("parcels[1].url", "ftp://wrong")
        .without("parcels[1].lines")
        .and("parcels[1].lines", "BFCD");
    let page = form.clone().and("add", "parcel").post(&browser, PATH).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("error-summary"));
    let two = Filled::of(&page, "/ship");
    assert_eq!(two.all("parcels[1].number"), ["not yet 42"]);
    assert_eq!(two.all("parcels[1].url"), ["ftp://wrong"]);
    assert_eq!(two.all("parcels[1].lines"), ["BFCD"]);
    assert_eq!(two.all("submission"), form.all("submission"));
    let two = two.set("parcels[2].number", "second").set("parcels[2].carrier", "DHL");
    let page = two.and("remove", "1").post(&browser, PATH).await;
    let one = Filled::of(&page, "/ship");
    assert_eq!(one.all("parcels[1].number"), ["second"]);
    assert_eq!(one.all("parcels[1].carrier"), ["DHL"]);
    assert!(one.all("parcels[2].number").is_empty());
    let last = one.and("remove", "1").post(&browser, PATH).await;
    assert_eq!(Filled::of(&last, "/ship").all("parcels[1].number"), ["second"]);
    assert_eq!(shop.states("A-1").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn several_parcels_are_one_promise(pool: PgPool) {
    let shop = free(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = Filled::of(&browser.get(PATH).await, "/ship").and("add", "parcel");
    let form = Filled::of(&page.post(&browser, PATH).await, "/ship")
        .set("parcels[1].carrier", "DHL")
        .set("parcels[1].number", "6A 2193 8475 610")
        .without("parcels[1].lines")
        .and("parcels[1].lines", "AYGC")
        .set("parcels[2].carrier", "other")
        .set("parcels[2].other", "  Transports   Guégan ")
        .set("parcels[2].number", "TG-2611-00482")
        .and("parcels[2].lines", "AYGC");
    assert_eq!(form.post(&browser, PATH).await.status, 303);
    let promise = shop.last("A-1").await;
    let comptoir::domain::action::Action::Ship(ship) = promise.action else { panic!() };
    let parcels: Vec<_> = ship
        .parcels
        .iter()
        .map(|it| (it.carrier.as_str(), it.number.as_str(), it.line_ids.join(",")))
        .collect();
    let first = ("DHL", "6A21938475610", "AYGC".to_owned());
    assert_eq!(parcels, [first, ("Transports Guégan", "TG-2611-00482", "AYGC".to_owned())]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn where_everything_travels_in_one_parcel_there_is_nothing_to_choose(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.get(PATH).await;
    assert!(!page.body.contains("type=\"checkbox\""));
    assert!(!page.body.contains("name=\"add\""));
    assert!(page.main_text().contains("One parcel per order"));
    // No list of carriers yet: free text.
    assert!(!page.body.contains("<select"));
    let form = Filled::of(&page, "/ship");
    assert_eq!(form.all("parcels[1].lines"), ["AYGC", "BFCD"]);
    let two = form
        .set("parcels[1].carrier", "DHL")
        .set("parcels[1].number", "111111")
        .and("parcels[2].carrier", "DHL")
        .and("parcels[2].number", "222222")
        .and("parcels[2].lines", "AYGC");
    let words = "Parcel 2: This channel takes one parcel per order";
    assert_mistake(&two.post(&browser, PATH).await, "p2-carrier", words);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_odd_is_asked_about_once_and_then_sent(pool: PgPool) {
    let shop = free(pool).await;
    let mut other = moved(order("A-2"), "Shipped", 0);
    other.parcels = vec![Parcel {
        number: "4711".to_owned(),
        carrier: "DHL".to_owned(),
        tracking_url: None,
        line_ids: vec!["AYGC".to_owned()],
    }];
    shop.mirror(other).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&browser.get(PATH).await, "/ship")
        .set("parcels[1].carrier", "DHL")
        .set("parcels[1].number", "4711")
        .set("parcels[1].url", "http://192.168.1.4/track");
    let page = form.post(&browser, PATH).await;
    assert_eq!(page.status, 422);
    let text = page.main_text();
    for words in [
        "The link does not contain the tracking number.",
        "The link leads to a private address",
        "The tracking number 4711 is already used on another order: A-2",
        "The tracking number 4711 has an unusual length.",
        "Send anyway",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(page.body.contains("href=\"/orders/maison/A-2\""));
    assert_eq!(shop.states("A-1").await, []);

    // Another number is another question.
    let changed = Filled::of(&page, "/ship").set("parcels[1].number", "4712");
    let page = changed.post(&browser, PATH).await;
    assert_eq!(page.status, 422);
    assert!(!page.main_text().contains("is already used"));
    assert!(page.main_text().contains("4712 has an unusual length"));
    assert_eq!(Filled::of(&page, "/ship").post(&browser, PATH).await.status, 303);
    assert_eq!(shop.states("A-1").await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn being_late_is_said_and_not_asked_about(pool: PgPool) {
    let shop = free(pool).await;
    shop.app.clock.advance(SignedDuration::from_hours(4));
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.get(PATH).await;
    assert!(page.main_text().contains("This will be declared 2 h late."));
    let form = Filled::of(&page, "/ship")
        .set("parcels[1].carrier", "DHL")
        .set("parcels[1].number", "6A21938475610");
    assert_eq!(form.post(&browser, PATH).await.status, 303);
    assert!(browser.get(&href("A-1")).await.body.contains("data-due=\"overdue\""));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_new_form_has_a_new_number_and_mistakes_keep_it(pool: PgPool) {
    let shop = free(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&browser.get(PATH).await, "/ship");
    let other = Filled::of(&browser.get(PATH).await, "/ship");
    assert_ne!(form.all("submission"), other.all("submission"));
    let again = Filled::of(&form.post(&browser, PATH).await, "/ship");
    assert_eq!(form.all("submission"), again.all("submission"));
}
