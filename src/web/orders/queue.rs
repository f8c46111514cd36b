//! Working through a list: where an order was opened from, and what comes before and after it there.
//!
//! The list stands in the order's address as the parameters of the list's own, which are read and written anew: no
//! other address can be put there. The order's place comes along, because an order that is shipped leaves it.

use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use serde::Deserialize;
use sqlx::PgConnection;
use url::form_urlencoded;
use url::form_urlencoded::Serializer;

use crate::db;
use crate::db::order_list::Filter;
use crate::db::order_list::From;
use crate::db::order_list::Place;
use crate::db::order_list::Position;
use crate::db::order_list::Sort;
use crate::domain::action;
use crate::domain::action::ActionKind;
use crate::domain::deadline;
use crate::domain::deadline::Boundaries;
use crate::domain::order::AccountId;
use crate::domain::order::SupplyMode;
use crate::web::AppState;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::format;
use crate::web::orders::Desk;
use crate::web::orders::list;
use crate::web::orders::list::selection::Selection;
use crate::web::orders::list::selection::more::ActionState;
use crate::web::orders::notice;
use crate::web::orders::notice::Notice;
use crate::web::session::SignedIn;

/// How many orders are looked at to find the next one that can be shipped: those that a colleague has just shipped are
/// passed over.
const MOST_LOOKS: usize = 5;
/// The orders that are counted, to say how many are left.
const MOST_COUNTED: usize = 100;

/// The part of an order's address that tells where it was opened from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct QueueQuery {
    list: String,
    at: String,
    sent: String,
    from: String,
}

impl QueueQuery {
    /// Whether the form was opened from that page of ours.
    pub fn is_from(&self, page: &str) -> bool {
        self.from == page
    }
}

/// A list, and the order's place in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    selection: Selection,
    at: Option<i64>,
    /// How many of its orders can be shipped yet, if they were counted.
    pub left: Option<i64>,
}

/// The links around an order.
#[derive(Debug)]
pub struct Around {
    /// The list that it was opened from, as it was.
    pub back: String,
    /// Whether that is one that somebody chose.
    pub chosen: bool,
    /// The order before.
    pub previous: Option<String>,
    /// The order after.
    pub next: Option<String>,
}

impl Queue {
    /// The queue that an address tells. What makes no sense is the whole list.
    pub fn read(query: &QueueQuery) -> Self {
        let pairs: Vec<_> = form_urlencoded::parse(query.list.as_bytes()).into_owned().collect();
        let (selection, _) = Selection::parse(&pairs);
        Self { at: query.at.parse().ok(), ..Self::of(&selection) }
    }

    /// The queue of a list. What a search finds is no queue.
    pub fn of(selection: &Selection) -> Self {
        let whole = !selection.search.is_empty();
        let selection = if whole { Selection::default() } else { selection.clone() };
        Self { selection, at: None, left: None }
    }

    /// What is added to the address of an order of it that has that place; nothing for the list of everything.
    pub fn query(&self, place: Option<i64>) -> String {
        let href = self.selection.href();
        let Some((_, list)) = href.split_once('?') else { return String::new() };
        let mut query = Serializer::for_suffix("?".to_owned(), 1);
        query.append_pair("list", list);
        query.extend_pairs(place.map(|it| ("at", it.to_string())));
        query.finish()
    }

    /// What is added to the address of the order that it was read from.
    pub fn here(&self) -> String {
        self.query(self.at)
    }

    /// The list, at the page that it was left.
    pub fn list_href(&self) -> String {
        self.selection.href()
    }

    fn position(&self, desk: &Desk) -> Position {
        let now = match self.selection.sort {
            Sort::Deadline => desk.mirrored.rank,
            Sort::Newest | Sort::Oldest => deadline::age(desk.order().created_at).0,
        };
        Position { key: self.at.unwrap_or(now), order_id: desk.order().id.clone() }
    }

    fn filter(selection: &Selection, signed_in: &SignedIn, desk: &Desk) -> Filter {
        let zone = list::zone(signed_in, selection);
        let boundaries = Boundaries::at(desk.reader.now, &zone);
        selection.filter(&signed_in.scope, signed_in.user.operator.id, &boundaries, &zone)
    }

    fn order_href(&self, place: &Place) -> String {
        let account = AccountId(place.account_id.clone());
        let query = self.query(Some(place.key));
        format!("{}{query}", format::order_href(&account, &place.order_id))
    }
}

/// What lies around an order in the list that it was opened from.
pub async fn around(conn: &mut PgConnection, signed_in: &SignedIn, desk: &Desk) -> Result<Around> {
    let queue = &desk.queue;
    let position = queue.position(desk);
    let filter = Queue::filter(&queue.selection, signed_in, desk);
    let before = Filter { from: Some(From::Before(position.clone())), ..filter.clone() };
    let after = Filter { from: Some(From::After(position)), ..filter };
    let before = db::order_list::places(&mut *conn, &before, 1).await?;
    let after = db::order_list::places(conn, &after, 1).await?;
    Ok(Around {
        back: queue.list_href(),
        chosen: queue.selection != Selection::default(),
        previous: before.first().map(|it| queue.order_href(it)),
        next: after.first().map(|it| queue.order_href(it)),
    })
}

