//! The posted form of a review: what was typed for the rows of a page, and what the button says.

use std::collections::BTreeMap;

use crate::domain::batch::Input;

/// The longest text of a field that is kept: longer ones come from no keyboard and no scanner.
pub const LONGEST: usize = 2_000;

/// What was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// What was typed, by the position of its row.
    pub typed: BTreeMap<i32, Typed>,
    /// What the button says.
    pub step: Step,
    /// The carrier for rows without one.
    pub carrier: String,
    /// How many rows were ready when the page was shown.
    pub ready: usize,
    /// How many had a warning.
    pub doubted: usize,
    /// Whether these are sent as well.
    pub take_along: bool,
    /// The group that was shown.
    pub show: String,
    /// Its page.
    pub page: usize,
}

/// What was typed for a row, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// The order, where it was not known.
    pub order: Option<String>,
    /// The carrier.
    pub carrier: String,
    /// The parcel's number.
    pub number: String,
    /// The link.
    pub link: String,
}

/// What to do with the form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Step {
    /// Keep what was typed.
    #[default]
    Save,
    /// The same, and name a carrier where there is none.
    Fill,
    /// The same, and send.
    Confirm,
}

impl Entry {
    /// Reads the form; nothing, if it is none of ours.
    pub fn parse(pairs: Vec<(String, String)>) -> Option<Self> {
        let mut entry = Self { page: 1, ..Self::default() };
        for (name, value) in pairs {
            match name.as_str() {
                "do" => {
                    entry.step = match value.as_str() {
                        "save" => Step::Save,
                        "fill" => Step::Fill,
                        "confirm" => Step::Confirm,
                        _ => return None,
                    }
                }
                "carrier" => entry.carrier = value,
                "ready" => entry.ready = value.parse().ok()?,
                "doubted" => entry.doubted = value.parse().ok()?,
                "take_along" => entry.take_along = value == "yes",
                "show" => entry.show = value,
                "page" => entry.page = value.parse().ok()?,
                _ => {
                    let (position, field) = row_field(&name)?;
                    let typed = entry.typed.entry(position).or_default();
                    match field {
                        "order" => typed.order = Some(value),
                        "carrier" => typed.carrier = value,
                        "number" => typed.number = value,
                        "link" => typed.link = value,
                        _ => return None,
                    }
                }
            }
        }
        Some(entry)
    }

    /// What it means for each row.
    pub fn inputs(&self) -> Vec<(i32, Input)> {
        let input = |it: &Typed| Input::typed(&it.carrier, &it.number, &it.link);
        self.typed.iter().map(|(position, it)| (*position, input(it))).collect()
    }

    /// The orders that rows are about, where that was not known.
    pub fn orders(&self) -> Vec<(i32, String)> {
        let order = |(position, it): (&i32, &Typed)| {
            let typed = it.order.as_deref()?.split_whitespace().collect::<String>();
            (!typed.is_empty()).then_some((*position, typed))
        };
        self.typed.iter().filter_map(order).collect()
    }

    /// The fields that are too long to be kept: row and field.
    pub fn too_long(&self) -> Vec<(i32, &'static str)> {
        let is_long = |text: &str| text.chars().count() > LONGEST;
        let fields = |it: &Typed| {
            [
                ("order", it.order.as_deref().is_some_and(is_long)),
                ("carrier", is_long(&it.carrier)),
                ("number", is_long(&it.number)),
                ("link", is_long(&it.link)),
            ]
        };
        let of_row = |(position, it): (&i32, &Typed)| {
            let position = *position;
            fields(it)
                .into_iter()
                .filter(|(_, long)| *long)
                .map(move |(field, _)| (position, field))
        };
        self.typed.iter().flat_map(of_row).collect()
    }
}

/// `rows[12].number` is the field `number` of the row 12.
fn row_field(name: &str) -> Option<(i32, &str)> {
    let (position, field) = name.strip_prefix("rows[")?.split_once("].")?;
    Some((position.parse().ok()?, field))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)]) -> Option<Entry> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Entry::parse(pairs.iter().map(own).collect())
    }

    #[test]
    fn each_row_has_its_fields() {
        let entry = parse(&[
            ("rows[2].number", " 6A 1 "),
            ("rows[2].carrier", "Colissimo"),
            ("rows[10].link", "https://a.fr"),
            ("ready", "3"),
            ("do", "confirm"),
            ("take_along", "yes"),
        ]);
        let entry = entry.unwrap();
        assert_eq!(entry.step, Step::Confirm);
        assert!(entry.take_along);
        assert_eq!(entry.ready, 3);
        let inputs = entry.inputs();
        assert_eq!(inputs[0], (2, Input::typed("Colissimo", "6A1", "")));
        assert_eq!(inputs[1].0, 10);
    }

    #[test]
    fn a_form_of_somebody_else_is_none() {
        for pairs in
            [[("x", "1")], [("rows[a].number", "1")], [("rows[1].lines", "1")], [("do", "x")]]
        {
            assert_eq!(parse(&pairs), None, "{pairs:?}");
        }
    }

    #[test]
    fn what_no_keyboard_types_is_named() {
        let long = "x".repeat(LONGEST + 1);
        let entry = parse(&[("rows[3].number", &long), ("rows[3].link", "https://a.fr")]).unwrap();
        assert_eq!(entry.too_long(), [(3, "number")]);
    }
}
