//! What people are told without asking, and whom.

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use crate::domain::action::ActionKind;
use crate::domain::operator::Permission;
use crate::domain::operator::Role;

/// A deadline is near from then on.
pub const NEAR: SignedDuration = SignedDuration::from_hours(2);
/// Near deadlines of an account are told no more often: a busy afternoon must not become noise.
pub const DUE_NOT_SOONER: SignedDuration = SignedDuration::from_mins(30);
/// What ended longer ago when a worker looks is history.
pub const TOLD_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// For how long notifications are kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Letters wait so long for what else there is to tell: one letter, not five.
pub const LETTER_WAITS: SignedDuration = SignedDuration::from_secs(30);

/// What there is to tell. No field may hold anything of a customer.
///
/// The JSON of this type is stored: never rename a variant or a field, only add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fact {
    /// So many orders must be shipped within [`NEAR`].
    DueSoon {
        /// How many.
        orders: i64,
        /// The first deadline.
        first_by: Timestamp,
    },
    /// Actions were refused.
    Refused(Ended),
    /// Nobody can find out what became of actions: a person has to decide.
    NeedsPerson(Ended),
    /// The marketplace refuses the account's credentials.
    CredentialsRefused,
    /// The account's day.
    Digest(Digest),
}

/// Actions that ended where somebody has to look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// How many.
    pub actions: i64,
    /// The one, if it is one.
    pub one: Option<One>,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct One {
    /// The promise.
    pub promise: Uuid,
    /// Its order.
    pub order_id: String,
    /// What was promised.
    pub action: ActionKind,
}

/// An account's day in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Digest {
    /// Orders whose deadline has passed.
    pub overdue: i64,
    /// Orders to ship until the end of the day.
    pub due_today: i64,
    /// Orders that wait for acceptance.
    pub to_accept: i64,
    /// Actions that wait for a person.
    pub to_decide: i64,
    /// Actions refused in the last 24 hours.
    pub refused: i64,
}

impl Digest {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The kinds, for people to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// [`Fact::DueSoon`]
    DueSoon,
    /// [`Fact::Refused`]
    Refused,
    /// [`Fact::NeedsPerson`]
    NeedsPerson,
    /// [`Fact::CredentialsRefused`]
    CredentialsRefused,
    /// [`Fact::Digest`]
    Digest,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::DueSoon, Self::Refused, Self::NeedsPerson, Self::CredentialsRefused, Self::Digest];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DueSoon => "due_soon",
            Self::Refused => "refused",
            Self::NeedsPerson => "needs_person",
            Self::CredentialsRefused => "credentials_refused",
            Self::Digest => "digest",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Whether somebody with that role is told of it, whoever asked for what it is about. Who asked for an action
    /// hears of its end in any case.
    pub const fn concerns(self, role: Role) -> bool {
        match self {
            Self::DueSoon => role.may(Permission::Ship) || matches!(role, Role::Manager),
            Self::Refused | Self::NeedsPerson => matches!(role, Role::Manager),
            Self::CredentialsRefused => role.may(Permission::Settings),
            Self::Digest => !matches!(role, Role::Viewer),
        }
    }
}

impl Fact {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::DueSoon { .. } => Kind::DueSoon,
            Self::Refused(_) => Kind::Refused,
            Self::NeedsPerson(_) => Kind::NeedsPerson,
            Self::CredentialsRefused => Kind::CredentialsRefused,
            Self::Digest(_) => Kind::Digest,
        }
    }
}

/// How long to wait after that many tries, before something that leaves the house is tried again: one minute, two,
/// four, … an hour at most, for half a day. None, when it is given up.
pub fn again(attempts: i32) -> Option<SignedDuration> {
    const TRIES: i32 = 16;
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(10);
    let pause = SignedDuration::from_mins(2_i64.pow(doublings)).min(SignedDuration::from_hours(1));
    (attempts < TRIES).then_some(pause)
}

/// The actions that ended, as one fact for whoever they concern.
pub fn ended(mut actions: Vec<One>) -> Option<Ended> {
    let count = i64::try_from(actions.len()).unwrap_or(i64::MAX);
    let last = actions.pop()?;
    Some(Ended { actions: count, one: actions.is_empty().then_some(last) })
}

