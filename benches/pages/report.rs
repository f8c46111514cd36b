//! The measurements, and the table they end in.

use std::time::Duration;
use std::time::Instant;

use anyhow::Context as _;
use comptoir::MIGRATOR;
use comptoir::clock::Clock;
use comptoir::db;
use comptoir::domain::operator::Role;
use comptoir::web;
use sqlx::AssertSqlSafe;
use sqlx::PgPool;

use crate::client::Client;
use crate::mirror;

const EMAIL: &str = "admin@comptoir.test";
const PASSWORD: &str = "comptoir-demo-2026";
/// Operators at work at the same time.
const CLIENTS: usize = 16;
/// Each throughput is the median of so many rounds, each beside a round of the floor, so that a machine that
/// slows down slows both.
const ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_secs(3);
/// How many orders the mirror is filled with.
const MIRRORED: usize = 20_000;

struct Page {
    name: &'static str,
    path: String,
    goal: &'static str,
}

/// Loads that many orders, measures, and prints a Markdown table.
pub async fn run(orders: usize) -> anyhow::Result<()> {
    let pool = db::connect(&crate::database_url()?, 5).await?;
    eprintln!("filling the mirror from the simulated marketplace");
    let filled = mirror::measure(&pool, MIRRORED).await?;
    eprintln!("loading {orders} orders");
    load(&pool, orders).await?;
    let (server, words) = crate::spawn(&["serve"]).await?;
    let process = server.id().context("running")?;
    let client = Client::sign_in(&words[0], EMAIL, PASSWORD).await?;
    let pages = pages(&pool).await?;
    for page in &pages {
        client.throughput(&page.path, CLIENTS, ROUND / 3).await?;
    }
    println!("| page | p50, 1 client | ÷ floor | requests/s, {CLIENTS} clients | ÷ floor | goal |");
    println!("|---|---|---|---|---|---|");
    let floor_median = client.median("/floor", 400).await?;
    let mut memory: f64 = 0.0;
    for page in &pages {
        let median = client.median(&page.path, 400).await?;
        let (mut rates, mut ratios) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let floor = client.throughput("/floor", CLIENTS, ROUND).await?;
            let rate = client.throughput(&page.path, CLIENTS, ROUND).await?;
            memory = memory.max(crate::memory_of(process)?);
            rates.push(rate);
            ratios.push(rate / floor);
        }
        println!(
            "| {} | {:.2} ms | {:.2} | {:.0} | {:.2} | {} |",
            page.name,
            median.as_secs_f64() * 1000.0,
            median.as_secs_f64() / floor_median.as_secs_f64(),
            middle(&mut rates),
            middle(&mut ratios),
            page.goal
        );
    }
    println!();
    println!("- Orders in the mirror: {orders}. Server memory under this load: {memory:.0} MB.");
    println!(
        "- The mirror took {:.0} orders/s ({} orders); its memory was at most {:.0} MB in the first half \
         and {:.0} MB in the second.",
        filled.per_second, filled.orders, filled.memory_early, filled.memory_late
    );
    Ok(())
}

async fn pages(pool: &PgPool) -> anyhow::Result<Vec<Page>> {
    let (order, parcel): (String, String) = sqlx::query_as(
        "SELECT order_id, parcel_number FROM parcels WHERE account_id = 'maison'
         ORDER BY order_id LIMIT 1",
    )
    .fetch_one(pool)
    .await?;
    let page = |name, path: String, goal| Page { name, path, goal };
    Ok(vec![
        page("floor", "/floor".to_owned(), ""),
        page("list", "/orders".to_owned(), "throughput ≥ 0.5"),
        page("list, due today", "/orders?due=today".to_owned(), "throughput ≥ 0.5"),
        page("list, one status", "/orders?status=Shipped&channel=CDISFR".to_owned(), ""),
        page("order", format!("/orders/maison/{order}"), "throughput ≥ 0.5"),
        page("exact search", format!("/orders?q={parcel}"), "p50 ≤ 3"),
        page("sync", "/sync".to_owned(), ""),
    ])
}

async fn load(pool: &PgPool, orders: usize) -> anyhow::Result<()> {
    let start = Instant::now();
    sqlx::raw_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public").execute(pool).await?;
    MIGRATOR.run(pool).await?;
    let mut conn = pool.acquire().await?;
    let settings = format!("SET bench.orders = {orders}; SET statement_timeout = 0");
    sqlx::raw_sql(AssertSqlSafe(settings)).execute(&mut *conn).await?;
    sqlx::raw_sql(include_str!("load.sql")).execute(&mut *conn).await?;
    sqlx::raw_sql("VACUUM ANALYZE").execute(&mut *conn).await?;
    let hash = web::passwords::hash(PASSWORD.to_owned().into()).await?;
    let now = Clock::System.now();
    db::users::upsert(&mut *conn, EMAIL, "Amélie Roux", Role::Admin, &hash, now).await?;
    eprintln!("loaded in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn middle(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
