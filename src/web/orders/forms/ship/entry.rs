//! What was typed into the ship form, exactly as it was typed, and what it means.
//!
//! Parsed by hand and without failing: whatever is strange about a field is a mistake to show, never a reason
//! to lose the rest.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::domain::action::Ship;
use crate::domain::action::ship;
use crate::domain::action::ship::Limits;
use crate::domain::order::Line;
use crate::domain::order::Status;
use crate::domain::tracking_template;
use crate::web::orders::Desk;
use crate::web::orders::action::Kept;
use crate::web::orders::action::Pairs;
use crate::web::orders::forms::ship::carriers::Carriers;
use crate::web::text::Lang;

/// The value of the list of carriers that stands for one that is not in it.
pub const OTHER: &str = "other";
/// The field that says that the form was opened from the scan box.
pub const SHIPPING: &str = "shipping";
/// More parcels than one order ever has.
const MAX_PARCELS: usize = 20;

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Born with the form.
    pub submission: String,
    /// At least one.
    pub parcels: Vec<Typed>,
    /// The warnings that were read.
    pub confirmed: Vec<String>,
    /// What the button says.
    pub step: Step,
    /// Whether the form was opened from the scan box.
    pub from_scan: bool,
    /// Whether the next order of the queue is wanted then.
    pub and_next: bool,
    /// What cannot be understood.
    pub strange: Vec<Strange>,
}

/// What was typed for one parcel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// The choice from the list, [`OTHER`], or nothing; free text where there is no list.
    pub carrier: String,
    /// The carrier that is not in the list.
    pub other: String,
    /// The tracking number.
    pub number: String,
    /// The tracking link.
    pub url: String,
    /// The lines in it.
    pub lines: Vec<String>,
}

/// What to do with the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Declare the parcels.
    Send,
    /// Show the links of carriers that are known.
    Fill,
    /// One more parcel.
    Add,
    /// Without that parcel, counted from 0.
    Remove(usize),
}

/// Something that no form of ours sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strange {
    /// A field that does not exist.
    Unknown(String),
    /// A field that came twice, with different values: parcel, counted from 0, and field.
    Twice(usize, &'static str),
    /// Too many parcels.
    TooMany,
}

impl Entry {
    /// An empty form, with everything that has to leave in one parcel.
    pub fn new(desk: &Desk, submission: Uuid) -> Self {
        let facts = desk.facts();
        let lines = to_leave(&ship::limits(&facts)).map(|it| it.id.clone()).collect();
        Self {
            submission: submission.to_string(),
            parcels: vec![Typed { lines, ..Typed::default() }],
            confirmed: Vec::new(),
            step: Step::Send,
            from_scan: false,
            and_next: false,
            strange: Vec::new(),
        }
    }

    /// Reads a posted form.
    pub fn parse(pairs: Pairs) -> Self {
        let mut entry = Self {
            submission: String::new(),
            parcels: Vec::new(),
            confirmed: Vec::new(),
            step: Step::Send,
            from_scan: false,
            and_next: false,
            strange: Vec::new(),
        };
        let mut parcels = BTreeMap::<usize, BTreeMap<&'static str, Vec<String>>>::new();
        let mut remove = None;
        for (name, value) in pairs {
            match (name.as_str(), parcel_field(&name)) {
                (_, Some((number, field))) => {
                    parcels.entry(number).or_default().entry(field).or_default().push(value);
                }
                ("submission", _) => entry.submission = value,
                ("from", _) => entry.from_scan = value == SHIPPING,
                ("confirm", _) => entry.confirmed.push(value),
                ("fill", _) => entry.step = Step::Fill,
                ("add", _) => entry.step = Step::Add,
                ("remove", _) => remove = value.parse::<usize>().ok(),
                ("send", _) => entry.and_next |= value == "next",
                _ => entry.strange.push(Strange::Unknown(name)),
            }
        }
        if parcels.len() > MAX_PARCELS {
            entry.strange.push(Strange::TooMany);
        }
        for (index, (number, mut fields)) in parcels.into_iter().take(MAX_PARCELS).enumerate() {
            if remove == Some(number) {
                entry.step = Step::Remove(index);
            }
            let lines = fields.remove("lines").unwrap_or_default();
            let mut one = |field| {
                let mut values = fields.remove(field).unwrap_or_default();
                let first = values.first().cloned().unwrap_or_default();
                values.retain(|it| *it != first);
                if !values.is_empty() {
                    entry.strange.push(Strange::Twice(index, field));
                }
                first
            };
            let [carrier, other] = ["carrier", "other"].map(&mut one);
            let [number, url] = ["number", "url"].map(&mut one);
            entry.parcels.push(Typed { carrier, other, number, url, lines });
        }
        if entry.parcels.is_empty() {
            entry.parcels.push(Typed::default());
        }
        entry
    }

    /// Fills in the links that were left empty, where the carrier's are known.
    pub fn fill_links(&mut self, carriers: &Carriers) {
        for typed in &mut self.parcels {
            let number = typed.parcel_number();
            if typed.url.trim().is_empty()
                && !number.is_empty()
                && let Some(template) = carriers.link_of(&typed.carrier_name())
            {
                typed.url = tracking_template::fill(template, &number);
            }
        }
    }

    /// Adds or removes a parcel, if that is what the button said. Says whether it was.
    pub fn take_step(&mut self, desk: &Desk) -> bool {
        let facts = desk.facts();
        let limits = ship::limits(&facts);
        match self.step {
            Step::Send => return false,
            Step::Add if limits.several_parcels && self.parcels.len() < MAX_PARCELS => {
                self.parcels.push(Typed::default());
            }
            Step::Remove(index) if self.parcels.len() > 1 => {
                self.parcels.remove(index);
            }
            Step::Fill | Step::Add | Step::Remove(_) => {}
        }
        true
    }

