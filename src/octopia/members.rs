//! Objects whose spelling no public document shows, read member by member.
//!
//! Serde's aliases would not do: they refuse an object that has two of the spellings, and one
//! unreadable member would cost the others. Here it is absent, like one that is not there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::octopia::error::Error;
use crate::octopia::lenient;
use crate::octopia::lists;
use crate::octopia::problem;

/// Where the documents' "rejections or errors" of an item may be.
const ERRORS: [&str; 4] = ["errors", "error", "errorMessages", "rejections"];

/// The members of one object. `requestId`, `request_id` and `RequestId` are one name.
pub(super) struct Members<'a> {
    named: BTreeMap<String, &'a RawValue>,
}

impl<'a> Members<'a> {
    /// `None` for anything but an object.
    pub(super) fn of(raw: &'a RawValue) -> Option<Self> {
        let spelled: BTreeMap<String, &RawValue> = serde_json::from_str(raw.get()).ok()?;
        let mut named = BTreeMap::new();
        for (name, value) in spelled {
            if value.get() != "null" {
                named.entry(folded(&name)).or_insert(value);
            }
        }
        Some(Self { named })
    }

    /// The members of the object that an answer is, or of the first one in a list.
    pub(super) fn of_answer(body: &'a str) -> Result<Self, Error> {
        (lists::one_or_many(body)?.into_iter().find_map(Self::of))
            .ok_or_else(|| lists::unreadable("$", "expected an object"))
    }

    /// The first of `names` that is there and readable as a text; likewise below.
    pub(super) fn text(&self, names: &[&str]) -> Option<String> {
        self.first(names, |raw| lenient::to_text(raw).ok().flatten())
    }

    /// An amount or a rate.
    pub(super) fn decimal(&self, names: &[&str]) -> Option<Decimal> {
        self.first(names, |raw| lenient::to_decimal(raw).ok().flatten())
    }

    /// A yes or no.
    pub(super) fn boolean(&self, names: &[&str]) -> Option<bool> {
        self.first(names, |raw| lenient::to_boolean(raw).ok().flatten())
    }

    /// An instant.
    pub(super) fn timestamp(&self, names: &[&str]) -> Option<Timestamp> {
        self.first(names, |raw| lenient::to_timestamp(raw).ok().flatten())
    }

    /// The objects of a list; what else is in it is left out.
    pub(super) fn objects(&self, names: &[&str]) -> Option<Vec<Members<'a>>> {
        let list = self.first(names, |raw| serde_json::from_str::<Vec<&RawValue>>(raw.get()).ok());
        Some(list?.into_iter().filter_map(Members::of).collect())
    }

    /// An object within this one.
    pub(super) fn object(&self, names: &[&str]) -> Option<Members<'a>> {
        self.first(names, Members::of)
    }

    /// What the marketplace says is wrong, one line per complaint.
    pub(super) fn complaints(&self) -> Vec<String> {
        let complaints = |raw: &RawValue| {
            let lines =
                problem::complaints_of_item(&serde_json::from_str::<Value>(raw.get()).ok()?);
            (!lines.is_empty()).then_some(lines)
        };
        self.first(&ERRORS, complaints).unwrap_or_default()
    }

    fn first<T>(&self, names: &[&str], read: impl Fn(&'a RawValue) -> Option<T>) -> Option<T> {
        names.iter().find_map(|name| read(self.named.get(&folded(name))?))
    }
}

fn folded(name: &str) -> String {
    let letters = name.chars().filter(|character| !matches!(character, '_' | '-'));
    letters.map(|character| character.to_ascii_lowercase()).collect()
}
