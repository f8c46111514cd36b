//! What is looked for, as the address says it: whatever stands there, there is a page.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::form_urlencoded::Serializer;

use crate::db::audit::Found;
use crate::db::audit::Position;
use crate::domain::audit::Outcome;
use crate::domain::audit::Topic;
use crate::web::activity::view::People;

/// Parameters of the address.
pub const PERSON: &str = "person";
/// See [`PERSON`].
pub const TOPIC: &str = "topic";
/// See [`PERSON`].
pub const OUTCOME: &str = "result";
/// See [`PERSON`].
pub const FROM: &str = "from";
/// See [`PERSON`].
pub const TO: &str = "to";
const ORDER: &str = "order";
const AFTER: &str = "after";

/// A filter that was left out: its parameter and its value.
pub type Misread = (&'static str, String);

/// What the visitor wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// One user's own.
    pub person: Option<i64>,
    /// What it is about.
    pub topic: Option<Topic>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The order's number.
    pub order: Option<String>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// Where the page starts, if not at the newest.
    pub place: Option<Position>,
}

impl Selection {
    /// Reads the address. What has no meaning is left out and told; parameters of other names are none of ours.
    pub fn parse(pairs: &[(String, String)]) -> (Self, Vec<Misread>) {
        let (mut selection, mut misread) = (Self::default(), Vec::new());
        for (name, value) in pairs {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let known = match name.as_str() {
                PERSON => set(&mut selection.person, value.parse().ok(), PERSON),
                TOPIC => set(&mut selection.topic, Topic::parse(value), TOPIC),
                OUTCOME => set(&mut selection.outcome, Outcome::parse(value), OUTCOME),
                FROM => set(&mut selection.from, date(value), FROM),
                TO => set(&mut selection.to, date(value), TO),
                ORDER => set(&mut selection.order, Some(value.to_owned()), ORDER),
                // A place that cannot be read is the beginning.
                AFTER => set(&mut selection.place, position(value), AFTER).or(Ok(())),
                _ => Ok(()),
            };
            misread.extend(known.err().map(|name| (name, value.to_owned())));
        }
        (selection, misread)
    }

    /// Leaves out a person whom nobody knows, and persons altogether for who only sees their own entries.
    pub fn keep_known(&mut self, people: &People, sees_all: bool, misread: &mut Vec<Misread>) {
        let Some(person) = self.person else { return };
        if !sees_all || people.name(person).is_none() {
            self.person = None;
            misread.push((PERSON, person.to_string()));
        }
    }

    /// The address of this page.
    pub fn href(&self) -> String {
        self.address("/activity")
    }

    /// The address of a file of all this, whatever page is shown.
    pub fn export_href(&self) -> String {
        self.first_page().address("/activity/export")
    }

    /// The same from the newest on.
    pub fn first_page(&self) -> Self {
        Self { place: None, ..self.clone() }
    }

    /// The address of the page after that entry.
    pub fn after(&self, last: &Found) -> String {
        Self { place: Some(place(last)), ..self.clone() }.href()
    }

    fn address(&self, path: &str) -> String {
        let mut query = Serializer::new(String::new());
        let mut add = |name, value: Option<String>| {
            query.extend_pairs(value.map(|it| (name, it)));
        };
        add(PERSON, self.person.map(|it| it.to_string()));
        add(TOPIC, self.topic.map(|it| it.as_str().to_owned()));
        add(OUTCOME, self.outcome.map(|it| it.as_str().to_owned()));
        add(ORDER, self.order.clone());
        add(FROM, self.from.map(|it| it.to_string()));
        add(TO, self.to.map(|it| it.to_string()));
        add(AFTER, self.place.map(|it| format!("{}.{}", it.at.as_microsecond(), it.seq)));
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// Whether anything is filtered.
    pub fn is_filtered(&self) -> bool {
        self.first_page() != Self::default()
    }

    /// The first day's midnight in that zone.
    pub fn begin(&self, zone: &TimeZone) -> Timestamp {
        self.from.and_then(|it| midnight(it, zone)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The midnight after the last day.
    pub fn end(&self, zone: &TimeZone) -> Position {
        let end = self.to.and_then(|it| it.tomorrow().ok()).and_then(|it| midnight(it, zone));
        Position { at: end.unwrap_or(END_OF_TIME), seq: 0 }
    }
}

/// After everything that can be written down: the year 9999, in which the database and jiff still agree.
const END_OF_TIME: Timestamp = Timestamp::constant(253_370_764_800, 0);

/// The place of an entry.
pub const fn place(entry: &Found) -> Position {
    Position { at: entry.at, seq: entry.seq }
}

fn set<T>(field: &mut Option<T>, value: Option<T>, name: &'static str) -> Result<(), &'static str> {
    *field = Some(value.ok_or(name)?);
    Ok(())
}

fn midnight(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    date.to_zoned(zone.clone()).ok().map(|it| it.timestamp())
}

/// A day as `<input type="date">` sends it.
fn date(value: &str) -> Option<Date> {
    let date: Date = value.parse().ok()?;
    (value.len() == 10 && (1990..=2200).contains(&date.year())).then_some(date)
}

fn position(value: &str) -> Option<Position> {
    let (at, seq) = value.split_once('.')?;
    let at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
    let known = Timestamp::UNIX_EPOCH..END_OF_TIME;
    Some(Position { at, seq: seq.parse().ok()? }).filter(|it| known.contains(&it.at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> (Selection, Vec<Misread>) {
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Selection::parse(&pairs)
    }

    #[test]
    fn addresses_are_read_as_they_are_written() {
        for query in [
            "",
            "person=3&topic=gesture&result=refused&order=A%2F1&from=2026-11-01&to=2026-11-19",
            "topic=sign_in&after=1763557920000000.17",
        ] {
            let (selection, misread) = parse(query);
            let path = if query.is_empty() { "/activity" } else { "/activity?" };
            assert_eq!((selection.href(), misread), (format!("{path}{query}"), vec![]));
        }
    }

    #[test]
    fn what_has_no_meaning_is_told_and_the_rest_is_kept() {
        let (selection, misread) =
            parse("person=me&topic=x&result=good&from=2026-02-30&to=soon&order=A1&after=1&x=y");
        assert_eq!(selection.href(), "/activity?order=A1");
        let names: Vec<_> = misread.iter().map(|it| it.0).collect();
        assert_eq!(names, [PERSON, TOPIC, OUTCOME, FROM, TO]);
    }
}
