//! The activity as a file for spreadsheets: read and sent page by page.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use jiff::tz::TimeZone;
use sqlx::PgConnection;

use crate::db;
use crate::db::audit::Found;
use crate::db::scope::ScopedPool;
use crate::domain::audit;
use crate::domain::audit::act::Exported;
use crate::web::AppState;
use crate::web::activity;
use crate::web::activity::selection;
use crate::web::activity::selection::Selection;
use crate::web::activity::view;
use crate::web::activity::view::People;
use crate::web::error::Result;
use crate::web::extract::Query;
use crate::web::orders::export::cell;
use crate::web::orders::export::file::BYTE_ORDER_MARK;
use crate::web::orders::export::file::File;
use crate::web::orders::export::file::Rest;
use crate::web::orders::export::trail::Trail;
use crate::web::session::SignedIn;
use crate::web::sign_in::confirm::Asked;

/// The rows that are in memory at a time.
const PAGE_SIZE: usize = 200;

/// What the rows of a file have in common.
#[derive(Debug)]
struct Table {
    trail: Trail,
    scoped: ScopedPool,
    signed_in: SignedIn,
    people: People,
    zone: TimeZone,
}

/// `GET /activity/export`
pub async fn show(
    Shared(state): Shared<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let (mut selection, mut misread) = Selection::parse(&query);
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let people = People(db::audit::people(&mut *conn).await?);
    let sees_all = audit::sees_all(signed_in.user.operator.role);
    selection.keep_known(&people, sees_all, &mut misread);
    if !misread.is_empty() {
        // A file has no room to say that a filter was left out, and would hold too much: the page says it.
        return Ok(Redirect::to(&selection.href()).into_response());
    }
    asked.recent(&signed_in, &state)?;
    // The file ends where the activity ends now: it would otherwise speak of itself.
    selection.place = None;
    let filter = selection.href();
    let (zone, what) = (signed_in.zone(), Exported::Activity);
    let trail = Trail::begin(&mut conn, &state, &signed_in, what, filter).await?;
    let table = Arc::new(Table { trail, scoped: state.scoped.clone(), signed_in, people, zone });
    let mut text = format!("{BYTE_ORDER_MARK}{}", table.head());
    let next = table.page(&mut conn, selection, 0, &mut text).await?;
    Ok(File::new(text, next).answer("activity.csv"))
}

impl Table {
    fn head(&self) -> String {
        let lang = self.signed_in.lang;
        let names = [
            lang.activity_number(),
            lang.activity_time(),
            lang.activity_who(),
            lang.activity_what(),
            lang.history_details(),
            lang.account(),
            lang.order_column(),
            lang.activity_result(),
            lang.activity_origin(),
        ];
        line(&names)
    }

    /// Writes a page after that many rows, and tells what comes after it.
    async fn page(
        self: &Arc<Self>,
        conn: &mut PgConnection,
        mut selection: Selection,
        mut count: usize,
        text: &mut String,
    ) -> db::Result<Option<Rest>> {
        let (found, more) =
            activity::page(conn, &self.signed_in, &selection, &self.zone, PAGE_SIZE).await?;
        text.extend(found.iter().map(|it| self.line(it)));
        count += found.len();
        let Some(last) = found.last().filter(|_| more) else {
            self.trail.end(conn, count).await?;
            return Ok(None);
        };
        selection.place = Some(selection::place(last));
        Ok(Some(self.rest(selection, count)))
    }

    fn rest(self: &Arc<Self>, selection: Selection, count: usize) -> Rest {
        let table = Arc::clone(self);
        Rest::new(async move {
            let mut conn = table.scoped.acquire(&table.signed_in.scope).await?;
            let mut text = String::new();
            let next = table.page(&mut conn, selection, count, &mut text).await?;
            Ok((text, next))
        })
    }

    fn line(&self, entry: &Found) -> String {
        let lang = self.signed_in.lang;
        let details = entry.act.as_ref().map(|it| lang.act_details(it)).unwrap_or_default();
        let at = entry.at.to_zoned(self.zone.clone());
        line(&[
            &entry.seq.to_string(),
            &at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            &view::who(lang, &self.people, entry),
            &view::what(lang, &self.people, entry),
            &details.join("; "),
            &entry.account,
            entry.order_id.as_deref().unwrap_or_default(),
            lang.outcome(entry.outcome),
            entry.peer.as_deref().unwrap_or_default(),
        ])
    }
}

fn line(texts: &[&str]) -> String {
    let mut line = String::new();
    for (index, text) in texts.iter().enumerate() {
        if index > 0 {
            line.push(';');
        }
        cell::text(&mut line, text);
    }
    line.push_str("\r\n");
    line
}
