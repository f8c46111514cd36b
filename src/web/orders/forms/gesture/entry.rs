//! What was typed into the gesture form, exactly as it was typed, and what it means.

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::domain::action::Gesture;
use crate::domain::action::gesture;
use crate::web::orders::action::Kept;
use crate::web::orders::action::Pairs;
use crate::web::orders::forms::gesture::amount;
use crate::web::orders::forms::gesture::amount::Mistake;
use crate::web::text::Lang;

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Born with the form.
    pub submission: String,
    /// What the amount was typed in: the channel may have changed since.
    pub currency: String,
    /// The reason's code.
    pub reason: String,
    /// What there is to say about it.
    pub details: String,
    /// How much.
    pub amount: String,
    /// What the button says.
    pub step: Step,
    /// What the page to check showed, if the form comes from there.
    pub reviewed: String,
    /// What cannot be understood.
    pub strange: Vec<Strange>,
}

/// What to do with the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Show what it would do.
    Review,
    /// Do it.
    Send,
    /// Change something.
    Edit,
}

/// Something that no form of ours sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strange {
    /// A field that does not exist.
    Unknown(String),
    /// A field that came twice, with different values.
    Twice(&'static str),
}

impl Step {
    /// The button's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Send => "send",
            Self::Edit => "edit",
        }
    }

    /// Whatever is no button of ours only shows what would happen.
    fn parse(word: &str) -> Self {
        let all = [Self::Review, Self::Send, Self::Edit];
        all.into_iter().find(|it| it.as_str() == word).unwrap_or(Self::Review)
    }
}

impl Entry {
    /// An empty form.
    pub fn new(submission: Uuid, currency: &str) -> Self {
        Self {
            submission: submission.to_string(),
            currency: currency.to_owned(),
            reason: String::new(),
            details: String::new(),
            amount: String::new(),
            step: Step::Review,
            reviewed: String::new(),
            strange: Vec::new(),
        }
    }

    /// Reads a posted form.
    pub fn parse(pairs: Pairs) -> Self {
        const FIELDS: [&str; 7] =
            ["submission", "currency", "reason", "details", "amount", "step", "reviewed"];
        let mut values: [Option<String>; 7] = Default::default();
        let mut strange = Vec::new();
        for (name, value) in pairs {
            let Some(index) = FIELDS.iter().position(|it| *it == name) else {
                strange.push(Strange::Unknown(name));
                continue;
            };
            match &values[index] {
                None => values[index] = Some(value),
                Some(first) if *first == value => {}
                Some(_) => strange.push(Strange::Twice(FIELDS[index])),
            }
        }
        let [submission, currency, reason, details, amount, step, reviewed] =
            values.map(Option::unwrap_or_default);
        Self {
            submission,
            currency,
            reason,
            // A browser sends the ends of lines in two characters and counts them as one.
            details: details.replace("\r\n", "\n"),
            amount,
            step: Step::parse(&step),
            reviewed,
            strange,
        }
    }

    /// What the form asks for, and why its amount is none, if it is none.
    pub fn gesture(&self) -> (Gesture, Option<Mistake>) {
        let details = self.details.trim();
        let offered = gesture::REASONS.into_iter().find(|it| *it == self.reason);
        let (amount, mistake) = match amount::parse(&self.amount, &self.currency) {
            Ok(amount) => (amount, None),
            Err(mistake) => (Decimal::ZERO, Some(mistake)),
        };
        let gesture = Gesture {
            reason: offered.unwrap_or_default().to_owned(),
            details: (!details.is_empty()).then(|| details.to_owned()),
            amount,
            currency: self.currency.clone(),
        };
        (gesture, mistake)
    }

    /// Name and value of everything in it.
    pub fn hidden(&self) -> Vec<(&'static str, String)> {
        vec![
            ("submission", self.submission.clone()),
            ("currency", self.currency.clone()),
            ("reason", self.reason.clone()),
            ("details", self.details.clone()),
            ("amount", self.amount.clone()),
            ("reviewed", self.reviewed.clone()),
        ]
    }

    /// All of it, to be shown where it cannot be taken up.
    pub fn kept(&self, lang: Lang) -> Kept {
        let mut reason = lang.gesture_reason_label().to_owned();
        if gesture::REASONS.contains(&self.reason.as_str()) {
            reason = format!("{reason}{}{}", lang.colon(), lang.gesture_reason(&self.reason));
        }
        // What is shown is one line, and would lose the ends of lines.
        let details = self.details.split_whitespace().collect::<Vec<_>>().join(" ");
        let field = |label: &str, name: &str, value: &str| {
            (label.to_owned(), name.to_owned(), value.to_owned())
        };
        Kept {
            fields: vec![
                field(&reason, "reason", &self.reason),
                field(lang.gesture_details_label(), "details", &details),
                field(lang.gesture_amount_label(), "amount", &self.amount),
            ],
            hidden: vec![
                ("submission".to_owned(), self.submission.clone()),
                ("currency".to_owned(), self.currency.clone()),
                ("reviewed".to_owned(), self.reviewed.clone()),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Pairs {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_form_is_read_and_what_is_strange_about_it_noted() {
        let entry = Entry::parse(pairs(&[
            ("amount", "9,99"),
            ("amount", "9,99"),
            ("reason", "Other"),
            ("reason", "ShippingFees"),
            ("details", "late\r\nand wet"),
            ("currency", "EUR"),
            ("step", "dance"),
            ("💥", ""),
        ]));
        assert_eq!(entry.strange, [Strange::Twice("reason"), Strange::Unknown("💥".to_owned())]);
        assert_eq!(entry.step, Step::Review);
        let (gesture, mistake) = entry.gesture();
        assert_eq!(gesture.details.as_deref(), Some("late\nand wet"));
        assert_eq!((gesture.amount, mistake), (Decimal::new(999, 2), None));
        assert_eq!(
            Entry::parse(
                entry
                    .hidden()
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), value.clone()))
                    .collect()
            )
            .gesture()
            .0,
            gesture
        );
    }

    #[test]
    fn a_reason_that_is_not_offered_is_none() {
        let entry = Entry::parse(pairs(&[("reason", "Bribe"), ("amount", "1e9")]));
        let (gesture, mistake) = entry.gesture();
        assert_eq!((gesture.reason.as_str(), gesture.details), ("", None));
        assert_eq!((gesture.amount, mistake), (Decimal::ZERO, Some(Mistake::Unreadable)));
    }
}
