//! The page of a review.

use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db;
use crate::db::batches::Batch;
use crate::domain::batch::Task;
use crate::domain::import::cell;
use crate::domain::order::AccountId;
use crate::domain::order::Order;
use crate::web::AppState;
use crate::web::batches;
use crate::web::batches::View;
use crate::web::batches::entry::Entry;
use crate::web::batches::verdict;
use crate::web::batches::verdict::Counts;
use crate::web::batches::verdict::Group;
use crate::web::batches::verdict::Judged;
use crate::web::batches::verdict::Verdict;
use crate::web::components::Badge;
use crate::web::components::Due;
use crate::web::components::FormErrors;
use crate::web::components::Pager;
use crate::web::error::Result;
use crate::web::format;
use crate::web::html;
use crate::web::imports::lookup;
use crate::web::imports::rest;
use crate::web::layout::Layout;
use crate::web::orders::Reader;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

#[derive(Template)]
#[template(path = "batches/review.html")]
struct ReviewPage {
    layout: Layout,
    href: String,
    heading: String,
    from: String,
    /// Where batches of this kind are listed.
    home: (&'static str, &'static str),
    /// What is not sent, in the columns of the file that it came from.
    rest: Option<String>,
    ships: bool,
    counts: Counts,
    tabs: Vec<Tab>,
    show: String,
    page: usize,
    rows: Vec<RowView>,
    pager: Option<Pager>,
    carriers: Vec<String>,
    carrier: String,
    take_along: bool,
    take_along_label: Option<String>,
    /// The button; none, while nothing can be sent.
    send: Option<String>,
    notice: Option<&'static str>,
    errors: FormErrors,
}

struct Tab {
    href: String,
    label: String,
    current: bool,
}

struct RowView {
    position: i32,
    order: Option<(String, String)>,
    typed_order: String,
    account: String,
    due: Option<Due>,
    badge: Option<Badge>,
    items: String,
    carrier: String,
    number: String,
    link: String,
    verdict: &'static str,
    words: Vec<String>,
}

/// What the page says beside the rows.
#[derive(Default)]
pub struct Said {
    /// What has just happened.
    pub notice: Option<&'static str>,
    /// What is wrong.
    pub errors: FormErrors,
    /// What was typed, where it is not stored.
    pub entry: Entry,
}

/// The rows of a draft with their verdicts.
pub async fn judged(
    conn: &mut PgConnection,
    state: &AppState,
    signed_in: &SignedIn,
    batch: &Batch,
    task: Task,
) -> Result<Vec<Judged>> {
    let rows = db::batches::rows::list(conn, &signed_in.scope, batch.id).await?;
    let role = signed_in.user.operator.role;
    verdict::judge(conn, task, role, rows, state.clock.now()).await
}

/// The page of a draft.
pub async fn page(
    conn: &mut PgConnection,
    state: &AppState,
    signed_in: &SignedIn,
    (batch, task): (&Batch, Task),
    view: &View,
    said: Said,
) -> Result<Response> {
    let (lang, ships) = (signed_in.lang, task == Task::Ship);
    let judged = judged(conn, state, signed_in, batch, task).await?;
    let mut carriers = Vec::new();
    if ships {
        for account in &batch.accounts {
            let account = AccountId(account.clone());
            carriers.extend(db::reference::carriers(&mut *conn, &account).await?.0);
        }
        carriers.sort_unstable();
        carriers.dedup();
    }
    let (all, counts) = (judged.len(), Counts::of(&judged));
    let group = Group::ALL.into_iter().find(|it| it.as_str() == view.show);
    let wanted: Vec<_> = judged
        .into_iter()
        .filter(|it| group.is_none_or(|group| it.verdict.group() == group))
        .collect();
    let count = wanted.len();
    let (rows, last) = batches::page_of(wanted, view.page);
    let unknown = rows.iter().filter(|it| it.order.is_none());
    let unknown: Vec<String> = unknown.map(|it| it.row.order_text.clone()).collect();
    let meant = lookup::meant(conn, &signed_in.scope, &unknown).await?;
    let rest = if counts.stopped == 0 {
        None
    } else {
        rest::href_of_batch(conn, signed_in, batch.id).await?
    };
    let show = group.map_or("", Group::as_str);
    let number = view.page.min(last);
    let to = |page| View::href(batch.id, show, page);
    let view_row = |it: Judged| {
        let meant = meant.get(&it.row.order_text).filter(|_| it.order.is_none());
        let spoilt = it.order.is_none() && cell::mangling(&it.row.order_text).is_some();
        let mut row = row_view(state, signed_in, task, it, &said.entry);
        row.words.extend(spoilt.then(|| lang.import_order_mangled().to_owned()));
        row.words.extend(meant.map(|it| lang.import_did_you_mean(it)));
        row
    };
    let status =
        if said.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ReviewPage {
        layout: Layout::new(state, signed_in, batches::place(&batch.origin)),
        home: batches::home(lang, &batch.origin),
        rest,
        href: batches::href(batch.id),
        heading: lang.batch_heading(task, all),
        from: batches::origin(lang, &batch.origin),
        ships,
        tabs: tabs(lang, batch.id, counts, group),
        show: show.to_owned(),
        page: number,
        rows: rows.into_iter().map(view_row).collect(),
        pager: (last > 1).then(|| Pager {
            summary: lang.batch_orders(count),
            previous: (lang.previous_page(), (number > 1).then(|| to(number - 1))),
            next: (lang.next_page(), (number < last).then(|| to(number + 1))),
        }),
        carriers,
        carrier: said.entry.carrier.clone(),
        take_along: said.entry.take_along,
        take_along_label: (counts.doubted > 0).then(|| lang.batch_take_along(counts.doubted)),
        send: likely(counts).map(|it| lang.batch_heading(task, it)),
        counts,
        notice: said.notice,
        errors: said.errors,
    };
    Ok((status, html(&page)?).into_response())
}

