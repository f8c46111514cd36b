//! How an account's mirror is, in one word, and in a few.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::db::sync_states::SyncState;
use crate::domain::trouble::Trouble;
use crate::web::format;
use crate::web::layout::STALE_AFTER;
use crate::web::text::Lang;

/// What to say of an account, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    Paused,
    Stopped,
    Failing,
    Never,
    Importing,
    Late,
    Working,
}

impl Condition {
    /// At that moment.
    pub fn of(state: &SyncState, now: Timestamp) -> Self {
        // A cause that this program has no word for is a failure all the same.
        let failing = state.failing_since.is_some() || state.failure.is_some();
        let late = state.last_success_at.is_none_or(|at| now.duration_since(at) >= STALE_AFTER);
        match state.failure {
            _ if state.reading_paused_at.is_some() => Self::Paused,
            Some(Trouble::CredentialsRefused) => Self::Stopped,
            _ if failing => Self::Failing,
            _ if state.backfilled_at.is_some() && late => Self::Late,
            _ if state.backfilled_at.is_some() => Self::Working,
            _ if state.backfill_total.is_some() => Self::Importing,
            _ => Self::Never,
        }
    }

    /// For `data-sync`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Failing => "failing",
            Self::Never => "never",
            Self::Importing => "importing",
            Self::Late => "late",
            Self::Working => "working",
        }
    }

    /// For `data-icon`.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Stopped | Self::Failing => "fail",
            Self::Never | Self::Importing => "info",
            Self::Late | Self::Paused => "warn",
            Self::Working => "ok",
        }
    }
}

/// What to say of it, in a few words.
pub fn headline(
    lang: Lang,
    condition: Condition,
    state: &SyncState,
    zone: &TimeZone,
    now: Timestamp,
) -> String {
    let since = || {
        let at = state.failing_since.unwrap_or(now);
        format::clock(lang, at, zone, now).text
    };
    match condition {
        Condition::Paused => {
            let at = state.reading_paused_at.unwrap_or(now);
            lang.sync_paused(format::clock(lang, at, zone, now).text)
        }
        Condition::Stopped => lang.sync_stopped(since()),
        Condition::Failing => lang.sync_failing(since()),
        Condition::Never => lang.sync_never().to_owned(),
        Condition::Importing => lang.sync_importing().to_owned(),
        Condition::Late => {
            let age = state.last_success_at.map(|at| now.duration_since(at));
            lang.sync_late(format::span(lang, age.unwrap_or_default()))
        }
        Condition::Working => lang.sync_working().to_owned(),
    }
}
