//! What went wrong, or waits for somebody, each with the page where something can be done about it.

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db;
use crate::db::attention::Refused;
use crate::db::attention::Unfinished;
use crate::db::attention::Unknown;
use crate::db::attention::Unread;
use crate::db::attention::Wish;
use crate::db::scope::SellerScope;
use crate::db::sync_states::SyncState;
use crate::domain::action::ActionKind;
use crate::domain::delivery::State;
use crate::domain::order::AccountId;
use crate::domain::order::Status;
use crate::web::dashboard::Desk;
use crate::web::format;
use crate::web::sync_page::condition::Condition;
use crate::web::sync_page::condition::headline;
use crate::workflow;

/// How many are shown at once.
pub const AT_ONCE: usize = 6;
/// A refusal is told for so long, unless the order moves on before.
const LATELY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Something for a person.
#[derive(Debug)]
pub struct Item {
    /// `fail` or `warn`, for `data-icon`.
    pub icon: &'static str,
    /// The same in a word.
    pub severity: &'static str,
    /// What happened.
    pub title: String,
    /// The order that it happened to.
    pub order_id: Option<String>,
    /// Where and when.
    pub details: String,
    /// Where something can be done about it.
    pub href: String,
    /// What.
    pub label: &'static str,
}

/// What the database knows of it.
#[derive(Debug)]
pub struct Troubles {
    refused: Vec<Refused>,
    unknown: Vec<Unknown>,
    wishes: Vec<Wish>,
    unread: Vec<Unread>,
    unfinished: Vec<Unfinished>,
}

impl Troubles {
    /// Asks it.
    pub async fn read(
        conn: &mut PgConnection,
        scope: &SellerScope,
        user_id: i64,
        now: Timestamp,
    ) -> db::Result<Self> {
        let since = now - LATELY;
        Ok(Self {
            refused: db::attention::refused(&mut *conn, scope, since).await?,
            unknown: db::attention::unknown(&mut *conn, scope).await?,
            wishes: db::attention::wishes(&mut *conn, scope).await?,
            unread: db::attention::unread(&mut *conn, scope).await?,
            unfinished: db::attention::unfinished(&mut *conn, scope, user_id, since).await?,
        })
    }
}

/// Everything, failures first.
pub fn items(desk: &Desk<'_>, states: &[SyncState], troubles: &Troubles) -> Vec<Item> {
    let Troubles { refused, unknown, wishes, unread, unfinished } = troubles;
    let mut items: Vec<Item> = states.iter().filter_map(|it| account(desk, it)).collect();
    items.extend(refused.iter().filter_map(|it| refusal(desk, it)));
    items.extend(unfinished.iter().map(|it| batch(desk, it)));
    items.extend(unread.iter().map(|it| unreadable(desk, it)));
    items.extend(unknown.iter().filter_map(|it| undecided(desk, it)));
    items.extend(wishes.iter().map(|it| wish(desk, it)));
    items
}

fn account(desk: &Desk<'_>, state: &SyncState) -> Option<Item> {
    let condition = Condition::of(state, desk.now);
    let stopped = match condition {
        Condition::Stopped => true,
        Condition::Failing => false,
        Condition::Paused
        | Condition::Never
        | Condition::Importing
        | Condition::Late
        | Condition::Working => return None,
    };
    let (lang, zone) = (desk.lang, format::zone(&state.time_zone));
    let fixes = stopped && workflow::accounts::may_set_up(desk.role());
    let settings = || format!("/settings/accounts/{}", state.account);
    Some(Item {
        icon: "fail",
        severity: lang.failed(),
        title: lang.named(&state.account_name, headline(lang, condition, state, &zone, desk.now)),
        order_id: None,
        details: state.last_success_at.map_or_else(String::new, |at| {
            lang.not_read_since(format::clock(lang, at, &zone, desk.now).text)
        }),
        href: if fixes { settings() } else { "/sync".to_owned() },
        label: if fixes { lang.fix() } else { lang.look() },
    })
}

/// A refused promise, as long as the same could still be asked for: otherwise the order has moved on.
fn refusal(desk: &Desk<'_>, refused: &Refused) -> Option<Item> {
    let lang = desk.lang;
    let kind = ActionKind::parse(&refused.kind)?;
    let spec = kind.spec();
    if !spec.allowed_from.contains(&Status::parse(&refused.status)) {
        return None;
    }
    let may = desk.role().may(spec.permission);
    Some(Item {
        icon: "fail",
        severity: lang.failed(),
        title: lang.promise(kind, State::Refused),
        details: where_and_when(desk, &refused.account_id, refused.at),
        href: order_href(&refused.account_id, &refused.order_id),
        order_id: Some(refused.order_id.clone()),
        label: if may { lang.correct() } else { lang.look() },
    })
}

fn undecided(desk: &Desk<'_>, unknown: &Unknown) -> Option<Item> {
    let lang = desk.lang;
    let kind = ActionKind::parse(&unknown.kind)?;
    let state = if unknown.needs_person { State::NeedsPerson } else { State::InDoubt };
    let decides = unknown.needs_person && desk.role().may(kind.spec().permission);
    Some(Item {
        icon: "warn",
        severity: lang.warning(),
        title: lang.promise(kind, state),
        details: where_and_when(desk, &unknown.account_id, unknown.since),
        href: if unknown.needs_person {
            format!("/promises/{}", unknown.promise_id)
        } else {
            order_href(&unknown.account_id, &unknown.order_id)
        },
        order_id: Some(unknown.order_id.clone()),
        label: if decides { lang.decide() } else { lang.look() },
    })
}

fn wish(desk: &Desk<'_>, wish: &Wish) -> Item {
    let lang = desk.lang;
    Item {
        icon: "warn",
        severity: lang.warning(),
        title: lang.customer_wants_to_cancel().to_owned(),
        details: where_and_when(desk, &wish.account_id, wish.since),
        href: order_href(&wish.account_id, &wish.order_id),
        order_id: Some(wish.order_id.clone()),
        label: lang.look(),
    }
}

/// A file, or a selection, of the reader's own.
fn batch(desk: &Desk<'_>, it: &Unfinished) -> Item {
    let lang = desk.lang;
    let at = format::clock(lang, it.at, &desk.zone, desk.now).text;
    Item {
        icon: "fail",
        severity: lang.failed(),
        title: lang.batch_unfinished(it.failed, it.rows, it.file_name.as_deref()),
        order_id: None,
        details: lang.sent_by_you(at),
        href: format!("/batches/{}", it.batch_id),
        label: lang.look(),
    }
}

fn unreadable(desk: &Desk<'_>, unread: &Unread) -> Item {
    let lang = desk.lang;
    Item {
        icon: "fail",
        severity: lang.failed(),
        title: lang.orders_unreadable(unread.orders),
        order_id: None,
        details: where_and_when(desk, &unread.account_id, unread.since),
        href: "/sync#h-faults".to_owned(),
        label: lang.look(),
    }
}

fn order_href(account: &str, order_id: &str) -> String {
    format::order_href(&AccountId(account.to_owned()), order_id)
}

fn where_and_when(desk: &Desk<'_>, account: &str, at: Timestamp) -> String {
    let when = format::clock(desk.lang, at, &desk.zone, desk.now).text;
    format!("{}, {when}", desk.account_name(account))
}