/// How many orders go when the button is pressed: where each one has a warning, all of them, or none.
fn likely(counts: Counts) -> Option<usize> {
    [counts.ready, counts.doubted].into_iter().find(|it| *it > 0)
}

fn tabs(lang: Lang, id: Uuid, counts: Counts, current: Option<Group>) -> Vec<Tab> {
    let tab = |group: Option<Group>, label: String| Tab {
        href: View::href(id, group.map_or("", Group::as_str), 1),
        label,
        current: group == current,
    };
    let mut tabs = vec![tab(None, lang.batch_show_all().to_owned())];
    tabs.extend(Group::ALL.into_iter().map(|group| {
        let count = counts.in_group(group);
        let label = match group {
            Group::Ready => lang.batch_ready(count),
            Group::Doubted => lang.batch_with_warning(count),
            Group::Stopped => lang.batch_impossible(count),
        };
        tab(Some(group), label)
    }));
    tabs
}

fn row_view(
    state: &AppState,
    signed_in: &SignedIn,
    task: Task,
    judged: Judged,
    entry: &Entry,
) -> RowView {
    let (lang, now) = (signed_in.lang, state.clock.now());
    let Judged { row, order, verdict } = judged;
    let account = AccountId(row.account.clone());
    let own = signed_in.accounts.iter().find(|it| it.id == account);
    let zone = order.as_ref().map_or_else(|| signed_in.zone(), |it| format::zone(&it.time_zone));
    let reader = Reader { lang, zone, now };
    let words = match &verdict {
        Verdict::Ready => Vec::new(),
        Verdict::Doubted(warnings) => warnings.iter().map(|it| lang.batch_warning(it)).collect(),
        Verdict::Stopped(stopped) => lang.stopped(task, stopped, |at| reader.clock(at).text),
    };
    let typed = entry.typed.get(&row.position);
    let text = |typed: Option<&String>, stored: String| typed.cloned().unwrap_or(stored);
    RowView {
        position: row.position,
        due: order.as_ref().and_then(|it| reader.due(&it.order)),
        badge: order.as_ref().map(|it| reader.badge(&it.order)),
        items: order.as_ref().map(|it| items(lang, &it.order)).unwrap_or_default(),
        order: order.map(|it| (format::order_href(&account, &it.order.id), it.order.id)),
        typed_order: text(typed.and_then(|it| it.order.as_ref()), row.order_text),
        account: own.map_or_else(|| account.0.clone(), |it| it.name.clone()),
        carrier: text(typed.map(|it| &it.carrier), row.input.carrier),
        number: text(typed.map(|it| &it.number), row.input.number),
        link: text(typed.map(|it| &it.link), row.input.link),
        verdict: verdict.group().as_str(),
        words,
    }
}

/// `2 × Product, 4 more lines`
fn items(lang: Lang, order: &Order) -> String {
    let Some(first) = order.lines.first() else { return String::new() };
    let product = format!("{} × {}", format::whole(first.quantity.into()), first.title);
    let more = i64::try_from(order.lines.len()).unwrap_or(i64::MAX) - 1;
    if more > 0 { format!("{product}, {}", lang.more_lines(more)) } else { product }
}
