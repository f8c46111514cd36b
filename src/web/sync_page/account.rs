//! One account's mirror: how it is, in words, and the figures behind them.

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::db::api_calls::Calls;
use crate::db::pauses::Pause;
use crate::db::sync_states::SyncState;
use crate::domain::pace;
use crate::web::components::Time;
use crate::web::format;
use crate::web::sync_page::condition::Condition;
use crate::web::sync_page::condition::headline;
use crate::web::text::Lang;

/// For how long it is told what came of somebody's wish.
const NEWS: SignedDuration = SignedDuration::from_mins(10);

/// The panel of an account.
pub struct AccountView {
    /// Its key.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it is.
    pub condition: Condition,
    /// For `data-icon`.
    pub icon: &'static str,
    /// The same in words.
    pub state: String,
    /// What to do, if something is to be done.
    pub advice: Option<Advice>,
    /// How far the first import is.
    pub progress: Option<Progress>,
    /// What came of a reading that somebody asked for.
    pub asked: Option<String>,
    /// The figures.
    pub facts: Vec<(&'static str, Fact)>,
}

/// What to do.
pub struct Advice {
    /// What is wrong.
    pub what: String,
    /// The marketplace's words.
    pub words: Option<String>,
    /// What to do next.
    pub next: &'static str,
}

/// How far the first import is.
pub struct Progress {
    /// Orders read.
    pub read: i64,
    /// Orders there are.
    pub total: i64,
    /// The same in words.
    pub text: String,
}

/// A figure.
pub enum Fact {
    /// In words.
    Text(String),
    /// An instant.
    At {
        /// When.
        time: Time,
        /// How long ago.
        relative: Option<String>,
    },
}

/// What is known of an account beside its state.
pub struct Known<'a> {
    /// Orders in the mirror.
    pub orders: i64,
    /// Whether its sending is paused.
    pub pause: Option<&'a Pause>,
    /// Its calls of the last hour.
    pub calls: Option<&'a Calls>,
}

impl AccountView {
    /// At that moment.
    pub fn new(lang: Lang, state: SyncState, known: &Known<'_>, now: Timestamp) -> Self {
        let zone = format::zone(&state.time_zone);
        let condition = Condition::of(&state, now);
        Self {
            condition,
            icon: condition.icon(),
            state: headline(lang, condition, &state, &zone, now),
            advice: advice(lang, condition, &state),
            progress: progress(lang, &state, now),
            asked: asked(lang, &state, &zone, now),
            facts: facts(lang, &state, known, &zone, now),
            id: state.account.0,
            name: state.account_name,
        }
    }
}

fn advice(lang: Lang, condition: Condition, state: &SyncState) -> Option<Advice> {
    let simple = |next| Some(Advice { what: String::new(), words: None, next });
    match condition {
        Condition::Stopped | Condition::Failing => {
            let [what, next] = lang.trouble(state.failure);
            let words = state.failure_words.clone().filter(|it| !it.is_empty());
            Some(Advice { what: what.to_owned(), words, next })
        }
        Condition::Never => simple(lang.sync_never_next()),
        Condition::Late => simple(lang.sync_late_next()),
        Condition::Paused => simple(lang.sync_paused_next()),
        Condition::Importing | Condition::Working => None,
    }
}

/// How far the first import is, and how long it still takes; nothing once it is complete. The marketplace's number
/// may be overtaken by orders that came meanwhile.
fn progress(lang: Lang, state: &SyncState, now: Timestamp) -> Option<Progress> {
    let total = state.backfill_total.filter(|_| state.backfilled_at.is_none())?;
    let (read, total) = (state.backfill_read, total.max(state.backfill_read));
    let mut text = lang.sync_imported(format::whole(read), format::whole(total));
    // The pace of the reading under way: one that broke off may have rested for hours.
    let under_way = state.last_attempt_at.filter(|_| state.failing_since.is_none());
    let left = under_way
        .and_then(|at| pace::remaining(state.reading_read, now.duration_since(at), total - read));
    if let Some(left) = left {
        text = format!("{text}, {}", lang.sync_time_left(format::span(lang, left)));
    }
    Some(Progress { read, total: total.max(1), text })
}

/// What came of a reading that somebody asked for a moment ago. A failure is told by the state itself.
fn asked(lang: Lang, state: &SyncState, zone: &TimeZone, now: Timestamp) -> Option<String> {
    let asked_at = state.hurried_at.filter(|at| now.duration_since(*at) < NEWS)?;
    let at = |at| format::clock(lang, at, zone, now).text;
    let began = state.last_attempt_at.is_some_and(|it| it >= asked_at);
    match state.last_success_at {
        Some(done) if done > asked_at => {
            let orders = lang.orders_counted(state.last_read.unwrap_or_default());
            Some(lang.sync_asked_done(at(done), orders))
        }
        _ if state.failing_since.is_some() && began => None,
        _ if began => Some(lang.sync_asked_running(lang.orders_counted(state.reading_read))),
        _ => Some(lang.sync_asked(at(asked_at))),
    }
}

fn facts(
    lang: Lang,
    state: &SyncState,
    known: &Known<'_>,
    zone: &TimeZone,
    now: Timestamp,
) -> Vec<(&'static str, Fact)> {
    let past = |at: Option<Timestamp>| match at {
        Some(at) => Fact::At {
            time: format::clock(lang, at, zone, now),
            relative: Some(format::ago(lang, at, now)),
        },
        None => Fact::Text(lang.never().to_owned()),
    };
    let next = if state.last_attempt_at.is_none() {
        Fact::Text(lang.as_soon_as_possible().to_owned())
    } else if state.next_pull_at <= now {
        Fact::Text(lang.now_running().to_owned())
    } else {
        Fact::At { time: format::clock(lang, state.next_pull_at, zone, now), relative: None }
    };
    let sending = match known.pause {
        Some(pause) => lang.sending_paused_since(format::clock(lang, pause.since, zone, now).text),
        None => lang.sending_works().to_owned(),
    };
    let last_read = state.last_read.map_or_else(|| lang.never().to_owned(), format::whole);
    vec![
        (lang.last_success(), past(state.last_success_at)),
        (lang.mirrored_up_to(), past(state.cursor_at)),
        (lang.next_read(), next),
        (lang.sync_last_read(), Fact::Text(last_read)),
        (lang.orders_in_mirror(), Fact::Text(format::whole(known.orders))),
        (lang.sync_calls(), Fact::Text(calls(lang, state.calls_per_second, known.calls))),
        (lang.carriers_read(), past(state.carriers_read_at)),
        (lang.swept(), past(state.swept_at)),
        (lang.sending_of_account(), Fact::Text(sending)),
    ]
}

/// How many calls, of how many that the worker would make at most.
fn calls(lang: Lang, per_second: Option<i32>, calls: Option<&Calls>) -> String {
    let made = format::whole(calls.map_or(0, |it| it.made));
    let text = match per_second {
        Some(limit) => lang.sync_calls_of(made, format::whole(i64::from(limit) * 3600)),
        None => lang.sync_calls_unlimited(made),
    };
    match calls.map(|it| it.limited).filter(|it| *it > 0) {
        Some(limited) => format!("{text}; {}", lang.sync_calls_limited(format::whole(limited))),
        None => text,
    }
}
