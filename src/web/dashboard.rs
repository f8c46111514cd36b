//! The dashboard: what is due, what went wrong, and how many orders there are. Every number leads to the list of
//! exactly these orders (`product` 4.2).

mod attention;
mod chart;
mod counts;
mod health;
mod indicators;
mod queue;
mod rates;
mod tables;
mod tiles;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sqlx::PgConnection;

use crate::db;
use crate::db::due_counts::DueCount;
use crate::db::order_counts::Bucket;
use crate::db::order_list::Sort;
use crate::db::scope::SellerScope;
use crate::db::throughput::Shipped;
use crate::domain;
use crate::domain::deadline::Boundaries;
use crate::domain::operator::Role;
use crate::domain::order::Status;
use crate::web::AppState;
use crate::web::dashboard::attention::Item;
use crate::web::dashboard::attention::Troubles;
use crate::web::dashboard::chart::Chart;
use crate::web::dashboard::counts::Statuses;
use crate::web::dashboard::health::Health;
use crate::web::dashboard::indicators::Judged;
use crate::web::dashboard::queue::Queue;
use crate::web::dashboard::rates::Rates;
use crate::web::dashboard::tables::Table;
use crate::web::dashboard::tiles::Mark;
use crate::web::dashboard::tiles::Tile;
use crate::web::error::Result;
use crate::web::extract::Query;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::orders;
use crate::web::orders::list;
use crate::web::orders::list::row::Customer;
use crate::web::orders::list::row::DueView;
use crate::web::orders::list::row::RowView;
use crate::web::orders::list::row::Viewer;
use crate::web::orders::list::selection::Selection;
use crate::web::session::SignedIn;
use crate::web::sight::Sight;
use crate::web::text::Lang;

/// How many orders of the queue are shown.
const NEXT: usize = 8;

/// Its route.
pub fn routes() -> Router<AppState> {
    Router::new().route("/", get(show))
}

#[derive(Template)]
#[template(path = "dashboard.html")]
struct DashboardPage<'a> {
    layout: Layout,
    heading: String,
    summary: String,
    choices: Vec<Choice>,
    health: Vec<Health>,
    tiles: [Tile; 5],
    queue: Queue,
    rows: Vec<RowView<'a>>,
    attention: Vec<Item>,
    statuses: Statuses,
    rates: Rates,
    judged: Vec<Judged>,
    chart: Chart,
    tables: Vec<Table>,
}

/// An account to choose.
struct Choice {
    id: String,
    name: String,
    chosen: bool,
}

/// Whose dashboard it is, where and when.
struct Desk<'a> {
    lang: Lang,
    signed_in: &'a SignedIn,
    /// All orders that it speaks of, as a list.
    selection: Selection,
    /// The accounts in it.
    scope: SellerScope,
    /// Whose midnight ends the day.
    zone: TimeZone,
    now: Timestamp,
    boundaries: Boundaries,
}

/// `GET /`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Html<String>> {
    let desk = Desk::of(&signed_in, &query, state.clock.now());
    let (lang, scope) = (desk.lang, &desk.scope);
    // One connection for all that the page asks, so that a page never waits for a second one.
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let buckets = db::order_counts::buckets(&mut *conn, scope).await?;
    let due = desk.due(&mut conn).await?;
    let due_by_account = desk.due_by_account(&mut conn).await?;
    let oldest = db::due_counts::oldest(&mut *conn, scope, &Status::WaitingAcceptance).await?;
    let (queue, me) = (desk.queue(), signed_in.user.operator.id);
    let filter = queue.filter(&signed_in.scope, me, &desk.boundaries, &desk.zone);
    let next = db::order_list::page(&mut conn, &filter, NEXT).await?.rows;
    let days = domain::rates::midnights(desk.now, &desk.zone, domain::rates::DAYS);
    let made = db::throughput::made(&mut *conn, scope, &days).await?;
    let shipped = db::throughput::shipped(&mut *conn, scope, &days).await?;
    let end = domain::rates::cutoff(desk.now, &desk.zone);
    let becoming_late = db::due_counts::becoming_late(&mut *conn, scope, desk.now, end).await?;
    let readings = db::indicators::readings(&mut *conn, scope).await?;
    let indicators = db::indicators::list(&mut *conn, scope).await?;
    let states = db::sync_states::list(&mut *conn, scope).await?;
    let outbox = db::sync_states::outbox(&mut *conn, scope).await?;
    let troubles = Troubles::read(&mut conn, scope, me, desk.now).await?;
    drop(conn);

    let next = Sight::of(desk.role()).rows(next);
    let queue = orders::queue::Queue::of(&queue);
    let viewer = desk.viewer(&queue);
    let total = tables::sum(&due);
    let shipments = rates::shipments(shipped.iter(), total.overdue);
    let page = DashboardPage {
        heading: format::day_heading(lang, desk.now.to_zoned(desk.zone.clone()).date()),
        summary: lang
            .to_ship_by_tomorrow(total.overdue + total.soon + total.today + total.tomorrow),
        choices: desk.choices(),
        health: health::of(&desk, &states, &outbox),
        tiles: tiles::of(&desk, &total, &buckets, oldest),
        queue: Queue::new(&desk, &total, &buckets),
        rows: next.iter().map(|row| RowView::new(row, &viewer)).collect(),
        attention: attention::items(&desk, &states, &troubles),
        statuses: Statuses::new(&desk, &buckets),
        rates: Rates::new(&desk, &shipments, &made, (becoming_late, end)),
        judged: indicators::of(&desk, &readings, &indicators),
        chart: Chart::new(&desk, &days, &made, &shipped),
        tables: desk.tables(&due, due_by_account.as_deref(), &buckets, &shipped),
        layout: Layout::new(&state, &signed_in, Place::Dashboard),
    };
    html(&page)
}

