//! `/notifications`: what a person was told without asking.

pub mod letter;

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::response::Redirect;
use axum::routing::get;
use axum::routing::post;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::db;
use crate::db::notifications::Notification;
use crate::domain::notification::Fact;
use crate::domain::notification::Kind;
use crate::domain::order::AccountId;
use crate::web::AppState;
use crate::web::components::Time;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::extract::Query;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::text::Lang;
use crate::workflow;

/// The rows of a page.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "notifications.html")]
struct NotificationsPage {
    layout: Layout,
    rows: Vec<RowView>,
    /// The newest on the page, if any is unread.
    unread_up_to: Option<i64>,
    is_first: bool,
    older: Option<String>,
}

struct RowView {
    id: i64,
    icon: &'static str,
    text: String,
    account: String,
    at: Time,
    relative: String,
    read: bool,
}

/// Where the list begins.
#[derive(Debug, Default, Deserialize)]
pub struct NotificationsQuery {
    before: Option<String>,
}

/// Up to which all was read.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadForm {
    last: String,
}

/// The routes of this page.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/notifications", get(show))
        .route("/notifications/read", post(read_all))
        .route("/notifications/{id}/open", post(open))
}

/// `GET /notifications`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query<NotificationsQuery>,
) -> Result<Html<String>> {
    let (now, scope) = (state.clock.now(), &signed_in.scope);
    let before = query.before.as_deref().and_then(|it| it.parse().ok());
    let user = signed_in.user.operator.id;
    let mut conn = state.scoped.acquire(scope).await?;
    let mut told = db::notifications::latest(&mut *conn, scope, user, before, PAGE + 1).await?;
    drop(conn);
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let has_older = told.len() > page;
    told.truncate(page);
    let older = told.last().filter(|_| has_older).map(|it| it.id);
    let unread = told.iter().any(|it| !it.read);
    let unread_up_to = told.first().filter(|_| unread).map(|it| it.id);
    let names = signed_in.accounts.iter().map(|it| (&it.id, it.name.as_str()));
    let names: HashMap<&AccountId, &str> = names.collect();
    let zone = signed_in.zone();
    let row = |it| row(signed_in.lang, it, &names, &zone, now);
    html(&NotificationsPage {
        layout: Layout::new(&state, &signed_in, Place::Notifications),
        rows: told.iter().map(row).collect(),
        unread_up_to,
        is_first: before.is_none(),
        older: older.map(|it| format!("/notifications?before={it}")),
    })
}

fn row(
    lang: Lang,
    told: &Notification,
    names: &HashMap<&AccountId, &str>,
    zone: &TimeZone,
    now: Timestamp,
) -> RowView {
    let account = names.get(&told.account).map_or(told.account.0.as_str(), |it| *it);
    RowView {
        id: told.id,
        icon: told.fact.as_ref().map_or("info", |it| icon(it.kind())),
        text: words(lang, told.fact.as_ref(), zone, now),
        account: account.to_owned(),
        at: format::clock(lang, told.created_at, zone, now),
        relative: format::ago(lang, told.created_at, now),
        read: told.read,
    }
}

/// What it says, on the page and in an e-mail.
pub fn words(lang: Lang, fact: Option<&Fact>, zone: &TimeZone, now: Timestamp) -> String {
    let Some(fact) = fact else { return lang.told_later_version().to_owned() };
    let first_by = match fact {
        Fact::DueSoon { first_by, .. } => format::clock(lang, *first_by, zone, now).text,
        Fact::Refused(_) | Fact::NeedsPerson(_) | Fact::CredentialsRefused | Fact::Digest(_) => {
            String::new()
        }
    };
    lang.told(fact, &first_by)
}

const fn icon(kind: Kind) -> &'static str {
    match kind {
        Kind::DueSoon | Kind::NeedsPerson => "warn",
        Kind::Refused | Kind::CredentialsRefused => "fail",
        Kind::Digest => "info",
    }
}

/// Where it leads.
pub fn href(account: &AccountId, fact: Option<&Fact>) -> String {
    match fact {
        Some(Fact::DueSoon { .. }) => format!("/orders?account={account}&due=soon"),
        Some(Fact::Refused(ended)) => match &ended.one {
            Some(one) => format::order_href(account, &one.order_id),
            None => "/activity?result=refused".to_owned(),
        },
        Some(Fact::NeedsPerson(ended)) => match &ended.one {
            Some(one) => format!("/promises/{}", one.promise),
            None => "/attention".to_owned(),
        },
        Some(Fact::CredentialsRefused) => "/sync".to_owned(),
        Some(Fact::Digest(_)) => "/".to_owned(),
        None => "/notifications".to_owned(),
    }
}

/// `POST /notifications/{id}/open`: it is read, and leads where it is about.
pub async fn open(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<i64>,
) -> Result<Redirect> {
    let (scope, user) = (&signed_in.scope, signed_in.user.operator.id);
    let mut tx = state.scoped.begin(scope).await?;
    let after = id.checked_add(1);
    let told = db::notifications::latest(&mut *tx, scope, user, after, 1).await?;
    // One that is gone by now is no mistake.
    let Some(told) = told.into_iter().find(|it| it.id == id) else {
        return Ok(Redirect::to("/notifications"));
    };
    workflow::notifications::read(tx, scope, user, id, state.clock.now()).await?;
    Ok(Redirect::to(&href(&told.account, told.fact.as_ref())))
}

/// `POST /notifications/read`: all that was on the page, and not what came since.
pub async fn read_all(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(form): Form<ReadForm>,
) -> Result<Redirect> {
    let last: i64 = form.last.parse().map_err(|_| Error::Invalid("up to which is not said"))?;
    let (scope, user) = (&signed_in.scope, signed_in.user.operator.id);
    let tx = state.scoped.begin(scope).await?;
    workflow::notifications::read_all(tx, scope, user, last, state.clock.now()).await?;
    Ok(Redirect::to("/notifications"))
}