/// The day whose digest is due: today, once its hour has come. An hour that a change of the clock leaves out comes
/// when the clock passes it; one that comes twice counts the first time.
pub fn digest_day(hour: i8, now: Timestamp, zone: &TimeZone) -> Option<Date> {
    let today = now.to_zoned(zone.clone()).date();
    let begins = today.at(hour, 0, 0, 0).to_zoned(zone.clone()).ok()?;
    (begins.timestamp() <= now).then_some(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(hour: i8, now: &str) -> Option<String> {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        digest_day(hour, now.parse().unwrap(), &zone).map(|it| it.to_string())
    }

    #[test]
    fn a_digest_is_due_from_its_hour_to_the_end_of_the_day() {
        assert_eq!(day(8, "2026-11-19T06:59:59Z"), None);
        assert_eq!(day(8, "2026-11-19T07:00:00Z").as_deref(), Some("2026-11-19"));
        assert_eq!(day(8, "2026-11-19T22:59:59Z").as_deref(), Some("2026-11-19"));
        assert_eq!(day(8, "2026-11-19T23:00:00Z"), None, "the next day has begun");
        assert_eq!(day(0, "2026-11-19T23:00:00Z").as_deref(), Some("2026-11-20"));
        assert_eq!(day(8, "2026-07-19T06:00:00Z").as_deref(), Some("2026-07-19"), "in summer");
    }

    #[test]
    fn changes_of_the_clock_neither_lose_nor_repeat_one() {
        // 29 March 2026: 2:00 does not exist; the clock passes it at 3:00, 1:00 UTC.
        assert_eq!(day(2, "2026-03-29T00:59:59Z"), None);
        assert_eq!(day(2, "2026-03-29T01:00:00Z").as_deref(), Some("2026-03-29"));
        // 25 October 2026: 2:00 comes at 0:00 UTC and at 1:00 UTC. Both are of the same day, told once.
        assert_eq!(day(2, "2026-10-24T23:59:59Z"), None);
        assert_eq!(day(2, "2026-10-25T00:00:00Z").as_deref(), Some("2026-10-25"));
        assert_eq!(day(2, "2026-10-25T01:00:00Z").as_deref(), Some("2026-10-25"));
    }

    #[test]
    fn every_kind_has_a_word_and_facts_are_kept_under_it() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        let json = serde_json::to_value(Fact::CredentialsRefused).unwrap();
        assert_eq!(json["kind"], Kind::CredentialsRefused.as_str());
        let one = One { promise: Uuid::nil(), order_id: "A1".to_owned(), action: ActionKind::Ship };
        for fact in [
            Fact::DueSoon { orders: 5, first_by: Timestamp::UNIX_EPOCH },
            Fact::Refused(ended(vec![one.clone()]).unwrap()),
            Fact::NeedsPerson(ended(vec![one.clone(), one]).unwrap()),
            Fact::Digest(Digest { overdue: 3, ..Digest::default() }),
        ] {
            let json = serde_json::to_value(&fact).unwrap();
            assert_eq!(json["kind"], fact.kind().as_str());
            assert_eq!(serde_json::from_value::<Fact>(json).unwrap(), fact);
        }
    }

    #[test]
    fn what_does_not_get_out_is_tried_for_half_a_day() {
        assert_eq!(again(1), Some(SignedDuration::from_mins(1)));
        assert_eq!(again(3), Some(SignedDuration::from_mins(4)));
        assert_eq!(again(15), Some(SignedDuration::from_hours(1)));
        assert_eq!(again(16), None);
        let all: SignedDuration = (1..16).filter_map(again).sum();
        assert!(all > SignedDuration::from_hours(9), "{all}");
    }

    #[test]
    fn many_ends_are_one_sentence() {
        let one = |n: u128| One {
            promise: Uuid::from_u128(n),
            order_id: n.to_string(),
            action: ActionKind::Ship,
        };
        assert_eq!(ended(Vec::new()), None);
        assert_eq!(ended(vec![one(1)]), Some(Ended { actions: 1, one: Some(one(1)) }));
        assert_eq!(ended(vec![one(1), one(2)]), Some(Ended { actions: 2, one: None }));
    }

    #[test]
    fn nobody_is_told_what_they_cannot_act_on() {
        let told = |role: Role| -> Vec<&str> {
            Kind::ALL.into_iter().filter(|it| it.concerns(role)).map(Kind::as_str).collect()
        };
        assert_eq!(told(Role::Viewer), Vec::<&str>::new());
        assert_eq!(told(Role::Warehouse), ["due_soon", "digest"]);
        assert_eq!(told(Role::CustomerService), ["digest"]);
        assert_eq!(told(Role::Manager), ["due_soon", "refused", "needs_person", "digest"]);
        assert_eq!(told(Role::Admin), ["due_soon", "credentials_refused", "digest"]);
    }
}
