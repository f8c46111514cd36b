//! The way to the company's own sign-in and back: whether a real browser goes it, and sends our cookie when
//! another site sends it back, is not for us to say.

use comptoir::db::scope::ScopedPool;
use comptoir::domain::operator::Role;
use comptoir::live::Live;
use comptoir::web;
use comptoir::web::AppState;
use comptoir::web::Environment;
use comptoir::web::Settings;
use comptoir::web::connections;
use jiff::SignedDuration;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::axe;
use crate::browser::Browser;
use crate::browser::Scripts;
use crate::provider;
use crate::provider::Provider;
use crate::world::World;
use crate::world::name;

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_person_goes_to_the_provider_and_comes_back(pool: PgPool) {
    let world = World::still(pool).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    // Another name than the pages', so that it is another site.
    let provider = Provider::start_at("localhost", world.clock.now(), &origin).await;
    let settings = Settings {
        send_delay: SignedDuration::from_secs(20),
        secure_cookies: false,
        admins_need_second_factor: false,
        rehash_below: web::passwords::Work { memory: 8, passes: 1 },
        trusted_proxies: Vec::new(),
        environment: Environment::Production,
    };
    let state = AppState {
        pool: world.pool.clone(),
        scoped: ScopedPool::beside(&world.pool),
        clock: world.clock.clone(),
        live: Live::default(),
        single_sign_on: Some(provider::known(provider.config())),
        settings,
    };
    let (limits, stop) = (connections::Limits::default(), CancellationToken::new());
    let until = stop.clone();
    tokio::spawn(async move {
        connections::serve(listener, web::router(state), limits, until).await;
    });
    provider.person("walid-7", "warehouse@comptoir.test");
    for scripts in [Scripts::On, Scripts::Off] {
        let browser = Browser::open(&origin, scripts, "en").await;
        browser.goto("/orders?status=Shipped").await;
        browser.see_text("main", "Sign in with Lemoine & Co").await;
        if matches!(scripts, Scripts::On) {
            assert_eq!(axe::violations(&browser).await, Vec::<String>::new());
        }
        browser.click("a[href^='/sign-in/sso']").await;
        browser.see(".app-bar .menu").await;
        assert_eq!(browser.path().await, "/orders?status=Shipped");
        browser.see_text(".app-bar", name(Role::Warehouse)).await;
        assert_eq!(browser.complaints().await, Vec::<String>::new());
    }
    stop.cancel();
}
