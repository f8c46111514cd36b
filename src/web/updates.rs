//! What changes while a page is open: the page is told that something did, by server-sent events, and asks for the
//! rest. Nothing on it moves: a sentence says what there is to see, and the counters of the navigation follow.
//!
//! Without JavaScript a page is as old as it is (`docs/adr/0014`).

mod hub;
pub mod stream;

use askama::Template;
use axum::Extension;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use serde::Deserialize;

use crate::db;
use crate::db::scope::ScopedPool;
use crate::db::updates::News;
use crate::web::AppState;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Query;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Link;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::text::Lang;
use crate::web::updates::hub::Hub;

/// The routes. One process hears of changes once, however many pages are open.
pub fn routes(scoped: &ScopedPool) -> Router<AppState> {
    Router::new()
        .route("/updates", get(stream::stream))
        .route("/updates/since", get(since))
        .layer(Extension(Hub::new(scoped.clone())))
}

/// What a page knows.
#[derive(Debug, Deserialize)]
pub struct SinceQuery {
    /// When it was made, in seconds.
    at: i64,
    /// The last event by then.
    event: i64,
    /// Whether it wants news, and not only counters.
    #[serde(default)]
    news: bool,
    /// What it says already.
    #[serde(default)]
    told: String,
}

#[derive(Template)]
#[template(path = "updates.html")]
struct Fragment {
    lang: Lang,
    links: Vec<Link>,
    at: i64,
    event: i64,
    news: bool,
    told: String,
    /// What there is to say, and how much it is.
    words: Option<(String, i64)>,
}

/// `GET /updates/since`: the counters, and what happened since the page was made. Nothing, if it says all that
/// already.
pub async fn since(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query<SinceQuery>,
) -> Result<Response> {
    let SinceQuery { at, event, news, told } = query;
    let instant = Timestamp::from_second(at).map_err(|_| Error::Invalid("no such time"))?;
    let found = if news {
        let mut conn = state.scoped.acquire(&signed_in.scope).await?;
        db::updates::since(&mut conn, &signed_in.scope, instant, event).await?
    } else {
        News { new: 0, changed: 0 }
    };
    let lang = signed_in.lang;
    let layout = Layout::new(&state, &signed_in, Place::Elsewhere);
    let links = layout.bar.map(|it| it.links).unwrap_or_default();
    let says = says(&links, found);
    if says == told {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let count = found.new + found.changed;
    let words = (count > 0).then(|| (lang.news(found), count));
    Ok(html(&Fragment { lang, links, at, event, news, told: says, words })?.into_response())
}

/// Stands for all that is said.
pub fn says(links: &[Link], news: News) -> String {
    let counts: Vec<_> = links.iter().map(|it| it.count.to_string()).collect();
    format!("{}-{}-{}", counts.join("."), news.new, news.changed)
}
