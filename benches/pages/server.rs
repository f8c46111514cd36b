//! The product's router, and beside it the floor.

use anyhow::Context as _;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use comptoir::clock::Clock;
use comptoir::db;
use comptoir::db::order_list::Also;
use comptoir::db::order_list::Filter;
use comptoir::db::order_list::Sort;
use comptoir::db::scope::ScopedPool;
use comptoir::db::scope::SellerScope;
use comptoir::live::Live;
use comptoir::web;
use comptoir::web::connections;
use comptoir::web::connections::Limits;
use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Serves until it is killed.
pub async fn serve() -> anyhow::Result<()> {
    let pool = db::connect(&crate::database_url()?, 20).await?;
    let settings = web::Settings {
        send_delay: SignedDuration::from_secs(20),
        secure_cookies: false,
        admins_need_second_factor: false,
        rehash_below: web::passwords::Work { memory: 8, passes: 1 },
        trusted_proxies: Vec::new(),
        environment: web::Environment::Production,
    };
    let scoped = ScopedPool::beside(&pool);
    let everything = scope(&pool).await?;
    let floor = Router::new().route("/floor", get(floor)).with_state((pool.clone(), everything));
    let (clock, live, single_sign_on) = (Clock::System, Live::default(), None);
    let state = web::AppState { pool, scoped, clock, live, single_sign_on, settings };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let (router, never) = (floor.merge(web::router(state)), CancellationToken::new());
    connections::serve(listener, router, Limits::default(), never).await;
    Ok(())
}

/// What somebody sees who works for all accounts. Only a live session makes a scope.
async fn scope(pool: &PgPool) -> anyhow::Result<SellerScope> {
    let (id, now) = (Uuid::now_v7(), Clock::System.now());
    let user: i64 = sqlx::query_scalar("SELECT min(user_id) FROM users").fetch_one(pool).await?;
    let data = serde_json::json!({ "user_id": user });
    let ends = now + SignedDuration::from_hours(1);
    db::sessions::insert(pool, id.as_bytes(), &data, ends, now).await?;
    let present = db::users::present(pool, id.as_bytes(), Timestamp::UNIX_EPOCH, now).await?;
    Ok(present.context("nobody there")?.scope)
}

/// The first page of the list and nothing around it.
#[expect(clippy::single_range_in_vec_init, reason = "one range of keys, not a list of numbers")]
async fn floor(State((pool, scope)): State<(PgPool, SellerScope)>) -> Html<String> {
    let filter = Filter {
        scope,
        statuses: Vec::new(),
        channels: Vec::new(),
        supply_modes: Vec::new(),
        ranges: vec![i64::MIN..i64::MAX],
        created_from: None,
        created_to: None,
        also: Also::default(),
        sort: Sort::Deadline,
        from: None,
    };
    let now = Clock::System.now();
    let rows = web::orders::list::floor(&pool, &filter, now).await;
    rows.unwrap_or_else(|error| Html(error.to_string()))
}