impl<'a> Desk<'a> {
    /// That of all accounts, or of the one that the address names.
    fn of(signed_in: &'a SignedIn, query: &[(String, String)], now: Timestamp) -> Self {
        let named = query.iter().rev().find(|(name, _)| name == "account");
        let known = |id: &&String| signed_in.accounts.iter().any(|it| it.id.0 == **id);
        let account = named.map(|(_, id)| id).filter(known);
        let accounts: Vec<String> = account.cloned().into_iter().collect();
        let selection = Selection { accounts, ..Selection::default() };
        let zone = list::zone(signed_in, &selection);
        Self {
            lang: signed_in.lang,
            scope: signed_in.scope.narrowed_to(&selection.accounts),
            boundaries: Boundaries::at(now, &zone),
            signed_in,
            selection,
            zone,
            now,
        }
    }

    const fn role(&self) -> Role {
        self.signed_in.user.operator.role
    }

    /// The orders with a deadline that this team has to meet.
    fn queue(&self) -> Selection {
        Selection { due: queue::URGENCIES.to_vec(), ..self.selection.clone() }
    }

    /// The accounts that it speaks of.
    fn accounts(&self) -> impl Iterator<Item = &'a db::accounts::Account> {
        let chosen = &self.selection.accounts;
        let all = self.signed_in.accounts.iter();
        all.filter(move |it| chosen.is_empty() || chosen.contains(&it.id.0))
    }

    fn account_name<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.signed_in.accounts.iter().find(|it| it.id.0 == id).map_or(id, |it| &it.name)
    }

    /// The queue, each order on the day that its list has.
    async fn due(&self, conn: &mut PgConnection) -> db::Result<Vec<DueCount>> {
        let day = |it: &db::accounts::Account| (it.id.0.clone(), self.boundaries);
        let days: Vec<_> = self.accounts().map(day).collect();
        db::due_counts::count(conn, &self.scope, &days).await
    }

    /// The same with each account's own day, where that is another one: an account's list alone has it.
    async fn due_by_account(&self, conn: &mut PgConnection) -> db::Result<Option<Vec<DueCount>>> {
        let days: Vec<_> = self
            .accounts()
            .map(|it| {
                let own = Boundaries::at(self.now, &format::zone(&it.time_zone));
                (it.id.0.clone(), own)
            })
            .collect();
        if days.iter().all(|(_, own)| *own == self.boundaries) {
            return Ok(None);
        }
        Ok(Some(db::due_counts::count(conn, &self.scope, &days).await?))
    }

    fn viewer<'b>(&'b self, queue: &'b orders::queue::Queue) -> Viewer<'b> {
        Viewer {
            lang: self.lang,
            role: self.role(),
            accounts: &self.signed_in.accounts,
            zone: &self.zone,
            now: self.now,
            boundaries: self.boundaries,
            lengow: false,
            queue,
            sort: Sort::Deadline,
            colleagues: &[],
        }
    }

    /// The accounts to choose from; none, if there is no choice.
    fn choices(&self) -> Vec<Choice> {
        let accounts = &self.signed_in.accounts;
        if accounts.len() < 2 {
            return Vec::new();
        }
        let choice = |it: &db::accounts::Account| Choice {
            id: it.id.0.clone(),
            name: it.name.clone(),
            chosen: self.selection.accounts.contains(&it.id.0),
        };
        accounts.iter().map(choice).collect()
    }

    fn tables(
        &self,
        due: &[DueCount],
        by_account: Option<&[DueCount]>,
        buckets: &[Bucket],
        shipped: &[Shipped],
    ) -> Vec<Table> {
        let mut tables = vec![Table::by_channel(self, due, buckets, shipped)];
        if self.accounts().nth(1).is_some() {
            let by_account = by_account.unwrap_or(due);
            tables.push(Table::by_account(self, due, by_account, buckets, shipped));
        }
        tables
    }
}
