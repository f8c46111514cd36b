//! The filters that are asked of each order: they are used less, and no counter knows them.

use rust_decimal::Decimal;

use crate::db::order_list::Also;
use crate::domain::delivery::State;
use crate::web::orders::list::selection::parse::Parameter;

/// The largest amount that is looked for.
const MOST: i64 = 1_000_000_000;

/// What the visitor wants to see, beside status, days and deadlines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct More {
    /// Business orders, or consumers'.
    pub buyer: Option<Buyer>,
    /// The marketplace's words; none for all.
    pub countries: Vec<String>,
    /// The carrier of a parcel, as the marketplace writes it.
    pub carrier: Option<String>,
    /// The least amount.
    pub amount_from: Option<Decimal>,
    /// The most.
    pub amount_to: Option<Decimal>,
    /// Where the last action stands; none for all.
    pub actions: Vec<ActionState>,
    /// Who looks after it.
    pub assigned: Option<Assigned>,
    /// Whether it has internal notes.
    pub noted: bool,
}

/// Who buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buyer {
    /// A business.
    Business,
    /// Somebody at home.
    Consumer,
}

impl Buyer {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Business, Self::Consumer];

    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Business => "business",
            Self::Consumer => "consumer",
        }
    }
}

/// Where the last action on an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionState {
    /// It was asked for, and this became of it.
    Asked(State),
    /// Nothing was asked for, or it was taken back before it left.
    None,
}

impl ActionState {
    /// All of them. What was taken back is nothing, as in the rows of the list.
    pub const ALL: [Self; 7] = [
        Self::Asked(State::Queued),
        Self::Asked(State::Sending),
        Self::Asked(State::InDoubt),
        Self::Asked(State::NeedsPerson),
        Self::Asked(State::Refused),
        Self::Asked(State::Confirmed),
        Self::None,
    ];

    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked(state) => state.as_str(),
            Self::None => "none",
        }
    }

    /// Whether nothing is on its way.
    pub const fn is_at_rest(self) -> bool {
        self.state().is_final()
    }

    const fn state(self) -> State {
        match self {
            Self::Asked(state) => state,
            Self::None => State::Withdrawn,
        }
    }
}

/// Who looks after an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assigned {
    /// Whoever asks: a link that is shared shows everybody their own.
    Me,
    /// Nobody yet.
    Nobody,
    /// That user.
    User(i64),
}

impl Assigned {
    /// The word in addresses.
    pub fn word(self) -> String {
        match self {
            Self::Me => "me".to_owned(),
            Self::Nobody => "none".to_owned(),
            Self::User(id) => id.to_string(),
        }
    }

    fn parse(word: &str) -> Option<Self> {
        match word {
            "me" => Some(Self::Me),
            "none" => Some(Self::Nobody),
            _ => word.parse().ok().filter(|it| *it > 0).map(Self::User),
        }
    }
}

impl More {
    /// Whether none of them is on.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Names and values in the address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(self.buyer.map(|it| ("buyer", it.as_str().to_owned())));
        pairs.extend(self.countries.iter().map(|it| ("country", it.clone())));
        pairs.extend(self.carrier.iter().map(|it| ("carrier", it.clone())));
        pairs.extend(self.amount_from.map(|it| ("min", it.to_string())));
        pairs.extend(self.amount_to.map(|it| ("max", it.to_string())));
        pairs.extend(self.actions.iter().map(|it| ("action", it.as_str().to_owned())));
        pairs.extend(self.assigned.map(|it| ("assigned", it.word())));
        pairs.extend(self.noted.then(|| ("note", "yes".to_owned())));
        pairs
    }

    /// Takes a parameter in; nothing, if it has no meaning. `words` are those of a list with commas.
    pub(super) fn set(&mut self, parameter: Parameter, value: &str, words: &[&str]) -> Option<()> {
        match parameter {
            Parameter::Buyer => {
                self.buyer = Some(Buyer::ALL.into_iter().find(|it| it.as_str() == value)?);
            }
            Parameter::Country => {
                for word in words {
                    if !self.countries.iter().any(|it| it == word) {
                        self.countries.push((*word).to_owned());
                    }
                }
            }
            // Names of carriers may hold commas.
            Parameter::Carrier => self.carrier = Some(value.to_owned()),
            Parameter::Min => self.amount_from = Some(amount(value)?),
            Parameter::Max => self.amount_to = Some(amount(value)?),
            Parameter::Action => {
                for word in words {
                    let state = ActionState::ALL.into_iter().find(|it| it.as_str() == *word)?;
                    if !self.actions.contains(&state) {
                        self.actions.push(state);
                    }
                }
            }
            Parameter::Assigned => self.assigned = Some(Assigned::parse(value)?),
            Parameter::Note => self.noted = (value == "yes").then_some(true)?,
            Parameter::Status
            | Parameter::Supply
            | Parameter::Channel
            | Parameter::Account
            | Parameter::Due
            | Parameter::Search
            | Parameter::From
            | Parameter::To
            | Parameter::Sort
            | Parameter::Words => {}
        }
        Some(())
    }

    /// The same for the database. `me` is who asks.
    pub(super) fn also(&self, me: i64) -> Also {
        Also {
            business: self.buyer.map(|it| it == Buyer::Business),
            countries: self.countries.clone(),
            carrier: self.carrier.clone(),
            amount_from: self.amount_from,
            amount_to: self.amount_to,
            promise_states: self.actions.iter().map(|it| it.state().as_str().to_owned()).collect(),
            assigned_to: self.assigned.map(|it| match it {
                Assigned::Me => me,
                Assigned::Nobody => Also::NOBODY,
                Assigned::User(id) => id,
            }),
            with_notes: self.noted,
        }
    }
}

/// An amount as people write it, with a comma or a point.
fn amount(value: &str) -> Option<Decimal> {
    let amount = Decimal::from_str_exact(&value.replace(',', ".")).ok()?;
    let known = value.bytes().all(|it| it.is_ascii_digit() || b",.".contains(&it));
    (known && amount <= Decimal::from(MOST) && amount.scale() <= 2).then_some(amount)
}
