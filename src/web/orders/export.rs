//! The order list as a file for spreadsheets, for those who may take it away. It says nothing of customers.
//!
//! Read and sent page by page, like the list, so that a file of a million rows takes the memory of one page, and
//! neither a transaction nor a connection is held while a slow line is waited for. What changes its place meanwhile
//! may be missing or come twice, as it does for somebody who turns pages.

pub mod cell;
pub mod file;
pub mod trail;

use std::fmt::Write;
use std::sync::Arc;

use axum::extract::RawQuery;
use axum::extract::State as Shared;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use jiff::tz::TimeZone;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db;
use crate::db::accounts::Account;
use crate::db::order_list::Filter;
use crate::db::order_list::From;
use crate::db::order_list::Row;
use crate::db::scope::ScopedPool;
use crate::db::scope::SellerScope;
use crate::domain::action::ActionKind;
use crate::domain::audit::act::Exported;
use crate::domain::deadline::Boundaries;
use crate::domain::delivery::State;
use crate::domain::operator::Permission;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::domain::vocabulary;
use crate::web::AppState;
use crate::web::batches;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Query;
use crate::web::format;
use crate::web::orders::export::cell::Form;
use crate::web::orders::export::file::BYTE_ORDER_MARK;
use crate::web::orders::export::file::File;
use crate::web::orders::export::file::Rest;
use crate::web::orders::export::trail::Trail;
use crate::web::orders::list;
use crate::web::orders::list::selection::Selection;
use crate::web::session::SignedIn;
use crate::web::sign_in::confirm::Asked;
use crate::web::text::Lang;

/// The rows that are in memory at a time.
const PAGE_SIZE: usize = 500;

/// A file of more rows than this takes a recent sign-in: a browser that was left open gives no catalogue of all
/// that was ever sold.
const LARGE: i64 = 1000;

/// The address of the same file in the form of other countries, and of programs.
pub fn with_commas(selection: &Selection) -> String {
    let href = selection.export_href();
    let between = if href.contains('?') { '&' } else { '?' };
    format!("{href}{between}form=comma")
}

/// `GET /orders/export`
pub async fn show(
    Shared(state): Shared<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Query(query): Query<Vec<(String, String)>>,
    RawQuery(raw): RawQuery,
) -> Result<Response> {
    if !signed_in.user.operator.role.may(Permission::Export) {
        return Err(Error::Forbidden(signed_in.lang.needs(Permission::Export).to_owned()));
    }
    let (mut selection, mut misread) = Selection::parse(&query);
    selection.place = None;
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let chosen = chosen(&mut conn, &signed_in, &query).await?;
    let found = list::search::find(&mut conn, &signed_in, &selection.search).await?;
    let buckets = db::order_counts::buckets(&mut *conn, &signed_in.scope).await?;
    selection.keep_known(&signed_in.accounts, &buckets, &mut misread);
    if !misread.is_empty() {
        // A file has no room to say that a filter was left out, and would hold too much: the list says it.
        return Ok(Redirect::to(&format!("/orders?{}", raw.unwrap_or_default())).into_response());
    }
    let (named, filter) = match chosen {
        Some((batch, orders)) => (Some(orders), batches::href(batch)),
        // A search could be for a name: that there was one is all that is kept of it.
        None => (
            found.map(|it| it.orders),
            Selection { search: String::new(), ..selection.clone() }.export_href(),
        ),
    };
    let most = named.as_ref().map_or_else(
        || selection.at_most(&buckets),
        |it| i64::try_from(it.len()).unwrap_or(i64::MAX),
    );
    if most > LARGE {
        asked.recent(&signed_in, &state)?;
    }
    let zone = list::zone(&signed_in, &selection);
    let table = Table {
        trail: Trail::begin(&mut conn, &state, &signed_in, Exported::Orders, filter).await?,
        scoped: state.scoped.clone(),
        scope: signed_in.scope.clone(),
        form: Form::of(&query),
        lang: signed_in.lang,
        accounts: signed_in
            .accounts
            .iter()
            .map(|it| (it.clone(), format::zone(&it.time_zone)))
            .collect(),
    };
    let mut text = format!("{BYTE_ORDER_MARK}{}", table.head());
    let table = Arc::new(table);
    // The first page is read here, so that what fails at once is answered with a page that says so.
    let next = if let Some(orders) = named {
        let (accounts, orders): (Vec<_>, Vec<_>) = orders.into_iter().unzip();
        let rows = db::order_list::by_ids(&mut conn, &accounts, &orders).await?;
        table.write(&mut conn, &rows, &mut text).await?;
        table.trail.end(&mut conn, rows.len()).await?;
        None
    } else {
        let boundaries = Boundaries::at(state.clock.now(), &zone);
        let filter =
            selection.filter(&signed_in.scope, signed_in.user.operator.id, &boundaries, &zone);
        table.page(&mut conn, filter, 0, &mut text).await?
    };
    drop(conn);
    Ok(File::new(text, next).answer("orders.csv"))
}

