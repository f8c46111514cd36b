//! Whether what the page says can be relied on, in one line.

use crate::db::sync_states::Outbox;
use crate::db::sync_states::SyncState;
use crate::web::dashboard::Desk;
use crate::web::format;
use crate::web::sync_page::condition::Condition;
use crate::web::sync_page::condition::headline;

/// One thing that works, or does not.
#[derive(Debug)]
pub struct Health {
    /// `ok`, `info`, `warn` or `fail`, for `data-icon`.
    pub icon: &'static str,
    /// What.
    pub name: String,
    /// How it is.
    pub text: String,
    /// Whether the sync page has more to say of it.
    pub more: bool,
}

/// The reading of all accounts, the sending, then each account.
pub fn of(desk: &Desk<'_>, states: &[SyncState], outbox: &[Outbox]) -> Vec<Health> {
    let mut health = vec![sending(desk, outbox)];
    health.extend(states.iter().map(|it| account(desk, it)));
    health
}

fn sending(desk: &Desk<'_>, outbox: &[Outbox]) -> Health {
    let lang = desk.lang;
    let promises: i64 = outbox.iter().map(|it| it.promises).sum();
    let oldest = outbox.iter().map(|it| it.oldest_at).min();
    let text = match oldest {
        Some(oldest) => {
            let age = format::span(lang, desk.now.duration_since(oldest));
            lang.actions_waiting(promises, &age)
        }
        None => lang.no_action_waits().to_owned(),
    };
    // What is paused stands at the top of every page.
    let paused = desk.signed_in.pauses.iter().any(|it| desk.accounts().any(|a| a.id == it.account));
    let icon = if paused { "warn" } else { "ok" };
    Health { icon, name: lang.actions().to_owned(), text, more: paused }
}

fn account(desk: &Desk<'_>, state: &SyncState) -> Health {
    let (lang, zone) = (desk.lang, format::zone(&state.time_zone));
    let condition = Condition::of(state, desk.now);
    let text = match (condition, state.last_success_at) {
        (Condition::Working, Some(at)) => lang.read_ago(format::ago(lang, at, desk.now)),
        _ => headline(lang, condition, state, &zone, desk.now),
    };
    Health {
        icon: condition.icon(),
        name: state.account_name.clone(),
        text,
        more: condition != Condition::Working,
    }
}
