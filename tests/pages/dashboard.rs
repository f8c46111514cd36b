//! The dashboard: every number on it is that of the list it leads to, at any hour, also when the clocks change.

use std::collections::BTreeMap;

use comptoir::domain::operator::Role;
use comptoir::domain::order::Order;
use comptoir::domain::order::Status;
use proptest::strategy::Strategy;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sqlx::PgPool;

use crate::model;
use crate::model::Sample;
use crate::support::Browser;
use crate::support::NOW;
use crate::support::Page;
use crate::support::World;
use crate::support::at;
use crate::support::order;

/// Orders of every kind around that instant, as around [`NOW`], with identifiers of their own.
fn drawn(runner: &mut TestRunner, prefix: &str, now: &str) -> Vec<Sample> {
    let by = at(now).duration_since(at(NOW));
    let mut samples = model::samples().new_tree(runner).unwrap().current();
    for (_, order, _) in &mut samples {
        order.id = format!("{prefix}{}", order.id);
        order.created_at += by;
        order.ship_by = order.ship_by.map(|it| it + by);
    }
    samples
}

async fn mirror(world: &World, samples: &[Sample]) {
    for account in ["maison", "atelier"] {
        let orders = samples.iter().filter(|it| it.0 == account).map(|it| it.1.clone());
        world.mirror_for(account, &orders.collect::<Vec<_>>()).await;
    }
}

/// The numbers of the page that are links, by their list.
fn counters(page: &Page) -> Vec<(String, usize)> {
    assert_eq!(page.status, 200, "{}", page.body);
    let links = page.between("<main", "</main>").split("<a ").skip(1);
    let counter = |link: &str| {
        let link = link.split("</a>").next()?;
        let (_, value) = link.split_once("<data value=\"")?;
        let href = link.split_once("href=\"")?.1.split('"').next()?.replace("&#38;", "&");
        Some((href, value.split('"').next()?.parse().unwrap()))
    };
    links.filter_map(counter).collect()
}

