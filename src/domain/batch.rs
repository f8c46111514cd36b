//! Many orders at once: what is wanted of each, and why one of them gets no promise.
//!
//! The rules are those of a single order, [`crate::domain::action::check`] and [`Action::fit`]: there is no
//! second gate for many.

use serde::Deserialize;
use serde::Serialize;

use crate::domain::action;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::action::Blocked;
use crate::domain::action::Facts;
use crate::domain::action::Misfit;
use crate::domain::action::ship;
use crate::domain::import::cell;
use crate::domain::operator::Permission;
use crate::domain::order::Order;

/// The most orders of a batch: what people can still look through (`product` 4.6).
pub const MOST_ROWS: usize = 5_000;

/// What becomes of each order of a batch that is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Say yes to it.
    Accept,
    /// Declare it shipped, whole, in one parcel.
    Ship,
}

impl Task {
    /// The action.
    pub const fn kind(self) -> ActionKind {
        match self {
            Self::Accept => ActionKind::Accept,
            Self::Ship => ActionKind::Ship,
        }
    }
}

/// What a batch was put together for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Promises, one per order.
    Promise(Task),
    /// Lists on paper; nothing is sent.
    Print,
    /// A file; nothing is sent.
    Export,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Promise(Task::Accept), Self::Promise(Task::Ship), Self::Print, Self::Export];

    /// The word in the database and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Promise(Task::Accept) => "accept",
            Self::Promise(Task::Ship) => "ship",
            Self::Print => "print",
            Self::Export => "export",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// What somebody needs who wants it, beyond seeing the orders.
    pub const fn permission(self) -> Option<Permission> {
        match self {
            Self::Promise(task) => Some(task.kind().spec().permission),
            Self::Print => None,
            Self::Export => Some(Permission::Export),
        }
    }

    /// What is to be promised, if anything is.
    pub const fn task(self) -> Option<Task> {
        match self {
            Self::Promise(task) => Some(task),
            Self::Print | Self::Export => None,
        }
    }
}

/// Where the rows of a batch come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Orders ticked in the list.
    List,
    /// A file, of that name.
    File(String),
    /// What failed of another batch.
    Retry,
}

impl Origin {
    /// The word in the database.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::List => "list",
            Self::File(_) => "file",
            Self::Retry => "retry",
        }
    }
}

/// What was typed for a row. Nothing, for a task that needs nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// The carrier's name.
    pub carrier: String,
    /// The parcel's number.
    pub number: String,
    /// The tracking link.
    pub link: String,
}

impl Input {
    /// What was typed, without the white space that people and files add. People copy numbers in groups:
    /// `6A 2193 8475 603`.
    pub fn typed(carrier: &str, number: &str, link: &str) -> Self {
        Self {
            carrier: carrier.split_whitespace().collect::<Vec<_>>().join(" "),
            number: number.split_whitespace().collect(),
            link: link.trim().to_owned(),
        }
    }

    /// What is promised with it.
    pub fn action(&self, task: Task, facts: &Facts<'_>) -> Action {
        match task {
            Task::Accept => Action::Accept,
            Task::Ship => {
                let link = (!self.link.is_empty()).then_some(self.link.as_str());
                Action::Ship(ship::whole(facts, &self.carrier, &self.number, link))
            }
        }
    }
}

/// Why a row gets no promise. Stored as JSON: never rename a variant, only add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Stopped {
    /// No such order was found.
    NotFound,
    /// An earlier row is about the same order.
    Repeated {
        /// That row's.
        position: i32,
    },
    /// A spreadsheet has made a power of ten or a day of the parcel's number, and lost it.
    Mangled {
        /// What is left of it.
        number: String,
    },
    /// The order is shipped, with this very number: nothing is left to do.
    AlreadyShipped,
    /// The action is not possible.
    Blocked {
        /// Why not.
        blocked: Blocked,
    },
    /// The input does not fit the order.
    Misfit {
        /// What does not fit.
        misfits: Vec<Misfit>,
    },
    /// There is something to think about first, and whoever confirmed the others did not.
    Doubted,
    /// Who confirmed the batch does not work for the account any more.
    NotAllowed,
}

