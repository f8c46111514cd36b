//! What is promised and not settled: how much, since when, and what holds it up.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::db::sync_states::Outbox;
use crate::db::sync_states::Refused;
use crate::db::unsent::Group;
use crate::domain::delivery::State;
use crate::domain::order::AccountId;
use crate::domain::trouble::Trouble;
use crate::web::components::Delivery;
use crate::web::components::Time;
use crate::web::format;
use crate::web::sync_page::name_of;
use crate::web::text::Lang;

/// How much there is in each state, over all accounts.
pub struct Totals {
    /// The mark of each state, and how many promises are in it.
    pub states: [(Delivery, String); 4],
    /// How many were refused lately.
    pub refused: String,
    /// The age of the oldest; none, if there is nothing.
    pub oldest: Option<String>,
}

impl Totals {
    /// The sums of the rows.
    pub fn of(lang: Lang, rows: &[Outbox], refused: &[Refused], now: Timestamp) -> Self {
        let states = [State::Queued, State::Sending, State::InDoubt, State::NeedsPerson];
        let oldest = rows.iter().map(|it| it.oldest_at).min();
        Self {
            states: states.map(|state| {
                let own = rows.iter().filter(|it| state_of(it) == state);
                let count = own.map(|it| it.promises).sum();
                (mark(lang, state), format::whole(count))
            }),
            refused: format::whole(refused.iter().map(|it| it.promises).sum()),
            oldest: oldest.map(|at| format::span(lang, now.duration_since(at))),
        }
    }
}

/// The promises of one account in one state.
pub struct OutboxView {
    /// The account's name.
    pub account: String,
    /// The state.
    pub delivery: Delivery,
    /// How many.
    pub promises: String,
    /// The age of the oldest.
    pub oldest: String,
}

impl OutboxView {
    /// A row.
    pub fn new(
        lang: Lang,
        outbox: &Outbox,
        names: &HashMap<AccountId, &str>,
        now: Timestamp,
    ) -> Self {
        Self {
            account: name_of(names, &outbox.account),
            delivery: mark(lang, state_of(outbox)),
            promises: format::whole(outbox.promises),
            oldest: format::span(lang, now.duration_since(outbox.oldest_at)),
        }
    }
}

/// A word that this program does not know is somebody's to look at.
fn state_of(outbox: &Outbox) -> State {
    State::parse(&outbox.state).unwrap_or(State::NeedsPerson)
}

fn mark(lang: Lang, state: State) -> Delivery {
    Delivery::new(state, lang.delivery_state(state).to_owned())
}

/// The promises of one account that the same cause holds up.
pub struct GroupView {
    /// The account.
    pub account_id: String,
    /// Its name.
    pub account: String,
    /// The cause's word, for the form.
    pub trouble: String,
    /// The cause in words.
    pub cause: &'static str,
    /// What to do about it.
    pub advice: &'static str,
    /// How many.
    pub promises: String,
    /// When the oldest was made.
    pub first: Time,
    /// When the newest was.
    pub last: Time,
    /// When the first of them is tried again.
    pub next_try: String,
    /// The words of the button; none, while trying is of no use.
    pub retry: Option<String>,
}

impl GroupView {
    /// A row.
    pub fn new(
        lang: Lang,
        group: Group,
        names: &HashMap<AccountId, &str>,
        paused: bool,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Self {
        let trouble = Trouble::parse(&group.trouble);
        let promises = format::whole(group.promises);
        let next_try = if paused {
            lang.unsent_when_resumed().to_owned()
        } else if group.next_at <= now {
            lang.now_running().to_owned()
        } else {
            format::until(lang, group.next_at, now)
        };
        let retry = match group.promises {
            1 => lang.unsent_retry_one().to_owned(),
            _ => lang.unsent_retry(&promises),
        };
        Self {
            account: name_of(names, &group.account),
            account_id: group.account.0,
            cause: lang.unsent_trouble(trouble),
            advice: lang.unsent_advice(trouble),
            trouble: group.trouble,
            first: format::clock(lang, group.oldest_at, zone, now),
            last: format::clock(lang, group.newest_at, zone, now),
            promises,
            next_try,
            retry: (!paused).then_some(retry),
        }
    }
}

/// The promises of one account that were refused for the same reason.
pub struct RefusedView {
    /// The account's name.
    pub account: String,
    /// The reason in words.
    pub cause: &'static str,
    /// What to do about it.
    pub advice: &'static str,
    /// How many.
    pub promises: String,
    /// When the first was.
    pub first: Time,
    /// When the last was.
    pub last: Time,
}

impl RefusedView {
    /// A row.
    pub fn new(
        lang: Lang,
        refused: &Refused,
        names: &HashMap<AccountId, &str>,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Self {
        let [cause, advice] = lang.refused_cause(refused.why.as_deref());
        Self {
            account: name_of(names, &refused.account),
            cause,
            advice,
            promises: format::whole(refused.promises),
            first: format::clock(lang, refused.first_at, zone, now),
            last: format::clock(lang, refused.last_at, zone, now),
        }
    }
}