/// Opens every list and counts its orders on all pages.
async fn assert_lists_have_as_many(browser: &Browser, path: &str) -> usize {
    let counters = counters(&browser.get(path).await);
    let mut known = BTreeMap::new();
    for (href, value) in &counters {
        if !known.contains_key(href) {
            known.insert(href.clone(), browser.pages(href).await.concat().len());
        }
        assert_eq!(known[href], *value, "{href} of {path}");
    }
    counters.iter().filter(|(_, value)| *value > 0).count()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_number_is_that_of_the_list_it_leads_to(pool: PgPool) {
    let world = World::start(pool).await;
    let browser = world.sign_in(Role::Manager).await;
    let mut runner = TestRunner::deterministic();
    for prefix in ["A", "B"] {
        mirror(&world, &drawn(&mut runner, prefix, NOW)).await;
        let checked = assert_lists_have_as_many(&browser, "/").await;
        assert!(checked > 40, "only {checked} numbers");
        assert!(assert_lists_have_as_many(&browser, "/?account=atelier").await > 20);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn each_account_counts_by_its_own_day_as_its_list_does(pool: PgPool) {
    let world = World::start(pool).await;
    // At 14:12 in Paris it is the next day on Kiritimati.
    let sql = "UPDATE accounts SET time_zone = 'Pacific/Kiritimati' WHERE account_id = 'atelier'";
    sqlx::query(sql).execute(&world.pool).await.unwrap();
    let browser = world.sign_in(Role::Manager).await;
    mirror(&world, &drawn(&mut TestRunner::deterministic(), "A", NOW)).await;
    assert_lists_have_as_many(&browser, "/").await;
    assert_lists_have_as_many(&browser, "/?account=atelier").await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_statuses_add_up_to_all_orders(pool: PgPool) {
    let world = World::start(pool).await;
    let samples = drawn(&mut TestRunner::deterministic(), "A", NOW);
    mirror(&world, &samples).await;
    let browser = world.sign_in(Role::Viewer).await;
    for (path, all) in [
        ("/", samples.len()),
        ("/?account=maison", samples.iter().filter(|it| it.0 == "maison").count()),
    ] {
        let page = browser.get(path).await;
        let panel = page.between("<table class=\"status-counts\"", "</table>");
        let values = panel.split("<data value=\"").skip(1);
        let values = values.map(|it| it.split('"').next().unwrap().parse::<usize>().unwrap());
        let values: Vec<_> = values.collect();
        let (total, parts) = values.split_last().unwrap();
        assert_eq!((parts.iter().sum(), *total), (all, all), "{path}");
        assert!(panel.contains("Teleported"), "a status that nobody knows is counted as well");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn today_and_tomorrow_are_right_across_both_changes_of_the_clocks(pool: PgPool) {
    let world = World::start(pool).await;
    let mut runner = TestRunner::deterministic();
    for (index, now) in [
        // The day before the day with 25 hours, that day before, between and after its two o'clocks, and after it.
        "2026-10-24T10:00:00Z",
        "2026-10-24T22:30:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        "2026-10-25T21:30:00Z",
        // The same around the day with 23.
        "2027-03-27T11:00:00Z",
        "2027-03-27T22:30:00Z",
        "2027-03-28T00:30:00Z",
        "2027-03-28T20:30:00Z",
    ]
    .into_iter()
    .enumerate()
    {
        world.clock.advance(at(now).duration_since(world.clock.now()));
        sqlx::raw_sql("TRUNCATE orders, order_counts, order_lines, parcels CASCADE")
            .execute(&world.pool)
            .await
            .unwrap();
        let samples = drawn(&mut runner, &format!("{index}-"), now);
        mirror(&world, &samples).await;
        let browser = world.sign_in(Role::Manager).await;
        let page = browser.get("/").await;
        let counters: BTreeMap<_, _> = counters(&page).into_iter().collect();
        for due in ["overdue", "soon", "today", "tomorrow"] {
            let pairs = vec![("due", due.to_owned())];
            let expected = model::expected(&samples, &pairs, world.clock.now()).len();
            assert_eq!(counters[&format!("/orders?due={due}")], expected, "{due} at {now}");
        }
        let tiles = page.between("<ul class=\"tiles\"", "</ul>").matches("<data").count();
        assert_eq!(tiles, 5);
        let days = created(&page);
        assert_eq!(days.len(), 14);
        for (day, made) in &days {
            let day = |name| (name, day.clone());
            let pairs = vec![("supply", "Seller".to_owned()), day("from"), day("to")];
            let expected = model::expected(&samples, &pairs, world.clock.now()).len();
            assert_eq!(*made, expected, "{pairs:?} at {now}");
        }
        assert!(days.iter().filter(|(_, made)| *made > 0).count() >= 3, "{days:?}");
    }
}

/// How many orders the chart's table has on each day.
fn created(page: &Page) -> Vec<(String, usize)> {
    let rows = page.body.split("<tr data-day=\"").skip(1);
    let day = |row: &str| {
        let value = row.split_once("<data value=\"").unwrap().1.split('"').next().unwrap();
        (row.split('"').next().unwrap().to_owned(), value.parse().unwrap())
    };
    rows.map(day).collect()
}

/// An order that was made the day before, due at 13:00 in Paris.
fn due(id: &str, ship_by: &str) -> Order {
    Order { ship_by: Some(at(ship_by)), ..order(id) }
}

fn changed(before: &Order, status: Status, at: &str) -> Order {
    Order { status, updated_at: crate::support::at(at), ..before.clone() }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_shipped_once_on_the_day_of_the_marketplaces_word(pool: PgPool) {
    let world = World::start(pool).await;
    let noon = "2026-11-19T12:00:00Z";
    let (on_time, late, cancelled) = (due("A", noon), due("B", noon), due("C", noon));
    // Overdue, late by five in the afternoon, and after it; and one that nobody knows when it was shipped.
    let waiting =
        [due("D", noon), due("E", "2026-11-19T15:59:00Z"), due("F", "2026-11-19T16:00:00Z")];
    let delivered = Order { status: Status::Delivered, ..due("G", noon) };
    world.mirror(&[on_time.clone(), late.clone(), cancelled.clone(), delivered]).await;
    world.mirror(&waiting).await;
    world
        .mirror(&[
            changed(&on_time, Status::Shipped, "2026-11-18T22:59:00Z"),
            // Between two readings it was shipped, and delivered.
            changed(&late, Status::Delivered, "2026-11-19T12:30:00Z"),
            changed(&cancelled, Status::Shipped, "2026-11-19T11:00:00Z"),
        ])
        .await;
    world
        .mirror(&[
            changed(&on_time, Status::Delivered, "2026-11-19T10:00:00Z"),
            changed(&cancelled, Status::Cancelled, "2026-11-19T13:00:00Z"),
        ])
        .await;
    let page = world.sign_in(Role::Manager).await.get("/").await;
    let text = page.text();
    for words in [
        "Wed 18 Nov 7 1",
        "Thu 19 Nov (so far) 0 2",
        "Created 7 Shipped 3",
        "4 more created than shipped",
        "If nothing more ships by 17:00, 1 order becomes late; 30-day late rate 50 % → 60 %.",
        "overdue now. 50 % 2 of 4",
        "do not count. 14,3 % 1 of 7",
        "Cdiscount CDISFR 1 2 0 0 0 3 7 50 %",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let svg = page.between("<svg viewBox=\"0 0 760 196\"", "</svg>");
    assert_eq!(svg.matches("<rect").count(), 3, "bars that have a height: {svg}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_next_deadlines_are_the_first_orders_of_the_queue(pool: PgPool) {
    let world = World::start(pool).await;
    let samples = drawn(&mut TestRunner::deterministic(), "A", NOW);
    mirror(&world, &samples).await;
    let browser = world.sign_in(Role::Warehouse).await;
    let page = browser.get("/").await;
    let pairs = vec![("due", "overdue,soon,today,tomorrow,later".to_owned())];
    let mut expected = model::expected(&samples, &pairs, world.clock.now());
    expected.truncate(8);
    let table = page.between("<table class=\"stack deadlines\"", "</table>");
    let rows = table.split("<th scope=\"row\"").skip(1);
    let shown = rows.map(|it| {
        let href = it.split_once("href=\"").unwrap().1.split('"').next().unwrap();
        href.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned()
    });
    assert_eq!(shown.collect::<Vec<_>>(), expected);
    let ships = |link: &str| link.contains("/ship") && link.contains(">Ship<");
    assert!(table.split("<a ").any(ships), "the action stands beside the deadline");
}