/// How many orders of the list can be shipped yet, as far as its rows tell. Nothing for the list of everything, and
/// for one that takes days anyway.
pub async fn left(
    conn: &mut PgConnection,
    signed_in: &SignedIn,
    desk: &Desk,
) -> Result<Option<i64>> {
    let selection = &desk.queue.selection;
    let Some(selection) = to_ship(selection).filter(|_| *selection != Selection::default()) else {
        return Ok(None);
    };
    let filter = Queue::filter(&selection, signed_in, desk);
    let left = db::order_list::places(conn, &filter, MOST_COUNTED + 1).await?.len();
    Ok(i64::try_from(left).ok().filter(|_| left <= MOST_COUNTED))
}

/// Where to go when an order's shipment is promised and the next one is asked for: its form, with what was promised
/// on top; to the order itself, if it was the last.
pub async fn onward(state: &AppState, signed_in: &SignedIn, desk: &Desk) -> Result<Response> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let queue = &desk.queue;
    let here = format!("{}{}", desk.href(), queue.here());
    let Some(selection) = to_ship(&queue.selection) else {
        return Ok(Redirect::to(&here).into_response());
    };
    let filter = Queue::filter(&selection, signed_in, desk);
    let filter = Filter { from: Some(From::After(queue.position(desk))), ..filter };
    for place in db::order_list::places(&mut conn, &filter, MOST_LOOKS).await? {
        let Place { account_id, order_id, key } = &place;
        let next = Desk::open(&mut conn, state, signed_in, account_id, order_id).await?;
        if action::check(ActionKind::Ship, &next.facts()).is_ok() {
            let mut query = queue.query(Some(*key));
            if query.is_empty() {
                query.push('?');
            }
            let mut query = Serializer::for_suffix(query, 1);
            query.append_pair("sent", &format!("{}/{}", desk.account, desk.order().id));
            let href = format!("{}/{}", next.href(), ActionKind::Ship.slug());
            return Ok(Redirect::to(&format!("{href}{}", query.finish())).into_response());
        }
    }
    Ok(Redirect::to(&here).into_response())
}

/// The orders of a list that are likely to be shipped; nothing, if it has none. Whether one can be is for the rules.
fn to_ship(selection: &Selection) -> Option<Selection> {
    let narrow = |wanted: &[String], possible: Vec<String>| {
        let both = |it: &String| wanted.is_empty() || wanted.contains(it);
        let left: Vec<_> = possible.into_iter().filter(both).collect();
        (!left.is_empty()).then_some(left)
    };
    let statuses = ActionKind::Ship.spec().allowed_from.iter().map(|it| it.as_str().to_owned());
    let ours = vec![SupplyMode::Seller.as_str().to_owned()];
    let mut narrowed = selection.clone();
    narrowed.place = None;
    narrowed.statuses = narrow(&selection.statuses, statuses.collect())?;
    narrowed.supply_modes = narrow(&selection.supply_modes, ours)?;
    let wanted = &selection.more.actions;
    let at_rest = ActionState::ALL.into_iter().filter(|it| it.is_at_rest());
    narrowed.more.actions = at_rest.filter(|it| wanted.is_empty() || wanted.contains(it)).collect();
    (!narrowed.more.actions.is_empty()).then_some(narrowed)
}

/// What there is to say of the order before this one, when its shipment has just been promised.
pub async fn sent(
    conn: &mut PgConnection,
    state: &AppState,
    signed_in: &SignedIn,
    query: &QueueQuery,
) -> Result<Option<Notice>> {
    let Some((account, order_id)) = query.sent.split_once('/') else { return Ok(None) };
    let desk = match Desk::open(conn, state, signed_in, account, order_id).await {
        Ok(desk) => desk,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(promise) = desk.last.as_ref().filter(|it| it.action.kind() == ActionKind::Ship) else {
        return Ok(None);
    };
    let may = promise.progress.may_be_withdrawn()
        && desk.operator.role.may(ActionKind::Ship.spec().permission);
    let settled_at = promise.progress.state.is_final().then_some(desk.reader.now);
    let notice =
        notice::of_promise(&desk.reader, promise, desk.paused, None, settled_at, may, None);
    let number = desk.lang().order_title(order_id);
    Ok(notice.map(|it| {
        let title = [number, it.title].join(" ");
        Notice { title: title.trim_end().to_owned(), ..it }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &str, at: &str) -> Queue {
        let (list, at) = (list.to_owned(), at.to_owned());
        Queue::read(&QueueQuery { list, at, ..QueueQuery::default() })
    }

    #[test]
    fn a_queue_comes_back_from_the_address_that_it_stands_in() {
        let queue = read("status=InPreparation&due=today&after=7.A", "9");
        assert_eq!(queue.list_href(), "/orders?status=InPreparation&due=today&after=7.A");
        let here = "?list=status%3DInPreparation%26due%3Dtoday%26after%3D7.A&at=9";
        assert_eq!(queue.here(), here);
        assert_eq!(read("", "").here(), "");
    }

    #[test]
    fn nothing_but_a_list_of_ours_is_led_to() {
        for list in ["https://evil.example", "//evil.example/?status=", "q=Dupont", "next=/x"] {
            assert_eq!(read(list, "x").list_href(), "/orders", "{list}");
        }
    }

    #[test]
    fn only_what_may_be_shipped_is_next() {
        let narrowed = |list: &str| to_ship(&read(list, "").selection).map(|it| it.href());
        let rest = "&action=refused&action=confirmed&action=none";
        assert_eq!(
            narrowed("due=today"),
            Some(format!("/orders?status=InPreparation&supply=Seller&due=today{rest}"))
        );
        assert_eq!(narrowed("status=Shipped"), None);
        assert_eq!(narrowed("supply=Xdock"), None);
        assert_eq!(narrowed("action=queued"), None);
    }
}
