//! What everybody did, newest first (`product` 4.9): the audit, in words.

mod export;
mod selection;
mod view;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use jiff::tz::TimeZone;
use sqlx::PgConnection;

use crate::db;
use crate::db::audit::Filter;
use crate::db::audit::Found;
use crate::db::audit::Position;
use crate::domain::audit;
use crate::domain::audit::Outcome;
use crate::domain::audit::Topic;
use crate::web::AppState;
use crate::web::activity::selection::Selection;
use crate::web::activity::view::People;
use crate::web::activity::view::RowView;
use crate::web::components::Pager;
use crate::web::error::Result;
use crate::web::extract::Query;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

pub use export::show as export;

/// The rows of a page.
const PAGE_SIZE: usize = 50;

#[derive(Template)]
#[template(path = "activity.html")]
struct ActivityPage {
    layout: Layout,
    selection: Selection,
    sees_all: bool,
    told: Vec<String>,
    people: Vec<Choice>,
    topics: Vec<Choice>,
    outcomes: Vec<Choice>,
    rows: Vec<RowView>,
    pager: Pager,
}

/// An entry of a drop-down list.
struct Choice {
    value: String,
    label: String,
    selected: bool,
}

/// `GET /activity`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Html<String>> {
    let (now, lang) = (state.clock.now(), signed_in.lang);
    let sees_all = audit::sees_all(signed_in.user.operator.role);
    let (mut selection, mut misread) = Selection::parse(&query);
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let people = People(db::audit::people(&mut *conn).await?);
    selection.keep_known(&people, sees_all, &mut misread);
    let zone = signed_in.zone();
    let (found, more) = page(&mut conn, &signed_in, &selection, &zone, PAGE_SIZE).await?;
    drop(conn);
    let next = found.last().filter(|_| more).map(|it| selection.after(it));
    let previous = selection.place.is_some().then(|| selection.first_page().href());
    let pager = Pager {
        summary: lang.activity_shown(found.len()),
        previous: (lang.activity_newest(), previous),
        next: (lang.activity_older(), next),
    };
    let layout = Layout::new(&state, &signed_in, Place::Activity);
    html(&ActivityPage {
        layout,
        sees_all,
        told: misread.iter().map(|it| told(lang, it)).collect(),
        people: people_choices(lang, &people, &selection),
        topics: topic_choices(lang, &selection),
        outcomes: outcome_choices(lang, &selection),
        rows: found.iter().map(|it| RowView::new(&signed_in, &people, it, &zone, now)).collect(),
        selection,
        pager,
    })
}

/// A page of what the reader may see: managers and administrators everything of their accounts, everybody else
/// what they did themselves. Says whether there is more.
async fn page(
    conn: &mut PgConnection,
    signed_in: &SignedIn,
    selection: &Selection,
    zone: &TimeZone,
    size: usize,
) -> db::Result<(Vec<Found>, bool)> {
    let operator = &signed_in.user.operator;
    let own = (!audit::sees_all(operator.role)).then_some(operator.id);
    let filter = Filter {
        scope: signed_in.scope.clone(),
        user: own.or(selection.person),
        topics: selection.topic.iter().map(|it| it.as_str().to_owned()).collect(),
        outcomes: selection.outcome.iter().map(|it| it.as_str().to_owned()).collect(),
        order_id: selection.order.clone(),
        from: selection.begin(zone),
        before: selection
            .place
            .map_or_else(|| selection.end(zone), |place| earlier(place, selection.end(zone))),
    };
    let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
    let mut found = db::audit::page(conn, &filter, limit).await?;
    let more = found.len() > size;
    found.truncate(size);
    Ok((found, more))
}

fn earlier(a: Position, b: Position) -> Position {
    if (a.at, a.seq) <= (b.at, b.seq) { a } else { b }
}

/// That a filter was left out.
fn told(lang: Lang, (name, value): &(&'static str, String)) -> String {
    let label = match *name {
        selection::PERSON => lang.activity_who(),
        selection::TOPIC => lang.activity_what(),
        selection::OUTCOME => lang.activity_result(),
        selection::FROM => lang.activity_from(),
        _ => lang.until(),
    };
    let value: String = value.chars().take(60).collect();
    lang.left_out(lang.named(label, value))
}

fn choices(all: &'static str, rest: impl Iterator<Item = Choice>) -> Vec<Choice> {
    let all = Choice { value: String::new(), label: all.to_owned(), selected: false };
    std::iter::once(all).chain(rest).collect()
}

fn people_choices(lang: Lang, people: &People, selection: &Selection) -> Vec<Choice> {
    let choice = |(id, name): &(i64, String)| Choice {
        value: id.to_string(),
        label: name.clone(),
        selected: selection.person == Some(*id),
    };
    choices(lang.activity_everybody(), people.0.iter().map(choice))
}

fn topic_choices(lang: Lang, selection: &Selection) -> Vec<Choice> {
    let choice = |it: Topic| Choice {
        value: it.as_str().to_owned(),
        label: lang.topic(it).to_owned(),
        selected: selection.topic == Some(it),
    };
    choices(lang.activity_everything(), Topic::ALL.into_iter().map(choice))
}

fn outcome_choices(lang: Lang, selection: &Selection) -> Vec<Choice> {
    let choice = |it: Outcome| Choice {
        value: it.as_str().to_owned(),
        label: lang.outcome(it).to_owned(),
        selected: selection.outcome == Some(it),
    };
    choices(lang.activity_any_result(), Outcome::ALL.into_iter().map(choice))
}