/// What is to be promised for a row, or why nothing is.
pub fn decide(task: Task, input: &Input, facts: &Facts<'_>) -> Result<Action, Stopped> {
    if task == Task::Ship {
        if cell::mangling(&input.number).is_some() {
            return Err(Stopped::Mangled { number: input.number.clone() });
        }
        if is_shipped_with(facts.order, &input.number) {
            return Err(Stopped::AlreadyShipped);
        }
    }
    action::check(task.kind(), facts).map_err(|blocked| Stopped::Blocked { blocked })?;
    let action = input.action(task, facts);
    let misfits = action.fit(facts);
    if misfits.is_empty() { Ok(action) } else { Err(Stopped::Misfit { misfits }) }
}

/// Whether the order has left with a parcel of that number, so that sending it again would change nothing.
fn is_shipped_with(order: &Order, number: &str) -> bool {
    order.status.is_closed() && order.parcels.iter().any(|it| it.number == number)
}

/// Where a row of a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// It can still be changed.
    Draft,
    /// Confirmed: its promise is about to be made.
    Chosen,
    /// Its promise is made.
    Promised,
    /// It gets no promise.
    Stopped,
}

impl RowState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Chosen, Self::Promised, Self::Stopped];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Chosen => "chosen",
            Self::Promised => "promised",
            Self::Stopped => "stopped",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::order::Status;
    use crate::domain::tracking_link;

    #[test]
    fn what_spreadsheets_make_of_numbers_is_noticed() {
        for mangled in ["6,12E+12", "6.12E+12", "3E+12", "3,00e+12"] {
            assert!(cell::mangling(mangled).is_some(), "{mangled}");
        }
        for number in ["", "6A21938475603", "612000000000", "12E12", "E+12", "1.5"] {
            assert!(cell::mangling(number).is_none(), "{number}");
        }
    }

    #[test]
    fn what_was_typed_loses_its_white_space() {
        let typed =
            Input::typed("  Mondial   Relay ", " 6A 2193\u{a0}8475 603\t", " https://a.fr/1 ");
        assert_eq!(typed.carrier, "Mondial Relay");
        assert_eq!(typed.number, "6A21938475603");
        assert_eq!(typed.link, "https://a.fr/1");
    }

    #[test]
    fn the_stored_form_of_each_reason_stays_readable() {
        let wrong = Blocked::WrongStatus { actual: Status::Shipped, allowed: &[] };
        let stopped = [
            (Stopped::NotFound, r#"{"why":"not_found"}"#),
            (Stopped::Repeated { position: 3 }, r#"{"why":"repeated","position":3}"#),
            (Stopped::AlreadyShipped, r#"{"why":"already_shipped"}"#),
            (
                Stopped::Blocked { blocked: wrong },
                r#"{"why":"blocked","blocked":{"wrong_status":{"actual":"Shipped"}}}"#,
            ),
            (
                Stopped::Blocked { blocked: Blocked::Needs(Permission::Ship) },
                r#"{"why":"blocked","blocked":{"needs":"ship"}}"#,
            ),
            (
                Stopped::Misfit {
                    misfits: vec![
                        Misfit::NumberMissing(0),
                        Misfit::Link(0, tracking_link::Problem::Character('é')),
                    ],
                },
                r#"{"why":"misfit","misfits":[{"number_missing":0},{"link":[0,{"character":"é"}]}]}"#,
            ),
        ];
        for (reason, json) in stopped {
            assert_eq!(serde_json::to_string(&reason).unwrap(), json);
            assert_eq!(serde_json::from_str::<Stopped>(json).unwrap(), reason);
        }
    }
}