/// The batch whose orders are wanted, if it is one.
async fn chosen(
    conn: &mut PgConnection,
    signed_in: &SignedIn,
    query: &[(String, String)],
) -> Result<Option<(Uuid, Vec<(String, String)>)>> {
    let Some((_, batch)) = query.iter().find(|(name, _)| name == "batch") else { return Ok(None) };
    let batch = Uuid::parse_str(batch).map_err(|_| Error::NotFound)?;
    Ok(Some((batch, batches::orders(conn, signed_in, batch).await?)))
}

/// What the rows of a file have in common.
#[derive(Debug)]
struct Table {
    trail: Trail,
    scoped: ScopedPool,
    scope: SellerScope,
    form: Form,
    lang: Lang,
    accounts: Vec<(Account, TimeZone)>,
}

impl Table {
    fn head(&self) -> String {
        let lang = self.lang;
        let names = [
            lang.account(),
            lang.order_column(),
            lang.fact_reference(),
            lang.channel(),
            lang.export_api_status(),
            lang.status_filter(),
            lang.export_lengow_status(),
            lang.ship_by(),
            lang.fact_created(),
            lang.who_ships(),
            lang.lines(),
            lang.export_pieces(),
            lang.total_column(),
            lang.export_currency(),
            lang.export_last_action(),
            lang.export_last_state(),
            lang.export_time_zone(),
        ];
        let mut head = String::new();
        self.texts(&mut head, &names);
        head.push_str("\r\n");
        head
    }

    /// Writes a page after that many rows, and tells what comes after it.
    async fn page(
        self: &Arc<Self>,
        conn: &mut PgConnection,
        mut filter: Filter,
        mut count: usize,
        text: &mut String,
    ) -> db::Result<Option<Rest>> {
        let page = db::order_list::page(conn, &filter, PAGE_SIZE).await?;
        self.write(conn, &page.rows, text).await?;
        count += page.rows.len();
        let Some(last) = page.rows.last().filter(|_| page.more) else {
            self.trail.end(conn, count).await?;
            return Ok(None);
        };
        filter.from = Some(From::After(list::position(filter.sort, last)));
        Ok(Some(self.rest(filter, count)))
    }

    fn rest(self: &Arc<Self>, filter: Filter, count: usize) -> Rest {
        let table = Arc::clone(self);
        Rest::new(async move {
            let mut conn = table.scoped.acquire(&table.scope).await?;
            let mut text = String::new();
            let next = table.page(&mut conn, filter, count, &mut text).await?;
            Ok((text, next))
        })
    }

    async fn write(
        &self,
        conn: &mut PgConnection,
        rows: &[Row],
        text: &mut String,
    ) -> db::Result<()> {
        let accounts: Vec<_> = rows.iter().map(|it| it.account_id.clone()).collect();
        let orders: Vec<_> = rows.iter().map(|it| it.order_id.clone()).collect();
        let references = db::search::references(conn, &accounts, &orders).await?;
        for (row, reference) in rows.iter().zip(references) {
            self.line(row, &reference.unwrap_or_default(), text);
        }
        Ok(())
    }

    fn line(&self, row: &Row, reference: &str, line: &mut String) {
        let (lang, form) = (self.lang, self.form);
        let account = self.accounts.iter().find(|(account, _)| account.id.0 == row.account_id);
        let (name, zone) = account.map_or_else(
            || (row.account_id.as_str(), TimeZone::UTC),
            |(account, zone)| (account.name.as_str(), zone.clone()),
        );
        let (status, supply_mode) =
            (Status::parse(&row.status), SupplyMode::parse(&row.supply_mode));
        let [action, state] = last_action(lang, row);
        let between = form.delimiter();
        self.texts(
            line,
            &[
                name,
                &row.order_id,
                reference,
                &row.channel_name,
                &row.status,
                &lang.status(&status, &supply_mode),
                vocabulary::lengow(&status).unwrap_or_default(),
            ],
        );
        line.push(between);
        if let Some(at) = row.ship_by {
            form.instant(line, at, &zone);
        }
        line.push(between);
        form.instant(line, row.created_at, &zone);
        line.push(between);
        self.texts(line, &[&lang.supply_mode(&supply_mode)]);
        let _ = write!(line, "{between}{}{between}{}{between}", row.line_count, row.piece_count);
        form.amount(line, row.selling_total);
        line.push(between);
        self.texts(line, &[&row.currency, action, state, zone.iana_name().unwrap_or("UTC")]);
        line.push_str("\r\n");
    }

    fn texts(&self, line: &mut String, texts: &[&str]) {
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                line.push(self.form.delimiter());
            }
            cell::text(line, text);
        }
    }
}

/// The last promise and where it stands. A word that this program does not know is left as it is.
fn last_action(lang: Lang, row: &Row) -> [&str; 2] {
    let (kind, state) = (row.promise_kind.as_deref(), row.promise_state.as_deref());
    [
        kind.map_or("", |word| ActionKind::parse(word).map_or(word, |it| lang.action_noun(it))),
        state.map_or("", |word| State::parse(word).map_or(word, |it| lang.delivery_state(it))),
    ]
}
