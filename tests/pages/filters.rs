//! Whatever is filtered, the list is the plain one, and its tabs count what is behind them.

use comptoir::domain::operator::Role;
use comptoir::web::orders::list::PAGE_SIZE;
use proptest::strategy::Strategy;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sqlx::PgPool;

use crate::model;
use crate::model::Pairs;
use crate::model::Sample;
use crate::support::Browser;
use crate::support::World;

/// A mirror full of orders of every kind, and what is in it.
async fn filled(pool: PgPool) -> (World, Browser, Vec<Sample>) {
    let world = World::start(pool).await;
    let samples = sample(&mut TestRunner::deterministic(), &model::samples());
    for account in ["maison", "atelier"] {
        let orders = samples.iter().filter(|it| it.0 == account).map(|it| it.1.clone());
        world.mirror_for(account, &orders.collect::<Vec<_>>()).await;
    }
    let browser = world.sign_in(Role::Manager).await;
    world.sign_in(Role::Warehouse).await;
    world.decide(&samples).await;
    (world, browser, samples)
}

fn sample<T>(runner: &mut TestRunner, strategy: &impl Strategy<Value = T>) -> T {
    strategy.new_tree(runner).unwrap().current()
}

async fn assert_is_plain_list(world: &World, browser: &Browser, samples: &[Sample], pairs: &Pairs) {
    let expected = model::expected(samples, pairs, world.clock.now());
    let address = model::address(pairs);
    let pages = browser.pages(&address).await;
    assert_eq!(pages.concat(), expected, "{address}");
    let full = pages.iter().rev().skip(1).all(|it| it.len() == PAGE_SIZE);
    assert!(full, "{address}");
    assert_eq!(browser.pages_backwards(&address).await, pages, "{address}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn each_filter_alone_gives_the_plain_list(pool: PgPool) {
    let (world, browser, samples) = filled(pool).await;
    assert_is_plain_list(&world, &browser, &samples, &Pairs::new()).await;
    for (name, value) in [
        ("status", "InPreparation"),
        ("status", "Shipped"),
        ("status", "Teleported"),
        ("status", "Shipped,Cancelled"),
        ("supply", "Seller"),
        ("supply", "Drone"),
        ("channel", "RDC"),
        ("account", "atelier"),
        ("due", "overdue"),
        ("due", "soon"),
        ("due", "today"),
        ("due", "tomorrow"),
        ("due", "later"),
        ("due", "none"),
        ("due", "closed"),
        ("due", "overdue,today,none"),
        ("from", "2026-11-19"),
        ("to", "2026-11-19"),
        ("carrier", "DPD, Relais"),
        ("sort", "deadline"),
    ]
    .into_iter()
    .chain(model::MORE)
    {
        let pairs = vec![(name, value.to_owned())];
        let expected = model::expected(&samples, &pairs, world.clock.now());
        assert!(!expected.is_empty(), "the samples say nothing about {name}={value}");
        assert_is_plain_list(&world, &browser, &samples, &pairs).await;
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn any_filters_together_give_the_plain_list(pool: PgPool) {
    let (world, browser, samples) = filled(pool).await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..120 {
        let pairs = sample(&mut runner, &model::filters());
        assert_is_plain_list(&world, &browser, &samples, &pairs).await;
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn tabs_count_what_is_behind_them_and_add_up(pool: PgPool) {
    let (_world, browser, _) = filled(pool).await;
    for filter in ["", "?supply=Seller", "?channel=RDC&account=maison", "?status=Shipped,Accepted"]
    {
        let page = browser.get(&format!("/orders{filter}")).await;
        let tabs = page.tabs();
        let mut sum = 0;
        for (words, href, count) in &tabs {
            let orders = browser.pages(href).await.concat().len();
            assert_eq!(count.and_then(|it| usize::try_from(it).ok()), Some(orders), "{words}");
            sum += orders;
        }
        let all = tabs[0].2.and_then(|it| usize::try_from(it).ok()).unwrap();
        assert_eq!(sum, 2 * all, "the tabs after the first are its parts");
    }
    // No counter knows these: no number is better than a wrong one.
    for filter in ["?due=overdue", "?from=2026-11-19"] {
        let page = browser.get(&format!("/orders{filter}")).await;
        assert!(page.tabs().iter().all(|it| it.2.is_none()), "{filter}");
        assert!(page.body.contains("<h1>Orders</h1>"));
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn tabs_are_the_statuses_that_have_orders_unknown_ones_last(pool: PgPool) {
    let (_world, browser, _) = filled(pool).await;
    let page = browser.get("/orders").await;
    let words: Vec<_> = page
        .tabs()
        .into_iter()
        .map(|(words, _, count)| words.replace(&count.unwrap().to_string(), "").trim().to_owned())
        .collect();
    let expected = [
        "All",
        "Being checked",
        "To accept",
        "Accepted",
        "In preparation",
        "Shipped",
        "Delivered",
        "Cancellation requested",
        "Cancelled",
        "Refused by you",
        "Rejected",
        "Teleported",
    ];
    assert_eq!(words, expected);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn groups_with_a_count_have_that_many_orders(pool: PgPool) {
    let (_world, browser, samples) = filled(pool).await;
    let mut counted = 0;
    for filter in ["", "?supply=Seller", "?status=Shipped", "?due=overdue", "?from=2026-11-19"] {
        let path = format!("/orders{filter}");
        let mut next = Some(path.clone());
        let mut groups = Vec::new();
        while let Some(href) = next {
            let page = browser.get(&href).await;
            groups.extend(page.groups());
            next = page.link("next");
        }
        let name = |heading: &str| {
            heading.trim_end_matches(|it: char| it.is_ascii_digit()).trim().to_owned()
        };
        for (heading, _) in groups.clone() {
            let rows: usize =
                groups.iter().filter(|it| name(&it.0) == name(&heading)).map(|it| it.1).sum();
            let count = heading.rsplit(' ').next().unwrap().parse::<usize>();
            // "Due in under 4 h" ends in no number.
            if let Ok(count) = count {
                assert_eq!(count, rows, "{heading} of {path}");
                counted += 1;
            }
        }
    }
    assert!(counted > 10, "{counted} of {} samples' groups had a count", samples.len());
}