    /// What the form declares.
    pub fn ship(&self, desk: &Desk) -> Ship {
        let facts = desk.facts();
        let limits = ship::limits(&facts);
        Ship { parcels: self.parcels.iter().map(|typed| typed.parcel(&limits)).collect() }
    }

    /// All of it, to be shown where it cannot be taken up.
    pub fn kept(&self, lang: Lang) -> Kept {
        let mut kept = Kept::default();
        kept.hidden.push(("submission".to_owned(), self.submission.clone()));
        if self.from_scan {
            kept.hidden.push(("from".to_owned(), SHIPPING.to_owned()));
        }
        kept.hidden.extend(self.confirmed.iter().map(|it| ("confirm".to_owned(), it.clone())));
        for (number, typed) in (1..).zip(&self.parcels) {
            let name = |field: &str| format!("parcels[{number}].{field}");
            let mut keep = |label: &str, field: &str, value: &str| {
                let label = format!("{}{}{label}", lang.ship_parcel(number), lang.colon());
                kept.fields.push((label, name(field), value.to_owned()));
            };
            if typed.carrier == OTHER || typed.carrier.is_empty() {
                keep(lang.parcel_carrier(), "other", &typed.other);
                kept.hidden.push((name("carrier"), typed.carrier.clone()));
            } else {
                keep(lang.parcel_carrier(), "carrier", &typed.carrier);
                kept.hidden.push((name("other"), typed.other.clone()));
            }
            keep(lang.parcel_number(), "number", &typed.number);
            keep(lang.promise_link(), "url", &typed.url);
            kept.hidden.extend(typed.lines.iter().map(|it| (name("lines"), it.clone())));
        }
        kept
    }
}

impl Typed {
    /// Whether the carrier's name is the one in the text field.
    pub fn names_other(&self) -> bool {
        self.carrier == OTHER || (self.carrier.trim().is_empty() && !self.other.trim().is_empty())
    }

    fn carrier_name(&self) -> String {
        let carrier = if self.names_other() { &self.other } else { &self.carrier };
        carrier.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// People copy numbers in groups: `6A 2193 8475 603`.
    fn parcel_number(&self) -> String {
        self.number.split_whitespace().collect()
    }

    fn parcel(&self, limits: &Limits<'_>) -> ship::Parcel {
        let url = self.url.trim();
        // Where everything travels together there is nothing to choose, and nothing to send.
        let whole = self.lines.is_empty() && !limits.partial && !limits.several_parcels;
        let line_ids: Vec<String> = if whole {
            to_leave(limits).map(|it| it.id.clone()).collect()
        } else {
            let mut lines: Vec<String> = Vec::new();
            for line in &self.lines {
                if !lines.contains(line) {
                    lines.push(line.clone());
                }
            }
            lines
        };
        ship::Parcel {
            carrier: self.carrier_name(),
            number: self.parcel_number(),
            tracking_url: (!url.is_empty()).then(|| url.to_owned()),
            line_ids,
        }
    }
}

/// The lines that nobody wants to cancel. The others may have left already, which only a person knows.
pub fn to_leave<'a>(limits: &Limits<'a>) -> impl Iterator<Item = &'a Line> {
    limits.lines.iter().copied().filter(|it| it.status != Status::CancelRequest)
}

/// `parcels[2].number` is the field `number` of the parcel 2.
fn parcel_field(name: &str) -> Option<(usize, &'static str)> {
    let (number, field) = name.strip_prefix("parcels[")?.split_once("].")?;
    let number = number.parse().ok()?;
    let fields = ["carrier", "other", "number", "url", "lines"];
    fields.into_iter().find(|it| *it == field).map(|field| (number, field))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Pairs {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_form_is_read_whatever_the_order_and_the_numbers_of_its_fields() {
        let entry = Entry::parse(pairs(&[
            ("parcels[7].number", "B"),
            ("parcels[2].lines", "AY01"),
            ("parcels[2].number", "A"),
            ("parcels[2].lines", "AY02"),
            ("submission", "x"),
            ("remove", "7"),
        ]));
        assert_eq!(entry.step, Step::Remove(1));
        let numbers: Vec<_> = entry.parcels.iter().map(|it| it.number.as_str()).collect();
        assert_eq!(numbers, ["A", "B"]);
        assert_eq!(entry.parcels[0].lines, ["AY01", "AY02"]);
        assert_eq!(entry.strange, []);
    }

    #[test]
    fn what_is_strange_is_noted_and_the_rest_is_kept() {
        let entry = Entry::parse(pairs(&[
            ("parcels[1].number", "A"),
            ("parcels[1].number", "B"),
            ("parcels[1].weight", "3"),
            ("parcels[99999999999999999999].number", "C"),
            ("remove", "nonsense"),
            ("💥", ""),
        ]));
        assert_eq!(entry.parcels.len(), 1);
        assert_eq!(entry.parcels[0].number, "A");
        assert_eq!(entry.step, Step::Send);
        assert_eq!(entry.strange.len(), 4);
        assert_eq!(Entry::parse(Vec::new()).parcels, [Typed::default()]);
    }

    proptest::proptest! {
        #[test]
        fn any_form_is_read(fields in proptest::collection::vec(
            ("(parcels\\[[0-9]{0,3}\\]?\\.?)?[a-z]{0,8}", ".{0,9}"), 0..30)) {
            let entry = Entry::parse(fields);
            proptest::prop_assert!((1..=MAX_PARCELS).contains(&entry.parcels.len()));
        }
    }
}
