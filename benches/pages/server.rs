//! The product's router, and beside it the floor.

use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use comptoir::clock::Clock;
use comptoir::db;
use comptoir::db::order_list::Filter;
use comptoir::db::order_list::Sort;
use comptoir::live::Live;
use comptoir::web;
use comptoir::web::connections;
use comptoir::web::connections::Limits;
use jiff::SignedDuration;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Serves until it is killed.
pub async fn serve() -> anyhow::Result<()> {
    let pool = db::connect(&crate::database_url()?, 20).await?;
    let settings = web::Settings {
        send_delay: SignedDuration::from_secs(20),
        secure_cookies: false,
        admins_need_second_factor: false,
        rehash_below: web::passwords::Work { memory: 8, passes: 1 },
        environment: web::Environment::Production,
    };
    let state = web::AppState {
        pool: pool.clone(),
        clock: Clock::System,
        live: Live::default(),
        single_sign_on: None,
        settings,
    };
    let floor = Router::new().route("/floor", get(floor)).with_state(pool);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let (router, never) = (floor.merge(web::router(state)), CancellationToken::new());
    connections::serve(listener, router, Limits::default(), never).await;
    Ok(())
}

/// The first page of the list and nothing around it.
#[expect(clippy::single_range_in_vec_init, reason = "one range of keys, not a list of numbers")]
async fn floor(State(pool): State<PgPool>) -> Html<String> {
    let filter = Filter {
        accounts: vec!["maison".to_owned(), "atelier".to_owned()],
        statuses: Vec::new(),
        channels: Vec::new(),
        supply_modes: Vec::new(),
        ranges: vec![i64::MIN..i64::MAX],
        created_from: None,
        created_to: None,
        sort: Sort::Deadline,
        from: None,
    };
    let now = Clock::System.now();
    let rows = web::orders::list::floor(&pool, &filter, now).await;
    rows.unwrap_or_else(|error| Html(error.to_string()))
}
