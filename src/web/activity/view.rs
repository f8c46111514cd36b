//! An entry as it stands on the page and in the file.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::db::audit::Found;
use crate::domain::audit::Actor;
use crate::domain::audit::Outcome;
use crate::domain::delivery::State;
use crate::domain::order::AccountId;
use crate::web::components::Delivery;
use crate::web::components::Time;
use crate::web::format;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

/// Everybody who can stand in the audit: keys and names.
#[derive(Debug)]
pub struct People(pub Vec<(i64, String)>);

impl People {
    /// What a user is called.
    pub fn name(&self, user: i64) -> Option<&str> {
        self.0.iter().find(|(id, _)| *id == user).map(|(_, name)| name.as_str())
    }
}

/// A row of the page.
#[derive(Debug)]
pub struct RowView {
    /// When, with seconds.
    pub time: Time,
    /// Who.
    pub who: String,
    /// From which address.
    pub peer: Option<String>,
    /// What they did.
    pub what: String,
    /// More about it.
    pub details: Vec<String>,
    /// The order's address and number.
    pub order: Option<(String, String)>,
    /// The seller account's name.
    pub account: Option<String>,
    /// How it ended.
    pub result: Delivery,
}

impl RowView {
    /// An entry as that reader sees it.
    pub fn new(
        signed_in: &SignedIn,
        people: &People,
        entry: &Found,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Self {
        let lang = signed_in.lang;
        let account = signed_in.accounts.iter().find(|it| it.id.0 == entry.account);
        let order = entry
            .order_id
            .as_ref()
            .map(|id| (format::order_href(&AccountId(entry.account.clone()), id), id.clone()));
        Self {
            time: time(lang, entry.at, zone, now),
            who: who(lang, people, entry),
            peer: entry.peer.clone(),
            what: what(lang, people, entry),
            details: entry.act.as_ref().map(|it| lang.act_details(it)).unwrap_or_default(),
            order,
            account: account.map(|it| it.name.clone()),
            result: Delivery::new(mark(entry.outcome), lang.outcome(entry.outcome).to_owned()),
        }
    }
}

/// A day and a time with seconds: which came first is what an audit is asked.
fn time(lang: Lang, at: Timestamp, zone: &TimeZone, now: Timestamp) -> Time {
    let day = format::day(lang, at, zone, now).text;
    let clock = at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string();
    Time { iso: at.to_string(), text: format!("{day}, {clock}") }
}

/// Who did it: persons, imports, the marketplace and this program are told apart.
pub fn who(lang: Lang, people: &People, entry: &Found) -> String {
    let Some(user) = entry.user else { return lang.actor(entry.actor).to_owned() };
    let name = name(lang, people, user);
    match entry.actor {
        Actor::Import => lang.activity_imported(name),
        Actor::Person | Actor::Comptoir | Actor::Marketplace | Actor::CommandLine => name,
    }
}

/// What was done, in words.
pub fn what(lang: Lang, people: &People, entry: &Found) -> String {
    match &entry.act {
        Some(act) => lang.act(act, |user| name(lang, people, user)),
        None => lang.activity_unknown(&entry.kind),
    }
}

fn name(lang: Lang, people: &People, user: i64) -> String {
    people.name(user).map_or_else(|| lang.activity_user(user), str::to_owned)
}

const fn mark(outcome: Outcome) -> State {
    match outcome {
        Outcome::Done => State::Confirmed,
        Outcome::Pending => State::Queued,
        Outcome::Refused => State::Refused,
        Outcome::Unknown => State::NeedsPerson,
    }
}
